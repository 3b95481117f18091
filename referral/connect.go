package referral

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// ConnectForm sends her to one other service, with her yes to this one.
type ConnectForm struct {
	Kind           string `json:"kind" validate:"required,oneof=prenatal_care wic crib bereavement doula groups food housing utilities cooling lead income legal mental_health treatment contraception early_intervention quitline transport other"`
	Destination    string `json:"destination" validate:"required,max=80"` // its code, or its name
	ConsentHow     string `json:"consent_how" validate:"required,oneof=in_person phone signed link"`
	Language       string `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string `json:"wording_version" validate:"omitempty,wording"`
	SheAsked       bool   `json:"she_asked"` // contraception only at her own asking
}

func (f ConnectForm) meaning() []fault.Field {
	var problems []fault.Field
	if f.Destination != "" && (strings.TrimSpace(f.Destination) != f.Destination || strings.ContainsFunc(f.Destination, func(r rune) bool { return !unicode.IsPrint(r) })) {
		problems = append(problems, fault.Field{Pointer: "/destination", Code: "printable", Detail: "A code or name in one line, without spaces around it."})
	}
	if f.Kind == "contraception" && !f.SheAsked {
		problems = append(problems, fault.Field{Pointer: "/she_asked", Code: "required", Detail: "Only when she asked for it herself."})
	}
	return problems
}

// connectionCheckDays is how many business days pass before somebody asks how it ended, where no rule set says another.
// GetHelpOC: no later than 14 business days, gethelpoc-211oc.happyfox.com kb 414.
const connectionCheckDays = 14

// Connect writes that she was sent to another service; the organization that sent her answers for how it ends, also when the
// case has ended. It goes to the service and not to her, so no hold stops it. An agency connects a family that it has, the hub
// any open case. Faults: Conflict while she is under way to the same destination for the same; NotFound.
func (s *Service) Connect(ctx context.Context, actor auth.Actor, id uuid.UUID, in ConnectForm) (Receipt, error) {
	r, err := s.move(ctx, actor, auth.CaseConnect, id, ActConnect, in, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		due, err := m.connectionCheck(actor.OrgID)
		if err != nil {
			return err
		}
		c := Connection{ID: pg.NewID(), CaseID: m.c.ID, ClientID: m.c.CaregiverID, OrgID: actor.OrgID, Kind: in.Kind, Destination: in.Destination,
			Status: connectionSent, ConsentHow: in.ConsentHow, WordingVersion: in.WordingVersion, Language: in.Language,
			SentAt: m.tx.Now, SentBy: actor.ID, OpenedMove: &m.id}
		m.created = &c.ID
		m.detail["connection"], m.detail["kind"] = c.ID, c.Kind
		if err := m.tx.Insert(&c); err != nil {
			return err
		}
		m.discloseOutside(discloseConnection, "identity", "other_service", herAnswer, c.Destination, c.ID)
		return m.promise(jobs.ConnectionCheck, c.ID, c.OrgID, due)
	})
	if pg.IsUnique(err, "connections_one_open") {
		return Receipt{}, fault.New(fault.Conflict, "She was sent there for this already, and nobody has written how it ended.")
	}
	return r, err
}

// connectionCheck is by when an organization that sends her now asks how it ended.
func (m *moving) connectionCheck(org uuid.UUID) (time.Time, error) {
	cal, err := m.calendar(org)
	if err != nil {
		return time.Time{}, err
	}
	if clocks := m.clocks(); clocks != nil {
		return deadline(clocks.ConnectionCheck, cal, m.tx.Now), nil
	}
	return cal.AddBusinessDays(m.tx.Now, connectionCheckDays), nil
}

// ConnectionUnsettled is the follow-up behind connection.check: whoever sent her asks how it ended.
func (s *Service) ConnectionUnsettled(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		return m.askWhoAnswers(promise, taskConnection, false, auth.TriageCoordinator, auth.AgencyCoordinator)
	})
}
