-- A person may add a code of an authenticator app to name and password.
-- phase: pre
-- oldest code: 1
--
-- Code of before goes on working, and asks for no code: roll it out everywhere before people set one up.

CREATE TABLE moderator_totp (
    moderator_id integer PRIMARY KEY REFERENCES moderator,
    key_id       smallint NOT NULL,
    sealed       bytea NOT NULL,                   -- the shared secret (RFC 6238), sealed by the application
    last_step    bigint NOT NULL DEFAULT 0,        -- a code is taken once: no step twice, none before it
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    confirmed_at timestamptz                       -- null: begun, and not asked for yet
);

CREATE TABLE moderator_recovery_code (
    moderator_id integer NOT NULL REFERENCES moderator_totp ON DELETE CASCADE,
    digest       bytea NOT NULL,                   -- SHA-256 of 80 random bits
    PRIMARY KEY (moderator_id, digest)
);

GRANT SELECT, INSERT (moderator_id, key_id, sealed), UPDATE (key_id, sealed, last_step, confirmed_at), DELETE
    ON moderator_totp TO replydesk_web;
GRANT SELECT, INSERT (moderator_id, digest), DELETE ON moderator_recovery_code TO replydesk_web;
