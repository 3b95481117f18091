package e2e_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"doorstep/auth"
)

// What a manager looks at first, empty and full.
func TestOverview(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().as(l.seed.User(l.net.Hub, auth.ProgramManager))
	b.visit("/")
	if b.path() != "/overview" {
		t.Errorf("a manager begins at %s", b.path())
	}
	b.sees("No referral came in", "Nothing is overdue now", "funded places are taken")
	b.check("overview-empty")
	for range 12 {
		l.refer(nil)
	}
	first := l.refer(nil)
	l.offer(first)
	l.claim(first)
	b.visit("/overview?days=30")
	b.sees("0 of 13 families had a first visit", "13 · 100 %", "Taken by an agency", "hidden", "1 of 10")
	b.press("Last 365 days")
	b.check("overview-full")
	b.visit("/overview?days=31")
	b.sees("This page shows 30, 90 or 365 days")
}

// An administrator adds a partner, its site and its people, changes an area and an agreement, and shuts the account of who leaves.
func TestAdministrator(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	admin := l.seed.User(l.net.Hub, auth.Administrator)
	b := l.browser().as(admin)
	b.visit("/")
	b.sees("Organizations", "Agency that visits")
	b.check("organizations")
	b.press("Add an organization")
	b.press("Add it")
	b.sees("Something needs a correction")
	b.state("organization-new-error")
	b.fill("name", "Example Clinic of the North")
	b.choose("kind", "clinic")
	b.choose("legal_status", "covered_entity")
	b.fill("agreement_until", "3/31/2026")
	b.check("organization-new")
	b.press("Add it")
	b.sees("The organization is added", "until March 31, 2026", "Ends soon", "Nobody works here yet")
	b.press("Add a site")
	b.fill("name", "Ward 4")
	b.press("Add a site")
	b.sees("Ward 4")
	b.press("Invite a person")
	b.check("invite")
	b.press("Send the invitation")
	b.sees("Something needs a correction")
	b.fill("name", "Example Nurse")
	b.fill("email", "nurse.of.ward4@example.org")
	b.choose("role", "referrer")
	b.press("Send the invitation")
	b.sees("The invitation is on its way", "Example Nurse", "Invited, no password yet")
	b.check("organization")
	if link := l.letter("nurse.of.ward4@example.org"); len(link) < 20 {
		t.Error("no letter is on its way")
	}
	b.press("Change the agreement")
	b.fill("agreement_until", "")
	b.check("organization-change")
	b.press("Save the change")
	b.sees("The change is saved", "None")

	b.visit("/programs/" + l.net.Programs[0].ID.String() + "/area")
	b.write("zips", "21201, 21202\n2120x")
	b.press("Save the area")
	b.sees("These are no ZIP codes of five digits: 2120x")
	b.state("area-error")
	b.write("zips", "21201, 21202\n21205")
	b.press("Save the area")
	b.sees("The area now has 3 ZIP codes: 2 added, 0 removed")
	b.check("area")

	b.visit("/users")
	b.sees("Example Nurse", "Administrator")
	b.check("people")
	b.press("Example Nurse")
	b.check("person")
	b.press("End this role")
	b.sees("The role has ended", "holds no role now")
	b.press("Shut the account")
	b.sees("The account is shut", "cannot sign in")
	b.press("Open it again")
	b.sees("The account is open again")
	b.visit("/users/" + admin.ID.String())
	b.press("Shut the account")
	b.sees("You cannot disable your own account")
	b.state("person-conflict")

	b.visit("/calendars")
	b.check("calendars")
	b.press("Add a calendar")
	b.press("Add a calendar")
	b.sees("Something needs a correction", "Write the business hours")
	b.state("calendar-new-error")
	b.fill("name", "Night desk")
	b.write("business", "Mon 8:00-17:00")
	b.write("urgent", "Mon 8:00-17:00")
	b.check("calendar-new")
	b.press("Add a calendar")
	b.sees("The calendar is added", "Night desk")
	b.visit("/calendars")
	b.press("Office")
	b.sees("A referral sent now is due", "1 business day")
	b.write("holidays", "2026-03-04 Example day\nsoon")
	b.press("Save the times")
	b.sees("Line 2 does not begin with a date")
	b.state("calendar-error")
	b.write("holidays", "2026-03-04 Example day")
	b.press("Save the times")
	b.sees("The times are saved", "Thu, Mar 5")
	b.check("calendar")
}

// Closing a program says whom it concerns, asks for its name, and moves the families.
func TestCloseProgram(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.offer(l.refer(nil))
	second := l.refer(nil)
	l.offer(second)
	l.claim(second)
	b := l.browser().as(l.seed.User(l.net.Hub, auth.Administrator))
	b.visit("/programs/" + l.net.Programs[0].ID.String() + "/close")
	b.sees("Offered to it", "cannot be undone")
	b.press("Close program")
	b.sees("Choose why it closes", "This is not the program's name")
	b.check("program-close-error")
	b.choose("reason", "funding_ended")
	b.fill("name", l.net.Programs[0].Name)
	b.press("Close program")
	b.sees("The program is closed. 2 families are being moved", "is closed")
	b.check("program-closed")
}

// An agency's current families come in by a file: everything that is wrong at once, what would be made, and then the making; the same file once
// more makes nothing.
func TestBringCaseload(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().as(l.seed.User(l.net.Hub, auth.Administrator))
	b.visit("/organizations/" + l.net.Agencies[0].ID.String())
	b.sees("Families may be offered to its programs")
	b.press("Bring its families")
	b.check("caseload")
	b.press("Check the file")
	b.sees("Choose a file")
	b.chooseFile("caseload.csv", "name,phone\nx,y\n")
	b.press("Check the file")
	b.sees("The first row is not that of a caseload")
	b.state("caseload-error")
	const file = "given_name,family_name,date_of_birth,child_born_on,enrolled_on,zip,consent\n" +
		"Exa,Example One,1995-04-01,2026-01-05,2026-02-01,21201,yes\n" +
		"Exb,Example Two,1996-05-02,,,,no\n" +
		"Exc,,1996-05-02,2026-01-05,2026-02-01,21201,yes\n" +
		"Exd,,1997-05-02,2026-01-05,2026-02-01,21201,yes\n" +
		"Exe,Example Five,1997-05-03,2026-01-05,2026-02-01,21201,maybe\n"
	b.chooseFile("caseload.csv", file)
	b.press("Check the file")
	b.sees("Nothing is made yet", "family_name", "4, 5", "consent", "yes or no")
	b.check("caseload-look")
	var n int
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM enrollments) + (SELECT count(*) FROM served_families)`).Scan(&n))
	if n != 0 {
		t.Errorf("a look made %d", n)
	}
	b.press("Bring 2 families")
	b.sees("1 enrolled, 1 counted without a name, 0 for the hub to look at, 0 here before, 3 not brought")
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT count(*) FROM caseload_files`).Scan(&n))
	if n != 0 {
		t.Error("the file is still kept")
	}
	b.chooseFile("caseload.csv", file)
	b.press("Check the file")
	b.sees("Here already, nothing is added")
	b.press("Delete the file")
	b.sees("The file is deleted")
	manager := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyManager))
	manager.visit("/capacity")
	manager.press("Bring families served already")
	manager.sees("Current families of")
	manager.visit("/programs/" + l.net.Programs[1].ID.String() + "/caseload")
	manager.sees("no such program")
}

// write is fill for a box of several lines, which may be empty.
func (b *tab) write(name, text string) {
	b.t.Helper()
	get(b, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector('textarea[name="%s"]').value = ""`, name)))
	b.run(chromedp.SendKeys(chromedp.CSS(fmt.Sprintf(`textarea[name=%q]`, name)), text))
}

// put is write for a long text, which nobody types.
func (b *tab) put(name, text string) {
	b.t.Helper()
	get(b, evaluate(fmt.Sprintf(`document.querySelector('textarea[name="%s"]').value = %q`, name, text)))
}

func evaluate(script string) chromedp.Action[string] { return chromedp.Evaluate[string](script) }

// Words to families are checked while somebody writes, and used once a second person approves them.
func TestMessages(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	writer := l.seed.User(l.net.Hub, auth.ProgramManager)
	b := l.browser().as(writer)
	b.visit("/messages")
	b.sees("Nothing in use", "Version 1 waits for approval")
	b.check("messages")
	b.press("You still wait for a place")
	b.sees("Came with the service", "Nothing to mend", "School grade")
	b.check("message")
	b.write("en.body", "Hello, the health clinic will call you about your baby, {given_name}.")
	b.until("#checks", "this word tells what it is about", "this is not in the list") // by itself
	b.press("Keep as a draft")
	b.sees("Something needs a correction", "tells whoever sees her phone")
	b.state("message-error")
	b.write("en.body", "Hello,\n\nwe will call you soon. You do not need to do anything.")
	b.press("Check")
	b.sees("Nothing to mend")
	b.press("Keep as a draft")
	b.sees("The draft is kept", "Version 2 waits for approval", "A second person must approve it")
	second := l.browser().noScript().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
	second.visit(b.path())
	second.press("Approve and use English")
	second.sees("It is approved", "Version 2 in use")
	second.write("es.body", "Hola, su bebé.")
	second.press("Check")
	second.sees("this word tells what it is about")
	second.press("Take out of use English")
	second.sees("It is out of use", "Nothing in use")
	b.visit("/messages/01900000-0000-7000-8000-000000000002")
	b.sees("Text messages are not sent yet", "GSM-7")
	b.check("message-text")
}

// Who does not use the page is warned in time, and goes on with one press.
func TestSessionEndsSoon(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	who := l.seed.User(l.net.Hub, auth.ProgramManager)
	b := l.browser().as(who)
	b.visit("/overview")
	b.until("footer", "signed out after 30 minutes without use")
	_, err := l.owner.ExecContext(t.Context(), `UPDATE sessions SET started_at = clock_timestamp() - interval '11 hours 58 minutes 30 seconds' WHERE user_id = $1`, who.ID)
	l.must(err)
	b.visit("/overview")
	b.until("#ends:not([hidden])", "signed out in less than two minutes")
	b.check("session-ends")
	_, err = l.owner.ExecContext(t.Context(), `UPDATE sessions SET started_at = clock_timestamp() WHERE user_id = $1`, who.ID)
	l.must(err)
	b.run(chromedp.Click(chromedp.CSS("#ends button")))
	b.run(chromedp.WaitNotVisible(chromedp.CSS("#ends")))
	if left := get(b, chromedp.Evaluate[int](`+document.querySelector("#ends").dataset.seconds`)); left > 120 {
		t.Errorf("the page began with %d seconds", left)
	}
}
