package messages_test

import (
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/messages"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

type world struct {
	*testing.T
	db       *pg.DB
	owner    *sql.DB
	words    *messages.Service
	net      seed.Network
	ana, ben auth.Actor // two of the hub
	template uuid.UUID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	base := dbtest.New(t)
	db, err := pg.Open(t.Context(), pg.Options{URL: base.AppURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := seed.New(t, db)
	w := &world{T: t, db: db, owner: base.Owner(t), words: messages.NewService(db), net: s.Community()}
	w.ana, w.ben = s.User(w.net.Hub, auth.ProgramManager), s.User(w.net.Hub, auth.TriageSupervisor)
	all, err := w.words.List(t.Context(), w.ana)
	w.must(err)
	w.template = all.Items[0].ID
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) refused(what string, want error, err error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// english is what is drafted and approved of the first template.
func (w *world) english() messages.Tongue {
	w.Helper()
	t, err := w.words.Show(w.Context(), w.ana, w.template)
	w.must(err)
	return t.Languages[0]
}

func (w *world) inUse(language string) (words messages.Words, ok bool) {
	w.Helper()
	w.must(w.db.InTx(w.Context(), auth.System("test"), func(tx *pg.Tx) (err error) {
		words, ok, err = messages.InUse(tx, "still_waiting", messages.Mail, language)
		return err
	}))
	return words, ok
}

func plainForm() messages.WordsForm {
	return messages.WordsForm{English: messages.WordsIn{Subject: "Hello from {sender}", Body: "We will call you soon."}}
}

// What came with the service says nothing until somebody here approves it; new words wait for a second person, and the old ones stay in use.
func TestTwoPeopleStandBehindWhatIsSaid(t *testing.T) {
	w := newWorld(t)
	if _, ok := w.inUse("en"); ok || w.english().Draft == nil || !w.english().Draft.MayApprove {
		t.Error("what came with the service is used before anybody read it, or waits for nobody")
	}
	_, err := w.words.Approve(t.Context(), w.ana, w.english().Draft.ID)
	w.must(err)
	if words, ok := w.inUse("en"); !ok || words.Subject != "We have not forgotten you" {
		t.Errorf("in use: %+v", words)
	}
	receipt, err := w.words.Write(t.Context(), w.ana, w.template, plainForm())
	w.must(err)
	draft := w.english().Draft
	if len(receipt.Changed) != 1 || draft == nil || draft.Version != 2 || draft.MayApprove {
		t.Errorf("got %+v, %+v", receipt, draft)
	}
	if words, _ := w.inUse("en"); words.Subject != "We have not forgotten you" {
		t.Errorf("a draft is in use: %+v", words)
	}
	_, err = w.words.Approve(t.Context(), w.ana, draft.ID)
	w.refused("who wrote it approves it", fault.Conflict, err)
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE message_versions SET status = 'approved', approved_at = now(), approved_by = $2 WHERE id = $1`, draft.ID, w.ana.ID); err == nil {
		t.Error("the database lets who wrote it approve it")
	}
	_, err = w.words.Approve(t.Context(), w.ben, draft.ID)
	w.must(err)
	if words, _ := w.inUse("en"); words.Body != "We will call you soon." {
		t.Errorf("in use: %+v", words)
	}
	_, err = w.words.Approve(t.Context(), w.ben, draft.ID)
	w.refused("once more", fault.Conflict, err)
	_, err = w.words.Stop(t.Context(), w.ben, w.template, messages.StopForm{Language: "en"})
	w.must(err)
	if _, ok := w.inUse("en"); ok {
		t.Error("it is in use after it was stopped")
	}
	_, err = w.words.Stop(t.Context(), w.ben, w.template, messages.StopForm{Language: "en"})
	w.refused("stop once more", fault.Conflict, err)
	if in := w.english(); in.Draft != nil || len(in.Past) != 2 || in.Past[0].Status != messages.Stopped || in.Past[1].Status != messages.Replaced {
		t.Errorf("what is left: %+v", in)
	}
	var events string
	w.must(w.owner.QueryRowContext(t.Context(), `SELECT string_agg(action || ' ' || (detail ->> 'version'), ', ' ORDER BY recorded_at) FROM audit_events WHERE subject = 'message_template'`).Scan(&events))
	if events != "approve message template 1, write message template 2, approve message template 2, stop message template 2" {
		t.Errorf("the history says %s", events)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	w := newWorld(t)
	form := plainForm()
	form.English.Body = "Your clinic calls, {given_name}."
	form.Spanish = messages.WordsIn{Subject: "Hola", Body: "Le llama " + w.net.Agencies[0].Name + "."}
	_, err := w.words.Write(t.Context(), w.ana, w.template, form)
	var wrong *fault.Error
	if !errors.As(err, &wrong) || wrong.Kind != fault.Invalid {
		t.Fatalf("got %v", err)
	}
	var got []string
	for _, f := range wrong.Fields {
		got = append(got, f.Pointer+" "+f.Code)
	}
	for _, want := range []string{"/en/body variable", "/en/body word", "/es/body name"} {
		if !strings.Contains(strings.Join(got, ", "), want) {
			t.Errorf("%s is not among %q", want, got)
		}
	}
	_, err = w.words.Write(t.Context(), w.ana, w.template, messages.WordsForm{})
	w.refused("nothing", fault.Conflict, err)
	_, err = w.words.Write(t.Context(), w.ana, uuid.New(), plainForm())
	w.refused("of no template", fault.NotFound, err)
	visitor := auth.Actor{Kind: "user", ID: uuid.New(), OrgID: w.net.Agencies[0].ID, OrgKind: auth.Agency, Role: auth.AgencyManager}
	_, err = w.words.Write(t.Context(), visitor, w.template, plainForm())
	w.refused("an agency", fault.Forbidden, err)
	machine := w.ana
	machine.Kind = "key"
	_, err = w.words.Approve(t.Context(), machine, w.english().Draft.ID)
	w.refused("a key", fault.Invalid, err)
	// A text is never changed, whoever asks.
	_, err = w.words.Write(t.Context(), w.ana, w.template, plainForm())
	w.must(err)
	err = w.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		tx.Queue(`UPDATE message_versions SET body = 'x'`)
		return tx.Flush()
	})
	if err == nil {
		t.Error("the words of a version were changed")
	}
}

// An organization that comes later may have the name that a draft uses.
func TestApprovalChecksAgain(t *testing.T) {
	w := newWorld(t)
	form := plainForm()
	form.English.Body = "Sunrise will call you soon."
	_, err := w.words.Write(t.Context(), w.ana, w.template, form)
	w.must(err)
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE organizations SET name = 'Sunrise' WHERE id = $1`, w.net.Agencies[1].ID); err != nil {
		t.Fatal(err)
	}
	if w.english().Draft.MayApprove {
		t.Error("it may be approved")
	}
	_, err = w.words.Approve(t.Context(), w.ben, w.english().Draft.ID)
	w.refused("approve", fault.Conflict, err)
}
