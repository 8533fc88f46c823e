-- Housekeeping is done once a period by whoever comes first, scheduler or worker, and by no one else.
-- phase: pre
-- oldest code: 1
--
-- Code of migration 3 claims without regard to sites and sorts what is pending for it, which is slower and
-- nothing worse: the index that it had is written twice for each comment that is checked.

CREATE TABLE chore (
    name   text PRIMARY KEY,
    ran_at timestamptz NOT NULL
);
COMMENT ON COLUMN chore.ran_at IS 'when it was last begun, by the clock of the database';
GRANT SELECT, INSERT, UPDATE ON chore TO replydesk_worker;

DROP INDEX comment_due;
