"""One rule for each field of a submission; null and empty are the same: nothing was given.

Every rule takes the raw value and returns the value to keep, or null where nothing was given, and raises
`Wrong` with a sentence for the one who filled in the form.
"""

import re
from uuid import UUID

from service.domain import text_rules
from service.domain.email import MAX_OCTETS, EmailAddress, InvalidEmail
from service.domain.fault import FaultCode
from service.domain.page_url import MAX_LENGTH as PAGE_URL_LIMIT
from service.domain.page_url import InvalidPageUrl, normalise_page_url
from service.domain.web_address import InvalidWebAddress
from service.domain.website import MAX_LENGTH as WEBSITE_LIMIT
from service.domain.website import WebsiteTooLong, parse_website

AUTHOR_LIMIT = 100
PAGE_TITLE_LIMIT = 200
SUBMISSION_KEY_LIMIT = 200
FORM_TOKEN_LIMIT = 500

NO_PAGE = (
    "This form does not say which page it belongs to: it needs a hidden field named page_url "
    "with the full address of the article."
)
NO_PARENT = "The comment that you answer is not there any more. Sent again, this one stands by itself."
OWN_ADDRESS = "Your email address stands here too, where everybody would read it."
_MAILBOX = re.compile(r"\S@\S+\.\S")
_UNSTORABLE = "Please remove the characters that cannot be printed."
_NOT_TEXT = "This must be text."

_SWITCHES = dict.fromkeys(("on", "true", "yes", "1"), True) | dict.fromkeys(
    ("off", "false", "no", "0", ""), False
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_POST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PRINTABLE_ASCII = re.compile(r"[!-~](?:[ -~]*[!-~])?")


class Wrong(ValueError):
    """One field is wrong; the name of the field is the caller's to know."""

    def __init__(self, code: FaultCode, detail: str) -> None:
        super().__init__(code)
        self.code: FaultCode = code
        self.detail = detail


def page_url(value: object) -> str | None:
    """The normalised address of the page."""
    typed = _text(value)
    if not typed:
        return None
    if len(typed) > PAGE_URL_LIMIT:
        raise Wrong("too_long", "The address of the page is too long.")
    try:
        return normalise_page_url(typed)
    except InvalidPageUrl:
        raise Wrong("invalid", "The address of the page must be a full http or https address.") from None


def post_id(value: object) -> str | None:
    """An id to put into the site's `post_url` template: nothing in it needs encoding there."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**20:
        value = str(value)
    typed = _text(value)
    if typed in {"", "0"}:
        return None
    if not _POST_ID.fullmatch(typed):
        raise Wrong("invalid", "The id of the article is not one.")
    return typed


def parent_id(value: object) -> UUID | None:
    """The comment that is answered; `0` means none, and what is no id of ours cannot be found."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = "0" if value == 0 else "?"
    typed = _text(value)
    if typed in {"", "0"}:
        return None
    if not _UUID.fullmatch(typed):
        raise Wrong("not_found", NO_PARENT)
    return UUID(typed)


def author(value: object, *, required: bool) -> str | None:
    """A name of 1 to 100 characters on one line.

    Refused: controls that turn the direction of writing round (they would rewrite what is printed beside
    the name), piles of combining marks, and names with nothing to see.
    """
    name = _text(value)
    if not name:
        _absent("Please enter your name.", required=required)
        return None
    if len(name) > AUTHOR_LIMIT:
        raise Wrong("too_long", f"Please use at most {AUTHOR_LIMIT} characters for your name.")
    if not text_rules.is_one_line(name):
        raise Wrong("invalid", "Please write your name on one line.")
    if text_rules.has_bidi_controls(name):
        raise Wrong("invalid", "Please remove the invisible characters that change the direction of writing.")
    if text_rules.has_mark_flood(name):
        raise Wrong("invalid", "Please use fewer accents on one letter of your name.")
    if text_rules.is_blank(name):
        raise Wrong("invalid", "Please enter a name that can be seen.")
    return name


def email(value: object, *, required: bool) -> EmailAddress | None:
    """An address of at most 254 octets; it is not trimmed: what is typed is what is judged."""
    if not _text(value):
        _absent("Please enter your email address. It is never shown.", required=required)
        return None
    typed = str(value)
    if len(typed.encode()) > MAX_OCTETS:
        raise Wrong("too_long", f"An email address has at most {MAX_OCTETS} characters.")
    try:
        return EmailAddress.parse(typed)
    except InvalidEmail:
        raise Wrong("invalid", "Please enter a valid email address, like name@example.org.") from None


def website(value: object) -> str | None:
    """An http(s) address."""
    typed = _text(value)
    if not typed:
        return None
    try:
        return parse_website(typed)
    except WebsiteTooLong:
        raise Wrong("too_long", f"Please use a web address of at most {WEBSITE_LIMIT} characters.") from None
    except InvalidWebAddress:
        raise Wrong("invalid", "Please enter a web address like https://example.org, or none.") from None


def switch(value: object) -> bool:
    """Whether a box was ticked: true, or what browsers and people send for it."""
    if value is None or isinstance(value, bool):
        return bool(value)
    typed = _text(value).lower()
    if typed not in _SWITCHES:
        raise Wrong("invalid", "This is either on or off.")
    return _SWITCHES[typed]


def comment(value: object, *, limit: int) -> str | None:
    """The text to store: CRLF to LF, trimmed, and nothing else."""
    text = _text(value)
    if text_rules.is_blank(text):
        raise Wrong("required", "Please write a comment.")
    if len(text) > limit:
        raise Wrong("too_long", f"Please shorten your comment to {limit} characters; it has {len(text)}.")
    return text


def passage(value: object, *, limit: int, missing: str = "") -> str | None:
    """What somebody says about a comment, on some lines; `missing` is told where it must be there."""
    text = _text(value)
    if text_rules.is_blank(text):
        _absent(missing, required=bool(missing))
        return None
    if len(text) > limit:
        raise Wrong("too_long", f"Please shorten this to {limit} characters; it has {len(text)}.")
    return text


def page_title(value: object) -> str | None:
    """A title on one line: a line break in it is a blank, as in HTML; no reader could correct it.

    One that holds an address is none: it would be shown to everybody.
    """
    title = text_rules.without_bidi_controls(re.sub(r"[ \t\n]+", " ", _text(value))).strip()
    if len(title) > PAGE_TITLE_LIMIT:
        raise Wrong("too_long", f"The title of the page has more than {PAGE_TITLE_LIMIT} characters.")
    if not text_rules.is_one_line(title):
        raise Wrong("invalid", "The title of the page must be one line.")
    return None if _MAILBOX.search(title) else title or None


def redirect_to(value: object) -> str | None:
    """As typed; what cannot be the address of a page leads nowhere and is ignored, never a fault."""
    try:
        target = _text(value)
    except Wrong:
        return None
    return target if 0 < len(target) <= PAGE_URL_LIMIT else None


def submission_key(value: object) -> str | None:
    """A name for this submission, chosen by the client."""
    return _opaque(value, SUBMISSION_KEY_LIMIT)


def form_token(value: object) -> str | None:
    """A token to be verified by whoever signed it."""
    return _opaque(value, FORM_TOKEN_LIMIT)


def _opaque(value: object, limit: int) -> str | None:
    typed = _text(value)
    if len(typed) > limit:
        raise Wrong("too_long", f"This has at most {limit} characters.")
    if typed and not _PRINTABLE_ASCII.fullmatch(typed):
        raise Wrong("invalid", "This may have printable ASCII characters only.")
    return typed or None


def _text(value: object) -> str:
    """The trimmed text without forbidden characters; they are looked for before trimming hides them."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Wrong("invalid", _NOT_TEXT)
    text = text_rules.newlines_as_lf(value)
    if text_rules.has_forbidden(text):
        raise Wrong("invalid", _UNSTORABLE)
    return text.strip()


def _absent(detail: str, *, required: bool) -> None:
    if required:
        raise Wrong("required", detail)
