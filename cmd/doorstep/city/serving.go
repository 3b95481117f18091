package city

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/referral"
)

// stay is how long a family stays and how that ends. A long program outlasts the year for those who stay.
type stay struct {
	until    civil.Date // not valid: beyond the year
	how      string     // how the enrollment ends
	complete int        // visits after which a short program is completed
	every    int        // days between visits
}

// short are the programs that end within the year: so many visits, so many days apart. Their lengths are the city's own.
func short(code string) (visits, every int, is bool) {
	switch code {
	case "family_connects":
		return 3, 14, true
	case "safecare":
		return 9, 14, true
	case "hope":
		return 6, 14, true
	}
	return 0, 0, false
}

// begin draws how long she stays.
func (k *counter) begin(f *life) {
	r := roll(f.number, "stay", 0)
	s := stay{every: 15 + r.IntN(5)}
	leaves := pick(r, []weighed[int]{{20 + r.IntN(50), 22}, {70 + r.IntN(110), 20}, {180 + r.IntN(185), 16}, {0, 42}})
	visits, every, is := short(f.program.Code)
	if is {
		s.complete, s.every = visits, every
		if r.Float64() < 0.75 {
			leaves = 0
		}
	}
	if leaves > 0 {
		s.until = k.day.AddDays(leaves)
		s.how = pick(r, []weighed[string]{{"her_choice", 42}, {"lost_contact", 34}, {"moved", 16}, {"no_longer_eligible", 4}, {"child_not_with_her", 4}})
	}
	f.stay, f.visits, f.agency = s, 1, newTries()
	f.next = k.year.nextWorkday(k.day.AddDays(s.every-1), 1)
}

// changes asks a family of a program that closes: most go on with another agency, by their own yes, the rest stays until the end.
func (k *counter) changes(ctx context.Context, f *life) error {
	f.asks = true
	k.on(f, k.year.at(k.day, between(f.number, "asked", 0, noon+20, noon+60)))
	var to *program
	for _, name := range []string{"Early Head Start at Home, East", "Healthy Start", "Nurse-Family Partnership"} {
		if p := k.programNamed(name); chance(f.number, "changes to "+name, 0, 0.45) {
			to = p
			break
		}
	}
	if to == nil {
		f.stay = stay{every: f.stay.every, until: k.day.AddDays(between(f.number, "stays on", 0, 15, 45)), how: "her_choice"}
		return nil
	}
	_, err := k.referrals.Transfer(ctx, k.front, f.id, referral.TransferForm{ProgramID: to.id, Reason: "program_closes", How: "in_person"})
	_, err = k.try("transfer", err)
	return err
}

// serve is a visit, the end of the program, or her leaving it.
func (k *counter) serve(ctx context.Context, f *life) error {
	if f.stay.until.IsValid() && !k.day.Before(f.stay.until) {
		return k.leaves(ctx, f)
	}
	if f.program.closed && !f.asks {
		if err := k.changes(ctx, f); err != nil {
			return err
		}
	}
	minute := between(f.number, "visit", f.visits, noon+30, evening-60)
	k.on(f, k.year.at(k.day, minute+45))
	if f.stay.how == "lost_contact" && f.stay.until.DaysSince(k.day) < 30 {
		f.next = f.stay.until // she is not there any more
		return nil
	}
	place := "home"
	if f.family.safe.visit != "yes" {
		place = "other_place"
	}
	if chance(f.number, "virtual", f.visits, 0.15) {
		place = "virtual"
	}
	receipt, err := k.referrals.RecordVisit(ctx, k.visitor(f), f.id, referral.VisitForm{HeldAt: k.clock.Now().Add(-time.Duration(45) * time.Minute), Place: place})
	ok, err := k.try("visit", err)
	if err != nil || !ok {
		f.status = ""
		return err
	}
	f.status = receipt.Status
	f.visits++
	if f.stay.complete > 0 && f.visits >= f.stay.complete {
		return k.completes(ctx, f)
	}
	days := f.stay.every
	if chance(f.number, "a gap", f.visits, 0.06) {
		days += 14 // ill, away, a visitor on leave
	}
	f.next = k.year.nextWorkday(k.day.AddDays(days-1), 1)
	return nil
}

func (k *counter) completes(ctx context.Context, f *life) error {
	k.on(f, k.clock.Now().Add(10*time.Minute))
	_, err := k.referrals.Complete(ctx, k.visitor(f), f.id, referral.CompleteForm{})
	if ok, err := k.try("complete", err); err != nil || !ok {
		f.status = ""
		return err
	}
	k.lets(f)
	f.status = referral.Closed
	return nil
}

// leaves ends an enrollment early. Who is lost was looked for first.
func (k *counter) leaves(ctx context.Context, f *life) error {
	ways := f.family.safe.ways(f.family.endangered())
	if f.stay.how == "lost_contact" && len(ways) > 0 && f.agency.n < 3 {
		if f.contacts == nil {
			if err := k.lookAgain(ctx, f); err != nil || f.status != referral.Enrolled {
				return err
			}
		}
		k.on(f, k.year.at(k.day, between(f.number, "looks for her", f.agency.n, noon+30, evening-30)))
		in := k.attempt(f, &f.agency, "lost", ways, 0, k.clock.Now())
		_, err := k.referrals.RecordAttempt(ctx, k.visitor(f), f.id, in)
		if _, err := k.try("attempt", err); err != nil {
			return err
		}
		f.agency.n++
		f.next = k.year.nextWorkday(k.day, 2)
		return nil
	}
	k.on(f, k.year.at(k.day, between(f.number, "leaves", 0, noon+30, evening-30)))
	changeable := f.stay.how == "lost_contact" || f.stay.how == "her_choice" && chance(f.number, "changeable", 0, 0.4)
	return k.end(ctx, f, referral.CloseForm{EnrollmentEnd: f.stay.how, Changeable: &changeable})
}
