"""An admin has a person erased over HTTP: everybody sees it at once, and the admin learns nothing by it."""

import asyncio
from typing import Any

import asyncpg
import pytest
import structlog
from aiohttp import ClientSession

from service.usecases import erase as erasing
from service.web.pools import MODERATION
from tests.factories import until
from tests.leaks.markers import shapes
from tests.web.desk import MakeDesk
from tests.web.harness import COMMENT, PAGE, CheckAll, MakeSite, Submit, WebProcess
from tests.web.sending import Answer, get

HERS = "mara.canary@reader.example"
THREAD = "/sites/paper/thread"
LIST = "/api/v1/sites/paper/comments"


@pytest.fixture(autouse=True)
async def _site(make_site: MakeSite) -> None:
    await make_site("paper", publish="auto")


async def is_all_erased(database: asyncpg.Connection) -> bool:
    left: int = await database.fetchval(
        "SELECT count(*) FROM comment JOIN author ON author.id = author_id WHERE erase_before IS NOT NULL"
    )
    return left == 0


async def test_whoever_looks_next_sees_an_empty_place_and_the_receipt_is_gone(
    client: ClientSession, submit: Submit, check_all: CheckAll, make_desk: MakeDesk
) -> None:
    hers = await submit(email=HERS, author="Mara Canary", comment="Canary was here.")
    await check_all()
    await submit(parent_id=hers["id"], comment="I answer that.", author="Noor")
    await check_all()
    before = [await get(client, path, {"page_url": PAGE}) for path in (THREAD, LIST)]
    assert all("Canary was here." in answer.text for answer in before)
    admin = await make_desk("admin")
    answer = await admin.post("/erasures", {"email": HERS})
    assert (answer.status, answer.json) == (202, {"sites": ["paper"]})

    async def is_gone() -> bool:
        after = [
            await get(client, path, {"page_url": PAGE}, **{"If-None-Match": known.headers["ETag"]})
            for path, known in zip((THREAD, LIST), before, strict=True)
        ]
        return all(answer.status == 200 and "anary" not in answer.text for answer in after)

    await until(is_gone, seconds=1)
    listed = (await get(client, LIST, {"page_url": PAGE})).json
    assert listed["comments"][0] == {"id": hers["id"], "parent_id": None, "removed": True}
    assert listed["page"]["count"] == 1
    receipt = hers["receipt_url"].rpartition("/")[2]
    assert (await get(client, f"/api/v1/receipts/{receipt}")).is_problem("receipt-not-found")
    seen = await admin.get(f"/comments/{hers['id']}")
    assert (seen.json["status"], seen.json["text"], seen.json["author_key"]) == ("erased", "", None)
    assert [one["by"] for one in seen.json["history"]] == ["checks", "request"]
    assert (await admin.decide(hers["id"], "approve", 3)).is_problem("illegal-move")


async def test_many_erasures_take_one_of_the_moderators_connections(
    make_desk: MakeDesk, web_app: WebProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, most, passes, may_end = 0, 0, 0, asyncio.Event()

    async def slow(_pool: object) -> int:
        nonlocal at_work, most, passes
        at_work, passes = at_work + 1, passes + 1
        most = max(most, at_work)
        await may_end.wait()
        at_work -= 1
        return 0

    monkeypatch.setattr("service.web.erasing.go_on", slow)
    admin = await make_desk("admin")
    for number in range(MODERATION + 1):
        assert (await admin.post("/erasures", {"email": f"{number}.{HERS}"})).status == 202
    may_end.set()

    async def are_over() -> bool:
        return not web_app.services.background

    await until(are_over)
    assert (most, passes) == (1, MODERATION + 1)


def told(answer: Answer) -> tuple[Any, ...]:
    """All of an answer that is not the same for nobody."""
    return answer.status, sorted({*answer.headers} - {"Date"}), answer.body


async def test_a_known_address_is_answered_like_an_unknown_one(submit: Submit, make_desk: MakeDesk) -> None:
    await submit(email=HERS)
    admin = await make_desk("admin")
    known, unknown = [
        await admin.post("/erasures", {"email": email}) for email in (HERS, "nobody@reader.example")
    ]
    again = await admin.post("/erasures", {"email": HERS})
    assert told(known) == told(unknown) == told(again)


async def test_an_admin_erases_at_the_own_sites_alone(
    submit: Submit, make_site: MakeSite, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    await make_site("gazette", origins=("https://gazette.example",))
    there = await submit("gazette", email=HERS, page_url="https://gazette.example/a")
    here = await submit(email=HERS)
    admin = await make_desk("admin", ("paper",))
    for foreign in ("gazette", "nowhere"):
        answer = await admin.post("/erasures", {"email": HERS, "site": foreign})
        assert answer.is_problem("site-not-found")
    assert (await admin.post("/erasures", {"email": HERS})).json == {"sites": ["paper"]}
    await until(lambda: is_all_erased(database))
    statuses = dict(await database.fetch("SELECT id::text, status FROM comment"))
    assert statuses == {there["id"]: "pending", here["id"]: "erased"}


@pytest.mark.parametrize("role", ["viewer", "moderator"])
async def test_it_needs_the_role_admin(
    role: str, submit: Submit, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    await submit(email=HERS)
    answer = await (await make_desk(role)).post("/erasures", {"email": HERS})
    assert answer.is_problem("role-too-low")
    assert await database.fetchval("SELECT count(*) FROM erasure") == 0


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"email": "required"}),
        ({"email": "mara.canary"}, {"email": "invalid"}),
        ({"email": 7}, {"email": "invalid"}),
        ({"email": None}, {"email": "invalid"}),
        ({"email": "mara.canary@" + "x" * 300}, {"email": "too_long"}),
        ({"email": "mära@" + "ü" * 200 + ".example"}, {"email": "invalid"}),
        ({"email": HERS, "site": 7}, {"site": "invalid"}),
        ({"email": HERS, "site": "x" * 101}, {"site": "too_long"}),
    ],
)
async def test_a_wrong_body_is_refused_by_the_name_of_the_field_and_quoted_by_nothing(
    body: dict[str, Any], faults: dict[str, str], make_desk: MakeDesk
) -> None:
    answer = await (await make_desk("admin")).post("/erasures", body)
    assert answer.is_problem("invalid-decision")
    assert answer.faults == faults
    assert "canary" not in answer.text


async def test_no_log_and_no_answer_holds_the_address(submit: Submit, make_desk: MakeDesk) -> None:
    await submit(email=HERS)
    admin = await make_desk("admin")
    with structlog.testing.capture_logs() as logged:
        answers = [await admin.post("/erasures", body) for body in ({"email": HERS}, {"email": HERS + " x"})]
        await asyncio.sleep(0)
    assert [answer.status for answer in answers] == [202, 422]
    said = repr(logged).encode() + b"".join(answer.body for answer in answers)
    assert [needle for needle in shapes(HERS) if needle in said.lower()] == []
    assert "erasure begun" in {line["event"] for line in logged}


async def test_what_its_end_keeps_the_process_from_doing_is_done_by_the_housekeeping(
    web_app: WebProcess,
    submit: Submit,
    make_desk: MakeDesk,
    check_all: CheckAll,
    database: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hers = await submit(email=HERS)

    async def killed(_pool: object) -> int:
        return 0

    monkeypatch.setattr("service.web.erasing.go_on", killed)
    assert (await (await make_desk("admin")).post("/erasures", {"email": HERS})).status == 202
    assert await database.fetchval("SELECT status FROM comment") == "pending"
    assert await erasing.go_on(web_app.services.moderation) == 1
    assert await database.fetchval("SELECT status FROM comment WHERE id::text = $1", hers["id"]) == "erased"


async def test_who_comes_back_is_taken_like_anybody(
    submit: Submit, make_desk: MakeDesk, database: asyncpg.Connection
) -> None:
    await submit(email=HERS)
    admin = await make_desk("admin")
    await admin.post("/erasures", {"email": HERS})
    await until(lambda: is_all_erased(database))
    again = await submit(email=HERS, comment=COMMENT["comment"])
    row = await database.fetchrow("SELECT status, text FROM comment WHERE id::text = $1", again["id"])
    assert tuple(row) == ("pending", COMMENT["comment"])


@pytest.mark.parametrize("misspelt", ["sites", "Site", "slug"])
async def test_a_misspelt_site_erases_nowhere(
    misspelt: str, database: asyncpg.Connection, submit: Submit, make_desk: MakeDesk
) -> None:
    await submit(email=HERS)
    answer = await (await make_desk("admin")).post("/erasures", {"email": HERS, misspelt: "paper"})
    assert answer.status == 422
    assert [(fault["field"], fault["code"]) for fault in answer.json["errors"]] == [(misspelt, "not_allowed")]
    assert await database.fetchval("SELECT count(*) FROM erasure") == 0
