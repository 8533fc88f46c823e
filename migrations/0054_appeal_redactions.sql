-- Authors appeal against a part that was taken out, too; granting puts it back.
-- phase: pre
-- oldest code: 1
--
-- Each `restore` takes back the last redaction that stands, whoever asked for it.

CREATE OR REPLACE FUNCTION restricting_decision(of_site integer, of_comment uuid, of_status text) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM public.decision AS it
    WHERE site_id = of_site AND comment_id = of_comment AND version IS NOT NULL AND CASE
        WHEN of_status IN ('rejected', 'spam') THEN it.status = of_status AND action <> 'undo'  -- what holds again
        WHEN of_status = 'published' THEN action = 'redact' AND NOT EXISTS (
            SELECT FROM public.decision AS later
            WHERE later.site_id = of_site AND later.comment_id = of_comment AND later.id > it.id
              AND later.version IS NOT NULL
              AND (later.action = 'edit' OR later.action = 'restore' AND 0 < (
                  SELECT sum(CASE between_them.action WHEN 'restore' THEN 1 WHEN 'redact' THEN -1 ELSE 0 END)
                  FROM public.decision AS between_them
                  WHERE between_them.site_id = of_site AND between_them.comment_id = of_comment
                    AND between_them.id > it.id AND between_them.id <= later.id)))
        ELSE false END
    ORDER BY id DESC LIMIT 1
$$;

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose', 'confirm', 'edit', 'pick', 'unpick',
        'uphold', 'grant')) NOT VALID,
    DROP CONSTRAINT uphold_moves_nothing,
    ADD CONSTRAINT uphold_moves_nothing CHECK (action NOT IN ('uphold', 'grant') OR version IS NULL) NOT VALID;

-- What that redaction took out comes back; false where it is not the last one that stands, its text is not kept, or the
-- comment is not at that version. The decision that a new version needs is the caller's to record.
CREATE FUNCTION restore_part(of_site integer, of_comment uuid, of_version integer, of_redaction bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.comment AS it
        SET text = earlier.text, edited_at = earlier.edited_at, version = it.version + 1
        FROM public.decision AS taken_out JOIN public.earlier_text AS earlier
            ON (earlier.site_id, earlier.comment_id, earlier.version)
             = (taken_out.site_id, taken_out.comment_id, taken_out.version - 1)
        WHERE it.site_id = of_site AND it.id = of_comment AND it.version = of_version
          AND (taken_out.site_id, taken_out.comment_id, taken_out.id) = (of_site, of_comment, of_redaction)
          AND of_redaction = public.restricting_decision(of_site, of_comment, 'published');
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION restore_part FROM PUBLIC;
GRANT EXECUTE ON FUNCTION restore_part TO replydesk_web;

-- What is published again says nothing about a part that was taken out; what is put back, or written anew, does.
CREATE OR REPLACE FUNCTION settle_appeals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE came_out text; about_text boolean := NEW.action IN ('restore', 'edit');
BEGIN
    IF NEW.action = 'undo' AND NEW.status <> 'published' THEN
        UPDATE public.appeal AS it SET outcome = NULL, settled_at = NULL, settled_by = NULL, answer = NULL, alone = false
            WHERE it.site_id = NEW.site_id AND it.comment_id = NEW.comment_id AND it.outcome = 'granted'
              AND it.settled_by = (SELECT max(earlier.id) FROM public.decision AS earlier
                                   WHERE earlier.site_id = NEW.site_id AND earlier.comment_id = NEW.comment_id
                                     AND earlier.id < NEW.id);
    END IF;
    came_out := CASE
        WHEN NEW.status = 'erased' AND NEW.from_status <> 'erased' THEN 'gone'
        WHEN NEW.action = 'edit' AND NEW.version IS NOT NULL THEN 'gone'
        WHEN NEW.action = 'restore' THEN 'granted'
        WHEN NEW.status = 'published' AND NEW.from_status <> 'published' THEN 'granted' END;
    IF came_out IS NOT NULL THEN
        UPDATE public.appeal AS it SET outcome = came_out, settled_at = clock_timestamp(), settled_by = NEW.id
            WHERE it.site_id = NEW.site_id AND it.comment_id = NEW.comment_id AND it.outcome IS NULL
              AND (NEW.status = 'erased' OR about_text = EXISTS (
                  SELECT FROM public.decision AS against
                  WHERE against.site_id = it.site_id AND against.comment_id = it.comment_id
                    AND against.id = it.decision_id AND against.action = 'redact'
                    AND (NEW.action <> 'restore' OR against.id > coalesce(public.restricting_decision(
                        NEW.site_id, NEW.comment_id, 'published'), 0))));  -- what stands lies below what came back
    END IF;
    IF NEW.status = 'erased' THEN
        UPDATE public.appeal SET text = NULL, answer = NULL
            WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND num_nonnulls(text, answer) > 0;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER settle_appeals ON decision;
CREATE TRIGGER settle_appeals AFTER INSERT ON decision
    FOR EACH ROW WHEN (NEW.action IN ('undo', 'restore', 'edit')
                       OR NEW.status IN ('published', 'erased') AND NEW.from_status <> NEW.status)
    EXECUTE FUNCTION settle_appeals();

-- A text that somebody asks for again stays until that is answered.
CREATE OR REPLACE FUNCTION expire_earlier_texts(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'restricted';
    WITH due AS MATERIALIZED (
        SELECT site_id, comment_id, version FROM public.earlier_text AS it
        WHERE replaced_at < until AND NOT EXISTS (
            SELECT FROM public.appeal WHERE appeal.site_id = it.site_id AND appeal.comment_id = it.comment_id
            AND outcome IS NULL)
        ORDER BY replaced_at LIMIT up_to FOR UPDATE SKIP LOCKED
    )
    DELETE FROM public.earlier_text AS it USING due
        WHERE (it.site_id, it.comment_id, it.version) = (due.site_id, due.comment_id, due.version);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
