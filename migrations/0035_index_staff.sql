-- Names under which the paper answered are found at once: nobody else may sign with one of them.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY comment_by_staff ON comment (site_id, name_skeleton) WHERE staff_id IS NOT NULL;
