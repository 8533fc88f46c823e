-- Commands about personal data read sites as everybody does, and with them what state their learning is in.
-- phase: pre
-- oldest code: 1
--
-- Code of migration 11 goes on working; its `replydesk erase` was refused the number that it reads with a site.

GRANT SELECT (site_id, revision) ON site_learning TO replydesk_private;
