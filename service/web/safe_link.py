"""Decides, at output, whether an address somebody typed may stand in an href."""

import re

from service.domain.web_address import InvalidWebAddress, parse_web_address
from service.web.visible_characters import is_invisible

MAX_LENGTH = 2000

LINK_REL = "nofollow ugc noopener noreferrer"

# No space of any kind, quote, angle bracket, backslash or control: what browsers repair, readers misread.
_CLEAN = re.compile(r"https?://[^\s\"<>\\^`{|}\x00-\x20\x7f]+", re.IGNORECASE)


def safe_href(url: str | None) -> str | None:
    """The address if a reader may be sent there, else None.

    Allowed are absolute http and https URLs with a host and without userinfo: `https://bank.example@evil.example`
    reads as one place and leads to another.
    """
    if not url or len(url) > MAX_LENGTH or not _CLEAN.fullmatch(url) or any(map(is_invisible, url)):
        return None
    try:
        parse_web_address(url)  # a host that browsers read as another one, such as 0x7f.1, leads elsewhere
    except InvalidWebAddress:
        return None
    return url
