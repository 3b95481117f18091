package referral

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/referral/contact"
)

func TestSafeRoutes(t *testing.T) {
	now := time.Date(2026, 10, 6, 14, 0, 0, 0, time.UTC)
	hers := Kept{Whose: "hers", GivenAt: now.AddDate(0, 0, -89)}
	old, guardians := Kept{Whose: "hers", GivenAt: now.AddDate(0, 0, -90)}, Kept{Whose: "guardian", GivenAt: now}
	m := &moving{work: &work{svc: &Service{contactDays: 90}, tx: &pg.Tx{Now: now}, askedRules: true}}
	phone := func(call, text string) ContactMethod {
		return ContactMethod{ID: uuid.New(), Channel: "phone", SafeCall: call, SafeText: text, SafeVoicemail: unknown, SafeEmail: yes, Kept: hers}
	}
	email := func(safe string) ContactMethod {
		return ContactMethod{ID: uuid.New(), Channel: "email", SafeCall: yes, SafeText: yes, SafeVoicemail: yes, SafeEmail: safe, Kept: hers}
	}
	for name, c := range map[string]struct {
		methods       []ContactMethod
		addresses     []Address
		without, with bool // a safety flag
	}{
		"nothing":                       {nil, nil, false, false},
		"a call is safe":                {[]ContactMethod{phone(yes, no)}, nil, true, true},
		"a text is safe":                {[]ContactMethod{phone(no, yes)}, nil, true, true},
		"nobody asked":                  {[]ContactMethod{phone(unknown, unknown)}, nil, true, false},
		"she refused calls":             {[]ContactMethod{phone(no, unknown)}, nil, false, false},
		"an e-mail is safe":             {[]ContactMethod{email(yes)}, nil, true, true},
		"an e-mail of which none know":  {[]ContactMethod{email(unknown)}, nil, false, false},
		"one may come":                  {nil, []Address{{SafeToVisit: yes, SafeMail: no, Kept: hers}}, true, true},
		"one may write":                 {nil, []Address{{SafeToVisit: no, SafeMail: yes, Kept: hers}}, true, true},
		"an address of which none know": {nil, []Address{{SafeToVisit: unknown, SafeMail: unknown, Kept: hers}}, false, false},
		"not checked for too long":      {nil, []Address{{SafeToVisit: yes, Kept: old}}, false, false},
		"a guardian's":                  {nil, []Address{{SafeToVisit: yes, Kept: guardians}}, false, false},
		"the second is safe":            {[]ContactMethod{phone(no, no), phone(yes, no)}, nil, true, true},
	} {
		f := &family{contacts: c.methods, addresses: c.addresses}
		if got := m.hasRoute(f); got != c.without {
			t.Errorf("%s: got %v", name, got)
		}
		f.referrals = []Referral{{Sensitivity: "dv"}}
		if got := m.hasRoute(f); got != c.with {
			t.Errorf("%s, with a safety flag: got %v", name, got)
		}
	}
}

func TestStricter(t *testing.T) {
	for in, want := range map[[2]string]string{
		{yes, yes}: yes, {yes, no}: no, {no, yes}: no, {no, no}: no, {yes, unknown}: yes, {unknown, yes}: yes,
		{no, unknown}: no, {unknown, no}: no, {unknown, unknown}: unknown,
	} {
		if got := stricter(in[0], in[1]); got != want {
			t.Errorf("%v: got %s, want %s", in, got, want)
		}
	}
}

// What is heard of a way: her own word stands, anybody else's only makes it stricter.
func TestWhatIsHeard(t *testing.T) {
	hers, other, flagged := word{hers: true}, word{}, word{flagged: true}
	for name, c := range map[string]struct {
		w                word
		known, now, want string
	}{
		"she opens what another closed":          {hers, no, yes, yes},
		"she closes":                             {hers, yes, no, no},
		"she was not asked":                      {hers, no, "", no},
		"she does not know":                      {hers, no, unknown, no},
		"another closes":                         {other, yes, no, no},
		"another does not open what she refused": {other, no, yes, no},
		"another knows first":                    {other, unknown, yes, yes},
		"not where a wrong call may hurt her":    {flagged, unknown, yes, unknown},
		"it was known":                           {flagged, yes, yes, yes},
		"closing is always heard":                {flagged, yes, no, no},
		"she herself, flag or not":               {word{hers: true, flagged: true}, no, yes, yes},
	} {
		if got := c.w.heard(c.known, c.now); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	some := contact.Hours{{Days: []string{"mon"}, From: "09:00", To: "10:00"}}
	if got := other.hours(some, nil); len(got) != 1 {
		t.Error("another took her hours away")
	}
	if got := other.hours(nil, some); len(got) != 1 {
		t.Error("another could not narrow any time to some")
	}
	if got := hers.hours(some, nil); len(got) != 0 {
		t.Error("she could not take her hours away")
	}
	for _, c := range []struct {
		w                word
		known, now, want string
	}{{other, "hers", "guardian", "guardian"}, {other, "guardian", "hers", "guardian"}, {hers, "guardian", "hers", "hers"}, {other, "hers", "", "hers"}} {
		if got := c.w.owner(c.known, c.now); got != c.want {
			t.Errorf("%+v: got %s", c, got)
		}
	}
	if !other.announced(true, false) || hers.announced(true, false) || !other.announced(false, true) {
		t.Error("who may let a visitor come unannounced")
	}
}
