-- Authors appeal against what was decided about a comment; another person looks.
-- phase: pre
-- oldest code: 1
--
-- An appeal is against one decision. While it is open its comment does not expire. Code of before settles those whose
-- comment it publishes, and no others.

CREATE TABLE appeal (
    site_id     integer NOT NULL REFERENCES site,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    comment_id  uuid NOT NULL,
    decision_id bigint NOT NULL,     -- what it is against
    text        text CONSTRAINT appeal_text_is_short CHECK (length(text) BETWEEN 1 AND 2000),
    filed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome     text CONSTRAINT appeal_outcome_known CHECK (outcome IN ('granted', 'upheld', 'gone')),
    settled_at  timestamptz,
    settled_by  bigint,              -- the decision that did
    alone       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (site_id, id),
    CONSTRAINT appeal_once UNIQUE (site_id, comment_id, decision_id),
    CONSTRAINT appeal_is_settled_once CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN appeal.alone IS 'whoever settled it had decided before: there was nobody else';
CREATE INDEX appeal_open ON appeal (site_id, filed_at, id) WHERE outcome IS NULL;

-- What readers see again is granted, what is gone needs nobody any more.
CREATE FUNCTION settle_appeals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.appeal
        SET outcome = CASE NEW.status WHEN 'erased' THEN 'gone' ELSE 'granted' END,
            settled_at = clock_timestamp(), settled_by = NEW.id,
            text = CASE NEW.status WHEN 'erased' THEN NULL ELSE text END
        WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND outcome IS NULL;
    IF NEW.status = 'erased' THEN
        UPDATE public.appeal SET text = NULL
            WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND text IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION settle_appeals FROM PUBLIC;
CREATE TRIGGER settle_appeals AFTER INSERT ON decision
    FOR EACH ROW WHEN (NEW.status IN ('published', 'erased') AND NEW.from_status <> NEW.status)
    EXECUTE FUNCTION settle_appeals();

-- What is appealed against stays until somebody has looked.
CREATE OR REPLACE FUNCTION expire_restricted(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record; done integer := 0; spam_until timestamptz; rejected_until timestamptz;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO spam_until
        FROM public.retention WHERE kind = 'spam';
    SELECT clock_timestamp() - make_interval(days => days) INTO rejected_until
        FROM public.retention WHERE kind = 'restricted';
    FOR one IN
        SELECT due.* FROM (
            SELECT site_id, page_id, id, author_id, status FROM public.comment
            WHERE ((status = 'spam' AND decided_at < spam_until)
                   OR (status = 'rejected' AND decided_at < rejected_until))
              AND NOT EXISTS (SELECT FROM public.appeal WHERE appeal.site_id = comment.site_id
                              AND appeal.comment_id = comment.id AND outcome IS NULL) LIMIT up_to
        ) AS due ORDER BY site_id, page_id, id
    LOOP
        done := done + 1;
        PERFORM FROM public.page WHERE site_id = one.site_id AND id = one.page_id FOR NO KEY UPDATE;
        PERFORM FROM public.comment WHERE site_id = one.site_id AND id = one.id
            AND status = one.status AND decided_at < CASE status WHEN 'spam' THEN spam_until ELSE rejected_until END
            FOR UPDATE;
        CONTINUE WHEN NOT FOUND;  -- somebody decided meanwhile
        CONTINUE WHEN EXISTS (SELECT FROM public.appeal WHERE site_id = one.site_id
                              AND comment_id = one.id AND outcome IS NULL);
        IF one.status = 'spam' AND NOT EXISTS (
            SELECT FROM public.comment WHERE site_id = one.site_id AND parent_id = one.id
        ) THEN
            DELETE FROM public.decision WHERE site_id = one.site_id AND comment_id = one.id;
            DELETE FROM public.submission_key WHERE site_id = one.site_id AND comment_id = one.id;
            DELETE FROM public.comment WHERE site_id = one.site_id AND id = one.id;
        ELSE
            PERFORM public.make_tombstone(one.site_id, one.id, 'retention');
        END IF;
        IF one.author_id IS NOT NULL THEN
            PERFORM public.forget_idle_authors(one.site_id, ARRAY[one.author_id]);
        END IF;
    END LOOP;
    RETURN done;
END $$;

GRANT SELECT, INSERT ON appeal TO replydesk_web;
GRANT UPDATE (outcome, settled_at, settled_by, alone) ON appeal TO replydesk_web;
