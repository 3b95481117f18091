package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func TestADraftIsItsOwnersAlone(t *testing.T) {
	w := newWorld(t)
	nurse, colleague := w.User(w.firstOrg, auth.Referrer), w.User(w.firstOrg, auth.Referrer)
	elsewhere, stranger := nurse, w.User(w.secondOrg, auth.Referrer)
	elsewhere.SiteID = uuid.New()
	id := uuid.New()
	typed := referral.DraftAnswers{"client.family_name": {"Example"}, "needs": {"tobacco", "homeless"}, "birth.infants.0.born_on": {"not a date"}}
	_, err := w.cases.SaveDraft(t.Context(), nurse, id, typed)
	w.must(err)
	typed["client.given_name"] = []string{"Ana"}
	_, err = w.cases.SaveDraft(t.Context(), nurse, id, typed)
	w.must(err)
	got, err := w.cases.Draft(t.Context(), nurse, id)
	w.must(err)
	if w.marshal(got.Answers) != w.marshal(typed) || !got.Until().Equal(w.clock.Now().AddDate(0, 0, 7)) {
		t.Errorf("got %+v", got)
	}
	w.want("0", `SELECT count(*) FROM drafts WHERE encode(payload_sealed, 'escape') LIKE '%Example%'`)
	for name, other := range map[string]auth.Actor{"a colleague": colleague, "the same person elsewhere": elsewhere, "another hospital": stranger} {
		if _, err := w.cases.Draft(t.Context(), other, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads it: %v", name, err)
		}
		if other.SiteID != elsewhere.SiteID || name != "the same person elsewhere" {
			if _, err := w.cases.SaveDraft(t.Context(), other, id, typed); fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s writes it: %v", name, err)
			}
		}
		if err := w.cases.DropDraft(t.Context(), other, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s drops it: %v", name, err)
		}
		if _, err := w.cases.SendDraft(t.Context(), other, id, prenatal()); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sends it: %v", name, err)
		}
		if all, err := w.cases.Drafts(t.Context(), other); err != nil || len(all) != 0 {
			t.Errorf("%s lists %v, %v", name, all, err)
		}
	}
	w.clock.forward(7*24*time.Hour + time.Minute)
	_, err = w.cases.Draft(t.Context(), nurse, id)
	w.refused(fault.NotFound, err)
	w.must(w.queue.Cleanup(t.Context()))
	w.want("0", `SELECT count(*) FROM drafts`)
}

func TestADraftIsSentOnce(t *testing.T) {
	w := newWorld(t)
	nurse := w.User(w.firstOrg, auth.Referrer)
	id, in := uuid.New(), prenatal()
	_, err := w.cases.SaveDraft(t.Context(), nurse, id, referral.DraftAnswers{"client.given_name": {"Ana"}})
	w.must(err)
	bad := in
	bad.Client.GivenName = ""
	_, err = w.cases.SendDraft(t.Context(), nurse, id, bad)
	w.invalid(err, "/client/given_name")
	errs := together(6, func(int) error {
		_, err := w.cases.SendDraft(t.Context(), nurse, id, in)
		return err
	})
	sent := 0
	for _, err := range errs {
		if err == nil {
			sent++
		} else {
			w.says(err, "sent already")
		}
	}
	if sent != 1 {
		t.Errorf("it was sent %d times", sent)
	}
	w.want("1 page", `SELECT concat_ws(' ', count(*), min(channel)) FROM referrals`)
	w.want("true", `SELECT payload_sealed IS NULL AND sent_as IS NOT NULL FROM drafts WHERE id = $1`, id)
	got, err := w.cases.Draft(t.Context(), nurse, id)
	w.must(err)
	if got.SentAs == nil || len(got.Answers) != 0 {
		t.Errorf("after sending it is %+v", got)
	}
	_, err = w.cases.SaveDraft(t.Context(), nurse, id, referral.DraftAnswers{"client.given_name": {"Ana"}})
	w.refused(fault.Conflict, err)
	if all, err := w.cases.Drafts(t.Context(), nurse); err != nil || len(all) != 0 {
		t.Errorf("the list still has %v, %v", all, err)
	}
}

func TestAPreviewKeepsNothing(t *testing.T) {
	w := newWorld(t)
	w.Program(seed.Program{OrgID: w.first.ID, PackCode: "nfp"})
	nurse, in := w.User(w.firstOrg, auth.Referrer), prenatal()
	none := 0
	in.Pregnancy.EarlierLiveBirths = &none
	counts := `SELECT concat_ws(' ', (SELECT count(*) FROM referrals), (SELECT count(*) FROM cases), (SELECT count(*) FROM clients), (SELECT count(*) FROM decisions))`
	before := w.text(counts)
	got, err := w.cases.Preview(t.Context(), nurse, in)
	w.must(err)
	w.want(before, counts)
	says := map[string]string{}
	for _, p := range got.Programs {
		says[p.Name] = p.Says
	}
	if len(got.Problems) != 0 || len(says) != 2 || got.Programs[0].Says != referral.ProgramLikely || len(got.Earlier) != 0 || got.Known {
		t.Errorf("got %+v", got)
	}
	empty, err := w.cases.Preview(t.Context(), nurse, referral.Submission{})
	w.must(err)
	if len(empty.Problems) == 0 {
		t.Error("an empty form has no problems")
	}

	sent, _ := w.receive(w.hospital, in)
	own, err := w.cases.Preview(t.Context(), nurse, in)
	w.must(err)
	if len(own.Earlier) != 1 || own.Earlier[0].Reference != sent.Reference || own.Known {
		t.Errorf("the hospital's own: %+v, %v", own.Earlier, own.Known)
	}
	other, err := w.cases.Preview(t.Context(), w.User(w.secondOrg, auth.Referrer), in)
	w.must(err)
	if len(other.Earlier) != 0 || !other.Known {
		t.Errorf("another source is told %+v, %v", other.Earlier, other.Known)
	}
	_, err = w.cases.Preview(t.Context(), w.first.desk, in)
	w.refused(fault.Forbidden, err)
}
