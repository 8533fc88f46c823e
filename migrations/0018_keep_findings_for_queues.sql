-- What the checks found stands beside the comment, so that queues are filtered and sorted by it.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
--
-- Code of before goes on working and leaves the new columns empty. So do comments that were checked before: they
-- come last when sorted by risk, and no filter by score, check or language finds them until they are checked
-- again. The new indexes are empty at first; building them reads `comment` once each, and nothing is stored
-- meanwhile.

ALTER TABLE comment
    ADD COLUMN risk real CONSTRAINT comment_risk_is_a_share CHECK (risk BETWEEN 0 AND 1),
    ADD COLUMN language text,
    ADD COLUMN objections text[];
COMMENT ON COLUMN comment.risk IS 'the highest score of a finding of the latest checks; null: not known';
COMMENT ON COLUMN comment.language IS 'which language the text is certainly in, or its script where languages share one';
COMMENT ON COLUMN comment.objections IS 'the checks that did not pass it the last time; null: none, or not known';

CREATE INDEX comment_by_language ON comment (site_id, status, language, submitted_at, id)
    WHERE language IS NOT NULL;
CREATE INDEX comment_by_objection ON comment USING gin (objections) WHERE objections IS NOT NULL;
-- Sections of a site: the beginning of a URL, for a whole one may be longer than an index entry.
CREATE INDEX page_by_section ON page (site_id, (left(url, 256)) text_pattern_ops);

-- What is erased leaves nothing of its text behind, whoever erases it.
CREATE FUNCTION comment_forgets_findings() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.risk := NULL;
    NEW.language := NULL;
    NEW.objections := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER comment_forgets_findings BEFORE UPDATE OF status, text ON comment
    FOR EACH ROW WHEN (NEW.status = 'erased') EXECUTE FUNCTION comment_forgets_findings();

REVOKE ALL ON FUNCTION comment_forgets_findings FROM PUBLIC;
GRANT UPDATE (risk, language, objections) ON comment TO replydesk_worker;
