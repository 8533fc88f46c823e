"""The thread as a page and as a fragment: complete without a script, wherever it is included."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import asyncpg
import pytest
from aiohttp import ClientSession

from tests.web.harness import COMMENT, ORIGIN, PAGE, CheckAll, MakeSite, StartWeb, Submit, WebProcess
from tests.web.sending import Page, get, page_of, post

THREAD = "/sites/paper/thread"


@pytest.fixture
async def ids(make_site: MakeSite, submit: Submit, check_all: CheckAll) -> list[str]:
    await make_site("paper", publish="auto")
    made = [(await submit(comment=f"Number {n}.", website="https://mina.example/"))["id"] for n in range(3)]
    await check_all()
    return made


async def thread(client: ClientSession, **params: str) -> Page:
    return page_of(await get(client, THREAD, {"page_url": PAGE} | params))


async def test_the_page_holds_the_list_and_the_form(client: ClientSession, ids: list[str]) -> None:
    page = await thread(client)
    assert page.root.get("lang") == "en"
    assert all(page.has_id(f"comment-{one}") for one in ids)
    assert [node.get("itemtype") for node in page.all("li")] == ["https://schema.org/Comment"] * 3
    assert page.typed()["page_url"] == PAGE
    assert {"author", "email", "website", "comment"} <= set(page.typed())
    assert page.by_id("reply-form").get("method") == "post"


async def test_the_form_of_the_page_works_as_it_is(client: ClientSession, ids: list[str]) -> None:
    page = await thread(client)
    answer = await post(client, page.typed() | COMMENT | {"comment": "From the page."}, "form")
    assert answer.status == 303


async def test_a_reply_link_leads_to_a_form_for_that_comment_without_a_script(
    client: ClientSession, ids: list[str]
) -> None:
    page = await thread(client)
    links = [a.get("href") for a in page.all("a") if "reply_to=" in a.get("href", "")]
    assert [parse_qs(urlsplit(link).query)["reply_to"][0] for link in links] == ids
    form = page_of(await get(client, links[1].partition("#")[0]))
    assert form.typed()["parent_id"] == ids[1]
    assert form.has_id(urlsplit(links[1]).fragment)


@pytest.mark.parametrize("reply_to", ["", "17", "01890000-0000-7000-8000-000000000000", "\x00", "ü"])
async def test_a_reply_link_to_what_is_gone_still_shows_the_thread(
    client: ClientSession, ids: list[str], reply_to: str
) -> None:
    page = await thread(client, reply_to=reply_to)
    assert page.typed().get("parent_id", "") == ""


async def test_the_fragment_is_the_list_alone(client: ClientSession, ids: list[str]) -> None:
    answer = await get(client, THREAD, {"page_url": PAGE, "fragment": "1"})
    assert not re.search(r"<(html|head|body|form|script|!doctype)", answer.text, re.IGNORECASE)
    assert all(f'id="comment-{one}"' in answer.text for one in ids)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_links_of_a_fragment_lead_here_from_any_page(
    client: ClientSession, web_app: WebProcess, ids: list[str]
) -> None:
    answer = await get(client, THREAD, {"page_url": PAGE, "fragment": "1", "limit": "2"})
    links = [a.get("href") for a in page_of(answer).all("a")]
    ours = [link for link in links if "/sites/paper/thread" in link]
    assert len(ours) == 3  # two replies and the next part
    for link in ours:
        assert urljoin(PAGE, link).startswith(web_app.url)
        assert (await get(client, link.partition("#")[0])).status == 200


async def test_more_comments_are_a_link_away(client: ClientSession, ids: list[str]) -> None:
    page = await thread(client, limit="2")
    [following] = [a.get("href") for a in page.all("a") if a.get("rel") == "next"]
    rest = page_of(await get(client, following))
    assert (rest.has_id(f"comment-{ids[2]}"), rest.has_id(f"comment-{ids[0]}")) == (True, False)


async def test_a_closed_page_has_no_form(client: ClientSession, ids: list[str], database: object) -> None:
    await database.execute("UPDATE page SET open = false, revision = revision + 1")  # type: ignore[attr-defined]
    page = await thread(client)
    assert "closed" in page.text
    assert not [form for form in page.all("form") if form.get("method") == "post"]
    assert (await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})).json["page"][
        "open"
    ] is False


@pytest.mark.parametrize("fragment", ["0", "1"])
async def test_another_name_origin_or_address_of_ours_is_another_page(
    client: ClientSession, start_web: StartWeb, ids: list[str], database: asyncpg.Connection,
    web_app: WebProcess, fragment: str,
) -> None:  # fmt: skip
    asked = {"page_url": PAGE, "fragment": fragment}
    tags = [(await get(client, THREAD, asked)).headers["ETag"]]
    for change in ("UPDATE site SET name = 'Gazette'", "DELETE FROM site_origin"):
        await database.execute(change)
        web_app.forget_sites()
        answer = await get(client, THREAD, asked, **{"If-None-Match": tags[-1]})
        assert answer.status == 200
        tags.append(answer.headers["ETag"])
    other = await start_web()
    moved = await get(other.client, THREAD, asked)
    assert (moved.headers["ETag"] != tags[-1]) == (fragment == "1")


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        (PAGE, True),
        (ORIGIN + "/new", True),
        ("https://evil.example/login", False),
        ("http://paper.example/ferry", False),
        ("https://paper.example:8443/ferry", False),
        ("https://paper.example.evil.example/", False),
    ],
)
async def test_only_an_article_of_the_site_is_linked_to(
    client: ClientSession, ids: list[str], url: str, *, linked: bool
) -> None:
    answer = await get(client, THREAD, {"page_url": url})
    page = page_of(answer)
    addresses = [node.get("href") for tag in ("a", "link") for node in page.all(tag)]
    assert (answer.status, addresses.count(url)) == (200, 2 if linked else 0)


async def test_a_cacheable_page_holds_no_value_of_one_view(client: ClientSession, ids: list[str]) -> None:
    first, second = [await get(client, THREAD, {"page_url": PAGE}) for _ in range(2)]
    assert first.body == second.body
    assert not page_of(first).typed().get("form_token")
    assert not page_of(first).typed().get("submission_key")


async def test_pages_load_and_frame_nothing_foreign(client: ClientSession, ids: list[str]) -> None:
    answer = await get(client, THREAD, {"page_url": PAGE})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_unknown_site_is_a_page_that_says_so(client: ClientSession) -> None:
    answer = await get(client, "/sites/nowhere/thread", {"page_url": PAGE})
    assert answer.status == 404
    assert page_of(answer).text


async def test_a_thread_is_in_the_language_that_the_browser_asks_for(
    client: ClientSession, ids: list[str]
) -> None:
    seen = [
        await get(client, THREAD, {"page_url": PAGE}, **{"Accept-Language": wanted})
        for wanted in ("en", "de-AT", "es", "fr")
    ]
    assert [page_of(answer).root.get("lang") for answer in seen] == ["en", "de", "es", "fr"]
    assert len({answer.headers["ETag"] for answer in seen}) == 4
    assert "Accept-Language" in seen[0].headers["Vary"]
    assert "Ihre E-Mail-Adresse wird nicht veröffentlicht." in page_of(seen[1]).text


async def test_a_language_in_the_address_goes_on_into_links_form_faults_and_receipt(
    client: ClientSession, ids: list[str]
) -> None:
    page = await thread(client, lang="fr")
    links = [a.get("href", "") for a in page.all("a") if "reply_to=" in a.get("href", "")]
    assert all(parse_qs(urlsplit(link).query)["lang"] == ["fr"] for link in links)
    assert links
    assert page.typed()["lang"] == "fr"
    refused = page_of(await post(client, page.typed(), "form"))
    assert refused.root.get("lang") == "fr"
    assert "Veuillez écrire un commentaire." in refused.text
    assert refused.typed()["lang"] == "fr"
    taken = await post(client, refused.typed() | COMMENT | {"comment": "Bonjour."}, "form")
    assert taken.status == 303
    receipt = page_of(await get(client, taken.headers["Location"]))
    assert receipt.root.get("lang") == "fr"


async def test_a_language_that_there_is_not_is_english(client: ClientSession, ids: list[str]) -> None:
    page = await thread(client, lang="xx")
    assert page.root.get("lang") == "en"
    assert "lang" not in page.typed()


async def test_house_rules_and_privacy_notice_are_linked_at_every_form(
    client: ClientSession, make_site: MakeSite
) -> None:
    rules, privacy = "https://paper.example/rules", "https://paper.example/privacy"
    await make_site("paper", house_rules_url=rules, privacy_url=privacy)
    asked = (await get(client, "/api/v1/sites/paper/form")).json
    assert (asked["house_rules_url"], asked["privacy_url"]) == (rules, privacy)
    for page in (await thread(client), page_of(await post(client, {"page_url": PAGE}, "form"))):
        assert {rules, privacy} <= {a.get("href") for a in page.all("a")}


async def test_a_site_that_allows_markdown_shows_it_everywhere_and_another_shows_what_was_typed(
    client: ClientSession, make_site: MakeSite, submit: Submit, check_all: CheckAll
) -> None:
    await make_site("paper", publish="auto", markup="markdown")
    await submit(comment="It was *late* <b>again</b>.")
    await check_all()
    asked = await get(client, "/api/v1/sites/paper/comments", {"page_url": PAGE})
    [listed] = asked.json["comments"]
    assert listed["text"] == "It was *late* <b>again</b>."
    assert listed["html"] == '<p dir="auto">It was <em>late</em> &lt;b&gt;again&lt;/b&gt;.</p>'
    assert [node.text for node in (await thread(client)).all("em")] == ["late"]
