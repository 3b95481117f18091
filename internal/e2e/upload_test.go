package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"doorstep/auth"
	"doorstep/jobs"
)

const uploadHead = "stage,given_name,family_name,date_of_birth,consent,due_on,phone,safe_call,zip\r\n"

func uploadRow(change func([]string)) string {
	cells := []string{"prenatal", "Example", "Person " + letters(), bornOn(), "yes_in_person", "2026-07-20", "410-555-0142", "yes", "21201"}
	if change != nil {
		change(cells)
	}
	return strings.Join(cells, ",") + "\r\n"
}

// chooseFile puts a file into the page's field, as a person does.
func (b *tab) chooseFile(name, content string) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	b.l.must(os.WriteFile(path, []byte(content), 0o600))
	b.run(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{path}))
}

// waitFor waits until the page says so by itself.
func (b *tab) waitFor(words string) {
	b.t.Helper()
	for until := time.Now().Add(patience); !strings.Contains(b.text(), words); {
		if time.Now().After(until) {
			b.t.Fatalf("the page never says %q. It says:\n%s", words, b.text())
		}
		b.run(chromedp.Sleep(200 * time.Millisecond)) // of the browser's own clock: nothing tells when a page has refreshed
	}
}

// sendRows does what the worker does, with at most so many jobs.
func (l *lab) sendRows(most int) {
	l.t.Helper()
	queue := jobs.NewQueue(l.db)
	for most > 0 {
		leased, err := queue.Lease(l.t.Context(), 1, time.Minute)
		l.must(err)
		if len(leased) == 0 {
			return
		}
		handler := l.app.Referrals.Handlers()[leased[0].Kind]
		if handler == nil {
			l.must(queue.Finish(l.t.Context(), leased[0], "not_sent_here"))
			continue
		}
		l.must(handler(l.t.Context(), leased[0]))
		if leased[0].Kind == jobs.ImportRow {
			most--
		}
	}
}

// From the template to the references, with every group of rows on the way; once with and once without a script.
func TestUpload(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"with a script": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			b := l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))
			look, state := b.check, b.state
			if !script {
				b.noScript()
				look, state = func(string) {}, func(string) {} // axe is a script
			}
			b.visit("/uploads")
			b.sees("Upload referrals", "What your file must include", "consent")
			if script {
				b.inView("main button")
			}
			b.width(desk, 900)
			look("upload-choose")
			b.press("Upload and check")
			b.sees("Choose a file")
			state("upload-none")
			b.chooseFile("families.xlsx", "PK\x03\x04 and more")
			b.press("Upload and check")
			b.sees("Save As", "CSV UTF-8")
			look("upload-workbook")
			b.chooseFile("no-header.csv", uploadRow(nil))
			b.press("Upload and check")
			b.sees("Columns are missing", "names that we do not know")
			state("upload-columns")

			same, known := uploadRow(nil), uploadRow(nil)
			b.clicks(3, "a file of referrals", func() {
				b.pressed++ // the box for the file
				b.chooseFile("earlier.csv", uploadHead+known)
				b.press("Upload and check")
				b.press("Send 1 referral")
			})
			l.sendRows(9)
			b.visit(b.path())
			b.sees("1 referral was sent.", "Download the references")
			look("upload-done")

			file := uploadHead + same + same + known + strings.Replace(known, "yes_in_person", "signed", 1) +
				uploadRow(func(c []string) { c[4] = "" }) + uploadRow(func(c []string) { c[4], c[8] = "", "2120" }) +
				uploadRow(func(c []string) { c[3] = "04.05.1999" }) + strings.Repeat("=1+1,x\r\n", 2) + uploadRow(nil) + uploadRow(nil)
			b.visit("/uploads")
			b.sees("Your last uploads")
			state("upload-list")
			b.chooseFile("families.csv", file)
			b.press("Upload and check")
			b.sees("Cannot be sent: 5", "Rows 6\u20117", "Ready to send: 3", "Possible matches: 1", "Already sent: 2", "Send 4 referrals", "Download my file with a Problem column")
			if strings.Contains(b.text(), "2120 ") || strings.Contains(b.text(), "Person ") {
				t.Error("the page repeats what stands in the file")
			}
			if script {
				b.inView("main button")
			}
			b.width(desk, 900)
			look("upload-review")
			b.press("Send 4 referrals")
			b.sees("We are sending your referrals.", "Row 0 of 4")
			look("upload-sending")
			l.sendRows(2) // the worker is killed here
			b.visit(b.path())
			b.sees("Row 2 of 4")
			l.sendRows(9)
			b.waitFor("4 referrals were sent.") // the page comes to it by itself
			state("upload-done-problems")

			b.visit("/uploads")
			b.chooseFile("again.csv", file)
			b.press("Upload and check")
			b.sees("You uploaded this file on March 3, 2026. Referrals sent from it: 4.")
			state("upload-earlier")

			b.visit("/uploads")
			b.chooseFile("other.csv", uploadHead+uploadRow(func(c []string) { c[4] = "" }))
			b.press("Upload and check")
			b.sees("No row can be sent.")
			state("upload-nothing")
			b.press("Cancel and delete this upload")
			b.sees("The upload was deleted. Nothing was sent.")
		})
	}
}
