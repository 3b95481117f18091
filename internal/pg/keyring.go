package pg

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/google/uuid"
)

// Sealed is the content of a sealed column: format 1, key id (4 bytes), nonce (12), ciphertext with tag. The database
// refuses anything else, so plain text cannot slip in.
type Sealed []byte

// LogValue keeps even ciphertext out of logs.
func (Sealed) LogValue() slog.Value { return slog.StringValue("[sealed]") }

// Keyring holds the AES-256 keys of sealed columns, newest first: the first seals, all of them open.
type Keyring struct {
	newest uint32
	aeads  map[uint32]cipher.AEAD
}

// ParseKeys reads SEAL_KEYS: "id:base64,id:base64", id a positive number, each key 32 bytes, newest first.
func ParseKeys(s string) (*Keyring, error) {
	k := &Keyring{aeads: map[uint32]cipher.AEAD{}}
	for i, part := range strings.Split(strings.TrimSpace(s), ",") {
		var id uint32
		name, text, found := strings.Cut(part, ":")
		if _, err := fmt.Sscanf(name, "%d", &id); !found || err != nil || id == 0 {
			return nil, fmt.Errorf("SEAL_KEYS entry %d: write it as number:base64", i+1)
		}
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) != 32 {
			return nil, fmt.Errorf("SEAL_KEYS entry %d: the key must be 32 bytes in base64", i+1)
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			return nil, err
		}
		if k.aeads[id], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
		if i == 0 {
			k.newest = id
		}
	}
	return k, nil
}

// NewKey makes one entry for SEAL_KEYS.
func NewKey(id uint32) string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // never fails
	return fmt.Sprintf("%d:%s", id, base64.StdEncoding.EncodeToString(raw))
}

// Seal encrypts plain for one column of one row. Empty text is nil: there is nothing to hide.
// Table, column and row are bound in, so ciphertext moved to another place does not open.
func (k *Keyring) Seal(table, column string, row uuid.UUID, plain []byte) Sealed {
	if len(plain) == 0 {
		return nil
	}
	out := make([]byte, 17, 17+len(plain)+16)
	out[0] = 1
	binary.BigEndian.PutUint32(out[1:], k.newest)
	_, _ = rand.Read(out[5:17])
	return k.aeads[k.newest].Seal(out, out[5:17], plain, aad(table, column, row))
}

// Open decrypts what Seal made for the same column and row. A command that was given no keys has no ring: nil.
func (k *Keyring) Open(table, column string, row uuid.UUID, sealed Sealed) ([]byte, error) {
	if len(sealed) == 0 {
		return nil, nil
	}
	if k == nil {
		return nil, errors.New("open a sealed column: set SEAL_KEYS as for the service")
	}
	if len(sealed) < 33 || sealed[0] != 1 {
		return nil, errors.New("open a sealed column: unknown format")
	}
	aead := k.aeads[binary.BigEndian.Uint32(sealed[1:])]
	if aead == nil {
		return nil, errors.New("open a sealed column: its key is not in SEAL_KEYS")
	}
	plain, err := aead.Open(nil, sealed[5:17], sealed[17:], aad(table, column, row))
	if err != nil {
		return nil, fmt.Errorf("open a sealed column of %s: %w", table, err)
	}
	return plain, nil
}

func aad(table, column string, row uuid.UUID) []byte {
	return []byte(table + "|" + column + "|" + row.String())
}
