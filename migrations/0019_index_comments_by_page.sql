-- A page's comments of one status are listed without a look at those of other pages.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_by_page ON comment (site_id, page_id, status, submitted_at, id);
