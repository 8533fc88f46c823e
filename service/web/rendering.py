"""Renders the pages people see; the one place where HTML is put together."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.web.api_docs import api_sections, prose
from service.web.desk_choices import current_choices, current_language
from service.web.languages import LOCALES, catalogue
from service.web.plain_words import label, short_key
from service.web.safe_link import LINK_REL, safe_href
from service.web.visible_characters import plain_name

HERE = Path(__file__).parent
STATIC = HERE / "static"


def render(name: str, **context: Any) -> str:
    """Render one template of `templates/` as a whole page (or, for fragments, its part).

    It is in the language of the request that is answered now.


    Raises:
        jinja2.UndefinedError: the context lacks a value the page needs.
        jinja2.TemplateNotFound: there is no such template.
    """
    language = current_language()
    return (
        _environment(language)
        .get_template(name)
        .render({"lang": language, "choices": current_choices()} | context)
    )


@cache
def asset(name: str) -> str:
    """The address of a static file; its digest lets browsers keep it for ever and never keep it too long."""
    return f"/static/{name}?v={asset_digest(name)}"


@cache
def asset_digest(name: str) -> str:
    """The first 12 hex digits of the SHA-256 of a static file."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def pages_digest() -> str:
    """Another one whenever a template or a static file changes: part of the ETag of every page."""
    files = sorted(path for folder in (STATIC, HERE / "templates") for path in folder.iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files if path.is_file())).hexdigest()


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    words = catalogue(language)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(asset=asset, link_rel=LINK_REL, prose=prose)
    environment.filters.update(
        safe_href=safe_href,
        plain_name=plain_name,
        iso=_iso,
        said=words.gettext,
        label=lambda code, kind: words.gettext(label(code, kind)) if code else "",
        short_key=short_key,
        api_sections=api_sections,
    )
    environment.filters.update(_in_locale(LOCALES[language]))
    return environment


def _in_locale(locale: str) -> dict[str, Any]:
    """Dates and numbers as that locale writes them; times are UTC."""

    def day(moment: datetime) -> str:
        return format_date(moment.astimezone(UTC), "long", locale=locale)

    def moment(at: datetime) -> str:
        return f"{day(at)}, {format_time(at.astimezone(UTC), 'HH:mm', locale=locale)} UTC"

    return {
        "day": day,
        "moment": moment,
        "number": lambda value, form="#,##0": format_decimal(value, form, locale=locale),
        "duration": lambda seconds: format_timedelta(timedelta(seconds=seconds), threshold=2, locale=locale),
        "share": lambda value, form="0.0%": format_decimal(value, form, locale=locale) if value else "0",
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
