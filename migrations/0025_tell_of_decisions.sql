-- Every decision that moves a comment is an event, for streams and webhooks: written in its transaction.
-- phase: pre
-- oldest code: 1
--
-- A trigger writes it, so that no code can forget to, older code included. Ids are drawn while transactions
-- run and become visible in another order; `seq` is given later, to what is committed, by one at a time
-- (order_events). So whoever has seen all up to a `seq` has missed nothing before it, also after a restore.

CREATE TABLE event (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq          bigint,                   -- the order in which it is told; null: not yet given
    site_id      integer NOT NULL REFERENCES site,
    comment_id   uuid NOT NULL,            -- no reference: a comment that expires takes no event with it
    type         text NOT NULL,            -- `comment.` and its new status, or `comment.edited`
    from_status  text NOT NULL,
    status       text NOT NULL,
    version      integer NOT NULL,
    reason       text,
    source       text NOT NULL,
    moderator_id integer REFERENCES moderator,
    at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX event_in_order ON event (seq) WHERE seq IS NOT NULL;
CREATE INDEX event_not_in_order ON event (id) WHERE seq IS NULL;

-- One row: the last `seq` that was given, and up to which one they were dropped.
CREATE TABLE event_order (
    only_one        boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    last_seq        bigint NOT NULL DEFAULT 0,
    dropped_through bigint NOT NULL DEFAULT 0
);
INSERT INTO event_order DEFAULT VALUES;

CREATE FUNCTION tell_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.version IS NOT NULL THEN  -- null: nothing moved
        INSERT INTO public.event (site_id, comment_id, type, from_status, status, version, reason, source,
                                  moderator_id)
        VALUES (NEW.site_id, NEW.comment_id,
                'comment.' || CASE WHEN NEW.from_status = NEW.status THEN 'edited' ELSE NEW.status END,
                NEW.from_status, NEW.status, NEW.version, NEW.reason, NEW.source, NEW.moderator_id);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tell_of_decision FROM PUBLIC;
CREATE TRIGGER tell_of_decision AFTER INSERT ON decision FOR EACH ROW EXECUTE FUNCTION tell_of_decision();

-- Give up to so many committed events their place; how many got one. Beside another caller it does nothing.
CREATE FUNCTION order_events(up_to integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last bigint; given integer;
BEGIN
    IF NOT EXISTS (SELECT FROM public.event WHERE seq IS NULL) THEN
        RETURN 0;
    END IF;
    SELECT last_seq INTO last FROM public.event_order FOR UPDATE SKIP LOCKED;
    IF last IS NULL THEN
        RETURN 0;
    END IF;
    -- A statement of its own behind the lock: it sees what the one before us gave.
    WITH fresh AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n
        FROM (SELECT id FROM public.event WHERE seq IS NULL ORDER BY id LIMIT up_to) AS waiting
    )
    UPDATE public.event SET seq = last + fresh.n FROM fresh WHERE event.id = fresh.id;
    GET DIAGNOSTICS given = ROW_COUNT;
    UPDATE public.event_order SET last_seq = last + given;
    RETURN given;
END $$;
REVOKE ALL ON FUNCTION order_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION order_events TO replydesk_web, replydesk_worker;

-- Forget up to so many of the first events that are older than 30 days; how many went.
CREATE FUNCTION drop_old_events(up_to integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE through bigint; gone integer;
BEGIN
    PERFORM FROM public.event_order FOR UPDATE;
    SELECT max(seq) INTO through FROM (
        SELECT seq, at FROM public.event WHERE seq IS NOT NULL ORDER BY seq LIMIT up_to
    ) AS first WHERE at < clock_timestamp() - interval '30 days';
    DELETE FROM public.event WHERE seq <= through;
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE public.event_order SET dropped_through = through WHERE through IS NOT NULL;
    RETURN gone;
END $$;
REVOKE ALL ON FUNCTION drop_old_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_old_events TO replydesk_worker;

GRANT SELECT ON event, event_order TO replydesk_web, replydesk_worker;
