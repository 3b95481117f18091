package triage

// What a pack may hold. The shipped ones hold a tenth of it; whoever sends more
// is answered at once, and keeps no processor from the families.
const (
	mostText    = 512 << 10 // bytes of all files
	mostEntries = 600       // of all sections, each time that an alias repeats one
	mostFaults  = 100       // a file is told at once
	mostTrials  = 500_000   // made-up families on whom rules are compared: about a second
	mostNumber  = 100_000   // of minutes, days, hours or answers anywhere
)

// tooLong refuses a text before it is read.
func tooLong(src Source) Problems {
	total := 0
	for _, name := range src.names() {
		if total += len(src.Files[name]); total > mostText {
			return Problems{{File: name, Line: 1, Message: "the files of a pack hold more than 512 KB together: leave out what is no rule"}}
		}
	}
	return nil
}

// tooMany refuses a pack that would take too long to check.
func (c *compiler) tooMany() Problems {
	total := 0
	for i := range c.files {
		f := &c.files[i].content
		total += len(f.Instruments) + len(f.Alarms) + len(f.Triggers) + len(f.Tiers) + len(f.Programs) + len(f.FirstContact) + len(f.Stops) +
			len(f.Connections) + len(f.Areas) + len(f.Questions) + len(f.Points) + len(f.Zones)
		for j := range f.Programs {
			p := &f.Programs[j]
			total += len(p.Eligibility) + len(p.Windows) + len(p.Fit) + len(p.Notes) + len(p.SetAsides)
		}
		if total > mostEntries {
			return Problems{{File: c.files[i].name, Line: 1, Message: "the pack holds more than 600 entries: a person could not read them"}}
		}
	}
	return nil
}

// compared says that the search of reach.go was not finished.
func (c *compiler) compared() {
	if c.trials > mostTrials {
		c.complain(place{file: &c.files[0], line: 1}, "the rules are too many, or read too many facts each, to be compared with each other: split the longest or leave some out")
	}
}
