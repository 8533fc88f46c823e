"""Finds every sentence of our pages, in their templates and in the code behind them."""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from service.domain.reason_texts import SHARED_REASONS
from service.web.languages import LANGUAGES

SERVICE = Path(__file__).parents[2]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "say": None}
OF_READERS = frozenset(
    {
        "report.html",
        "notice.html",
        "notice_state.html",
        "_receipt_change.html",
        "_statement.html",
        "_appeal.html",
        "withdrawn.html",
        "thread.html",
        "thread_fragment.html",
        "_thread_heading.html",
        "_comments.html",
        "_comment.html",
    }
    | {"_reply.html", "_form.html", "form_error.html", "not_found.html", "receipt.html", "mail_confirm.html"}
    | {"mail_stop.html", "my_data.html", "my_data_question.html", "own_data.py", "reader_words.py"}
)
"""Where sentences stand that readers see; the others are for moderators and operators."""

_METHODS = [
    ("web/templates/**.html", "jinja2"),
    ("web/languages/**.py", "ignore"),
    ("web/**.py", "python"),
    ("moderation/learning/wording.py", "python"),
]
_OPTIONS = {"web/templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # a file that is written anew is the same file


def extracted(language: str) -> Catalog:
    """The sentences that a catalogue of that language has to have, without any translation.

    Raises:
        jinja2.TemplateSyntaxError: a template cannot be read.
    """
    is_of_desk = language in LANGUAGES
    found = Catalog(project="Replydesk", charset="utf-8", creation_date=_NEVER, revision_date=_NEVER)
    for folder in ("web", "moderation"):
        for file, _line, message, _comments, _context in extract_from_dir(
            SERVICE / folder, _of(folder), _options_of(folder), _KEYWORDS
        ):
            if is_of_desk or Path(file).name in OF_READERS:
                found.add(message)
    for reason in SHARED_REASONS:
        found.add(reason.text)
        found.add(reason.label)
    return found


def _of(folder: str) -> list[tuple[str, str]]:
    start = folder + "/"
    return [(pattern.removeprefix(start), how) for pattern, how in _METHODS if pattern.startswith(start)]


def _options_of(folder: str) -> dict[str, dict[str, str]]:
    start = folder + "/"
    return {name.removeprefix(start): one for name, one in _OPTIONS.items() if name.startswith(start)}
