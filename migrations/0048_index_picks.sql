-- The picks of a page, in the order of its thread.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY comment_picked ON comment (site_id, page_id, submitted_at, id) WHERE picked_at IS NOT NULL;
