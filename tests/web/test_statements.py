"""Whoever is restricted is told what was done, why, on which ground, how it was found and by whom."""

from typing import Any

import pytest
from aiohttp import ClientSession

from tests.web.desk import Desk, MakeDesk
from tests.web.harness import CheckAll, MakeSite, Submit
from tests.web.sending import get, page_of, send

RECEIPT = "/api/v1/receipts/"


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    return await make_desk("moderator")


async def told(client: ClientSession, receipt: str) -> Any:
    return (await get(client, RECEIPT + receipt)).json["statement"]


async def sent(submit: Submit, check_all: CheckAll, site: str = "paper", **fields: Any) -> tuple[str, str]:
    """The comment's id and its receipt, checked."""
    accepted = await submit(site, **fields)
    await check_all()
    return accepted["id"], str(accepted["receipt_url"]).rpartition("/")[2]


async def test_a_person_s_refusal_says_what_was_done_why_and_who_pointed_at_it(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll, desk: Desk
) -> None:
    await make_site("paper", publish="auto")
    comment_id, receipt = await sent(submit, check_all)
    assert await told(client, receipt) is None
    reported = {"reason": "illegal", "text": "He lies."}
    await send(client, f"/api/v1/sites/paper/comments/{comment_id}/reports", **reported)
    await desk.decide(comment_id, "reject", 2, reason="illegal", note="Between us.")
    own = (await get(client, RECEIPT + receipt)).json
    assert own["statement"] | {"decided_at": None} == {
        "restriction": "removed", "reason": "illegal", "reason_text": own["reason_text"], "ground": "law",
        "automated_decision": False, "automated_detection": False, "prompted_by": "report",
        "decided_at": None,
    }  # fmt: skip
    page = page_of(await get(client, "/receipts/" + receipt, **{"Accept-Language": "fr"}))
    for words in ("Il était publié et ne l’est plus.", "Des lecteurs l’ont signalé.", "Une personne."):
        assert words in page.text
    for secret in ("Between us.", "He lies."):
        assert secret not in page.text + str(own)


async def test_what_the_checks_refuse_alone_is_said_to_be_theirs_and_not_how_they_saw_it(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll, desk: Desk
) -> None:
    await make_site("paper", publish="auto", blocked_words=["cromulent"])
    comment_id, receipt = await sent(submit, check_all, comment="A cromulent reply.")
    found = await told(client, receipt)
    assert (found["restriction"], found["ground"]) == ("not_published", "house_rules")
    assert (found["automated_decision"], found["automated_detection"]) == (True, True)
    page = page_of(await get(client, "/receipts/" + receipt))
    assert "Automated checks; no person has looked at it." in page.text
    assert "cromulent" not in str(found)
    await desk.decide(comment_id, "approve", 2)
    await desk.undo(comment_id)
    assert (await told(client, receipt))["automated_decision"] is True  # what holds again is theirs


async def test_whether_the_checks_had_objected_is_told_beside_a_person_s_decision(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll, desk: Desk
) -> None:
    await make_site("paper", publish="review", held_words=["cromulent"])
    for text, objected in (("A cromulent reply.", True), ("A plain reply.", False)):
        comment_id, receipt = await sent(submit, check_all, comment=text, email=f"r{objected}@mail.example")
        await desk.decide(comment_id, "spam", 2)
        found = await told(client, receipt)
        assert (found["automated_decision"], found["automated_detection"]) == (False, objected)
        assert (found["reason"], found["prompted_by"]) == ("spam", None)


async def test_a_part_that_is_taken_out_has_its_statement_until_it_is_put_back(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll, desk: Desk
) -> None:
    await make_site("paper", publish="auto")
    comment_id, receipt = await sent(submit, check_all, comment="Old Ben was late with the ferry.")
    part = {"spans": [[0, 7]], "reason": "personal_data"}
    await desk.post(f"/comments/{comment_id}/redaction", {"version": 2} | part)
    found = await told(client, receipt)
    assert (found["restriction"], found["reason"]) == ("part_removed", "personal_data")
    later = {"version": 3, "spans": [[8, 11]]}
    await desk.post(f"/comments/{comment_id}/redaction", later)
    await desk.undo(comment_id)  # the second one: the first one holds
    assert (await told(client, receipt))["reason"] == "personal_data"
    await desk.post(f"/comments/{comment_id}/redaction", {"version": 5, "spans": [[8, 11]]})
    await desk.decide(comment_id, "reject", 6, reason="other")
    assert (await told(client, receipt))["restriction"] == "removed"
    await desk.undo(comment_id)
    assert (await told(client, receipt))["restriction"] == "part_removed"
    assert "A part of it was taken out." in page_of(await get(client, "/receipts/" + receipt)).text


async def test_a_change_that_is_refused_has_a_statement_of_its_own(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto", blocked_words=["cromulent"])
    _, receipt = await sent(submit, check_all)
    await send(client, f"{RECEIPT}{receipt}/edit", comment="A cromulent text.")
    await check_all()
    own = (await get(client, RECEIPT + receipt)).json
    assert (own["statement"], own["edit"]["statement"]["restriction"]) == (None, "not_published")
    page = page_of(await get(client, "/receipts/" + receipt))
    assert [one.get("aria-labelledby") for one in page.all("section")].count("statement-edit") == 1
