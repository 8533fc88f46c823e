"""What stands beside the comments, made by the database out of them: decisions, events, addresses, reports.

Each as transactions and triggers of the product would have left it. What the housekeeping would have dropped
by now is not made: events after 30 days, sketches after 7, keys after one, reporters after two, addresses
after 90.
"""

from collections.abc import Mapping, Sequence

from bench.bulk_load import Connection
from bench.made_findings import Kind, Said

FINDINGS = """
CREATE TEMPORARY TABLE made_finding (
    kind text, n integer, document jsonb, reason text, decided_by text, rule text, PRIMARY KEY (kind, n)
) ON COMMIT DROP
"""

# The two last bytes of an id choose its findings, as in `made_rows`.
_SAID = """
LEFT JOIN LATERAL (
    SELECT * FROM made_finding WHERE kind = first.kind AND n =
        ('x' || right(first.comment_id::text, 4))::bit(16)::int
        % CASE first.kind WHEN 'published' THEN $2::int WHEN 'held' THEN $3::int ELSE $4::int END
) AS said ON first.source = 'checks'
"""

DECISIONS = f"""
INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action, moderator_id,
                      policy_version, decided_by, reason, findings, decided_at, rule)
SELECT site_id, comment_id, version, from_status, status, source, action, moderator_id, policy_version,
       said.decided_by, CASE WHEN source = 'checks' THEN said.reason ELSE first.reason END,
       coalesce(said.document, '[]'), decided_at, said.rule
FROM (
    SELECT site_id, id AS comment_id, 2 AS version, 'pending' AS from_status, became AS status,
           'checks' AS source,
           CASE became WHEN 'published' THEN 'publish' WHEN 'held' THEN 'hold' ELSE 'spam' END AS action,
           NULL::int AS moderator_id, 1 AS policy_version, NULL AS reason, became AS kind,
           submitted_at + interval '2 seconds' AS decided_at
    FROM comment CROSS JOIN LATERAL (SELECT CASE version WHEN 3 THEN 'held' ELSE status END) AS came (became)
    WHERE version > 1
    UNION ALL
    SELECT site_id, id, 3, 'held', status, 'moderator',
           CASE status WHEN 'published' THEN 'approve' ELSE 'reject' END,
           ($1::int[])[1 + get_byte(fingerprint, 0) % cardinality($1::int[])], NULL, reason, NULL, decided_at
    FROM comment WHERE version = 3
    ORDER BY decided_at
) AS first {_SAID}
"""  # noqa: S608  (of parts of this file)

_EVENTS = """
INSERT INTO event (seq, site_id, comment_id, type, from_status, status, version, reason, source, moderator_id,
                   at)
SELECT row_number() OVER (ORDER BY id)
           + (SELECT count(*) FROM decision WHERE decided_at < now() - interval '30 days'),
       site_id, comment_id, 'comment.' || status, from_status, status, version, reason, source, moderator_id,
       decided_at
FROM decision WHERE decided_at >= now() - interval '30 days'
"""
_EVENT_ORDER = """
UPDATE event_order SET last_seq = coalesce((SELECT max(seq) FROM event), 0),
                       dropped_through = coalesce((SELECT min(seq) FROM event), 1) - 1
"""
EMAILS = """
INSERT INTO comment_email (site_id, comment_id, key_id, sealed)
SELECT site_id, id, 1, ($1::bytea[])[1 + get_byte(fingerprint, 1) % cardinality($1::bytea[])]
FROM comment WHERE author_id IS NOT NULL AND NOT address_dropped
"""
_IDENTITIES = """
INSERT INTO author_identity (site_id, email_index, index_key_id, author_id)
SELECT site_id, sha256(convert_to(site_id || ':' || id, 'UTF8')), 11, id FROM author
"""
_KEYS = """
INSERT INTO submission_key (site_id, key, body, comment_id, submitted_at)
SELECT site_id, sha256(convert_to('key ' || id, 'UTF8')), sha256(convert_to('body ' || id, 'UTF8')), id,
       submitted_at
FROM comment WHERE submitted_at > now() - interval '1 day'
"""
_SKETCHES = """
INSERT INTO text_sketch (site_id, comment_id, bands, sketched_at)
SELECT site_id, id, ARRAY(SELECT hashint4(hashtext(id::text) + band) FROM generate_series(1, 8) AS band),
       submitted_at
FROM comment WHERE submitted_at > now() - interval '7 days' AND status <> 'pending' AND length(text) > 60
"""
_REPORTS = """
INSERT INTO report (site_id, comment_id, reporter, reason, weight, reported_at, outcome, settled_at)
SELECT site_id, id, CASE WHEN NOT is_old THEN substring(fingerprint FROM 1 FOR 16) END, 'abusive', 0.5, at,
       CASE WHEN is_old THEN 'kept' END, CASE WHEN is_old THEN at + interval '1 hour' END
FROM comment CROSS JOIN LATERAL (
    SELECT submitted_at + interval '1 minute' AS at, submitted_at < now() - interval '2 days' AS is_old
) AS reported
WHERE status = 'published' AND submitted_at > now() - interval '29 days' AND get_byte(fingerprint, 2) < 3
"""
_SAMPLES = """
INSERT INTO sample (site_id, comment_id, status, share, drawn_at, answered_at, moderator_id)
SELECT site_id, id, status, 0.01, decided_at, answered, CASE WHEN answered IS NOT NULL THEN ($1::int[])[1] END
FROM comment CROSS JOIN LATERAL (
    SELECT CASE WHEN get_byte(fingerprint, 4) < 128 THEN decided_at + interval '1 hour' END
) AS looked (answered)
WHERE version = 2 AND status IN ('published', 'spam') AND get_byte(fingerprint, 3) < 3
"""
_APPEALS = """
INSERT INTO appeal (site_id, comment_id, decision_id, text, filed_at)
SELECT comment.site_id, comment.id, decision.id, 'It was no insult.', comment.decided_at + interval '1 hour'
FROM comment JOIN decision ON decision.site_id = comment.site_id AND decision.comment_id = comment.id
 AND decision.version = comment.version
WHERE comment.status = 'rejected' AND get_byte(fingerprint, 5) < 10
  AND comment.decided_at < now() - interval '1 hour'
"""
_RECIPIENTS = """
INSERT INTO mail_recipient (id, site_id, comment_id, mailbox, key_id, sealed, language, wants_replies,
                            confirmed_at, created_at)
SELECT gen_random_uuid(), it.site_id, it.id, sha256(convert_to(it.site_id || ':' || it.author_id, 'UTF8')), 1,
       sealed, 'en', true, it.submitted_at, it.submitted_at
FROM comment_email AS own JOIN comment AS it ON it.site_id = own.site_id AND it.id = own.comment_id
WHERE it.status = 'published' AND get_byte(it.fingerprint, 6) < 13
"""
_MAILS = """
INSERT INTO reader_mail (recipient_id, kind, about, state, due_at, created_at)
SELECT own.id, 'reply', reply.id::text, 'sent', reply.decided_at, reply.decided_at
FROM mail_recipient AS own
JOIN comment AS reply ON reply.site_id = own.site_id AND reply.parent_id = own.comment_id
WHERE reply.status = 'published'
"""

OF_PEOPLE = (_SAMPLES,)
"""The ids of moderators are `$1`."""
ALL_ELSE = (_EVENTS, _EVENT_ORDER, _IDENTITIES, _KEYS, _SKETCHES, _REPORTS, _APPEALS, _RECIPIENTS, _MAILS)
"""In this order: some read what others wrote."""


async def make_beside(
    connection: Connection,
    said: Mapping[Kind, Sequence[Said]],
    moderator_ids: Sequence[int],
    sealed: Sequence[bytes],
) -> None:
    """Fill everything that hangs on comments; `sealed` are addresses that are used again and again."""
    await connection.execute(FINDINGS)
    rows = [
        (kind, n, one.document, one.reason, one.decided_by, one.rule)
        for kind, many in said.items()
        for n, one in enumerate(many)
    ]
    await connection.copy_records_to_table("made_finding", records=rows)
    await connection.execute("ANALYZE comment; ANALYZE made_finding")
    many = [len(said[kind]) for kind in ("published", "held", "spam")]
    await connection.execute(DECISIONS, list(moderator_ids), *many)
    await connection.execute(EMAILS, list(sealed))
    await connection.execute("ANALYZE decision; ANALYZE comment_email")
    for statement in OF_PEOPLE:
        await connection.execute(statement, list(moderator_ids))
    for statement in ALL_ELSE:
        await connection.execute(statement)
    await connection.execute("SELECT recount_comments()")
