"""Authors change and withdraw their comment by its receipt, with a form or as a program."""

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import PAGE, CheckAll, MakeSite, MakeToken, StartWeb, Submit
from tests.web.sending import get, page_of, post, reply, send

API = "/api/v1/receipts/"
CANARY = "Another text <script>q7x</script>."


@pytest.fixture
async def receipt(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> str:
    await make_site("paper", publish="auto", blocked_words=["cromulent"])
    accepted = await submit(comment="My first words.", author="Mara")
    await check_all()
    return str(accepted["receipt_url"]).rpartition("/")[2]


async def shown(client: ClientSession) -> list[str]:
    document = (await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})).json
    return [one["text"] for one in document["comments"]]


async def test_a_form_changes_a_comment_that_readers_see_as_it_was_until_it_is_checked(
    client: ClientSession, receipt: str, check_all: CheckAll
) -> None:
    page = page_of(await get(client, f"/receipts/{receipt}", {"lang": "de"}))
    [change, withdraw] = [one for one in page.all("form") if "own-form" in one.get("class", "")]
    assert (change.get("action"), change.get("method")) == (f"/receipts/{receipt}/edit", "post")
    assert withdraw.get("action") == f"/receipts/{receipt}/withdraw"
    assert "My first words." in [area.text for area in change.iter("textarea")]
    sent = await send(client, f"/receipts/{receipt}/edit", comment=CANARY, lang="de")
    assert (sent.status, sent.headers["Location"]) == (303, f"/receipts/{receipt}?lang=de")
    assert await shown(client) == ["My first words."]
    waiting = page_of(await get(client, f"/receipts/{receipt}", {"lang": "de"}))
    assert "Ihre Änderung wird noch geprüft" in waiting.text
    assert CANARY in waiting.text
    assert (await get(client, API + receipt)).json["edit"]["status"] == "pending"
    await check_all()
    assert await shown(client) == [CANARY]
    own = (await get(client, API + receipt)).json
    assert (own["text"], own["edit"], own["status"]) == (CANARY, None, "published")


async def test_a_refused_change_says_why_and_the_comment_stays(
    client: ClientSession, receipt: str, check_all: CheckAll
) -> None:
    changed = await send(client, f"{API}{receipt}/edit", comment="A cromulent text.")
    assert (changed.status, changed.json["edit"]["status"]) == (200, "pending")
    await check_all()
    own = (await get(client, API + receipt)).json
    assert (own["edit"]["status"], own["edit"]["reason"]) == ("rejected", "blocked_word")
    assert own["status"] == "published"
    assert "Your change was not accepted" in page_of(await get(client, f"/receipts/{receipt}")).text
    assert await shown(client) == ["My first words."]


async def test_what_is_wrong_with_a_change_is_said_and_what_was_typed_stays(
    client: ClientSession, receipt: str, database: asyncpg.Connection
) -> None:
    assert (await send(client, f"{API}{receipt}/edit")).faults == {"comment": "required"}
    long = await send(client, f"/receipts/{receipt}/edit", comment=CANARY + "x" * 5000, lang="fr")
    assert long.status == 422
    [area] = page_of(long).all("textarea")
    assert (area.text or "").startswith(CANARY)
    assert "5000" in page_of(long).text
    await database.execute("UPDATE comment SET submitted_at = submitted_at - interval '11 minutes'")
    late = await send(client, f"{API}{receipt}/edit", comment=CANARY)
    assert late.is_problem("not-editable")
    by_form = await send(client, f"/receipts/{receipt}/edit", comment=CANARY)
    assert (by_form.status, "cannot be changed" in by_form.text or "too much time" in by_form.text) == (
        409,
        True,
    )
    assert (await get(client, API + receipt)).json["can_edit_until"] is None
    for path in (f"{API}AQ/edit", f"{API}AQ/withdraw", "/receipts/AQ/edit", "/receipts/AQ/withdraw"):
        assert (await send(client, path, comment=CANARY, sure="yes")).status == 404


async def test_a_comment_is_withdrawn_with_the_box_ticked_and_is_gone_for_everybody(
    client: ClientSession, receipt: str
) -> None:
    unsure = await send(client, f"/receipts/{receipt}/withdraw")
    assert unsure.status == 422
    assert await shown(client) == ["My first words."]
    done = await send(client, f"/receipts/{receipt}/withdraw", sure="yes")
    assert (done.status, "Your comment is withdrawn" in page_of(done).text) == (200, True)
    assert await shown(client) == []
    assert (await get(client, API + receipt)).status == 404
    assert (await get(client, f"/receipts/{receipt}")).status == 404


async def test_changes_of_one_network_are_counted(start_web: StartWeb, make_site: MakeSite) -> None:
    await make_site("paper")
    web = await start_web(limit_network="2/60")
    accepted = await post(web.client, reply())
    receipt = str(accepted.json["receipt_url"]).rpartition("/")[2]
    answers = [await send(web.client, f"{API}{receipt}/edit", comment=f"Text {n}.") for n in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    by_form = await send(web.client, f"/receipts/{receipt}/edit", comment=CANARY)
    assert (by_form.status, "Retry-After" in by_form.headers, CANARY in page_of(by_form).text) == (
        429,
        True,
        True,
    )


async def test_moderators_see_whose_edit_it_is_and_what_readers_see_meanwhile(
    client: ClientSession, receipt: str, make_token: MakeToken, database: asyncpg.Connection
) -> None:
    await send(client, f"{API}{receipt}/edit", comment=CANARY)
    original = (await get(client, API + receipt)).json["id"]
    bearer = {"Authorization": f"Bearer {await make_token('moderator')}"}
    [listed] = (await get(client, "/api/v1/moderation/comments", {"status": "pending"}, **bearer)).json[
        "comments"
    ]
    assert listed["revises"] == {"id": original, "text": "My first words."}
    body = {"action": "approve", "version": listed["version"]}
    url = f"/api/v1/moderation/comments/{listed['id']}/decision"
    async with client.post(url, json=body, headers=bearer) as response:
        assert response.status == 200, await response.text()
        assert (await response.json())[
            "status"
        ] == "erased"  # what is left of it: its text is the comment's now
    assert await shown(client) == [CANARY]
    history = (await get(client, f"/api/v1/moderation/comments/{original}", **bearer)).json["history"]
    assert (history[-1]["action"], history[-1]["text_before"]) == ("edit", "My first words.")
