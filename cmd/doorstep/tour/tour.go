package tour

import (
	"context"
	"fmt"
	"slices"
)

// Run tells every life and returns the first step that failed.
func Run(ctx context.Context, w World) error {
	plain := []family{
		{"A family that an agency calls first", agencyFirst},
		{"A family referred by two hospitals", twoHospitals},
		{"A positive self-harm item on a Friday at 19:00", fridayEvening},
		{"A family whose first offer is declined and whose second expires", declinedAndExpired},
	}
	toTheEnd := family{"A family that the hub reaches first, to the program's end two years later", hubFirst}
	hers := []family{{"A family that takes everything back", takesItBack}, {"A family whom a treatment program sends", treatmentProgram}}
	lives := slices.Concat(plain, hers, families(), []family{toTheEnd})
	for i, story := range lives {
		fmt.Fprintf(w.Out, "%d. %s\n", i+1, story.name)
		if err := tell(&life{ctx: ctx, w: w}, story.tell); err != nil {
			return fmt.Errorf("life %d, %s: %w", i+1, story.name, err)
		}
	}
	fmt.Fprintf(w.Out, "All %d lives ended as they should.\n", len(lives))
	return nil
}

func tell(l *life, story func(*life)) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failed:
			err = r.error
		default:
			panic(r)
		}
	}()
	story(l)
	return nil
}
