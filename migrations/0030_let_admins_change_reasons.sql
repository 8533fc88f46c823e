-- Admins make, change and retire a site's own reasons; a retired one stays known to the history.
-- phase: pre
-- oldest code: 1
--
-- Code of before goes on offering a retired reason until it is replaced.

ALTER TABLE site_reason ADD COLUMN retired_at timestamptz;
COMMENT ON COLUMN site_reason.retired_at IS 'since when nobody may choose it; decisions of before still name it';

GRANT INSERT (site_id, code, label, text), UPDATE (label, text, retired_at) ON site_reason TO replydesk_web;
