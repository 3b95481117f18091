package archtest_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

func domain() []string {
	return []string{"auth", "accounts", "audit", "jobs", "messages", "providers", "triage", "rulebook", "referral", "report", "internal/fault", "internal/stats"}
}

func adapters() []string { return []string{"importer", "fhir", "hl7v2", "hsds"} }

// mayImport is the table of ARCHITECTURE.md: what is absent is forbidden. Below cmd everything may be imported.
func mayImport() map[string][]string {
	translation := []string{"referral", "providers", "triage", "internal/fault"}
	handlers := slices.Concat([]string{"web/kit"}, domain(), adapters())
	ground := slices.Concat(handlers, []string{"web/static", "web/words"})
	return map[string][]string{
		"internal/fault":                  {},
		"auth":                            {"internal/fault"},
		"migrations":                      {},
		"internal/archtest":               {},
		"internal/chaos":                  {},
		"config":                          {},
		"internal/pg":                     {"auth", "internal/fault", "migrations"}, // the names of the database roles
		"triage":                          {},
		"referral/match":                  {},
		"referral/contact":                {},
		"referral/match/synthetic":        {"referral/match"},
		"internal/stats":                  {},
		"jobs":                            {"auth", "internal/fault", "internal/pg"},
		"audit":                           {"auth", "internal/fault", "internal/pg"},
		"accounts":                        {"auth", "audit", "jobs", "internal/fault", "internal/pg"},
		"messages":                        {"auth", "audit", "internal/fault", "internal/pg"},
		"providers":                       {"auth", "audit", "jobs", "internal/fault", "internal/pg"},
		"rulebook":                        {"triage", "auth", "audit", "jobs", "internal/fault", "internal/pg", "internal/stats"},
		"referral":                        {"auth", "accounts", "audit", "jobs", "messages", "providers", "rulebook", "triage", "referral/match", "referral/contact", "internal/fault", "internal/pg"},
		"importer":                        {"referral", "providers", "auth", "internal/fault"},
		"fhir":                            translation,
		"hl7v2":                           translation,
		"hsds":                            translation,
		"report":                          {"auth", "audit", "internal/fault", "internal/pg", "internal/stats"},
		"jobs/channel":                    {"jobs", "internal/fault"},
		"jobs/worker":                     slices.Concat(domain(), []string{"jobs/channel", "importer", "internal/pg"}),
		"web/kit":                         {"auth", "internal/fault"},
		"web/api":                         handlers,
		"web/static":                      {},
		"web/words":                       {},
		"web/ui":                          ground,
		"web":                             slices.Concat(ground, []string{"web/api", "web/ui", "web/ui/*"}),
		"internal/e2e":                    {},
		"internal/embedded":               {"migrations"},
		"internal/dbtest":                 {"internal/embedded", "internal/pg", "migrations"},
		"internal/dbtest/cmd/testcluster": {"internal/dbtest"},
		"internal/dbtest/seed":            slices.Concat(domain(), []string{"internal/pg"}),
	}
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	table := mayImport()
	for _, s := range sources(t) {
		if within(s.folder, "cmd") {
			continue
		}
		allowed, known := table[s.folder]
		if within(s.folder, "web/ui") && !known { // pages stand on the ground and know nothing of each other
			allowed, known = slices.Concat(table["web/ui"], []string{"web/ui"}), true
		}
		if !known {
			t.Errorf("%s: package %s has no row in the import table. Give it one, here and in docs/ARCHITECTURE.md.", s.path, s.folder)
			continue
		}
		for _, imported := range s.imports {
			own, ours := strings.CutPrefix(imported, module+"/")
			pages := within(own, "web/ui") && slices.Contains(allowed, "web/ui/*")
			if ours && own != s.folder && !slices.Contains(allowed, own) && !pages {
				t.Errorf("%s imports %s: %s may import only [%s].", s.path, own, s.folder, strings.Join(allowed, " "))
			}
		}
	}
}

// Each library shows itself in one place, so that it can be replaced there.
func TestLibrariesStayInTheirPlace(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range s.imports {
			place, ok := mayUse(s, imported)
			if !ok {
				t.Errorf("%s imports %s: it belongs in %s.", s.path, imported, place)
			}
		}
	}
}

func mayUse(s source, imported string) (place string, ok bool) {
	file := path.Base(s.path)
	switch {
	case within(imported, "gorm.io"):
		return "store.go, *_store.go, internal/pg and internal/dbtest", file == "store.go" || strings.HasSuffix(file, "_store.go") ||
			within(s.folder, "internal/pg") || within(s.folder, "internal/dbtest")
	case within(imported, "github.com/labstack"):
		return "web", within(s.folder, "web")
	case within(imported, "github.com/hibiken/asynq"):
		return "jobs/worker", s.folder == "jobs/worker"
	case within(imported, "cel.dev") || within(imported, "github.com/google/cel-go"):
		return "triage", s.folder == "triage"
	}
	return "", true
}

// A pure package uses the standard library without storage and network, and what its row names; nothing of either may
// come in through a library.
func TestPurePackagesReachNoStorageAndNoNetwork(t *testing.T) {
	libraries := map[string][]string{
		"triage":         {"cel.dev/cel-go", "go.yaml.in/yaml"},
		"referral/match": nil,
		"internal/stats": nil,
	}
	for _, s := range sources(t) {
		allowed, pure := libraries[s.folder]
		if !pure {
			continue
		}
		for _, imported := range s.imports {
			standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
			named := slices.ContainsFunc(allowed, func(library string) bool { return within(imported, library) })
			if !standard && !named {
				t.Errorf("%s imports %s: %s is pure and may use the standard library and %v.", s.path, imported, s.folder, allowed)
			}
		}
	}
	for _, p := range list(t, "../..") {
		folder := strings.TrimPrefix(p.ImportPath, module+"/")
		if _, pure := libraries[folder]; !pure {
			continue
		}
		for _, reached := range p.Deps {
			for _, door := range []string{"database/sql", "net/http", "gorm.io", "github.com/labstack", "github.com/hibiken"} {
				if within(reached, door) {
					t.Errorf("%s reaches %s, in one step or several: it must stay pure.", folder, reached)
				}
			}
		}
	}
}
