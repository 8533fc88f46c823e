-- How many comments of a site stand in which status is kept, not counted: the same in a moment at any size.
-- phase: pre
-- oldest code: 1
-- statement timeout: 900s
--
-- Every change appends a row, and nobody waits for anybody: one row for each site would be a queue for all who
-- write there. The housekeeping folds what was appended into the sums. Whoever reads adds both, in one snapshot,
-- so the counts are exact at every moment. A trigger does it, so code of before keeps them too, and no code can
-- forget. Nothing is stored while the first count is made: about half a second for a million comments.

CREATE TABLE comment_count (
    site_id integer NOT NULL REFERENCES site,
    status  text NOT NULL,
    n       bigint NOT NULL,
    PRIMARY KEY (site_id, status)
);
COMMENT ON COLUMN comment_count.n IS 'without what is not folded yet; by itself it may even be below zero';

CREATE TABLE comment_count_change (
    site_id integer NOT NULL,
    status  text NOT NULL,
    n       smallint NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE FUNCTION count_comment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.comment_count_change VALUES (NEW.site_id, NEW.status, 1);
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO public.comment_count_change
            VALUES (OLD.site_id, OLD.status, -1), (NEW.site_id, NEW.status, 1);
    ELSE
        INSERT INTO public.comment_count_change VALUES (OLD.site_id, OLD.status, -1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER comment_is_counted AFTER INSERT OR DELETE ON comment
    FOR EACH ROW EXECUTE FUNCTION count_comment();
CREATE TRIGGER comment_is_counted_anew AFTER UPDATE OF status ON comment
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION count_comment();

-- Adds up to so many changes to the sums; how many there were. What another is folding is passed over.
CREATE FUNCTION fold_comment_counts(up_to integer) RETURNS integer LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.comment_count_change WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM public.comment_count_change LIMIT up_to FOR UPDATE SKIP LOCKED))
        RETURNING site_id, status, n
    ), summed AS (
        SELECT site_id, status, sum(n) AS n, count(*) AS taken FROM gone GROUP BY site_id, status
    ), kept AS (
        INSERT INTO public.comment_count AS old (site_id, status, n)
        SELECT site_id, status, n FROM summed ORDER BY site_id, status  -- in one order, against deadlocks
        ON CONFLICT (site_id, status) DO UPDATE SET n = old.n + excluded.n
    )
    SELECT coalesce(sum(taken), 0)::integer FROM summed
$$;

-- Counts everything once; for this migration, and for an operator who doubts the sums. The owner alone may.
CREATE FUNCTION recount_comments() RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE public.comment IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM public.comment_count_change;
    DELETE FROM public.comment_count;
    INSERT INTO public.comment_count SELECT site_id, status, count(*) FROM public.comment GROUP BY site_id, status;
END $$;
SELECT recount_comments();

REVOKE ALL ON FUNCTION count_comment, fold_comment_counts, recount_comments FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fold_comment_counts TO replydesk_worker;
GRANT SELECT ON comment_count, comment_count_change TO replydesk_web, replydesk_worker;
