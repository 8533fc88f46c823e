-- Which decision an author is owed a statement of reasons for: one place that says it, for receipts, mail and appeals.
-- phase: pre
-- oldest code: 1
--
-- It reads with the rights of whoever asks, and everybody who may ask reads decisions.

CREATE FUNCTION restricting_decision(of_site integer, of_comment uuid, of_status text) RETURNS bigint
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM public.decision AS it
    WHERE site_id = of_site AND comment_id = of_comment AND version IS NOT NULL AND CASE
        WHEN of_status IN ('rejected', 'spam') THEN it.status = of_status AND action <> 'undo'  -- what holds again
        WHEN of_status = 'published' THEN action = 'redact' AND NOT EXISTS (
            SELECT FROM public.decision AS later
            WHERE later.site_id = of_site AND later.comment_id = of_comment AND later.id > it.id
              AND (later.action = 'restore' AND later.version = it.version + 1
                   OR later.action = 'edit' AND later.version IS NOT NULL))
        ELSE false END
    ORDER BY id DESC LIMIT 1
$$;
COMMENT ON FUNCTION restricting_decision IS
    'what refused a comment, or took a part out of what readers see, and still holds; null: nothing';
REVOKE ALL ON FUNCTION restricting_decision FROM PUBLIC;
GRANT EXECUTE ON FUNCTION restricting_decision TO replydesk_web, replydesk_worker;
