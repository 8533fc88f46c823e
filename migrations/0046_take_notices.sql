-- Notices of illegal content (Digital Services Act, Article 16): a report with a name, an address and a link.
-- phase: pre
-- oldest code: 1
--
-- Whoever sends one is told by mail, where mail is on, and can look at its link. The name goes with the words of the
-- notice, the address a week after the decision. Code of before settles notices like reports, and tells nobody.

ALTER TABLE report
    ADD COLUMN notice_id    uuid,    -- of version 7; the end of its link
    ADD COLUMN notifier     text CONSTRAINT report_notifier_is_short CHECK (length(notifier) BETWEEN 1 AND 100),
    ADD COLUMN recipient_id uuid REFERENCES mail_recipient ON DELETE SET NULL,
    ADD CONSTRAINT notice_alone_names_somebody
        CHECK (notice_id IS NOT NULL OR (notifier IS NULL AND recipient_id IS NULL)),
    DROP CONSTRAINT report_text_is_short,
    ADD CONSTRAINT report_text_is_short
        CHECK (length(text) BETWEEN 1 AND CASE WHEN notice_id IS NULL THEN 1000 ELSE 5000 END);
COMMENT ON COLUMN report.notice_id IS 'null: a report without a name';
CREATE UNIQUE INDEX report_notice ON report (notice_id) WHERE notice_id IS NOT NULL;
CREATE INDEX report_recipient ON report (recipient_id) WHERE recipient_id IS NOT NULL;

ALTER TABLE reader_mail
    DROP CONSTRAINT reader_mail_kind,
    ADD CONSTRAINT reader_mail_kind CHECK (
        kind IN ('confirm', 'decision', 'reply', 'data', 'notice_received', 'notice_decided')) NOT VALID;

-- Whoever settles a notice need not think of mail. It waits until the decision cannot be taken back any more.
CREATE FUNCTION mail_of_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
        VALUES (NEW.recipient_id, 'notice_decided', NEW.settled_by::text, clock_timestamp() + interval '10 minutes')
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION mail_of_notice FROM PUBLIC;
CREATE TRIGGER mail_of_notice AFTER UPDATE OF outcome ON report
    FOR EACH ROW WHEN (NEW.outcome IS NOT NULL AND OLD.outcome IS NULL AND NEW.recipient_id IS NOT NULL)
    EXECUTE FUNCTION mail_of_notice();

-- The name goes with the words.
CREATE OR REPLACE FUNCTION forget_what_was_reported() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.report SET text = NULL, reporter = NULL, notifier = NULL
        WHERE site_id = OLD.site_id AND comment_id = OLD.id AND (text IS NOT NULL OR reporter IS NOT NULL);
    RETURN OLD;
END $$;

-- The words of a notice stay until it is decided.
CREATE OR REPLACE FUNCTION expire_reports(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'reports';
    WITH due AS (
        SELECT site_id, id FROM public.report
        WHERE (reporter IS NOT NULL AND reported_at < clock_timestamp() - interval '2 days')
           OR (text IS NOT NULL AND reported_at < until AND (notice_id IS NULL OR outcome IS NOT NULL))
        LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE public.report AS it
        SET reporter = CASE WHEN reported_at >= clock_timestamp() - interval '2 days' THEN reporter END,
            text = CASE WHEN reported_at < until AND (notice_id IS NULL OR outcome IS NOT NULL)
                        THEN NULL ELSE text END,
            notifier = CASE WHEN reported_at < until AND outcome IS NOT NULL THEN NULL ELSE notifier END
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

-- What nobody confirmed within a week is gone, what was asked for without a comment within a day, and the address of
-- a notice a week after its decision; how many.
CREATE OR REPLACE FUNCTION expire_unconfirmed(up_to integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record; done integer; alone integer;
BEGIN
    DELETE FROM public.mail_recipient WHERE id IN (
        SELECT id FROM public.mail_recipient AS who
        WHERE comment_id IS NULL AND created_at < clock_timestamp() - interval '1 day'
          AND NOT EXISTS (
              SELECT FROM public.report WHERE recipient_id = who.id
              AND (outcome IS NULL OR settled_at > clock_timestamp() - interval '7 days'))
        LIMIT up_to);
    GET DIAGNOSTICS alone = ROW_COUNT;
    done := 0;
    FOR one IN
        SELECT due.* FROM (
            SELECT it.site_id, it.page_id, it.id, it.version FROM public.site CROSS JOIN LATERAL (
                SELECT * FROM public.comment
                WHERE comment.site_id = site.id AND status = 'held' AND reason = 'awaiting_confirmation'
                  AND decided_at < clock_timestamp() - interval '7 days'
                ORDER BY submitted_at LIMIT up_to) AS it
        ) AS due ORDER BY site_id, page_id, id LIMIT up_to
    LOOP
        PERFORM FROM public.page WHERE site_id = one.site_id AND id = one.page_id FOR NO KEY UPDATE;
        PERFORM FROM public.comment WHERE site_id = one.site_id AND id = one.id AND version = one.version
            AND status = 'held' FOR UPDATE;
        CONTINUE WHEN NOT FOUND;  -- confirmed, or decided, meanwhile
        PERFORM public.make_tombstone(one.site_id, one.id, 'retention');
        done := done + 1;
    END LOOP;
    RETURN done + alone;
END $$;

-- The worker that mails sees what was decided, and none of the words.
GRANT SELECT (recipient_id, outcome, settled_by) ON report TO replydesk_worker;
