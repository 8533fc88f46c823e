"""The sample at the desk: looked at without what was decided, which is told after the answer."""

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.browsing import csrf_of, queue, send, sign_in, status_of
from tests.web.harness import COMMENT, CheckAll, MakeSite, MakeToken, Submit
from tests.web.sending import Page, get, page_of


@pytest.fixture
async def drawn(
    make_site: MakeSite, submit: Submit, check_all: CheckAll, database: asyncpg.Connection
) -> str:
    """The id of a comment that the checks published and that was drawn."""
    await make_site("paper", publish="auto")
    comment_id = str((await submit())["id"])
    await check_all()
    await database.execute("DELETE FROM sample")
    await database.execute(
        "INSERT INTO sample (site_id, comment_id, status, share) SELECT site_id, id, status, 0.02"
        " FROM comment"
    )
    return comment_id


async def samples(client: ClientSession, site: str = "paper") -> Page:
    return page_of(await get(client, "/dashboard/samples", {"site": site}))


def fields_of(page: Page) -> dict[str, str]:
    [form] = [form for form in page.all("form") if form.get("class") == "decide"]
    return {node.get("name"): node.get("value") for node in form.iter("input")}


@pytest.mark.parametrize(
    ("action", "told", "status"),
    [
        ("approve", "The checks had published it too.", "published"),
        ("reject", "The checks had published it; now it stands as you decided.", "rejected"),
        ("spam", "The checks had published it; now it stands as you decided.", "spam"),
    ],
)
async def test_what_was_decided_is_told_after_the_answer_and_not_before(
    client: ClientSession,
    make_token: MakeToken,
    database: asyncpg.Connection,
    drawn: str,
    action: str,
    told: str,
    status: str,
) -> None:
    await sign_in(client, await make_token("moderator"))
    page = await samples(client)
    [article] = page.all("article")
    words = " ".join(article.itertext()).lower()
    assert COMMENT["comment"].lower() in words
    assert not {"published", "passed", "score"} & set(words.split())
    assert fields_of(page)["id"] == drawn
    answer = await send(
        client, "/dashboard/answer", fields_of(page) | {"action": action, "reason": "off_topic"}
    )
    assert answer.status == 303
    after = page_of(await get(client, answer.headers["Location"]))
    assert told in after.text
    assert drawn not in after.text
    assert await status_of(database, drawn) == status


async def test_an_answer_is_given_once(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection, drawn: str
) -> None:
    await sign_in(client, await make_token("moderator"))
    fields = fields_of(await samples(client)) | {"action": "approve"}
    await send(client, "/dashboard/answer", fields)
    again = await send(client, "/dashboard/answer", fields | {"action": "spam"})
    assert "Somebody answered this one already." in page_of(await get(client, again.headers["Location"])).text
    assert await status_of(database, drawn) == "published"


async def test_a_viewer_looks_and_cannot_answer(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection, drawn: str
) -> None:
    await sign_in(client, await make_token("viewer"))
    page = await samples(client)
    assert COMMENT["comment"] in page.text
    assert not [form for form in page.all("form") if form.get("class") == "decide"]
    fields = {"csrf": csrf_of(page), "id": drawn, "version": "2", "action": "spam"}
    assert (await send(client, "/dashboard/answer", fields)).status == 403
    assert await status_of(database, drawn) == "published"


async def test_a_foreign_form_answers_nothing(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection, drawn: str
) -> None:
    await sign_in(client, await make_token("moderator"))
    fields = fields_of(await samples(client)) | {"action": "spam"}
    foreign = await send(client, "/dashboard/answer", fields, Origin="https://elsewhere.example")
    assert foreign.status == 403
    unsigned = await send(client, "/dashboard/answer", fields | {"csrf": "guessed"})
    assert unsigned.status == 403
    assert await status_of(database, drawn) == "published"


async def test_a_moderator_of_another_site_sees_and_answers_nothing_of_it(
    client: ClientSession,
    make_site: MakeSite,
    make_token: MakeToken,
    database: asyncpg.Connection,
    drawn: str,
) -> None:
    await make_site("gazette")
    await sign_in(client, await make_token("admin", ("gazette",)))
    page = await samples(client, "gazette")
    assert COMMENT["comment"] not in page.text
    fields = {"csrf": csrf_of(page), "id": drawn, "version": "2", "action": "spam"}
    answer = await send(client, "/dashboard/answer", fields)
    assert "sample-not-found" in answer.headers["Location"]
    assert await status_of(database, drawn) == "published"


async def test_the_page_of_automation_says_what_is_missing_and_the_queue_what_is_wrong(
    client: ClientSession, make_token: MakeToken, database: asyncpg.Connection, drawn: str
) -> None:
    await sign_in(client, await make_token("viewer"))
    page = page_of(await get(client, "/dashboard/automation", {"site": "paper"}))
    assert "At 98 in 100: nobody has decided anything yet." in page.text
    assert "1 waits for somebody to look" in page.text
    assert "less than promised" not in (await queue(client)).text
    await database.execute(
        "INSERT INTO site_learning (site_id, broken_at) SELECT id, clock_timestamp() FROM site"
    )
    assert "Automation has ended" in (await queue(client)).text
    page = page_of(await get(client, "/dashboard/automation", {"site": "paper"}))
    assert "Automation has ended; people decide." in page.text
