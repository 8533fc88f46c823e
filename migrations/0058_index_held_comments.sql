-- What is held at a site is checked again in the order of ids, a batch at a time, without sorting it each time.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY comment_held ON comment (site_id, id) WHERE status = 'held';
