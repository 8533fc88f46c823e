"""Renders the pages people see; the one place where HTML is put together."""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.web.api_docs import api_sections, prose
from service.web.plain_words import label, short_key
from service.web.safe_link import LINK_REL, safe_href
from service.web.visible_characters import plain_name

HERE = Path(__file__).parent
STATIC = HERE / "static"


def render(name: str, **context: Any) -> str:
    """Render one template of `templates/` as a whole page (or, for fragments, its part).

    Raises:
        jinja2.UndefinedError: the context lacks a value the page needs.
        jinja2.TemplateNotFound: there is no such template.
    """
    return _environment().get_template(name).render({"lang": "en"} | context)


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
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, link_rel=LINK_REL, prose=prose)
    environment.filters.update(
        safe_href=safe_href,
        plain_name=plain_name,
        moment=_moment,
        day=_day,
        iso=_iso,
        label=label,
        short_key=short_key,
        api_sections=api_sections,
    )
    return environment


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{at.day} {at:%B %Y}"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"
