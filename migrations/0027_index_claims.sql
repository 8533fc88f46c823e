-- Who has which comment at this moment is listed without a look at the others.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_by_claim ON comment (site_id, claimed_until) WHERE claimed_until IS NOT NULL;
