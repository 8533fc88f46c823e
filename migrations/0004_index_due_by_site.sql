-- Sites share the checks fairly: each one's due comments are found by themselves, oldest first.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_due_by_site ON comment (site_id, due_at) WHERE status = 'pending';
