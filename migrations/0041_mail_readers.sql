-- Readers confirm their address, and are mailed what they asked for: an outbox, and to whom.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- An address that is mailed is sealed a second time, with keys that web and worker share, for those comments alone
-- that need mail. It goes with the first one: erased, expired, withdrawn.

CREATE TABLE mail_recipient (
    id             uuid PRIMARY KEY,         -- of version 7: links in mails are as old as it says
    site_id        integer NOT NULL REFERENCES site,
    comment_id     uuid,                     -- null: somebody asked for a mail without a comment
    mailbox        bytea NOT NULL,           -- keyed digest of the address: how much is sent to it, and what it stopped
    key_id         smallint NOT NULL,
    sealed         bytea NOT NULL,
    language       text NOT NULL,
    wants_decision boolean NOT NULL DEFAULT false,
    wants_replies  boolean NOT NULL DEFAULT false,
    must_confirm   boolean NOT NULL DEFAULT false,  -- the site's policy asks, before anything is published
    confirmed_at   timestamptz,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT mail_recipient_once UNIQUE (site_id, comment_id),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment_email (site_id, comment_id) ON DELETE CASCADE
);
CREATE INDEX mail_recipient_by_mailbox ON mail_recipient (mailbox, created_at);
CREATE INDEX mail_recipient_alone ON mail_recipient (created_at) WHERE comment_id IS NULL;

CREATE TABLE reader_mail (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    recipient_id uuid NOT NULL REFERENCES mail_recipient ON DELETE CASCADE,
    kind         text NOT NULL CONSTRAINT reader_mail_kind
                 CHECK (kind IN ('confirm', 'decision', 'reply', 'data')),
    about        text NOT NULL DEFAULT '',  -- a version of the comment, or the reply's id
    state        text NOT NULL DEFAULT 'waiting' CONSTRAINT reader_mail_state
                 CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT clock_timestamp(),  -- or the end of a lease
    lease_token  uuid,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reader_mail_once UNIQUE (recipient_id, kind, about)
);
CREATE INDEX reader_mail_due ON reader_mail (due_at) WHERE state = 'waiting';

-- Who wants no mail of a site any more; kept for as long as that is asked for.
CREATE TABLE mail_stop (
    site_id    integer NOT NULL REFERENCES site,
    mailbox    bytea NOT NULL,
    stopped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, mailbox)
);

-- What a confirmed address earns is kept with the comment, as the address itself expires.
ALTER TABLE comment ADD COLUMN confirmed boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN comment.confirmed IS 'whoever wrote it opened the link that was mailed to its address';
ALTER TABLE author ADD COLUMN confirmed_at timestamptz;
COMMENT ON COLUMN author.confirmed_at IS 'when the address was confirmed first';

ALTER TABLE decision
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo',
        'erase', 'recheck', 'redact', 'restore', 'answer', 'propose', 'confirm')) NOT VALID,
    ADD CONSTRAINT confirm_is_no_opinion CHECK (
        action <> 'confirm' OR (source = 'author' AND from_status = 'held' AND status = 'pending')) NOT VALID;

-- Whoever decides need not think of mail: what moves a comment writes it, in the same transaction.
-- A person's decision can be taken back for ten minutes; it is told after that, if it still stands.
CREATE FUNCTION mail_of_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
REVOKE ALL ON FUNCTION mail_of_decision FROM PUBLIC;
CREATE TRIGGER mail_of_decision AFTER INSERT ON decision FOR EACH ROW EXECUTE FUNCTION mail_of_decision();

-- What nobody confirmed within a week is gone, and what was asked for without a comment within a day; how many.
CREATE FUNCTION expire_unconfirmed(up_to integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE one record; done integer; alone integer;
BEGIN
    DELETE FROM public.mail_recipient WHERE id IN (
        SELECT id FROM public.mail_recipient
        WHERE comment_id IS NULL AND created_at < clock_timestamp() - interval '1 day' LIMIT up_to);
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
REVOKE ALL ON FUNCTION expire_unconfirmed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_unconfirmed TO replydesk_worker;

-- Web adds recipients and reads none of what is sealed; the worker opens the one that it has leased a mail for.
GRANT INSERT ON mail_recipient TO replydesk_web;
GRANT SELECT (id, site_id, comment_id, mailbox, language, wants_decision, wants_replies, confirmed_at, created_at)
    ON mail_recipient TO replydesk_web;
GRANT UPDATE (wants_decision, wants_replies, confirmed_at) ON mail_recipient TO replydesk_web;
GRANT INSERT ON reader_mail TO replydesk_web;
GRANT SELECT, INSERT, DELETE ON mail_stop TO replydesk_web;
GRANT UPDATE (confirmed) ON comment TO replydesk_web;
GRANT UPDATE (confirmed_at) ON author TO replydesk_web;
GRANT SELECT ON mail_recipient, mail_stop TO replydesk_worker;
GRANT SELECT, UPDATE (state, attempts, due_at, lease_token, last_error) ON reader_mail TO replydesk_worker;
