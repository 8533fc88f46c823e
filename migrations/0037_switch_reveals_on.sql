-- An operator may open one reader's address for a threat or a court order, where the site has that switched on.
-- phase: pre
-- oldest code: 1
--
-- Off at every site. No process may switch it, and none may read an address: the command line does both.

ALTER TABLE site ADD COLUMN reveals_addresses boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN site.reveals_addresses IS 'whether `replydesk reveal` may open an address of a comment here';
