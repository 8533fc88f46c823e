"""Every sentence of the dashboard stands in every catalogue, and none stands in a template outside of one."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from service.web.desk_choices import Choices, current_language, start_choices
from service.web.languages import FOR_READERS, HERE, LOCALES, catalogue
from service.web.languages.__main__ import main, untranslated, updated
from service.web.languages.extract import OF_READERS, extracted
from service.web.rendering import HERE as WEB
from service.web.rendering import render

OTHERS = sorted(set(FOR_READERS) - {"en"})
TEMPLATES = sorted(
    path
    for path in (WEB / "templates").glob("*.html")
    if re.match(r"dashboard_|_desk|_queue|_site_c", path.name) or path.name in OF_READERS
)
OWN_NAMES = {"Replydesk"}
SPOKEN = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description|value)="([^"]*)\"""")


@pytest.fixture(autouse=True)
def _then_as_before() -> Iterator[None]:
    yield
    start_choices(asked(), of_desk=False)


def asked(language: str = "", cookie: str = "", lang: str = "") -> Any:
    cookies = {"replydesk_choices": cookie}
    return SimpleNamespace(cookies=cookies, headers={"Accept-Language": language}, query={"lang": lang})


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_sentence_and_no_other(language: str) -> None:
    file = HERE / f"{language}.po"
    before = file.read_bytes()
    assert main() == 0
    assert file.read_bytes() == before, "run `make messages`"
    assert untranslated(updated(file, language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    for message in updated(HERE / f"{language}.po", language):
        told = message.string if isinstance(message.string, str) else " ".join(message.string)
        said = message.id if isinstance(message.id, str) else " ".join(message.id)
        if not said:
            continue
        assert set(re.findall(r"%\(\w+\)s|<[^>]+>", told)) == set(re.findall(r"%\(\w+\)s|<[^>]+>", said)), (
            said
        )


def test_every_language_knows_how_it_writes_numbers() -> None:
    assert set(LOCALES) == set(FOR_READERS)
    assert len(list(extracted("de"))) > len(list(extracted("es"))) > 100
    assert catalogue("de").gettext("Sign out") == "Abmelden"


def bare_words(source: str) -> Iterator[str]:
    """Text and spoken attributes of a template that no catalogue knows."""
    inside = False
    html = ""
    for _line, kind, value in Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "name" and value in {"trans", "endtrans"}:
            inside = value == "trans"
        elif kind == "data":
            html += "" if inside else value
    html = re.sub(r"&\w+;|<option[^>]*>", " ", html)  # an option says its text, not what it sends
    for said in SPOKEN.findall(html):
        yield from re.findall(r"[^\W\d_]{2,}", said)
    yield from re.findall(r"[^\W\d_]{2,}", re.sub(r'<[^>]*>|[\w-]+="[^"]*"', " ", html))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_words_stand_bare_in_a_template(path: Any) -> None:
    assert set(bare_words(path.read_text())) - OWN_NAMES - ALLOWED_VALUES == set()


ALLOWED_VALUES = {
    "grant",
    "uphold",
    "on",
    "yes",
    "approve",
    "reject",
    "spam",
    "hold",
}  # what a button sends, not what it says


def test_bare_words_are_found() -> None:
    assert list(bare_words("<p title='x'>Hello {{ _('you') }}</p><i aria-label=\"Good day\"></i>")) == [
        "Good", "day", "Hello",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr,de;q=0.3,en;q=0.2", "de"),
        ("de;q=0", "en"),
        ("fr", "en"),
        ("de;q=x", "en"),
        ("de;q=nan", "en"),
        (";;;,,,=", "en"),
        ("DE", "de"),
    ],
)
def test_the_browser_is_asked_for_its_language(accepted: str, language: str) -> None:
    start_choices(asked(accepted), of_desk=True)
    assert current_language() == language


@pytest.mark.parametrize(
    ("accepted", "lang", "language"),
    [
        ("", "", "en"),
        ("fr,de;q=0.3", "", "fr"),
        ("es-MX", "", "es"),
        ("it", "", "en"),
        ("fr", "de", "de"),
        ("fr", "xx", "fr"),
    ],
)
def test_readers_have_four_languages_and_an_address_may_name_one(
    accepted: str, lang: str, language: str
) -> None:
    start_choices(asked(accepted, "language=en", lang), of_desk=False)
    assert current_language() == language


def test_what_was_chosen_goes_before_what_the_browser_says() -> None:
    start_choices(asked("de", Choices(language="en").as_cookie()), of_desk=True)
    assert current_language() == "en"
    start_choices(asked("en", "language=de"), of_desk=True)
    assert 'lang="de"' in sign_in()
    assert "Anmelden zur Moderation" in sign_in()
    start_choices(asked(), of_desk=False)
    assert 'lang="en"' in sign_in()


@pytest.mark.parametrize(
    "cookie", ["", "language=xx", "x", "language=../de", "theme=%00", "pace=1&keys=", "=&&=;"]
)
def test_a_cookie_that_says_nothing_useful_chooses_nothing(cookie: str) -> None:
    start_choices(asked("", cookie), of_desk=True)
    assert current_language() == "en"


def sign_in() -> str:
    return render(
        "dashboard_sign_in.html",
        site=None,
        by="token",
        typed_name="",
        error=None,
        wait_s=0,
        has_provider=False,
        provider="",
    )
