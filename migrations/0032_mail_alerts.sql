-- Alerts go to moderators by mail too: an outbox, so that none is lost and none is sent by two workers.
-- phase: pre
-- oldest code: 1
--
-- A recipient is the SHA-256 of an address in the settings, which alone hold it: one that was taken out of them
-- gets nothing more, and no address lies in the database.

CREATE TABLE alert_mail (
    site_id     integer NOT NULL,
    alert_id    uuid NOT NULL,
    type        text NOT NULL CONSTRAINT alert_mail_type CHECK (type IN ('alert.raised', 'alert.ended')),
    recipient   bytea NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CONSTRAINT alert_mail_state
                CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT clock_timestamp(),  -- or the end of a lease
    lease_token uuid,
    last_error  text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, alert_id, type, recipient),
    FOREIGN KEY (site_id, alert_id) REFERENCES alert (site_id, id) ON DELETE CASCADE
);
CREATE INDEX alert_mail_due ON alert_mail (due_at) WHERE state = 'waiting';

GRANT SELECT, INSERT, UPDATE (state, attempts, due_at, lease_token, last_error) ON alert_mail TO replydesk_worker;
