-- What happened in each hour, counted once when the hour is over: figures stay fast, and outlive what expires.
-- phase: pre
-- oldest code: 1
--
-- Nothing here leads to a comment or to its author.

CREATE TABLE hourly_figure (
    site_id integer NOT NULL REFERENCES site,
    hour    timestamptz NOT NULL,
    what    text NOT NULL CONSTRAINT hourly_figure_known
            CHECK (what IN ('replied', 'decided', 'overturned', 'undone', 'waited')),
    source  text NOT NULL DEFAULT '',        -- who decided: of decided, overturned (whose decision was) and waited
    status  text NOT NULL DEFAULT '',        -- what it became: of decided and overturned
    reason  text NOT NULL DEFAULT '',        -- of decided
    bucket  smallint NOT NULL DEFAULT -1,    -- of waited: four to each doubling of the seconds, from one second on
    n       integer NOT NULL CHECK (n > 0),
    PRIMARY KEY (site_id, hour, what, source, status, reason, bucket)
);

-- One row: until when everything is counted.
CREATE TABLE hourly_figures_kept (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    through  timestamptz NOT NULL
);

-- The lowest id that a comment of that time may have: its first 48 bits are the milliseconds (RFC 9562 5.7).
CREATE FUNCTION uuid_at(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
REVOKE ALL ON FUNCTION uuid_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uuid_at TO replydesk_web, replydesk_worker;

GRANT SELECT ON hourly_figure, hourly_figures_kept TO replydesk_web, replydesk_worker;
GRANT INSERT ON hourly_figure TO replydesk_worker;
GRANT INSERT, UPDATE (through) ON hourly_figures_kept TO replydesk_worker;
