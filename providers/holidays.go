package providers

import (
	"cloud.google.com/go/civil"
	"github.com/rickar/cal/v2/us"
)

// FederalHolidays are the United States federal holidays observed in a year, by the day on which offices close: a holiday
// on a Saturday is observed on the Friday before, so New Year's Day may fall into the December of this year. A local office
// adds its own days.
func FederalHolidays(year int) map[civil.Date]string {
	days := map[civil.Date]string{}
	for _, y := range []int{year, year + 1} {
		for _, h := range us.Holidays {
			if _, observed := h.Calc(y); observed.Year() == year {
				days[civil.DateOf(observed)] = h.Name
			}
		}
	}
	return days
}
