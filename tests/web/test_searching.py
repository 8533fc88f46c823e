"""The dashboard's search and the page of a comment: what they show, to whom, and what they refuse."""

import pytest
from aiohttp import ClientSession

from tests.web.browsing import csrf_of, forms, send, sign_in
from tests.web.harness import MakeSite, MakeToken, StartWeb
from tests.web.sending import Page, get, page_of


async def search(client: ClientSession, **asked: str) -> Page:
    return page_of(await get(client, "/dashboard/search", asked))


def found(page: Page) -> list[str]:
    """The ids of what was found."""
    return [str(node.get("data-id")) for node in page.all("article")]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "ferry"},
        {"q": "ferry", "reason": "", "check": "", "language": "", "from": "", "page_url": ""},
        {"from": "2026-01-01", "sort": "risk", "site": "paper"},
        {"page_url": "https://paper.example/ferry"},
        {"section": "https://paper.example/"},
    ],
)
async def test_a_search_finds_what_is_asked_for(
    desk: ClientSession, held: str, asked: dict[str, str]
) -> None:
    assert found(await search(desk, **asked)) == [held]


@pytest.mark.parametrize(
    "asked", [{"q": "submarine"}, {"status": "spam"}, {"to": "2020-01-01"}, {"min_score": "1"}]
)
async def test_a_search_finds_nothing_else(desk: ClientSession, held: str, asked: dict[str, str]) -> None:
    page = await search(desk, **asked)
    assert found(page) == []
    assert "Nothing was found." in page.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("page_url", "nowhere"),
        ("check", "luck"),
        ("min_score", "2"),
        ("status", "lost"),
    ],
)
async def test_what_cannot_be_searched_for_is_named_at_its_field(
    desk: ClientSession, held: str, name: str, value: str
) -> None:
    answer = await get(desk, "/dashboard/search", {name: value})
    assert answer.status == 422
    page = page_of(answer)
    assert page.has_id(f"fault-{name}")
    assert found(page) == []


async def test_a_day_is_searched_with_all_of_it(desk: ClientSession, held: str) -> None:
    [card] = (await search(desk)).all("time")
    day = str(card.get("datetime"))[:10]
    assert found(await search(desk, **{"from": day, "to": day})) == [held]


async def test_a_search_keeps_to_the_sites_of_whoever_asks(
    start_web: StartWeb, make_site: MakeSite, make_token: MakeToken, held: str
) -> None:
    await make_site("elsewhere")
    stranger = (await start_web()).client
    await sign_in(stranger, await make_token("moderator", ("elsewhere",), name="Stranger"))
    assert found(await search(stranger)) == []
    assert (await get(stranger, "/dashboard/search", {"site": "paper"})).status == 404
    assert (await get(stranger, f"/dashboard/comments/{held}")).status == 404


async def test_a_comments_page_tells_who_decided_what_and_why(desk: ClientSession, held: str) -> None:
    page = page_of(await get(desk, f"/dashboard/comments/{held}"))
    [form] = forms(page)
    assert form["csrf"] == csrf_of(page)
    await send(desk, "/dashboard/decide", form | {"action": "reject", "reason": "hate"})
    said = [
        " ".join("".join(row.itertext()).split())
        for row in page_of(await get(desk, f"/dashboard/comments/{held}")).all("tr")
    ]
    assert len(said) == 3
    assert "the checks" in said[1]
    assert "Ruth" in said[2]
    assert "rejected" in said[2]
    assert "Waiting for a person" in said[2]


async def test_no_page_of_nobodys_comment_is_shown(desk: ClientSession) -> None:
    assert (await get(desk, "/dashboard/comments/nothing")).status == 404


async def test_a_viewer_reads_and_is_offered_no_decision(
    start_web: StartWeb, make_token: MakeToken, held: str
) -> None:
    viewer = (await start_web()).client
    await sign_in(viewer, await make_token("viewer", name="Vera"))
    page = page_of(await get(viewer, f"/dashboard/comments/{held}"))
    assert forms(page) == []
    assert page.all("tr")
