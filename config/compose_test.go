package config_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"doorstep/config"
	"doorstep/web"
)

// service is what of docker-compose.yml must agree with the code.
type service struct {
	Image       string            `yaml:"image"`
	User        string            `yaml:"user"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Ports       []string          `yaml:"ports"`
	Healthcheck struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
	Deploy struct {
		Replicas int `yaml:"replicas"`
	} `yaml:"deploy"`
}

// environ is the service's environment as the process will find it.
func (s service) environ() []string {
	var out []string
	for name, value := range s.Environment {
		out = append(out, name+"="+value)
	}
	return out
}

// compose reads docker-compose.yml with example secrets in place of its variables.
func compose(t *testing.T) map[string]service {
	t.Helper()
	text, err := os.ReadFile("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	variable := regexp.MustCompile(`\$\{([A-Z_]+)(:[?-])([^}]*)\}`)
	filled := variable.ReplaceAllStringFunc(string(text), func(use string) string {
		part := variable.FindStringSubmatch(use)
		switch {
		case part[2] == ":-":
			return part[3]
		case part[1] == "SEAL_KEYS":
			return aKey
		}
		return "secret"
	})
	if strings.Contains(filled, "${") {
		t.Error("docker-compose.yml has a variable with neither a default nor a message for when it is not set")
	}
	var file struct{ Services map[string]service }
	if err := yaml.Unmarshal([]byte(filled), &file); err != nil {
		t.Fatal(err)
	}
	return file.Services
}

func TestComposeSetsWhatEachRoleNeeds(t *testing.T) {
	services := compose(t)
	for name, need := range map[string]config.Need{
		"serve": config.Serve(), "worker": config.Worker(), "migrate": append(config.Migrate(), config.Command()...),
	} {
		s := services[name]
		for variable := range s.Environment {
			if !slices.Contains(config.Names(), variable) {
				t.Errorf("service %s sets %s, which Doorstep does not know", name, variable)
			}
		}
		if _, err := config.Read(s.environ(), need); err != nil {
			t.Errorf("service %s: %v", name, err)
		}
		if len(s.Command) == 0 || s.Command[0] != name {
			t.Errorf("service %s runs %v", name, s.Command)
		}
		if s.User == "" || strings.HasPrefix(s.User, "0") || s.User == "root" {
			t.Errorf("service %s runs as user %q", name, s.User)
		}
	}
	if n := services["worker"].Deploy.Replicas; n != 2 {
		t.Errorf("%d workers", n)
	}
	redis := strings.Join(services["redis"].Command, " ")
	for _, setting := range []string{"--appendonly yes", "--maxmemory-policy noeviction"} {
		if !strings.Contains(redis, setting) {
			t.Errorf("redis runs without %s: %s", setting, redis)
		}
	}
}

// The older docker-compose, which Debian still ships, knows fewer keys than the plugin of today. The file must please both.
func TestComposeIsValidWhereThereIsACompose(t *testing.T) {
	compose, err := exec.LookPath("docker-compose")
	if err != nil {
		t.Skip("docker-compose is not installed")
	}
	command := exec.CommandContext(t.Context(), compose, "-f", "../docker-compose.yml", "config", "-q")
	command.Env = append(os.Environ(), "POSTGRES_PASSWORD=secret", "OWNER_PASSWORD=secret", "APP_PASSWORD=secret", "REDIS_PASSWORD=secret", "SEAL_KEYS="+aKey)
	if said, err := command.CombinedOutput(); err != nil {
		t.Errorf("docker-compose config: %v\n%s", err, said)
	}
}

// Each health check must ask a port that its service listens on, for a path that the handler behind it knows.
func TestComposeAsksForHealthWhereItIs(t *testing.T) {
	services := compose(t)
	probes := web.Probes{Database: func(context.Context) error { return nil }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	metrics := web.NewMetrics(func() sql.DBStats { return sql.DBStats{} })
	api := web.New(web.Options{Probes: probes, Metrics: metrics, Log: probes.Log})
	for name, need := range map[string]config.Need{"serve": config.Serve(), "worker": config.Worker()} {
		s := services[name]
		c, err := config.Read(s.environ(), need)
		if err != nil {
			t.Fatal(err)
		}
		handlers := map[string]http.Handler{port(t, c.MetricsListen): web.Aside(metrics, probes)}
		if name == "serve" {
			handlers[port(t, c.Listen)] = api
		}
		check := s.Healthcheck.Test
		asked, err := url.Parse(check[len(check)-1])
		if err != nil {
			t.Fatal(err)
		}
		handler, listens := handlers[asked.Port()]
		if !listens {
			t.Errorf("service %s is asked for its health at %s, where nothing listens", name, asked)
			continue
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, asked.Path, nil))
		if answer.Code != http.StatusOK {
			t.Errorf("service %s: %s answers %d", name, asked.Path, answer.Code)
		}
		for _, published := range s.Ports {
			parts := strings.Split(published, ":")
			if inside := parts[len(parts)-1]; handlers[inside] != api {
				t.Errorf("service %s publishes %s, which is not the API", name, published)
			}
		}
	}
	mail := strings.Split(services["worker"].Environment["SMTP_ADDR"], ":")[0]
	for _, host := range []string{mail, "postgres", "redis"} {
		if services[host].Image == "" || len(services[host].Healthcheck.Test) == 0 {
			t.Errorf("there is no service %s with a health check", host)
		}
	}
}

func port(t *testing.T, address string) string {
	t.Helper()
	_, p, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestReadmeListsEveryVariableWithItsDefault(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| (?:`([^`]*)`)? *\\|").FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, row[1]+"="+row[2])
	}
	var want []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[config.Config]()) {
		want = append(want, f.Tag.Get("env")+"="+f.Tag.Get("envDefault"))
	}
	if !slices.Equal(listed, want) {
		t.Errorf("README.md lists\n%q, not\n%q", listed, want)
	}
}
