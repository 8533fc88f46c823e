-- Moderators search the texts; the words are taken as they are ('simple'), for sites have many languages.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.
-- One statement alone, for several would be one transaction.

CREATE INDEX CONCURRENTLY comment_by_words ON comment USING gin (to_tsvector('simple', text));
