package triage_test

import (
	"strings"
	"testing"

	"doorstep/triage"
)

func TestDiffSpeaksOfRulesAndNotOfText(t *testing.T) {
	from, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	if same := triage.Diff(from, from); len(same) != 0 {
		t.Fatalf("a pack differs from itself: %v", same)
	}
	to := triage.Source{Files: map[string]string{}}
	for name, text := range from.Files {
		to.Files[name] = "# moved by a remark\n" + text
	}
	if same := triage.Diff(from, to); len(same) != 0 {
		t.Fatalf("a remark is a change: %v", same)
	}
	replace := func(file, old, now string) {
		t.Helper()
		if !strings.Contains(to.Files[file], old) {
			t.Fatalf("%s has no %q", file, old)
		}
		to.Files[file] = strings.Replace(to.Files[file], old, now, 1)
	}
	replace("triggers.yaml", "when: age_years < 20", "when: age_years < 18")
	replace("tiers.yaml", "      - pimr_no_prenatal_care\n", "")
	replace("triggers.yaml", "  - id: pimr_substance_use", "  - id: substance_use_named")
	replace("programs.yaml", "last_gestational_day: 202", "last_gestational_day: 195")
	var said []string
	for _, c := range triage.Diff(from, to) {
		said = append(said, c.String())
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"Trigger pimr_teen_mother was changed.\n  condition: from \"age_years < 20\" to \"age_years < 18\"",
		"Trigger substance_use_named was added. Substance use was named.",
		"Trigger pimr_substance_use was removed.",
		"Tier priority was changed.\n  triggers: from \"pimr_teen_mother, pimr_no_prenatal_care, ",
		"Window of program nfp nfp_window was changed.\n  last day of pregnancy (day): from \"202\" to \"195\"",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not said:\n%s", want, all)
		}
	}
	if len(said) != 5 {
		t.Errorf("%d changes:\n%s", len(said), all)
	}
}

func TestDescribeTellsWhatIsAskedAndWhy(t *testing.T) {
	src, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	d := baltimore(t).Describe(src)
	if d.Title != "Baltimore home visiting" || len(d.Tiers) != 3 || d.Tiers[0].Name != "urgent" || len(d.Tiers[0].Because) < 5 || len(d.Tiers[2].Because) != 0 {
		t.Errorf("title %q, tiers %+v", d.Title, d.Tiers)
	}
	ask := map[string]triage.FactUse{}
	for _, q := range d.Questions {
		ask[q.Name] = q
	}
	if why := strings.Join(ask["age_years"].Why, " "); !strings.Contains(why, "She is a teenager.") {
		t.Errorf("why her age is asked: %q", why)
	}
	if !ask["pregnancy_loss_or_infant_death"].Unasked {
		t.Error("a loss is asked for")
	}
	for _, p := range d.Programs {
		if p.Code == "nfp" && (len(p.Serves) != 3 || len(p.Times) != 1 || p.ByPerson || p.Times[0].Source == "") {
			t.Errorf("nfp: %+v", p)
		}
	}
	if len(d.Alarms) != 2 || len(d.Clocks) < 15 || len(d.Local) < 10 || len(d.Connections) < 8 || len(d.Stops) != 1 {
		t.Errorf("%d alarms, %d clocks, %d local, %d connections, %d stops", len(d.Alarms), len(d.Clocks), len(d.Local), len(d.Connections), len(d.Stops))
	}
	for _, l := range d.Local {
		if l.Text == "" {
			t.Errorf("a local policy without words: %+v", l)
		}
	}
}
