-- Moderators sign in with a name and a password, beside the tokens that there are.
-- phase: pre
-- oldest code: 1
--
-- Code of migration 1 goes on working: its sessions belong to a token, and it finds no others. Disabling a
-- person revokes the tokens too, since that code does not look at disabled_at.

ALTER TABLE moderator ADD COLUMN disabled_at timestamptz;
COMMENT ON COLUMN moderator.disabled_at IS 'since when this person may not come in, neither by password nor by token';

-- A table of its own: the checks' role reads moderators' names and must not see a hash.
CREATE TABLE moderator_password (
    moderator_id integer PRIMARY KEY REFERENCES moderator,
    hash         text NOT NULL CONSTRAINT moderator_password_is_argon2id CHECK (hash LIKE '$argon2id$%'),
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a person who signs in by password may do, and where. No row, no access.
CREATE TABLE moderator_access (
    moderator_id integer NOT NULL REFERENCES moderator,
    site_id      integer REFERENCES site,                  -- null: every site, also later ones
    role         text NOT NULL CONSTRAINT moderator_access_role_known CHECK (role IN ('viewer', 'moderator', 'admin')),
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT moderator_access_unique UNIQUE NULLS NOT DISTINCT (moderator_id, site_id)
);

-- A session is either that of a token, and ends with it, or that of a person who gave the password.
ALTER TABLE moderator_session
    ALTER COLUMN token_id DROP NOT NULL,
    ADD COLUMN moderator_id integer REFERENCES moderator,
    ADD COLUMN last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD CONSTRAINT moderator_session_of_one CHECK (num_nonnulls(token_id, moderator_id) = 1);

GRANT SELECT ON moderator_password, moderator_access TO replydesk_web;
-- The hash is made anew at a sign-in when its parameters have changed.
GRANT UPDATE (hash) ON moderator_password TO replydesk_web;
-- A session ends when it was not used for a while.
GRANT UPDATE (last_used_at) ON moderator_session TO replydesk_web;
