package referral_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// life is one of two worlds in which the same happens to the same two families: in one they are linked and parted, in the other never.
type life struct {
	*world
	cases2 [2]uuid.UUID
}

// work is what a person does to a case.
func (l *life) deeds() map[string]func(uuid.UUID) error {
	ctx := l.Context()
	only := func(_ any, err error) error { return err }
	return map[string]func(uuid.UUID) error{
		"reach": func(id uuid.UUID) error {
			return only(l.cases.RecordOutreach(ctx, l.desk, id, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
		},
		"miss": func(id uuid.UUID) error {
			return only(l.cases.RecordOutreach(ctx, l.desk, id, referral.AttemptForm{Channel: "in_person", Outcome: "not_home"}))
		},
		"choose": func(id uuid.UUID) error {
			return only(l.cases.RecordChoice(ctx, l.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone", AnyProgram: true}))
		},
		"wait": func(id uuid.UUID) error {
			return only(l.cases.Wait(ctx, l.desk, id, referral.WaitForm{Programs: []uuid.UUID{l.second.Program}, How: "phone", Reason: "other"}))
		},
		"claim":   func(id uuid.UUID) error { return only(l.cases.Claim(ctx, l.first.desk, id, referral.ClaimForm{})) },
		"decline": func(id uuid.UUID) error { return only(l.cases.Decline(ctx, l.first.desk, id, declined("other"))) },
		"plan": func(id uuid.UUID) error {
			return only(l.cases.PlanFirstVisit(ctx, l.first.visitor, id, l.plan(time.Hour)))
		},
		"enroll": func(id uuid.UUID) error { return only(l.cases.Enroll(ctx, l.first.visitor, id, l.held(0))) },
		"connect": func(id uuid.UUID) error {
			return only(l.cases.Connect(ctx, l.desk, id, connected("wic", "somewhere")))
		},
		"hold": func(id uuid.UUID) error { return only(l.cases.PlaceHold(ctx, l.desk, id, holdOf("client_asked"))) },
		"lift": func(id uuid.UUID) error {
			return only(l.cases.LiftHold(ctx, l.desk, l.oneOf("holds", id), lifted("reviewed")))
		},
		"triage": func(id uuid.UUID) error { return only(l.cases.Triage(ctx, l.desk, id)) },
		"stop":   func(id uuid.UUID) error { return only(l.cases.StopContact(ctx, l.desk, id, stop())) },
		"resume": func(id uuid.UUID) error {
			return only(l.cases.ResumeContact(ctx, l.desk, id, referral.ResumeForm{Said: "she_called", How: "phone", HeardBy: l.desk.ID}))
		},
		"number": func(id uuid.UUID) error {
			own := l.id(`SELECT m.id FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id WHERE c.id = $1 AND m.ended_at IS NULL`, id)
			return only(l.cases.ChangeWay(ctx, l.desk, id, referral.WayChange{WayID: own, ToldBy: "her", Safe: referral.SafeUses{Voicemail: "yes"}}))
		},
		"undo": func(id uuid.UUID) error { return only(l.cases.Undo(ctx, l.desk, id)) },
		"close": func(id uuid.UUID) error {
			return only(l.cases.Close(ctx, l.desk, id, referral.CloseForm{Disposition: "information_given"}))
		},
	}
}

// linksOwn are the moves that a link and its undoing write into the history: with what hangs on them, they are all that may stay.
const linksOwn = `(SELECT id FROM case_moves WHERE action IN ('join a case', 'part from a case'))`

// dump is every row of every table that names these cases or their people, as text. Tables are read from the catalog, so that one that
// comes later is looked at too. Left out: the link's own rows, audit, the row's version and place in history (history only grows), and
// what is drawn by chance: seals, references and a hash over ids.
func (l *life) dump() string {
	l.Helper()
	in := fmt.Sprintf(`('%s', '%s')`, l.cases2[0], l.cases2[1])
	people := `(SELECT caregiver_id FROM cases WHERE id IN ` + in + `)`
	episodes := `(SELECT episode_id FROM cases WHERE id IN ` + in + `)`
	var out strings.Builder
	for line := range strings.SplitSeq(l.list(`SELECT table_name || ':' || string_agg(column_name, ' ') FROM information_schema.columns
			WHERE table_schema = current_schema() GROUP BY table_name ORDER BY table_name`), ",") {
		table, columns, _ := strings.Cut(line, ":")
		has := func(c string) bool { return slices.Contains(strings.Fields(columns), c) }
		where := ""
		switch {
		case slices.Contains([]string{"audit_events", "match_questions", "client_links", "batch_items"}, table):
			continue
		case table == "cases":
			where = "id IN " + in
		case table == "clients":
			where = "id IN " + people
		case has("case_id"):
			where = "case_id IN " + in
		case has("client_id"):
			where = "client_id IN " + people
		case has("episode_id"):
			where = "episode_id IN " + episodes
		default:
			continue
		}
		if has("opened_move") {
			where += " AND (opened_move IS NULL OR opened_move NOT IN " + linksOwn + ")"
		}
		switch table {
		case "case_moves":
			where += " AND id NOT IN " + linksOwn
		case "tasks": // of what the other had said
			where += " AND NOT (kind = 'contact.referrer_heard_no' AND closed_as = 'no_longer_needed')"
		case "messages": // news of the other's case
			where += " AND (referral_id IS NULL OR case_id = (SELECT r.case_id FROM referrals r WHERE r.id = referral_id))"
		}
		order := "to_jsonb(t)::text"
		if has("id") {
			order = "id"
		}
		fmt.Fprintf(&out, "%s\n%s\n", table, l.text(`SELECT string_agg((to_jsonb(t) - ARRAY['version', 'seq', 'digest', 'reference', 'payload_sealed', 'note_sealed',
			'remarks_sealed', 'match_key', 'stop_version'] #- '{before,Version}')::text, E'\n' ORDER BY `+order+`) FROM `+table+` t WHERE `+where))
	}
	return l.anonymous(out.String())
}

// anonymous gives ids names that are the same in both worlds: what there is from the start by its part, all else by its order.
func (l *life) anonymous(s string) string {
	names := map[string]string{}
	for i, id := range []uuid.UUID{l.hub.ID, l.desk.ID, l.lead.ID, l.firstOrg.ID, l.secondOrg.ID, l.hospital.ID, l.clinic.ID, l.first.ID, l.second.ID,
		l.first.Program, l.second.Program, l.first.desk.ID, l.first.visitor.ID, l.cases2[0], l.cases2[1]} {
		names[id.String()] = fmt.Sprintf("<part %d>", i)
	}
	return regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllStringFunc(s, func(id string) string {
		if names[id] == "" {
			names[id] = fmt.Sprintf("<%d>", len(names))
		}
		return names[id]
	})
}

// Link, work on, unlink leaves what was there had nobody ever linked. The second form tells nothing new of her needs: what the rules
// decided on both forms stays in the history, as a decision does.
func TestALinkThatIsUndoneLeavesNothing(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	_ = checks.Value.Set(cmp.Or(os.Getenv("LINK_CHECKS"), "12"))
	defer func() { _ = checks.Value.Set(was) }()
	linked, control := &life{world: newWorld(t)}, &life{world: newWorld(t)}
	both := []*life{linked, control}
	joined := 0
	rapid.Check(t, func(r *rapid.T) {
		forms := [2]referral.Submission{prenatal(), prenatal()}
		for _, l := range both {
			l.clock.set(tuesday())
			for i, source := range []auth.Actor{l.hospital, l.clinic} {
				_, l.cases2[i] = l.receive(source, forms[i])
			}
		}
		do := func(steps int, which func() int, but ...string) {
			names := slices.DeleteFunc(slices.Sorted(maps.Keys(linked.deeds())), func(name string) bool { return slices.Contains(but, name) })
			for range steps {
				i, name := which(), rapid.SampledFrom(names).Draw(r, "deed")
				var said [2]error
				for n, l := range both {
					l.clock.forward(time.Minute)
					said[n] = l.deeds()[name](l.cases2[i])
				}
				if fault.KindOf(said[0]) != fault.KindOf(said[1]) || (said[0] == nil) != (said[1] == nil) {
					r.Fatalf("%s of case %d: %v where linked, %v where not", name, i, said[0], said[1])
				}
			}
		}
		either := func() int { return rapid.IntRange(0, 1).Draw(r, "case") }
		do(rapid.IntRange(0, 4).Draw(r, "before"), either, "stop") // what one record forbids ends the other's offers, and new ones follow
		made, err := linked.cases.LinkCases(t.Context(), linked.desk, linked.cases2[0], referral.LinkForm{CaseID: linked.cases2[1]})
		if err != nil {
			if fault.KindOf(err) != fault.Conflict {
				r.Fatal(err)
			}
			return
		}
		live, but := either, []string{"stop"} // what she says on one of two cases holds for the other while they are one person's
		if on := linked.text(`SELECT stands_on FROM cases WHERE id IN ($1, $2) AND stands_on IS NOT NULL`, linked.cases2[0], linked.cases2[1]); on != "" {
			joined++
			but = nil
			live = func() int {
				return slices.IndexFunc(linked.cases2[:], func(id uuid.UUID) bool { return id.String() == on })
			}
		}
		do(rapid.IntRange(1, 6).Draw(r, "linked"), live, but...)
		linked.part(*made.LinkID)
		do(rapid.IntRange(0, 3).Draw(r, "after"), either)
		if got, want := linked.dump(), control.dump(); got != want {
			r.Fatalf("linked and parted:\n%s", differ(want, got))
		}
	})
	if joined == 0 {
		t.Error("no check joined two cases")
	}
	linked.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// differ are the lines of one text that the other has not.
func differ(want, got string) string {
	var out strings.Builder
	for line := range strings.Lines(want) {
		if !strings.Contains(got, line) {
			out.WriteString("- " + line)
		}
	}
	for line := range strings.Lines(got) {
		if !strings.Contains(want, line) {
			out.WriteString("+ " + line)
		}
	}
	return out.String()
}
