-- What outside services have to be sent, told and paid for.
-- phase: pre
-- oldest code: 1
--
-- Akismet wants the address, browser and referrer of whoever submitted, when a comment is checked and again
-- when a person found it wrong. They are kept for sites that have it on, sealed with a key of their own that
-- the worker has too, and no longer than 15 days. Web adds them and reads none.

CREATE TABLE comment_as_submitted (
    site_id      integer NOT NULL,
    comment_id   uuid NOT NULL,
    key_id       smallint NOT NULL,
    sealed       bytea NOT NULL,  -- 12 bytes of nonce, then AES-256-GCM's output
    submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, comment_id),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
CREATE INDEX comment_as_submitted_by_age ON comment_as_submitted (submitted_at);

-- What a service said, what people found since, and what it has been told: where the last two differ, somebody
-- has to tell it. One row however often people change their minds.
CREATE TABLE service_feedback (
    site_id    integer NOT NULL,
    comment_id uuid NOT NULL,
    service    text NOT NULL,
    told       text NOT NULL CONSTRAINT feedback_told_known CHECK (told IN ('spam', 'ham')),
    wanted     text NOT NULL CONSTRAINT feedback_wanted_known CHECK (wanted IN ('spam', 'ham')),
    due_at     timestamptz NOT NULL,
    attempts   smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (site_id, comment_id, service),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN service_feedback.told IS 'what the service knows: its own answer at first';
CREATE INDEX service_feedback_due ON service_feedback (due_at) WHERE wanted <> told;

-- How often each service was asked for each site on each day (UTC): the budgets are compared with it.
CREATE TABLE service_use (
    site_id integer NOT NULL REFERENCES site,
    service text NOT NULL,
    day     date NOT NULL,
    asked   integer NOT NULL CHECK (asked >= 0),
    PRIMARY KEY (site_id, service, day)
);
CREATE INDEX service_use_by_day ON service_use (day, service);

-- What came with a comment goes with its text, whoever removes that.
CREATE FUNCTION forget_as_submitted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.comment_as_submitted WHERE site_id = NEW.site_id AND comment_id = NEW.id;
    DELETE FROM public.service_feedback WHERE site_id = NEW.site_id AND comment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER comment_erased_forgets AFTER UPDATE OF status ON comment
    FOR EACH ROW WHEN (NEW.status = 'erased') EXECUTE FUNCTION forget_as_submitted();

-- Drops up to so many of what is 15 days old, or as old as networks may be, and the feedback that needs it.
CREATE FUNCTION expire_as_submitted(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => least(days, 15)) INTO until
        FROM public.retention WHERE kind = 'network';
    WITH due AS MATERIALIZED (
        SELECT site_id, comment_id FROM public.comment_as_submitted
        WHERE submitted_at < coalesce(until, clock_timestamp() - interval '15 days')
        ORDER BY submitted_at LIMIT up_to FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM public.service_feedback AS it USING due
        WHERE it.site_id = due.site_id AND it.comment_id = due.comment_id
    )
    DELETE FROM public.comment_as_submitted AS it USING due
        WHERE it.site_id = due.site_id AND it.comment_id = due.comment_id;
    GET DIAGNOSTICS done = ROW_COUNT;
    DELETE FROM public.service_use WHERE day < current_date - 400;
    RETURN done;
END $$;

REVOKE ALL ON FUNCTION forget_as_submitted, expire_as_submitted FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_as_submitted TO replydesk_worker;

GRANT INSERT ON comment_as_submitted TO replydesk_web;
GRANT SELECT ON comment_as_submitted TO replydesk_worker;
GRANT SELECT, INSERT, UPDATE (wanted, due_at, attempts) ON service_feedback TO replydesk_web;
GRANT SELECT, UPDATE (told, due_at, attempts) ON service_feedback TO replydesk_worker;
GRANT SELECT ON service_use TO replydesk_web;
GRANT SELECT, INSERT, UPDATE (asked) ON service_use TO replydesk_worker;
