package auth

import "slices"

// Permission is one thing that one route or job does.
type Permission string

// The permissions. Each route names one, and its use case asks for the same.
const (
	ProgramRead    Permission = "program:read"
	CapacityState  Permission = "capacity:state"
	ReferralCreate Permission = "referral:create"
	ReferralRead   Permission = "referral:read"
	ReferralTake   Permission = "referral:take" // write down what came to the hub by telephone, fax, paper or in person, and keep its scan
	CaseGive       Permission = "case:give"     // say who at the hub answers for a case
	CaseRead       Permission = "case:read"
	CaseTriage     Permission = "case:triage"
	CaseReview     Permission = "case:review"
	CaseFind       Permission = "case:find"   // look for a family by name, phone, birth date or reference
	CaseSnooze     Permission = "case:snooze" // put a case out of the hub's queue for some days
	CaseReach      Permission = "case:reach"  // record the hub's outreach
	CaseChoose     Permission = "case:choose" // record her choice
	CaseOffer      Permission = "case:offer"
	AlarmRead      Permission = "alarm:read"
	AlarmAnswer    Permission = "alarm:answer"
	PoolRead       Permission = "pool:read"
	CaseClaim      Permission = "case:claim"
	CaseDecline    Permission = "case:decline"
	VisitorAssign  Permission = "visitor:assign"
	CaseAttempt    Permission = "case:attempt"
	VisitPlan      Permission = "visit:plan"
	VisitRecord    Permission = "visit:record"
	CaseEnroll     Permission = "case:enroll"
	CaseComplete   Permission = "case:complete"
	CaseClose      Permission = "case:close"
	CaseUndo       Permission = "case:undo"
	CaseRelease    Permission = "case:release"
	CaseWait       Permission = "case:wait"      // put her on a waitlist, take her off, note that she still wants to wait
	CaseConnect    Permission = "case:connect"   // send her to another service, and say how that ended
	CaseHold       Permission = "case:hold"      // stop what goes to her, and let it go on
	CaseContact    Permission = "case:contact"   // ways to reach her: add, change, end, check; do not contact, on and off
	CaseFindWay    Permission = "case:find_way"  // look for a safe way, and write that one was found
	CaseTransfer   Permission = "case:transfer"  // propose a family to another agency
	CaseHandOver   Permission = "case:hand_over" // to another jurisdiction
	CaseCorrect    Permission = "case:correct"   // a closed case that was closed wrongly
	CaseFamily     Permission = "case:family"    // record a birth, a loss, a death
	CaseCaregiver  Permission = "case:caregiver" // a child lives with somebody else
	CaseConsent    Permission = "case:consent"   // read, record and revoke her consents
	DisclosureRead Permission = "disclosure:read"
	Part2Read      Permission = "part2:read"  // records of a treatment program (42 CFR Part 2)
	Part2Write     Permission = "part2:write" // keep one, revoke its consent, note that it was disclosed
	CaseAmend      Permission = "case:amend"  // what was typed wrong

	FamilyPageOpen    Permission = "family_page:open"    // open her own page for her, and shut it
	FamilyRequestRead Permission = "family_request:read" // what she asked for there
	FamilyLetter      Permission = "family:letter"       // the letter that says why no program fits
	ComplaintRead     Permission = "complaint:read"      // what families say went wrong

	ReferralWithdraw Permission = "referral:withdraw"
	ReferralStop     Permission = "referral:stop" // she told her referrer that she wants no contact
	ReferralAdd      Permission = "referral:add"  // a referrer's own: another way to reach her, a word to the triage team
	WalkInEnroll     Permission = "walkin:enroll"
	CaseloadImport   Permission = "caseload:import"
	CaseloadRead     Permission = "caseload:read" // the agency's families by due, and who visits them
	CaseloadMove     Permission = "caseload:move" // hand over a leaving worker's families
	ProgramClose     Permission = "program:close"
	MatchReview      Permission = "match:review" // say whether two records are one person
	MatchPart        Permission = "match:part"   // undo a link
	TaskRead         Permission = "task:read"
	TaskClose        Permission = "task:close"
	ReportRead       Permission = "report:read"
	RulesRead        Permission = "rules:read"
	RulesDraft       Permission = "rules:draft"      // write a version, simulate it, note what it does to whom
	RulesRelease     Permission = "rules:release"    // approve, make live, roll back; the database asks for two people
	TemplateRead     Permission = "template:read"    // what machines say to families
	TemplateWrite    Permission = "template:write"   // new words, as a draft
	TemplateApprove  Permission = "template:approve" // the second person's yes, and taking out of use
	AuditRead        Permission = "audit:read"       // the history: who did and saw what
	AuditVerify      Permission = "audit:verify"
	UserInvite       Permission = "user:invite"
	NetworkKeep      Permission = "network:keep" // add organizations, sites, programs and calendars
	WorkDue          Permission = "work:due"     // what only the system does: sweep, relay, seal, expire
)

// allowed is the policy: who may. What is absent is forbidden.
func allowed(p Permission) []Role {
	hubDesk := []Role{TriageCoordinator, TriageSupervisor}
	desk := []Role{AgencyCoordinator, AgencyManager}
	field := []Role{AgencyCoordinator, AgencyManager, HomeVisitor}
	switch p {
	case ProgramRead:
		return []Role{Referrer, AgencyCoordinator, HomeVisitor, AgencyManager, TriageCoordinator, TriageSupervisor,
			ProgramManager, Administrator, PrivacyOfficer, Integration}
	case CapacityState:
		return []Role{AgencyManager}
	case ReferralCreate, ReferralRead:
		return []Role{Referrer, Integration}
	case CaseRead, CaseUndo, CaseClose, CaseConnect, CaseHold, CaseFamily, CaseConsent, CaseContact, CaseAmend:
		return slices.Concat(hubDesk, field)
	case CaseTriage, CaseReview, CaseReach, CaseChoose, CaseOffer, AlarmRead, AlarmAnswer, CaseWait, CaseHandOver, CaseCaregiver, CaseFindWay,
		MatchReview, CaseFind, CaseSnooze, ReferralTake, CaseGive:
		return hubDesk
	case FamilyPageOpen, FamilyRequestRead, FamilyLetter:
		return hubDesk
	case ComplaintRead:
		return []Role{PrivacyOfficer}
	case Part2Read, Part2Write:
		return hubDesk
	case DisclosureRead:
		return []Role{PrivacyOfficer, TriageSupervisor}
	case CaseCorrect, MatchPart:
		return []Role{TriageSupervisor}
	case PoolRead, CaseClaim, CaseDecline, VisitorAssign, CaseRelease, WalkInEnroll:
		return desk
	case CaseTransfer:
		return slices.Concat(hubDesk, desk)
	case CaseloadMove:
		return []Role{AgencyManager}
	case CaseloadImport: // when an agency begins, whoever sets it up may bring its file, and sees numbers of rows
		return []Role{AgencyManager, Administrator}
	case ProgramClose: // the administrator keeps programs and closes one that ended: counts and no family are seen, and each family is asked by a person
		return []Role{AgencyManager, TriageSupervisor, Administrator}
	case ReferralWithdraw, ReferralStop, ReferralAdd:
		return []Role{Referrer, Integration}
	case CaseloadRead, CaseAttempt, VisitPlan, VisitRecord, CaseEnroll, CaseComplete:
		return field
	case TaskRead, TaskClose:
		return slices.Concat(hubDesk, field, []Role{ProgramManager, PrivacyOfficer})
	case ReportRead:
		return []Role{ProgramManager, TriageSupervisor, Administrator}
	case RulesRead:
		return []Role{TriageCoordinator, TriageSupervisor, ProgramManager, Administrator}
	case RulesDraft, RulesRelease:
		return []Role{TriageSupervisor, ProgramManager}
	case TemplateRead, TemplateWrite, TemplateApprove: // one writes, another approves
		return []Role{TriageSupervisor, ProgramManager, Administrator}
	case UserInvite, NetworkKeep:
		return []Role{Administrator}
	case AuditRead, AuditVerify:
		return []Role{PrivacyOfficer, Administrator}
	}
	return nil
}

// May reports whether the policy lets role do p. The system may do everything it is asked by name.
func May(role Role, p Permission) bool {
	return role == SystemRole || slices.Contains(allowed(p), role)
}
