-- Sites, pages, comments and the decisions about them.
-- phase: pre
-- oldest code: 1
--
-- Every key begins with site_id, so that the tables can be partitioned or distributed by site without
-- changing a constraint. Statuses and reasons are text with a CHECK: an enum is painful to change.

-- The processes connect as one of these (or assume it), never as the owner of the tables.
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['replydesk_web', 'replydesk_worker'] LOOP
        BEGIN  -- roles belong to the whole cluster: another database, or its administrator, may have made them
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- made this moment, beside us
        END;
        BEGIN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        EXCEPTION WHEN insufficient_privilege THEN
            IF NOT pg_has_role(wanted, 'MEMBER') THEN
                RAISE;
            END IF;  -- an administrator has granted it
        END;
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO replydesk_web, replydesk_worker;

CREATE TABLE site (
    id             integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug           text NOT NULL CONSTRAINT site_slug_unique UNIQUE
                   CONSTRAINT site_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name           text NOT NULL,
    post_url       text,
    policy_version integer NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN site.post_url IS 'template of an article''s URL, {id} stands for WordPress''s comment_post_ID';

CREATE TABLE site_origin (
    site_id integer NOT NULL REFERENCES site,
    origin  text NOT NULL,
    PRIMARY KEY (site_id, origin)
);

CREATE TABLE policy (
    site_id    integer NOT NULL REFERENCES site,
    version    integer NOT NULL,
    document   jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, version)
);
ALTER TABLE site ADD CONSTRAINT site_policy_exists
    FOREIGN KEY (id, policy_version) REFERENCES policy (site_id, version) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE site_reason (
    site_id integer NOT NULL REFERENCES site,
    code    text NOT NULL CONSTRAINT site_reason_form CHECK (code ~ '^[a-z][a-z0-9_]{0,49}$'),
    label   text NOT NULL,
    text    text NOT NULL,
    PRIMARY KEY (site_id, code)
);

CREATE TABLE page (
    site_id         integer NOT NULL REFERENCES site,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    url             text NOT NULL,
    url_digest      bytea NOT NULL,            -- SHA-256: a URL may be longer than an index entry
    title           text,
    open            boolean NOT NULL DEFAULT true,
    published_count integer NOT NULL DEFAULT 0 CHECK (published_count >= 0),
    revision        bigint NOT NULL DEFAULT 0, -- raised by everything that readers can see; makes the ETag
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, id),
    CONSTRAINT page_url_unique UNIQUE (site_id, url_digest)
);
-- New pages are limited by the hour and site.
CREATE INDEX page_by_age ON page (site_id, created_at);

-- A person at one site, as moderators know them: a random key, never the address.
CREATE TABLE author (
    site_id    integer NOT NULL REFERENCES site,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    key        text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, id),
    CONSTRAINT author_key_unique UNIQUE (site_id, key)
);

-- Which address is which author: a keyed HMAC, readable by no process, reached through author_of alone.
CREATE TABLE author_identity (
    site_id      integer NOT NULL REFERENCES site,
    email_index  bytea NOT NULL,
    index_key_id smallint NOT NULL,
    author_id    bigint NOT NULL,
    PRIMARY KEY (site_id, email_index),
    FOREIGN KEY (site_id, author_id) REFERENCES author (site_id, id)
);

CREATE TABLE comment (
    site_id               integer NOT NULL REFERENCES site,
    id                    uuid NOT NULL,
    page_id               bigint NOT NULL,
    parent_id             uuid,
    ancestors             uuid[] NOT NULL DEFAULT '{}',  -- from the top of the thread down to the parent
    author_id             bigint,                        -- null where the site asks for no address
    author                text NOT NULL,
    website               text,
    text                  text NOT NULL,
    fingerprint           bytea NOT NULL,                -- SHA-256 of the folded text
    network               bytea,                         -- keyed hash of the /24 or /64, its key changes daily
    honeypot_filled       boolean NOT NULL DEFAULT false,
    seconds_to_fill       real,
    status                text NOT NULL DEFAULT 'pending' CONSTRAINT comment_status_known
                          CHECK (status IN ('pending', 'published', 'held', 'rejected', 'spam', 'erased')),
    reason                text,
    version               integer NOT NULL DEFAULT 1,
    decision_version      integer GENERATED ALWAYS AS (NULLIF(version, 1)) STORED,
    published_descendants integer NOT NULL DEFAULT 0 CHECK (published_descendants >= 0),
    submitted_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at          timestamptz,
    edited_at             timestamptz,
    due_at                timestamptz NOT NULL DEFAULT clock_timestamp(),  -- the end of a check's lease
    lease_token           uuid,
    attempts              smallint NOT NULL DEFAULT 0,
    claimed_by            integer,                       -- a moderator's lease, not the checks'
    claimed_until         timestamptz,
    PRIMARY KEY (site_id, id),
    FOREIGN KEY (site_id, page_id) REFERENCES page (site_id, id),
    FOREIGN KEY (site_id, parent_id) REFERENCES comment (site_id, id),
    FOREIGN KEY (site_id, author_id) REFERENCES author (site_id, id),
    CONSTRAINT comment_begins_pending CHECK (version > 1 OR status = 'pending')
);
-- The worker's claim: what is due, oldest first.
CREATE INDEX comment_due ON comment (due_at) WHERE status = 'pending';
-- The moderators' lists, any status, keyset on (submitted_at, id).
CREATE INDEX comment_queue ON comment (site_id, status, submitted_at, id);
-- A page's thread: what is published, and what is gone but has published replies.
CREATE INDEX comment_thread ON comment (site_id, page_id, submitted_at, id)
    WHERE status = 'published' OR published_descendants > 0;
-- Evidence: repeats, and floods by author and by network.
CREATE INDEX comment_repeats ON comment (site_id, fingerprint, submitted_at);
CREATE INDEX comment_by_author ON comment (site_id, author_id, submitted_at) WHERE author_id IS NOT NULL;
CREATE INDEX comment_by_network ON comment (site_id, network, submitted_at) WHERE network IS NOT NULL;

-- The address of whoever wrote a comment, encrypted by the application. Web may add rows and read none;
-- the checks' role has no right here at all.
CREATE TABLE comment_email (
    site_id    integer NOT NULL,
    comment_id uuid NOT NULL,
    key_id     smallint NOT NULL,
    sealed     bytea NOT NULL,  -- 12 bytes of nonce, then AES-256-GCM's output
    PRIMARY KEY (site_id, comment_id),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);

-- What was accepted under an Idempotency-Key, a submission_key, or as the same reply within a minute.
CREATE TABLE submission_key (
    site_id      integer NOT NULL REFERENCES site,
    key          bytea NOT NULL,
    body         bytea NOT NULL,  -- HMAC of what was sent
    comment_id   uuid NOT NULL,
    submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, key)
);
-- The scheduler drops what is older than a day.
CREATE INDEX submission_key_by_age ON submission_key (submitted_at);

CREATE TABLE moderator (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CONSTRAINT moderator_name_unique UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE comment ADD FOREIGN KEY (claimed_by) REFERENCES moderator (id);

CREATE TABLE moderator_token (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    moderator_id  integer NOT NULL REFERENCES moderator,
    digest        bytea NOT NULL CONSTRAINT moderator_token_unique UNIQUE,  -- SHA-256 of 256 random bits
    prefix        text NOT NULL,
    role          text NOT NULL CHECK (role IN ('viewer', 'moderator', 'admin')),
    site_ids      integer[],                                                -- null: every site
    loopback_only boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    revoked_at    timestamptz,
    last_used_at  timestamptz
);

CREATE TABLE moderator_session (
    digest     bytea PRIMARY KEY,
    token_id   integer NOT NULL REFERENCES moderator_token,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

-- Every decision about a comment, by the checks under a policy version or by a person. Append-only.
CREATE TABLE decision (
    site_id        integer NOT NULL,
    comment_id     uuid NOT NULL,
    id             bigint GENERATED ALWAYS AS IDENTITY,
    version        integer,        -- the comment's version that this decision made; null: nothing moved
    from_status    text NOT NULL,
    status         text NOT NULL,
    source         text NOT NULL CHECK (source IN ('checks', 'moderator', 'author', 'request')),
    action         text NOT NULL CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo', 'erase')),
    moderator_id   integer REFERENCES moderator,
    policy_version integer,
    decided_by     text,           -- the check that decided, where one did
    reason         text,
    note           text,
    findings       jsonb NOT NULL DEFAULT '[]',
    decided_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, comment_id, id),
    CONSTRAINT decision_version_unique UNIQUE (site_id, comment_id, version, status),
    CONSTRAINT decision_by_checks CHECK ((source = 'checks') = (policy_version IS NOT NULL)),
    CONSTRAINT decision_by_moderator CHECK ((source = 'moderator') = (moderator_id IS NOT NULL)),
    CONSTRAINT rejection_has_reason CHECK (NOT (action = 'reject' AND reason IS NULL)),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id)
);

-- No status without its decision: the pair (version, status) of a decided comment must be one of its decisions.
ALTER TABLE comment ADD CONSTRAINT comment_is_decided
    FOREIGN KEY (site_id, id, decision_version, status)
    REFERENCES decision (site_id, comment_id, version, status) DEFERRABLE INITIALLY DEFERRED;

-- The version rises by one with a change of status or text, and with nothing else: a decision is used once.
CREATE FUNCTION comment_version_rises() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RETURN NEW;
END $$;
CREATE TRIGGER comment_version_rises BEFORE UPDATE OF status, text, version ON comment
    FOR EACH ROW EXECUTE FUNCTION comment_version_rises();

-- The author behind an address, made where it is new. Whoever may call it learns an id, never an index.
CREATE FUNCTION author_of(of_site integer, of_index bytea, of_key_id smallint, new_key text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE found_id bigint;
BEGIN
    LOOP
        SELECT author_id INTO found_id FROM public.author_identity
            WHERE site_id = of_site AND email_index = of_index;
        IF found_id IS NOT NULL THEN
            RETURN found_id;
        END IF;
        BEGIN
            INSERT INTO public.author (site_id, key) VALUES (of_site, new_key) RETURNING id INTO found_id;
            INSERT INTO public.author_identity (site_id, email_index, index_key_id, author_id)
                VALUES (of_site, of_index, of_key_id, found_id);
            RETURN found_id;
        EXCEPTION WHEN unique_violation THEN
            found_id := NULL;  -- a submission beside this one was first
        END;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION author_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION author_of TO replydesk_web;

GRANT SELECT ON site, site_origin, policy, site_reason, page, author, comment, decision, moderator
    TO replydesk_web, replydesk_worker;
GRANT INSERT, UPDATE (title, open, published_count, revision) ON page TO replydesk_web;
GRANT UPDATE (published_count, revision) ON page TO replydesk_worker;
GRANT INSERT ON comment, comment_email TO replydesk_web;
GRANT UPDATE (status, reason, version, published_descendants, published_at, claimed_by, claimed_until)
    ON comment TO replydesk_web;
GRANT UPDATE (status, reason, version, published_descendants, published_at, due_at, lease_token, attempts)
    ON comment TO replydesk_worker;
-- The history is append-only: no role of a process may change or remove a decision.
GRANT INSERT ON decision TO replydesk_web, replydesk_worker;
GRANT SELECT, INSERT, UPDATE ON submission_key TO replydesk_web;
GRANT SELECT (site_id, key, submitted_at), DELETE ON submission_key TO replydesk_worker;
GRANT SELECT, UPDATE (last_used_at) ON moderator_token TO replydesk_web;
GRANT SELECT, INSERT, DELETE ON moderator_session TO replydesk_web;
