-- Personal data can be erased, expires, and its keys can be changed.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- Code of migration 1 goes on working: it calls author_of, which now does what author_of_any does, and it
-- leaves the new columns to their defaults. What expires, and when, stands in a table that no process may
-- change, so that a process that was taken over can make nothing expire before its time.

-- Who looks after addresses: the command line assumes this role, no process does.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replydesk_private') THEN
            CREATE ROLE replydesk_private NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- made this moment, beside us
    END;
    BEGIN
        GRANT replydesk_private TO CURRENT_USER;
    EXCEPTION WHEN insufficient_privilege THEN
        IF NOT pg_has_role('replydesk_private', 'MEMBER') THEN
            RAISE;
        END IF;  -- an administrator has granted it
    END;
END $$;
GRANT USAGE ON SCHEMA public TO replydesk_private;

ALTER TABLE comment
    ADD COLUMN user_agent text CONSTRAINT comment_user_agent_is_a_family CHECK (user_agent IN
        ('bot', 'chrome', 'curl', 'edge', 'firefox', 'opera', 'python', 'safari', 'other', 'none')),
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN address_dropped boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN comment.decided_at IS 'the time of the latest decision: from then on the row ages';
COMMENT ON COLUMN comment.address_dropped IS 'its address, where it had one, has expired';

ALTER TABLE author ADD COLUMN erase_before timestamptz;
COMMENT ON COLUMN author.erase_before IS 'what this author submitted before is being erased; infinity is all';

-- What a decision said about a person goes with that person's data; that it was made, by whom and when, stays.
ALTER TABLE decision
    ADD COLUMN scrubbed_at timestamptz,
    DROP CONSTRAINT rejection_has_reason,
    ADD CONSTRAINT rejection_has_reason
        CHECK (NOT (action = 'reject' AND reason IS NULL AND scrubbed_at IS NULL)),
    DROP CONSTRAINT decision_source_check,
    ADD CONSTRAINT decision_source_check
        CHECK (source IN ('checks', 'moderator', 'author', 'request', 'retention'));

UPDATE comment SET decided_at = (
    SELECT max(decision.decided_at) FROM decision
    WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
) WHERE version > 1;

-- Whose data were erased, as keyed indexes: applied again after a restore of an older backup.
CREATE TABLE erasure (
    site_id      integer NOT NULL REFERENCES site,
    email_index  bytea NOT NULL,
    index_key_id smallint NOT NULL,
    erased_at    timestamptz NOT NULL,
    PRIMARY KEY (site_id, email_index)
);

-- How many days something stays; null is for ever. `replydesk migrate` writes it from the settings.
CREATE TABLE retention (
    kind text PRIMARY KEY CONSTRAINT retention_kind_known
         CHECK (kind IN ('spam', 'restricted', 'email', 'network')),
    days integer CONSTRAINT retention_is_a_day_at_least CHECK (days >= 1)
);
INSERT INTO retention (kind, days) VALUES ('spam', 30), ('restricted', 183), ('email', 90), ('network', 30);

-- What may expire leaves its index when it has: finding the next ones reads nothing else.
CREATE INDEX comment_restricted_by_age ON comment (status, decided_at) WHERE status IN ('spam', 'rejected');
CREATE INDEX comment_address_by_age ON comment (decided_at) WHERE status = 'published' AND NOT address_dropped;
CREATE INDEX comment_network_by_age ON comment (submitted_at) WHERE network IS NOT NULL OR user_agent IS NOT NULL;
-- What is removed is looked for in these first.
CREATE INDEX comment_by_parent ON comment (site_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX submission_key_by_comment ON submission_key (site_id, comment_id);
CREATE INDEX author_identity_by_author ON author_identity (site_id, author_id, index_key_id);
CREATE INDEX author_being_erased ON author (site_id, id) WHERE erase_before IS NOT NULL;

-- A decision that moves nothing begins the time anew too: whoever writes the status decides.
CREATE OR REPLACE FUNCTION comment_version_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.status, NEW.text) IS DISTINCT FROM (OLD.status, OLD.text) THEN
        IF NEW.version <> OLD.version + 1 THEN
            RAISE EXCEPTION 'a change of status or text raises the version by one'
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'comment_version_rises';
        END IF;
    ELSIF NEW.version <> OLD.version THEN
        RAISE EXCEPTION 'only a change of status or text raises the version'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'comment_version_rises';
    END IF;
    NEW.decided_at := clock_timestamp();
    RETURN NEW;
END $$;

-- Whoever stores something of a person holds these shared until the end of the transaction; whoever erases
-- or joins authors holds them alone. So nothing is stored beside an erasure that did not see it.
CREATE FUNCTION lock_identities(of_indexes bytea[], alone boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE number bigint;
BEGIN
    FOR number IN  -- in one order everywhere, against deadlocks
        SELECT DISTINCT ('x' || encode(substring(one FROM 1 FOR 8), 'hex'))::bit(64)::bigint AS key
        FROM unnest(of_indexes) AS one ORDER BY key
    LOOP
        IF alone THEN
            PERFORM pg_advisory_xact_lock(number);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(number);
        END IF;
    END LOOP;
END $$;

-- The author behind an address whose indexes under every key are given, the newest first; made where new.
-- Each index that was missing is added, so that any one of these keys finds the author from now on.
CREATE FUNCTION author_of_any(of_site integer, of_indexes bytea[], of_key_ids smallint[], new_key text)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE found_id bigint; known integer; broken text;
BEGIN
    PERFORM public.lock_identities(of_indexes, false);
    LOOP
        SELECT (array_agg(it.author_id ORDER BY asked.place))[1], count(*) INTO found_id, known
        FROM unnest(of_indexes) WITH ORDINALITY AS asked (email_index, place)
        JOIN public.author_identity AS it ON it.site_id = of_site AND it.email_index = asked.email_index;
        IF known = cardinality(of_indexes) THEN
            RETURN found_id;
        END IF;
        IF found_id IS NOT NULL THEN
            INSERT INTO public.author_identity (site_id, email_index, index_key_id, author_id)
                SELECT of_site, asked.email_index, asked.key_id, found_id
                FROM unnest(of_indexes, of_key_ids) AS asked (email_index, key_id) ORDER BY asked.email_index
            ON CONFLICT DO NOTHING;
            RETURN found_id;
        END IF;
        BEGIN
            INSERT INTO public.author (site_id, key) VALUES (of_site, new_key) RETURNING id INTO found_id;
            INSERT INTO public.author_identity (site_id, email_index, index_key_id, author_id)
                SELECT of_site, asked.email_index, asked.key_id, found_id  -- in one order, against deadlocks
                FROM unnest(of_indexes, of_key_ids) AS asked (email_index, key_id) ORDER BY asked.email_index;
            RETURN found_id;
        EXCEPTION WHEN unique_violation THEN
            GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
            IF broken = 'author_key_unique' THEN
                RAISE;  -- another author's pseudonym: trying again would find the same
            END IF;  -- a submission beside this one was first
        END;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION author_of(of_site integer, of_index bytea, of_key_id smallint, new_key text)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT public.author_of_any(of_site, ARRAY[of_index], ARRAY[of_key_id], new_key)
$$;

-- Makes an author known under these indexes of the own address. Whoever else stands there is the same person,
-- taken for another while an index key was changed: the older of them takes over what the others wrote.
CREATE FUNCTION index_author(of_site integer, of_author bigint, of_indexes bytea[], of_key_ids smallint[])
    RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE same bigint[]; oldest bigint;
BEGIN
    PERFORM public.lock_identities(of_indexes, true);
    SELECT array_agg(id), min(id) INTO same, oldest FROM public.author
    WHERE site_id = of_site AND erase_before IS NULL AND (id = of_author OR id IN (
        SELECT author_id FROM public.author_identity
        WHERE site_id = of_site AND email_index = ANY(of_indexes)));
    IF NOT of_author = ANY(coalesce(same, '{}')) THEN
        RETURN;  -- erased, or being erased: nothing of it comes back
    END IF;
    UPDATE public.comment SET author_id = oldest
        WHERE site_id = of_site AND author_id = ANY(same) AND author_id <> oldest;
    UPDATE public.author_identity SET author_id = oldest
        WHERE site_id = of_site AND author_id = ANY(same) AND author_id <> oldest;
    DELETE FROM public.author WHERE site_id = of_site AND id = ANY(same) AND id <> oldest;
    INSERT INTO public.author_identity (site_id, email_index, index_key_id, author_id)
        SELECT of_site, asked.email_index, asked.key_id, oldest
        FROM unnest(of_indexes, of_key_ids) AS asked (email_index, key_id)
        ORDER BY asked.email_index
    ON CONFLICT DO NOTHING;
END $$;

-- Turns a comment into its tombstone: an empty place in the thread, with its history of who decided when.
CREATE FUNCTION make_tombstone(of_site integer, of_comment uuid, of_source text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
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
            claimed_by = NULL, claimed_until = NULL, address_dropped = true
        WHERE site_id = of_site AND id = of_comment;
    UPDATE public.decision SET reason = NULL, note = NULL, findings = '[]', scrubbed_at = clock_timestamp()
        WHERE site_id = of_site AND comment_id = of_comment AND scrubbed_at IS NULL;
    DELETE FROM public.comment_email WHERE site_id = of_site AND comment_id = of_comment;
    DELETE FROM public.submission_key WHERE site_id = of_site AND comment_id = of_comment;
    IF it.status = 'published' THEN
        UPDATE public.comment SET published_descendants = published_descendants - 1
            WHERE site_id = of_site AND id = ANY(it.ancestors);
        UPDATE public.page SET published_count = published_count - 1, revision = revision + 1
            WHERE site_id = of_site AND id = it.page_id;
    END IF;
END $$;

-- Begins to erase the person behind these indexes: from its end on nobody finds the author, and what was
-- being stored is stored. It answers nothing, and does the same for an address that nobody has.
-- `submitted_before` null: all, now; otherwise what is older, as a ledger says after a restore.
CREATE FUNCTION begin_erasure(
    of_site integer, of_indexes bytea[], of_key_ids smallint[], submitted_before timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE erased bigint[];
BEGIN
    PERFORM public.lock_identities(of_indexes, true);
    INSERT INTO public.erasure AS kept (site_id, email_index, index_key_id, erased_at)
        SELECT of_site, asked.email_index, asked.key_id, coalesce(submitted_before, clock_timestamp())
        FROM unnest(of_indexes, of_key_ids) AS asked (email_index, key_id) ORDER BY asked.email_index
    ON CONFLICT (site_id, email_index) DO UPDATE SET erased_at = greatest(kept.erased_at, excluded.erased_at);
    erased := array(SELECT DISTINCT author_id FROM public.author_identity
                    WHERE site_id = of_site AND email_index = ANY(of_indexes));
    UPDATE public.author
        SET erase_before = greatest(erase_before, coalesce(submitted_before, 'infinity'))
        WHERE site_id = of_site AND id = ANY(erased);
    DELETE FROM public.author_identity AS it
        WHERE it.site_id = of_site AND it.author_id = ANY(erased) AND NOT EXISTS (
            SELECT FROM public.comment WHERE comment.site_id = of_site AND comment.author_id = it.author_id
            AND comment.submitted_at >= submitted_before);  -- who came back stays known
END $$;

-- Goes on with every erasure that was begun: up to so many comments; how many there were.
CREATE FUNCTION go_on_erasing(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one record; done integer := 0;
BEGIN
    FOR one IN
        SELECT due.* FROM (
            SELECT it.site_id, it.page_id, it.id FROM public.author
            JOIN public.comment AS it ON it.site_id = author.site_id AND it.author_id = author.id
            WHERE author.erase_before IS NOT NULL AND it.submitted_at < author.erase_before LIMIT up_to
        ) AS due ORDER BY site_id, page_id, id
    LOOP
        PERFORM public.make_tombstone(one.site_id, one.id, 'request');
        done := done + 1;
    END LOOP;
    IF done < up_to THEN
        DELETE FROM public.author WHERE erase_before IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.comment AS it
                            WHERE it.site_id = author.site_id AND it.author_id = author.id)
            AND NOT EXISTS (SELECT FROM public.author_identity AS it
                            WHERE it.site_id = author.site_id AND it.author_id = author.id);
        UPDATE public.author SET erase_before = NULL WHERE erase_before IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.comment AS it
                            WHERE it.site_id = author.site_id AND it.author_id = author.id
                            AND it.submitted_at < author.erase_before);
    END IF;
    RETURN done;
END $$;

-- Forgets authors of whom nothing is left. Who is writing again at this moment is left alone.
CREATE FUNCTION forget_idle_authors(of_site integer, of_authors bigint[]) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE one bigint;
BEGIN
    FOREACH one IN ARRAY of_authors LOOP
        CONTINUE WHEN NOT (
            SELECT coalesce(bool_and(pg_try_advisory_xact_lock(
                ('x' || encode(substring(email_index FROM 1 FOR 8), 'hex'))::bit(64)::bigint)), true)
            FROM public.author_identity WHERE site_id = of_site AND author_id = one);
        CONTINUE WHEN EXISTS (SELECT FROM public.comment WHERE site_id = of_site AND author_id = one);
        DELETE FROM public.author_identity WHERE site_id = of_site AND author_id = one;
        DELETE FROM public.author WHERE site_id = of_site AND id = one;
    END LOOP;
END $$;

-- Removes up to so many comments that have been spam, or rejected, for as long as they are kept; how many
-- there were. Spam goes wholly; what has replies, and what was rejected, leaves its tombstone.
CREATE FUNCTION expire_restricted(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one record; done integer := 0; spam_until timestamptz; rejected_until timestamptz;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO spam_until
        FROM public.retention WHERE kind = 'spam';
    SELECT clock_timestamp() - make_interval(days => days) INTO rejected_until
        FROM public.retention WHERE kind = 'restricted';
    FOR one IN
        SELECT due.* FROM (
            SELECT site_id, page_id, id, author_id, status FROM public.comment
            WHERE (status = 'spam' AND decided_at < spam_until)
               OR (status = 'rejected' AND decided_at < rejected_until) LIMIT up_to
        ) AS due ORDER BY site_id, page_id, id
    LOOP
        done := done + 1;
        PERFORM FROM public.page WHERE site_id = one.site_id AND id = one.page_id FOR NO KEY UPDATE;
        PERFORM FROM public.comment WHERE site_id = one.site_id AND id = one.id
            AND status = one.status AND decided_at < CASE status WHEN 'spam' THEN spam_until ELSE rejected_until END
            FOR UPDATE;
        CONTINUE WHEN NOT FOUND;  -- somebody decided meanwhile
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

-- Drops up to so many addresses of comments that have been published for as long as they are kept.
CREATE FUNCTION expire_addresses(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until FROM public.retention WHERE kind = 'email';
    WITH due AS MATERIALIZED (
        SELECT site_id, id FROM public.comment
        WHERE status = 'published' AND NOT address_dropped AND decided_at < until
        ORDER BY decided_at LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM public.comment_email AS it USING due
        WHERE it.site_id = due.site_id AND it.comment_id = due.id
    )
    UPDATE public.comment AS it SET address_dropped = true
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

-- Drops up to so many hashes of networks, and user agents, that were submitted as long ago as they are kept.
CREATE FUNCTION expire_networks(up_to integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE until timestamptz; done integer;
BEGIN
    SELECT clock_timestamp() - make_interval(days => days) INTO until FROM public.retention WHERE kind = 'network';
    WITH due AS MATERIALIZED (
        SELECT site_id, id FROM public.comment
        WHERE (network IS NOT NULL OR user_agent IS NOT NULL) AND submitted_at < until
        ORDER BY submitted_at LIMIT up_to FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE public.comment AS it SET network = NULL, user_agent = NULL
        FROM due WHERE it.site_id = due.site_id AND it.id = due.id;
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

REVOKE ALL ON FUNCTION lock_identities, author_of_any, index_author, make_tombstone, begin_erasure, go_on_erasing,
    forget_idle_authors, expire_restricted, expire_addresses, expire_networks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION author_of_any TO replydesk_web;
GRANT EXECUTE ON FUNCTION begin_erasure TO replydesk_web, replydesk_private;
GRANT EXECUTE ON FUNCTION go_on_erasing TO replydesk_web, replydesk_worker, replydesk_private;
GRANT EXECUTE ON FUNCTION expire_restricted, expire_addresses, expire_networks TO replydesk_worker;
GRANT EXECUTE ON FUNCTION index_author TO replydesk_private;

-- This role alone reads an address or an index; it sees of a comment only whose it is.
GRANT SELECT, UPDATE, DELETE ON comment_email, author_identity TO replydesk_private;
GRANT SELECT ON erasure, site, site_origin, site_reason, policy TO replydesk_private;
GRANT SELECT (site_id, id, author_id) ON comment TO replydesk_private;
GRANT SELECT (site_id, id, erase_before) ON author TO replydesk_private;
