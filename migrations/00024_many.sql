-- Lists that stay quick where a hub has hundreds of thousands of cases.

-- +goose Up
-- The few that nothing but a person moves on, among the very many in review. A query says the predicate word for word.
CREATE INDEX cases_stuck ON cases (status, rank_key) WHERE review_reasons && '{no_taker,no_place,waitlist_unanswered,no_safe_route}';
-- An agency's families by what is due first; without a date they come last.
CREATE INDEX cases_with_agency ON cases (COALESCE(next_due_at, '9999-01-01 00:00:00+00'::timestamptz), id) WHERE status IN ('claimed', 'accepted', 'enrolled');
CREATE INDEX cases_ended ON cases (closed_at, id) WHERE status = 'closed';
CREATE INDEX claims_visitor ON claims (visitor_id, case_id);
CREATE INDEX enrollments_visitor ON enrollments (visitor_id, case_id);

-- +goose Down
DROP INDEX enrollments_visitor;
DROP INDEX claims_visitor;
DROP INDEX cases_ended;
DROP INDEX cases_with_agency;
DROP INDEX cases_stuck;
