package referral

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
)

// Texts is a text[] column; nil is stored as the empty array.
type Texts []string

// Scan reads a text[].
func (t *Texts) Scan(src any) error {
	if src == nil {
		*t = nil
		return nil
	}
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("scan text[] from %T", src)
	}
	return pgtype.NewMap().SQLScanner((*[]string)(t)).Scan(text)
}

// Value writes a text[].
func (t Texts) Value() (driver.Value, error) {
	if t == nil {
		t = Texts{}
	}
	buf, err := pgtype.NewMap().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, []string(t), nil)
	return string(buf), err
}

// JSON is a jsonb column; nil is NULL.
type JSON json.RawMessage

// Scan reads a jsonb.
func (j *JSON) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*j = nil
	case []byte:
		*j = append((*j)[:0], v...)
	case string:
		*j = JSON(v)
	default:
		return fmt.Errorf("scan jsonb from %T", src)
	}
	return nil
}

// Value writes a jsonb.
func (j JSON) Value() (driver.Value, error) {
	if j == nil {
		return nil, nil
	}
	return string(j), nil
}

// MarshalJSON writes the document itself.
func (j JSON) MarshalJSON() ([]byte, error) {
	if j == nil {
		return []byte("null"), nil
	}
	return j, nil
}
