package referral

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// LargestScan is the most that a scan may have, in bytes.
const LargestScan = 5 << 20

// mostScans of one referral: a fax of many pages is one file.
const mostScans = 5

// The kinds of scan, told by their first bytes and never by what a browser or a name says.
const (
	ScanPDF  = "pdf"
	ScanPNG  = "png"
	ScanJPEG = "jpeg"
)

func scanKind(content []byte) string {
	for kind, begins := range map[string]string{ScanPDF: "%PDF-", ScanPNG: "\x89PNG\r\n\x1a\n", ScanJPEG: "\xff\xd8\xff"} {
		if bytes.HasPrefix(content, []byte(begins)) {
			return kind
		}
	}
	return ""
}

type scan struct {
	ID            uuid.UUID
	ReferralID    uuid.UUID
	Kind          string
	Bytes         int
	ContentSealed pg.Sealed
	KeptAt        time.Time
	KeptBy        uuid.UUID
	ErasedAt      *time.Time
	ErasedBy      *uuid.UUID
}

// TableName is gorm's.
func (scan) TableName() string { return "scans" }

// ScanView says of a scan that it is there; what it shows is in no list.
type ScanView struct {
	ID       uuid.UUID  `json:"id"`
	Kind     string     `json:"kind"`
	Bytes    int        `json:"bytes"`
	KeptAt   time.Time  `json:"kept_at"`
	ErasedAt *time.Time `json:"erased_at"`
}

// ScanFile is what a scan shows.
type ScanFile struct {
	Kind    string
	Content []byte
}

// LogValue: nothing of it may be logged.
func (ScanFile) LogValue() slog.Value { return slog.StringValue("[scan]") }

// KeepScan keeps the page that a referral came on, sealed, for the hub alone. The same file twice is kept once.
// Faults: TooLarge; Invalid for what is neither PDF nor PNG nor JPEG; NotFound; Conflict for a referral that did not come to the hub by hand.
func (s *Service) KeepScan(ctx context.Context, actor auth.Actor, referralID uuid.UUID, file io.Reader) (ScanView, error) {
	if err := actor.Require(auth.ReferralTake); err != nil {
		return ScanView{}, err
	}
	content, err := io.ReadAll(io.LimitReader(file, LargestScan+1))
	if err != nil {
		return ScanView{}, err
	}
	kind := scanKind(content)
	switch {
	case len(content) > LargestScan:
		return ScanView{}, fault.New(fault.TooLarge, "This file is larger than 5 MB. Scan it again in black and white or at 200 dpi.")
	case kind == "":
		return ScanView{}, fault.Problems([]fault.Field{{Pointer: "/file", Code: "kind", Detail: "This is not a PDF, PNG or JPEG file. Save the scan as one of these."}})
	}
	var out ScanView
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		r, err := w.store.lockTaken(referralID)
		if err != nil {
			return err
		}
		kept, err := w.store.scansOf([]uuid.UUID{r.ID})
		if err != nil {
			return err
		}
		if len(kept) >= mostScans {
			return fault.New(fault.Conflict, "This referral has %d scans already. Put the pages into one file.", mostScans)
		}
		row := scan{ID: pg.NewID(), ReferralID: r.ID, Kind: kind, Bytes: len(content), KeptAt: tx.Now, KeptBy: actor.ID}
		row.ContentSealed = tx.Keys().Seal("scans", "content_sealed", row.ID, content)
		out = row.view()
		if err := tx.Insert(&row); err != nil {
			return err
		}
		return w.audit.Record(audit.Event{Action: "keep scan", CaseID: &r.CaseID, Subject: "scan", SubjectID: &row.ID})
	})
	return out, err
}

func (s scan) view() ScanView { return ScanView{s.ID, s.Kind, s.Bytes, s.KeptAt, s.ErasedAt} }

// OpenScan is what a scan shows. That somebody looked is in the history before they see it. Faults: NotFound, also when it was erased.
func (s *Service) OpenScan(ctx context.Context, actor auth.Actor, id uuid.UUID) (ScanFile, error) {
	return read(ctx, s, actor, auth.ReferralTake, func(w *work) (ScanFile, error) {
		row, caseID, err := w.store.scan(id)
		if err != nil {
			return ScanFile{}, err
		}
		content, err := w.tx.Keys().Open("scans", "content_sealed", row.ID, row.ContentSealed)
		if err != nil {
			return ScanFile{}, wrap(err, "open scan %s", id)
		}
		return ScanFile{row.Kind, content}, w.audit.Record(audit.Event{Action: "open scan", CaseID: &caseID, Subject: "scan", SubjectID: &row.ID})
	})
}

// EraseScan takes away what a scan shows: it was the page of another family. That it was there stays. NotFound, also when it was erased before.
func (s *Service) EraseScan(ctx context.Context, actor auth.Actor, id uuid.UUID) (ScanView, error) {
	if err := actor.Require(auth.ReferralTake); err != nil {
		return ScanView{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (ScanView, error) {
		w := s.work(tx)
		row, caseID, err := w.store.scan(id)
		if err != nil {
			return ScanView{}, err
		}
		w.store.eraseScan(id)
		row.ErasedAt = &tx.Now
		return row.view(), w.audit.Record(audit.Event{Action: "erase scan", CaseID: &caseID, Subject: "scan", SubjectID: &row.ID})
	})
}

// ArrivalView is a referral of a case and how it came.
type ArrivalView struct {
	ID         uuid.UUID  `json:"id"`
	CaseID     uuid.UUID  `json:"case_id"`
	Reference  string     `json:"reference"`
	How        string     `json:"how"`    // api, page, import; phone, fax, paper or walk_in where the hub wrote it down
	Source     string     `json:"source"` // the organization, "" for herself and for somebody close to her
	ReceivedAt time.Time  `json:"received_at"`
	EnteredAt  time.Time  `json:"entered_at"`
	Scans      []ScanView `json:"scans"`
}

// ByHand: the hub wrote it down, so a scan of it may be kept.
func (a ArrivalView) ByHand() bool { return takenByHand(a.How) }

func takenByHand(channel string) bool {
	return channel == TakenByPhone || channel == TakenByFax || channel == TakenOnPaper || channel == TakenAtTheHub
}

// Arrivals are the referrals of a case, the oldest first. NotFound.
func (s *Service) Arrivals(ctx context.Context, actor auth.Actor, caseID uuid.UUID) (Page[ArrivalView], error) {
	return read(ctx, s, actor, auth.ReferralTake, func(w *work) (Page[ArrivalView], error) {
		_, err := w.store.caseByID(caseID)
		var items []ArrivalView
		if err == nil {
			items, err = w.arrivals("case_id", caseID)
		}
		if err != nil {
			return Page[ArrivalView]{}, err
		}
		return Page[ArrivalView]{Items: items}, w.audit.Viewed("list arrivals", caseID)
	})
}

// Arrival is one of them. NotFound.
func (s *Service) Arrival(ctx context.Context, actor auth.Actor, referralID uuid.UUID) (ArrivalView, error) {
	return read(ctx, s, actor, auth.ReferralTake, func(w *work) (ArrivalView, error) {
		items, err := w.arrivals("id", referralID)
		if err == nil && len(items) == 0 {
			err = fault.New(fault.NotFound, "There is no such referral.")
		}
		if err != nil {
			return ArrivalView{}, err
		}
		return items[0], w.audit.Viewed("list arrivals", items[0].CaseID)
	})
}

func (w *work) arrivals(where string, id uuid.UUID) ([]ArrivalView, error) {
	out := []ArrivalView{}
	rows, err := w.store.arrivals(where, id)
	if err != nil {
		return out, err
	}
	var all []uuid.UUID
	for _, r := range rows {
		all = append(all, r.ID)
	}
	kept, err := w.store.scansOf(all)
	for _, r := range rows {
		v := ArrivalView{r.ID, r.CaseID, r.Reference, r.Channel, r.Source, r.ReceivedAt, r.EnteredAt, []ScanView{}}
		for _, k := range kept {
			if k.ReferralID == r.ID {
				v.Scans = append(v.Scans, k.view())
			}
		}
		out = append(out, v)
	}
	return out, err
}
