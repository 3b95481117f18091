package auth_test

import (
	"errors"
	"testing"

	"doorstep/auth"
	"doorstep/internal/fault"
)

func TestNobodyAndNobodysRoleMayDoNothing(t *testing.T) {
	if err := (auth.Actor{}).Require(auth.ProgramRead); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if auth.May("made_up", auth.ProgramRead) || auth.May(auth.TriageSupervisor, "made:up") {
		t.Error("what is absent from the policy is allowed")
	}
	if err := auth.System("sweeper").Require(auth.WorkDue); err != nil {
		t.Errorf("the system: %v", err)
	}
}

// The lines that hurt a family when they move: each is a decision of the design, not of the table.
func TestWhoNeverMay(t *testing.T) {
	for _, never := range []struct {
		role auth.Role
		p    auth.Permission
	}{
		{auth.Referrer, auth.CaseRead},
		{auth.ProgramManager, auth.CaseRead}, // figures; a client only by break-glass
		{auth.Administrator, auth.CaseRead},
		{auth.PrivacyOfficer, auth.CaseClose},
		{auth.HomeVisitor, auth.CaseClaim},
		{auth.AgencyCoordinator, auth.AlarmRead},
		{auth.AgencyManager, auth.CaseTriage},
		{auth.TriageSupervisor, auth.CaseClaim}, // the hub offers; it takes no family
		{auth.Integration, auth.CaseRead},
		{auth.TriageCoordinator, auth.RulesDraft},
		{auth.Administrator, auth.RulesRelease}, // whoever runs the system does not say who comes first
		{auth.ProgramManager, auth.Part2Read},
		{auth.Administrator, auth.Part2Read},
		{auth.PrivacyOfficer, auth.Part2Read}, // that a record exists, by the list of disclosures; never what is in it
		{auth.AgencyManager, auth.Part2Read},
	} {
		if auth.May(never.role, never.p) {
			t.Errorf("%s may %s", never.role, never.p)
		}
	}
}

func TestHubRolesExistOnlyInAHub(t *testing.T) {
	for _, kind := range []auth.OrgKind{auth.Hospital, auth.Clinic, auth.Agency, auth.OtherOrg} {
		for _, role := range kind.Roles() {
			if role != auth.Integration && (auth.May(role, auth.CaseReview) || auth.May(role, auth.ReportRead)) {
				t.Errorf("%s gives %s, which works the hub's desk", kind, role)
			}
		}
	}
}
