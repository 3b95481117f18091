package triage

// program is a compiled model and track.
type program struct {
	info        Program
	eligibility []rule
	windows     []window
	fit         []rule
	notes       []rule
	asides      []setAside
	zips        []string // of its areas
	levers      []lever  // what its eligibility turns on
}

// window is a last day, counted from the due date or the birth.
type window struct {
	id           string
	quota        bool // a site's own aim: noted and ordered by, never a bar
	gestational  int  // last day of pregnancy, inclusive; 0 = counted from birth
	months       int  // of the baby's age
	under        bool // the day before the baby turns months, else that day
	text, whyNot string
	source       string
	needs        int // vocabulary index of the date it counts from
}

// closesOn is the last day, inclusive, or nil when the window is not running:
// a pregnancy window after birth, or a baby's before it. known is false when it
// is running but its date is missing.
func (w *window) closesOn(f *Facts) (last *Date, known bool) {
	if w.gestational > 0 {
		if f.Stage == Postpartum {
			return nil, true
		}
		due := f.due()
		if due == nil {
			return nil, false
		}
		d := due.AddDays(w.gestational - termDays)
		return &d, true
	}
	born := f.born()
	if f.Stage == Prenatal {
		return nil, true
	}
	if born == nil {
		return nil, false
	}
	d := born.AddMonths(w.months)
	if w.under {
		d = d.AddDays(-1)
	}
	return &d, true
}
