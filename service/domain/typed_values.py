"""What was typed, made safe to put back into the form."""

import re
from collections.abc import Mapping, Sequence

# A form has one name for each value, a client may use another; the first that is not empty counts.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "page_url": ("page_url",),
    "comment_post_ID": ("comment_post_ID",),
    "parent_id": ("parent_id", "comment_parent"),
    "author": ("author",),
    "email": ("email",),
    "website": ("website", "url"),
    "comment": ("comment",),
    "page_title": ("page_title",),
    "redirect_to": ("redirect_to",),
    "submission_key": ("submission_key",),
    "form_token": ("form_token",),
    "mail_decision": ("mail_decision",),
    "mail_replies": ("mail_replies",),
    "lang": ("lang",),
}
HONEYPOTS = ("subject_line", "ak_hp_textarea")

_MOST = 300_000  # above the largest body, so that nobody loses a long text, in whatever field it landed
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\t\n]")


def given(fields: Mapping[str, object], field: str) -> object:
    """The first value under any of the field's names that is neither null nor empty, else null."""
    values = (fields.get(name) for name in FIELD_NAMES[field])
    return next((value for value in values if value is not None and value != ""), None)


def typed_values(fields: Mapping[str, object]) -> dict[str, str]:
    """Every known field as text, empty where nothing readable was given.

    Control characters and lone surrogates become U+FFFD, so that it can be encoded and printed; a field
    other than the comment is one line. It may hold the email as typed: print
    it in the answer to the one who typed it, and nowhere else.
    """
    return {field: _printable(field, given(fields, field)) for field in FIELD_NAMES}


def typed_again(
    fields: Mapping[str, object], *, lines: Sequence[str], passages: Sequence[str]
) -> dict[str, str]:
    """The same of another form: of fields with one line, and of those with more."""
    of_lines = {name: _printable(name, fields.get(name)) for name in lines}
    return of_lines | {name: _printable("comment", fields.get(name)) for name in passages}


def _printable(field: str, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**20:
        value = str(value)
    if not isinstance(value, str):
        return ""
    if field == "comment":
        return _UNPRINTABLE.sub("\ufffd", value[:_MOST].replace("\r\n", "\n"))
    return _LINE_BREAKS.sub(" ", _UNPRINTABLE.sub("\ufffd", value[:_MOST]))
