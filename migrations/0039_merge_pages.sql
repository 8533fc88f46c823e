-- One article can have two URLs: its comments belong together, and so do later replies to either.
-- phase: pre
-- oldest code: 1
--
-- A page that was merged stays as the other URL of the one that is kept: whoever looks it up finds that one.

ALTER TABLE page
    ADD COLUMN merged_into bigint,
    ADD CONSTRAINT page_is_not_merged_into_itself CHECK (merged_into <> id) NOT VALID,
    ADD CONSTRAINT page_merged_into_fkey FOREIGN KEY (site_id, merged_into) REFERENCES page (site_id, id) NOT VALID;
COMMENT ON COLUMN page.merged_into IS 'the page that has the comments of this URL; null: this one';
CREATE INDEX page_merged ON page (site_id, merged_into) WHERE merged_into IS NOT NULL;

-- A reply that was on its way to a page while that was merged: the lock waits for the merge, and is read again.
CREATE FUNCTION follow_merged_page() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE kept bigint;
BEGIN
    SELECT merged_into INTO kept FROM public.page
    WHERE site_id = NEW.site_id AND id = NEW.page_id FOR KEY SHARE;
    IF kept IS NOT NULL THEN
        NEW.page_id := kept;
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION follow_merged_page FROM PUBLIC;
CREATE TRIGGER comment_follows_merged_page BEFORE INSERT ON comment
    FOR EACH ROW EXECUTE FUNCTION follow_merged_page();

-- Moves up to so many comments of one page to another one of the site, and whoever asks for the first one finds
-- the second. How many; null where one of them was merged meanwhile, -1 where there are more comments.
CREATE FUNCTION merge_pages(of_site integer, merged bigint, kept bigint, up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE moved integer;
BEGIN
    PERFORM FROM public.page WHERE site_id = of_site AND id IN (merged, kept) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM public.page
               WHERE site_id = of_site AND id IN (merged, kept) AND merged_into IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    IF (SELECT count(*) FROM (SELECT FROM public.comment WHERE site_id = of_site AND page_id = merged
                              LIMIT up_to + 1) AS found) > up_to THEN
        RETURN -1;
    END IF;
    UPDATE public.comment SET page_id = kept WHERE site_id = of_site AND page_id = merged;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE public.page AS it
        SET published_count = it.published_count + gone.published_count, title = coalesce(it.title, gone.title),
            premoderated = it.premoderated OR gone.premoderated, revision = it.revision + 1
        FROM public.page AS gone
        WHERE it.site_id = of_site AND it.id = kept AND gone.site_id = of_site AND gone.id = merged;
    UPDATE public.page SET merged_into = kept, published_count = 0, revision = revision + 1
        WHERE site_id = of_site AND (id = merged OR merged_into = merged);
    RETURN moved;
END $$;
REVOKE ALL ON FUNCTION merge_pages FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merge_pages TO replydesk_web;
