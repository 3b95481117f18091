package referral

import "strings"

// ImportColumn is a column that a file of referrals may have, and where in a Submission it goes.
type ImportColumn struct {
	Name     string
	Pointer  string
	Required bool
	Example  string
	Words    []string // what may stand there, when it is one of few
}

// ImportColumns are the columns in the order of the template.
func ImportColumns() []ImportColumn {
	yesNo := []string{"yes", "no", "unknown"}
	asked := []string{"yes", "no", "not_asked"}
	return []ImportColumn{
		{"stage", "/stage", true, "prenatal", []string{"prenatal", "postpartum"}},
		{"given_name", "/client/given_name", true, "Example", nil},
		{"family_name", "/client/family_name", true, "Person", nil},
		{"date_of_birth", "/client/date_of_birth", false, "1999-05-04", nil},
		{"consent", "/consent/answer", true, "yes_in_person", []string{"yes_in_person", "signed", "send_link", "required_form", "she_said_no"}},
		{"share_with_agencies", "/consent/share_with_agencies", false, "yes", asked},
		{"feedback", "/consent/feedback", false, "yes", asked},
		{"due_on", "/pregnancy/due_on", false, "2026-07-20", nil},
		{"weeks", "/pregnancy/weeks", false, "", nil},
		{"earlier_live_births", "/pregnancy/earlier_live_births", false, "0", nil},
		{"child_born_on", "/birth/infants/0/born_on", false, "", nil},
		{"children", "/birth/infants", false, "", nil},
		{"nicu", "/birth/infants/0/nicu", false, "", yesNo},
		{"mother_discharged_on", "/birth/mother_discharged_on", false, "", nil},
		{"phone", "/contact_methods/0", false, "410-555-0142", nil},
		{"safe_call", "/contact_methods/0/safe_call", false, "yes", yesNo},
		{"safe_text", "/contact_methods/0/safe_text", false, "no", yesNo},
		{"safe_voicemail", "/contact_methods/0/safe_voicemail", false, "no", yesNo},
		{"email", "/contact_methods/1", false, "", nil},
		{"safe_email", "/contact_methods/1/safe_email", false, "", yesNo},
		{"street", "/addresses/0/street", false, "", nil},
		{"city", "/addresses/0/city", false, "", nil},
		{"zip", "/addresses/0/zip", false, "21201", nil},
		{"safe_to_visit", "/addresses/0/safe_to_visit", false, "no", yesNo},
		{"language", "/client/spoken_language", false, "es", nil},
		{"interpreter", "/client/interpreter", false, "yes", yesNo},
		{"insurance", "/client/insurance", false, "medicaid", []string{"medicaid", "applying", "private", "none", "unknown"}},
		{"referrer_name", "/referrer/name", false, "Example Nurse", nil},
		{"referrer_phone", "/referrer/phone", false, "410-555-0101", nil},
		{"note", "/note", false, "", nil},
	}
}

// importColumn is the column behind the pointer of a problem: the longest one that the pointer begins with, "" when there is none.
func importColumn(pointer string) string {
	var best ImportColumn
	for _, c := range ImportColumns() {
		if (pointer == c.Pointer || strings.HasPrefix(pointer, c.Pointer+"/")) && len(c.Pointer) > len(best.Pointer) {
			best = c
		}
	}
	switch {
	case best.Name == "" && strings.HasPrefix(pointer, "/birth"):
		return "child_born_on"
	case best.Name == "" && strings.HasPrefix(pointer, "/pregnancy"):
		return "due_on"
	}
	return best.Name
}
