-- What people decided at a site is found without a look at what the checks decided: models learn from it.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY decision_by_people ON decision (site_id, id) WHERE source = 'moderator';
