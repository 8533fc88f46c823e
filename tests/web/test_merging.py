"""Who merges two URLs of one article over HTTP: an admin of their site."""

import asyncpg

from tests.web.desk import MakeDesk
from tests.web.harness import COMMENT, ORIGIN, PAGE, MakeSite, Submit

BODY = {"site": "paper", "page_url": PAGE, "into": ORIGIN + "/the-ferry"}


async def test_an_admin_of_the_site_merges_and_nobody_else(
    make_site: MakeSite, make_desk: MakeDesk, submit: Submit, database: asyncpg.Connection
) -> None:
    await make_site("paper")
    await make_site("evening")
    await submit(comment=COMMENT["comment"])
    for role, site, status in (
        ("viewer", "paper", 403),
        ("moderator", "paper", 403),
        ("admin", "evening", 404),
    ):
        desk = await make_desk(role, (site,), name=f"{role} {site}")
        assert (await desk.post("/pages/merge", BODY)).status == status
    assert await database.fetchval("SELECT count(merged_into) FROM page") == 0
    done = await (await make_desk("admin", ("paper",), name="Ada")).post("/pages/merge", BODY)
    assert (done.status, done.json["moved"]) == (200, 1), done.text
    assert await database.fetchval("SELECT count(merged_into) FROM page") == 1
