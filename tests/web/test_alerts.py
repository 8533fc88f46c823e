"""Moderators read which alerts of their site stand, and which ended lately."""

import asyncpg
from aiohttp import ClientSession

from tests.web.harness import MakeSite, MakeToken


async def test_alerts_that_stand_come_before_those_that_ended(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    await make_site("paper")
    await make_site("other")
    await database.execute(
        """
        INSERT INTO alert (site_id, kind, subject, threshold, value, raised_at, ended_at, ended_value)
        SELECT site.id, kind, subject, threshold, value, now() - age * interval '1 hour',
               now() - ended * interval '1 hour', ended_value
        FROM site, (VALUES ('queue_too_long', '', 200, 213, 9, NULL, NULL),
                           ('check_down', 'akismet', 3, 3, 5, 4, 0),
                           ('queue_too_long', '', 200, 201, 3, 2, NULL))
             AS one (kind, subject, threshold, value, age, ended, ended_value)
        WHERE slug = 'paper' OR kind = 'check_down'
        """
    )
    headers = {"Authorization": "Bearer " + await make_token("viewer", ("paper",))}
    async with client.get("/api/v1/moderation/sites/paper/alerts", headers=headers) as answer:
        assert answer.status == 200
        found = (await answer.json())["alerts"]
    assert [(one["kind"], one["check"], one["value"], one["ended_value"], one["ended_at"] is None)
            for one in found] == [
        ("queue_too_long", None, 213, None, True),
        ("queue_too_long", None, 201, None, False),
        ("check_down", "akismet", 3, 0, False),
    ]  # fmt: skip
