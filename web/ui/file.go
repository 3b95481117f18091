package ui

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/web/kit"
)

// maxUpload is where a form with a file is cut off: more than any page takes, so that the page can say what it takes.
const maxUpload = 32 << 20

// FileField is the name of the field that holds the file.
const FileField = "file"

// SaveFile is Save for a form with a file in the field "file", which do reads as it comes. A file that is too large is mended on the same
// page like any other.
func SaveFile(again View, do func(r *Request, file io.Reader) (Next, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer kit.LongBody(c, maxUpload)()
		r := Of(c.Request().Context())
		r.c = c
		next, err := saveFile(c, r, do)
		kit.Drain(c)
		var large *fault.Error
		if errors.As(err, &large) && large.Kind == fault.TooLarge {
			err = fault.Problems([]fault.Field{{Pointer: "/" + FileField, Code: "too_large", Detail: large.Message}})
		}
		if status, ok := r.correct(err); ok {
			return render(c, status, again)
		}
		if err != nil {
			return err
		}
		setFlash(c, next.Flash, r.ground.Secure)
		return c.Redirect(http.StatusSeeOther, Local(next.To))
	}
}

func saveFile(c echo.Context, r *Request, do func(*Request, io.Reader) (Next, error)) (Next, error) {
	none := fault.Problems([]fault.Field{{Pointer: "/" + FileField, Code: "required", Detail: r.T("common.choose_file")}})
	if media, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); err != nil || media != echo.MIMEMultipartForm {
		return Next{}, none
	}
	parts, err := c.Request().MultipartReader()
	if err != nil {
		return Next{}, fault.New(fault.Malformed, "The form did not arrive as a browser sends it.")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return Next{}, none
		}
		if err != nil {
			return Next{}, fault.New(fault.Malformed, "The file did not arrive whole. Send it again.")
		}
		if part.FormName() != FileField {
			continue
		}
		if part.FileName() == "" {
			return Next{}, none
		}
		return do(r, whole{part})
	}
}

// whole tells a file that broke off on the way from one that we cannot take.
type whole struct{ from io.Reader }

func (w whole) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fault.Wrap(fault.Malformed, err, "The file did not arrive whole. Send it again.")
	}
	return n, err
}

// Download is a file that a page offers. What prepare returns writes it: by then it is known that the reader may have it.
func Download(name string, prepare func(r *Request) (func(io.Writer) error, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := Of(c.Request().Context())
		if _, err := r.Query(); err != nil {
			return err
		}
		write, err := prepare(r)
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
		h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
		h.Set(echo.HeaderCacheControl, "no-store")
		return write(c.Response())
	}
}
