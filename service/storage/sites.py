"""Sites, their origins and the versions of their policies."""

from collections.abc import Sequence
from datetime import date, datetime

import orjson
import structlog
from pydantic import ValidationError

from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.site import Mode, OrderedNetwork, ReasonText, Site
from service.storage.pool import Connection, Record

log = structlog.get_logger(__name__)

_SELECT = """
SELECT site.id, site.slug, site.name, site.post_url, site.policy_version, policy.document,
       site.mode, site.mode_until,
       coalesce((SELECT revision FROM site_learning WHERE site_id = site.id), 0) AS learning_revision,
       array(SELECT origin FROM site_origin WHERE site_id = site.id ORDER BY origin) AS origins,
       (SELECT coalesce(json_agg(json_build_array(code, label, text, retired_at) ORDER BY code), '[]')
        FROM site_reason WHERE site_id = site.id) AS reasons,
       (SELECT coalesce(json_agg(json_build_array(id, kind, day, encode(network, 'hex')) ORDER BY id), '[]')
        FROM network_standing WHERE site_id = site.id AND network IS NOT NULL AND lifted_at IS NULL
          AND expires_at > clock_timestamp()) AS ordered_networks
FROM site JOIN policy ON policy.site_id = site.id AND policy.version = site.policy_version
"""


async def list_sites(connection: Connection) -> list[Site]:
    """Every site, by slug."""
    return [_site(row) for row in await connection.fetch(_SELECT + " ORDER BY site.slug")]


async def list_ids(connection: Connection) -> dict[str, int]:
    """The id of every site by slug: all that the commands about personal data need to know of them."""
    return {row["slug"]: row["id"] for row in await connection.fetch("SELECT slug, id FROM site")}


async def find_site(connection: Connection, slug: str) -> Site | None:
    """The site of that slug."""
    row = await connection.fetchrow(_SELECT + " WHERE site.slug = $1", slug)
    return _site(row) if row else None


async def find_site_of_id(connection: Connection, site_id: int) -> Site | None:
    """The site of that id."""
    row = await connection.fetchrow(_SELECT + " WHERE site.id = $1", site_id)
    return _site(row) if row else None


async def insert_site(
    connection: Connection, *, slug: str, name: str, post_url: str | None, policy: Policy
) -> int:
    """Make a site with version 1 of its policy; its id.

    Raises:
        asyncpg.UniqueViolationError: `site_slug_unique`.
    """
    site_id: int = await connection.fetchval(
        "INSERT INTO site (slug, name, post_url) VALUES ($1, $2, $3) RETURNING id", slug, name, post_url
    )
    await connection.execute(
        "INSERT INTO policy (site_id, version, document) VALUES ($1, 1, $2)",
        site_id,
        policy.model_dump_json(),
    )
    return site_id


async def update_site(connection: Connection, site_id: int, *, name: str, post_url: str | None) -> None:
    """Rename a site or change how its articles' URLs are made."""
    await connection.execute(
        "UPDATE site SET name = $2, post_url = $3 WHERE id = $1", site_id, name, post_url
    )


async def update_mode(connection: Connection, site_id: int, mode: Mode, until: datetime | None) -> None:
    """Switch a site, until a moment or for good; all its pages look different to readers then."""
    await connection.execute("UPDATE site SET mode = $2, mode_until = $3 WHERE id = $1", site_id, mode, until)


async def replace_origins(connection: Connection, site_id: int, origins: Sequence[str]) -> None:
    """Make `origins` the site's registered ones."""
    await connection.execute(
        "DELETE FROM site_origin WHERE site_id = $1 AND origin <> ALL($2::text[])", site_id, list(origins)
    )
    await connection.execute(
        "INSERT INTO site_origin (site_id, origin) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
        site_id,
        list(origins),
    )


async def insert_policy(
    connection: Connection,
    site_id: int,
    policy: Policy,
    *,
    moderator_id: int | None = None,
    note: str | None = None,
) -> int:
    """Make `policy` the site's newest version; its number. Earlier versions stay.

    `moderator_id` is who changed it, null for the command line. The site's row stays locked until the
    transaction ends, so that two changes come one after the other.
    """
    version: int = await connection.fetchval(
        "UPDATE site SET policy_version = policy_version + 1 WHERE id = $1 RETURNING policy_version", site_id
    )
    await connection.execute(
        "INSERT INTO policy (site_id, version, document, moderator_id, note) VALUES ($1, $2, $3, $4, $5)",
        site_id,
        version,
        policy.model_dump_json(),
        moderator_id,
        note,
    )
    return version


def read_document(site_id: int, version: int, document: str) -> Policy:
    """The stored policy; where it cannot be read, a new site's, under which all waits for a person."""
    try:
        return Policy.read_stored(document)
    except ValidationError as error:
        faults = [".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)]
        # no traceback: it would quote the document
        log.error("policy unreadable", site_id=site_id, policy_version=version, fields=faults)  # noqa: TRY400
        return Policy()


_STANDING: dict[tuple[int, bool], tuple[int, str, Policy]] = {}


def standing_policy(site_id: int, version: int, document: str) -> Policy:
    """The same for the policy that holds at a site, or its candidate (a version below 0).

    These are read every second and change rarely, so the last one read is kept; those of the past are not,
    for there is no end to them.
    """
    key = site_id, version < 0
    kept = _STANDING.get(key)
    if kept is None or kept[:2] != (version, document):
        kept = _STANDING[key] = (version, document, read_document(site_id, version, document))
    return kept[2]


def _site(row: Record) -> Site:
    reasons = orjson.loads(row["reasons"])
    return Site(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        origins=frozenset(row["origins"]),
        post_url=row["post_url"],
        policy=standing_policy(row["id"], row["policy_version"], row["document"]),
        policy_version=row["policy_version"],
        learning_revision=row["learning_revision"],
        mode=row["mode"],
        mode_until=row["mode_until"],
        own_reasons=tuple(ReasonText(*words) for *words, retired_at in reasons if retired_at is None),
        retired_reasons=tuple(
            ReasonText(*words)
            for *words, retired_at in reasons
            if retired_at is not None and words[0] not in set(Reason)  # the shared words hold again
        ),
        ordered_networks=tuple(
            OrderedNetwork(standing_id, kind, date.fromisoformat(day), bytes.fromhex(network))
            for standing_id, kind, day, network in orjson.loads(row["ordered_networks"])
        ),
    )
