"""What a reader sees after the first try: a way on, and the truth as it was then."""

import pytest
from aiohttp import ClientSession

from tests.web.harness import CheckAll, MakeSite
from tests.web.sending import get, page_of, post, reply

FORM = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
async def _site(make_site: MakeSite) -> None:
    await make_site("paper", publish="auto")


async def test_a_form_whose_parent_is_gone_can_be_sent_by_itself(client: ClientSession) -> None:
    gone = "01a20482-9544-7810-bf55-3bb85dd28dfa"
    refused = await post(client, reply(parent_id=gone), "form", headers=FORM)
    assert refused.status == 422
    assert "stands by itself" in refused.text
    assert gone not in refused.text


async def test_the_page_after_a_submission_says_that_it_waits_however_fast_the_checks_are(
    client: ClientSession, check_all: CheckAll
) -> None:
    location = (await post(client, reply(), "form", headers=FORM)).headers["Location"]
    await check_all()
    path = location.partition("://")[2].partition("/")[2]
    assert "awaiting moderation" in page_of(await get(client, f"/{path}")).text
    assert "is published" in page_of(await get(client, f"/{path.partition('?')[0]}")).text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html, application/json;q=0.5", "text/html"),
        ("application/json;q=0, text/html", "text/html"),
        ("application/json;q=0", "text/html"),
        ("application/json, text/html;q=0.9", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("*/*", "text/html"),
    ],
)
async def test_a_form_is_answered_as_its_sender_prefers(
    client: ClientSession, accept: str, kind: str
) -> None:
    answer = await post(client, reply(author=""), "form", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(kind)


async def test_an_expectation_of_no_one_is_ignored_and_not_repeated(client: ClientSession) -> None:
    answer = await post(client, reply(), headers={"Expect": "secret@paper.example"})
    assert answer.status == 202
    assert "secret" not in answer.text
