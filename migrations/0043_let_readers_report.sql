-- Readers report what is published; whoever decides settles it.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- A report knows from which network it came by a keyed hash whose key is another one every day, and forgets
-- that after two days. What somebody wrote beside it goes after a time, and with the comment.

CREATE TABLE report (
    site_id     integer NOT NULL REFERENCES site,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    comment_id  uuid,            -- null: the comment is gone
    reporter    bytea CONSTRAINT report_reporter_is_a_hash CHECK (octet_length(reporter) = 16),
    reason      text NOT NULL,
    text        text CONSTRAINT report_text_is_short CHECK (length(text) BETWEEN 1 AND 1000),
    weight      real NOT NULL CONSTRAINT report_weight_is_a_share CHECK (weight >= 0 AND weight <= 1),
    reported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome     text CONSTRAINT report_outcome_known CHECK (outcome IN ('kept', 'taken_down', 'gone')),
    settled_at  timestamptz,
    settled_by  bigint,          -- the decision that did
    PRIMARY KEY (site_id, id),
    CONSTRAINT report_is_settled_once CHECK ((outcome IS NULL) = (settled_at IS NULL)),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE SET NULL (comment_id)
);
COMMENT ON COLUMN report.reporter IS 'forgotten after two days';
CREATE UNIQUE INDEX report_open_once ON report (site_id, comment_id, reporter) WHERE outcome IS NULL;
CREATE INDEX report_by_comment ON report (site_id, comment_id, id);
CREATE INDEX report_by_reporter ON report (site_id, reporter) WHERE reporter IS NOT NULL;
CREATE INDEX report_by_time ON report (site_id, reported_at);
CREATE INDEX report_reporter_by_age ON report (reported_at) WHERE reporter IS NOT NULL;
CREATE INDEX report_text_by_age ON report (reported_at) WHERE text IS NOT NULL;

-- A person's decision settles what was reported until then, and what takes it back opens that again.
CREATE FUNCTION settle_reports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE came_out text;
BEGIN
    came_out := CASE
        WHEN NEW.action = 'erase' THEN 'gone'
        WHEN NEW.source <> 'moderator' THEN NULL
        WHEN NEW.action = 'approve' THEN 'kept'
        WHEN NEW.action IN ('reject', 'spam') THEN 'taken_down'
    END;
    IF came_out IS NOT NULL THEN
        UPDATE public.report SET outcome = came_out, settled_at = clock_timestamp(), settled_by = NEW.id
            WHERE site_id = NEW.site_id AND comment_id = NEW.comment_id AND outcome IS NULL;
    ELSIF NEW.action = 'undo' THEN
        UPDATE public.report AS it SET outcome = NULL, settled_at = NULL, settled_by = NULL
            WHERE it.site_id = NEW.site_id AND it.comment_id = NEW.comment_id
              AND it.settled_by = (SELECT max(earlier.id) FROM public.decision AS earlier
                                   WHERE earlier.site_id = NEW.site_id AND earlier.comment_id = NEW.comment_id
                                     AND earlier.id < NEW.id)
              AND NOT EXISTS (SELECT FROM public.report AS later
                              WHERE later.site_id = it.site_id AND later.comment_id = it.comment_id
                                AND later.reporter = it.reporter AND later.outcome IS NULL);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION settle_reports FROM PUBLIC;
CREATE TRIGGER settle_reports AFTER INSERT ON decision FOR EACH ROW EXECUTE FUNCTION settle_reports();

-- What was said about a comment goes with it.
CREATE FUNCTION forget_what_was_reported() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.report SET text = NULL, reporter = NULL
        WHERE site_id = OLD.site_id AND comment_id = OLD.id AND (text IS NOT NULL OR reporter IS NOT NULL);
    RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION forget_what_was_reported FROM PUBLIC;
CREATE TRIGGER report_goes_with_its_comment BEFORE DELETE ON comment
    FOR EACH ROW EXECUTE FUNCTION forget_what_was_reported();
CREATE TRIGGER report_is_emptied_with_its_comment AFTER UPDATE OF status ON comment
    FOR EACH ROW WHEN (NEW.status = 'erased' AND OLD.status <> 'erased')
    EXECUTE FUNCTION forget_what_was_reported();

ALTER TABLE retention
    DROP CONSTRAINT retention_kind_known,
    ADD CONSTRAINT retention_kind_known
        CHECK (kind IN ('spam', 'restricted', 'email', 'network', 'reports'));
INSERT INTO retention (kind, days) VALUES ('reports', 90);

-- Forgets from where up to so many reports came, and what was written beside them; how many.
CREATE FUNCTION expire_reports(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'reports';
    WITH due AS (
        SELECT site_id, id FROM public.report
        WHERE (reporter IS NOT NULL AND reported_at < clock_timestamp() - interval '2 days')
           OR (text IS NOT NULL AND reported_at < until)
        LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE public.report AS it
        SET reporter = CASE WHEN reported_at >= clock_timestamp() - interval '2 days' THEN reporter END,
            text = CASE WHEN reported_at < until THEN NULL ELSE text END
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;
REVOKE ALL ON FUNCTION expire_reports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expire_reports TO replydesk_worker;

GRANT SELECT, INSERT ON report TO replydesk_web;
