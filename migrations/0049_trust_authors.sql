-- A moderator trusts an author: what waits for nothing but a person is published, where its own address is confirmed.
-- phase: pre
-- oldest code: 1
--
-- Code of before reads such an order as none that it knows: it holds, and a person looks.

ALTER TABLE standing
    DROP CONSTRAINT standing_kind_known,
    ADD CONSTRAINT standing_kind_known CHECK (kind IN ('premoderated', 'banned', 'trusted'));
