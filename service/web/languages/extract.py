"""Finds every sentence of the dashboard, in its templates and in the code behind it."""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from service.domain.reason_texts import SHARED_REASONS

SERVICE = Path(__file__).parents[2]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "say": None}
_METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("web/languages/**.py", "ignore"),
    ("web/**.py", "python"),
    ("moderation/learning/wording.py", "python"),
]
_OPTIONS = {"web/templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # a file that is written anew is the same file


def extracted() -> Catalog:
    """The sentences without any translation.

    Raises:
        jinja2.TemplateSyntaxError: a template cannot be read.
    """
    found = Catalog(project="Replydesk", charset="utf-8", creation_date=_NEVER, revision_date=_NEVER)
    for folder in ("web", "moderation"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            SERVICE / folder, _of(folder), _options_of(folder), _KEYWORDS
        ):
            found.add(message)
    for reason in SHARED_REASONS:
        found.add(reason.label)
    return found


def _of(folder: str) -> list[tuple[str, str]]:
    start = folder + "/"
    return [(pattern.removeprefix(start), how) for pattern, how in _METHODS if pattern.startswith(start)]


def _options_of(folder: str) -> dict[str, dict[str, str]]:
    start = folder + "/"
    return {name.removeprefix(start): one for name, one in _OPTIONS.items() if name.startswith(start)}
