package referral_test

import (
	"errors"
	"flag"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// safetyOpen: by the newest decision on a case, a question of safety was never put to a client who lives and mourns no child.
const safetyOpen = `EXISTS (SELECT 1 FROM (SELECT outcome, facts FROM decisions d WHERE d.case_id = c.id ORDER BY decided_at DESC, id DESC LIMIT 1) AS newest,
	clients p WHERE p.id = c.caregiver_id AND p.death_recorded_at IS NULL AND facts ->> 'pregnancy_loss_or_infant_death' <> 'yes'
	AND outcome ->> 'flags' LIKE ANY (ARRAY['%self_harm_not_screened%', '%danger_not_asked%']))`

// broken names what must never be true of the record, after whatever moves. Each row is one sentence.
const broken = `
SELECT 'a program holds more families than places' FROM programs p
	WHERE (SELECT count(*) FROM claims k WHERE k.program_id = p.id AND k.ended_at IS NULL)
		+ (SELECT count(*) FROM enrollments e WHERE e.program_id = p.id AND e.ended_at IS NULL)
		> (SELECT funded FROM capacity_statements s WHERE s.program_id = p.id)
UNION ALL SELECT 'two open claims of one case' FROM claims WHERE ended_at IS NULL GROUP BY case_id HAVING count(*) > 1
UNION ALL SELECT 'two open cases of one caregiver and episode' FROM cases WHERE status <> 'closed' GROUP BY caregiver_id, episode_id HAVING count(*) > 1
UNION ALL SELECT 'offered is not where an offer is open' FROM cases c
	WHERE (status = 'offered') <> EXISTS (SELECT 1 FROM offers o WHERE o.case_id = c.id AND o.ended_at IS NULL AND o.kind <> 'transfer')
UNION ALL SELECT 'a transfer of a family that nobody serves, or to who serves her' FROM offers o JOIN cases c ON c.id = o.case_id
	WHERE o.kind = 'transfer' AND o.ended_at IS NULL AND (c.status NOT IN ('claimed', 'accepted', 'enrolled') OR EXISTS
		(SELECT 1 FROM claims k WHERE k.case_id = o.case_id AND k.org_id = o.org_id AND k.ended_at IS NULL))
UNION ALL SELECT 'a closed case is still handed over' FROM handovers h JOIN cases c ON c.id = h.case_id
	WHERE h.ended_at IS NULL AND c.status = 'closed'
UNION ALL SELECT 'two agencies have one family' FROM cases c WHERE (SELECT count(DISTINCT org_id) FROM case_access a
	WHERE a.case_id = c.id AND a.level = 'full' AND a.until IS NULL) > 1
UNION ALL SELECT 'claimed is not where a claim is open' FROM cases c
	WHERE (status IN ('claimed', 'accepted')) <> EXISTS (SELECT 1 FROM claims k WHERE k.case_id = c.id AND k.ended_at IS NULL)
UNION ALL SELECT 'accepted is not where a first visit is planned' FROM cases c
	WHERE (status = 'accepted') <> EXISTS (SELECT 1 FROM visits v WHERE v.case_id = c.id AND v.status = 'planned')
UNION ALL SELECT 'enrolled is not where an enrollment is open' FROM cases c
	WHERE (status = 'enrolled') <> EXISTS (SELECT 1 FROM enrollments e WHERE e.case_id = c.id AND e.ended_at IS NULL)
UNION ALL SELECT 'a closed case still promises something' FROM cases c JOIN follow_ups f ON f.case_id = c.id
	WHERE c.status = 'closed' AND f.status IN ('open', 'held', 'handed_over') AND f.kind NOT IN ('alarm.escalate', 'connection.check')
UNION ALL SELECT 'held is not where a hold is open' FROM cases c
	WHERE (held_since IS NOT NULL) <> EXISTS (SELECT 1 FROM holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL)
UNION ALL SELECT 'a promise to her runs through a hold' FROM cases c JOIN follow_ups f ON f.case_id = c.id
	WHERE c.held_since IS NOT NULL AND f.status IN ('open', 'handed_over')
		AND f.kind IN ('case.outreach_due', 'claim.first_attempt_due', 'claim.next_attempt_due', 'case.waitlist_touch', 'case.waitlist_exit')
UNION ALL SELECT 'a promise waits for a hold that is not' FROM cases c JOIN follow_ups f ON f.case_id = c.id WHERE c.held_since IS NULL AND f.status = 'held'
UNION ALL SELECT 'an open connection that nobody will ask about' FROM connections x
	WHERE settled_at IS NULL AND NOT EXISTS (SELECT 1 FROM follow_ups f WHERE f.subject_id = x.id AND f.status IN ('open', 'handed_over'))
		AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.subject_id = x.id)
UNION ALL SELECT 'a referrer hears news of what it withdrew' FROM referrals r JOIN messages m ON m.referral_id = r.id
	WHERE r.withdrawn_at IS NOT NULL AND m.status = 'queued'
UNION ALL SELECT 'an offer to a program that she did not let know who she is' FROM offers o
	WHERE o.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM consents g WHERE g.case_id = o.case_id AND g.gate = 3 AND g.answer = 'yes'
		AND g.revoked_at IS NULL AND (g.program_id IS NULL OR g.program_id = o.program_id))
UNION ALL SELECT 'an agency has a family that took back her yes to it'
	FROM (SELECT case_id, program_id FROM claims WHERE ended_at IS NULL UNION ALL SELECT case_id, program_id FROM enrollments WHERE ended_at IS NULL) h
	JOIN consents s ON s.case_id = h.case_id AND s.gate = 3 AND s.answer = 'no' AND (s.program_id IS NULL OR s.program_id = h.program_id)
	JOIN case_moves m ON m.case_id = s.case_id AND m.moved_at = s.given_at AND m.action = 'revoke consent'
	WHERE NOT EXISTS (SELECT 1 FROM consents y WHERE y.case_id = h.case_id AND y.gate IN (3, 4) AND y.answer = 'yes' AND y.revoked_at IS NULL
		AND y.given_at > s.given_at AND (y.program_id IS NULL OR y.program_id = h.program_id))
UNION ALL SELECT 'told, and no disclosure says so' FROM (SELECT id FROM claims UNION ALL SELECT id FROM enrollments WHERE came_by <> 'claim'
	UNION ALL SELECT id FROM handovers UNION ALL SELECT id FROM connections) x WHERE NOT EXISTS (SELECT 1 FROM disclosures d WHERE d.subject_id = x.id)
UNION ALL SELECT 'she lost her place: her waiting no longer counts from her referral' FROM cases c
	WHERE received_at <> (SELECT moved_at FROM case_moves m WHERE m.case_id = c.id AND m.seq = 1)
UNION ALL SELECT 'a family waits and nobody answers for her' FROM cases WHERE status = 'waitlisted' AND owner_id IS NULL
UNION ALL SELECT 'a closed case still waits for a program' FROM waitlist_entries e JOIN cases c ON c.id = e.case_id
	WHERE e.ended_at IS NULL AND c.status IN ('claimed', 'accepted', 'enrolled', 'closed')
UNION ALL SELECT 'an agency sees a case that it was not offered' FROM case_access a
	WHERE a.level = 'limited' AND a.until IS NULL AND NOT EXISTS
		(SELECT 1 FROM offers o WHERE o.case_id = a.case_id AND o.org_id = a.org_id AND o.ended_at IS NULL)
UNION ALL SELECT 'an agency sees a family that it never had' FROM case_access a
	WHERE a.level = 'full' AND a.until IS NULL AND NOT EXISTS
		(SELECT 1 FROM claims k WHERE k.case_id = a.case_id AND k.org_id = a.org_id AND k.ended_as IS DISTINCT FROM 'undone')
	AND NOT EXISTS (SELECT 1 FROM enrollments e WHERE e.case_id = a.case_id AND e.org_id = a.org_id AND e.came_by <> 'claim')
UNION ALL SELECT 'she was tried after she asked not to be contacted' FROM attempts a JOIN cases c ON c.id = a.case_id
	WHERE (SELECT wish FROM contact_wishes w WHERE w.client_id = c.caregiver_id AND w.heard_at < a.at ORDER BY heard_at DESC, id DESC LIMIT 1) = 'stop'
UNION ALL SELECT 'her newest word is stop, and she may be contacted' FROM clients p
	WHERE NOT do_not_contact AND (SELECT wish FROM contact_wishes w WHERE w.client_id = p.id ORDER BY heard_at DESC, id DESC LIMIT 1) = 'stop'
UNION ALL SELECT 'a way ended without a word how, or counts as checked and was not' FROM contact_methods m
	WHERE (ended_at IS NULL) <> (ended_as IS NULL) OR verified_at IS NOT NULL AND replaces_id IS NULL
		AND NOT EXISTS (SELECT 1 FROM contact_checks k WHERE k.contact_method_id = m.id)
UNION ALL SELECT 'two live cases of one person, and one stands on the other' FROM cases c JOIN cases h ON h.id = c.stands_on
	WHERE c.status <> 'closed' OR h.stands_on IS NOT NULL
UNION ALL SELECT 'a case stands on another without a link' FROM cases c JOIN cases h ON h.id = c.stands_on
	JOIN clients a ON a.id = c.caregiver_id JOIN clients b ON b.id = h.caregiver_id WHERE a.person_id IS DISTINCT FROM b.person_id
UNION ALL SELECT 'two caregivers of one child are one person' FROM cases c JOIN cases h USING (episode_id)
	JOIN clients a ON a.id = c.caregiver_id JOIN clients b ON b.id = h.caregiver_id WHERE a.id <> b.id AND a.person_id = b.person_id
UNION ALL SELECT 'a child stands in two open cases' FROM case_infants ci JOIN cases c ON c.id = ci.case_id
	WHERE ci.until IS NULL AND c.status <> 'closed' GROUP BY ci.infant_id HAVING count(*) > 1
UNION ALL SELECT 'a child stands in a case although it was never born' FROM case_infants ci JOIN infants i ON i.id = ci.infant_id
	WHERE i.ended_at IS NOT NULL AND ci.until IS NULL
UNION ALL SELECT 'the due date is not the one that counts' FROM pregnancies p WHERE outcome IS NULL AND due_on IS DISTINCT FROM
	(SELECT d.due_on FROM due_dates d WHERE d.episode_id = p.episode_id ORDER BY chosen_at DESC NULLS LAST,
		CASE method WHEN 'ultrasound' THEN 0 WHEN 'lmp' THEN 1 ELSE 2 END, recorded_at DESC, id DESC LIMIT 1)
UNION ALL SELECT 'a family grieves for a loss that was taken back' FROM holds h JOIN cases c ON c.id = h.case_id
	WHERE h.lifted_at IS NULL AND h.kind = 'bereavement' AND c.status <> 'closed'
		AND NOT EXISTS (SELECT 1 FROM pregnancies p WHERE p.episode_id = c.episode_id AND p.outcome = 'ended')
		AND NOT EXISTS (SELECT 1 FROM infants i WHERE i.episode_id = c.episode_id AND i.death_recorded_at IS NOT NULL)
UNION ALL SELECT 'a machine writes to who grieves' FROM messages m JOIN cases c ON c.caregiver_id = m.client_id JOIN holds h ON h.case_id = c.id
	WHERE m.audience = 'client' AND m.status IN ('queued', 'handed_over') AND h.kind = 'bereavement' AND h.lifted_at IS NULL
UNION ALL SELECT 'the rules have a family after a loss' FROM cases c JOIN case_moves m ON m.case_id = c.id AND m.seq = c.version
	WHERE m.action IN ('record loss', 'record death') AND c.status NOT IN ('review', 'claimed', 'accepted', 'enrolled', 'closed')
UNION ALL SELECT 'nobody is asked to put a question of safety that was never put' FROM cases c
	WHERE c.status IN ('review', 'outreach', 'offered', 'waitlisted') AND ` + safetyOpen + ` AND NOT EXISTS
		(SELECT 1 FROM tasks t WHERE t.subject_id = c.id AND t.kind = 'case.safety_not_asked' AND t.closed_at IS NULL)
UNION ALL SELECT 'a question of safety that was put, or that the hub may not put, is still a task' FROM cases c
	WHERE (c.status NOT IN ('review', 'outreach', 'offered', 'waitlisted') OR NOT ` + safetyOpen + `) AND EXISTS
		(SELECT 1 FROM tasks t WHERE t.subject_id = c.id AND t.kind = 'case.safety_not_asked' AND t.closed_at IS NULL)
UNION ALL SELECT 'an open alarm and the case is with the rules' FROM alarms a JOIN cases c ON c.id = a.case_id
	WHERE a.outcome IS NULL AND c.status IN ('outreach', 'offered')
UNION ALL SELECT 'the history has a gap' FROM cases c
	WHERE version <> (SELECT count(*) FROM case_moves m WHERE m.case_id = c.id)
		OR status <> (SELECT to_status FROM case_moves m WHERE m.case_id = c.id ORDER BY seq DESC LIMIT 1)
UNION ALL SELECT 'a move begins where the last did not end' FROM
	(SELECT from_status, lag(to_status) OVER (PARTITION BY case_id ORDER BY seq) AS last FROM case_moves) m WHERE from_status <> last
UNION ALL SELECT 'a move without its audit row' FROM case_moves m WHERE NOT EXISTS (SELECT 1 FROM audit_events a
	WHERE a.kind = 'change' AND a.case_id = m.case_id AND a.action = m.action AND a.to_status = m.to_status AND a.at = m.moved_at)
UNION ALL SELECT 'more audit rows of moves than moves' FROM cases c
	WHERE (SELECT count(*) FROM audit_events a WHERE a.case_id = c.id AND a.kind = 'change' AND a.subject = 'case') <> version`

// machine is a small world in which anybody does anything.
type machine struct {
	*world
	stranger agency
	families []referral.Submission
	moves    map[referral.Action]func(*rapid.T, auth.Actor, uuid.UUID) error
}

func newMachine(t *testing.T) *machine {
	m := &machine{world: newWorld(t)}
	m.stranger = agency{Org: m.Agency(seed.Org{})}
	m.stranger.desk = m.User(m.stranger.Org, auth.AgencyCoordinator)
	ctx := t.Context()
	only := func(_ any, err error) error { return err }
	programs := func(r *rapid.T) []uuid.UUID {
		return rapid.SampledFrom([][]uuid.UUID{{m.first.Program}, {m.second.Program}, {m.second.Program, m.first.Program}}).Draw(r, "programs")
	}
	attempt := func(r *rapid.T) referral.AttemptForm {
		return referral.AttemptForm{Channel: "in_person", Outcome: rapid.SampledFrom([]string{"reached", "not_home", "could_not"}).Draw(r, "outcome")}
	}
	m.moves = map[referral.Action]func(*rapid.T, auth.Actor, uuid.UUID) error{
		referral.ActTriage: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error { return only(m.cases.Triage(ctx, a, id)) },
		referral.ActLink: func(r *rapid.T, _ auth.Actor, _ uuid.UUID) error {
			in := rapid.SampledFrom(m.families).Draw(r, "family")
			if rapid.IntRange(0, 5).Draw(r, "form") == 0 {
				in = selfHarm(in)
			}
			in.Consent.Answer = rapid.SampledFrom([]string{"signed", "signed", "send_link", "she_said_no"}).Draw(r, "consent")
			if in.Consent.Answer != "signed" {
				in.Consent.ShareWithAgencies = ""
			}
			return only(m.cases.Receive(ctx, rapid.SampledFrom([]auth.Actor{m.hospital, m.clinic}).Draw(r, "source"), in))
		},
		referral.ActReview: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Review(ctx, a, id, referral.ReviewForm{Reason: "permission_given"}))
		},
		referral.ActAlarmOutcome: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			alarm := m.text(`SELECT id FROM alarms WHERE case_id = $1 ORDER BY outcome IS NOT NULL LIMIT 1`, id)
			return only(m.cases.RecordAlarmOutcome(ctx, a, uuid.MustParse(alarm+uuid.Nil.String()[len(alarm):]), safe()))
		},
		referral.ActOutreach: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.RecordOutreach(ctx, a, id, attempt(r)))
		},
		referral.ActChoose: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := referral.ChoiceForm{Answer: rapid.SampledFrom([]string{"yes", "yes", "yes", "later", "no"}).Draw(r, "answer"), How: "phone",
				Programs: programs(r), AnyProgram: rapid.Bool().Draw(r, "any")}
			return only(m.cases.RecordChoice(ctx, a, id, in))
		},
		referral.ActOffer: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Offer(ctx, a, id, offerTo("pool", "other", programs(r)...)))
		},
		referral.ActClaim: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Claim(ctx, a, id, referral.ClaimForm{}))
		},
		referral.ActDecline: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Decline(ctx, a, id, declined("other")))
		},
		referral.ActExpire: func(r *rapid.T, _ auth.Actor, _ uuid.UUID) error {
			m.clock.forward(time.Duration(rapid.IntRange(1, 200).Draw(r, "hours")) * time.Hour)
			m.work()
			return nil
		},
		referral.ActAssignVisitor: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.AssignVisitor(ctx, a, id, referral.VisitorForm{VisitorID: a.ID}))
		},
		referral.ActAttempt: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.RecordAttempt(ctx, a, id, attempt(r)))
		},
		referral.ActPlanFirstVisit: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.PlanFirstVisit(ctx, a, id, m.plan(time.Hour)))
		},
		referral.ActMoveFirstVisit: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.MoveFirstVisit(ctx, a, id, m.plan(2*time.Hour)))
		},
		referral.ActMissFirstVisit: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.MissFirstVisit(ctx, a, id, referral.Missed{Reason: "other"}))
		},
		referral.ActEnroll: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error { return only(m.cases.Enroll(ctx, a, id, m.held(0))) },
		referral.ActVisit: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.RecordVisit(ctx, a, id, referral.VisitForm{HeldAt: m.clock.Now(), Place: "virtual"}))
		},
		referral.ActComplete: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Complete(ctx, a, id, referral.CompleteForm{}))
		},
		referral.ActClose: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Close(ctx, a, id, referral.CloseForm{Disposition: "information_given", EnrollmentEnd: "moved", Changeable: new(true)}))
		},
		referral.ActRelease: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Release(ctx, a, id, referral.ReleaseForm{Reason: "other"}))
		},
		referral.ActWait: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.Wait(ctx, a, id, referral.WaitForm{Programs: programs(r), How: "phone", Reason: "other"}))
		},
		referral.ActWaitOn: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error { return only(m.cases.WaitOn(ctx, a, id)) },
		referral.ActLeaveWaitlist: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.LeaveWaitlist(ctx, a, id, referral.LeaveForm{Programs: programs(r)}))
		},
		referral.ActConnect: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			kind := rapid.SampledFrom([]string{"wic", "crib", "food"}).Draw(r, "kind")
			return only(m.cases.Connect(ctx, a, id, connected(kind, "somewhere")))
		},
		referral.ActConnectionEnds: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := outcome(rapid.SampledFrom([]string{"acknowledged", "received"}).Draw(r, "outcome"), "")
			return only(m.cases.RecordConnection(ctx, a, m.oneOf("connections", id), in))
		},
		referral.ActConsent: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := said("yes", "share", "texts", "feedback_reason")
			in.Programs = programs(r)
			return only(m.cases.RecordConsent(ctx, a, id, in))
		},
		referral.ActRevoke: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := takesBack(rapid.SampledFrom([]string{"share", "share", "contact", "feedback", "receive"}).Draw(r, "scope"))
			if in.Scopes[0] == "share" && rapid.Bool().Draw(r, "one program") {
				in.Programs = programs(r)[:1]
			}
			return only(m.cases.Revoke(ctx, a, id, in))
		},
		referral.ActHold: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.PlaceHold(ctx, a, id, holdOf(rapid.SampledFrom([]string{"safety", "client_asked"}).Draw(r, "kind"))))
		},
		referral.ActLift: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.LiftHold(ctx, a, m.oneOf("holds", id), lifted("reviewed")))
		},
		referral.ActContact: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			way := m.oneOf("contact_methods", id)
			by := rapid.SampledFrom([]string{"her", "other"}).Draw(r, "told by")
			switch rapid.IntRange(0, 4).Draw(r, "contact") {
			case 0:
				phone := referral.SubmittedContact{Channel: "phone", Value: rapid.SampledFrom([]string{"4105550142", "4105550143"}).Draw(r, "number"), SafeCall: "yes"}
				return only(m.cases.AddWay(ctx, a, id, referral.WayForm{ContactMethod: &phone, ToldBy: by}))
			case 1:
				return only(m.cases.EndWay(ctx, a, id, referral.WayEnd{WayID: way, As: "moved"}))
			case 2:
				return only(m.cases.CheckWay(ctx, a, id, referral.WayCheck{WayID: way, With: "her"}))
			case 3:
				return only(m.cases.RecordSafeWay(ctx, a, id, referral.SafeWayForm{WayID: way, FoundWith: "referrer", Safe: referral.SafeUses{Call: "yes"}}))
			}
			return only(m.cases.ChangeWay(ctx, a, id, referral.WayChange{WayID: way, ToldBy: by, Safe: referral.SafeUses{Call: rapid.SampledFrom([]string{"yes", "no"}).Draw(r, "safe")}}))
		},
		referral.ActFindWay: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := referral.SearchForm{Place: "school", Outcome: rapid.SampledFrom([]string{"", "found", "not_found"}).Draw(r, "outcome")}
			return only(m.cases.LookForWay(ctx, a, id, in))
		},
		referral.ActStopContact: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			if rapid.IntRange(0, 3).Draw(r, "who") == 0 {
				sent := uuid.MustParse(m.text(`SELECT id FROM referrals WHERE case_id = $1 LIMIT 1`, id))
				return only(m.cases.StopContactHeard(ctx, m.hospital, sent, stop()))
			}
			return only(m.cases.StopContact(ctx, a, id, stop()))
		},
		referral.ActResumeContact: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.ResumeContact(ctx, a, id, m.resume(a)))
		},
		referral.ActCorrect: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := referral.CorrectForm{Reopen: true, Reason: "entered_in_error"}
			switch rapid.SampledFrom([]string{"reopen", "ends", "birth", "loss", "child_death", "client_death", "caregiver"}).Draw(r, "correction") {
			case "ends":
				in.Reopen, in.Disposition = false, "asked_not_to_be_contacted"
			case "birth":
				in = takenBack("birth")
			case "loss":
				in = takenBack("loss")
			case "child_death":
				in = takenBack("child_death", m.childOf(id, `i.death_recorded_at IS NOT NULL`))
			case "client_death":
				in = takenBack("client_death")
			case "caregiver":
				in = takenBack("caregiver", m.childOf(id, `true`))
			}
			return only(m.cases.Correct(ctx, a, id, in))
		},
		referral.ActWithdraw: func(r *rapid.T, _ auth.Actor, id uuid.UUID) error {
			sent := uuid.MustParse(m.text(`SELECT id FROM referrals WHERE case_id = $1 ORDER BY withdrawn_at IS NOT NULL, id LIMIT 1`, id))
			by := rapid.SampledFrom([]auth.Actor{m.hospital, m.clinic}).Draw(r, "source")
			return only(m.cases.Withdraw(ctx, by, sent, referral.WithdrawForm{Reason: "family_asked"}))
		},
		referral.ActBirth: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.RecordBirth(ctx, a, id, m.born()))
		},
		referral.ActLoss: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.RecordLoss(ctx, a, id, lost()))
		},
		referral.ActDeath: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			child := m.child(id)
			in := referral.DeathForm{Who: "infant", InfantID: &child}
			if rapid.IntRange(0, 3).Draw(r, "who") == 0 {
				in = referral.DeathForm{Who: "caregiver"}
			}
			return only(m.cases.RecordDeath(ctx, a, id, in))
		},
		referral.ActCaregiver: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.ChangeCaregiver(ctx, a, id, foster(m.child(id))))
		},
		referral.ActReturn: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.ReturnChild(ctx, a, id, referral.ReturnForm{Infants: []uuid.UUID{m.childOf(id, `true`)}}))
		},
		referral.ActDueDate: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			on := rapid.SampledFrom([]string{"2027-01-20", "2027-02-20", "2027-03-02"}).Draw(r, "due")
			method := rapid.SampledFrom([]string{"lmp", "ultrasound", "told_by_her"}).Draw(r, "method")
			return only(m.cases.RecordDueDate(ctx, a, id, m.due(id, on, method)))
		},
		referral.ActAmend: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			in := change("client", "insurance", rapid.SampledFrom([]string{"medicaid", "none", "private"}).Draw(r, "insurance"))
			if rapid.Bool().Draw(r, "answer") {
				in = change("answer", "unstable_housing", rapid.SampledFrom([]string{"yes", "no", ""}).Draw(r, "housing"))
			}
			return only(m.cases.Amend(ctx, a, id, m.amended(id, in)))
		},
		referral.ActWalkIn: func(r *rapid.T, a auth.Actor, _ uuid.UUID) error {
			in := walkIn(rapid.SampledFrom([]uuid.UUID{m.first.Program, m.second.Program}).Draw(r, "program"), rapid.SampledFrom(m.families).Draw(r, "family"))
			in.HeldAt = m.clock.Now()
			return only(m.cases.EnrollWalkIn(ctx, a, in))
		},
		referral.ActHandOver: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			return only(m.cases.HandOver(ctx, a, id, sentAway()))
		},
		referral.ActHandOverAnswered: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			answer := rapid.SampledFrom([]string{"acknowledged", "not_acknowledged", "taken_back", "taken_back"}).Draw(r, "answer")
			return only(m.cases.AnswerHandOver(ctx, a, id, referral.HandOverAnswer{Answer: answer}))
		},
		referral.ActTransfer: func(r *rapid.T, a auth.Actor, id uuid.UUID) error {
			to := rapid.SampledFrom([]agency{m.first, m.second}).Draw(r, "to")
			return only(m.cases.Transfer(ctx, a, id, moveTo(to.Program)))
		},
		referral.ActJoin: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			other := m.text(`SELECT id FROM cases WHERE id <> $1 AND received_at = $2 ORDER BY id DESC LIMIT 1`, id, tuesday())
			return only(m.cases.LinkCases(ctx, a, id, referral.LinkForm{CaseID: uuid.MustParse(other + uuid.Nil.String()[len(other):])}))
		},
		referral.ActPart: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error {
			link := m.text(`SELECT l.id FROM client_links l JOIN cases c ON c.caregiver_id IN (client_a, client_b) WHERE c.id = $1 AND parted_at IS NULL`, id)
			return only(m.cases.Part(ctx, a, uuid.MustParse(link+uuid.Nil.String()[len(link):]), referral.PartForm{Reason: "other"}))
		},
		referral.ActUndo: func(_ *rapid.T, a auth.Actor, id uuid.UUID) error { return only(m.cases.Undo(ctx, a, id)) },
	}
	return m
}

// childOf is a child of the episode of a case, by a condition on infants i, or an id of nobody.
func (m *machine) childOf(id uuid.UUID, which string) uuid.UUID {
	text := m.text(`SELECT i.id FROM infants i JOIN cases c USING (episode_id) WHERE c.id = $1 AND i.ended_at IS NULL AND `+which+` ORDER BY i.birth_order LIMIT 1`, id)
	if text == "" {
		return uuid.New()
	}
	return uuid.MustParse(text)
}

// begin gives a check three families of its own, two places in each program, the same Tuesday, and no promise of an earlier check.
func (m *machine) begin() []uuid.UUID {
	m.clock.set(tuesday())
	m.exec(`UPDATE follow_ups SET status = 'cancelled', held_at = NULL WHERE status IN ('open', 'held', 'handed_over')`)
	m.exec(`UPDATE connections SET settled_at = sent_at, status = 'received' WHERE settled_at IS NULL`)
	m.exec(`UPDATE messages SET status = 'not_needed' WHERE status = 'queued'`)
	m.exec(`UPDATE capacity_statements s SET funded = 2 + (SELECT count(*) FROM claims k WHERE k.program_id = s.program_id AND k.ended_at IS NULL)
		+ (SELECT count(*) FROM enrollments e WHERE e.program_id = s.program_id AND e.ended_at IS NULL)`)
	m.families = []referral.Submission{prenatal(), postpartum()}
	cases := []uuid.UUID{m.accepted()} // one that is far along: most draws end early
	for _, in := range m.families {
		_, id := m.receive(m.hospital, in)
		cases = append(cases, id)
	}
	return cases
}

// anybody draws who acts: mostly somebody whom the case concerns.
func (m *machine) anybody(r *rapid.T, id uuid.UUID) auth.Actor {
	holders := m.text(`SELECT coalesce(string_agg(org_id::text, ','), '') FROM case_access WHERE case_id = $1 AND level <> 'source' AND until IS NULL`, id)
	likely := []auth.Actor{m.desk, m.lead}
	for _, a := range []agency{m.first, m.second} {
		if holders == a.ID.String() {
			likely = append(likely, a.desk, a.desk, a.desk, a.desk, a.desk, a.visitor)
		}
	}
	everybody := []auth.Actor{m.desk, m.first.desk, m.first.visitor, m.second.desk, m.second.visitor, m.hospital, m.stranger.desk}
	if rapid.IntRange(0, 3).Draw(r, "anybody") > 0 {
		return rapid.SampledFrom(likely).Draw(r, "actor")
	}
	return rapid.SampledFrom(everybody).Draw(r, "actor")
}

// onward are the moves along the usual way, drawn more often so that lives get far.
func onward(s referral.Status) []referral.Action {
	return map[referral.Status][]referral.Action{
		referral.Outreach: {referral.ActChoose, referral.ActChoose},
		referral.Offered:  {referral.ActClaim, referral.ActClaim, referral.ActClaim, referral.ActClaim, referral.ActDecline, referral.ActExpire},
		referral.Claimed:  {referral.ActPlanFirstVisit, referral.ActPlanFirstVisit, referral.ActPlanFirstVisit, referral.ActAttempt, referral.ActUndo},
		referral.Accepted: {referral.ActEnroll, referral.ActEnroll, referral.ActEnroll, referral.ActEnroll, referral.ActMissFirstVisit},
		referral.Enrolled: {referral.ActVisit, referral.ActComplete},
		referral.Closed:   {referral.ActUndo, referral.ActLink, referral.ActCorrect},
		referral.Review:   {referral.ActAlarmOutcome, referral.ActReview},
	}[s]
}

// step makes one move and checks that a refused one left nothing behind.
func (m *machine) step(r *rapid.T, id uuid.UUID) {
	before := m.standing(id)
	status := referral.Status(m.text(`SELECT status FROM cases WHERE id = $1`, id))
	choices := slices.Collect(maps.Keys(m.moves))
	slices.Sort(choices)
	if legal := referral.Allowed(status); rapid.IntRange(0, 3).Draw(r, "legal") > 0 {
		choices = slices.Concat(legal, []referral.Action{referral.ActUndo}, onward(status))
	}
	choices = slices.DeleteFunc(choices, func(a referral.Action) bool { return m.moves[a] == nil })
	action := rapid.SampledFrom(choices).Draw(r, "action")
	actor := m.anybody(r, id)
	err := m.moves[action](r, actor, id)
	m.clock.forward(time.Minute)
	if err == nil {
		return
	}
	if k := fault.KindOf(err); k != fault.Conflict && k != fault.Invalid && k != fault.NotFound && k != fault.Forbidden {
		r.Fatalf("%q by %s in %s: %v", action, actor.Role, status, err)
	}
	if after := m.standing(id); after != before {
		r.Fatalf("%q by %s was refused (%v) and left\n%s\nbefore\n%s", action, actor.Role, err, after, before)
	}
}

// sound checks the record, and that each move of these cases went along the table.
func (m *machine) sound(r *rapid.T, cases []uuid.UUID) {
	if what := m.text(`SELECT string_agg(DISTINCT what, '; ') FROM (` + broken + `) AS b(what)`); what != "" {
		r.Fatal(what)
	}
	for _, id := range cases {
		m.alongTheTable(r, id)
		if _, err := m.cases.Case(m.Context(), m.stranger.desk, id); !errors.Is(err, fault.NotFound) {
			r.Fatalf("a stranger asked for case %s and heard %v", id, err)
		}
	}
	if seen := m.seenBy(m.stranger.desk); seen != "" {
		r.Fatalf("a stranger sees %s", seen)
	}
}

func (m *machine) alongTheTable(r *rapid.T, id uuid.UUID) {
	rows, err := m.owner.Query(`SELECT action, coalesce(from_status, ''), to_status FROM case_moves WHERE case_id = $1 ORDER BY seq`, id)
	m.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var action referral.Action
		var from, to referral.Status
		m.must(rows.Scan(&action, &from, &to))
		if err := referral.CheckMove(from, action, to); err != nil && action != referral.ActUndo {
			r.Fatalf("%q led from %q to %q", action, from, to)
		}
	}
	m.must(rows.Err())
}

// fewerChecks lowers how many draws rapid makes, each a dozen moves in a database; -rapid.checks=500 asks for more.
func fewerChecks(t *testing.T, n int) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	if was := checks.Value.String(); was == checks.DefValue {
		t.Cleanup(func() { _ = checks.Value.Set(was) })
		if err := checks.Value.Set(strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhateverAnybodyDoes(t *testing.T) {
	fewerChecks(t, 40)
	m := newMachine(t)
	seen := map[referral.Status]bool{}
	rapid.Check(t, func(r *rapid.T) {
		cases := m.begin()
		for range rapid.IntRange(6, 20).Draw(r, "steps") {
			if rapid.IntRange(0, 9).Draw(r, "a pass of the rules") == 0 {
				m.exec(`DELETE FROM renewals`)
				m.must(m.cases.Renew(t.Context()))
			}
			m.step(r, rapid.SampledFrom(cases).Draw(r, "case"))
		}
		m.sound(r, cases)
		for s := range strings.SplitSeq(m.list(`SELECT DISTINCT to_status FROM case_moves`), ",") {
			seen[referral.Status(s)] = true
		}
	})
	for _, s := range []referral.Status{referral.Review, referral.Outreach, referral.Offered, referral.Claimed, referral.Accepted, referral.Enrolled, referral.Closed} {
		if !seen[s] {
			t.Errorf("no life got to %s: the draws prove less than they seem to", s)
		}
	}
}
