package importer

import (
	"encoding/hex"
	"slices"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// row is one line of the file.
type row struct {
	line     int
	values   map[string]string // by column, spaces trimmed
	problems []Problem
}

func (r row) wrong(column, reason string) Problem { return Problem{r.line, column, reason} }

// day reads a date; an empty one is the zero day.
func (r row) day(column string, needed bool) (civil.Date, []Problem) {
	text := r.values[column]
	if text == "" {
		if needed {
			return civil.Date{}, []Problem{r.wrong(column, "required")}
		}
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, []Problem{r.wrong(column, "not a date as YYYY-MM-DD")}
	}
	return d, nil
}

// family is the row of a family that agreed to be named. Her birth date is needed: without it nobody could know on the next import
// that it is she.
func (r row) family(program uuid.UUID) (referral.ImportForm, []Problem) {
	var problems []Problem
	need := func(column string) string {
		if r.values[column] == "" {
			problems = append(problems, r.wrong(column, "required"))
		}
		return r.values[column]
	}
	in := referral.Submission{
		Client:  referral.SubmittedClient{GivenName: need("given_name"), FamilyName: need("family_name"), DateOfBirth: need("date_of_birth")},
		Consent: referral.SubmittedConsent{Answer: "signed"},
	}
	enrolled, wrong := r.day("enrolled_on", true)
	problems = append(problems, wrong...)
	if zip := r.values["zip"]; zip != "" {
		in.Addresses = []referral.SubmittedAddress{{Zip: zip}}
	}
	if phone := r.values["phone"]; phone != "" { // nobody asked whether it is safe
		in.ContactMethods = []referral.SubmittedContact{{Channel: "phone", Value: phone}}
	}
	switch born, due := r.values["child_born_on"], r.values["due_on"]; {
	case born != "":
		in.Stage, in.Birth = "postpartum", &referral.SubmittedBirth{Infants: []referral.SubmittedInfant{{BornOn: born}}}
		if due != "" {
			in.Pregnancy = &referral.SubmittedPregnancy{DueOn: due}
		}
	case due != "":
		in.Stage, in.Pregnancy = "prenatal", &referral.SubmittedPregnancy{DueOn: due}
	default:
		problems = append(problems, r.wrong("child_born_on", "required, or due_on"))
	}
	return referral.ImportForm{ProgramID: program, EnrolledOn: enrolled, Family: in}, problems
}

// listing is the row of a family that did not agree. A name beside it is hashed here and goes no further.
func (r row) listing(program uuid.UUID) (referral.ListForm, []Problem) {
	born, problems := r.day("date_of_birth", true)
	hash := strings.ToLower(r.values["name_hash"])
	switch given, family := r.values["given_name"], r.values["family_name"]; {
	case hash != "":
		if sum, err := hex.DecodeString(hash); err != nil || len(sum) != 32 {
			problems = append(problems, r.wrong("name_hash", "not a SHA-256 in hexadecimal"))
		}
	case given == "" || family == "":
		problems = append(problems, r.wrong("name_hash", "required, or both names"))
	default:
		sum := referral.NameHash(given, family)
		hash = hex.EncodeToString(sum[:])
	}
	return referral.ListForm{ProgramID: program, NameHash: hash, DateOfBirth: born}, problems
}

// translate names the service's problems by the columns of the file. Of a field only the code is told: a sentence may quote it.
func translate(line int, refused *fault.Error) []Problem {
	if len(refused.Fields) == 0 {
		return []Problem{{Line: line, Reason: refused.Message}}
	}
	var out []Problem
	for _, f := range refused.Fields {
		out = append(out, Problem{line, column(f.Pointer), f.Code})
	}
	return out
}

func column(pointer string) string {
	last := pointer[strings.LastIndex(pointer, "/")+1:]
	switch {
	case strings.HasPrefix(pointer, "/family/contact_methods"):
		return "phone"
	case last == "born_on":
		return "child_born_on"
	case strings.HasPrefix(pointer, "/family/pregnancy"):
		return "due_on"
	case slices.Contains(Columns(), last):
		return last
	}
	return ""
}
