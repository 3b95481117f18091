package referrals

import (
	"context"
	"io"

	"cloud.google.com/go/civil"
	"github.com/a-h/templ"

	"doorstep/web/ui"
	"doorstep/web/words"
)

// spoken is a part of a page in another language than the rest.
func spoken(in words.Lang, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return part.Render(words.Speak(ctx, in), w) })
}

func today(ctx context.Context) civil.Date {
	r := ui.Of(ctx)
	return civil.DateOf(r.Now.In(r.Zone))
}
