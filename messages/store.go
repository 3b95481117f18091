package messages

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

// pastShown is how many versions of the past a template lists in each language.
const pastShown = 10

// store reads and writes templates. Use it as the hub.
type store struct{ tx *pg.Tx }

// lock keeps two writers of one template apart.
func (s store) lock(id uuid.UUID) error {
	err := s.tx.Gorm().Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 22))`, id.String()).Error
	if err != nil {
		return fmt.Errorf("wait for template %s: %w", id, err)
	}
	return nil
}

const versionRows = `SELECT v.id, v.template_id, v.language, v.version, v.subject, v.body, v.status, v.written_at, v.written_by AS written_id, v.approved_at,
	v.ended_at, coalesce(w.name, '') AS written_by, coalesce(a.name, '') AS approved_by FROM message_versions v
	LEFT JOIN users w ON w.id = v.written_by LEFT JOIN users a ON a.id = v.approved_by `

// templates are all of them, or one, each with its languages.
func (s store) templates(one, reader uuid.UUID) ([]Template, error) {
	by := map[string]any{"one": one, "none": uuid.Nil}
	var versions []Version
	if err := s.tx.Gorm().Raw(versionRows+`WHERE CAST(@one AS uuid) = @none OR v.template_id = @one ORDER BY v.version DESC`, by).Scan(&versions).Error; err != nil {
		return nil, fmt.Errorf("read the versions of message templates: %w", err)
	}
	names, err := s.names()
	if err != nil {
		return nil, err
	}
	all := []Template{}
	for _, t := range catalogue() {
		if one != uuid.Nil && one != t.id {
			continue
		}
		shown := Template{ID: t.id, Code: t.code, Channel: t.channel}
		for _, language := range Languages() {
			in, known := Tongue{Language: language, Past: []Version{}}, false
			for _, v := range versions {
				if v.TemplateID == t.id && v.Language == language {
					known = true
					in.sort(v)
				}
			}
			if !known { // nobody has touched what came with the service
				in.Draft = t.draft(language)
			}
			if d := in.Draft; d != nil {
				d.MayApprove = (d.WrittenID == nil || *d.WrittenID != reader) && len(Check(t.channel, d.Words(), names).Findings) == 0
			}
			shown.Languages = append(shown.Languages, in)
		}
		all = append(all, shown)
	}
	return all, nil
}

func (t *Tongue) sort(v Version) {
	switch {
	case v.Status == Approved:
		t.Approved = &v
	case v.Status == Draft:
		t.Draft = &v
	case len(t.Past) < pastShown:
		t.Past = append(t.Past, v)
	}
}

func (s store) template(id, reader uuid.UUID) (Template, error) {
	found, err := s.templates(id, reader)
	if err == nil && len(found) == 0 {
		err = pg.NotFound(gorm.ErrRecordNotFound, "template")
	}
	if err != nil {
		return Template{}, err
	}
	return found[0], nil
}

func (s store) version(id uuid.UUID) (Version, error) {
	var found []Version
	if err := s.tx.Gorm().Raw(versionRows+`WHERE v.id = ?`, id).Scan(&found).Error; err != nil {
		return Version{}, fmt.Errorf("read version %s of a message template: %w", id, err)
	}
	if len(found) > 0 {
		return found[0], nil
	}
	if v := shippedVersion(id); v != nil {
		return *v, nil
	}
	return Version{}, pg.NotFound(gorm.ErrRecordNotFound, "template")
}

// names are those of every organization and program, which no message may hold.
func (s store) names() (names []string, err error) {
	err = s.tx.Gorm().Raw(`SELECT name FROM organizations UNION SELECT name FROM programs UNION SELECT name FROM sites`).Scan(&names).Error
	if err != nil {
		return nil, fmt.Errorf("read the names of the network: %w", err)
	}
	return names, nil
}

// draft writes a version behind the newest; a draft before it is replaced.
func (s store) draft(template uuid.UUID, w Words, in Tongue, writer uuid.UUID) (version int) {
	version = 1
	for _, v := range in.Past {
		version = max(version, v.Version+1)
	}
	if in.Approved != nil {
		version = max(version, in.Approved.Version+1)
	}
	if in.Draft != nil && in.Draft.WrittenID == nil { // what came with the service is written down with whatever takes its place
		s.insert(*in.Draft, nil)
	}
	if in.Draft != nil {
		version = max(version, in.Draft.Version+1)
		s.end(in.Draft.ID, Replaced)
	}
	s.insert(Version{ID: pg.NewID(), TemplateID: template, Language: w.Language, Version: version, Subject: w.Subject, Body: w.Body}, &writer)
	return version
}

// insert writes a draft; writer nil: it came with the service.
func (s store) insert(v Version, writer *uuid.UUID) {
	var at *time.Time
	if writer != nil {
		at = &s.tx.Now
	}
	s.tx.Queue(`INSERT INTO message_versions (id, template_id, language, version, subject, body, status, written_at, written_by)
		VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8)`, v.ID, v.TemplateID, v.Language, v.Version, v.Subject, v.Body, at, writer)
}

func (s store) end(version uuid.UUID, status string) {
	s.tx.Queue(`UPDATE message_versions SET status = $2, ended_at = $3 WHERE id = $1`, version, status, s.tx.Now)
}

func (s store) approve(v Version, by uuid.UUID) {
	s.tx.Queue(`UPDATE message_versions SET status = 'replaced', ended_at = $3 WHERE template_id = $1 AND language = $2 AND status = 'approved'`, v.TemplateID, v.Language, s.tx.Now)
	if v.WrittenID == nil {
		s.insert(v, nil)
	}
	s.tx.Queue(`UPDATE message_versions SET status = 'approved', approved_at = $2, approved_by = $3 WHERE id = $1`, v.ID, s.tx.Now, by)
}

// InUse is what machines say in a language by a way, ok where a version is approved. Read it as the hub.
func InUse(tx *pg.Tx, code, channel, language string) (w Words, ok bool, err error) {
	var found []Words
	err = tx.Gorm().Raw(`SELECT v.language, v.subject, v.body FROM message_versions v
		WHERE v.template_id = ? AND v.language = ? AND v.status = 'approved'`, idOf(code, channel), language).Scan(&found).Error
	if err != nil {
		return Words{}, false, fmt.Errorf("look for the template %s by %s: %w", code, channel, err)
	}
	if len(found) == 0 {
		return Words{}, false, nil
	}
	return found[0], true, nil
}
