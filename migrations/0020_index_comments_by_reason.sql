-- Comments of one status are listed by their reason.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_by_reason ON comment (site_id, status, reason, submitted_at, id) WHERE reason IS NOT NULL;
