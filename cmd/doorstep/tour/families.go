package tour

// family is one of the twelve: lives that are not plain.
type family struct {
	name string
	tell func(*life)
}

// families are told in an order in which none spoils the next: the one whose program closes comes last.
func families() []family {
	return []family{
		{"Sixteen years old, 26 weeks, no phone", teenagerWithoutAPhone},
		{"Twins in intensive care, their mother home on day 3, two forms", twinsOnTwoForms},
		{"\"Don't call me\"", doNotCall},
		{"A stillbirth after the claim", stillbirth},
		{"Moves to another county while enrolled", movesAway},
		{"Says no twice, then calls herself", callsHerself},
		{"Two hospitals three days apart, the second with a danger flag and another phone", secondFormWithDanger},
		{"Eligible for a full program with nine days left", nineDaysLeft},
		{"Spanish only, partner violence", partnerViolence},
		{"A newborn placed in foster care", fosterCare},
		{"Two weeks after birth, a positive self-harm item on a Friday at 19:00", selfHarmOnFriday},
		{"Her agency closes its program", herAgencyCloses},
	}
}
