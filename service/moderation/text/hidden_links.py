"""Addresses written so that programs miss them: hxxp, [.], (dot), "dot com", w w w . a . c o m, (at)."""

import re
from collections.abc import Callable, Iterator

from service.moderation.link_finder import is_registrable, trim_address
from service.moderation.text.place import Place
from service.moderation.text.vocabulary import rank_of

_WORD_FOR_DOT = "dot|punkt|punto|ponto|точка"
_BOXED_DOT = rf" ?[\[({{] ?(?:\.|,|{_WORD_FOR_DOT}) ?[\])}}] ?"
_SAID_DOT = rf" (?:{_WORD_FOR_DOT}) "
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_LABELS = rf"{_LABEL}(?:\.{_LABEL})*"
_REST = r"(?:/[^\s<>\"]*)?"
_COMMON = "com|net|org|info|biz|ru|su|ua|xyz|io|co|tv|cc|gg|ly|eu|uk|de|fr|br|online|shop|site|store|club|vip"
"""Top-level domains that are meant where somebody says "dot" before them."""

_BOXED = re.compile(rf"(?<![\w@.-]){_LABELS}(?:{_BOXED_DOT}{_LABELS})+{_REST}")
_SAID = re.compile(rf"(?<![\w@.-]){_LABELS}{_SAID_DOT}(?:{_LABEL}{_SAID_DOT})?(?:{_COMMON})(?![\w-]){_REST}")
_GAP = re.compile(
    rf"(?<![\w@.-]){_LABELS}(?: \.(?:com|org|info|ru|xyz|shop)"
    rf"| \. (?:com|net|org|info|ru|xyz)(?= ?(?:[^\w ]|$)))(?![\w-]){_REST}"
)
_SCHEME = re.compile(
    r"(?<!\w)(?P<scheme>h ?(?:[tx7*_] ?){2,9}p{1,9} ?(?P<secure>[s5$]{0,9})) ?(?:\[:\]|:) ?/ ?/ ?"
    r"(?P<rest>[^\s<>\"]+)"
)
_WWW = re.compile(r"(?<!\w)(?:w ?){3,9}(?:\d{1,3})? ?\. ?(?P<rest>[^\s<>\"]+)")
_APART = re.compile(r"(?<!\S)[\w:/.-](?: [\w:/.-]){5,}(?!\S)")
_LOCAL = r"(?<![\w.%+-])([\w.%+-]{1,64})"
_BOXED_AT = re.compile(
    rf"{_LOCAL} ?[\[({{] ?(?:at|@|arroba|собака) ?[\])}}] ?"
    rf"({_LABELS}(?:(?:{_BOXED_DOT}|{_SAID_DOT}){_LABELS})*)"
)
_SAID_AT = re.compile(
    rf"{_LOCAL} (?:at|arroba|собака) ({_LABELS}{_SAID_DOT}(?:{_LABEL}{_SAID_DOT})?(?:{_COMMON}))(?![\w-])"
)
_DOT = re.compile(rf"{_BOXED_DOT}|{_SAID_DOT}| ?\. ?")
_NO_LABELS = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "on",
        "in",
        "my",
        "your",
        "any",
        "der",
        "die",
        "das",
        "el",
        "la",
        "le",
        "un",
        "o",
        "os",
        "this",
        "every",
        "and",
    )
)
_MAIL = frozenset(
    ("gmail", "googlemail", "yahoo", "hotmail", "outlook", "live", "icloud", "aol", "proton", "protonmail")
) | {"gmx", "web", "mail", "yandex", "zoho", "tutanota", "naver", "uol", "bol", "terra", "libero", "orange"}
_COMMON_WORD = 3_000
_BOX = re.compile(rf"[\[({{] ?(?:[.,@]|at|arroba|собака|{_WORD_FOR_DOT})")
_SAYS_DOT = re.compile(_SAID_DOT)
_SPACE_DOT = re.compile(r" \.")
_LONE_DOT = re.compile(r" \. ")
_SLASHES = re.compile(r"/ ?/")
_WS = re.compile(r"w ?w ?w")


def find_hidden(looks: str) -> Iterator[Place]:
    """Hidden URLs with the address they lead to, and mailboxes with theirs; linear."""
    for find in _FINDERS:
        yield from find(looks)


def _all(text: str, *hints: tuple[re.Pattern[str], re.Pattern[str]]) -> Iterator[re.Match[str]]:
    """What the patterns find whose hint, which costs far less, is there."""
    for hint, pattern in hints:
        if hint.search(text):
            yield from pattern.finditer(text)


def _mailboxes(text: str) -> Iterator[Place]:
    for match in _all(text, (_BOX, _BOXED_AT), (_SAYS_DOT, _SAID_AT)):
        host = _DOT.sub(".", match[2])
        if is_registrable(host) and not (match.re is _SAID_AT and _is_sentence(match[1], host)):
            yield Place("email", *match.span(), f"{match[1]}@{host}", is_hidden=True)


def _is_sentence(before: str, host: str) -> bool:
    """Buy at pills dot com: a place to buy at; but bob at gmail dot com."""
    return (rank_of(before) or _COMMON_WORD) < _COMMON_WORD and host.partition(".")[0] not in _MAIL


def _schemes(text: str) -> Iterator[Place]:
    for match in _all(text, (_SLASHES, _SCHEME)):
        rest = trim_address(_DOT.sub(".", _WWW.sub(r"www.\g<rest>", match["rest"])))
        written = text[match.start() : match.start("rest")]
        if "." in rest and written not in {"http://", "https://"}:
            secure = "s" if match["secure"] else ""
            yield Place(
                "hidden_url", match.start(), _end(match, text), f"http{secure}://{rest}", is_hidden=True
            )


def _www(text: str) -> Iterator[Place]:
    for match in _all(text, (_WS, _WWW)):
        rest = trim_address(match["rest"])
        if not match[0].startswith("www.") and "." in rest:
            yield Place("hidden_url", match.start(), _end(match, text), f"www.{rest}", is_hidden=True)


def _end(match: re.Match[str], text: str) -> int:
    return match.start() + len(trim_address(text[match.start() : match.end()]))


def _hosts(text: str) -> Iterator[Place]:
    for match in _all(text, (_BOX, _BOXED), (_SAYS_DOT, _SAID), (_SPACE_DOT, _GAP)):
        address = trim_address(_DOT.sub(".", match[0]))
        host = address.partition("/")[0]
        if is_registrable(host) and host.partition(".")[0] not in _NO_LABELS:
            yield Place("hidden_url", *match.span(), address, is_hidden=True)


def _letters_apart(text: str) -> Iterator[Place]:
    for match in _all(text, (_LONE_DOT, _APART)):
        address = match[0].replace(" ", "")
        if is_registrable(address.rpartition("//")[2].partition("/")[0]):
            yield Place("hidden_url", *match.span(), address, is_hidden=True)


_FINDERS: tuple[Callable[[str], Iterator[Place]], ...] = (_mailboxes, _schemes, _letters_apart, _www, _hosts)
