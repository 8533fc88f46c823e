"""A site's reasons are its admins' to change; what was decided for one keeps it."""

from typing import Any

import asyncpg
import pytest

from tests.web.desk import API, Desk, MakeDesk
from tests.web.harness import CheckAll, MakeSite, Submit, WebProcess
from tests.web.sending import Answer, get, read

RUDE = {"label": "Rude", "text": "Please be kind."}


@pytest.fixture
async def admin(make_site: MakeSite, make_desk: MakeDesk) -> Desk:
    await make_site("paper")
    return await make_desk("admin", name="Ada")


async def change(desk: Desk, method: str, code: str, body: Any = None) -> Answer:
    url = f"{API}/sites/paper/reasons/{code}"
    async with desk.client.request(method, url, json=body, headers=desk.bearer) as response:
        return await read(response)


async def choices(desk: Desk, web_app: WebProcess) -> dict[str, str]:
    web_app.forget_sites()
    found = (await desk.get("/reasons", site="paper")).json["reasons"]
    return {one["code"]: one["label"] for one in found}


async def test_a_reason_is_made_used_retired_and_stays_known(
    admin: Desk, web_app: WebProcess, submit: Submit, check_all: CheckAll, database: asyncpg.Connection
) -> None:
    made = await change(admin, "PUT", "rude", RUDE)
    assert made.json == RUDE | {"code": "rude", "own": True, "retired": False}
    assert (await choices(admin, web_app))["rude"] == "Rude"
    sent = [await submit(comment=f"Number {n}.") for n in range(2)]
    await check_all()
    assert (await admin.decide(sent[0]["id"], "reject", 2, reason="rude")).status == 200
    assert (await change(admin, "DELETE", "rude")).json["retired"] is True
    assert (await change(admin, "DELETE", "rude")).json["retired"] is True
    assert "rude" not in await choices(admin, web_app)
    refused = await admin.decide(sent[1]["id"], "reject", 2, reason="rude")
    assert (refused.status, refused.is_problem("unknown-reason")) == (422, True)
    listed = await admin.get("/comments", status="rejected", reason="rude")
    assert [one["id"] for one in listed.json["comments"]] == [sent[0]["id"]]
    receipt = await get(web_app.client, "/api/v1/receipts/" + sent[0]["receipt_url"].rpartition("/")[2], {})
    assert RUDE["text"] in receipt.text
    assert (await admin.get(f"/comments/{sent[0]['id']}")).json["history"][-1]["reason"] == "rude"
    assert (await change(admin, "PUT", "rude", RUDE | {"label": "Unkind"})).json["retired"] is False
    assert (await choices(admin, web_app))["rude"] == "Unkind"
    log = await database.fetch(
        "SELECT action, subject FROM audit_entry WHERE action LIKE 'reason.%' ORDER BY id"
    )
    assert [tuple(row) for row in log] == [
        ("reason.changed", "rude"), ("reason.retired", "rude"), ("reason.changed", "rude"),
    ]  # fmt: skip


async def test_a_shared_reason_has_words_of_the_site_and_cannot_be_retired(
    admin: Desk, web_app: WebProcess
) -> None:
    before = await choices(admin, web_app)
    refused = await change(admin, "DELETE", "spam")
    assert (refused.status, refused.is_problem("reason-is-shared")) == (409, True)
    assert (await change(admin, "PUT", "spam", RUDE)).status == 200
    assert (await choices(admin, web_app))["spam"] == "Rude"
    back = (await change(admin, "DELETE", "spam")).json
    assert (back["label"], back["own"], back["retired"]) == (before["spam"], False, False)
    assert await choices(admin, web_app) == before


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("Rude", RUDE),
        ("a" * 51, RUDE),
        ("rude", {"label": "Rude"}),
        ("rude", RUDE | {"label": "a" * 61}),
        ("rude", RUDE | {"text": "two\nlines"}),
        ("rude", RUDE | {"text": "   "}),
        ("rude", RUDE | {"colour": "red"}),
    ],
)
async def test_a_reason_has_a_code_and_words_of_one_line(admin: Desk, code: str, body: Any) -> None:
    assert (await change(admin, "PUT", code, body)).status == 422
