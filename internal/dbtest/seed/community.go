package seed

// Network is the smallest network in which a referral can travel.
type Network struct {
	Hub, Hospital, Clinic Org
	Agencies              [2]Org
	Programs              [2]Program // each agency's one: nfp, healthy_start
}

// Community builds a Network.
func (s *Seed) Community() Network {
	s.t.Helper()
	n := Network{Hub: s.Hub(Org{}), Hospital: s.Hospital(Org{}), Clinic: s.Clinic(Org{})}
	for i, code := range []string{"nfp", "healthy_start"} {
		n.Agencies[i] = s.Agency(Org{})
		n.Programs[i] = s.Program(Program{OrgID: n.Agencies[i].ID, PackCode: code})
	}
	return n
}
