-- Whoever proves by mail that an address is the own one sees what is held about it.
-- phase: pre
-- oldest code: 1
--
-- It answers an id to whoever has the indexes of an address already, and makes nobody known.

CREATE FUNCTION author_behind(of_site integer, of_indexes bytea[]) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT author_id FROM public.author_identity
    WHERE site_id = of_site AND email_index = ANY(of_indexes) ORDER BY author_id LIMIT 1
$$;
REVOKE ALL ON FUNCTION author_behind FROM PUBLIC;
GRANT EXECUTE ON FUNCTION author_behind TO replydesk_web;
