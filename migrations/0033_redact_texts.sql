-- Moderators take parts out of a text; the texts of before are kept for the history, as long as rejected ones are.
-- phase: pre
-- oldest code: 1
--
-- A trigger keeps them, so that no code can change a text and forget what it was, and drops them with the text.
-- The wider list of actions is not checked against what is there: all of that passed the narrower one.

CREATE TABLE earlier_text (
    site_id     integer NOT NULL,
    comment_id  uuid NOT NULL,
    version     integer NOT NULL,      -- the comment's version that had this text
    text        text NOT NULL,
    edited_at   timestamptz,           -- as the comment had it then
    replaced_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, comment_id, version),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
CREATE INDEX earlier_text_by_age ON earlier_text (replaced_at);

CREATE FUNCTION keep_earlier_text() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.text = '' THEN
        DELETE FROM public.earlier_text WHERE site_id = NEW.site_id AND comment_id = NEW.id;
    ELSE
        INSERT INTO public.earlier_text (site_id, comment_id, version, text, edited_at)
            VALUES (OLD.site_id, OLD.id, OLD.version, OLD.text, OLD.edited_at);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION keep_earlier_text FROM PUBLIC;
CREATE TRIGGER keep_earlier_text AFTER UPDATE OF text ON comment
    FOR EACH ROW WHEN (NEW.text IS DISTINCT FROM OLD.text) EXECUTE FUNCTION keep_earlier_text();

-- Drops up to so many texts that were replaced as long ago as rejected comments are kept.
CREATE FUNCTION expire_earlier_texts(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'restricted';
    WITH due AS MATERIALIZED (
        SELECT site_id, comment_id, version FROM public.earlier_text
        WHERE replaced_at < until ORDER BY replaced_at LIMIT up_to FOR UPDATE SKIP LOCKED
    )
    DELETE FROM public.earlier_text AS it USING due
        WHERE (it.site_id, it.comment_id, it.version) = (due.site_id, due.comment_id, due.version);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION expire_earlier_texts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_earlier_texts TO replydesk_worker;

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore')) NOT VALID,
    ADD CONSTRAINT redaction_moves_nothing
        CHECK (action NOT IN ('redact', 'restore') OR (from_status = status AND version IS NOT NULL)) NOT VALID;

-- No process can change what a reader wrote but by these two: parts become a mark, or come back. The decision that a
-- new version needs is the caller's to record (`comment_is_decided`). False: the comment is not at that version.
CREATE FUNCTION redact_text(of_site integer, of_comment uuid, of_version integer, starts integer[], ends integer[])
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it text; at integer;
BEGIN
    SELECT comment.text INTO it FROM public.comment
        WHERE site_id = of_site AND id = of_comment AND version = of_version FOR NO KEY UPDATE;
    FOR at IN REVERSE cardinality(starts)..1 LOOP  -- from the end, so that what comes before stays in its place
        it := overlay(it PLACING '[…]' FROM starts[at] + 1 FOR ends[at] - starts[at]);
    END LOOP;
    UPDATE public.comment SET text = it, edited_at = clock_timestamp(), version = version + 1
        WHERE site_id = of_site AND id = of_comment AND version = of_version;
    RETURN FOUND;
END $$;

-- The text of the version before; false as well where it is not kept.
CREATE FUNCTION restore_text(of_site integer, of_comment uuid, of_version integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.comment AS it
        SET text = earlier.text, edited_at = earlier.edited_at, version = it.version + 1
        FROM public.earlier_text AS earlier
        WHERE it.site_id = of_site AND it.id = of_comment AND it.version = of_version
          AND (earlier.site_id, earlier.comment_id, earlier.version) = (it.site_id, it.id, it.version - 1);
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION redact_text, restore_text FROM PUBLIC;
GRANT EXECUTE ON FUNCTION redact_text, restore_text TO replydesk_web;
GRANT SELECT ON earlier_text TO replydesk_web;
