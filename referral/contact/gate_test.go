package contact_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"doorstep/referral/contact"
)

// noon is a Tuesday, 12:00 in Baltimore.
func noon() time.Time { return time.Date(2026, 10, 6, 16, 0, 0, 0, time.UTC) }

func baltimore(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// open is a family and ways with which everything is allowed.
func open(t testing.TB) (contact.Family, map[contact.Channel]contact.Way) {
	way := func(kind contact.Kind) contact.Way {
		all := contact.Safe{Call: contact.Yes, Text: contact.Yes, Voicemail: contact.Yes, Email: contact.Yes, Mail: contact.Yes, Visit: contact.Yes}
		return contact.Way{ID: uuid.New(), Kind: kind, Whose: contact.Hers, Safe: all, Expires: noon().AddDate(0, 0, 90)}
	}
	phone, mail, address := way(contact.Phone), way(contact.Email), way(contact.Address)
	return contact.Family{Permission: true, Zone: baltimore(t)}, map[contact.Channel]contact.Way{contact.Call: phone, contact.Text: phone,
		contact.Voicemail: phone, contact.Write: mail, contact.Letter: address, contact.Visit: address, contact.InPerson: {}}
}

func everybody() []contact.By { return []contact.By{contact.Hub, contact.Agency, contact.Machine} }

func everyChannel() []contact.Channel { return append(contact.Channels(), contact.InPerson) }

// circumstance is one change of the open world, and which channels it shuts for whom.
type circumstance struct {
	name   string
	change func(*contact.Family, *contact.Way, *contact.Purpose)
	reason contact.Reason
	hub    string
	agency string
	robot  string
}

const (
	every   = "call text voicemail email letter visit in_person"
	leaves  = "call text voicemail email letter visit"
	nothing = ""
)

func circumstances() []circumstance {
	f := func(fn func(*contact.Family)) func(*contact.Family, *contact.Way, *contact.Purpose) {
		return func(f *contact.Family, _ *contact.Way, _ *contact.Purpose) { fn(f) }
	}
	w := func(fn func(*contact.Way)) func(*contact.Family, *contact.Way, *contact.Purpose) {
		return func(_ *contact.Family, w *contact.Way, _ *contact.Purpose) { fn(w) }
	}
	safe := func(a contact.Answer3) func(*contact.Family, *contact.Way, *contact.Purpose) {
		return w(func(w *contact.Way) {
			w.Safe = contact.Safe{Call: a, Text: a, Voicemail: a, Email: a, Mail: a, Visit: a}
		})
	}
	return []circumstance{
		{"she died", f(func(f *contact.Family) { f.Died = true }), contact.Died, every, every, every},
		{"she asked not to be contacted", f(func(f *contact.Family) { f.DoNotContact = true }), contact.DoNotContact, every, every, every},
		{"she did not allow the hub", f(func(f *contact.Family) { f.Permission = false }), contact.NoPermission, every, nothing, every},
		{"a hold", f(func(f *contact.Family) { f.Held = true }), contact.Held, leaves, leaves, leaves},
		{"a loss", f(func(f *contact.Family) { f.Loss = true }), contact.Loss, nothing, nothing, every},
		{"a guardian's", w(func(w *contact.Way) { w.Whose = contact.Guardian }), contact.NotHers, leaves, leaves, leaves},
		{"a trusted person's", w(func(w *contact.Way) { w.Whose = contact.Trusted }), contact.NotHers, nothing, nothing, leaves},
		{"marked unsafe", safe(contact.No), contact.MarkedUnsafe, leaves, leaves, leaves},
		{"nobody asked", safe(contact.Unknown), contact.NotKnownSafe, "text voicemail email letter visit", "text voicemail email letter visit", leaves},
		{"nobody asked, left out", safe(""), contact.NotKnownSafe, "text voicemail email letter visit", "text voicemail email letter visit", leaves},
		{"announced only, and not told", func(_ *contact.Family, w *contact.Way, p *contact.Purpose) {
			w.AnnouncedOnly, p.Announced = true, false
		},
			contact.NotAnnounced, "visit", "visit", "visit"},
		{"announced only, and told", w(func(w *contact.Way) { w.AnnouncedOnly = true }), "", nothing, nothing, nothing},
		{"expired today", w(func(w *contact.Way) { w.Expires = noon() }), contact.Expired, leaves, leaves, leaves},
		{"expired, but she is visited", func(f *contact.Family, w *contact.Way, _ *contact.Purpose) {
			w.Expires, f.Enrolled = noon().AddDate(0, 0, -1), true
		}, contact.Expired, nothing, nothing, leaves},
		{"another hour", w(func(w *contact.Way) { w.Hours = contact.Hours{{Days: []string{"tue"}, From: "09:00", To: "12:00"}} }),
			contact.OutsideHours, "call text voicemail email", "call text voicemail email", "call text voicemail email"},
		{"her hour", w(func(w *contact.Way) {
			w.Hours = contact.Hours{{Days: []string{"mon", "tue"}, From: "12:00", To: "12:01"}}
		}), "", nothing, nothing, nothing},
		{"nothing", f(func(*contact.Family) {}), "", nothing, nothing, nothing},
	}
}

// Every circumstance with everybody and every channel: who may not, for which reason, and that all others may.
func TestTheGate(t *testing.T) {
	for _, c := range circumstances() {
		for _, by := range everybody() {
			kept := map[contact.By]string{contact.Hub: c.hub, contact.Agency: c.agency, contact.Machine: c.robot}[by]
			for _, channel := range everyChannel() {
				f, ways := open(t)
				w, p := ways[channel], contact.Purpose{By: by, Channel: channel, Announced: true}
				c.change(&f, &w, &p)
				got := contact.May(noon(), f, w, p)
				shut := strings.Contains(" "+kept+" ", " "+string(channel)+" ")
				switch {
				case got.Allowed == shut:
					t.Errorf("%s: %s by %s: got %+v", c.name, channel, by, got)
				case shut && (got.Reason != c.reason || got.Text == "" || got.Instead == ""):
					t.Errorf("%s: %s by %s is shut without saying why and what instead: %+v", c.name, channel, by, got)
				}
			}
		}
	}
}

// Where a wrong call may hurt her, only a clear yes lets anybody call.
func TestASafetyFlagNeedsAClearYes(t *testing.T) {
	f, ways := open(t)
	w, p := ways[contact.Call], contact.Purpose{By: contact.Hub, Channel: contact.Call}
	w.Safe.Call = contact.Unknown
	if got := contact.May(noon(), f, w, p); !got.Allowed {
		t.Errorf("a call nobody asked about: %+v", got)
	}
	f.Safety = true
	if got := contact.May(noon(), f, w, p); got.Reason != contact.SafetyFirst {
		t.Errorf("the same with a flag: %+v", got)
	}
	w.Safe.Call = contact.Yes // hub and referrer have found that it is safe
	if got := contact.May(noon(), f, w, p); !got.Allowed {
		t.Errorf("the same when a safe way was found: %+v", got)
	}
}

func TestNoWayIsUsedForWhatItIsNot(t *testing.T) {
	f, ways := open(t)
	for _, channel := range contact.Channels() {
		for of, w := range ways {
			fits := w.Kind == ways[channel].Kind
			if got := contact.May(noon(), f, w, contact.Purpose{By: contact.Hub, Channel: channel, Announced: true}); got.Allowed != fits {
				t.Errorf("%s by the way for %s: %+v", channel, of, got)
			}
		}
	}
}

func TestHours(t *testing.T) {
	zone := baltimore(t)
	night := contact.Hours{{Days: []string{"tue"}, From: "20:00", To: "00:00"}}
	for at, want := range map[string]bool{"2026-10-06T19:59": false, "2026-10-06T20:00": true, "2026-10-06T23:59": true, "2026-10-07T00:00": false, "2026-10-07T20:00": false} {
		local, err := time.ParseInLocation("2006-01-02T15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if night.Open(local.UTC(), zone) != want {
			t.Errorf("%s: want %v", at, want)
		}
	}
	if (contact.Hours{{Days: []string{"tue"}, From: "x", To: "y"}}).Open(noon(), zone) {
		t.Error("hours that cannot be read are open")
	}
	if night.Wrong() != "" || (contact.Hours{{Days: []string{"tue"}, From: "12:00", To: "09:00"}}).Wrong() == "" {
		t.Error("the wrong spans are refused")
	}
	if got := night.String(); got != "Tue 20:00-00:00" {
		t.Errorf("got %q", got)
	}
}

// More safety never opens a door: from any circumstances to stricter ones, what was shut stays shut.
func TestMoreSafetyNeverOpensADoor(t *testing.T) {
	answer := rapid.SampledFrom([]contact.Answer3{contact.Yes, contact.Unknown, contact.No})
	stricter := func(r *rapid.T, a contact.Answer3, name string) contact.Answer3 {
		switch a {
		case contact.Yes:
			return answer.Draw(r, name)
		case contact.Unknown:
			return rapid.SampledFrom([]contact.Answer3{contact.Unknown, contact.No}).Draw(r, name)
		}
		return a
	}
	spans := []contact.Span{{Days: []string{"tue"}, From: "09:00", To: "13:00"}, {Days: []string{"wed"}, From: "00:00", To: "00:00"}}
	zone := baltimore(t)
	rapid.Check(t, func(r *rapid.T) {
		flag := func(name string) bool { return rapid.Bool().Draw(r, name) }
		f := contact.Family{Died: flag("died"), DoNotContact: flag("stop"), Permission: flag("permission"), Held: flag("held"), Loss: flag("loss"),
			Safety: flag("safety"), Enrolled: flag("enrolled"), Zone: zone}
		owners := []contact.Whose{contact.Hers, contact.Trusted, contact.Guardian}
		whose := rapid.IntRange(0, 2).Draw(r, "whose")
		w := contact.Way{ID: uuid.New(), Kind: rapid.SampledFrom([]contact.Kind{contact.Phone, contact.Email, contact.Address}).Draw(r, "kind"), Whose: owners[whose],
			Safe: contact.Safe{Call: answer.Draw(r, "call"), Text: answer.Draw(r, "text"), Voicemail: answer.Draw(r, "voicemail"), Email: answer.Draw(r, "email"),
				Mail: answer.Draw(r, "mail"), Visit: answer.Draw(r, "visit")},
			AnnouncedOnly: flag("announced only"), Expires: noon().Add(time.Duration(rapid.IntRange(-2, 2).Draw(r, "days")) * 24 * time.Hour)}
		if flag("has hours") {
			w.Hours = spans
		}
		p := contact.Purpose{By: rapid.SampledFrom(everybody()).Draw(r, "by"), Channel: rapid.SampledFrom(everyChannel()).Draw(r, "channel"), Announced: flag("announced")}
		g, x, q := f, w, p
		g.Died, g.DoNotContact, g.Held = f.Died || flag("dies"), f.DoNotContact || flag("stops"), f.Held || flag("is held")
		g.Loss, g.Safety = f.Loss || flag("loses"), f.Safety || flag("is afraid")
		g.Permission, g.Enrolled = f.Permission && flag("still allows"), f.Enrolled && flag("still enrolled")
		x.Whose = owners[rapid.IntRange(whose, 2).Draw(r, "whose then")]
		x.Safe = contact.Safe{Call: stricter(r, w.Safe.Call, "call then"), Text: stricter(r, w.Safe.Text, "text then"), Voicemail: stricter(r, w.Safe.Voicemail, "voicemail then"),
			Email: stricter(r, w.Safe.Email, "email then"), Mail: stricter(r, w.Safe.Mail, "mail then"), Visit: stricter(r, w.Safe.Visit, "visit then")}
		x.AnnouncedOnly, q.Announced = w.AnnouncedOnly || flag("announced only then"), p.Announced && flag("announced then")
		x.Expires = w.Expires.Add(-time.Duration(rapid.IntRange(0, 3).Draw(r, "days less")) * 24 * time.Hour)
		switch {
		case w.Hours == nil && flag("hours then"):
			x.Hours = spans
		case w.Hours != nil && flag("fewer hours"):
			x.Hours = spans[1:]
		}
		if contact.May(noon(), g, x, q).Allowed && !contact.May(noon(), f, w, p).Allowed {
			r.Fatalf("more safety opened a door: %+v %+v %+v\nfrom %+v %+v %+v", g, x, q, f, w, p)
		}
		if contact.Show(noon(), g, x, contact.Agency).Allowed && !contact.Show(noon(), f, w, contact.Agency).Allowed {
			r.Fatalf("more safety showed a number: %+v %+v", g, x)
		}
	})
}

// Nothing but an answer of the gate about this very way opens a text.
func TestOnlyTheGateOpens(t *testing.T) {
	f, ways := open(t)
	number, w, other := contact.Keep("+14105550142"), ways[contact.Call], ways[contact.Write]
	allowed := contact.May(noon(), f, w, contact.Purpose{By: contact.Hub, Channel: contact.Call})
	f.DoNotContact = true
	refused := contact.May(noon(), f, w, contact.Purpose{By: contact.Hub, Channel: contact.Call})
	for name, got := range map[string]string{"refused": refused.Reveal(w, number), "another way": allowed.Reveal(other, number),
		"a forged answer": contact.Answer{Allowed: true}.Reveal(w, number), "a forged answer about no way": contact.Answer{Allowed: true}.Reveal(contact.Way{}, number)} {
		if got != "" {
			t.Errorf("%s opened %q", name, got)
		}
	}
	if got := allowed.Reveal(w, number); got != "+14105550142" {
		t.Errorf("an allowed way opens %q", got)
	}
	type row struct{ Number contact.Private }
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "number", number, "row", row{number})
	written, err := json.Marshal(row{number})
	for _, text := range []string{fmt.Sprint(number), fmt.Sprintf("%v %+v %#v %s %q", number, row{number}, row{number}, number, number), log.String(), string(written)} {
		if strings.Contains(text, "555") {
			t.Errorf("it shows itself: %s", text)
		}
	}
	if err == nil {
		t.Error("a private text was written out")
	}
}

// An agency sees what it may use at some hour; the hub sees all; a machine is shown nothing.
func TestWhatIsShown(t *testing.T) {
	f, ways := open(t)
	w := ways[contact.Call]
	w.Hours = contact.Hours{{Days: []string{"wed"}, From: "09:00", To: "12:00"}}
	if got := contact.Show(noon(), f, w, contact.Agency); !got.Allowed {
		t.Errorf("a number for another hour: %+v", got)
	}
	w.Safe = contact.Safe{Call: contact.No, Text: contact.No, Voicemail: contact.Unknown}
	if got := contact.Show(noon(), f, w, contact.Agency); got.Allowed || got.Reason != contact.MarkedUnsafe || got.Instead == "" {
		t.Errorf("an unsafe number at an agency: %+v", got)
	}
	if got := contact.Show(noon(), f, w, contact.Hub); !got.Allowed {
		t.Errorf("an unsafe number at the hub: %+v", got)
	}
	if got := contact.Show(noon(), f, ways[contact.Call], contact.Machine); got.Allowed {
		t.Errorf("a machine is shown %+v", got)
	}
}

func TestHoursOfBoth(t *testing.T) {
	morning := contact.Hours{{Days: []string{"mon", "tue"}, From: "09:00", To: "12:00"}}
	for name, c := range map[string]struct {
		a, b contact.Hours
		want string
	}{
		"any time and some": {nil, morning, "Mon, Tue 09:00-12:00"},
		"some and any time": {morning, nil, "Mon, Tue 09:00-12:00"},
		"the same":          {morning, morning, "Mon, Tue 09:00-12:00"},
		"until midnight":    {contact.Hours{{Days: []string{"tue"}, From: "20:00", To: "00:00"}}, contact.Hours{{Days: []string{"tue"}, From: "22:00", To: "00:00"}}, "Tue 22:00-00:00"},
		"another day":       {morning, contact.Hours{{Days: []string{"sun"}, From: "09:00", To: "12:00"}}, "none on which her sources agree, ask her"},
		"one after another": {morning, contact.Hours{{Days: []string{"mon"}, From: "12:00", To: "13:00"}}, "none on which her sources agree, ask her"},
	} {
		got := c.a.And(c.b)
		if got.String() != c.want || got.Never() != strings.HasPrefix(c.want, "none") || got.And(c.b).String() != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
