-- A moderator looks at everything of a network first, or wants nothing from it for a while.
-- phase: pre
-- oldest code: 1
--
-- The key under which a network is hashed changes every day, so an order keeps the hash with its day; what is
-- submitted is hashed for the days of orders that hold, and for no other. A comment remembers by which order it
-- came in as long as it remembers its own network. Networks change hands: every order ends.

CREATE TABLE network_standing (
    site_id      integer NOT NULL REFERENCES site,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    network      bytea CONSTRAINT network_standing_has_a_hash CHECK (octet_length(network) = 16),
    day          date NOT NULL,
    kind         text NOT NULL CONSTRAINT network_standing_kind_known CHECK (kind IN ('premoderated', 'banned')),
    reason       text NOT NULL,
    note         text CONSTRAINT network_standing_note_is_short CHECK (length(note) <= 500),
    moderator_id integer NOT NULL REFERENCES moderator,
    since        timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    lifted_at    timestamptz,
    lifted_by    integer REFERENCES moderator,
    PRIMARY KEY (site_id, id),
    CONSTRAINT network_standing_lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CONSTRAINT network_standing_is_for_a_while
        CHECK (expires_at > since AND expires_at <= since + interval '31 days')
);
COMMENT ON COLUMN network_standing.network IS 'forgotten once the order is over';
CREATE INDEX network_standing_known ON network_standing (site_id, id) WHERE network IS NOT NULL;

ALTER TABLE comment
    ADD COLUMN network_standing_id bigint,
    ADD CONSTRAINT comment_network_standing_fkey
        FOREIGN KEY (site_id, network_standing_id) REFERENCES network_standing (site_id, id) NOT VALID;
COMMENT ON COLUMN comment.network_standing_id IS 'the order about its network that held when it came';

CREATE FUNCTION forget_network_standing() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.network_standing_id := NULL;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION forget_network_standing FROM PUBLIC;
CREATE TRIGGER comment_without_network_has_no_standing BEFORE UPDATE OF network ON comment
    FOR EACH ROW WHEN (NEW.network IS NULL) EXECUTE FUNCTION forget_network_standing();

-- Forgets up to so many networks about which nothing is ordered any more; how many.
CREATE FUNCTION expire_network_standings(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE done integer;
BEGIN
    WITH due AS (
        SELECT site_id, id FROM public.network_standing
        WHERE network IS NOT NULL AND (lifted_at IS NOT NULL OR expires_at < clock_timestamp())
        LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE public.network_standing AS it SET network = NULL
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION expire_network_standings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_network_standings TO replydesk_worker;

GRANT SELECT, INSERT, UPDATE (lifted_at, lifted_by) ON network_standing TO replydesk_web;
GRANT SELECT ON network_standing TO replydesk_worker;
