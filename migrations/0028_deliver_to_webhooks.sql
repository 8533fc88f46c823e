-- Programs of a publisher are told of events: which ones, where to, and how far each of them has come.
-- phase: pre
-- oldest code: 1

CREATE TABLE webhook (
    site_id         integer NOT NULL REFERENCES site,
    id              uuid NOT NULL,
    url             text NOT NULL,
    types           text[] NOT NULL,
    description     text NOT NULL DEFAULT '',
    key_id          smallint NOT NULL,      -- of the key that sealed the secret
    sealed          bytea NOT NULL,
    old_key_id      smallint,               -- the secret before this one signs too, until old_until
    old_sealed      bytea,
    old_until       timestamptz,
    seen_seq        bigint NOT NULL,        -- events up to here were taken over as deliveries
    failures        integer NOT NULL DEFAULT 0,  -- one after the other, since the last success
    failing_since   timestamptz,
    retry_at        timestamptz,            -- not asked before; null: nothing speaks against it
    last_error      text,
    last_success_at timestamptz,
    disabled_at     timestamptz,
    disabled_why    text CONSTRAINT webhook_disabled_why CHECK (disabled_why IN ('admin', 'gone', 'failing')),
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, id),
    CONSTRAINT webhook_disabled CHECK ((disabled_at IS NULL) = (disabled_why IS NULL))
);

CREATE TABLE webhook_delivery (
    site_id      integer NOT NULL,
    webhook_id   uuid NOT NULL,
    id           uuid NOT NULL DEFAULT gen_random_uuid(),  -- the message's id, the same on each try
    event_id     bigint REFERENCES event ON DELETE CASCADE,  -- null: a test
    state        text NOT NULL DEFAULT 'waiting' CONSTRAINT webhook_delivery_state
                 CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT clock_timestamp(),  -- or the end of a lease
    lease_token  uuid,
    last_error   text,
    delivered_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, webhook_id, id),
    CONSTRAINT webhook_delivery_once UNIQUE (site_id, webhook_id, event_id),
    FOREIGN KEY (site_id, webhook_id) REFERENCES webhook (site_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (site_id, webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (site_id, webhook_id, created_at DESC, id);
CREATE INDEX webhook_delivery_by_event ON webhook_delivery (event_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook TO replydesk_web;
GRANT SELECT, INSERT, UPDATE (state, attempts, due_at) ON webhook_delivery TO replydesk_web;
GRANT SELECT, UPDATE (seen_seq, failures, failing_since, retry_at, last_error, last_success_at, disabled_at,
                      disabled_why) ON webhook TO replydesk_worker;
GRANT SELECT, INSERT, UPDATE (state, attempts, due_at, lease_token, last_error, delivered_at)
    ON webhook_delivery TO replydesk_worker;
