-- Sites teach the models by their moderators' decisions; a sample of what is decided alone goes to people.
-- phase: pre
-- oldest code: 1
-- statement timeout: 60s
--
-- Code of migration 9 goes on working: it reads no new table, draws no sample, and uses the shipped models.

-- What a site taught one model: versions, of which one may be in use. The weights are numbers by hashed bucket
-- of a feature that three comments or more have. Versions that are not in use go after a month, or twenty later.
CREATE TABLE site_model (
    site_id        integer NOT NULL REFERENCES site,
    task           text NOT NULL CONSTRAINT site_model_task_known CHECK (task IN ('spam', 'abuse')),
    version        integer NOT NULL,
    shipped        text NOT NULL,           -- digest of the shipped model that it corrects
    scale          double precision NOT NULL,
    bias           double precision NOT NULL,
    weights        bytea NOT NULL,
    labels         integer NOT NULL,
    auc_shipped    real,
    auc_corrected  real,
    learned_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (site_id, task, version)
);

-- What is in use at a site, and what is known about it. The checks read `revision` with the site's policy, and
-- the rest only when that has changed.
CREATE TABLE site_learning (
    site_id        integer PRIMARY KEY REFERENCES site,
    revision       bigint NOT NULL DEFAULT 1,
    spam_state     text NOT NULL DEFAULT 'learning'
                   CONSTRAINT site_learning_spam_state CHECK (spam_state IN ('learning', 'pinned', 'off')),
    abuse_state    text NOT NULL DEFAULT 'learning'
                   CONSTRAINT site_learning_abuse_state CHECK (abuse_state IN ('learning', 'pinned', 'off')),
    spam_version   integer,                 -- null: the shipped model as it is
    abuse_version  integer,
    thresholds     jsonb NOT NULL DEFAULT '{}',
    report         jsonb NOT NULL DEFAULT '{}',
    policy_version integer,                 -- whose promises the thresholds keep
    seen_decision  bigint NOT NULL DEFAULT 0,
    labels         integer NOT NULL DEFAULT 0,
    learned_at     timestamptz,
    counted_from   timestamptz,             -- decisions and samples before do not count for promises; null: all
    broken_at      timestamptz,             -- since when a promise is broken and people decide
    changed_at     timestamptz,
    moderator_id   integer REFERENCES moderator,
    spam_task      text GENERATED ALWAYS AS ('spam') STORED,
    abuse_task     text GENERATED ALWAYS AS ('abuse') STORED,
    FOREIGN KEY (site_id, spam_task, spam_version) REFERENCES site_model (site_id, task, version),
    FOREIGN KEY (site_id, abuse_task, abuse_version) REFERENCES site_model (site_id, task, version)
);
COMMENT ON COLUMN site_learning.moderator_id IS 'who changed it last by hand; null: the command line, or nobody';

-- Decisions of the checks that people look at afterwards, drawn at random; nothing waits for them.
CREATE TABLE sample (
    site_id      integer NOT NULL,
    comment_id   uuid NOT NULL,
    status       text NOT NULL CONSTRAINT sample_is_of_decided CHECK (status IN ('published', 'rejected', 'spam')),
    share        real NOT NULL CONSTRAINT sample_share CHECK (share > 0 AND share <= 1),
    drawn_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    answered_at  timestamptz,
    moderator_id integer REFERENCES moderator,
    PRIMARY KEY (site_id, comment_id),
    CONSTRAINT sample_answered_by CHECK ((answered_at IS NULL) = (moderator_id IS NULL)),
    FOREIGN KEY (site_id, comment_id) REFERENCES comment (site_id, id) ON DELETE CASCADE
);
COMMENT ON COLUMN sample.share IS 'with this probability it was drawn: it stands for 1 / share others';
COMMENT ON COLUMN sample.answered_at IS 'when it was answered as a sample, unseen what the checks had said';
CREATE INDEX sample_waiting ON sample (site_id, drawn_at, comment_id) WHERE answered_at IS NULL;
CREATE INDEX sample_by_age ON sample (site_id, drawn_at);

GRANT SELECT ON site_model, site_learning, sample TO replydesk_web, replydesk_worker;
GRANT INSERT (site_id, spam_state, abuse_state, spam_version, abuse_version, counted_from, broken_at, changed_at,
              moderator_id),
      UPDATE (revision, spam_state, abuse_state, spam_version, abuse_version, counted_from, broken_at, changed_at,
              moderator_id) ON site_learning TO replydesk_web;
GRANT UPDATE (answered_at, moderator_id) ON sample TO replydesk_web;
GRANT INSERT, DELETE ON site_model TO replydesk_worker;
GRANT INSERT (site_id, revision, spam_version, abuse_version, thresholds, report, policy_version, seen_decision,
              labels, learned_at, counted_from, broken_at),
      UPDATE (revision, spam_version, abuse_version, thresholds, report, policy_version, seen_decision, labels,
              learned_at, counted_from, broken_at) ON site_learning TO replydesk_worker;
GRANT INSERT ON sample TO replydesk_worker;
