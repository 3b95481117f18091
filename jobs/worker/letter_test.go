package worker_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/jobs/channel"
	"doorstep/jobs/worker"
)

// An invitation leaves with a link that opens; a second run leaves the last mail opening, and one in doubt is not sent again.
func TestInvitationsLeave(t *testing.T) {
	w := newWorld(t)
	service := accounts.NewService(w.db)
	if _, err := service.Invite(t.Context(), auth.System("test"), w.hub, accounts.UserForm{Email: "ana@example.org", Name: "Ana Example", Role: auth.TriageCoordinator}); err != nil {
		t.Fatal(err)
	}
	queue := jobs.NewQueue(w.db)
	lease := func() jobs.Job {
		t.Helper()
		leased, err := queue.Lease(t.Context(), 10, 60e9)
		if err != nil || len(leased) != 1 || leased[0].Kind != jobs.AccountLetter {
			t.Fatalf("%+v %v", leased, err)
		}
		return leased[0]
	}
	var mails []channel.Mail
	var answer error
	letters := worker.Letters{DB: w.db, Accounts: service, BaseURL: "https://doorstep.example", Send: func(_ context.Context, m channel.Mail) error {
		mails = append(mails, m)
		return answer
	}}
	answer = fault.New(fault.Unavailable, "The mail server is away.")
	if err := letters.Handle(t.Context(), lease()); !errors.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	w.want("1", `SELECT count(*) FROM outbox WHERE kind = 'account.letter' AND done_at IS NULL`)
	w.exec(`UPDATE outbox SET next_at = clock_timestamp()`)
	answer = channel.ErrInDoubt
	if err := letters.Handle(t.Context(), lease()); err != nil {
		t.Fatal(err)
	}
	w.want("0", `SELECT count(*) FROM outbox WHERE kind = 'account.letter' AND done_at IS NULL`)
	link := regexp.MustCompile(`https://doorstep\.example/letter/(\S+)`)
	for i, opens := range []bool{false, true} {
		found := link.FindStringSubmatch(mails[i].Text)
		if mails[i].To != "ana@example.org" || found == nil || !strings.HasSuffix(mails[i].Text, found[0]+"\n") {
			t.Fatalf("%+v", mails[i])
		}
		if _, err := service.OpenLetter(t.Context(), found[1]); (err == nil) != opens {
			t.Errorf("mail %d opens: %v", i, err)
		}
	}
}
