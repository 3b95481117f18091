package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/referral/contact"
)

// RecheckContacts is the follow-up behind contact.recheck: a way of an enrolled family may have become too old to rely on. Her
// visitor asks her, and goes on visiting meanwhile. It looks again when the next one will be too old.
func (s *Service) RecheckContacts(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		e, err := m.store.openEnrollment(m.c.ID)
		if fault.KindOf(err) == fault.NotFound || err == nil && e.ID != promise.SubjectID {
			return nil // she is served no more, or elsewhere
		}
		if err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.oldWays(m.svc.contactDays, m.tx.Now) && !f.client.DoNotContact {
			if err := m.ask(e.OrgID, auth.HomeVisitor, taskRecheck, e.ID, false); err != nil {
				return err
			}
		}
		if err := m.jobs.Keep(nil, e.ID, jobs.ContactRecheck); err != nil {
			return err
		}
		return m.recheckLater(f, e.ID, e.OrgID)
	})
}

// recheckLater promises a look when the first of her ways becomes too old.
func (m *moving) recheckLater(f *family, enrollment, agency uuid.UUID) error {
	days := m.svc.contactDays
	due := m.tx.Now.AddDate(0, 0, days)
	for _, w := range f.ways(days) {
		if !w.Expired(m.tx.Now) && w.Whose != contact.Guardian && w.Expires.Before(due) {
			due = w.Expires
		}
	}
	return m.promise(jobs.ContactRecheck, enrollment, agency, due)
}

// oldWays reports whether a way to her was not checked for too long.
func (f *family) oldWays(days int, now time.Time) bool {
	_, old := find(f.ways(days), func(w contact.Way) bool { return w.Whose != contact.Guardian && w.Expired(now) })
	return old
}

// recheckLess ends the visitor's task when none of the ways to an enrolled family is too old any more.
func (m *moving) recheckLess(f *family) error {
	if m.c.Status != Enrolled || f.oldWays(m.svc.contactDays, m.tx.Now) {
		return nil
	}
	e, err := m.store.openEnrollment(m.c.ID)
	if err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, e.ID, jobs.TaskDone, taskRecheck)
}
