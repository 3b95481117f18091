package match

// Field is one thing that two descriptions are compared by.
type Field string

// The fields, in the order in which parts of a score are given.
const (
	GivenName   Field = "given_name"
	FamilyName  Field = "family_name"
	NameOrder   Field = "name_order"
	Namesakes   Field = "namesakes" // no level of its own: what a common name takes back
	DateOfBirth Field = "date_of_birth"
	PhoneNumber Field = "phone"
	Home        Field = "address"
	ChildBorn   Field = "child_born"
	SexField    Field = "sex"
	Order       Field = "birth_order"
)

// fields are those that a file of weights may weigh.
func fields() []Field {
	return []Field{GivenName, FamilyName, NameOrder, Namesakes, DateOfBirth, PhoneNumber, Home, ChildBorn, SexField, Order}
}

// Level says how far two values agree.
type Level string

// The levels. Which of them a field knows, and what they weigh, is in weights.json.
const (
	Missing   Level = "missing"   // one or both do not say: no evidence
	Exact     Level = "exact"     // the same, but for case, accents, hyphens, particles
	Variant   Level = "variant"   // a nickname or another spelling of one name, by names.txt
	Part      Level = "part"      // one holds the other: a dropped second name, a double surname, an initial
	Overlap   Level = "overlap"   // surnames that share one part, while both have another
	Close     Level = "close"     // mistyped
	Swapped   Level = "swapped"   // day and month, or given and family name, changed places
	Digit     Level = "digit"     // one digit differs, or two neighbours changed places
	Year      Level = "year"      // the year only: 1 January stands for "some day of that year"
	Zip       Level = "zip"       // the ZIP code only
	Different Level = "different" // both say, and do not agree
	Clash     Level = "clash"     // cannot both be true of one person
	Straight  Level = "straight"  // given and family name stand where they should
	Counted   Level = "counted"   // of the common name
)

// Comparison is one field's level. Holders is how many people on record share the value, where that was counted.
type Comparison struct {
	Field   Field
	Level   Level
	Holders int
}
