package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is the environment as every role of the binary reads it. The tag "write" says what a person should write.
type Config struct {
	DatabaseURL        Secret `env:"DATABASE_URL" write:"the URL of PostgreSQL with the login role doorstep_app, postgres://doorstep_app:...@host/doorstep"`
	MigrateDatabaseURL Secret `env:"MIGRATE_DATABASE_URL" write:"the URL of PostgreSQL with the user that owns the schema"`
	DBMaxConns         int    `env:"DB_MAX_CONNS" envDefault:"12" write:"a number of connections from 2 to 200"`
	RedisURL           Secret `env:"REDIS_URL" write:"the URL of Redis, redis://:password@host:6379/0, rediss:// or unix:///path"`
	SealKeys           Secret `env:"SEAL_KEYS" write:"keys of sealed columns, newest first: id:base64 of 32 bytes, comma, the next"`

	Listen         string         `env:"LISTEN" envDefault:":8080" write:"the address of the API, host:port or :port"`
	MetricsListen  string         `env:"METRICS_LISTEN" envDefault:"127.0.0.1:9090" write:"the address of metrics, host:port; not one that the internet reaches"`
	BaseURL        string         `env:"BASE_URL" write:"the address at which people reach Doorstep, https://host, without a slash at the end"`
	HelpPhone      string         `env:"HELP_PHONE" write:"the telephone number of whoever helps people with Doorstep, as they should read it"`
	CrisisLines    string         `env:"CRISIS_LINES" write:"numbers for somebody in danger, beside 911 and 988, as families should read them"`
	LeaveTo        string         `env:"LEAVE_TO" envDefault:"https://www.weather.gov/" write:"the page to which Leave this page leads, one that says nothing of whoever reads it"`
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES" write:"networks of your reverse proxies, 10.0.0.0/8,192.168.1.7/32; empty when there is none"`

	SMTPAddr     string `env:"SMTP_ADDR" write:"the mail server, host:port"`
	SMTPUser     string `env:"SMTP_USER" write:"the name to sign in with at the mail server"`
	SMTPPassword Secret `env:"SMTP_PASSWORD" write:"the password for SMTP_USER"`
	SMTPTLS      string `env:"SMTP_TLS" envDefault:"mandatory" write:"mandatory, opportunistic or none"`
	SMTPFrom     string `env:"SMTP_FROM" write:"the sender of mail, an address of your domain"`

	SenderName string `env:"SENDER_NAME" envDefault:"Doorstep" write:"the name that stands in messages to families, at most 20 letters; one that says nothing of what you do"`

	WorkerLease time.Duration `env:"WORKER_LEASE" envDefault:"60s" write:"how long a job may take before another worker gets it, a duration above 10s such as 60s"`
	WorkerSweep time.Duration `env:"WORKER_SWEEP" envDefault:"1s" write:"how often to look for what is due, a duration such as 1s"`

	RulePack    string `env:"RULE_PACK" envDefault:"baltimore" write:"the name of a shipped rule pack, or the path of a folder of rules such as ./rules"`
	ContactDays int    `env:"CONTACT_DAYS" envDefault:"90" write:"after how many days a number or address that nobody checked is not relied upon, 1 to 730"`
	TakeDays    int    `env:"TAKE_DAYS" envDefault:"30" write:"how many days ago a telephone call, fax or paper may have come that the hub writes down today, 1 to 400"`

	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info" write:"debug, info, warn or error"`
}

// Need names the variables that a role of the binary cannot do without.
type Need []string

// Serve is what the API needs. Without Redis it takes referrals all the same.
func Serve() Need { return Need{"DATABASE_URL", "SEAL_KEYS"} }

// Worker is what the worker needs.
func Worker() Need { return append(Serve(), "REDIS_URL", "BASE_URL", "SMTP_ADDR", "SMTP_FROM") }

// Migrate is what changing the schema needs.
func Migrate() Need { return Need{"MIGRATE_DATABASE_URL"} }

// Command is what a command needs that reads or writes the database and ends.
func Command() Need { return Need{"DATABASE_URL"} }

// Read takes the environment ("NAME=value" as os.Environ gives it) and returns the settings, or one error that names every
// variable that is wrong, or needed and missing, with what to write. Variables that are not Doorstep's are ignored.
func Read(environ []string, needed Need) (Config, error) {
	c, err := env.ParseAsWithOptions[Config](env.Options{Environment: env.ToMap(environ)})
	wrong := unreadable(err)
	for name, problem := range c.problems(needed) {
		if _, said := wrong[name]; !said {
			wrong[name] = problem
		}
	}
	if len(wrong) == 0 {
		return c, nil
	}
	var lines []error
	for _, v := range variables() {
		if problem, ok := wrong[v.name]; ok {
			lines = append(lines, fmt.Errorf("%s %s. Write %s", v.name, problem, v.write))
		}
	}
	return Config{}, fmt.Errorf("the environment needs a correction:\n%w", errors.Join(lines...))
}

// Names lists every variable, in the order of Config.
func Names() []string {
	var names []string
	for _, v := range variables() {
		names = append(names, v.name)
	}
	return names
}

type variable struct{ field, name, write string }

func variables() []variable {
	var all []variable
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		all = append(all, variable{f.Name, f.Tag.Get("env"), f.Tag.Get("write")})
	}
	return all
}

// unreadable translates the reader's errors, which name fields of Go and quote values, into the variables' names.
func unreadable(err error) map[string]string {
	wrong := map[string]string{}
	var all env.AggregateError
	if !errors.As(err, &all) {
		return wrong
	}
	for _, one := range all.Errors {
		var parse env.ParseError
		if errors.As(one, &parse) {
			at := slices.IndexFunc(variables(), func(v variable) bool { return v.field == parse.Name })
			wrong[variables()[at].name] = "cannot be read as " + strings.TrimPrefix(parse.Type.String(), "time.")
		}
	}
	return wrong
}
