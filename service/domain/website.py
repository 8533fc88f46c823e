"""The author's own web address: the value that ends up in an `href`."""

import re

from service.domain.web_address import InvalidWebAddress, parse_web_address

MAX_LENGTH = 500

# What people type without a scheme: a name with a dot and a last label of letters, then perhaps a path.
# A colon before the path is left out on purpose: `javascript:x` and `localhost:80` are not such a name.
_BARE_NAME = re.compile(r"[^\s/?#:@\\%\[\]]+\.[^\W\d_]{2,63}(?:[/?#].*)?")
# Last labels that name a file and no domain: what ends so was never an address without its scheme.
_FILE_NAMES = re.compile(
    r"[^/?#]*\.(?:html?|txt|php|aspx?|jsp|jpe?g|png|gif|pdf|js|css|xml|json|exe)(?:[/?#].*)?"
)
_QUOTES = re.compile(r"""["'`<>]""")


class WebsiteTooLong(ValueError):
    """More than 500 characters, as typed or as written anew."""


def parse_website(raw: str) -> str:
    """The address written anew in ASCII; `paper.example` is read as `https://paper.example`.

    Raises:
        WebsiteTooLong: see there.
        InvalidWebAddress: not http(s), userinfo, no valid host, or a blank, control, backslash or quote.
    """
    if len(raw) > MAX_LENGTH:
        raise WebsiteTooLong
    if _QUOTES.search(raw):
        raise InvalidWebAddress
    website = parse_web_address("https://" + raw if _is_bare_name(raw) else raw).serialised()
    if len(website) > MAX_LENGTH:
        raise WebsiteTooLong
    return website


def _is_bare_name(raw: str) -> bool:
    return bool(_BARE_NAME.fullmatch(raw)) and not _FILE_NAMES.fullmatch(raw.lower())
