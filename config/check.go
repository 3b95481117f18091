package config

import (
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sendLimit is how long one mail may take (jobs/channel.SendLimit). A lease that ends before the send does would call a slow
// mail doubtful, and a person would have to look at each.
const sendLimit = 10 * time.Second

// aKey is one entry of SEAL_KEYS: an id, and 32 bytes in base64.
// aSender is short, since each text message carries it.
var aSender = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 .-]{0,19}$`)

var aKey = regexp.MustCompile(`^[1-9][0-9]{0,9}:[A-Za-z0-9+/]{43}=$`)

// problems says per variable what is wrong with what was read.
func (c Config) problems(needed Need) map[string]string {
	wrong := map[string]string{}
	check := func(name string, ok bool, problem string) {
		if !ok {
			wrong[name] = problem
		}
	}
	// An empty variable is one that is not set; whether it may be is the last question.
	set := func(name, value string, ok func(string) bool, problem string) {
		check(name, value == "" || ok(value), problem)
		check(name, value != "" || !slices.Contains(needed, name), "is needed and not set")
	}
	set("DATABASE_URL", string(c.DatabaseURL), isPostgres, "is not a URL of PostgreSQL")
	set("MIGRATE_DATABASE_URL", string(c.MigrateDatabaseURL), isPostgres, "is not a URL of PostgreSQL")
	check("MIGRATE_DATABASE_URL", c.MigrateDatabaseURL == "" || c.MigrateDatabaseURL != c.DatabaseURL,
		"is the same as DATABASE_URL: the user who owns the schema must not be the one who serves")
	set("REDIS_URL", string(c.RedisURL), isRedis, "is not a URL of Redis")
	set("SEAL_KEYS", string(c.SealKeys), areKeys, "is not a list of keys")
	set("BASE_URL", c.BaseURL, isBase, "is not an address to build links from")
	set("SMTP_ADDR", c.SMTPAddr, isAddress, "is not a host and port")
	set("SMTP_FROM", c.SMTPFrom, isMailbox, "is not an e-mail address")
	set("SENDER_NAME", c.SenderName, aSender.MatchString, "is not a short name")
	set("LISTEN", c.Listen, isAddress, "is not an address to listen on")
	set("METRICS_LISTEN", c.MetricsListen, isAddress, "is not an address to listen on")
	check("METRICS_LISTEN", c.MetricsListen != c.Listen || strings.HasSuffix(c.Listen, ":0"), "is the same as LISTEN")
	check("SMTP_TLS", slices.Contains([]string{"mandatory", "opportunistic", "none"}, c.SMTPTLS), "is not a word that we know")
	check("SMTP_PASSWORD", (c.SMTPUser == "") == (c.SMTPPassword == ""), "and SMTP_USER are set together or not at all")
	check("DB_MAX_CONNS", c.DBMaxConns >= 2 && c.DBMaxConns <= 200, "is out of range")
	check("TAKE_DAYS", c.TakeDays >= 1 && c.TakeDays <= 400, "is out of range")
	check("CONTACT_DAYS", c.ContactDays >= 1 && c.ContactDays <= 730, "is out of range")
	check("WORKER_LEASE", c.WorkerLease > sendLimit, "is shorter than one mail may take")
	check("WORKER_SWEEP", c.WorkerSweep >= 10*time.Millisecond && c.WorkerSweep <= time.Minute, "is not between 10ms and 1m")
	return wrong
}

func isPostgres(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

func isRedis(s string) bool {
	u, err := url.Parse(s)
	return err == nil && slices.Contains([]string{"redis", "rediss", "unix"}, u.Scheme)
}

func areKeys(s string) bool {
	return !slices.ContainsFunc(strings.Split(s, ","), func(k string) bool { return !aKey.MatchString(k) })
}

func isBase(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		u.RawQuery == "" && u.Fragment == "" && !strings.HasSuffix(s, "/")
}

func isAddress(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isMailbox(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil
}
