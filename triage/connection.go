package triage

import "slices"

// ConnectionKinds are the kinds of help beside home visiting, in the order in
// which decisions list them. The database holds the same closed list.
func ConnectionKinds() []string {
	return []string{
		"prenatal_care", "wic", "crib", "bereavement", "doula", "groups", "food", "housing", "utilities", "cooling", "lead",
		"income", "legal", "mental_health", "treatment", contraception, "early_intervention", "quitline", "transport", "other",
	}
}

// contraception is asked about by staff and never suggested by a rule: a
// suggestion that she did not ask for reads as advice not to have children.
const contraception = "contraception"

// askFirst lists the kinds that a pack may not mark otherwise: naming one to
// her, or writing it down, already says something about her.
func askFirst() []string { return []string{"bereavement", "legal", "mental_health", "treatment"} }

// Connection is what the pack says of one kind of help beside home visiting,
// for showing; whether to suggest it is decided by Decide.
type Connection struct {
	ID   string `json:"id"`
	Kind string `json:"kind"` // see ConnectionKinds
	Name string `json:"name"`
	Text string `json:"text"` // for staff: what it is, and how to speak of it
	// AskFirst: a person asks her before anything is written down or sent.
	AskFirst bool `json:"ask_first"`
	// SuggestWhen is the condition as written; empty: only a person thinks of it.
	SuggestWhen string `json:"suggest_when,omitempty"`
	Citation
}

// SuggestedConnection is help beside home visiting that a rule thinks of. It
// sends nothing: a person asks her, and she says yes to each by itself.
type SuggestedConnection struct {
	RuleID   string `json:"rule_id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Text     string `json:"text"`
	Source   string `json:"source"`
	AskFirst bool   `json:"ask_first"`
}

// connection is a compiled one; its rule has no program when nothing suggests it.
type connection struct {
	info Connection
	rule rule
}

// Connections returns the help beside home visiting that the pack knows, in the
// order of ConnectionKinds.
func (rs *RuleSet) Connections() []Connection {
	out := make([]Connection, len(rs.connections))
	for i := range rs.connections {
		out[i] = rs.connections[i].info
	}
	return out
}

// suggest lists what answers point to. An open answer suggests nothing, and is
// not asked for: she is not questioned to fill a list.
func (rs *RuleSet) suggest(in *answers, stops []*stop) ([]SuggestedConnection, error) {
	out := []SuggestedConnection{}
	for i := range rs.connections {
		info, r := &rs.connections[i].info, &rs.connections[i].rule
		spared := !slices.ContainsFunc(stops, func(s *stop) bool { return !slices.Contains(s.connections, info.Kind) })
		if r.whole == nil || !spared {
			continue
		}
		o, err := r.eval(in)
		if err != nil {
			return nil, err
		}
		if o.met == Yes {
			out = append(out, SuggestedConnection{
				RuleID: info.ID, Kind: info.Kind, Name: info.Name, Text: info.Text, Source: info.Source, AskFirst: info.AskFirst,
			})
		}
	}
	return out, nil
}

// explainConnections keeps apart what is named to her only with care.
func (d *Decision) explainConnections() []string {
	var plain, careful []string
	for _, c := range d.Connections {
		if c.AskFirst {
			careful = append(careful, c.Name)
		} else {
			plain = append(plain, c.Name)
		}
	}
	var out []string
	if len(plain) > 0 {
		out = append(out, "Beside home visiting, ask if she wants: "+list(plain, "and")+".")
	}
	if len(careful) > 0 {
		out = append(out, "Only if she wants to talk about it, and before anything is written down: "+list(careful, "and")+".")
	}
	return out
}
