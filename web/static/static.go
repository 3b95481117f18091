package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed all:files all:LICENSES
var files embed.FS

// Files serves what was built. One hash over all of it stands in every address, so that a browser keeps a file for a year and
// asks anew the day that any of them changes; styles name their fonts and pictures relative to themselves and need no rewriting.
type Files struct {
	prefix string
	held   map[string]held
}

type held struct {
	kind        string
	plain, gzip []byte
}

// Pattern is the route of Files, with the rest of the path as "*".
const Pattern = "/static/:version/*"

// Open reads the files. It fails only when the build put in something that it cannot read.
func Open() (*Files, error) {
	f := &Files{held: map[string]held{}}
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		plain, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(name, "files/")
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", name, len(plain), plain)
		h := held{kind: kind(name), plain: plain}
		if small := squeeze(plain); !strings.HasSuffix(name, ".woff2") && len(small) < len(plain) {
			h.gzip = small
		}
		f.held[name] = h
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the static files: %w", err)
	}
	f.prefix = "/static/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
	return f, nil
}

// URL is the address of a file, such as "app.css".
func (f *Files) URL(name string) string { return f.prefix + name }

// ServeHTTP answers a file. Another version's address gets this version, without being kept: a page that was open during a
// deploy still finds its styles.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
	h, ok := f.held[path.Clean(name)]
	if !ok {
		http.Error(w, "There is nothing at this address.", http.StatusNotFound)
		return
	}
	head := w.Header()
	head.Set("Content-Type", h.kind)
	head.Set("Vary", "Accept-Encoding")
	head.Set("Cache-Control", "no-cache")
	if "/static/"+version+"/" == f.prefix {
		head.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := h.plain
	if h.gzip != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		head.Set("Content-Encoding", "gzip")
		body = h.gzip
	}
	_, _ = w.Write(body)
}

func kind(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".md", ".txt":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func squeeze(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a good one
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}
