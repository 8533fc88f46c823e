"""Moderators close pages and sites, or look at everything there first; readers see it at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession

from service.domain.opening_hours import WEEKDAYS
from tests.factories import until
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import Answer, get, post

DESK = "/api/v1/moderation"


class Desk:
    """A moderator of the site `paper`."""

    def __init__(self, client: ClientSession, token: str) -> None:
        self.client, self.headers = client, {"Authorization": "Bearer " + token}

    async def put(self, path: str, **body: Any) -> dict[str, Any]:
        async with self.client.put(DESK + path, json=body, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def read(self, path: str) -> dict[str, Any]:
        async with self.client.get(DESK + path, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def change(self, **what: Any) -> dict[str, Any]:
        return await self.put("/pages", site="paper", page_url=PAGE, **what)

    async def switch(self, mode: str, until: datetime | None = None) -> None:
        await self.put("/sites/paper/mode", mode=mode, until=until.isoformat() if until else None)


@pytest.fixture
async def desk(client: ClientSession, make_site: MakeSite, make_token: MakeToken) -> Desk:
    await make_site("paper", publish="auto")
    return Desk(client, await make_token("moderator"))


async def reply(client: ClientSession) -> Answer:
    return await post(client, COMMENT | {"comment": f"At {datetime.now(UTC).isoformat()} I was there."})


async def is_open(client: ClientSession) -> bool:
    answer = await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})
    found: bool = answer.json["page"]["open"]
    return found


async def test_a_closed_page_takes_no_replies_until_it_is_opened(desk: Desk, client: ClientSession) -> None:
    assert (await reply(client)).status == 202
    assert (await desk.change(state="closed"))["open"] is False
    refused = await reply(client)
    assert (refused.status, refused.json["code"]) == (403, "page-closed")
    assert not await is_open(client)
    thread = await get(client, "/sites/paper/thread", {"page_url": PAGE})
    assert "<textarea" not in thread.text
    await desk.change(state="open")
    assert (await reply(client)).status == 202
    assert await is_open(client)


async def test_a_page_closes_at_its_time_by_itself(desk: Desk, client: ClientSession) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    page = await desk.change(state="by_policy", closes_at=soon.isoformat())
    assert page["closes_at"] is not None

    async def is_closed() -> bool:
        return not await is_open(client)

    await until(is_closed)
    assert (await reply(client)).status == 403
    assert (await desk.change(state="by_policy"))["open"] is True  # without an end there is none


async def test_pages_close_by_policy_unless_a_moderator_keeps_them_open(
    client: ClientSession, make_site: MakeSite, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    await make_site("paper", publish="auto", close_after_days=30)
    desk = Desk(client, await make_token("moderator"))
    assert (await reply(client)).status == 202
    await database.execute("UPDATE page SET created_at = now() - interval '29 days 23 hours'")
    assert await is_open(client)
    await database.execute("UPDATE page SET created_at = now() - interval '30 days'")
    assert not await is_open(client)
    assert (await reply(client)).json["code"] == "page-closed"
    assert (await desk.change(state="open"))["open"] is True
    assert (await reply(client)).status == 202


async def test_on_a_premoderated_page_a_person_looks_first(
    desk: Desk, client: ClientSession, submit: Submit, check_all: CheckAll
) -> None:
    await desk.change(premoderated=True)
    here = (await submit(comment="First of all."))["id"]
    there = (await submit(page_url=PAGE + "2", comment="Elsewhere, the same day."))["id"]
    await check_all()
    held = await desk.read(f"/comments/{here}")
    assert (held["status"], held["reason"]) == ("held", None)
    assert held["explanation"]["rule"] == "premoderation.page"
    assert (await desk.read(f"/comments/{there}"))["status"] == "published"
    await desk.change(premoderated=False)
    after = (await submit(comment="Now it goes through."))["id"]
    await check_all()
    assert (await desk.read(f"/comments/{after}"))["status"] == "published"


async def test_the_switch_of_a_site_holds_what_comes_and_ends_by_itself(
    desk: Desk, client: ClientSession, submit: Submit, check_all: CheckAll, database: asyncpg.Connection
) -> None:
    await desk.switch("premoderated")
    one = (await submit(comment="In the heat of it."))["id"]
    await check_all()
    held = await desk.read(f"/comments/{one}")
    assert (held["status"], held["explanation"]["rule"]) == ("held", "premoderation.site")
    await desk.switch("closed", datetime.now(UTC) + timedelta(hours=1))

    async def is_closed() -> bool:
        return not await is_open(client)

    await until(is_closed)
    assert (await reply(client)).json["code"] == "page-closed"
    await database.execute("UPDATE site SET mode_until = now()")
    await until(lambda: is_open(client))
    assert (await reply(client)).status == 202
    assert await desk.read("/sites/paper/mode") == {
        "site": "paper", "mode": "usual", "by": None, "until": None,
    }  # fmt: skip


async def test_a_corrected_title_is_what_readers_see(
    desk: Desk, client: ClientSession, submit: Submit, check_all: CheckAll
) -> None:
    await submit(comment="About the mill.", page_title="Th mil reopns")
    await check_all()
    before = await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})
    assert before.json["page"]["title"] == "Th mil reopns"
    await desk.change(title="The mill reopens")
    await submit(comment="About the mill again.", page_title="Something else")
    after = await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})
    assert after.json["page"]["title"] == "The mill reopens"
    assert after.headers["ETag"] != before.headers["ETag"]


async def test_pages_are_listed_newest_first_in_parts(desk: Desk) -> None:
    for number in range(3):
        await desk.put("/pages", site="paper", page_url=f"{PAGE}{number}", premoderated=number == 1)
    first = await desk.read("/pages?site=paper&limit=2")
    assert [page["page_url"][-1] for page in first["pages"]] == ["2", "1"]
    assert [page["premoderated"] for page in first["pages"]] == [False, True]
    second = await desk.read(f"/pages?site=paper&limit=2&cursor={first['next_cursor']}")
    assert [page["page_url"][-1] for page in second["pages"]] == ["0"]
    assert second["next_cursor"] is None


async def test_who_closed_what_is_on_record(desk: Desk, web_app: WebProcess, make_token: MakeToken) -> None:
    await desk.change(state="closed", title="Secret words")
    await desk.switch("closed")
    admin = Desk(web_app.client, await make_token("admin", name="Ada"))
    entries = (await admin.read("/audit?site=paper"))["entries"]
    assert [entry["action"] for entry in entries[:2]] == ["site.mode_changed", "page.changed"]
    assert entries[1]["details"] == {"title": True, "state": "closed"}
    assert entries[1]["subject"] == PAGE


async def test_outside_its_hours_a_site_takes_no_replies_or_a_person_looks_first(
    client: ClientSession,
    make_site: MakeSite,
    make_token: MakeToken,
    submit: Submit,
    check_all: CheckAll,
    database: asyncpg.Connection,
) -> None:
    elsewhen = WEEKDAYS[(datetime.now(UTC) + timedelta(days=3)).weekday()]
    hours = {"time_zone": "UTC", "days": {elsewhen: ["00:00-24:00"]}}
    await make_site("paper", publish="auto", opening_hours=hours)
    desk = Desk(client, await make_token("moderator"))
    refused = await reply(client)
    assert (refused.status, refused.json["code"]) == (403, "page-closed")
    assert not await is_open(client)
    assert (await desk.read("/sites/paper/mode"))["by"] == "opening_hours"
    assert (await desk.put("/sites/paper/mode", mode="usual"))["mode"] == "closed"  # the stricter one counts
    await database.execute("""
        UPDATE policy SET document = jsonb_set(document, '{opening_hours,outside}', '"premoderated"')
    """)
    await until(lambda: is_open(client))
    one = (await submit(comment="In the middle of the night."))["id"]
    await check_all()
    held = await desk.read(f"/comments/{one}")
    assert (held["status"], held["explanation"]["rule"]) == ("held", "premoderation.site")
