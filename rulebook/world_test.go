package rulebook_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/rulebook"
	"doorstep/triage"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// desk is a rule book with the shipped pack live, three people who may change it, and past families that a test makes up.
type desk struct {
	book
	t                   *testing.T
	ana, ben, cleo      auth.Actor // a supervisor, a program manager, a supervisor
	coordinator, agency auth.Actor
	cases               []rulebook.PastCase
	rooms               []rulebook.Room
	first               uuid.UUID
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{book: newBook(t), t: t}
	s := seed.New(t, d.db)
	hub := s.Hub(seed.Org{})
	d.ana, d.ben, d.cleo = s.User(hub, auth.TriageSupervisor), s.User(hub, auth.ProgramManager), s.User(hub, auth.TriageSupervisor)
	d.coordinator, d.agency = s.User(hub, auth.TriageCoordinator), s.User(s.Agency(seed.Org{}), auth.AgencyManager)
	if _, err := d.ImportPack(t.Context(), pack(t)); err != nil {
		t.Fatal(err)
	}
	d.first = d.id(`SELECT id FROM rule_sets`)
	return d
}

// changed is the shipped pack with one text replaced.
func (d *desk) changed(file, old, now string) triage.Source {
	d.t.Helper()
	source := pack(d.t)
	if !strings.Contains(source.Files[file], old) {
		d.t.Fatalf("%s has no %q", file, old)
	}
	source.Files[file] = strings.Replace(source.Files[file], old, now, 1)
	return source
}

// draft stores a version whose teenagers are under so many years.
func (d *desk) draft(years string) rulebook.Receipt {
	d.t.Helper()
	source := d.changed("triggers.yaml", "when: age_years < 20", "when: age_years < "+years)
	r, err := d.Draft(d.t.Context(), d.ana, rulebook.DraftForm{Title: "Teenagers are under " + years, Files: source.Files})
	d.must(err)
	return r
}

func (d *desk) simulator() rulebook.Simulator {
	return rulebook.Simulator{Rules: d.Service, Slice: 3, Past: rulebook.Past{
		Count: func(context.Context, time.Time, time.Time) (int, error) { return len(d.cases), nil },
		Cases: func(_ context.Context, _, _ time.Time, after uuid.UUID) iter.Seq2[rulebook.PastCase, error] {
			return func(yield func(rulebook.PastCase, error) bool) {
				for _, c := range d.cases {
					if c.CaseID.String() > after.String() && !yield(c, nil) {
						return
					}
				}
			}
		},
		Rooms: func(context.Context) ([]rulebook.Room, error) { return d.rooms, nil },
	}}
}

// simulated runs a simulation of a draft to its end.
func (d *desk) simulated(draft uuid.UUID) uuid.UUID {
	d.t.Helper()
	asked, err := d.SimulateHere(d.t.Context(), d.ana, draft, rulebook.SimulationForm{Days: 90})
	d.must(err)
	d.must(d.simulator().Run(d.t.Context(), asked.ID, func(int, int) {}))
	return asked.ID
}

func (d *desk) seen(simulation uuid.UUID, by ...auth.Actor) rulebook.Simulation {
	d.t.Helper()
	var out rulebook.Simulation
	for _, who := range by {
		var err error
		out, err = d.OpenSimulation(d.t.Context(), who, simulation)
		d.must(err)
	}
	return out
}

// approved brings a draft as far as its release.
func (d *desk) approved(draft uuid.UUID) uuid.UUID {
	d.t.Helper()
	simulation := d.simulated(draft)
	d.seen(simulation, d.ana, d.ben)
	_, err := d.WriteNote(d.t.Context(), d.ana, draft, rulebook.NoteForm{SimulationID: simulation, Words: "Nothing changes for any group."})
	d.must(err)
	_, err = d.Approve(d.t.Context(), d.ben, draft, rulebook.ApproveForm{SimulationID: simulation})
	d.must(err)
	return simulation
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// refused wants a fault of this kind whose sentence holds these words.
func (d *desk) refused(kind fault.Kind, words string, err error) {
	d.t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || !strings.Contains(f.Message, words) {
		d.t.Fatalf("want %s with %q, got %v", kind, words, err)
	}
}

func (d *desk) id(query string, args ...any) (id uuid.UUID) {
	d.t.Helper()
	d.must(d.owner.QueryRow(query, args...).Scan(&id))
	return id
}

func (d *desk) text(query string, args ...any) (text string) {
	d.t.Helper()
	d.must(d.owner.QueryRow(query, args...).Scan(&text))
	return text
}
