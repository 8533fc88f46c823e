-- A queue is asked for the objections of one check by site, status and check at once.
-- phase: pre
-- oldest code: 1
--
-- By the check alone, whoever moderates many sites had everything read that it ever objected to, for each of them.
-- Whoever stores or changes a comment must be able to call it, for the next migration makes an index of it.

CREATE FUNCTION queued_objections(of_site integer, of_status text, of_objections text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(of_site || ' ' || of_status || ' ' || one) FROM unnest(of_objections) AS one
$$;
REVOKE ALL ON FUNCTION queued_objections FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queued_objections TO replydesk_web, replydesk_worker;
