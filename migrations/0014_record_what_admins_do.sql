-- What admins and operators change is on record: who, when, where, what.
-- phase: pre
-- oldest code: 1
--
-- Code of before goes on working; what it changes is not on record.

CREATE TABLE audit_entry (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id      integer REFERENCES site,       -- null: about no one site
    moderator_id integer REFERENCES moderator,  -- null: the command line
    action       text NOT NULL CONSTRAINT audit_action_form CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject      text NOT NULL,
    details      jsonb NOT NULL DEFAULT '{}' CONSTRAINT audit_details_is_object
                 CHECK (jsonb_typeof(details) = 'object'),
    at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE audit_entry IS 'never an address, a secret or what a reader wrote';
CREATE INDEX audit_entry_by_site ON audit_entry (site_id, id DESC);

-- Append-only for every process: nobody of them may change or remove an entry, or choose its time.
GRANT SELECT ON audit_entry TO replydesk_web;
GRANT INSERT (site_id, moderator_id, action, subject, details) ON audit_entry
    TO replydesk_web, replydesk_worker, replydesk_private;
