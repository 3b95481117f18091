package community

import (
	"slices"
	"time"

	"doorstep/auth"
	"doorstep/providers"
)

// organizations lists the network; the hub comes first because it can exist only once. Mail addresses end in .example,
// which no mail server may ever serve.
func organizations() []Organization {
	west := []string{"21201", "21215", "21216", "21217", "21223", "21229"}
	east := []string{"21202", "21205", "21213", "21218", "21224", "21231"}
	south := []string{"21225", "21226", "21230"}
	city := slices.Concat(west, east, south)
	return []Organization{
		{Name: "Example City Home-Visiting Hub", Kind: auth.Hub, Legal: providers.PublicHealth, Sites: []Site{{"Triage desk", "desk@hub.example"}}},
		{Name: "Example Harbor Hospital", Kind: auth.Hospital, Class: providers.Clinical, Legal: providers.CoveredEntity,
			Sites: []Site{{"Mother and Baby Unit", "mother-baby@harbor-hospital.example"}, {"Newborn Intensive Care", "nicu@harbor-hospital.example"}}},
		{Name: "Example Hill Hospital", Kind: auth.Hospital, Class: providers.Clinical, Legal: providers.CoveredEntity,
			Sites: []Site{{"Birth Center", "birth-center@hill-hospital.example"}}},
		{Name: "Example Market Street Clinic", Kind: auth.Clinic, Class: providers.Clinical, Legal: providers.CoveredEntity,
			Sites: []Site{{"Prenatal Clinic", "prenatal@market-clinic.example"}}},
		{Name: "Example Family Services", Kind: auth.OtherOrg, Class: providers.ChildWelfare, Legal: providers.Neither,
			Sites: []Site{{"Intake Office", "intake@family-services.example"}}},
		{Name: "Example Nurse Visitors", Kind: auth.Agency, Legal: providers.CoveredEntity, Sites: []Site{{"Office", "office@nurse-visitors.example"}},
			Programs: []Plan{
				{"Nurse-Family Partnership", "nfp", "standard", "nfp", []string{"en", "es"}, 16, 12, city},
			}},
		{Name: "Example Family League", Kind: auth.Agency, Legal: providers.BusinessAssociate, Sites: []Site{{"Office", "office@family-league.example"}},
			Programs: []Plan{
				{"Healthy Families Enhanced", "hfa", "enhanced", "hfa_enhanced", []string{"en"}, 16, 10, slices.Concat(west, south)},
				{"Healthy Families", "hfa", "traditional", "hfa_traditional", []string{"en", "es"}, 16, 15, city},
			}},
		{Name: "Example Early Years", Kind: auth.Agency, Legal: providers.BusinessAssociate, Sites: []Site{{"Office", "office@early-years.example"}},
			Programs: []Plan{
				{"Healthy Start", "healthy_start", "standard", "healthy_start", []string{"en", "es", "fr"}, 16, 20, slices.Concat(east, west)},
				{"Early Head Start at Home", "ehs", "home_based", "early_head_start", []string{"en"}, 16, 8, east},
			}},
	}
}

// hours are the office hours of every organization; on Saturday morning somebody looks at alarms.
func hours() []providers.Hours {
	week := []providers.Hours{{Kind: providers.UrgentHours, Weekday: time.Saturday, Opens: 9 * 60, Closes: 12 * 60}}
	for day := time.Monday; day <= time.Friday; day++ {
		for _, kind := range []providers.HoursKind{providers.BusinessHours, providers.UrgentHours} {
			week = append(week, providers.Hours{Kind: kind, Weekday: day, Opens: 8 * 60, Closes: 17 * 60})
		}
	}
	return week
}
