-- How a form was written down, who told us of a child, and three more kinds of help beside home visiting.

-- +goose Up

-- The default is for the release before, which knows values only.
ALTER TABLE screenings ADD COLUMN recorded text NOT NULL DEFAULT 'values' CHECK (recorded IN ('values', 'lines'));
COMMENT ON COLUMN screenings.recorded IS 'items are printed values, or the answers counted from 1 as printed';

ALTER TABLE infants ADD COLUMN told_by text CHECK (told_by IN ('referrer', 'family', 'hub', 'agency'));
COMMENT ON COLUMN infants.told_by IS 'NULL: written before anybody kept it';

ALTER TABLE connections DROP CONSTRAINT connections_kind_check;
ALTER TABLE connections ADD CONSTRAINT connections_kind_check CHECK (kind IN ('prenatal_care', 'wic', 'crib', 'bereavement', 'doula',
    'groups', 'food', 'housing', 'utilities', 'cooling', 'lead', 'income', 'legal', 'mental_health', 'treatment', 'contraception',
    'early_intervention', 'quitline', 'transport', 'other'));

-- +goose Down
UPDATE connections SET kind = 'other' WHERE kind IN ('utilities', 'cooling', 'lead');
ALTER TABLE connections DROP CONSTRAINT connections_kind_check;
ALTER TABLE connections ADD CONSTRAINT connections_kind_check CHECK (kind IN ('prenatal_care', 'wic', 'crib', 'bereavement', 'doula',
    'groups', 'food', 'housing', 'income', 'legal', 'mental_health', 'treatment', 'contraception', 'early_intervention', 'quitline',
    'transport', 'other'));
ALTER TABLE infants DROP COLUMN told_by;
-- What the release before cannot read would be read wrongly, so it goes back as unanswered would: a person asks her again.
DELETE FROM screenings WHERE recorded = 'lines';
ALTER TABLE screenings DROP COLUMN recorded;
