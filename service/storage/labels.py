"""Reads what people decided, for models to learn from."""

from collections.abc import Sequence

from service.domain.learning import Label
from service.storage.pool import Connection

# One comment counts once, by what a person said last; an undone decision says nothing. Only decisions of
# people are read: those of the checks would teach the models what they say already. A drawn comment that was
# decided beside the list of samples counts as one, as far as people have come with the list (see samples.py):
# else complaints would take the bad ones out of the picture.
_LABELS = """
WITH recent AS (
    SELECT comment_id, id, reason,
           CASE WHEN action <> 'uphold' THEN action
                ELSE CASE status WHEN 'spam' THEN 'spam' WHEN 'rejected' THEN 'reject' ELSE 'grant' END
           END AS action,
           moderator_id, decided_at FROM decision
    WHERE site_id = $1 AND source = 'moderator' ORDER BY id DESC LIMIT 2 * $2::int
), latest AS (
    SELECT DISTINCT ON (comment_id) * FROM recent
    WHERE action NOT IN ('recheck', 'redact', 'restore', 'edit', 'propose', 'pick', 'unpick', 'grant')
    ORDER BY comment_id, id DESC
), come_to AS MATERIALIZED (
    SELECT max(drawn_at) AS at FROM sample WHERE site_id = $1 AND answered_at IS NOT NULL
)
SELECT latest.id, left(it.text, 5000) AS text, it.fingerprint, latest.action, latest.reason,
       latest.moderator_id, checked.status AS checked,
       coalesce(NOT EXISTS (
           SELECT FROM jsonb_array_elements(checked.findings) AS finding
           WHERE finding->>'outcome' <> 'pass' AND finding->>'check' <> ALL($3::text[])
       ), false) AND checked.status IS NOT NULL AS only_models,
       coalesce(NOT EXISTS (
           SELECT FROM jsonb_array_elements(checked.findings) AS finding WHERE finding->>'outcome' <> 'pass'
       ), false) AND checked.status IS NOT NULL AS none_objected,
       CASE WHEN drawn.drawn_at <= come_to.at THEN drawn.share END::float8 AS share,
       latest.decided_at >= coalesce(learned.counted_from, '-infinity') AS is_counted, latest.decided_at
FROM latest CROSS JOIN come_to
JOIN comment AS it ON it.site_id = $1 AND it.id = latest.comment_id
LEFT JOIN site_learning AS learned ON learned.site_id = $1
LEFT JOIN sample AS drawn ON drawn.site_id = $1 AND drawn.comment_id = latest.comment_id
LEFT JOIN LATERAL (
    SELECT status, findings FROM decision
    WHERE site_id = $1 AND comment_id = latest.comment_id AND source = 'checks' AND findings <> '[]'
    ORDER BY decision.id DESC LIMIT 1
) AS checked ON true
WHERE latest.action IN ('approve', 'reject', 'spam') AND it.status <> 'erased' AND it.staff_id IS NULL
ORDER BY latest.id DESC LIMIT $2
"""


async def list_labels(
    connection: Connection, site_id: int, *, limit: int, models: Sequence[str]
) -> list[Label]:
    """Up to `limit` of the latest, the oldest first; `models` are the names of the models' checks."""
    rows = await connection.fetch(_LABELS, site_id, limit, list(models))
    return [Label(**dict(row)) for row in reversed(rows)]
