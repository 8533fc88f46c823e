"""Counts what is kept beside the comments once more and compares: `python -m bench.recount --database DSN`.

Whatever it finds is a lie that some reader or moderator would be told; on a sound database it finds nothing.
"""

import asyncio

import asyncpg
import click

from bench.bulk_load import Connection

CHECKS = {
    "numbers of a queue": """
        SELECT count(*) FROM (
            SELECT site_id, status, sum(n) AS n FROM (
                SELECT site_id, status, n FROM comment_count UNION ALL
                SELECT site_id, status, n FROM comment_count_change) AS part GROUP BY 1, 2 HAVING sum(n) <> 0
        ) AS kept FULL JOIN (SELECT site_id, status, count(*) AS n FROM comment GROUP BY 1, 2) AS counted
        USING (site_id, status) WHERE kept.n IS DISTINCT FROM counted.n
    """,
    "numbers of a page": """
        SELECT count(*) FROM page LEFT JOIN (
            SELECT site_id, page_id, count(*) AS n FROM comment WHERE status = 'published' GROUP BY 1, 2
        ) AS counted ON counted.site_id = page.site_id AND counted.page_id = page.id
        WHERE published_count <> coalesce(n, 0)
    """,
    "replies below a comment": """
        SELECT count(*) FROM comment LEFT JOIN (
            SELECT site_id, above AS id, count(*) AS n FROM comment CROSS JOIN unnest(ancestors) AS above
            WHERE status = 'published' GROUP BY 1, 2
        ) AS counted USING (site_id, id) WHERE published_descendants <> coalesce(n, 0)
    """,
    "ancestors": """
        SELECT count(*) FROM comment LEFT JOIN comment AS parent
            ON parent.site_id = comment.site_id AND parent.id = comment.parent_id
        WHERE comment.ancestors <>
              CASE WHEN parent.id IS NULL THEN '{}' ELSE parent.ancestors || parent.id END
           OR parent.page_id <> comment.page_id
    """,
    "latest decisions": """
        SELECT count(*) FROM comment CROSS JOIN LATERAL (
            SELECT status, decided_at, version FROM decision
            WHERE decision.site_id = comment.site_id AND decision.comment_id = comment.id
              AND version IS NOT NULL
            ORDER BY id DESC LIMIT 1
        ) AS latest
        WHERE (latest.status, latest.version) <> (comment.status, comment.version)
           OR abs(extract(epoch FROM latest.decided_at - comment.decided_at)) > 60
    """,
    "numbers of decisions": """
        SELECT count(*) FROM comment WHERE version - 1 <> (
            SELECT count(*) FROM decision WHERE decision.site_id = comment.site_id
             AND decision.comment_id = comment.id AND version IS NOT NULL)
    """,
    "authors whom nobody knows and nothing needs": """
        SELECT count(*) FROM author WHERE NOT EXISTS (
            SELECT FROM comment WHERE comment.site_id = author.site_id AND author_id = author.id)
          AND NOT EXISTS (
            SELECT FROM standing WHERE standing.site_id = author.site_id AND author_id = author.id)
    """,
    "addresses": """
        SELECT count(*) FROM comment_email JOIN comment
            ON comment.site_id = comment_email.site_id AND comment.id = comment_email.comment_id
        WHERE address_dropped OR author_id IS NULL
    """,
    "the order of events": """
        SELECT count(*) FROM event, event_order WHERE seq > last_seq OR seq <= dropped_through
    """,
}
"""How many rows say something else than what is counted now, by what is looked at."""


async def recount(connection: Connection) -> dict[str, int]:
    """How many rows are wrong, by what is looked at; nothing else is in the answer."""
    found = {name: await connection.fetchval(sql, timeout=3600) for name, sql in CHECKS.items()}
    return {name: wrong for name, wrong in found.items() if wrong}


@click.command()
@click.option("--database", required=True, help="its address, as the owner")
def main(database: str) -> None:
    """Count and print; the exit status is 1 where something is wrong."""
    wrong = asyncio.run(_recount_at(database))
    for name, rows in wrong.items():
        print(f"{name}: {rows} wrong")
    if wrong:
        raise SystemExit(1)
    print(f"{len(CHECKS)} counts are true")


async def _recount_at(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        return await recount(connection)
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
