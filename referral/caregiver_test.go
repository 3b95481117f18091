package referral_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/referral"
)

// foster is the family with whom children live now. Every text in it is found nowhere else.
func foster(children ...uuid.UUID) referral.CaregiverForm {
	return referral.CaregiverForm{Infants: children, Role: "foster",
		Client:         referral.NewCaregiver{GivenName: "Zelda", FamilyName: "Quillfeather " + pg.NewID().String()[24:], DateOfBirth: "1981-02-03", SpokenLanguage: "en", Insurance: "private"},
		ContactMethods: []referral.SubmittedContact{{Channel: "phone", Value: "(443) 555-0177", SafeCall: "yes", Remarks: "FOSTER-REMARK"}},
		Addresses:      []referral.SubmittedAddress{{Street: "77 Foxglove Row", City: "Baltimore", Zip: "21218", SafeToVisit: "yes", Remarks: "FOSTER-GATE"}},
		Consent:        referral.SubmittedConsent{Answer: "signed", ShareWithAgencies: "yes"}}
}

// mother is a family of twins with everything that must stay with her case.
func mother() referral.Submission {
	in := postpartum()
	births := 3
	in.Client.GivenName = "Marisol"
	in.ContactMethods[0].Remarks, in.Addresses[0].Street, in.Addresses[0].Remarks = "MOTHER-REMARK", "12 Hawthorn Alley", "MOTHER-GATE"
	in.Pregnancy = &referral.SubmittedPregnancy{EarlierLiveBirths: &births}
	in.Needs = map[string]string{"mental_health": "yes", "unstable_housing": "yes"}
	in.Birth.Infants = append(in.Birth.Infants, referral.SubmittedInfant{BornOn: "2026-10-02", GivenName: "Sol"})
	return in
}

// Each agency sees its own side in full and nothing of the other: in no view, list, task or row that its role may read.
func TestNeitherCaregiverSeesTheOther(t *testing.T) {
	w := newWorld(t)
	in := mother()
	_, hers := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, hers, referral.ClaimForm{}))
	manager := w.User(w.first.Org, auth.AgencyManager)
	child := w.child(hers)
	move := foster(child)
	r := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, hers, move))
	w.status(referral.Claimed, hers)
	theirs := *r.CreatedID
	w.want("review foster 2 true", `SELECT status || ' ' || caregiver_role || ' ' || version || ' ' || (previous_case_id IS NULL) FROM cases WHERE id = $1`, theirs)
	w.want("phone hub false", `SELECT channel || ' ' || source_kind || ' ' || linked FROM referrals WHERE case_id = $1`, theirs)
	w.want("", `SELECT string_agg(name, ',') FROM answers WHERE case_id = $1`, theirs)
	w.want("1,unknown,", `SELECT concat_ws(',', facts ->> 'infants', coalesce(facts ->> 'mental_health', 'unknown'), coalesce(facts ->> 'earlier_live_births', ''))
		FROM decisions WHERE case_id = $1`, theirs)
	w.ok(w.cases.Offer(t.Context(), w.desk, theirs, offerTo("direct", "other", w.second.Program)))
	w.ok(w.cases.Claim(t.Context(), w.second.desk, theirs, referral.ClaimForm{}))
	w.want("family.child_not_with_her agency_manager", openTasks, hers)

	ofMother := []string{in.Client.GivenName, in.Client.FamilyName, "4105550142", "Hawthorn", "MOTHER-", "1998-04-02", "mental_health", "unstable_housing", "Sol", hers.String()}
	ofFoster := []string{move.Client.GivenName, move.Client.FamilyName, "4435550177", "Foxglove", "FOSTER-", "1981-02-03", "21218", "Luz", theirs.String()}
	for _, side := range []struct {
		actor        auth.Actor
		own, other   uuid.UUID
		shows, hides []string
	}{
		{w.first.desk, hers, theirs, []string{"Marisol", "Sol", "MOTHER-GATE"}, ofFoster},
		{manager, hers, theirs, []string{"Marisol"}, ofFoster},
		{w.second.desk, theirs, hers, []string{"Zelda", "Luz", "FOSTER-GATE"}, ofMother},
		{w.second.visitor, theirs, hers, []string{"Zelda"}, ofMother},
	} {
		shown := w.everythingShown(side.actor, side.own)
		for _, text := range side.shows {
			if !strings.Contains(shown, text) {
				t.Errorf("%s does not see its own %q", side.actor.Role, text)
			}
		}
		for _, text := range side.hides {
			if strings.Contains(shown, text) {
				t.Errorf("%s of one side sees %q of the other", side.actor.Role, text)
			}
		}
		_, err := w.cases.Case(t.Context(), side.actor, side.other)
		w.refused(fault.NotFound, err)
	}
	for _, hidden := range []struct {
		id    uuid.UUID
		texts []string
	}{{hers, ofFoster[:7]}, {theirs, ofMother[:6]}, {hers, []string{theirs.String()}}, {theirs, []string{hers.String()}}} {
		rows := w.rowsOf(hidden.id)
		for _, text := range hidden.texts {
			if strings.Contains(rows, text) {
				t.Errorf("the rows of one side hold %q of the other", text)
			}
		}
	}
	v, err := w.cases.Case(t.Context(), w.desk, hers)
	w.must(err)
	if len(v.SameEpisode) != 1 || v.SameEpisode[0] != theirs || len(v.Family.Infants) != 1 {
		t.Errorf("the hub sees %s", w.marshal(v))
	}
}

// everythingShown is all that an actor's reads answer.
func (w *world) everythingShown(actor auth.Actor, id uuid.UUID) string {
	w.Helper()
	var out []string
	show := func(v any, err error) {
		if err == nil {
			out = append(out, w.marshal(v))
		}
	}
	show(w.cases.Case(w.Context(), actor, id))
	show(w.cases.Cases(w.Context(), actor, "", ""))
	show(w.cases.Pool(w.Context(), actor, ""))
	show(w.cases.Tasks(w.Context(), actor, ""))
	for _, table := range []string{"clients", "contact_methods", "addresses", "infants", "pregnancies", "case_infants", "consents", "cases",
		"case_moves", "referrals", "offers", "claims", "tasks", "holds", "case_access"} {
		out = append(out, w.asApp(actor, table))
	}
	out = append(out, w.seenBy(actor))
	return strings.Join(out, "\n")
}

// asApp is every row of a table that the actor's database role may read, but for the offers and access rows of its past.
func (w *world) asApp(actor auth.Actor, table string) string {
	w.Helper()
	var rows string
	past := map[string]string{"offers": " WHERE ended_at IS NULL OR ended_as = 'claimed'", "case_access": " WHERE until IS NULL"}[table]
	w.must(w.db.InTx(w.Context(), actor, func(tx *pg.Tx) error {
		return tx.Gorm().Raw(`SELECT coalesce(string_agg(to_jsonb(x)::text, ' '), '') FROM ` + table + ` x` + past).Scan(&rows).Error
	}))
	return table + " " + rows
}

// rowsOf is every row of a case, its audit and its tasks, whoever may read it. Sealed columns stay sealed.
func (w *world) rowsOf(id uuid.UUID) string {
	w.Helper()
	var out []string
	for _, table := range []string{"case_moves", "case_access", "referrals", "consents", "screenings", "answers", "decisions", "offers", "claims", "tasks",
		"messages", "follow_ups", "audit_events", "case_infants"} {
		out = append(out, w.text(`SELECT coalesce(string_agg(to_jsonb(x)::text, ' '), '') FROM `+table+` x WHERE case_id = $1 AND NOT to_jsonb(x) @> '{"kind": "view"}'`, id))
	}
	out = append(out, w.text(`SELECT to_jsonb(c)::text FROM cases c WHERE id = $1`, id))
	return strings.Join(out, "\n")
}

func TestWithNoChildLeftAPersonLooksAtTheFirstCase(t *testing.T) {
	w := newWorld(t)
	in := mother()
	_, id := w.receive(w.hospital, in)
	one := w.child(id)
	w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, foster(one)))
	w.status(referral.Offered, id) // a child is left
	form := foster(w.child(id))
	w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, form))
	w.want("review {child_not_with_her}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.want("review {child_not_with_her}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	_, same := w.receive(w.clinic, in) // a late form about her twins brings neither back
	if same != id {
		t.Error("a late form left the case")
	}
	w.want("2", `SELECT count(*) FROM case_infants WHERE case_id = $1 AND until IS NOT NULL`, id)
	w.want("2", `SELECT count(*) FROM infants JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("information_given")))
	_, again := w.receive(w.clinic, in) // nor does a new case of hers
	w.want("0", `SELECT count(*) FROM case_infants WHERE case_id = $1`, again)
	w.want(id.String(), `SELECT previous_case_id FROM cases WHERE id = $1`, again)
}

// Whoever has one twin already gets the other into the same case.
func TestTheSecondTwinComesToTheSameCase(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, mother())
	form := foster(w.child(id))
	first := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, form))
	form.Infants = []uuid.UUID{w.child(id)}
	second := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, form))
	if *first.CreatedID != *second.CreatedID {
		t.Fatal("one caregiver has two open cases on one episode")
	}
	w.want("2", `SELECT count(*) FROM case_infants WHERE case_id = $1 AND until IS NULL`, *first.CreatedID)
	w.want("2", `SELECT count(*) FROM referrals WHERE case_id = $1`, *first.CreatedID)
	// and from there to a third home, and back
	third := foster(w.child(*first.CreatedID))
	third.Role = "kin"
	w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, *first.CreatedID, third))
	w.want("1", `SELECT count(*) FROM case_infants WHERE case_id = $1 AND until IS NULL`, *first.CreatedID)
}

// Nobody knows a person by name here, but exact identity finds the foster parent whom an earlier referral named.
func TestAKnownCaregiverIsTheSamePerson(t *testing.T) {
	w := newWorld(t)
	form := foster()
	known := postpartum()
	known.Client = referral.SubmittedClient{GivenName: form.Client.GivenName, FamilyName: form.Client.FamilyName, DateOfBirth: form.Client.DateOfBirth, CaregiverRole: "foster"}
	_, earlier := w.receive(w.hospital, known)
	id := w.offered()
	form.Infants = []uuid.UUID{w.child(id)}
	r := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, form))
	w.want("true", `SELECT a.caregiver_id = b.caregiver_id AND a.episode_id <> b.episode_id FROM cases a, cases b WHERE a.id = $1 AND b.id = $2`, earlier, *r.CreatedID)
}

// After the mother's death her case stays closed as it is, and the child has a caregiver.
func TestAChildOfACaregiverWhoDied(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	child := w.child(id)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, referral.DeathForm{Who: "caregiver"}))
	version := w.text(`SELECT version FROM cases WHERE id = $1`, id)
	form := foster(child)
	form.Role, form.Consent = "kin", referral.SubmittedConsent{Answer: "send_link"}
	r := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, form))
	w.want(version, `SELECT version FROM cases WHERE id = $1`, id)
	w.want("kin {no_program_fits}", `SELECT caregiver_role || ' ' || review_reasons::text FROM cases WHERE id = $1`, *r.CreatedID)
	w.want("1", `SELECT count(*) FROM audit_events WHERE case_id = $1 AND action = 'change caregiver'`, id)
	closed := w.offered()
	w.ok(w.cases.Close(t.Context(), w.desk, closed, ends("information_given")))
	_, err := w.cases.ChangeCaregiver(t.Context(), w.desk, closed, foster(w.child(closed)))
	w.refused(fault.Conflict, err)
}

func TestAChangeOfCaregiverIsRefused(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	child := w.child(id)
	_, err := w.cases.ChangeCaregiver(t.Context(), w.desk, id, foster(w.child(w.offered())))
	w.invalid(err, "/infants")
	broken := foster(child)
	broken.ContactMethods[0].Value, broken.Client.FamilyName, broken.Role = "12", "", "birth_parent"
	_, err = w.cases.ChangeCaregiver(t.Context(), w.desk, id, broken)
	w.invalid(err, "/role", "/client/family_name", "/contact_methods/0/value")
	herself := foster(child)
	herself.Client.GivenName, herself.Client.FamilyName, herself.Client.DateOfBirth = in.Client.GivenName, in.Client.FamilyName, in.Client.DateOfBirth
	_, err = w.cases.ChangeCaregiver(t.Context(), w.desk, id, herself)
	w.invalid(err, "/client")
	_, err = w.cases.ChangeCaregiver(t.Context(), w.first.desk, id, foster(child))
	w.refused(fault.Forbidden, err)
	_, err = w.cases.ChangeCaregiver(t.Context(), w.desk, uuid.New(), foster(child))
	w.refused(fault.NotFound, err)
	w.want("0", `SELECT count(*) FROM clients WHERE given_name = 'Zelda'`)
}

// A form of a foster parent about a child that a mother's case knows is a case and an episode of its own: that the two belong
// together is for a person to say.
func TestAFosterParentsFormIsItsOwnCase(t *testing.T) {
	w := newWorld(t)
	_, hers := w.receive(w.hospital, mother())
	in := postpartum()
	in.Client = referral.SubmittedClient{GivenName: "Zelda", FamilyName: "Quillfeather", DateOfBirth: "1981-02-03", CaregiverRole: "foster"}
	_, theirs := w.receive(w.clinic, in)
	w.want("false", `SELECT a.id = b.id OR a.episode_id = b.episode_id FROM cases a, cases b WHERE a.id = $1 AND b.id = $2`, hers, theirs)
	w.want("", `SELECT outcome FROM pregnancies JOIN cases USING (episode_id) WHERE cases.id = $1`, theirs)
	_, err := w.cases.RecordLoss(t.Context(), w.desk, theirs, lost())
	w.says(err, "the parent who carries")
}
