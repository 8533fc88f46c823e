"""Whom the examples of docs/people.md are about, and an order for those of docs/networks.md."""

from datetime import timedelta

import asyncpg

from service.storage import invitations, moderators, passwords, sessions
from service.tokens import new_secret, secret_digest


async def people_of_the_guide(database: asyncpg.Connection, token: str) -> dict[str, str]:
    """Nora, a program's token, an invitation and two sessions of the holder of `token`: ids by variable."""
    site_id = await database.fetchval("SELECT id FROM site WHERE slug = 'demo'")
    nora = await moderators.ensure_moderator(database, "Nora")
    await passwords.set_role_at(database, nora, "viewer", [site_id])
    old = await moderators.ensure_moderator(database, "Old tool")
    digest = secret_digest(new_secret())
    await moderators.insert_token(
        database, old, digest=digest, prefix="rd_old", role="viewer", site_ids=[site_id], lasts=None
    )
    await invitations.insert(
        database, digest, role="viewer", site_ids=[site_id], invited_by=None, lasts=timedelta(days=1)
    )
    holder = await moderators.find_token_holder(database, secret_digest(token))
    assert holder is not None
    assert holder.token_id is not None
    for _ in range(2):
        secret = secret_digest(new_secret())
        await sessions.insert_session_of_token(database, secret, holder.token_id, timedelta(hours=1))
    [first, _second] = await sessions.list_own(database, holder.moderator_id, timedelta(hours=1))
    return {
        "PERSON": str(nora),
        "SESSION": first.id,
        "INVITATION": str(await database.fetchval("SELECT max(id) FROM invitation")),
        "OLD_TOKEN": str(await database.fetchval("SELECT max(id) FROM moderator_token")),
    }


async def order_of_the_guide(database: asyncpg.Connection, comment_id: str) -> str:
    """The id of an order about another network than the one from which the comment came."""
    return str(
        await database.fetchval(
            """
            INSERT INTO network_standing (site_id, network, day, kind, reason, moderator_id, expires_at)
            SELECT site_id, decode(repeat('00', 16), 'hex'), current_date, 'banned', 'abusive',
                   (SELECT min(id) FROM moderator), now() + interval '1 day'
            FROM comment WHERE id = $1 RETURNING id
            """,
            comment_id,
        )
    )


async def appeal_of_the_guide(database: asyncpg.Connection, comment_id: str) -> str:
    """The id of an appeal against what the checks decided about a comment."""
    return str(
        await database.fetchval(
            """
            INSERT INTO appeal (site_id, comment_id, decision_id, text)
            SELECT site_id, comment_id, max(id), 'I quoted the article.' FROM decision
            WHERE comment_id = $1 GROUP BY site_id, comment_id RETURNING id
            """,
            comment_id,
        )
    )
