package auth

// Role is what a person or key is in one organization.
type Role string

// The roles. Hub roles exist only in a hub.
const (
	Referrer          Role = "referrer"
	AgencyCoordinator Role = "agency_coordinator"
	HomeVisitor       Role = "home_visitor"
	AgencyManager     Role = "agency_manager"
	TriageCoordinator Role = "triage_coordinator"
	TriageSupervisor  Role = "triage_supervisor"
	ProgramManager    Role = "program_manager"
	Administrator     Role = "administrator"
	PrivacyOfficer    Role = "privacy_officer"
	Integration       Role = "integration"
	SystemRole        Role = "system"
)

// OrgKind is what an organization is to Doorstep.
type OrgKind string

// The kinds of organization.
const (
	Hub      OrgKind = "hub"
	Hospital OrgKind = "hospital"
	Clinic   OrgKind = "clinic"
	Agency   OrgKind = "agency"
	OtherOrg OrgKind = "other"
)

// Roles lists the roles that an organization of this kind may give.
func (k OrgKind) Roles() []Role {
	switch k {
	case Hub:
		return []Role{TriageCoordinator, TriageSupervisor, ProgramManager, Administrator, PrivacyOfficer, Integration}
	case Hospital, Clinic, OtherOrg:
		return []Role{Referrer, Integration}
	case Agency:
		return []Role{AgencyCoordinator, HomeVisitor, AgencyManager, Integration}
	}
	return nil
}
