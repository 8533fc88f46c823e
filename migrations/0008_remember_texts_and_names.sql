-- The checks recognise texts that are nearly the same, and who signs with a regular's name.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
--
-- Code of migration 7 goes on working: it leaves the new column empty, so the names of what it stores count for
-- nobody. The new index is empty at first; building it reads `comment` once, and nothing is stored meanwhile.

ALTER TABLE comment ADD COLUMN name_skeleton text;
COMMENT ON COLUMN comment.name_skeleton IS 'what the author''s name looks like, the same for names that can be taken for each other';
-- Evidence: who has published under a name, and for how long.
CREATE INDEX comment_by_name ON comment (site_id, name_skeleton, author_id, submitted_at)
    WHERE status = 'published' AND name_skeleton IS NOT NULL;

-- What a text looks like from afar: MinHash bands, of which near-duplicates share some. A worker writes it, the
-- housekeeping drops it after a week, and with its comment it goes. The web process has no right here.
CREATE TABLE text_sketch (
    site_id     integer NOT NULL,
    comment_id  uuid NOT NULL,
    bands       integer[] NOT NULL,
    sketched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, comment_id),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
-- Across sites, so the one index that does not begin with the site. Without a list of pending entries: each
-- look would read all of it.
CREATE INDEX text_sketch_by_band ON text_sketch USING gin (bands) WITH (fastupdate = off);
CREATE INDEX text_sketch_by_age ON text_sketch (sketched_at);

GRANT SELECT, INSERT, DELETE ON text_sketch TO replydesk_worker;

-- As in migration 3; the skeleton of the name and the sketch of the text go too.
CREATE OR REPLACE FUNCTION make_tombstone(of_site integer, of_comment uuid, of_source text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE it public.comment;
BEGIN
    PERFORM FROM public.page WHERE (site_id, id) IN  -- the page first, as everybody does who moves a comment
        (SELECT site_id, page_id FROM public.comment WHERE site_id = of_site AND id = of_comment)
        FOR NO KEY UPDATE;
    SELECT * INTO it FROM public.comment WHERE site_id = of_site AND id = of_comment FOR NO KEY UPDATE;
    IF it.status <> 'erased' OR it.text <> '' THEN
        INSERT INTO public.decision (site_id, comment_id, version, from_status, status, source, action)
            VALUES (of_site, of_comment, it.version + 1, it.status, 'erased', of_source, 'erase');
        UPDATE public.comment SET status = 'erased', text = '', version = version + 1
            WHERE site_id = of_site AND id = of_comment;
    END IF;
    UPDATE public.comment
        SET reason = NULL, author = '', website = NULL, author_id = NULL, fingerprint = '', network = NULL,
            user_agent = NULL, honeypot_filled = false, seconds_to_fill = NULL, lease_token = NULL,
            claimed_by = NULL, claimed_until = NULL, address_dropped = true, name_skeleton = NULL
        WHERE site_id = of_site AND id = of_comment;
    UPDATE public.decision SET reason = NULL, note = NULL, findings = '[]', scrubbed_at = clock_timestamp()
        WHERE site_id = of_site AND comment_id = of_comment AND scrubbed_at IS NULL;
    DELETE FROM public.comment_email WHERE site_id = of_site AND comment_id = of_comment;
    DELETE FROM public.submission_key WHERE site_id = of_site AND comment_id = of_comment;
    DELETE FROM public.text_sketch WHERE site_id = of_site AND comment_id = of_comment;
    IF it.status = 'published' THEN
        UPDATE public.comment SET published_descendants = published_descendants - 1
            WHERE site_id = of_site AND id = ANY(it.ancestors);
        UPDATE public.page SET published_count = published_count - 1, revision = revision + 1
            WHERE site_id = of_site AND id = it.page_id;
    END IF;
END $$;
