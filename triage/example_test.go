package triage_test

import (
	"fmt"

	"doorstep/triage"
)

// A first-time mother at 27 weeks: the nurse program closes soon.
func Example() {
	src, err := triage.Embedded("baltimore")
	if err != nil {
		panic(err)
	}
	rules, err := triage.Compile(src)
	if err != nil {
		panic(err)
	}
	weeks, births := 27*7, 0
	decision, err := rules.Decide(
		triage.Facts{
			Today: triage.Date{Year: 2026, Month: 11, Day: 2}, Stage: triage.Prenatal,
			GestationalDays: &weeks, EarlierLiveBirths: &births, LowIncome: triage.Yes,
		},
		[]triage.Place{{
			ProgramID: "nfp-east", Code: "nfp", AreaKnown: true, InArea: true,
			Intake: triage.IntakeOpen, Free: 2, AgreementValid: true,
		}},
	)
	if err != nil {
		panic(err)
	}
	nfp := decision.Programs[0]
	fmt.Println(decision.Next, decision.Route, "band", decision.Band)
	fmt.Println(nfp.Verdict, "until", nfp.WindowClosesOn, "inside the last safe day:", nfp.InsideLastSafeDay)
	fmt.Println(decision.Explain()[0])
	// Output:
	// route [nfp-east] band 1
	// eligible until 2026-11-15 inside the last safe day: true
	// Reach her first, because time for a program is running out.
}
