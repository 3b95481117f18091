package bench

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// script replays what one request sent, with values of its own in the place of those that may stand in the database only
// once: else every replay would meet the rows, the locks and the constraints of the first.
type script struct {
	trips  []trip // arguments are plain values or filled
	values []func() string
	given  int // how many of the values, the first ones, the caller brings
}

// filled is an argument with values in it, as text or as bytes.
type filled struct {
	parts []part
	bytes bool
}

// part is a text, or when there is none the value of this number; unhex: its bytes instead of its hexadecimal digits.
type part struct {
	text  string
	value int
	unhex bool
}

// newScript prepares trips for replay. Replaced are: every id made since begun (ids of version 7 tell when they were made),
// each text in made by a new one of its length, each identity (a hash that is sent as bytes and as digits), and each text
// in given by what the caller of play brings.
func newScript(trips []trip, begun time.Time, made, given []string) *script {
	s := &script{given: len(given), values: make([]func() string, len(given))}
	for _, t := range trips {
		var plain trip
		for _, st := range t {
			plain = append(plain, statement{st.sql, normalize(st.args)})
		}
		s.trips = append(s.trips, plain)
	}
	words := given
	add := func(word string, fresh func() string) {
		words, s.values = append(words, word), append(s.values, fresh)
	}
	for _, text := range made {
		add(text, func() string { return rand.Text()[:len(text)] })
	}
	for _, id := range s.idsSince(begun) {
		add(id, func() string { return uuid.Must(uuid.NewV7()).String() })
	}
	for _, hash := range s.identities() {
		add(hash, func() string { var b [32]byte; _, _ = rand.Read(b[:]); return hex.EncodeToString(b[:]) })
	}
	s.fill(words)
	return s
}

// normalize turns arguments into what database/sql would send; what it cannot, a slice, holds no id and stays.
func normalize(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		if v, err := driver.DefaultParameterConverter.ConvertValue(a); err == nil {
			out[i] = v
		}
	}
	return out
}

// each visits the arguments that hold text.
func (s *script) each(visit func(text string, arg *any)) {
	for _, t := range s.trips {
		for _, st := range t {
			for i := range st.args {
				switch v := st.args[i].(type) {
				case string:
					visit(v, &st.args[i])
				case []byte:
					visit(string(v), &st.args[i])
				}
			}
		}
	}
}

func (s *script) idsSince(begun time.Time) (ids []string) {
	pattern := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	seen := map[string]bool{}
	s.each(func(text string, _ *any) {
		for _, found := range pattern.FindAllString(text, -1) {
			sec, nsec := uuid.MustParse(found).Time().UnixTime()
			if !seen[found] && !time.Unix(sec, nsec).Before(begun.Truncate(time.Millisecond)) {
				ids = append(ids, found)
			}
			seen[found] = true
		}
	})
	return ids
}

func (s *script) identities() (hashes []string) {
	asBytes, seen := map[string]bool{}, map[string]bool{}
	s.each(func(text string, arg *any) {
		if _, is := (*arg).([]byte); is {
			asBytes[hex.EncodeToString([]byte(text))] = true
		}
	})
	s.each(func(text string, _ *any) {
		if len(text) == 64 && asBytes[text] && !seen[text] {
			hashes, seen[text] = append(hashes, text), true
		}
	})
	return hashes
}

// fill cuts each argument that holds one of the words into parts.
func (s *script) fill(words []string) {
	if len(words) == 0 {
		return
	}
	number := map[string]int{}
	quoted := make([]string, len(words))
	for i, w := range words {
		number[w], quoted[i] = i, regexp.QuoteMeta(w)
	}
	pattern := regexp.MustCompile(strings.Join(quoted, "|"))
	s.each(func(text string, arg *any) {
		_, bytes := (*arg).([]byte)
		if n, is := number[hex.EncodeToString([]byte(text))]; is {
			*arg = filled{[]part{{value: n, unhex: true}}, true}
			return
		}
		var parts []part
		end := 0
		for _, at := range pattern.FindAllStringIndex(text, -1) {
			if at[0] > end {
				parts = append(parts, part{text: text[end:at[0]]})
			}
			parts = append(parts, part{value: number[text[at[0]:at[1]]]})
			end = at[1]
		}
		if end == 0 {
			return
		}
		if end < len(text) {
			parts = append(parts, part{text: text[end:]})
		}
		*arg = filled{parts, bytes}
	})
}

// play sends everything again on conn, trip for trip, and reads every row that comes back.
func (s *script) play(ctx context.Context, conn *pgx.Conn, given ...string) error {
	values := given[:s.given:s.given]
	for _, fresh := range s.values[s.given:] {
		values = append(values, fresh())
	}
	for _, t := range s.trips {
		if err := t.send(ctx, conn, values); err != nil {
			return err
		}
	}
	return nil
}

func (t trip) send(ctx context.Context, conn *pgx.Conn, values []string) error {
	if len(t) > 1 {
		batch := &pgx.Batch{}
		for _, st := range t {
			batch.Queue(st.sql, st.with(values)...)
		}
		if err := conn.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("replay a batch of %d: %w", len(t), err)
		}
		return nil
	}
	rows, err := conn.Query(ctx, t[0].sql, t[0].with(values)...)
	if err == nil {
		rows.Close()
		err = rows.Err()
	}
	if err != nil {
		return fmt.Errorf("replay %q: %w", t[0].sql, err)
	}
	return nil
}

func (st statement) with(values []string) []any {
	out := make([]any, len(st.args))
	for i, a := range st.args {
		if f, is := a.(filled); is {
			out[i] = f.with(values)
		} else {
			out[i] = a
		}
	}
	return out
}

func (f filled) with(values []string) any {
	if f.parts[0].unhex {
		raw, _ := hex.DecodeString(values[f.parts[0].value]) // digits of our own making
		return raw
	}
	var b strings.Builder
	for _, p := range f.parts {
		if p.text == "" {
			b.WriteString(values[p.value])
		}
		b.WriteString(p.text)
	}
	if f.bytes {
		return []byte(b.String())
	}
	return b.String()
}
