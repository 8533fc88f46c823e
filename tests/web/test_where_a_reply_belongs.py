"""Which page a reply hangs on, from whose pages it may come, and where its sender is led afterwards."""

from typing import Any

import pytest
from aiohttp import ClientSession

from tests.web.harness import COMMENT, ORIGIN, PAGE, MakeSite
from tests.web.sending import KINDS, Answer, get, page_of, post, reply

NAMELESS = reply(page_url=None)
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
async def _sites(make_site: MakeSite) -> None:
    await make_site("paper", origins=(ORIGIN, "https://amp.paper.example:8443"))
    await make_site("press", post_url="https://paper.example/?p={id}")


async def page_of_nameless(
    client: ClientSession, site: str = "paper", referer: str | None = None, **more: Any
) -> str:
    headers = JSON | ({"Referer": referer} if referer else {})
    answer = await post(client, NAMELESS | more, "form", site=site, headers=headers)
    assert answer.status == 202, answer.text
    return str(answer.json["page_url"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTPS://Paper.Example:443/Ferry#reply", "https://paper.example/Ferry"),
        ("https://paper.example", "https://paper.example/"),
        (
            "https://paper.example/a?b=2&utm_source=x&a=1&fbclid=y&ref=z&mc_eid=1",
            "https://paper.example/a?a=1&b=2",
        ),
        ("https://amp.paper.example:8443/a/", "https://amp.paper.example:8443/a/"),
        (" https://paper.example/a ", "https://paper.example/a"),
    ],
)
async def test_one_page_has_one_address(client: ClientSession, typed: str, kept: str) -> None:
    assert (await post(client, reply(page_url=typed))).json["page_url"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "https://paper.example.evil.example/a",
        "https://evil.example/https://paper.example/a",
        "http://paper.example/a",
        "https://paper.example:444/a",
        "https://amp.paper.example/a",
        "https://sub.paper.example/a",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_page_of_another_origin_is_not_allowed(client: ClientSession, kind: str, typed: str) -> None:
    answer = await post(client, reply(page_url=typed), kind, headers=JSON)
    assert (answer.status, answer.faults) == (422, {"page_url": "not_allowed"})


@pytest.mark.parametrize(
    "typed",
    [
        "ferry",
        "/ferry",
        "//paper.example/a",
        "ftp://paper.example/a",
        "https://u:p@paper.example/a",
        "https://",
        "https://paper.example/a b",
        "https:\\\\paper.example",
        "javascript:1",
        "https://paper.example\\@evil.example/",
    ],
)
async def test_an_address_that_is_none_is_invalid(client: ClientSession, typed: str) -> None:
    assert (await post(client, reply(page_url=typed))).faults == {"page_url": "invalid"}


async def test_wordpress_names_the_page_by_its_number(client: ClientSession) -> None:
    assert await page_of_nameless(client, "press", comment_post_ID=17) == "https://paper.example/?p=17"


async def test_the_number_goes_before_the_referer_and_the_address_before_both(client: ClientSession) -> None:
    found = await page_of_nameless(client, "press", referer=PAGE, comment_post_ID="17")
    assert found == "https://paper.example/?p=17"
    named = await post(
        client, reply(comment_post_ID="17"), "form", site="press", headers=JSON | {"Referer": ORIGIN + "/x"}
    )
    assert named.json["page_url"] == PAGE


async def test_a_referer_with_a_path_names_the_page(client: ClientSession) -> None:
    assert await page_of_nameless(client, referer=PAGE + "?utm_source=x#reply") == PAGE


async def test_without_a_template_the_number_names_nothing_and_the_referer_counts(
    client: ClientSession,
) -> None:
    assert await page_of_nameless(client, referer=PAGE, comment_post_ID="17") == PAGE


@pytest.mark.parametrize("referer", [None, ORIGIN, ORIGIN + "/", "https://evil.example/ferry", "no address"])
@pytest.mark.parametrize("more", [{}, {"comment_post_ID": "17"}])
async def test_a_form_that_names_no_page_learns_which_field_it_needs(
    client: ClientSession, referer: str | None, more: dict[str, str]
) -> None:
    headers = {"Referer": referer} if referer else {}
    answer = await post(client, NAMELESS | more, "form", headers=headers)
    page = page_of(answer)
    assert answer.status == 422
    assert "hidden field named page_url" in page.text
    assert page.typed()["comment"] == COMMENT["comment"]
    as_json = await post(client, NAMELESS | more, "form", headers=headers | JSON)
    assert as_json.faults == {"page_url": "required"}


@pytest.mark.parametrize("more", [{"comment_post_ID": "17"}, {}])
async def test_a_page_known_by_the_referer_is_still_known_when_the_form_is_mended(
    client: ClientSession, more: dict[str, str]
) -> None:
    refused = await post(
        client, NAMELESS | more | {"email": "no"}, "form", site="press", headers={"Referer": PAGE}
    )
    again = page_of(refused).typed() | {"email": "mina@reader.example"}
    answer = await post(client, again, "form", site="press", headers=JSON)
    assert answer.json["page_url"] == ("https://paper.example/?p=17" if more else PAGE)


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        (PAGE + "?thanks=1#reply", PAGE + "?thanks=1#reply"),
        ("https://PAPER.example", "https://paper.example/"),
        ("https://paper.example/ü?q='", "https://paper.example/%C3%BC?q=%27"),
        ("https://amp.paper.example:8443/x", "https://amp.paper.example:8443/x"),
    ],
)
async def test_a_form_leads_on_within_the_registered_origins(
    client: ClientSession, target: str, leads_to: str
) -> None:
    answer = await post(client, reply(redirect_to=target), "form")
    assert (answer.status, answer.headers["Location"]) == (303, leads_to)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/ferry",
        "",
        "https://paper.example@evil.example/",
        "https://paper.example.evil.example/",
        "http://paper.example/",
        "javascript:alert(1)",
        "https://paper.example\r\nSet-Cookie: a=b",
        "https://paper.example\t.evil.example/",
    ],
)
async def test_any_other_target_leads_to_the_receipt(
    client: ClientSession, web_app: Any, target: str
) -> None:
    answer = await post(client, reply(redirect_to=target), "form")
    assert answer.status == 303
    assert answer.headers["Location"].startswith(web_app.url + "/receipts/")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("origin", [None, "null", ORIGIN, "https://amp.paper.example:8443"])
async def test_a_known_origin_and_an_unknown_one_may_post(
    client: ClientSession, kind: str, origin: str | None
) -> None:
    answer = await post(client, COMMENT, kind, headers={"Origin": origin} if origin else {})
    assert answer.status in {202, 303}
    allowed = origin if origin not in {None, "null"} else None
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


async def test_our_own_pages_may_post(client: ClientSession, web_app: Any) -> None:
    assert (await post(client, COMMENT, "form", headers={"Origin": web_app.url})).status == 303


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://paper.example.evil.example",
        "http://paper.example",
        "https://paper.example:444",
        "https://sub.paper.example",
        "chrome-extension://abc",
        "file://",
        "https://paper.example, https://evil.example",
        "https://paper.example/x",
    ],
)
async def test_a_foreign_origin_is_refused_in_kind(client: ClientSession, kind: str, origin: str) -> None:
    answer = await post(client, COMMENT, kind, headers={"Origin": origin})
    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    if kind == "json":
        assert answer.is_problem("origin-not-registered")
    else:
        assert "origin is not registered" in page_of(answer).text


async def preflight(client: ClientSession, origin: str) -> Answer:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,idempotency-key",
    }
    async with client.options("/api/v1/sites/paper/comments", headers=asked) as response:
        return Answer(response.status, response.headers, await response.read())


async def test_a_preflight_is_answered_for_registered_origins_only(client: ClientSession) -> None:
    allowed = await preflight(client, ORIGIN)
    assert allowed.status == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    named = allowed.headers["Access-Control-Allow-Headers"].lower()
    assert {"content-type", "idempotency-key"} <= {name.strip() for name in named.split(",")}
    refused = await preflight(client, "https://evil.example")
    assert refused.status == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


async def test_an_error_can_be_read_by_the_page_that_caused_it(client: ClientSession) -> None:
    answer = await post(client, reply(email=None), headers={"Origin": ORIGIN})
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (422, ORIGIN)


async def test_scripts_get_a_signed_token_and_a_key(client: ClientSession) -> None:
    answers = [
        await get(client, "/api/v1/sites/paper/form-token", Origin=ORIGIN),
        await get(client, "/api/v1/sites/paper/form-token"),
    ]
    for answer in answers:
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert set(answer.json) == {"form_token", "submission_key"}
    assert answers[0].json["submission_key"] != answers[1].json["submission_key"]
    assert answers[0].headers["Access-Control-Allow-Origin"] == ORIGIN
    assert (await get(client, "/api/v1/sites/nowhere/form-token")).status == 404
    assert (await post(client, COMMENT | answers[0].json)).status == 202


@pytest.mark.parametrize("token", ["forged", "A" * 40, "ü"])
async def test_a_token_that_is_none_is_no_evidence(client: ClientSession, token: str) -> None:
    answer = await post(client, reply(form_token=token))
    assert answer.status == (422 if token == "ü" else 202)
