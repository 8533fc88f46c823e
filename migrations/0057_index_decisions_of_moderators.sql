-- What a moderator decided lately is listed without a look at what all others ever decided.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- Built beside running writes. If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY decision_of_moderator ON decision (moderator_id, decided_at) WHERE source = 'moderator';
