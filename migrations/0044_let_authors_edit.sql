-- Authors edit and withdraw their own comments.
-- phase: pre
-- oldest code: 1
--
-- What nobody has published yet is changed in place and checked again. An edit of what is published is a comment of
-- its own beside it, a revision, which no reader ever sees: the checks and moderators treat it as any other, and
-- where it passes its text becomes that of the comment that it revises. Code of before knows no revisions: where it
-- would publish one, the constraint stops it, and the next process checks it again.
--
-- No foreign key: a comment that is deleted takes no revision with it, and one without its comment goes nowhere.

ALTER TABLE comment
    ADD COLUMN revises uuid,
    ADD CONSTRAINT revision_is_never_published CHECK (revises IS NULL OR status <> 'published') NOT VALID;
COMMENT ON COLUMN comment.revises IS 'this is an edit of that comment, which is or was published; null: a comment';

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose', 'confirm', 'edit')) NOT VALID,
    ADD CONSTRAINT edit_publishes_nothing CHECK (
        action <> 'edit' OR (version IS NOT NULL AND (status = from_status OR status = 'pending'))) NOT VALID;

-- A new text for what readers do not see; false where the comment is not at that version any more. The checks look at
-- it again, except where a person or readers' reports had it held: then a person looks.
CREATE FUNCTION edit_text(of_site integer, of_comment uuid, of_version integer, new_text text, new_fingerprint bytea)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it public.comment; to_status text := 'pending';
BEGIN
    SELECT * INTO it FROM public.comment
        WHERE site_id = of_site AND id = of_comment AND version = of_version AND staff_id IS NULL
          AND (status IN ('pending', 'held') OR (revises IS NOT NULL AND status IN ('rejected', 'spam')))
        FOR NO KEY UPDATE;
    IF NOT FOUND OR it.text = new_text THEN
        RETURN FOUND;
    END IF;
    IF it.status = 'held' AND EXISTS (
        SELECT FROM public.decision WHERE site_id = of_site AND comment_id = of_comment
        AND (source = 'moderator' OR decided_by = 'reports') AND action <> 'recheck') THEN
        to_status := 'held';
    END IF;
    INSERT INTO public.decision (site_id, comment_id, version, from_status, status, source, action, reason)
        VALUES (of_site, of_comment, of_version + 1, it.status, to_status, 'author', 'edit',
                CASE WHEN to_status = 'held' THEN it.reason END);
    UPDATE public.comment
        SET text = new_text, fingerprint = new_fingerprint, version = version + 1,
            edited_at = CASE WHEN to_status = 'held' THEN clock_timestamp() ELSE it.edited_at END,
            status = to_status, reason = CASE WHEN to_status = 'held' THEN it.reason END,
            due_at = clock_timestamp(), attempts = 0, lease_token = NULL
        WHERE site_id = of_site AND id = of_comment;
    DELETE FROM public.text_sketch WHERE site_id = of_site AND comment_id = of_comment;
    RETURN true;
END $$;

-- The text of a revision becomes that of its comment, and of the revision nothing stays. 1; 0 where its comment is
-- refused or gone, or where the checks may not say it alone, because a person took a part out; null where the
-- revision is not at that version, or the lease is lost.
CREATE FUNCTION take_in_revision(
    of_site integer, of_revision uuid, of_version integer, of_lease uuid, by_source text, by_moderator integer,
    by_policy integer, by_check text, by_rule text, with_note text, with_findings jsonb
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it public.comment; kept public.comment;
BEGIN
    PERFORM FROM public.page WHERE (site_id, id) IN
        (SELECT site_id, page_id FROM public.comment WHERE site_id = of_site AND id = of_revision)
        FOR NO KEY UPDATE;
    SELECT * INTO it FROM public.comment
        WHERE site_id = of_site AND id = of_revision AND version = of_version AND revises IS NOT NULL
          AND status <> 'erased' AND (of_lease IS NULL OR (lease_token = of_lease AND status = 'pending'))
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO kept FROM public.comment
        WHERE site_id = of_site AND id = it.revises AND status IN ('published', 'held', 'pending')
        FOR NO KEY UPDATE;
    IF NOT FOUND OR (by_source = 'checks' AND EXISTS (
        SELECT FROM public.decision
        WHERE site_id = of_site AND comment_id = kept.id AND action = 'redact')) THEN
        RETURN 0;
    END IF;
    IF kept.text <> it.text THEN
        INSERT INTO public.decision (site_id, comment_id, version, from_status, status, source, action,
                                     moderator_id, policy_version, decided_by, rule, reason, note, findings)
            VALUES (of_site, kept.id, kept.version + 1, kept.status, kept.status, by_source, 'edit',
                    by_moderator, by_policy, by_check, by_rule, kept.reason, with_note, with_findings);
        UPDATE public.comment
            SET text = it.text, fingerprint = it.fingerprint, edited_at = clock_timestamp(), version = version + 1
            WHERE site_id = of_site AND id = kept.id;
        UPDATE public.page SET revision = revision + 1 WHERE site_id = of_site AND id = kept.page_id;
        DELETE FROM public.text_sketch WHERE site_id = of_site AND comment_id = kept.id;
        UPDATE public.text_sketch SET comment_id = kept.id WHERE site_id = of_site AND comment_id = of_revision;
    END IF;
    PERFORM public.make_tombstone(of_site, of_revision, 'author');
    RETURN 1;
END $$;

-- Its author takes a comment back; false where there is none.
CREATE FUNCTION withdraw_comment(of_site integer, of_comment uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.comment WHERE site_id = of_site AND id = of_comment
                   AND status <> 'erased' AND staff_id IS NULL AND revises IS NULL) THEN
        RETURN false;
    END IF;
    PERFORM public.make_tombstone(of_site, of_comment, 'author');
    RETURN true;
END $$;

-- What somebody wrote goes with all its edits.
CREATE FUNCTION erase_revisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one uuid;
BEGIN
    FOR one IN SELECT id FROM public.comment
               WHERE site_id = NEW.site_id AND revises = NEW.id AND status <> 'erased' LOOP
        PERFORM public.make_tombstone(NEW.site_id, one, 'author');
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER erase_revisions AFTER UPDATE OF status ON comment
    FOR EACH ROW WHEN (NEW.status = 'erased' AND OLD.status <> 'erased' AND NEW.revises IS NULL)
    EXECUTE FUNCTION erase_revisions();

-- Of a revision that was taken in its comment tells.
CREATE OR REPLACE FUNCTION tell_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.version IS NULL OR (NEW.status = 'erased' AND EXISTS (
        SELECT FROM public.comment WHERE site_id = NEW.site_id AND id = NEW.comment_id AND revises IS NOT NULL)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.event (site_id, comment_id, type, from_status, status, version, reason, source,
                              moderator_id)
    VALUES (NEW.site_id, NEW.comment_id,
            'comment.' || CASE WHEN NEW.from_status = NEW.status THEN 'edited' ELSE NEW.status END,
            NEW.from_status, NEW.status, NEW.version, NEW.reason, NEW.source, NEW.moderator_id);
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION edit_text, take_in_revision, withdraw_comment, erase_revisions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edit_text, withdraw_comment TO replydesk_web;
GRANT EXECUTE ON FUNCTION take_in_revision TO replydesk_web, replydesk_worker;
