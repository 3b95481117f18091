package audit

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Disclosure is one telling of who she is to somebody outside the hub. The codes of Act, What, Purpose and Basis are closed lists
// of the database. It stands in the transaction of its act and is never changed or undone: what was told cannot be untold.
type Disclosure struct {
	ID        uuid.UUID // made by Disclosed
	ClientID  uuid.UUID
	CaseID    uuid.UUID
	Act       string     // claim, transfer, walk_in, feedback, hand_over, connection, export, part2
	What      string     // the kind of data: record, progress, identity, treatment_record
	Purpose   string     // home_visiting, care_coordination, other_service, treatment, her_request
	Basis     string     // her_answer or the legal basis that stood in its place
	OrgID     uuid.UUID  // who gave it: the actor's organization, made by Disclosed when nil
	GivenBy   uuid.UUID  // the actor; the nil id is the service itself
	ToOrg     *uuid.UUID // or ToName, of a recipient that is no organization of the network
	ToName    *string    // sealed when what was told is a treatment record: to whom says what for
	SubjectID uuid.UUID  // the row behind it; of one act and subject there is one disclosure
	At        time.Time
}

// TableName is gorm's.
func (Disclosure) TableName() string { return "disclosures" }

// Told is a disclosure as it is listed: with the recipient's name, and whether it is sure that it left the house.
type Told struct {
	Disclosure
	To      string // name of the recipient
	By      string // name of the organization that gave it
	InDoubt bool   // a mail whose server never answered: it may have left

	ToSealed pg.Sealed // opened into To
}
