package ui

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

func lookOf(status string) Look {
	switch status {
	case "review", "offered":
		return Soon
	case "claimed", "outreach":
		return Info
	case "accepted", "enrolled":
		return Good
	}
	return Plain
}

func number(n int) string { return strconv.Itoa(n) }

// withQuery adds a parameter to an address of ours.
func withQuery(path, name, value string) string {
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	return path + join + name + "=" + url.QueryEscape(value)
}

// Ref is what people call a case aloud: the last eight digits of its id, in two groups. It tells nothing of the family.
func Ref(id uuid.UUID) string {
	text := strings.ToUpper(id.String())
	return text[len(text)-8:len(text)-4] + "-" + text[len(text)-4:]
}
