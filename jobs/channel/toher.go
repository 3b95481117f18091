package channel

import "fmt"

// ToHer is a mail of a machine to a family. It may be read by whoever holds her phone, so it names no hub, no agency, no program and
// nothing of her life; nothing in it can be answered or opened. template is jobs.StillWaiting; another is an error.
func ToHer(template string) (subject, text string, err error) {
	if template != "still_waiting" {
		return "", "", fmt.Errorf("there is no mail to a family for the template %q", template)
	}
	return "We have not forgotten you", "Hello,\n\nyou asked us to stay in touch. One of us will call you soon, in the way that you told us is good " +
		"for you. You do not need to do anything.\n\nIf you want no more mail from us, tell us when we call.\n\n" +
		"This mail was sent automatically. Please do not answer it.\n", nil
}
