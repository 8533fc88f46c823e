-- A site can have everybody mailed who is refused, whether they asked or not (Digital Services Act, Article 17).
-- phase: pre
-- oldest code: 1
--
-- Spam is none of that: Article 17(2), and what programs type is mostly the address of somebody else.

ALTER TABLE mail_recipient ADD COLUMN wants_statement boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN mail_recipient.wants_statement IS 'the site mails whoever is refused';

ALTER TABLE reader_mail
    DROP CONSTRAINT reader_mail_kind,
    ADD CONSTRAINT reader_mail_kind CHECK (kind IN
        ('confirm', 'decision', 'reply', 'data', 'notice_received', 'notice_decided', 'statement')) NOT VALID;

CREATE OR REPLACE FUNCTION mail_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own public.mail_recipient;
    later timestamptz := clock_timestamp()
        + CASE WHEN NEW.source = 'moderator' THEN interval '10 minutes' ELSE interval '0' END;
BEGIN
    IF NEW.version IS NULL OR NEW.status = NEW.from_status THEN
        RETURN NULL;
    END IF;
    SELECT * INTO own FROM public.mail_recipient WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id;
    IF own.id IS NOT NULL AND own.confirmed_at IS NULL AND NEW.status IN ('held', 'published')
       AND (own.wants_decision OR own.wants_replies OR NEW.reason = 'awaiting_confirmation') THEN
        INSERT INTO public.reader_mail (recipient_id, kind) VALUES (own.id, 'confirm') ON CONFLICT DO NOTHING;
    END IF;
    IF own.wants_decision AND own.confirmed_at IS NOT NULL AND NEW.status IN ('published', 'rejected') THEN
        INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
            VALUES (own.id, 'decision', NEW.version::text, later);
    END IF;
    IF own.wants_statement AND NEW.status = 'rejected'
       AND NOT (own.wants_decision AND own.confirmed_at IS NOT NULL) THEN
        INSERT INTO public.reader_mail (recipient_id, kind, about, due_at)
            VALUES (own.id, 'statement', NEW.version::text, later) ON CONFLICT DO NOTHING;
    END IF;
    IF NEW.status = 'published' THEN
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
