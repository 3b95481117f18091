package match

import (
	"fmt"
	"log/slog"
	"time"
)

// Person is one description of somebody: what a form or a record says. Everything may be empty, and empty means unknown.
type Person struct {
	Given, Family string
	Born          Date
	Phones        []Phone
	Addresses     []Address
	Children      []Date // birth dates, of a caregiver
	Sex           string // female or male
	BirthOrder    int    // of a multiple birth, from 1
	Namesakes     int    // how many people on record bear this given and family name, she among them; 0 = not counted
}

// Phone is a number in any spelling, and how many people on record have it; 0 = not counted.
type Phone struct {
	Number  string
	Holders int
}

// Address is where somebody lives, and how many people on record live there; 0 = not counted.
type Address struct {
	Street, Zip string
	Holders     int
}

// LogValue keeps people out of the log.
func (Person) LogValue() slog.Value { return slog.StringValue("[person]") }

// Date is a day of the calendar; the zero Date is unknown.
type Date struct{ Year, Month, Day int }

// ParseDate reads YYYY-MM-DD; an empty text is the unknown day.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("not a day written YYYY-MM-DD") // the cause quotes it
	}
	return Date{t.Year(), int(t.Month()), t.Day()}, nil
}

// String is YYYY-MM-DD, or empty.
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Swapped is the day that comes of writing the month where the day stands; false where there is none or it is the same.
func (d Date) Swapped() (Date, bool) {
	return Date{d.Year, d.Day, d.Month}, d.Day <= 12 && d.Day != d.Month
}

// NewYear is 1 January: what is written when only the year is known, by registries of many countries too.
func (d Date) NewYear() bool { return d.Month == 1 && d.Day == 1 }

func (d Date) time() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

// daysFrom is how many days lie between two days, whichever comes first.
func (d Date) daysFrom(other Date) int {
	days := int(d.time().Sub(other.time()).Hours() / 24)
	return max(days, -days)
}
