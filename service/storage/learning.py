"""What sites taught the models: which sites are due, what is in use, and its versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from service.domain.learning import Learning, StoredModel
from service.storage.pool import Connection, Record

VERSIONS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Due:
    """A site whose people decided more, and the newest of their decisions."""

    site_id: int
    newest: int


# With few new labels there is hardly anything new to learn, unless they are old. What was erased or has
# expired is forgotten within a day. A site that has just been begun is left alone, so that one on which
# learning fails does not keep the others waiting, and two workers do not learn the same.
_DUE = """
SELECT site.id AS site_id, coalesce(fresh.newest, learned.seen_decision, 0) AS newest
FROM site
LEFT JOIN site_learning AS learned ON learned.site_id = site.id
CROSS JOIN LATERAL (
    SELECT count(*) AS n, max(id) AS newest FROM (
        SELECT id FROM decision
        WHERE site_id = site.id AND source = 'moderator' AND id > coalesce(learned.seen_decision, 0)
        ORDER BY id DESC LIMIT 2000
    ) AS newer
) AS fresh
WHERE (learned.learned_at IS NULL OR learned.learned_at NOT BETWEEN clock_timestamp() - interval '15 seconds'
                                                                AND clock_timestamp())
  AND (fresh.n >= least(100, greatest(10, coalesce(learned.labels, 0) / 20))
    OR (fresh.n > 0 AND (learned.learned_at IS NULL
                         OR learned.learned_at < clock_timestamp() - interval '10 minutes'))
    OR (learned.labels > 0 AND (learned.policy_version <> site.policy_version
                                OR learned.report->>'shipped' IS DISTINCT FROM $1
                                OR learned.learned_at < clock_timestamp() - interval '1 day')))
ORDER BY learned.learned_at NULLS FIRST LIMIT 1
"""


async def begin_due(connection: Connection, shipped: str) -> Due | None:
    """The site that waits longest, begun now; None where no site is due.

    `shipped` is the digest of the shipped models: with others everything is learned anew.
    """
    row = await connection.fetchrow(_DUE, shipped)
    if row is None:
        return None
    await connection.execute(
        """
        INSERT INTO site_learning (site_id, learned_at) VALUES ($1, clock_timestamp())
        ON CONFLICT (site_id) DO UPDATE SET learned_at = clock_timestamp()
        """,
        row["site_id"],
    )
    return Due(**dict(row))


_LEARNING = """
SELECT learned.*, moderator.name AS changed_by
FROM site_learning AS learned LEFT JOIN moderator ON moderator.id = learned.moderator_id
WHERE learned.site_id = $1
"""


async def find_learning(connection: Connection, site_id: int, *, locked: bool = False) -> Learning:
    """What is in use at a site; `locked` keeps it as it is until the transaction ends."""
    row = await connection.fetchrow(_LEARNING + (" FOR NO KEY UPDATE OF learned" if locked else ""), site_id)
    return _learning(row) if row else Learning(site_id)


async def lock_learning(connection: Connection, site_id: int) -> Learning:
    """The same for whoever changes it next, also where nothing was learned yet: others wait for the end."""
    await connection.execute(
        """
        INSERT INTO site_learning AS learned (site_id) VALUES ($1)
        ON CONFLICT (site_id) DO UPDATE SET revision = learned.revision
        """,
        site_id,
    )
    return await find_learning(connection, site_id)


def _learning(row: Record) -> Learning:
    return Learning(
        site_id=row["site_id"],
        revision=row["revision"],
        states={"spam": row["spam_state"], "abuse": row["abuse_state"]},
        versions={"spam": row["spam_version"], "abuse": row["abuse_version"]},
        thresholds=orjson.loads(row["thresholds"]),
        report=orjson.loads(row["report"]),
        labels=row["labels"],
        learned_at=row["learned_at"],
        counted_from=row["counted_from"],
        broken_at=row["broken_at"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
    )


ALARMING = """
SELECT site.slug, learned.broken_at IS NOT NULL AS broken
FROM site_learning AS learned JOIN site ON site.id = learned.site_id
WHERE ($1::int[] IS NULL OR learned.site_id = ANY($1)) AND (learned.broken_at IS NOT NULL
   OR learned.report #>> '{samples,published,state}' IN ('falling', 'broken')
   OR learned.report #>> '{samples,spam,state}' IN ('falling', 'broken'))
ORDER BY site.slug
"""


async def list_alarming(connection: Connection, site_ids: list[int] | None = None) -> dict[str, bool]:
    """The sites where people agree less than promised, by slug; True where that ended automation."""
    rows = await connection.fetch(ALARMING, site_ids)
    return {row["slug"]: row["broken"] for row in rows}


_MODEL = "task, version, shipped, scale, bias, weights, labels, auc_shipped, auc_corrected, learned_at"


async def list_models_in_use(connection: Connection, site_id: int) -> list[StoredModel]:
    """At most one of each task."""
    rows = await connection.fetch(
        f"""
        SELECT {_MODEL.replace("learned_at", "site_model.learned_at").replace("labels", "site_model.labels")}
        FROM site_learning AS learned JOIN site_model USING (site_id)
        WHERE site_id = $1 AND ((task, version) = ('spam', learned.spam_version)
                             OR (task, version) = ('abuse', learned.abuse_version))
        """,  # noqa: S608  (columns of our own)
        site_id,
    )
    return [StoredModel(**dict(row)) for row in rows]


async def list_models(connection: Connection, site_id: int) -> list[StoredModel]:
    """Every version that is kept, the newest first, without its weights."""
    columns = _MODEL.replace("weights", "''::bytea AS weights")
    rows = await connection.fetch(
        f"SELECT {columns} FROM site_model WHERE site_id = $1 ORDER BY task, version DESC",  # noqa: S608
        site_id,
    )
    return [StoredModel(**dict(row)) for row in rows]


async def next_version(connection: Connection, site_id: int, task: str) -> int:
    """One more than the newest that there was; versions are never given twice while any is kept."""
    version: int = await connection.fetchval(
        "SELECT coalesce(max(version), 0) + 1 FROM site_model WHERE site_id = $1 AND task = $2", site_id, task
    )
    return version


async def insert_model(connection: Connection, site_id: int, model: StoredModel) -> None:
    """Keep a new version; those beyond the newest `VERSIONS_KEPT` go, but for the one in use."""
    await connection.execute(
        """
        INSERT INTO site_model
            (site_id, task, version, shipped, scale, bias, weights, labels, auc_shipped, auc_corrected)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        site_id,
        model.task,
        model.version,
        model.shipped,
        model.scale,
        model.bias,
        model.weights,
        model.labels,
        model.auc_shipped,
        model.auc_corrected,
    )


async def drop_old_models(connection: Connection, site_id: int) -> None:
    """Forget the versions that are neither in use nor among the newest, or that are a month old."""
    await connection.execute(
        """
        DELETE FROM site_model AS old USING site_learning AS learned
        WHERE old.site_id = $1 AND learned.site_id = $1
          AND old.version IS DISTINCT FROM CASE old.task WHEN 'spam' THEN spam_version ELSE abuse_version END
          AND (old.learned_at < clock_timestamp() - interval '30 days' AND old.version < (
                   SELECT max(version) FROM site_model WHERE site_id = $1 AND task = old.task)
            OR old.version <= (
                   SELECT max(version) FROM site_model WHERE site_id = $1 AND task = old.task) - $2::int)
        """,
        site_id,
        VERSIONS_KEPT,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came of a lesson, to be written."""

    site_id: int
    versions: dict[str, int | None]
    thresholds: dict[str, Any]
    report: dict[str, Any]
    policy_version: int
    seen_decision: int
    labels: int
    counted_from: datetime | None
    broken_at: datetime | None


async def save_learned(connection: Connection, learned: Learned) -> None:
    """Make it what is in use; the row is locked by the caller."""
    await connection.execute(
        """
        UPDATE site_learning
        SET revision = revision + 1, spam_version = $2, abuse_version = $3, thresholds = $4, report = $5,
            policy_version = $6, seen_decision = $7, labels = $8, counted_from = $9, broken_at = $10,
            learned_at = clock_timestamp()
        WHERE site_id = $1
        """,
        learned.site_id,
        learned.versions["spam"],
        learned.versions["abuse"],
        orjson.dumps(learned.thresholds).decode(),
        orjson.dumps(learned.report).decode(),
        learned.policy_version,
        learned.seen_decision,
        learned.labels,
        learned.counted_from,
        learned.broken_at,
    )


async def save_change(
    connection: Connection,
    site_id: int,
    *,
    states: dict[str, str],
    versions: dict[str, int | None],
    moderator_id: int | None,
    begins_anew: bool,
) -> None:
    """Write what a person set by hand; `begins_anew` lets automation count from now on.

    Raises:
        asyncpg.ForeignKeyViolationError: there is no such version.
    """
    await connection.execute(
        """
        INSERT INTO site_learning AS learned
            (site_id, spam_state, abuse_state, spam_version, abuse_version, moderator_id, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp())
        ON CONFLICT (site_id) DO UPDATE
        SET revision = learned.revision + 1, spam_state = $2, abuse_state = $3, spam_version = $4,
            abuse_version = $5, moderator_id = $6, changed_at = clock_timestamp(),
            broken_at = CASE WHEN $7 THEN NULL ELSE learned.broken_at END,
            counted_from = CASE WHEN $7 THEN clock_timestamp() ELSE learned.counted_from END
        """,
        site_id,
        states["spam"],
        states["abuse"],
        versions["spam"],
        versions["abuse"],
        moderator_id,
        begins_anew,
    )
