-- Comments of one status are listed by their risk, the highest first; what is not known comes last.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_by_risk ON comment (site_id, status, (-coalesce(risk, -1::real)), submitted_at, id);
