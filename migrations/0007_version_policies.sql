-- Policies say who changed them and why, a candidate is watched beside the live one, backtests are asked for.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- Code of migration 6 goes on working: it writes decisions and policies without the new columns, which are
-- null then, and it reads no new table.

ALTER TABLE policy
    ADD COLUMN moderator_id integer REFERENCES moderator,
    ADD COLUMN note text CONSTRAINT policy_note_is_short CHECK (length(note) <= 500);
COMMENT ON COLUMN policy.moderator_id IS 'who made it; null: the command line';

ALTER TABLE decision
    ADD COLUMN rule text,
    DROP CONSTRAINT decision_source_check,
    ADD CONSTRAINT decision_source_check
        CHECK (source IN ('checks', 'moderator', 'author', 'request', 'retention', 'operator')),
    DROP CONSTRAINT decision_action_check,
    ADD CONSTRAINT decision_action_check
        CHECK (action IN ('publish', 'approve', 'reject', 'spam', 'hold', 'undo', 'erase', 'recheck')),
    ADD CONSTRAINT recheck_is_no_opinion CHECK (action <> 'recheck' OR (from_status = 'held' AND status = 'pending'));
COMMENT ON COLUMN decision.rule IS 'the line of the policy that decided, such as max_links';

-- A policy that is tried beside the live one: at most one of a site at a time.
CREATE TABLE candidate (
    site_id      integer NOT NULL REFERENCES site,
    id           integer GENERATED ALWAYS AS IDENTITY,
    document     jsonb NOT NULL,
    moderator_id integer REFERENCES moderator,
    note         text CONSTRAINT candidate_note_is_short CHECK (length(note) <= 500),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at     timestamptz,
    PRIMARY KEY (site_id, id)
);
CREATE UNIQUE INDEX candidate_alone ON candidate (site_id) WHERE ended_at IS NULL;

-- What a candidate would have decided; it changes nothing. One row for a comment and a candidate.
CREATE TABLE shadow_verdict (
    site_id         integer NOT NULL,
    comment_id      uuid NOT NULL,
    candidate_id    integer NOT NULL,
    live_status     text NOT NULL,
    live_decided_by text,
    live_rule       text,
    status          text,            -- null: it failed, and `failure` names the error
    reason          text,
    decided_by      text,
    rule            text,
    failure         text,
    judged_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, comment_id, candidate_id),
    CONSTRAINT shadow_verdict_or_failure CHECK ((status IS NULL) = (failure IS NOT NULL)),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE,
    FOREIGN KEY (site_id, candidate_id) REFERENCES candidate (site_id, id) ON DELETE CASCADE
);
CREATE INDEX shadow_verdict_by_candidate ON shadow_verdict (site_id, candidate_id);
CREATE INDEX shadow_verdict_by_age ON shadow_verdict (judged_at);

-- What was said about a comment beside the live decision goes with the comment, whoever erases it.
CREATE FUNCTION forget_shadow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.shadow_verdict WHERE site_id = NEW.site_id AND comment_id = NEW.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION forget_shadow FROM PUBLIC;
CREATE TRIGGER forget_shadow AFTER UPDATE OF status ON comment
    FOR EACH ROW WHEN (NEW.status = 'erased') EXECUTE FUNCTION forget_shadow();

-- Backtests that moderators' programs asked for; a worker does them beside its work. A report names comments
-- by their ids and quotes none.
CREATE TABLE backtest (
    site_id      integer NOT NULL REFERENCES site,
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    document     jsonb NOT NULL,
    wanted       integer NOT NULL CONSTRAINT backtest_is_bounded CHECK (wanted BETWEEN 1 AND 100000),
    status       text NOT NULL DEFAULT 'queued' CONSTRAINT backtest_status_known
                 CHECK (status IN ('queued', 'running', 'done', 'failed')),
    done         integer NOT NULL DEFAULT 0,
    report       jsonb,
    failure      text,
    attempts     smallint NOT NULL DEFAULT 0,
    moderator_id integer NOT NULL REFERENCES moderator,
    asked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    leased_until timestamptz,
    PRIMARY KEY (site_id, id)
);
CREATE INDEX backtest_unfinished ON backtest (asked_at) WHERE status IN ('queued', 'running');

-- Web takes new policies, candidates and wishes; it changes none that was made.
GRANT SELECT ON candidate, shadow_verdict, backtest TO replydesk_web, replydesk_worker;
GRANT INSERT ON policy, candidate, backtest TO replydesk_web;
GRANT UPDATE (policy_version) ON site TO replydesk_web;
GRANT UPDATE (ended_at) ON candidate TO replydesk_web;
-- A recheck makes a comment due at once, and gives it its attempts again.
GRANT UPDATE (due_at, attempts) ON comment TO replydesk_web;
GRANT INSERT, DELETE ON shadow_verdict TO replydesk_worker;
GRANT DELETE ON candidate, backtest TO replydesk_worker;
GRANT UPDATE (status, done, report, failure, attempts, leased_until) ON backtest TO replydesk_worker;
