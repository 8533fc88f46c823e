"""The filters of the queue, as the reference describes them."""

from typing import Any, get_args

from service.moderation.language import NAMED
from service.storage.queue_filters import LONGEST_SECTION, QueueSort
from service.web.openapi.parameters import query
from service.web.queue_queries import LONGEST_WORDS, known_checks

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_SCORE: Json = {"type": "number", "minimum": 0, "maximum": 1}


def queue_parameters() -> tuple[Json, ...]:
    """All of them, and the sort; several together must all be true."""
    sorts: Json = _TEXT | {"enum": list(get_args(QueueSort)), "default": "oldest"}
    return (
        query("sort", sorts, "By the time they came in, or the highest risk first."),
        query("page_url", _TEXT | {"format": "uri"}, "The comments of one article."),
        query(
            "section",
            _TEXT | {"maxLength": LONGEST_SECTION},
            "The beginning of the articles' URLs, up to a slash: https://paper.example/sport/",
        ),
        query("reason", _TEXT, "The reason that the comment has now."),
        query("check", _TEXT | {"enum": known_checks()}, "A check that did not pass it the last time."),
        query("min_score", _SCORE, "Of this risk or a higher one."),
        query("max_score", _SCORE, "Of this risk or a lower one."),
        query("language", _TEXT | {"enum": sorted(NAMED)}, "What the text is clearly written in."),
        query("submitted_after", _MOMENT, "Came later than this."),
        query("submitted_before", _MOMENT, "Came earlier than this."),
        query("author_key", _TEXT, "By one author."),
        query(
            "q",
            _TEXT | {"minLength": 1, "maxLength": LONGEST_WORDS},
            'Words of the text: all of them, "together", `or` between, `-` before what must not be there.',
        ),
        query(
            "reported",
            _TEXT | {"enum": ["0", "1"]},
            "1: with reports that nobody settled; without `status` in whatever status but refused.",
        ),
    )
