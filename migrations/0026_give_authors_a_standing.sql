-- A moderator looks at everything of an author first, or wants nothing of that author any more.
-- phase: pre
-- oldest code: 1
--
-- It hangs on the pseudonym of one site. With the person's erasure it goes too.

CREATE TABLE standing (
    site_id      integer NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    author_id    bigint NOT NULL,
    kind         text NOT NULL CONSTRAINT standing_kind_known CHECK (kind IN ('premoderated', 'banned')),
    reason       text NOT NULL,
    note         text CONSTRAINT standing_note_is_short CHECK (length(note) <= 500),
    moderator_id integer NOT NULL REFERENCES moderator,
    since        timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz,
    lifted_at    timestamptz,
    lifted_by    integer REFERENCES moderator,
    PRIMARY KEY (site_id, id),
    CONSTRAINT standing_lifted_by_somebody CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    FOREIGN KEY (site_id, author_id) REFERENCES author (site_id, id) ON DELETE CASCADE
);
-- One at a time.
CREATE UNIQUE INDEX standing_of_author ON standing (site_id, author_id) WHERE lifted_at IS NULL;

CREATE FUNCTION drop_standings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.standing WHERE site_id = NEW.site_id AND author_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION drop_standings FROM PUBLIC;
CREATE TRIGGER author_erased_has_no_standing AFTER UPDATE OF erase_before ON author
    FOR EACH ROW WHEN (NEW.erase_before = 'infinity') EXECUTE FUNCTION drop_standings();

-- As in migration 3, but whoever has a standing that holds is not forgotten: it would be lifted so.
CREATE OR REPLACE FUNCTION forget_idle_authors(of_site integer, of_authors bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one bigint;
BEGIN
    FOREACH one IN ARRAY of_authors LOOP
        CONTINUE WHEN NOT (
            SELECT coalesce(bool_and(pg_try_advisory_xact_lock(
                ('x' || encode(substring(email_index FROM 1 FOR 8), 'hex'))::bit(64)::bigint)), true)
            FROM public.author_identity WHERE site_id = of_site AND author_id = one);
        CONTINUE WHEN EXISTS (SELECT FROM public.comment WHERE site_id = of_site AND author_id = one);
        CONTINUE WHEN EXISTS (SELECT FROM public.standing WHERE site_id = of_site AND author_id = one
                              AND lifted_at IS NULL
                              AND (expires_at IS NULL OR expires_at > clock_timestamp()));
        DELETE FROM public.author_identity WHERE site_id = of_site AND author_id = one;
        DELETE FROM public.author WHERE site_id = of_site AND id = one;
    END LOOP;
END $$;

-- Forgets authors of whom nothing is left but a standing that is over; how many.
CREATE FUNCTION expire_standings(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record; done integer := 0;
BEGIN
    FOR one IN
        SELECT DISTINCT site_id, author_id FROM public.standing AS it
        WHERE NOT EXISTS (SELECT FROM public.comment
                          WHERE comment.site_id = it.site_id AND comment.author_id = it.author_id)
          AND NOT EXISTS (SELECT FROM public.standing AS other
                          WHERE other.site_id = it.site_id AND other.author_id = it.author_id
                            AND other.lifted_at IS NULL
                            AND (other.expires_at IS NULL OR other.expires_at > clock_timestamp()))
        LIMIT up_to
    LOOP
        PERFORM public.forget_idle_authors(one.site_id, ARRAY[one.author_id]);
        IF NOT EXISTS (SELECT FROM public.author WHERE site_id = one.site_id AND id = one.author_id) THEN
            done := done + 1;
        END IF;
    END LOOP;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION expire_standings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_standings TO replydesk_worker;

GRANT SELECT ON standing TO replydesk_web, replydesk_worker;
GRANT INSERT, UPDATE (lifted_at, lifted_by) ON standing TO replydesk_web;
