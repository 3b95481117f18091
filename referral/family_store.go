package referral

import (
	"encoding/json"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

// family is everything about one case that triage and the gates read.
type family struct {
	client    Client
	pregnancy *Pregnancy // of the caregiver who opened the episode; nobody else's case reads it
	infants   []Infant   // the children who live and stand in this case
	died      []Infant   // those of the case whose death was recorded
	gone      int        // how many have left the case for another caregiver's
	lost      bool       // a case that stands on this one knows of a loss, or an earlier one was closed by it

	elsewhere   ways // of all her records, each as it was told; none where hers is linked with no other
	stoppedHere bool // she asked not to be contacted on this very record, not on another of hers alone

	taken      []int // birth orders of the episode's children that are not among infants
	contacts   []ContactMethod
	addresses  []Address
	answers    map[string]string
	told       map[string]uuid.UUID // the referral that each answer is from
	corrected  map[string]time.Time // when an answer was last put right on this case
	askedIn    map[uuid.UUID]bool   // the referrals which say that she asked for this herself
	screenings []ScreeningRow
	consents   []Consent  // oldest first
	referrals  []Referral // oldest first
	servedBy   []served
}

// family loads it. It needs the hub's role: referrals of several sources are among it.
func (s *store) family(c Case) (family, error) {
	var f family
	var clients []Client
	var pregnancies []Pregnancy
	var children []childRow
	var rows []answerRow
	var corrected []Correction
	var standing []Case
	var ends []string
	var word wordOfAll
	var elsewhere ways
	of := func(into any, where string, id uuid.UUID, order string) pg.Read {
		return pg.Read{Query: s.db().Where(where, id).Order(order).Limit(1000), Into: into}
	}
	err := s.tx.ReadAll(
		of(&clients, "id = ?", c.CaregiverID, "id"),
		pg.Read{Query: s.ownPregnancy(c), Into: &pregnancies},
		pg.Read{Query: s.children(c), Into: &children},
		of(&f.contacts, "client_id = ? AND ended_at IS NULL", c.CaregiverID, "given_at, id"),
		of(&f.addresses, "client_id = ? AND ended_at IS NULL", c.CaregiverID, "given_at DESC, id"),
		of(&rows, "case_id = ?", c.ID, "referral_id"),
		of(&f.screenings, "case_id = ?", c.ID, "id"),
		of(&f.consents, "case_id = ?", c.ID, "given_at, id"),
		of(&f.referrals, "case_id = ?", c.ID, "received_at, id"),
		pg.Read{Query: s.amendedAnswers(c.ID), Into: &corrected},
		pg.Read{Query: s.db().Raw(`SELECT id, caregiver_id, caregiver_role, episode_id FROM cases WHERE stands_on = ? ORDER BY received_at, id`, c.ID), Into: &standing},
		pg.Read{Query: s.endsOf(c), Into: &ends},
		pg.Read{Query: s.wordOfAll(c.CaregiverID), Into: &word},
		pg.Read{Query: s.waysOfAll("contact_methods", c.CaregiverID), Into: &elsewhere.contacts},
		pg.Read{Query: s.waysOfAll("addresses", c.CaregiverID), Into: &elsewhere.addresses},
		s.servedElsewhere(c, &f.servedBy))
	if err == nil && len(clients) == 0 {
		err = pg.NotFound(gorm.ErrRecordNotFound, "client")
	}
	if err != nil {
		return f, fmt.Errorf("read the family of case %s: %w", c.ID, err)
	}
	f.client = clients[0]
	if len(pregnancies) > 0 {
		f.pregnancy = &pregnancies[0]
	}
	f.sortChildren(children)
	f.lost = f.endedInLoss(ends)
	f.answers = map[string]string{}
	for _, row := range rows {
		if f.answers[row.Name] != yes { // of two sources the one that asks for more help counts
			f.answers[row.Name] = row.Answer
			f.toldIn(row.ReferralID, row.Name, row.Answer)
		}
	}
	// what one record of hers says holds for all
	f.client.DoNotContact, f.stoppedHere, f.client.DeathRecordedAt = word.Stopped, word.StoppedHere, word.Died
	err = f.amended(corrected, rows, func(x Correction) (string, error) {
		text, err := s.tx.Keys().Open("corrections", "after_sealed", x.ID, x.AfterSealed)
		return string(text), err
	})
	if err != nil {
		return f, err
	}
	for _, other := range standing {
		o, err := s.family(other)
		if err != nil {
			return f, err
		}
		f.fold(o, c.EpisodeID)
	}
	f.elsewhere = elsewhere
	f.hearOthers(elsewhere)
	return f, nil
}

// waysOfAll reads one kind of them.
func (s *store) waysOfAll(table string, client uuid.UUID) *gorm.DB {
	return s.db().Table(table).Where("client_id = ANY (ARRAY(SELECT id FROM clients WHERE person_id = (SELECT person_id FROM clients WHERE id = ?)))", client).
		Order("given_at, id").Limit(1000)
}

// lockSameClient makes two intakes of people born on one day wait for each other, however their names are spelt, and then looks for the
// oldest client of this exact identity; nil when there is none. The families that agencies listed without a name may hold her too.
func (s *store) lockSameClient(key []byte, born civil.Date) (*Client, []served, error) {
	var locked bool
	var found []Client
	var listed []served
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Raw(`SELECT pg_advisory_xact_lock(hashtextextended(?, 1)) IS NOT NULL`, born.String()), Into: &locked},
		pg.Read{Query: s.db().Where("match_key = ?", key).Order("created_at, id").Limit(1), Into: &found},
		pg.Read{Query: s.db().Raw(`SELECT id AS subject_id, org_id, program_id FROM served_families WHERE match_key = ? AND ended_at IS NULL`, key), Into: &listed})
	if err != nil || len(found) == 0 {
		return nil, listed, wrap(err, "look for the client")
	}
	return &found[0], listed, nil
}

// casesOf are the cases of a caregiver, newest first.
func (s *store) casesOf(client uuid.UUID) ([]Case, error) {
	var out []Case
	err := s.db().Where("caregiver_id = ?", client).Order("received_at DESC, id").Limit(50).Find(&out).Error
	return out, wrap(err, "read the cases of client %s", client)
}

func (s *store) pregnancy(episode uuid.UUID) (*Pregnancy, []Infant, error) {
	var found []Pregnancy
	if err := s.db().Where("episode_id = ?", episode).Find(&found).Error; err != nil {
		return nil, nil, wrap(err, "read the pregnancy of episode %s", episode)
	}
	var infants []Infant
	if err := s.db().Where("episode_id = ? AND ended_at IS NULL", episode).Order("birth_order").Find(&infants).Error; err != nil {
		return nil, nil, wrap(err, "read the infants of episode %s", episode)
	}
	if len(found) == 0 {
		return nil, infants, nil
	}
	return &found[0], infants, nil
}

// latestDecision is the newest decision of a case, or NotFound.
func (s *store) latestDecision(caseID uuid.UUID) (decisionRow, error) {
	var row decisionRow
	err := s.db().Where("case_id = ?", caseID).Order("decided_at DESC, id DESC").Take(&row).Error
	return row, pg.NotFound(err, "decision")
}

// decidedShare is the set-aside of one program in the newest decision of a case, empty when there is none.
func (s *store) decidedShare(caseID, program uuid.UUID) (string, error) {
	var code []string
	err := s.db().Raw(`SELECT coalesce(p ->> 'set_aside', '') FROM (SELECT outcome FROM decisions WHERE case_id = ?
			ORDER BY decided_at DESC, id DESC LIMIT 1) AS newest, json_array_elements(outcome -> 'programs') AS p
		WHERE p ->> 'program_id' = ?`, caseID, program.String()).Scan(&code).Error
	if err != nil || len(code) == 0 {
		return "", wrap(err, "read the share of case %s", caseID)
	}
	return code[0], nil
}

// items reads a screening's raw answers back.
func (r ScreeningRow) items() ([]*int, error) {
	var out []*int
	err := json.Unmarshal(r.Items, &out)
	return out, wrap(err, "read the items of screening %s", r.ID)
}

func (s *store) updatePregnancy(p *Pregnancy) {
	s.keepPregnancy(p) // a case on which another stands may have none of its own yet
	s.tx.Queue(`UPDATE pregnancies SET due_on = $2::date, dating = $3, dated_on = $4::date, earlier_live_births = $5, outcome = $6,
		outcome_on = $7::date WHERE episode_id = $1`,
		p.EpisodeID, dateArg(p.DueOn), p.Dating, p.DatedOn.String(), p.EarlierLiveBirths, p.Outcome, dateArg(p.OutcomeOn))
}

func (s *store) keepDemographics(d Demographics) {
	s.tx.Queue(`INSERT INTO demographics (client_id, race_ethnicity, source, asked_by_org) VALUES ($1, $2, $3, $4)
		ON CONFLICT (client_id) DO NOTHING`, d.ClientID, []string(d.RaceEthnicity), d.Source, d.AskedByOrg)
}

// referralsOf are the referrals of a case, and of those that stand on it, that the role may see, oldest first.
func (s *store) referralsOf(caseID uuid.UUID) ([]Referral, error) {
	var out []Referral
	err := s.db().Where("case_id = ANY (ARRAY(SELECT id FROM cases WHERE stands_on = @id) || CAST(@id AS uuid))", map[string]any{"id": caseID}).
		Order("received_at, id").Limit(200).Find(&out).Error
	return out, wrap(err, "read the referrals of case %s", caseID)
}
