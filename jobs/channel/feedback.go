package channel

import "fmt"

// Feedback is the mail that tells a referrer how far its referral has come. It names the reference and the stage, and no
// person, program or condition: mail is read on shared desks. What else this referrer may know stands behind the link.
// milestone is received, reached, not_reached, being_served or closed; another is an error.
func Feedback(milestone, reference, baseURL, referralID string) (subject, text string, err error) {
	stage, known := map[string]struct{ heading, text string }{
		"received": {"received", "We have received your referral. The hub now looks for the right home-visiting program and " +
			"tries to reach the family. You do not need to do anything."},
		"reached": {"reached", "The family has been reached. Next, a program and a first visit are agreed with them."},
		"not_reached": {"not reached yet", "We have tried to reach the family and could not. If you know a newer way to reach " +
			"them, please call the hub."},
		"being_served": {"being served", "The family is now served by a home-visiting program. Visits have begun."},
		"closed":       {"closed", "This referral is closed. The page below shows what we may tell you about how it ended."},
	}[milestone]
	if !known {
		return "", "", fmt.Errorf("there is no feedback mail for the milestone %q", milestone)
	}
	subject = fmt.Sprintf("Referral %s: %s", reference, stage.heading)
	text = fmt.Sprintf("Reference: %s\n\n%s\n\nDetails, after you sign in:\n%s/referrals/%s\n\n"+
		"This mail was sent automatically. Please do not answer it with information about a family.\n",
		reference, stage.text, baseURL, referralID)
	return subject, text, nil
}
