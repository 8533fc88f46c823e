"""A receipt shows its author how the comment stands, and nobody anything else."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiohttp import ClientSession

from service.domain.comment_id import new_comment_id
from service.domain.site import ReasonText
from service.keyring import Keyring
from service.signed import make_receipt
from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import Answer, get, page_of

API = "/api/v1/receipts/"


@pytest.fixture(autouse=True)
async def _paper(make_site: MakeSite) -> None:
    await make_site("paper", own_reasons=(ReasonText("rude", "Rude", "Please be kind."),))


@pytest.fixture
async def receipt(submit: Submit) -> str:
    accepted = await submit(comment="My <b>words</b>.")
    return str(accepted["receipt_url"]).rpartition("/")[2]


@pytest.fixture
async def decide(client: ClientSession, make_token: MakeToken) -> Any:
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}

    async def send(receipt: str, action: str, **more: Any) -> None:
        own = (await get(client, API + receipt)).json
        listed = await get(client, f"/api/v1/moderation/comments/{own['id']}", **bearer)
        url = f"/api/v1/moderation/comments/{own['id']}/decision"
        body = {"action": action, "version": listed.json["version"]} | more
        async with client.post(url, json=body, headers=bearer) as response:
            assert response.status == 200, await response.text()

    return send


async def test_a_pending_comment_waits(client: ClientSession, receipt: str) -> None:
    answer = await get(client, API + receipt)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    own = answer.json
    assert {"id", "status", "reason", "text", "can_edit_until"} <= set(own)
    assert (own["status"], own["reason"], own["text"]) == ("pending", None, "My <b>words</b>.")
    page = await get(client, "/receipts/" + receipt)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert "awaiting moderation" in page_of(page).text
    assert PAGE in [a.get("href") for a in page_of(page).all("a")]
    assert page.headers["Referrer-Policy"] == "no-referrer"


STATES = [
    ("approve", {}, "published", None, "is published"),
    ("hold", {"reason": "suspicious"}, "held", None, "awaiting moderation"),
    ("approve", {"reason": "other"}, "published", None, "is published"),
    ("reject", {"reason": "off_topic"}, "rejected", "off_topic", "not about the article"),
    ("reject", {"reason": "rude"}, "rejected", "rude", "Please be kind."),
    ("spam", {}, "spam", None, "was not published"),
    ("spam", {"reason": "advertising"}, "spam", "advertising", "advertises"),
]


@pytest.mark.parametrize(("action", "more", "status", "reason", "words"), STATES)
async def test_the_state_is_told_and_the_reason_of_a_refusal_alone(
    client: ClientSession, receipt: str, decide: Any, action: str, more: Any, status: str, reason: str | None,
    words: str,
) -> None:  # fmt: skip
    await decide(receipt, action, **more, note="Between us.")
    own = (await get(client, API + receipt)).json
    assert (own["status"], own["reason"]) == (status, reason)
    page = await get(client, "/receipts/" + receipt)
    assert words in page_of(page).text
    assert "Between us" not in page.text + str(own)
    assert "suspicious" not in page.text.lower()


async def test_why_the_checks_hold_it_is_not_told(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("strict", held_words=("ferry",))
    accepted = await submit("strict")
    await check_all()
    own = await get(client, API + accepted["receipt_url"].rpartition("/")[2])
    assert (own.json["status"], own.json["reason"]) == ("held", None)
    assert "blocked_word" not in own.text


def same(answer: Answer) -> tuple[Any, ...]:
    varying = re.compile(r"[0-9a-f]{32}")
    headers = {k: varying.sub("*", v) for k, v in answer.headers.items() if k != "Date"}
    return answer.status, headers, varying.sub("*", answer.text)


async def test_a_wrong_an_expired_and_an_erased_one_are_the_same_404(
    client: ClientSession, web_app: WebProcess, receipt: str, submit: Submit, database: asyncpg.Connection
) -> None:
    signing = Keyring.parse(web_app.settings.signing_keys.get_secret_value())
    erased = (await submit(comment="Erased."))["id"]
    await database.execute(
        "WITH d AS (INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action)"
        " SELECT site_id, id, 2, status, 'erased', 'request', 'erase' FROM comment WHERE id = $1)"
        " UPDATE comment SET status = 'erased', version = 2, text = '', author = '' WHERE id = $1",
        UUID(erased),
    )
    long_ago = datetime.now(UTC) - timedelta(days=401)
    raw = base64.urlsafe_b64decode(receipt + "=" * (-len(receipt) % 4))
    assert len(raw) - 21 >= 16  # at least 128 bits of HMAC behind key id, site and comment
    flipped = [bytes([*raw[:i], raw[i] ^ 1, *raw[i + 1 :]]) for i in range(len(raw))]
    wrong = [
        "x",
        receipt[:-1],
        receipt + "A",
        receipt + "=",
        receipt.swapcase(),
        "A" * len(receipt),
        *(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in flipped),
        make_receipt(signing, 1, UUID(erased)),
        make_receipt(signing, 1, new_comment_id()),
        make_receipt(signing, 2, UUID(erased)),
        make_receipt(signing, 1, new_comment_id(long_ago.timestamp())),
        "%00",
        "%ff",
        "ü",
        "a" * 5000,
    ]
    for prefix in (API, "/receipts/"):
        answers = {repr(same(await get(client, prefix + one))) for one in wrong}
        assert len(answers) == 1, answers
        assert answers.pop().startswith("(404,")


async def test_an_expired_receipt_is_refused_even_for_a_comment_that_is_there(
    client: ClientSession, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.signed.RECEIPT_LASTS_S", 0)
    assert (await get(client, API + receipt)).status == 404


async def test_a_receipt_is_not_stored(receipt: str, database: asyncpg.Connection) -> None:
    raw = base64.urlsafe_b64decode(receipt + "=" * (-len(receipt) % 4))
    for (table,) in await database.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 2200"
    ):
        rows = await database.fetch(f'SELECT t::text AS row FROM "{table}" AS t')  # noqa: S608
        for row in rows:
            assert receipt not in row["row"]
            assert raw[-16:].hex() not in row["row"]
