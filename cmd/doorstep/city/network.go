package city

import (
	"math"
	"slices"

	"doorstep/auth"
	"doorstep/cmd/doorstep/community"
	"doorstep/providers"
)

// The parts of the city by ZIP code. outside lies in the counties around it, where no program goes.
func west() []string  { return []string{"21201", "21215", "21216", "21217", "21223", "21229"} }
func east() []string  { return []string{"21202", "21205", "21213", "21218", "21224", "21231"} }
func south() []string { return []string{"21225", "21226", "21230"} }
func outside() []string {
	return []string{"21061", "21093", "21228"}
}

func everywhere() []string { return slices.Concat(west(), east(), south()) }

// full is the size of the city for which the funded places below are meant.
const full = 3000

// network is the city's parties. A city of fewer referrals has as many fewer places, so that supply stays as short.
func network(referrals int) []community.Organization {
	all := slices.Concat([]community.Organization{hub()}, sources(), agencies())
	for i := range all {
		for n := range all[i].Programs {
			p := &all[i].Programs[n]
			p.Funded = places(p.Funded, referrals)
		}
	}
	return all
}

func places(of, referrals int) int {
	return max(1, int(math.Round(float64(of)*float64(referrals)/full)))
}

func hub() community.Organization {
	return community.Organization{Name: "Example City Home-Visiting Hub", Kind: auth.Hub, Legal: providers.PublicHealth,
		Sites: []community.Site{{Name: "Triage desk", Mail: "desk@hub.example"}}, Staff: map[auth.Role]int{auth.TriageCoordinator: 3}}
}

func sources() []community.Organization {
	source := func(name string, kind auth.OrgKind, class providers.ReferrerClass, sites ...community.Site) community.Organization {
		legal := providers.CoveredEntity
		if kind == auth.OtherOrg {
			legal = providers.Neither
		}
		return community.Organization{Name: name, Kind: kind, Class: class, Legal: legal, Sites: sites}
	}
	site := func(name, mail string) community.Site { return community.Site{Name: name, Mail: mail} }
	return []community.Organization{
		source("Example Harbor Hospital", auth.Hospital, providers.Clinical,
			site("Mother and Baby Unit", "mother-baby@harbor-hospital.example"), site("Newborn Intensive Care", "nicu@harbor-hospital.example")),
		source("Example Hill Hospital", auth.Hospital, providers.Clinical, site("Birth Center", "")),
		source("Example Market Street Clinic", auth.Clinic, providers.Clinical, site("Prenatal Clinic", "prenatal@market-clinic.example")),
		source("Example Riverside Clinic", auth.Clinic, providers.Clinical, site("Women's Health", "")),
		source("Example Northside Clinic", auth.Clinic, providers.Clinical, site("Family Medicine", "")),
		source("Example Family Services", auth.OtherOrg, providers.ChildWelfare, site("Intake Office", "intake@family-services.example")),
		source("Example Parent Line", auth.OtherOrg, providers.Community, site("Phone line", "")),
	}
}

// agencies are eight with twelve programs. Those of one model divide the city or its languages.
func agencies() []community.Organization {
	agency := func(name, domain string, programs ...community.Plan) community.Organization {
		return community.Organization{Name: name, Kind: auth.Agency, Legal: providers.BusinessAssociate, Programs: programs,
			Sites: []community.Site{{Name: "Office", Mail: "office@" + domain + ".example"}}, Staff: map[auth.Role]int{auth.HomeVisitor: 2 * len(programs)}}
	}
	plan := func(name, model, track, code string, funded int, zips []string, languages ...string) community.Plan {
		return community.Plan{Name: name, Model: model, Track: track, Code: code, Languages: append([]string{"en"}, languages...), Hours: 16,
			Funded: funded, Zips: zips}
	}
	return []community.Organization{
		agency("Example Nurse Visitors", "nurse-visitors",
			plan("Nurse-Family Partnership", "nfp", "standard", "nfp", 70, everywhere(), "es")),
		agency("Example Family League", "family-league",
			plan("Healthy Families Enhanced, West and South", "hfa", "enhanced", "hfa_enhanced", 30, slices.Concat(west(), south())),
			plan("Healthy Families, West", "hfa", "traditional", "hfa_traditional", 60, west(), "es")),
		agency("Example Harbor Families", "harbor-families",
			plan("Healthy Families, East and South", "hfa", "traditional", "hfa_traditional", 60, slices.Concat(east(), south()), "es"),
			plan("Healthy Families Enhanced, East", "hfa", "enhanced", "hfa_enhanced", 20, east())),
		agency("Example Early Years", "early-years",
			plan("Early Head Start at Home, East", "ehs", "home_based", "early_head_start", 30, east()),
			plan("Healthy Start", "healthy_start", "standard", "healthy_start", 70, slices.Concat(east(), west()), "es", "fr")),
		agency("Example Little Steps", "little-steps",
			plan("Early Head Start at Home, West and South", "ehs", "home_based", "early_head_start", 30, slices.Concat(west(), south()), "es")),
		agency("Example Newborn Nurses", "newborn-nurses",
			plan("Family Connects", "family_connects", "standard", "family_connects", 40, everywhere(), "es", "ar")),
		agency("Example Parents First", "parents-first",
			plan("Parents as Teachers", "parents_as_teachers", "standard", "parents_as_teachers", 40, slices.Concat(west(), south())),
			plan("SafeCare", "safecare", "standard", "safecare", 15, everywhere())),
		agency("Example Circle of Hope", "circle-of-hope",
			plan("HOPE", "hope", "standard", "hope", 12, everywhere(), "es")),
	}
}
