-- Mail says why something is restricted, and what became of an appeal.
-- phase: pre
-- oldest code: 1
--
-- Spam is told to who confirmed the address and to nobody else. Of what settled an appeal the mail about the appeal
-- tells. Code of before, still mailing beside this one, leaves what it does not know to this.

ALTER TABLE reader_mail
    DROP CONSTRAINT reader_mail_kind,
    ADD CONSTRAINT reader_mail_kind CHECK (kind IN ('confirm', 'decision', 'reply', 'data', 'notice_received',
        'notice_decided', 'statement', 'appeal')) NOT VALID;

CREATE OR REPLACE FUNCTION mail_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own public.mail_recipient;
    kind_of_mail text;
    is_cut boolean := NEW.action = 'redact' AND NEW.status = 'published';
    later timestamptz := clock_timestamp()
        + CASE WHEN NEW.source = 'moderator' THEN interval '10 minutes' ELSE interval '0' END;
BEGIN
    IF NEW.version IS NULL OR (NEW.status = NEW.from_status AND NOT is_cut) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO own FROM public.mail_recipient WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id;
    IF own.id IS NOT NULL AND own.confirmed_at IS NULL AND NEW.status IN ('held', 'published') AND NOT is_cut
       AND (own.wants_decision OR own.wants_replies OR NEW.reason = 'awaiting_confirmation') THEN
        INSERT INTO public.reader_mail (recipient_id, kind) VALUES (own.id, 'confirm') ON CONFLICT DO NOTHING;
    END IF;
    IF NEW.rule IS DISTINCT FROM 'appeal' THEN
        kind_of_mail := CASE
            WHEN own.wants_decision AND own.confirmed_at IS NOT NULL
                 AND NEW.status IN ('published', 'rejected', 'spam') THEN 'decision'
            WHEN own.wants_statement AND own.confirmed_at IS NOT NULL
                 AND (NEW.status IN ('rejected', 'spam') OR is_cut) THEN 'statement'
            WHEN own.wants_statement AND (NEW.status = 'rejected' OR is_cut) THEN 'statement' END;
    END IF;
    IF NEW.action = 'undo' AND EXISTS (  -- what holds again was told
        SELECT FROM public.decision AS holds
        JOIN public.reader_mail AS told ON told.about = holds.version::text AND told.recipient_id = own.id
             AND told.kind IN ('decision', 'statement') AND told.state = 'sent'
        WHERE holds.site_id = NEW.site_id AND holds.comment_id = NEW.comment_id
          AND holds.id = public.restricting_decision(NEW.site_id, NEW.comment_id, NEW.status)) THEN
        kind_of_mail := NULL;
    END IF;
    IF kind_of_mail IS NOT NULL THEN
        INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
            VALUES (own.id, kind_of_mail, NEW.version::text, later) ON CONFLICT DO NOTHING;
    END IF;
    IF NEW.status = 'published' AND NOT is_cut THEN
        INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
            SELECT above.id, 'reply', NEW.comment_id::text, later
            FROM public.comment AS reply
            JOIN public.comment AS parent ON parent.site_id = reply.site_id AND parent.id = reply.parent_id
            JOIN public.mail_recipient AS above
              ON above.site_id = parent.site_id AND above.comment_id = parent.id
            WHERE reply.site_id = NEW.site_id AND reply.id = NEW.comment_id
              AND above.wants_replies AND above.confirmed_at IS NOT NULL
              AND reply.author_id IS DISTINCT FROM parent.author_id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

-- Whoever answers an appeal need not think of mail. What can be taken back waits until it cannot.
CREATE FUNCTION mail_of_appeal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
        SELECT who.id, 'appeal', NEW.id::text,
               clock_timestamp() + CASE NEW.outcome WHEN 'granted' THEN interval '10 minutes' ELSE interval '0' END
        FROM public.mail_recipient AS who
        JOIN public.decision AS answered ON answered.site_id = NEW.site_id
             AND answered.comment_id = NEW.comment_id AND answered.id = NEW.settled_by AND answered.rule = 'appeal'
        WHERE who.site_id = NEW.site_id AND who.comment_id = NEW.comment_id
          AND (who.wants_statement OR who.wants_decision AND who.confirmed_at IS NOT NULL)
    ON CONFLICT (recipient_id, kind, about)
        DO UPDATE SET state = 'waiting', due_at = excluded.due_at, attempts = 0, last_error = NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION mail_of_appeal FROM PUBLIC;
CREATE TRIGGER mail_of_appeal AFTER UPDATE OF outcome ON appeal
    FOR EACH ROW WHEN (NEW.outcome IN ('granted', 'upheld') AND OLD.outcome IS NULL)
    EXECUTE FUNCTION mail_of_appeal();

-- The worker that mails sees how something was found and what became of it, and none of the words.
GRANT SELECT (site_id, comment_id, notice_id) ON report TO replydesk_worker;
GRANT SELECT (site_id, id, outcome) ON appeal TO replydesk_worker;
