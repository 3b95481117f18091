package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"doorstep/config"
)

const aKey = "1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

func good() map[string]string {
	return map[string]string{
		"DATABASE_URL": "postgres://doorstep_app:hush1@db/doorstep", "MIGRATE_DATABASE_URL": "postgres://owner:hush2@db/doorstep",
		"REDIS_URL": "redis://:hush3@redis:6379/0", "SEAL_KEYS": aKey, "BASE_URL": "https://doorstep.example.org",
		"SMTP_ADDR": "mail:25", "SMTP_FROM": "hub@example.org", "SMTP_USER": "hub", "SMTP_PASSWORD": "hush4",
		"TRUSTED_PROXIES": "10.0.0.0/8,192.168.1.7/32", "LANG": "C",
	}
}

func environ(m map[string]string) []string {
	var out []string
	for k, v := range m {
		out = append(out, k+"="+v)
	}
	return out
}

func TestReadGivesDefaultsForWhatIsNotSet(t *testing.T) {
	c, err := config.Read(environ(good()), config.Worker())
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != ":8080" || c.MetricsListen != "127.0.0.1:9090" || c.WorkerLease != time.Minute || c.SMTPTLS != "mandatory" || c.SenderName != "Doorstep" || c.RulePack == "" ||
		c.LogLevel != slog.LevelInfo || len(c.TrustedProxies) != 2 {
		t.Errorf("unexpected settings: %+v", c)
	}
}

func TestReadNamesEveryProblemAtOnce(t *testing.T) {
	m := good()
	broken := map[string]string{
		"DATABASE_URL": "mysql://db", "REDIS_URL": "", "SEAL_KEYS": "1:short", "LISTEN": "8080", "BASE_URL": "doorstep.example.org/",
		"SMTP_TLS": "maybe", "SMTP_PASSWORD": "", "TRUSTED_PROXIES": "10.0.0.1", "DB_MAX_CONNS": "many", "WORKER_LEASE": "10s",
		"WORKER_SWEEP": "soon", "LOG_LEVEL": "loud", "SMTP_FROM": "nobody", "SENDER_NAME": "The Office of Home Visiting",
	}
	for k, v := range broken {
		m[k] = v
	}
	_, err := config.Read(environ(m), config.Worker())
	if err == nil {
		t.Fatal("a broken environment was accepted")
	}
	lines := strings.Split(err.Error(), "\n")[1:]
	for name := range broken {
		var found bool
		for _, line := range lines {
			found = found || strings.HasPrefix(line, name+" ") && strings.Contains(line, ". Write ")
		}
		if !found {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
	if len(lines) != len(broken) {
		t.Errorf("%d problems for %d broken variables:\n%v", len(lines), len(broken), err)
	}
}

func TestEachRoleNeedsOnlyItsOwn(t *testing.T) {
	for name, need := range map[string]config.Need{"serve": config.Serve(), "worker": config.Worker(), "migrate": config.Migrate(), "command": config.Command()} {
		m := map[string]string{}
		for _, v := range need {
			m[v] = good()[v]
		}
		if _, err := config.Read(environ(m), need); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, v := range need {
			delete(m, v)
			if _, err := config.Read(environ(m), need); err == nil || !strings.Contains(err.Error(), v+" is needed and not set") {
				t.Errorf("%s without %s: %v", name, v, err)
			}
			m[v] = good()[v]
		}
	}
}

func TestOwnerMayNotServe(t *testing.T) {
	m := good()
	m["MIGRATE_DATABASE_URL"] = m["DATABASE_URL"]
	if _, err := config.Read(environ(m), config.Serve()); err == nil || !strings.Contains(err.Error(), "MIGRATE_DATABASE_URL is the same") {
		t.Errorf("the same login for both was accepted: %v", err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	m := good()
	c, err := config.Read(environ(m), config.Worker())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("start", "config", c, "list", []any{c.RedisURL}, "one", c.SealKeys)
	slog.New(slog.NewTextHandler(&out, nil)).Info("start", "config", c)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb, c)
		fmt.Fprintf(&out, verb, c.SMTPPassword)
	}
	text, _ := json.Marshal(c)
	out.Write(text)
	m["DATABASE_URL"], m["WORKER_LEASE"] = "mysql://user:hush1@db", "hush2"
	_, err = config.Read(environ(m), config.Worker())
	fmt.Fprint(&out, err)
	for _, secret := range []string{"hush", aKey[2:20], fmt.Sprintf("%x", "hush")} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q was printed: %s", secret, out.String())
		}
	}
}
