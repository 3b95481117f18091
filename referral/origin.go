package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/triage"
)

// selfReferral is the question by which a source says that she asked for this herself.
const selfReferral = "self_referral_request"

// origins says of the facts of a family where they came from, as far as that is stored. What is not is left out, never guessed.
type origins map[string]string

func (o origins) put(origin string, facts ...string) {
	for _, name := range facts {
		if origin == "" {
			delete(o, name)
		} else {
			o[name] = origin
		}
	}
}

// origin is whose word a referral of this family is. A line that she called herself writes down what she said; a hospital or
// clinic speaks for itself also when she asked for it.
func (f *family) origin(id uuid.UUID) string {
	r, known := find(f.referrals, func(r Referral) bool { return r.ID == id })
	switch {
	case !known:
		return ""
	case r.SourceKind == string(auth.Agency):
		return triage.OriginAgency
	case r.SourceKind == string(auth.Hub):
		return triage.OriginHub
	case r.SourceKind == sourceHerself:
		return triage.OriginFamily
	case r.SourceKind == string(auth.OtherOrg) && f.askedIn[id]:
		return triage.OriginFamily
	}
	return triage.OriginReferrer
}

// toldIn notes that an answer was given in a referral.
func (f *family) toldIn(id uuid.UUID, name, answer string) {
	if f.told == nil {
		f.told, f.askedIn = map[string]uuid.UUID{}, map[uuid.UUID]bool{}
	}
	f.told[name] = id
	if name == selfReferral && answer == yes {
		f.askedIn[id] = true
	}
}

// origins says it of the facts that are known. What was written down of the caregiver came with the first referral of her: later
// ones change nothing of it. Children say their own.
func (f *family) origins(facts *triage.Facts) origins {
	o := origins{}
	for name, id := range f.told {
		o.put(f.origin(id), name)
	}
	for _, s := range f.screenings {
		o.put(f.origin(s.ReferralID), s.Instrument+"_positive")
	}
	if facts.AgeYears != nil {
		o.put(triage.OriginComputed, "age_years")
	}
	if facts.DueOn != nil {
		o.put(triage.OriginComputed, "gestational_days")
	}
	if i := slices.IndexFunc(f.addresses, func(a Address) bool { return a.Zip != nil }); i >= 0 {
		switch a := f.addresses[i]; {
		case a.ReferralID != nil:
			o.put(f.origin(*a.ReferralID), "zip")
		case a.ToldBy == byHer:
			o.put(triage.OriginFamily, "zip")
		}
	}
	if len(f.referrals) == 0 || !f.referrals[0].EnteredAt.Equal(f.client.CreatedAt) {
		return o
	}
	first := f.origin(f.referrals[0].ID)
	if facts.Insurance != "" {
		o.put(first, "insurance")
	}
	if facts.SpokenLanguage != "" {
		o.put(first, "spoken_language")
	}
	if f.client.Interpreter != unknown {
		o.put(first, "interpreter")
	}
	return o
}

// actorOrigin is whose word a use case of this family is that is not a referral.
func (m *moving) actorOrigin() string {
	if m.tx.Actor.SeesAll() {
		return triage.OriginHub
	}
	return triage.OriginAgency
}
