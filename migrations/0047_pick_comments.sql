-- Moderators pick comments that are worth reading.
-- phase: pre
-- oldest code: 1

ALTER TABLE comment ADD COLUMN picked_at timestamptz;
COMMENT ON COLUMN comment.picked_at IS 'since when it is an editors'' pick; shown while it is published';

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose', 'confirm', 'edit', 'pick', 'unpick')) NOT VALID,
    ADD CONSTRAINT pick_moves_nothing CHECK (action NOT IN ('pick', 'unpick') OR version IS NULL) NOT VALID;

GRANT UPDATE (picked_at) ON comment TO replydesk_web;
