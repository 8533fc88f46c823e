-- What was decided in an hour is found without a look at the years before: figures are counted by the hour.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
-- no-transaction
--
-- BRIN: decisions are only ever added, in the order of time, so a few kilobytes tell where each hour lies.
-- If it is interrupted, it leaves an invalid index: drop that one, start again.

CREATE INDEX CONCURRENTLY decision_by_time ON decision USING brin (decided_at) WITH (pages_per_range = 32, autosummarize = on);
