package channel

import "fmt"

// Account is the words of a letter that lets somebody set a password. The link stands last on its own line, so that no mail program
// takes a full stop for a part of it.
func Account(kind, name, link string) (subject, text string, err error) {
	switch kind {
	case "invitation":
		return "Set your password for Doorstep", fmt.Sprintf("Hello %s,\n\nyou can now work with Doorstep. Open this link within seven days and choose a password. It opens once.\n\n"+
			"If you did not expect this, do nothing, and tell the person who runs Doorstep for you.\n\n%s\n", name, link), nil
	case "reset":
		return "Choose a new password for Doorstep", fmt.Sprintf("Hello %s,\n\nsomebody asked for a new password for you. Open this link within an hour and choose one. It opens once.\n\n"+
			"If it was not you, do nothing: your password stays as it is.\n\n%s\n", name, link), nil
	}
	return "", "", fmt.Errorf("there is no letter of kind %q", kind)
}
