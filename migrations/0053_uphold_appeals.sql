-- An appeal that is upheld is a look at a decision and no second one; what settled an appeal can be taken back.
-- phase: pre
-- oldest code: 1
--
-- Code of before upholds by refusing anew: that is counted as a further decision.

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose', 'confirm', 'edit', 'pick', 'unpick',
        'uphold')) NOT VALID,
    ADD CONSTRAINT uphold_moves_nothing CHECK (action <> 'uphold' OR version IS NULL) NOT VALID;

-- Appeals are counted for years, also those whose comment has gone wholly.
ALTER TABLE appeal
    ADD COLUMN automated boolean NOT NULL DEFAULT false,
    ADD COLUMN answer text CONSTRAINT appeal_answer_is_short CHECK (length(answer) BETWEEN 1 AND 2000),
    ALTER COLUMN comment_id DROP NOT NULL,
    DROP CONSTRAINT appeal_site_id_comment_id_fkey,
    ADD CONSTRAINT appeal_of_comment FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id)
        ON DELETE SET NULL (comment_id);
COMMENT ON COLUMN appeal.automated IS 'it is against what the checks decided alone';
COMMENT ON COLUMN appeal.answer IS 'what its author is told';
UPDATE appeal SET automated = true WHERE EXISTS (
    SELECT FROM decision WHERE decision.site_id = appeal.site_id AND decision.comment_id = appeal.comment_id
    AND decision.id = appeal.decision_id AND source = 'checks');
CREATE INDEX appeal_by_time ON appeal (site_id, filed_at);
CREATE INDEX appeal_words_by_age ON appeal (settled_at) WHERE text IS NOT NULL OR answer IS NOT NULL;

CREATE OR REPLACE FUNCTION settle_appeals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.action = 'undo' AND NEW.status <> 'published' THEN
        UPDATE public.appeal AS it SET outcome = NULL, settled_at = NULL, settled_by = NULL, answer = NULL, alone = false
            WHERE it.site_id = NEW.site_id AND it.comment_id = NEW.comment_id AND it.outcome = 'granted'
              AND it.settled_by = (SELECT max(earlier.id) FROM public.decision AS earlier
                                   WHERE earlier.site_id = NEW.site_id AND earlier.comment_id = NEW.comment_id
                                     AND earlier.id < NEW.id);
    ELSIF NEW.status IN ('published', 'erased') AND NEW.from_status <> NEW.status THEN
        UPDATE public.appeal
            SET outcome = CASE NEW.status WHEN 'erased' THEN 'gone' ELSE 'granted' END,
                settled_at = clock_timestamp(), settled_by = NEW.id
            WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND outcome IS NULL;
    END IF;
    IF NEW.status = 'erased' THEN
        UPDATE public.appeal SET text = NULL, answer = NULL
            WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND num_nonnulls(text, answer) > 0;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER settle_appeals ON decision;
CREATE TRIGGER settle_appeals AFTER INSERT ON decision
    FOR EACH ROW WHEN (NEW.action = 'undo' OR NEW.status IN ('published', 'erased') AND NEW.from_status <> NEW.status)
    EXECUTE FUNCTION settle_appeals();

-- A comment that goes wholly takes the words about it along.
CREATE FUNCTION forget_appeals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.appeal SET text = NULL, answer = NULL, outcome = coalesce(outcome, 'gone'),
                             settled_at = coalesce(settled_at, clock_timestamp())
        WHERE site_id = OLD.site_id AND comment_id = OLD.id;
    RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION forget_appeals FROM PUBLIC;
CREATE TRIGGER appeal_loses_its_words_with_its_comment BEFORE DELETE ON comment
    FOR EACH ROW EXECUTE FUNCTION forget_appeals();

-- Forgets the words of up to so many appeals that were settled as long ago as rejected comments are kept; how many.
CREATE FUNCTION expire_appeals(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'restricted';
    WITH due AS (
        SELECT site_id, id FROM public.appeal
        WHERE (text IS NOT NULL OR answer IS NOT NULL) AND settled_at < until
        LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE public.appeal AS it SET text = NULL, answer = NULL
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION expire_appeals FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_appeals TO replydesk_worker;
GRANT UPDATE (answer) ON appeal TO replydesk_web;
