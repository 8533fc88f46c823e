"""A reply is taken the same way from a program and from a form, and what is wrong is said all at once."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession

from tests.web.harness import COMMENT, ORIGIN, PAGE, CheckAll, MakeSite, MakeToken, Submit, WebProcess
from tests.web.sending import HTML, KINDS, Answer, get, page_of, post, post_raw, reply

CAP = 24 * 1024 + 12 * 5000


async def stored(client: ClientSession, make_token: MakeToken) -> list[dict[str, Any]]:
    token = await make_token("viewer")
    answer = await get(
        client, "/api/v1/moderation/comments", {"status": "pending"}, Authorization=f"Bearer {token}"
    )
    return list(answer.json["comments"])


@pytest.fixture(autouse=True)
async def _paper(make_site: MakeSite) -> None:
    await make_site("paper")


async def test_a_program_is_told_what_is_on_disk_and_nothing_else(web_app: WebProcess) -> None:
    answer = await post(web_app.client, COMMENT)
    assert (answer.status, answer.headers["Content-Type"]) == (202, "application/json")
    accepted = answer.json
    assert set(accepted) == {"id", "status", "page_url", "submitted_at", "receipt_url"}
    assert UUID(accepted["id"])
    assert (accepted["status"], accepted["page_url"]) == ("pending", PAGE)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(accepted["submitted_at"])) < timedelta(minutes=1)
    assert accepted["receipt_url"].startswith(web_app.url + "/receipts/")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["form", "multipart"])
async def test_a_form_is_sent_on_to_its_receipt_which_leads_back(client: ClientSession, kind: str) -> None:
    answer = await post(client, COMMENT, kind)
    assert (answer.status, answer.body) == (303, b"")
    page = page_of(await get(client, answer.headers["Location"]))
    assert "awaiting moderation" in page.text
    assert PAGE in [link.get("href") for link in page.all("a")]


async def test_the_three_types_of_body_are_stored_alike(client: ClientSession, make_token: MakeToken) -> None:
    fields = reply(
        website="https://mina.example/a?b=c", page_title="The ferry", comment=" One\r\ntwo & <b> ü "
    )
    for number, kind in enumerate(KINDS):
        assert (await post(client, fields | {"author": f"Mina {number}"}, kind)).status in {202, 303}
    same = [
        (one["page_url"], one["website"], one["text"], one["page_title"])
        for one in await stored(client, make_token)
    ]
    assert same == [(PAGE, "https://mina.example/a?b=c", "One\ntwo & <b> ü", "The ferry")] * 3


async def test_the_names_of_wordpress_forms_mean_the_same(
    client: ClientSession, make_token: MakeToken
) -> None:
    fields = reply(url="https://mina.example/", comment_parent="0", submit="Post Comment", unknown="x")
    assert (await post(client, fields, "form")).status == 303
    [one] = await stored(client, make_token)
    assert (one["website"], one["parent_id"]) == ("https://mina.example/", None)


THREE_REQUIRED = dict.fromkeys(("author", "email", "comment"), "required")
EMAIL_AND_WEBSITE = {"email": "invalid", "website": "too_long"}
FAULTS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"author": None, "email": None, "comment": None}, THREE_REQUIRED),
    ({"author": " ", "email": "", "comment": "\n\t "}, THREE_REQUIRED),
    ({"author": "a" * 101, "comment": "c" * 5001}, {"author": "too_long", "comment": "too_long"}),
    ({"author": "two\nlines", "website": "javascript:x"}, {"author": "invalid", "website": "invalid"}),
    ({"email": "mina@", "website": "https://m.example/" + "w" * 500}, EMAIL_AND_WEBSITE),
    ({"email": "m" * 64 + "@" + "d" * 186 + ".org"}, {"email": "too_long"}),
    ({"page_url": "ferry", "page_title": "t" * 201}, {"page_url": "invalid", "page_title": "too_long"}),
    ({"parent_id": "12", "author": ""}, {"parent_id": "not_found", "author": "required"}),
    ({"comment": "no\x00pe"}, {"comment": "invalid"}),
    ({"comment": "no\x85pe", "author": "M\x1bina"}, {"comment": "invalid", "author": "invalid"}),
    ({"comment": "a lone\rCR"}, {"comment": "invalid"}),
    ({"page_url": "https://fen.example/x", "email": None}, {"page_url": "not_allowed", "email": "required"}),
    (
        {"parent_id": "01890000-0000-7000-8000-000000000000", "comment": None},
        {"parent_id": "not_found", "comment": "required"},
    ),
    ({"page_url": None, "email": None}, {"page_url": "required", "email": "required"}),
    ({"page_url": None, "comment_post_ID": 7, "email": ""}, {"page_url": "required", "email": "required"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "faults"), FAULTS)
async def test_every_fault_is_told_at_once(
    client: ClientSession, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    answer = await post(client, reply(**changes))
    assert answer.status == 422
    assert answer.is_problem("invalid-submission")
    assert answer.faults == faults
    assert all(fault["detail"] for fault in answer.json["errors"])
    as_form = await post(client, reply(**changes), "form", headers={"Accept": "application/json"})
    assert (as_form.status, as_form.faults) == (422, faults)


VALUES_AT_THE_EDGE = [
    {"author": "a"},
    {"author": "a" * 100},
    {"author": f" {'a' * 100} "},
    {"comment": "c"},
    {"comment": "\U0001f6a2" * 5000},
    {"comment": f"\r\n{'c' * 5000}\n"},
    {"comment": "a\tb\r\nc"},
    {"email": "MINA+news@Reader.Example"},
    {"email": "mïna@bücher.example"},
    {"website": ""},
    {"website": "https://m.example/" + "w" * 482},
    {"page_title": "t" * 200},
    {"parent_id": "0"},
    {"parent_id": ""},
    {"redirect_to": "javascript:alert(1)"},
    {"redirect_to": "https://paper.example/\x00\x85"},
    {"redirect_to": "x" * 9000},
]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_value_at_the_edge_of_its_rule_is_taken(client: ClientSession, kind: str) -> None:
    for changes in VALUES_AT_THE_EDGE:
        answer = await post(client, reply(**changes), kind)
        assert answer.status == (202 if kind == "json" else 303), (changes, answer.text)


STRANGE = [True, 5, 1.5, ["a"], {"a": "b"}, [], {}]


@pytest.mark.parametrize("value", STRANGE)
async def test_a_value_that_is_no_text_is_a_fault_of_its_field(client: ClientSession, value: Any) -> None:
    fields = (
        "author",
        "email",
        "website",
        "comment",
        "page_title",
        "submission_key",
        "form_token",
    )
    answer = await post(client, reply(**dict.fromkeys(fields, value)))
    assert (answer.status, answer.faults) == (422, dict.fromkeys(fields, "invalid"))


async def test_null_is_the_same_as_absent(client: ClientSession) -> None:
    answer = await post(
        client, COMMENT | dict.fromkeys(("website", "parent_id", "redirect_to", "form_token"))
    )
    assert answer.status == 202
    assert (await post(client, COMMENT | {"email": None})).faults == {"email": "required"}


async def test_a_lone_surrogate_is_a_fault_and_a_pair_is_a_character(client: ClientSession) -> None:
    raw = json.dumps(reply(comment="*"))
    lone = await post_raw(client, raw.replace("*", r"\ud83d").encode(), "application/json")
    assert (lone.status, lone.faults) == (422, {"comment": "invalid"})
    assert (
        await post_raw(client, raw.replace("*", r"\ud83d\udea2").encode(), "application/json")
    ).status == 202


async def test_a_refused_form_comes_back_with_everything_that_was_typed(client: ClientSession) -> None:
    typed = {
        "page_url": PAGE,
        "author": 'Mina "M" <b>O\'Hara</b>',
        "email": "mina@@reader.example",
        "website": "https://mina.example/?a=1&b='2'",
        "comment": "\nFirst line </textarea><script>alert(1)</script>\n\nLast & line",
        "page_title": "A <title>",
        "parent_id": "0",
        "redirect_to": ORIGIN + "/thanks",
        "submission_key": "key 1",
        "form_token": "token",
    }
    answer = await post(client, typed, "form")
    assert (answer.status, answer.headers["Cache-Control"]) == (422, "no-store")
    page = page_of(answer)
    again = page.typed()
    assert {name: again.get(name) for name in typed} == typed
    assert "email address" in page.fault_of("email")
    assert page.by_id("reply-author").get("aria-invalid") is None
    assert not list(page.all("script")) or all(script.get("src") for script in page.all("script"))
    assert page.by_id("reply-form").get("action") == "/api/v1/sites/paper/comments"


async def test_each_fault_stands_beside_its_field(client: ClientSession) -> None:
    page = page_of(await post(client, {"page_url": PAGE, "url": "ftp://mina.example"}, "form"))
    messages = {field: page.fault_of(field) for field in ("comment", "author", "email", "website")}
    assert len(set(messages.values())) == 4
    assert len({page.by_id(f"reply-{field}").get("aria-describedby") for field in messages}) == 4


async def test_a_long_text_in_the_wrong_field_is_not_lost(client: ClientSession) -> None:
    page = page_of(await post(client, reply(author="word " * 1500, comment=None), "form"))
    assert page.typed()["author"] == "word " * 1500


async def test_what_was_typed_can_be_mended_and_sent_again(client: ClientSession) -> None:
    refused = page_of(await post(client, reply(email="mina"), "form"))
    assert (await post(client, refused.typed() | {"email": "mina@reader.example"}, "form")).status == 303


@pytest.mark.parametrize(
    ("kind", "accept", "answered"),
    [
        ("json", "*/*", "application/problem+json"),
        ("json", HTML, "application/problem+json"),
        ("form", HTML, "text/html; charset=utf-8"),
        ("form", "*/*", "text/html; charset=utf-8"),
        ("multipart", "*/*", "text/html; charset=utf-8"),
        ("form", "application/json", "application/problem+json"),
        ("form", "Application/JSON", "application/problem+json"),
        ("multipart", "application/json, */*", "application/problem+json"),
    ],
)
async def test_the_type_of_the_body_decides_how_it_is_answered(
    client: ClientSession, kind: str, accept: str, answered: str
) -> None:
    answer = await post(client, reply(email=None), kind, headers={"Accept": accept})
    assert (answer.status, answer.headers["Content-Type"]) == (422, answered)


async def test_a_form_that_asks_for_json_is_accepted_as_json(client: ClientSession) -> None:
    answer = await post(client, COMMENT, "form", headers={"Accept": "application/json"})
    assert (answer.status, answer.json["status"]) == (202, "pending")


UNREADABLE: list[tuple[bytes, str | None, int]] = [
    (b"", "application/json", 400),
    (b"{", "application/json", 400),
    (b"[]", "application/json", 400),
    (b'{"comment": "a", "comment": "b"}', "application/json", 400),
    (b'{"author": {"a": 1, "a": 2}}', "application/json", 400),
    (b'{"comment": "\xff"}', "application/json", 400),
    (b'{"n": NaN}', "application/json", 400),
    (b"[" * 40_000, "application/json", 400),
    (b'{"n": ' + b"9" * 5000 + b"}", "application/json", 400),
    (b"comment=%zz", "application/x-www-form-urlencoded", 400),
    (b"comment=%ff", "application/x-www-form-urlencoded", 400),
    (b"&".join(b"a%d=1" % n for n in range(200)), "application/x-www-form-urlencoded", 400),
    (b"--x\r\n", "multipart/form-data; boundary=x", 400),
    (b"", "multipart/form-data", 400),
    (b"a", "text/plain", 415),
    (b"a", "application/xml", 415),
    (b"a", None, 415),
    (b"{}", "application/json; charset=utf-16", 415),
    (b"{}", "application/json; charset=no-such", 415),
]


@pytest.mark.parametrize(("body", "content_type", "status"), UNREADABLE)
async def test_a_body_that_cannot_be_read_is_refused_in_kind(
    client: ClientSession, body: bytes, content_type: str | None, status: int
) -> None:
    code = {400: "malformed-body", 415: "unsupported-media-type"}[status]
    answer = await post_raw(client, body, content_type, Accept="application/json")
    assert (answer.status, answer.is_problem(code)) == (status, True)
    answer = await post_raw(client, body, content_type, Accept=HTML)
    assert answer.status == status
    if content_type == "application/json":
        assert answer.is_problem(code)
    else:
        assert page_of(answer).text


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "no-such"])
async def test_a_coded_body_is_refused(client: ClientSession, coding: str) -> None:
    answer = await post_raw(client, b"x", "application/json", **{"Content-Encoding": coding})
    assert (answer.status, answer.is_problem("unsupported-media-type")) == (415, True)


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_the_cap_of_a_body_is_24_kib_and_twelve_times_the_comment_limit(
    client: ClientSession, kind: str
) -> None:
    within = await post_raw(client, b" " * CAP, kind, Accept=HTML)
    assert within.status in {400, 422}
    beyond = await post_raw(client, b" " * (CAP + 1), kind, Accept=HTML)
    assert beyond.status == 413
    assert (beyond.headers["Content-Type"] == "application/problem+json") == (kind == "application/json")


async def test_the_longest_comment_fits_however_it_is_written(client: ClientSession) -> None:
    escaped = r"\ud83d\udea2" * 5000
    raw = json.dumps(reply(comment="*")).replace("*", escaped)
    assert (await post_raw(client, raw.encode(), "application/json")).status == 202
    assert (await post(client, reply(comment="\U0001f6a2" * 5000, author="N"), "form")).status == 303


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["email", "Email"])
async def test_an_address_in_the_url_is_refused_in_kind(client: ClientSession, kind: str, name: str) -> None:
    url = f"paper/comments?{name}=mina@reader.example#"
    answer = await post(client, COMMENT, kind, site=url)
    assert answer.status == 422
    assert "reader.example" not in answer.text.replace(COMMENT["email"], "") or kind != "json"
    assert answer.headers["Content-Type"].startswith(
        "application/problem+json" if kind == "json" else "text/html"
    )


async def test_an_address_in_the_url_of_any_route_is_refused(client: ClientSession) -> None:
    for path in ("/api/v1/sites/paper/comments", "/sites/paper/thread", "/demo", "/healthz", "/dashboard"):
        answer = await get(client, path, {"page_url": PAGE, "email": "mina@reader.example"})
        assert answer.status == 422
        assert "mina@reader.example" not in answer.text


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unknown_site_is_not_found_in_kind(client: ClientSession, kind: str) -> None:
    for slug in ("nowhere", "PAPER", "%00", "a" * 300, "..", "%ff"):
        answer = await post(client, COMMENT, kind, site=slug)
        assert answer.status == 404
        assert answer.headers["Content-Type"].startswith(
            "application/problem+json" if kind == "json" or slug == ".." else "text/html"
        )


@pytest.mark.parametrize("kind", KINDS)
async def test_a_closed_page_takes_nothing_and_says_so_in_kind(
    client: ClientSession, submit: Submit, database: Any, make_token: MakeToken, kind: str
) -> None:
    await submit()
    await database.execute("UPDATE page SET open = false")
    answer = await post(client, reply(author="Late"), kind)
    assert answer.status == 403
    if kind == "json":
        assert answer.is_problem("page-closed")
    else:
        assert "closed" in page_of(answer).text
    assert len(await stored(client, make_token)) == 1


STORED_AS_TYPED = [
    "e\u0301 is not é, ﬁ not fi, \u202eover\u202c, zero\u200bwidth, \ufeffmark, ＦＵＬＬ",
    "tab\there\nand\n\n\nlines   with   blanks",
    "<script>&amp;</script> %00 \\u0000 ' \" ; -- {{ x }} ${x}",
    "\U0010ffff \ufdd0 \ufffe 👩‍👩‍👧",
]


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_of_a_text_is_changed(client: ClientSession, make_token: MakeToken, kind: str) -> None:
    for text in STORED_AS_TYPED:
        assert (await post(client, reply(comment=text), kind)).status in {202, 303}
    assert [one["text"] for one in await stored(client, make_token)] == STORED_AS_TYPED


async def test_only_line_ends_and_edges_are_tidied(client: ClientSession, make_token: MakeToken) -> None:
    assert (await post(client, reply(comment=" \r\n\ta\r\nb \r\n"))).status == 202
    assert [one["text"] for one in await stored(client, make_token)] == ["a\nb"]


def shape(answer: Answer) -> tuple[Any, ...]:
    """An answer without what is different for every submission."""
    ids = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|/receipts/[\w-]+|\d{4}-\d\d-\d\dT[\d:.]+|[0-9a-f]{32}")
    headers = {name: ids.sub("*", value) for name, value in answer.headers.items() if name != "Date"}
    return answer.status, headers, ids.sub("*", answer.text)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_address_that_is_known_is_answered_like_one_that_is_new(
    client: ClientSession, check_all: CheckAll, kind: str
) -> None:
    new = await post(client, reply(comment="first"), kind)
    await check_all()
    known = await post(client, reply(comment="again"), kind)
    other = await post(client, reply(comment="other", email="nobody@reader.example"), kind)
    assert shape(new) == shape(known) == shape(other)


async def test_no_answer_holds_the_address_or_what_is_made_of_it(
    client: ClientSession, submit: Submit, make_token: MakeToken
) -> None:
    await submit()
    comment = (await stored(client, make_token))[0]
    assert "mina@" not in str(comment)
    assert "email" not in str(sorted(comment))
    await submit(author="Nora", comment="Same address, other name.")
    first, second = await stored(client, make_token)
    assert first["author_key"] == second["author_key"]


async def test_author_keys_tell_nothing_between_sites(
    client: ClientSession, make_site: MakeSite, submit: Submit, make_token: MakeToken
) -> None:
    await make_site("gazette")
    await submit()
    await submit("gazette")
    assert len({one["author_key"] for one in await stored(client, make_token)}) == 2


async def test_a_site_may_do_without_name_and_address(client: ClientSession, make_site: MakeSite) -> None:
    await make_site("open", author_required=False, email_required=False)
    assert (await post(client, {"page_url": PAGE, "comment": "Hello."}, site="open")).status == 202
    assert (await post(client, {"page_url": PAGE, "comment": "x", "email": "no"}, site="open")).status == 422


async def test_a_cookie_is_never_read(client: ClientSession, make_token: MakeToken) -> None:
    token = await make_token("admin")
    for cookie in (f"replydesk_session={token}", f"session={token}; csrf=x"):
        answer = await post(client, reply(author=cookie[:9]), headers={"Cookie": cookie})
        assert (answer.status, "Set-Cookie" in answer.headers) == (202, False)
        refused = await get(client, "/api/v1/moderation/comments", Cookie=cookie)
        assert refused.status == 401
