package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// ReturnForm names children who live with her again.
type ReturnForm struct {
	Version int         `json:"version" validate:"min=0"`
	Infants []uuid.UUID `json:"infants" validate:"required,min=1,max=9,unique"`
}

func (in ReturnForm) seen() int { return in.Version }

// ReturnChild brings children of the episode back into this case, out of that of whoever had them, as ChangeCaregiver led them away.
// Neither side learns of the other, and a person decides how both go on. Two cases are locked, this one first.
// Faults: Invalid for a child that does not stand in another caregiver's case.
func (s *Service) ReturnChild(ctx context.Context, actor auth.Actor, id uuid.UUID, in ReturnForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseCaregiver, id, ActReturn, in, func(m *moving) error {
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.childrenBack(f, in.Infants); err != nil {
			return err
		}
		return m.personDecides(f, reviewChildBack, taskChildBack)
	})
}

// childElsewhere is a child with the case in which it stands.
type childElsewhere struct {
	Infant
	Elsewhere uuid.UUID
}

// childrenBack takes children out of the cases in which they stand and lets them stand in this one.
func (m *moving) childrenBack(f *family, ids []uuid.UUID) error {
	away, err := m.store.childrenElsewhere(m.c)
	if err != nil {
		return err
	}
	from := map[uuid.UUID][]uuid.UUID{}
	var order []uuid.UUID
	for _, id := range ids {
		child, known := find(away, func(c childElsewhere) bool { return c.ID == id })
		if !known {
			return fault.Problems([]fault.Field{{Pointer: "/infants", Code: "unknown", Detail: "One of these does not live with another caregiver of this record."}})
		}
		if from[child.Elsewhere] == nil {
			order = append(order, child.Elsewhere)
		}
		from[child.Elsewhere] = append(from[child.Elsewhere], id)
		f.infants, f.gone = append(f.infants, child.Infant), max(0, f.gone-1)
	}
	for _, other := range order {
		if err := m.leave(other, from[other]); err != nil {
			return err
		}
	}
	custody := withParent
	if m.c.CaregiverRole != careGiverIsBirthParent {
		custody = custodyOf(m.c.CaregiverRole)
	}
	m.store.moveInfants(ids, m.c.ID, custody)
	m.detail["infants"] = ids
	return nil
}

// leave says on another case, in this transaction, that children no longer live there. A closed case stays as it is.
func (m *moving) leave(other uuid.UUID, ids []uuid.UUID) error {
	there, err := m.lock(other, ActCaregiver)
	if err != nil || !there.c.open() {
		return err
	}
	f, err := there.family()
	if err != nil {
		return err
	}
	before := len(f.infants)
	f.infants = slices.DeleteFunc(f.infants, func(child Infant) bool { return slices.Contains(ids, child.ID) })
	f.gone += before - len(f.infants)
	if err := there.childrenLeft(f); err != nil {
		return err
	}
	return there.save()
}
