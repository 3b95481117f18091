package importer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
)

// Problem is one thing that is wrong with one row. It holds no value of the file.
type Problem struct {
	Line   int
	Column string // empty when the row as a whole is refused
	Reason string // a word, or the service's own sentence
}

// Outcome is what became of a caseload.
type Outcome struct {
	Enrolled int // named families, now cases of the program
	Listed   int // families without a name, now counted
	Already  int // there before: nothing was added
	Referred int // another agency may have her: the hub looks first
	Refused  int // rows, each with its problems
	Problems []Problem
}

// Columns are the columns of a caseload in the order in which we print them; a file may have them in any order and leave out those
// that it has nothing for.
func Columns() []string {
	return []string{"given_name", "family_name", "date_of_birth", "due_on", "child_born_on", "enrolled_on", "zip", "phone", "consent", "name_hash"}
}

// Caseload brings a program's current families from CSV. A family that consents becomes an enrolled case; of any other only a hash
// of her name and her birth date are kept, and she is counted. Each row is a transaction of its own, and the same file once more adds
// nothing: after a failure (a database that is away, a file that cannot be read) run it again. The actor is the system.
func Caseload(ctx context.Context, cases *referral.Service, network *providers.Service, programID uuid.UUID, file io.Reader) (Outcome, error) {
	actor := auth.System("import")
	program, err := network.Program(ctx, actor, programID)
	if err != nil {
		return Outcome{}, fmt.Errorf("find program %s: %w", programID, err)
	}
	actor.OrgID, actor.OrgKind = program.OrgID, auth.Agency // on whose behalf
	return bringAll(ctx, making(cases), actor, programID, file)
}

// makes is what becomes of a row: made, or only tried.
type makes struct {
	family func(context.Context, auth.Actor, referral.ImportForm) (referral.Imported, error)
	listed func(context.Context, auth.Actor, referral.ListForm) (referral.Imported, error)
}

func making(cases *referral.Service) makes { return makes{cases.ImportFamily, cases.ListServed} }

func trying(cases *referral.Service) makes { return makes{cases.TryFamily, cases.TryListed} }

func bringAll(ctx context.Context, cases makes, actor auth.Actor, programID uuid.UUID, file io.Reader) (Outcome, error) {
	var out Outcome
	table, err := open(file)
	if err != nil {
		return out, err
	}
	for {
		r, err := table.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("read the file after line %d: %w", table.line, err)
		}
		if err := out.bring(ctx, cases, actor, programID, r); err != nil {
			return out, fmt.Errorf("line %d: %w", r.line, err)
		}
	}
}

// bring writes one row and counts it. Only what stops the whole import is an error.
func (o *Outcome) bring(ctx context.Context, cases makes, actor auth.Actor, program uuid.UUID, r row) error {
	count := &o.Enrolled
	var got referral.Imported
	var err error
	problems := r.problems
	switch {
	case len(problems) > 0:
	case r.values["consent"] == "yes":
		form, wrong := r.family(program)
		if problems = wrong; len(wrong) == 0 {
			got, err = cases.family(ctx, actor, form)
		}
	default:
		count = &o.Listed
		form, wrong := r.listing(program)
		if problems = wrong; len(wrong) == 0 {
			got, err = cases.listed(ctx, actor, form)
		}
	}
	var refused *fault.Error
	switch {
	case err != nil && (!errors.As(err, &refused) || refused.Kind != fault.Invalid && refused.Kind != fault.Conflict):
		return err
	case err != nil:
		problems = translate(r.line, refused)
	}
	switch {
	case len(problems) > 0:
		o.Refused++
		o.Problems = append(o.Problems, problems...)
	case got.Already:
		o.Already++
	case got.Referred:
		o.Referred++
	default:
		*count++
	}
	return nil
}
