-- The objections of one check are found by site and status; code of before goes on with `comment_by_objection`.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY comment_by_queued_objection ON comment
    USING gin (queued_objections(site_id, status, objections)) WHERE objections IS NOT NULL;
