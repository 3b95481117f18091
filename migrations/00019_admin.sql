-- The network is kept by pages: service areas and calendars change, people leave, and the history is read by time, person and family.

-- +goose Up
GRANT DELETE ON program_areas, calendar_hours, calendar_holidays TO doorstep_hub;

CREATE INDEX audit_events_time ON audit_events (recorded_at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, recorded_at);
-- Lists keep the ids that they showed: who saw a family in a list has seen it, too.
CREATE INDEX audit_events_shown ON audit_events USING gin ((detail -> 'shown')) WHERE subject = 'list';

-- +goose Down
DROP INDEX audit_events_shown;
DROP INDEX audit_events_actor;
DROP INDEX audit_events_time;
REVOKE DELETE ON program_areas, calendar_hours, calendar_holidays FROM doorstep_hub;
