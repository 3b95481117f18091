package referral

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

var noon = time.Date(2026, 10, 6, 16, 0, 0, 0, time.UTC)

func share(answer string, program *uuid.UUID, at int) Consent {
	return Consent{Gate: GateShare, Answer: answer, Basis: herAnswer, ProgramID: program, GivenAt: noon.Add(time.Duration(at) * time.Minute)}
}

func revoked(c Consent) Consent {
	c.RevokedAt = &noon
	return c
}

func TestMayShareIsHerNewestWord(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	for name, c := range map[string]struct {
		consents []Consent
		want     bool
	}{
		"never asked":                         {nil, false},
		"yes to it":                           {[]Consent{share(yes, &a, 0)}, true},
		"yes to another":                      {[]Consent{share(yes, &b, 0)}, false},
		"yes to any":                          {[]Consent{share(yes, nil, 0)}, true},
		"no to all after yes to it":           {[]Consent{share(yes, &a, 0), share(no, nil, 1)}, false},
		"yes to it after no to all":           {[]Consent{share(no, nil, 0), share(yes, &a, 1)}, true},
		"in any order of reading":             {[]Consent{share(yes, &a, 1), share(no, nil, 0)}, true},
		"no at the same instant":              {[]Consent{share(no, nil, 0), share(yes, &a, 0)}, false},
		"no at the same instant, read second": {[]Consent{share(yes, &a, 0), share(no, nil, 0)}, false},
		"her yes was revoked":                 {[]Consent{revoked(share(yes, &a, 0))}, false},
		"a revoked no does not count":         {[]Consent{share(yes, nil, 0), revoked(share(no, &a, 1))}, true},
		"another gate does not open this one": {[]Consent{{Gate: GateContact, Answer: yes, Basis: herAnswer, GivenAt: noon}}, false},
	} {
		if got := mayShare(c.consents, a); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestMayContact(t *testing.T) {
	contact := func(answer, basis string, at int) Consent {
		return Consent{Gate: GateContact, Answer: answer, Basis: basis, GivenAt: noon.Add(time.Duration(at) * time.Minute)}
	}
	for name, c := range map[string]struct {
		consents []Consent
		want     bool
	}{
		"no answer is no":                    {nil, false},
		"care coordination":                  {[]Consent{contact(yes, "care_coordination", 0)}, true},
		"she refused":                        {[]Consent{contact(yes, "care_coordination", 0), contact(no, herAnswer, 1)}, false},
		"a later form did not ask her":       {[]Consent{contact(no, herAnswer, 0), contact(yes, "care_coordination", 1)}, false},
		"a later required form":              {[]Consent{contact(no, herAnswer, 0), contact(yes, "required_form", 1)}, false},
		"she changed her mind":               {[]Consent{contact(no, herAnswer, 0), contact(yes, herAnswer, 1)}, true},
		"her revoked no leaves the basis":    {[]Consent{contact(yes, "required_form", 0), revoked(contact(no, herAnswer, 1))}, true},
		"no and yes of hers at one instant":  {[]Consent{contact(yes, herAnswer, 0), contact(no, herAnswer, 0)}, false},
		"a basis after her own yes is a yes": {[]Consent{contact(yes, herAnswer, 0), contact(yes, "required_form", 1)}, true},
	} {
		if got := mayContact(c.consents); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestConsentsOfEachAnswer(t *testing.T) {
	for answer, want := range map[string][3]bool{ // may contact; may share with share_with_agencies yes; rows at gate 1
		"yes_in_person": {true, true, true},
		"signed":        {true, true, true},
		"send_link":     {true, false, true},
		"required_form": {true, false, true},
		"she_said_no":   {false, false, true},
	} {
		rows := consentsOf(SubmittedConsent{Answer: answer, ShareWithAgencies: yes, WordingVersion: "v1", Language: "es"}, true)
		for i := range rows {
			rows[i].GivenAt = noon
			if rows[i].WordingVersion != "v1" || rows[i].Language != "es" {
				t.Errorf("%s: the wording of gate %d is lost", answer, rows[i].Gate)
			}
		}
		received := newest(rows, GateReceive, nil)
		if got := [3]bool{mayContact(rows), mayShare(rows, uuid.New()), received}; got != want {
			t.Errorf("%s: got %v, want %v", answer, got, want)
		}
	}
	for _, said := range []string{"", "not_asked"} {
		if mayShare(consentsOf(SubmittedConsent{Answer: "signed", ShareWithAgencies: said}, true), uuid.New()) {
			t.Errorf("share_with_agencies %q opened gate 3", said)
		}
	}
}

func TestChosenKeepsHerOrder(t *testing.T) {
	a, b := uuid.New(), uuid.New()
	got := chosen([]Consent{share(yes, &b, 0), share(yes, &a, 0), share(yes, &b, 1), share(yes, nil, 1), share(no, &a, 2), revoked(share(yes, new(uuid.New()), 3))})
	if len(got) != 2 || got[0] != b || got[1] != a {
		t.Errorf("got %v, want %v", got, []uuid.UUID{b, a})
	}
}

func TestWithoutHerYesOnlyAClinicHasABasis(t *testing.T) {
	for answer, asked := range map[string]bool{"yes_in_person": true, "signed": true, "send_link": false, "required_form": false, "she_said_no": false} {
		rows := consentsOf(SubmittedConsent{Answer: answer}, false)
		if newest(rows, GateReceive, nil) != asked || mayContact(rows) != asked {
			t.Errorf("%s of a school: %+v", answer, rows)
		}
	}
	rows := consentsOf(SubmittedConsent{Answer: "required_form", Basis: publicHealth}, true)
	if len(rows) != 2 || rows[0].Basis != publicHealth || rows[1].Basis != publicHealth || !mayContact(rows) {
		t.Errorf("of a clinic: %+v", rows)
	}
}

func TestWhatAReferrerMayHear(t *testing.T) {
	about := func(gate int, answer string, hour int) Consent {
		return Consent{Gate: gate, Answer: answer, Basis: herAnswer, GivenAt: noon.Add(time.Duration(hour) * time.Hour)}
	}
	for name, c := range map[string]struct {
		said            []Consent
		refused, reason bool
	}{
		"she was not asked":                {nil, false, false},
		"yes to both":                      {[]Consent{about(ScopeFeedback, yes, 0), about(ScopeReason, yes, 0)}, false, true},
		"no later":                         {[]Consent{about(ScopeFeedback, yes, 0), about(ScopeReason, yes, 0), about(ScopeFeedback, no, 1)}, true, false},
		"the reason alone":                 {[]Consent{about(ScopeReason, yes, 0)}, false, true},
		"a no to agencies is another gate": {[]Consent{about(GateShare, no, 0)}, false, false},
	} {
		if feedbackRefused(c.said) != c.refused || mayHearReason(c.said) != c.reason {
			t.Errorf("%s: refused %v, reason %v", name, feedbackRefused(c.said), mayHearReason(c.said))
		}
	}
}

func TestWhatAProgramRestsOn(t *testing.T) {
	program, other := uuid.New(), uuid.New()
	own := Consent{Gate: GateProgram, ProgramID: &program, Answer: yes, Basis: herAnswer, GivenAt: noon}
	for name, c := range map[string]struct {
		consents []Consent
		want     bool
	}{
		"its own consent":              {[]Consent{own, share(no, nil, 1)}, true},
		"another program's":            {[]Consent{{Gate: GateProgram, ProgramID: &other, Answer: yes, Basis: herAnswer}}, false},
		"its own revoked, none beside": {[]Consent{revoked(own)}, false},
		"her yes to any":               {[]Consent{share(yes, nil, 0)}, true},
		"her later no to it":           {[]Consent{share(yes, nil, 0), share(no, &program, 1)}, false},
	} {
		if got := restsOn(c.consents, program) != nil; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
