-- Moderators answer readers under a badge of the paper: such a comment says who wrote it, and no reader's does.
-- phase: pre
-- oldest code: 1
--
-- Code of before shows such an answer without its badge.

ALTER TABLE comment
    ADD COLUMN staff_id integer,
    ADD CONSTRAINT comment_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES moderator NOT VALID,
    ADD CONSTRAINT staff_is_no_author CHECK (staff_id IS NULL OR author_id IS NULL) NOT VALID;
COMMENT ON COLUMN comment.staff_id IS 'the moderator who answered for the paper; null: a reader';

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer')) NOT VALID;
