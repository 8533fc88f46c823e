-- Moderators are told when a queue grows too long, a comment waits too long, or a check is down.
-- phase: pre
-- oldest code: 1
--
-- An alert is raised once and ends once; until then there is no second one of its kind. Workers of before know
-- no alerts: one that meets a delivery of one tells its webhook of a test instead.

CREATE TABLE alert (
    site_id     integer NOT NULL REFERENCES site,
    id          uuid NOT NULL DEFAULT gen_random_uuid(),
    kind        text NOT NULL CONSTRAINT alert_kind CHECK (kind IN ('held_too_long', 'queue_too_long', 'check_down')),
    subject     text NOT NULL DEFAULT '',  -- the check that is down
    threshold   integer NOT NULL,          -- of the policy when it was raised: minutes, comments, answers
    value       integer NOT NULL,          -- what was found then
    raised_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at    timestamptz,
    ended_value integer,                   -- what was found at its end; null: nobody wants to know any more
    PRIMARY KEY (site_id, id)
);
CREATE UNIQUE INDEX alert_once ON alert (site_id, kind, subject) WHERE ended_at IS NULL;
CREATE INDEX alert_by_age ON alert (ended_at) WHERE ended_at IS NOT NULL;

ALTER TABLE webhook_delivery
    ADD COLUMN alert_id   uuid,
    ADD COLUMN alert_type text CONSTRAINT webhook_delivery_alert_type
               CHECK (alert_type IN ('alert.raised', 'alert.ended'));
ALTER TABLE webhook_delivery
    ADD CONSTRAINT webhook_delivery_of_alert FOREIGN KEY (site_id, alert_id) REFERENCES alert (site_id, id)
        ON DELETE CASCADE NOT VALID,
    ADD CONSTRAINT webhook_delivery_of_one CHECK ((alert_id IS NULL) = (alert_type IS NULL)
        AND (alert_id IS NULL OR event_id IS NULL)) NOT VALID;
CREATE INDEX webhook_delivery_by_alert ON webhook_delivery (site_id, alert_id) WHERE alert_id IS NOT NULL;

GRANT SELECT ON alert TO replydesk_web;
GRANT SELECT, INSERT, DELETE, UPDATE (ended_at, ended_value) ON alert TO replydesk_worker;
