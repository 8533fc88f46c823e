-- Admins manage people, tokens and invitations over HTTP; so far the command line alone did.
-- phase: pre
-- oldest code: 1
--
-- Code of before goes on working: it does not look at invitations.

-- A way in for somebody new, used once. Of its secret only the digest is kept.
CREATE TABLE invitation (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest       bytea NOT NULL CONSTRAINT invitation_unique UNIQUE,   -- SHA-256 of 256 random bits
    role         text NOT NULL CONSTRAINT invitation_role_known CHECK (role IN ('viewer', 'moderator', 'admin')),
    site_ids     integer[],                                            -- null: every site
    invited_by   integer REFERENCES moderator,                         -- null: the command line
    moderator_id integer REFERENCES moderator,                         -- who came by it
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    revoked_at   timestamptz,
    CONSTRAINT invitation_is_used_by_somebody CHECK ((used_at IS NULL) = (moderator_id IS NULL)),
    CONSTRAINT invitation_ends_once CHECK (num_nonnulls(used_at, revoked_at) < 2)
);

-- Whoever holds the web process's role could open a session as any admin already, so these give away no more. The
-- checks' role has none of them.
GRANT INSERT (name) ON moderator TO replydesk_web;
GRANT UPDATE (disabled_at) ON moderator TO replydesk_web;
GRANT INSERT (moderator_id, site_id, role), UPDATE (role), DELETE ON moderator_access TO replydesk_web;
GRANT INSERT (moderator_id, digest, prefix, role, site_ids, expires_at, loopback_only),
    UPDATE (revoked_at, site_ids) ON moderator_token TO replydesk_web;
GRANT INSERT (moderator_id, hash), UPDATE (changed_at) ON moderator_password TO replydesk_web;
GRANT SELECT, INSERT (digest, role, site_ids, invited_by, expires_at), UPDATE (used_at, revoked_at, moderator_id)
    ON invitation TO replydesk_web;
