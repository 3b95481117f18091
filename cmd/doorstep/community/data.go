package community

import (
	"slices"
	"time"

	"doorstep/auth"
	"doorstep/providers"
)

type organization struct {
	name     string
	kind     auth.OrgKind
	class    providers.ReferrerClass
	legal    providers.LegalStatus
	sites    []site
	programs []program
}

type site struct{ name, mail string }

type program struct {
	name, model, track, code string
	languages                []string
	hours                    int // published answer time
	funded                   int
	zips                     []string
}

// organizations lists the network; the hub comes first because it can exist only once. Mail addresses end in .example,
// which no mail server may ever serve.
func organizations() []organization {
	west := []string{"21201", "21215", "21216", "21217", "21223", "21229"}
	east := []string{"21202", "21205", "21213", "21218", "21224", "21231"}
	south := []string{"21225", "21226", "21230"}
	city := slices.Concat(west, east, south)
	return []organization{
		{name: "Example City Home-Visiting Hub", kind: auth.Hub, legal: providers.PublicHealth, sites: []site{{"Triage desk", "desk@hub.example"}}},
		{name: "Example Harbor Hospital", kind: auth.Hospital, class: providers.Clinical, legal: providers.CoveredEntity,
			sites: []site{{"Mother and Baby Unit", "mother-baby@harbor-hospital.example"}, {"Newborn Intensive Care", "nicu@harbor-hospital.example"}}},
		{name: "Example Hill Hospital", kind: auth.Hospital, class: providers.Clinical, legal: providers.CoveredEntity,
			sites: []site{{"Birth Center", "birth-center@hill-hospital.example"}}},
		{name: "Example Market Street Clinic", kind: auth.Clinic, class: providers.Clinical, legal: providers.CoveredEntity,
			sites: []site{{"Prenatal Clinic", "prenatal@market-clinic.example"}}},
		{name: "Example Family Services", kind: auth.OtherOrg, class: providers.ChildWelfare, legal: providers.Neither,
			sites: []site{{"Intake Office", "intake@family-services.example"}}},
		{name: "Example Nurse Visitors", kind: auth.Agency, legal: providers.CoveredEntity, sites: []site{{"Office", "office@nurse-visitors.example"}},
			programs: []program{
				{"Nurse-Family Partnership", "nfp", "standard", "nfp", []string{"en", "es"}, 16, 12, city},
			}},
		{name: "Example Family League", kind: auth.Agency, legal: providers.BusinessAssociate, sites: []site{{"Office", "office@family-league.example"}},
			programs: []program{
				{"Healthy Families Enhanced", "hfa", "enhanced", "hfa_enhanced", []string{"en"}, 16, 10, slices.Concat(west, south)},
				{"Healthy Families", "hfa", "traditional", "hfa_traditional", []string{"en", "es"}, 16, 15, city},
			}},
		{name: "Example Early Years", kind: auth.Agency, legal: providers.BusinessAssociate, sites: []site{{"Office", "office@early-years.example"}},
			programs: []program{
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
