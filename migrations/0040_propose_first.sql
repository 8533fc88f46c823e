-- At a site that wants a second pair of eyes, a rejection or a ban is proposed by one person and made by another.
-- phase: pre
-- oldest code: 1
--
-- What is proposed about a comment is an entry of its history; about an author or a network, a mark of the order
-- that holds until somebody else decides.

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose')) NOT VALID;

ALTER TABLE standing ADD COLUMN proposes_ban boolean NOT NULL DEFAULT false;
ALTER TABLE network_standing ADD COLUMN proposes_ban boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN standing.proposes_ban IS 'its giver wanted a ban, which somebody else has to confirm';
COMMENT ON COLUMN network_standing.proposes_ban IS 'its giver wanted a ban, which somebody else has to confirm';
