"""The transparency report counts what a site did in a period, and what readers said against it."""

from datetime import UTC, datetime

from tests.web.browsing import sign_in
from tests.web.desk import Desk
from tests.web.harness import CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import get, post, reply


async def test_a_report_counts_comments_restrictions_reports_notices_and_appeals(
    web_app: WebProcess, make_site: MakeSite, submit: Submit, check_all: CheckAll, make_token: MakeToken
) -> None:
    await make_site("paper", publish="auto", blocked_words=["cromulent"])
    client, desk = web_app.client, Desk(web_app.client, await make_token("moderator", name="Ruth"))
    ids = [(await submit(comment=text))["id"] for text in ("First.", "A cromulent one.", "Third.")]
    last = await post(client, reply(comment="Fourth."))
    await check_all()
    about = f"/api/v1/sites/paper/comments/{ids[0]}"
    async with client.post(f"{about}/reports", json={"reason": "hate"}) as answer:
        assert answer.status == 202
    notice = {
        "explanation": "It is a threat.",
        "name": "Ada",
        "email": "ada@mail.example",
        "good_faith": True,
    }
    async with client.post(f"{about}/notices", json=notice) as answer:
        assert answer.status == 202
    await desk.decide(ids[0], "approve", 2)
    await desk.decide(last.json["id"], "reject", 2, reason="off_topic")
    receipt = last.json["receipt_url"].rpartition("/")[2]
    async with client.post(f"/api/v1/receipts/{receipt}/appeal", json={"text": "No."}) as answer:
        assert answer.status == 200
    today = f"{datetime.now(UTC):%F}"
    report = (await desk.get("/sites/paper/transparency", **{"from": today, "to": today})).json
    assert report["comments"] == 4
    assert {(one["source"], one["status"], one["reason"], one["n"]) for one in report["restrictions"]} == {
        ("checks", "rejected", "blocked_word", 1), ("moderator", "rejected", "off_topic", 1),
    }  # fmt: skip
    assert report["overturned"] == {"checks": 1}
    said = {(one["what"], one["reason"], one["outcome"], one["n"]) for one in report["said"]}
    assert said == {
        ("reports", "hate", "kept", 1), ("notices", "illegal", "kept", 1), ("appeals", None, None, 1),
    }  # fmt: skip
    await sign_in(client, await make_token("viewer"))
    table = await get(client, "/dashboard/transparency", {"from": today, "to": today, "format": "csv"})
    assert "attachment" in table.headers["Content-Disposition"]
    assert "restrictions,moderator,rejected,off_topic,1," in table.text.splitlines()
    assert "Ada" not in table.text
