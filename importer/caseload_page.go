package importer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral"
)

// What a page takes at once: an agency serves fewer families, and somebody waits for the answer.
const (
	CaseloadRows  = 300
	caseloadBytes = 1 << 20
)

// KeepCaseload keeps a file of current families until somebody has seen what it would make. Faults: Forbidden, NotFound, Invalid at /file for what
// is no table of a caseload.
func KeepCaseload(ctx context.Context, cases *referral.Service, actor auth.Actor, program uuid.UUID, file io.Reader) (uuid.UUID, error) {
	if _, _, err := cases.OnBehalf(ctx, actor, program); err != nil { // before anything is said of a file
		return uuid.Nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, caseloadBytes+1))
	if err != nil {
		return uuid.Nil, fmt.Errorf("read a caseload: %w", err)
	}
	if len(text) > caseloadBytes {
		return uuid.Nil, refuseFile("too_large", "The file is larger than 1 MB. A caseload of %d rows is far smaller.", CaseloadRows)
	}
	if sheet, err := openSheet(bytes.NewReader(text)); err != nil { // it knows workbooks, PDF and the like
		return uuid.Nil, err
	} else if sheet.csv.Comma != ',' {
		return uuid.Nil, refuseFile("separator", "The columns are not separated by commas. Choose Save As and the type CSV UTF-8 (comma delimited).")
	}
	rows, err := open(bytes.NewReader(text))
	if err != nil {
		return uuid.Nil, refuseFile("header", "The first row is not that of a caseload: %s.", err)
	}
	n := 0
	for ; ; n++ {
		if _, err := rows.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return uuid.Nil, refuseFile("not_csv", "The file cannot be read after line %d.", rows.line)
		}
	}
	if n == 0 || n > CaseloadRows {
		return uuid.Nil, refuseFile("rows", "The file has %d rows below its header; 1 to %d can be brought at once.", n, CaseloadRows)
	}
	return cases.KeepCaseload(ctx, actor, program, text)
}

// TryCaseload says what a kept file would make, and makes nothing. Faults: Forbidden, NotFound.
func TryCaseload(ctx context.Context, cases *referral.Service, actor auth.Actor, id uuid.UUID) (referral.CaseloadFile, Outcome, error) {
	return kept(ctx, cases, trying(cases), actor, id)
}

// BringCaseload makes what a kept file says, row by row, and forgets the file. Rows that are refused are left out; after a failure the same once
// more adds what is missing. Faults: as TryCaseload's.
func BringCaseload(ctx context.Context, cases *referral.Service, actor auth.Actor, id uuid.UUID) (referral.CaseloadFile, Outcome, error) {
	file, out, err := kept(ctx, cases, making(cases), actor, id)
	if err == nil {
		err = cases.DropCaseload(ctx, actor, id)
	}
	return file, out, err
}

func kept(ctx context.Context, cases *referral.Service, way makes, actor auth.Actor, id uuid.UUID) (referral.CaseloadFile, Outcome, error) {
	file, err := cases.CaseloadFile(ctx, actor, id)
	if err != nil {
		return file, Outcome{}, err
	}
	by, _, err := cases.OnBehalf(ctx, actor, file.ProgramID)
	if err != nil {
		return file, Outcome{}, err
	}
	out, err := bringAll(ctx, way, by, file.ProgramID, bytes.NewReader(file.Text))
	if err != nil {
		err = fmt.Errorf("go through caseload %s: %w", id, err)
	}
	return file, out, err
}
