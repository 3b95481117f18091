package referral

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// pageLife is how long her page stays open, in days.
const pageLife = 30

// FamilyPageForm opens her page: she asked for it, and said a word aloud.
type FamilyPageForm struct {
	Word     string `json:"word" validate:"max=60"`
	Said     string `json:"said" validate:"omitempty,oneof=voice in_person"`
	SheAsked bool   `json:"she_asked"`
}

func (f FamilyPageForm) meaning() []fault.Field {
	out := wordProblem(f.Word)
	if f.Said == "" {
		out = append(out, fault.Field{Pointer: "/said", Code: "required", Detail: "Say how she told you the word."})
	}
	if !f.SheAsked {
		out = append(out, fault.Field{Pointer: "/she_asked", Code: "required", Detail: "Only when she asked for it herself."})
	}
	return out
}

// FamilyPageLink is the address of her page. Path is shown once: the table keeps its hash.
type FamilyPageLink struct {
	CaseID    uuid.UUID `json:"case_id"`
	Path      string    `json:"path"`
	ExpiresAt time.Time `json:"expires_at"`
}

// OpenFamilyPage opens the page on which she sees how it goes. It is shut unless a person opens it, and cannot be opened where being seen with
// it may hurt her. An earlier page shuts. Nothing is sent: whoever opened it gives her the address by the way that is safe.
// Faults: Conflict with the reason; NotFound; Invalid.
func (s *Service) OpenFamilyPage(ctx context.Context, actor auth.Actor, id uuid.UUID, in FamilyPageForm) (FamilyPageLink, error) {
	if err := actor.Require(auth.FamilyPageOpen); err != nil {
		return FamilyPageLink{}, err
	}
	if err := s.checkForm(in); err != nil {
		return FamilyPageLink{}, err
	}
	salt := saltedWord()
	hash := wordHash(in.Word, salt)
	var out FamilyPageLink
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error { // not Once: a receipt that is kept would hold the address
		w := s.work(tx)
		c, err := w.store.lockCase(id)
		if err != nil {
			return err
		}
		f, err := w.familyBehind(c)
		switch {
		case err != nil:
			return err
		case f.safetyFlag(w.rulesAnyway()):
			return fault.New(fault.Conflict, "Her page stays shut: being seen with it may hurt her. Tell her how it goes by the way that she called safe.")
		case f.client.DoNotContact:
			return errHerWord()
		case f.client.DeathRecordedAt != nil:
			return fault.New(fault.Conflict, "A death is recorded. There is nobody to open a page for.")
		}
		token, tokenHash := newToken()
		w.store.shutPage(c.ID, "another")
		page := familyPage{ID: pg.NewID(), CaseID: c.ID, ClientID: c.CaregiverID, TokenHash: tokenHash, WordSalt: salt, WordHash: hash, Said: in.Said,
			OpenedAt: tx.Now, OpenedBy: actor.ID, ExpiresAt: tx.Now.AddDate(0, 0, pageLife)}
		if err := tx.Insert(&page); err != nil {
			return err
		}
		out = FamilyPageLink{CaseID: c.ID, Path: "/c/" + token, ExpiresAt: page.ExpiresAt}
		if lang := f.client.ReadLanguage; lang != nil && strings.HasPrefix(*lang, "es") {
			out.Path += "?lang=es" // she need not look for the switch
		}
		return w.audit.Record(audit.Event{Action: "open family page", CaseID: &c.ID, Subject: "family page", SubjectID: &page.ID,
			Detail: map[string]any{"said": in.Said}})
	})
	return out, err
}

// familyBehind is what is known of her on the case where her referrals are worked, and on this one: the stricter of both counts.
func (w *work) familyBehind(c Case) (*family, error) {
	f, err := w.store.family(c)
	if err != nil || c.StandsOn == nil {
		return &f, err
	}
	live, err := w.store.liveCase(c.ID)
	if err != nil {
		return nil, err
	}
	other, err := w.store.family(live)
	if err != nil || f.safetyFlag(w.rulesAnyway()) {
		return &f, err
	}
	return &other, nil
}

// FamilyPageView tells the hub whether a page of hers is open.
type FamilyPageView struct {
	CaseID    uuid.UUID  `json:"case_id"`
	Open      bool       `json:"open"`
	ExpiresAt *time.Time `json:"expires_at"`
	ShutAs    *string    `json:"shut_as"` // of the newest, when none is open
}

// FamilyPageOf shows it. NotFound.
func (s *Service) FamilyPageOf(ctx context.Context, actor auth.Actor, id uuid.UUID) (FamilyPageView, error) {
	return read(ctx, s, actor, auth.FamilyPageOpen, func(w *work) (FamilyPageView, error) {
		c, err := w.store.caseByID(id)
		if err != nil {
			return FamilyPageView{}, err
		}
		out := FamilyPageView{CaseID: c.ID}
		page, err := w.store.newestPage(c.ID)
		if err != nil || page == nil {
			return out, err
		}
		out.Open = page.ClosedAt == nil && page.ExpiresAt.After(w.tx.Now)
		out.ExpiresAt, out.ShutAs = &page.ExpiresAt, page.ClosedAs
		return out, nil
	})
}

// ShutFamilyPage ends her page at once. One that is not open is shut already. NotFound.
func (s *Service) ShutFamilyPage(ctx context.Context, actor auth.Actor, id uuid.UUID) (FamilyPageView, error) {
	if err := actor.Require(auth.FamilyPageOpen); err != nil {
		return FamilyPageView{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (FamilyPageView, error) {
		w := s.work(tx)
		c, err := w.store.lockCase(id)
		if err != nil {
			return FamilyPageView{}, err
		}
		w.store.shutPage(c.ID, "hub")
		return FamilyPageView{CaseID: c.ID, ShutAs: new("hub")},
			w.audit.Record(audit.Event{Action: "shut family page", CaseID: &c.ID, Subject: "case", SubjectID: &c.ID})
	})
}
