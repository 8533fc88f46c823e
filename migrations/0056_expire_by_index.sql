-- What readers reported, and what was refused, expires by its indexes, each asked by itself for the oldest.
-- phase: pre
-- oldest code: 1
--
-- As in migrations 46 and 50, where two conditions each were joined by OR: every report, and every comment that was
-- refused, was looked at every ten minutes (0.1 s among two million comments).

CREATE OR REPLACE FUNCTION expire_reports(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE until timestamptz; known_until timestamptz := clock_timestamp() - interval '2 days'; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until
        FROM public.retention WHERE kind = 'reports';
    WITH due AS MATERIALIZED (
        SELECT * FROM (
            SELECT site_id, id FROM public.report
            WHERE reporter IS NOT NULL AND reported_at < known_until
            ORDER BY reported_at LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
        ) AS known
        UNION
        SELECT * FROM (
            SELECT site_id, id FROM public.report
            WHERE text IS NOT NULL AND reported_at < until AND (notice_id IS NULL OR outcome IS NOT NULL)
            ORDER BY reported_at LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
        ) AS worded
        LIMIT up_to
    )
    UPDATE public.report AS it
        SET reporter = CASE WHEN reported_at >= known_until THEN reporter END,
            text = CASE WHEN reported_at < until AND (notice_id IS NULL OR outcome IS NOT NULL)
                        THEN NULL ELSE text END,
            notifier = CASE WHEN reported_at < until AND outcome IS NOT NULL THEN NULL ELSE notifier END
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

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
            (SELECT site_id, page_id, id, author_id, status FROM public.comment
             WHERE status = 'spam' AND decided_at < spam_until
               AND NOT EXISTS (SELECT FROM public.appeal WHERE appeal.site_id = comment.site_id
                               AND appeal.comment_id = comment.id AND outcome IS NULL)
             ORDER BY decided_at LIMIT up_to)
            UNION ALL
            (SELECT site_id, page_id, id, author_id, status FROM public.comment
             WHERE status = 'rejected' AND decided_at < rejected_until
               AND NOT EXISTS (SELECT FROM public.appeal WHERE appeal.site_id = comment.site_id
                               AND appeal.comment_id = comment.id AND outcome IS NULL)
             ORDER BY decided_at LIMIT up_to)
            LIMIT up_to
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
