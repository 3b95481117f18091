package referral

// What happens next, as stored and as said. The words go to referrers, so they name no condition and no reason.
const (
	stepHubReviews  = "hub_reviews"
	stepHubReaches  = "hub_reaches_out"
	stepSheChooses  = "she_chooses"
	stepInLine      = "waits_for_a_place"
	stepAgency      = "agency_answers"
	stepAgencyCalls = "agency_reaches_out"
	stepPlanVisit   = "agency_plans_first_visit"
	stepFirstVisit  = "first_visit"
	stepVisits      = "visits"
	stepElsewhere   = "other_office_answers"
	stepHerWord     = "waits_for_her_word"
	stepNothing     = "nothing"
)

func stepText(step string) string {
	switch step {
	case stepHubReviews:
		return "A person at the hub reads this referral."
	case stepHubReaches:
		return "The hub reaches out to the family."
	case stepSheChooses:
		return "The family chooses among the programs offered."
	case stepInLine:
		return "No place is free now. The hub tells the family so and stays in touch."
	case stepAgency:
		return "An agency answers the hub's offer."
	case stepAgencyCalls:
		return "The agency reaches out to the family."
	case stepPlanVisit:
		return "The agency plans the first visit."
	case stepFirstVisit:
		return "The first visit takes place."
	case stepElsewhere:
		return "The office of another place answers whether it takes over."
	case stepHerWord:
		return "The family decides whether and when it is contacted."
	case stepVisits:
		return "Visits go on."
	}
	return "Nothing is due."
}

// The kinds of human task of this package; the subject is the row that the comment names.
const (
	taskReview           = "case.review_overdue"         // case
	taskOutreach         = "case.outreach_overdue"       // case
	taskAlarm            = "alarm.answer"                // alarm
	taskCallReferrer     = "alarm.call_referrer"         // alarm
	taskFirstAttempt     = "claim.first_attempt_overdue" // claim
	taskNextAttempt      = "claim.next_attempt_due"      // claim
	taskFirstVisit       = "claim.first_visit_overdue"   // claim
	taskVisitDrought     = "enrollment.visit_drought"    // enrollment
	taskCompletion       = "enrollment.completion_check" // enrollment
	taskNewInformation   = "case.new_referral"           // referral
	taskWaitlistTouch    = "case.waitlist_touch"         // case
	taskWindowClosing    = "case.window_closing"         // case
	taskNotTaken         = "transfer.not_taken"          // the claim or enrollment for the agency, the case for the hub
	taskAskHer           = "program.closing_ask_her"     // likewise
	taskHandover         = "handover.unanswered"         // hand-over
	taskWalkIn           = "walkin.conflict"             // referral
	taskSamePerson       = "client.same_person"          // a question of the identity review
	taskReferredAgain    = "client.referred_again"       // enrollment, or the listed family
	taskOfferFits        = "case.offer_no_longer_fits"   // case
	taskDueDate          = "pregnancy.due_dates_differ"  // case
	taskAnotherCase      = "client.corrected_elsewhere"  // another open case of hers: let the rules read it again
	taskRevokedElsewhere = "client.revoked_elsewhere"    // another case of hers, open or still seen by an agency: she took back everything
	taskWhoSaidIt        = "client.parted_who_said_it"   // case that stood on another: a no, a loss or a death was written there meanwhile
)

// Kinds of task beside the home-visiting line.
const (
	taskHoldReview  = "hold.review_overdue"                  // hold
	taskConnection  = "connection.ask_how_it_ended"          // connection
	taskSafety      = "case.safety_not_asked"                // case; a question about self-harm or danger that nobody has put to her
	taskWithdrawn   = "case.referral_withdrawn"              // referral
	taskFamilyAsked = "case.referral_withdrawn_family_asked" // referral; a person asks her, since the referrer's word is not hers
	taskLoss        = "family.loss"                          // case; at the agency, claim or enrollment
	taskDeath       = "family.death"                         // another open case of a caregiver who died
	taskInfants     = "family.infants"                       // case of a caregiver who died: who looks after the children?
	taskTellVisitor = "family.tell_visitor"                  // claim or enrollment: its visitor hears of a loss from a person, before the next visit
	taskHope        = "family.offer_bereavement_support"     // case; once
	taskTakenBack   = "family.taken_back"                    // claim or enrollment: what was recorded of the family was a mistake
	taskChildBack   = "family.child_is_back"                 // claim or enrollment
	taskEndedWrong  = "case.enrollment_ended_in_error"       // case
	taskChildMoved  = "family.child_not_with_her"            // claim or enrollment
)

// Kinds of task about how she is reached.
const (
	taskFindWay         = "contact.find_a_way"        // case
	taskRecheck         = "contact.recheck"           // enrollment
	taskStopped         = "contact.stopped"           // case; at the agency, claim or enrollment
	taskReferredStopped = "contact.referred_stopped"  // referral of a family that asked not to be contacted
	taskReferrerNote    = "case.referrer_note"        // what a referrer tells the triage team
	taskStopHeard       = "contact.referrer_heard_no" // another open case of hers
	taskWrong           = "family.wrong"              // what somebody says went wrong; the privacy officer's alone
)
