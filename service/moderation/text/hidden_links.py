"""Addresses written so that programs miss them: hxxp, [.], (dot), "dot com", w w w . a . c o m, (at)."""

import re
from collections.abc import Callable, Iterator

from service.moderation.link_finder import is_registrable, trim_address
from service.moderation.text.place import Place

_WORD_FOR_DOT = "dot|punkt|punto|ponto|point|точка"
_BOXED_DOT = rf" ?[\[({{] ?(?:\.|,|{_WORD_FOR_DOT}) ?[\])}}] ?"
_SAID_DOT = rf" (?:{_WORD_FOR_DOT}) "
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_LABELS = rf"{_LABEL}(?:\.{_LABEL})*"
_REST = r"(?:/[^\s<>\"]*)?"
_COMMON = (
    "com|net|org|info|biz|ru|su|ua|xyz|io|co|tv|me|cc|gg|ly|eu|uk|de|fr|br|online|shop|site|store|top|club"
    "|vip|live|app"
)
"""Top-level domains that are meant where somebody says "dot" before them."""

_BOXED = re.compile(rf"(?<![\w@.-]){_LABELS}(?:{_BOXED_DOT}{_LABELS})+{_REST}")
_SAID = re.compile(rf"(?<![\w@.-]){_LABELS}{_SAID_DOT}(?:{_LABEL}{_SAID_DOT})?(?:{_COMMON})(?![\w-]){_REST}")
_GAP = re.compile(
    rf"(?<![\w@.-]){_LABELS}(?: \.(?:com|org|info|ru|xyz|shop)"
    rf"| \. (?:com|net|org|info|ru|xyz)(?= ?(?:[^\w ]|$)))(?![\w-]){_REST}"
)
_SCHEME = re.compile(
    r"(?<!\w)(?:h(?:xx|\*\*|__|77|[ .-]t[ .-]?t[ .-]?)p(s?) ?(?:\[:\]|:)|http(s?)(?: :|\[:\])) ?// ?"
    r"(?P<rest>[^\s<>\"]+)|(?<!\w)http(s?):// (?P<gap>[^\s<>\"]+)"
)
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
_NEEDS = re.compile(rf"[\[({{<]|{_WORD_FOR_DOT}| \.|//| [.:/] ")
"""What every disguise below has one of; most texts have none."""


def find_hidden(looks: str) -> Iterator[Place]:
    """Hidden URLs with the address they lead to, and mailboxes with theirs; linear."""
    if _NEEDS.search(looks):
        for find in _FINDERS:
            yield from find(looks)


def _mailboxes(text: str) -> Iterator[Place]:
    for pattern in (_BOXED_AT, _SAID_AT):
        for match in pattern.finditer(text):
            host = _DOT.sub(".", match[2])
            if is_registrable(host):
                yield Place("email", *match.span(), f"{match[1]}@{host}")


def _schemes(text: str) -> Iterator[Place]:
    for match in _SCHEME.finditer(text):
        rest = trim_address(_DOT.sub(".", match["rest"] or match["gap"]))
        if "." in rest:
            secure = "s" if (match[1] or match[2] or match[4]) else ""
            yield Place("hidden_url", match.start(), match.end(), f"http{secure}://{rest}")


def _hosts(text: str) -> Iterator[Place]:
    for pattern in (_BOXED, _SAID, _GAP):
        for match in pattern.finditer(text):
            address = trim_address(_DOT.sub(".", match[0]))
            host = address.partition("/")[0]
            if is_registrable(host) and host.partition(".")[0] not in _NO_LABELS:
                yield Place("hidden_url", *match.span(), address)


def _letters_apart(text: str) -> Iterator[Place]:
    for match in _APART.finditer(text):
        address = match[0].replace(" ", "")
        if is_registrable(address.rpartition("//")[2].partition("/")[0]):
            yield Place("hidden_url", *match.span(), address)


_FINDERS: tuple[Callable[[str], Iterator[Place]], ...] = (_mailboxes, _schemes, _hosts, _letters_apart)
