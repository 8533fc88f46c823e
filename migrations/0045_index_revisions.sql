-- Of a comment there is one revision that is not taken in.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE UNIQUE INDEX CONCURRENTLY comment_revision ON comment (site_id, revises) WHERE revises IS NOT NULL AND status <> 'erased';
