package ui

import (
	"regexp"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"
)

var (
	slashed = regexp.MustCompile(`^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})$`)
	isoDate = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	packed  = regexp.MustCompile(`^(\d{2})(\d{2})(\d{4})$`)
	named   = regexp.MustCompile(`^(?:(\d{1,2}) (?:de )?([\p{L}]+)|([\p{L}]+) (\d{1,2})),? (?:de )?(\d{2}|\d{4})$`)
)

// ReadDate reads what people write in one box: 3/27/98, 3-27-1998, 03271998, 27 Mar 1998, March 27, 1998, 27 de marzo de 1998, 1998-03-27. The month comes first in
// numbers. Two digits of a year are the last hundred years, or up to two ahead of today for due dates. "" is no date; false for what is none.
func ReadDate(text string, today civil.Date) (*civil.Date, bool) {
	text = strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(text, ",", " "))), " ")
	if text == "" {
		return nil, true
	}
	var year, month, day string
	if m := isoDate.FindStringSubmatch(text); m != nil {
		year, month, day = m[1], m[2], m[3]
	} else if m := slashed.FindStringSubmatch(text); m != nil {
		month, day, year = m[1], m[2], m[3]
	} else if m := packed.FindStringSubmatch(text); m != nil {
		month, day, year = m[1], m[2], m[3]
	} else if m := named.FindStringSubmatch(text); m != nil {
		day, month, year = m[1]+m[4], monthNumber(m[2]+m[3]), m[5]
	}
	y, _ := strconv.Atoi(year)
	mo, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if len(year) == 2 {
		y += today.Year / 100 * 100
		if y > today.Year+2 {
			y -= 100
		}
	}
	date := civil.Date{Year: y, Month: timeMonth(mo), Day: d}
	if !date.IsValid() || y < 1900 {
		return nil, false
	}
	return &date, true
}

// monthNumber knows English and Spanish names by their first three letters, or more.
func monthNumber(name string) string {
	for _, months := range []string{"january february march april may june july august september october november december",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"} {
		for i, month := range strings.Fields(months) {
			if len(name) >= 3 && strings.HasPrefix(month, name) || name == "sept" && i == 8 {
				return strconv.Itoa(i + 1)
			}
		}
	}
	return ""
}
