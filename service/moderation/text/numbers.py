"""Numbers that are more than a number: of a phone, a price, a machine; and handles, which are numbered so."""

import re
from collections.abc import Iterator

from service.moderation.text.place import Place
from service.moderation.text.vocabulary import is_known

_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]?\d)(?!\w)")
_HANDLE = re.compile(r"(?<![\w@/])(?<![^\W\d_][!#$%&*])@[^\W_]\w{1,38}")

_SIGN = "[$€£¥₽₩₴₹]"
_AMOUNT = r"\d[\d.,]{0,15}(?: \d{3}){0,4}"
_SCALE = r"(?: ?(?:k|m|mln|mio|mrd|bn|million|billion|thousand|тыс\.?|млн\.?)(?!\w))?"
_UNIT = (
    r"(?:usdt?|eur|gbp|euros?|dollars?|pounds|bucks|cents|рубл\w{1,3}|руб\.?|долларов|евро|reais|pesos|원)"
    r"(?!\w)"
)
_MONEY = re.compile(
    rf"(?:(?<![\w@$])|(?<=us)|(?<=(?<!\w)[racs])|(?<=(?<!\w)au)|(?<=(?<!\w)nz))"
    rf"{_SIGN} ?{_AMOUNT}{_SCALE}(?!(?<=\D\d)[^\W\d_])"
    rf"|(?<![\w.,@$€£]){_AMOUNT}{_SCALE} ?(?:{_SIGN}(?!\w)|{_UNIT})"
)
_SAID_SUM = ".,"

_PHONE = re.compile(
    r"(?<![\w.,/:=#$€£-])(?:\+ ?)?(?:\(\d{1,5}\)|\d)(?:[ .\-/]{0,2}(?:\(\d{1,5}\)|\d)){6,14}(?!\w|[.,:/-]\d)"
)
_DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-]|\d{4}[./-]\d{1,2}[./-]\d{1,2}).*")
_GROUPED_SUM = re.compile(r"\d{1,3}(?:([ .])\d{3})(?:\1\d{3})*")
_YEARS = re.compile(r"(?:1[5-9]|20)\d\d[ ./-]{1,3}(?:1[5-9]|20)\d\d")
_DIALLED = re.compile(
    r"\(\d{2,5}\) ?\d{2,4}[ .-]?\d{2,4}.*|\d{3}[ .-]\d{3}[ .-]\d{4}|\d{5}[ -]\d{5,6}"
    r"|\d[ -]\d{3}[ -]\d{3}[ -]\d{4}"
)
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
"""E.164 allows 15; what is shorter than 8 is rather a number of something."""


def find_ips(text: str) -> Iterator[Place]:
    """Addresses of machines (IPv4); a version has fewer dots or greater numbers."""
    for match in _IP.finditer(text):
        if all(int(part) < 256 for part in match[0].split(".")):
            yield Place("ip", *match.span(), match[0])


def find_handles(text: str) -> Iterator[Place]:
    """@names, not mailboxes."""
    if "@" in text:
        for match in _HANDLE.finditer(text):
            if is_known("a" + match[0][1:]) and not is_known(match[0][1:]):
                continue  # @ss is no name
            yield Place("handle", *match.span(), match[0])


def find_money(text: str) -> Iterator[Place]:
    """Sums with their currency, before or behind."""
    for match in _MONEY.finditer(text):
        said = match[0].rstrip(_SAID_SUM)
        yield Place("money", match.start(), match.start() + len(said), said.replace(" ", ""))


def find_phones(text: str) -> Iterator[Place]:
    """Numbers written as people write those they want called; dates, sums and spans of years are none."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and _is_dialled(match[0], digits):
            yield Place("phone", *match.span(), ("+" if match[0][0] == "+" else "") + digits)


def _is_dialled(written: str, digits: str) -> bool:
    if written[0] == "+":
        return True
    if _DATE.fullmatch(written) or _GROUPED_SUM.fullmatch(written) or _YEARS.fullmatch(written):
        return False
    if written[0] == "0":
        return len(digits) > 8 or not written.isdigit()
    return bool(_DIALLED.fullmatch(written))
