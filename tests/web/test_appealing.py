"""Authors appeal by the receipt; somebody else than who refused answers, once, and the record says who."""

from typing import Any

import asyncpg
import pytest

from tests.web.browsing import csrf_of, send, sign_in
from tests.web.desk import Desk
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import HTML, Answer, get, page_of, read

API = "/api/v1/receipts/"
WHY = "I quoted the article, q7x <script>."


async def appeal(web: WebProcess, receipt: str, text: str = WHY, **more: str) -> Answer:
    path, headers = f"/receipts/{receipt}/appeal", {"Accept": HTML}
    fields = {"text": text} | more
    async with web.client.post(path, data=fields, headers=headers, allow_redirects=False) as response:
        return await read(response)


@pytest.fixture
async def refused(
    web_app: WebProcess, make_site: MakeSite, submit: Submit, check_all: CheckAll, make_token: MakeToken
) -> tuple[str, Desk, Desk]:
    """A receipt, who refused, and somebody else."""
    await make_site("paper", publish="auto")
    accepted = await submit(comment="So they said.")
    await check_all()
    ruth = Desk(web_app.client, await make_token("moderator", name="Ruth"))
    noor = Desk(web_app.client, await make_token("moderator", name="Noor"))
    await ruth.decide(accepted["id"], "reject", 2, reason="off_topic")
    return str(accepted["receipt_url"]).rpartition("/")[2], ruth, noor


async def test_an_appeal_is_answered_by_somebody_else_and_its_author_sees_how(
    web_app: WebProcess, refused: tuple[str, Desk, Desk]
) -> None:
    receipt, ruth, noor = refused
    page = page_of(await get(web_app.client, f"/receipts/{receipt}", {"lang": "de"}))
    assert "Widerspruch" in page.text
    sent = await appeal(web_app, receipt, lang="de")
    assert (sent.status, sent.headers["Location"]) == (303, f"/receipts/{receipt}?lang=de")
    own = (await get(web_app.client, API + receipt)).json
    assert (own["appeal"]["outcome"], own["can_appeal_until"]) == (None, None)
    [one] = (await ruth.get("/appeals")).json["appeals"]
    assert (one["text"], one["decided_by"], one["comment"]["status"]) == (WHY, "Ruth", "rejected")
    path = f"/appeals/{one['id']}/answer"
    assert (await ruth.post(path, {"answer": "uphold"})).is_problem("own-decision")
    granted = await noor.post(path, {"answer": "grant", "note": "A quotation."})
    assert (granted.status, granted.json["status"]) == (200, "published")
    assert (await noor.post(path, {"answer": "grant"})).is_problem("appeal-not-found")
    own = (await get(web_app.client, API + receipt)).json
    assert (own["status"], own["appeal"]["outcome"], own["statement"]) == ("published", "granted", None)
    history = (await ruth.get(f"/comments/{own['id']}")).json["history"]
    last = history[-1]
    assert (last["by"], last["action"], last["rule"], last["note"]) == (
        "Noor",
        "approve",
        "appeal",
        "A quotation.",
    )


async def test_what_is_upheld_stays_refused_and_is_appealed_against_once(
    web_app: WebProcess, refused: tuple[str, Desk, Desk]
) -> None:
    receipt, _, noor = refused
    assert (await appeal(web_app, receipt, text=" ")).status == 422
    await appeal(web_app, receipt)
    twice = await appeal(web_app, receipt, text="Once more.")
    assert (twice.status, "Once more." in twice.text) == (409, True)
    [one] = (await noor.get("/appeals")).json["appeals"]
    told = {"answer": "uphold", "text": "It is about another <ferry>.", "note": "Between us."}
    upheld = await noor.post(f"/appeals/{one['id']}/answer", told)
    assert (upheld.json["status"], upheld.json["reason"]) == ("rejected", "off_topic")
    page = page_of(await get(web_app.client, f"/receipts/{receipt}"))
    for words in ("Another look was taken at it, and the decision stands.", told["text"], WHY):
        assert words in page.text
    own = (await get(web_app.client, API + receipt)).json
    assert (own["appeal"]["answer"], own["appeal"]["text"]) == (told["text"], WHY)
    assert "Between us." not in page.text + str(own)
    assert (await appeal(web_app, receipt)).status == 409
    assert (await noor.get("/appeals")).json == {"appeals": []}


async def test_where_nobody_else_is_an_admin_answers_the_own_decision_and_the_record_says_so(
    web_app: WebProcess, make_site: MakeSite, submit: Submit, check_all: CheckAll, make_token: MakeToken,
    database: asyncpg.Connection,
) -> None:  # fmt: skip
    await make_site("paper", publish="auto")
    accepted: Any = await submit(comment="So they said.")
    await check_all()
    ada = Desk(web_app.client, await make_token("admin", name="Ada"))
    await make_token("viewer", name="Vera")
    await ada.decide(accepted["id"], "spam", 2)
    await appeal(web_app, str(accepted["receipt_url"]).rpartition("/")[2])
    [one] = (await ada.get("/appeals")).json["appeals"]
    assert (await ada.post(f"/appeals/{one['id']}/answer", {"answer": "uphold"})).status == 200
    row = await database.fetchrow("SELECT outcome, alone, settled_by IS NOT NULL FROM appeal")
    assert tuple(row) == ("upheld", True, True)


async def test_a_decision_that_publishes_settles_the_appeal_and_what_is_appealed_against_does_not_expire(
    web_app: WebProcess, refused: tuple[str, Desk, Desk], database: asyncpg.Connection
) -> None:
    receipt, ruth, _ = refused
    await appeal(web_app, receipt)
    await database.execute("UPDATE comment SET decided_at = decided_at - interval '200 days'")
    assert await database.fetchval("SELECT expire_restricted(100)") == 0
    own = (await get(web_app.client, API + receipt)).json
    await ruth.decide(own["id"], "approve", 3)
    assert (await get(web_app.client, API + receipt)).json["appeal"]["outcome"] == "granted"
    await database.execute("SELECT withdraw_comment(1, $1::uuid)", own["id"])
    assert await database.fetchval("SELECT text FROM appeal") is None


async def test_after_six_months_there_is_nothing_to_appeal_against(
    web_app: WebProcess, refused: tuple[str, Desk, Desk], database: asyncpg.Connection
) -> None:
    receipt, *_ = refused
    await database.execute("UPDATE decision SET decided_at = decided_at - interval '184 days'")
    late = await appeal(web_app, receipt)
    assert (late.status, "six months" in late.text) == (409, True)
    assert (await get(web_app.client, API + receipt)).json["can_appeal_until"] is None


async def test_the_desk_answers_by_a_form_that_needs_no_script(
    web_app: WebProcess, refused: tuple[str, Desk, Desk], make_token: MakeToken
) -> None:
    receipt, *_ = refused
    await appeal(web_app, receipt)
    await sign_in(web_app.client, await make_token("moderator", name="Noor"))
    page = page_of(await get(web_app.client, "/dashboard/appeals"))
    assert WHY in page.text
    [number] = [node.get("value") for node in page.all("input") if node.get("name") == "id"]
    fields = {"csrf": csrf_of(page), "id": str(number), "answer": "grant", "note": ""}
    led = await send(web_app.client, "/dashboard/answer-appeal", fields)
    told = page_of(await get(web_app.client, led.headers["Location"]))
    assert "Granted: readers see it." in told.text
    assert "No appeal waits." in told.text
