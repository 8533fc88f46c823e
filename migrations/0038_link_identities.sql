-- People sign in through the publisher's own OpenID provider.
-- phase: pre
-- oldest code: 1
--
-- An identity is what the provider says for ever of one person: issuer and subject. No address is kept of it. Code of
-- before does not know such sessions where their person has no password: they wait at the way in until it is gone.

CREATE TABLE moderator_identity (
    issuer       text NOT NULL CONSTRAINT moderator_identity_issuer_is_short CHECK (length(issuer) BETWEEN 1 AND 500),
    subject      text NOT NULL CONSTRAINT moderator_identity_subject_is_short CHECK (length(subject) BETWEEN 1 AND 255),
    moderator_id integer NOT NULL REFERENCES moderator,
    linked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (issuer, subject),
    CONSTRAINT moderator_identity_one_each UNIQUE (moderator_id, issuer)
);
COMMENT ON TABLE moderator_identity IS 'the provider''s word for a person; never an address';

-- The web process looks them up; only the command line links.
GRANT SELECT ON moderator_identity TO replydesk_web;
