-- Moderators close a page or a site, or look at everything there before it is published.
-- phase: pre
-- oldest code: 1
--
-- Code of migration 6 goes on: to it a page is what `open` says, and a site knows no such times.

ALTER TABLE page
    ADD COLUMN kept_open    boolean NOT NULL DEFAULT false,
    ADD COLUMN closes_at    timestamptz,
    ADD COLUMN premoderated boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN page.kept_open IS 'a moderator opened it: the policy''s close_after_days does not count';
COMMENT ON COLUMN page.premoderated IS 'nothing is published here by the checks alone';

ALTER TABLE site
    ADD COLUMN mode       text NOT NULL DEFAULT 'usual' CONSTRAINT site_mode_known
               CHECK (mode IN ('usual', 'premoderated', 'closed')),
    ADD COLUMN mode_until timestamptz;
COMMENT ON COLUMN site.mode_until IS 'when it is as usual again; null: when somebody says so';

GRANT UPDATE (kept_open, closes_at, premoderated) ON page TO replydesk_web;
GRANT UPDATE (mode, mode_until) ON site TO replydesk_web;
