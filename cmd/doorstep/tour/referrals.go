package tour

import "time"

// body is a referral as a source writes it.
type body = map[string]any

// prenatal is a first pregnancy at so many weeks. Every person of the tour is invented; the numbers cannot be called.
func prenatal(now time.Time, given string, weeks int, consent body) body {
	return body{
		"stage":       "prenatal",
		"referred_at": now.Add(-time.Hour).UTC().Format(time.RFC3339),
		"client": body{"given_name": given, "family_name": "Testfamily", "date_of_birth": bornOn(given), "spoken_language": "en",
			"interpreter": "no", "insurance": "medicaid"},
		"contact_methods": []body{{"channel": "phone", "value": "410-555-0142", "safe_call": "yes", "safe_text": "yes", "safe_voicemail": "no"}},
		"addresses":       []body{{"street": "1 Example Street", "city": "Exampletown", "zip": "21202", "safe_to_visit": "yes"}},
		"pregnancy":       body{"weeks": weeks, "earlier_live_births": 0},
		"needs":           body{"low_income": "yes", "income_below_poverty": "yes", "mental_health": "yes", "unstable_housing": "no", "danger_now": "no"},
		"history":         body{"previous_infant_death": "no", "previous_preterm_birth": "no"},
		"consent":         consent,
	}
}

// bornOn gives each person a birth date of her own, so that nobody takes two of one family name for one.
func bornOn(given string) string {
	sum := 0
	for _, r := range given {
		sum = sum*31 + int(r)
	}
	return time.Date(2001, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, sum%900).Format(time.DateOnly)
}

// postpartum is a birth of two days ago, going home today.
func postpartum(now time.Time, given string, consent body) body {
	day := func(back int) string { return now.AddDate(0, 0, -back).Format(time.DateOnly) }
	b := prenatal(now, given, 20, consent)
	b["stage"] = "postpartum"
	b["pregnancy"] = body{"earlier_live_births": 0}
	b["birth"] = body{"mother_discharged_on": day(0), "infants": []body{{"given_name": "Babytest", "born_on": day(2),
		"birth_weight_grams": 3100, "nicu": "no", "discharged_on": day(0)}}}
	return b
}

func consentYes(share string) body {
	return body{"answer": "yes_in_person", "share_with_agencies": share, "wording_version": "2026-01", "language": "en"}
}

// send posts a referral and returns the receipt and, as the hub sees it, the case.
func (l *life) send(key string, referral body) (receipt answer, caseID string) {
	before := l.openCases()
	receipt = l.do("POST", key, "/referrals", referral, 201)
	for id := range l.openCases() {
		if !before[id] {
			caseID = id
		}
	}
	return receipt, caseID
}

func (l *life) openCases() map[string]bool {
	hub := l.org("hub").Keys["triage_coordinator"]
	out := map[string]bool{}
	for next := ""; ; {
		page := l.get(hub, "/cases?after="+next)
		for _, c := range page.list("items") {
			out[c.text("id")] = true
		}
		if next = page.text("next"); next == "" {
			return out
		}
	}
}
