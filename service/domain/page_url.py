"""Which page a comment hangs on, whose pages they are, and where a reader may be sent back to."""

from collections.abc import Collection
from dataclasses import replace

from service.domain.web_address import InvalidWebAddress, WebAddress, parse_web_address

MAX_LENGTH = 2000
_TRACKING_PREFIXES = ("utm_", "mc_")
_TRACKING_NAMES = frozenset({"fbclid", "gclid", "ref"})


class InvalidPageUrl(ValueError):
    """Not an absolute http(s) URL of at most 2,000 characters without userinfo, blanks or controls."""

    def __init__(self) -> None:
        super().__init__("not the address of a page")


def normalise_page_url(raw: str) -> str:
    """The one spelling of a page's address; twice is the same as once.

    Scheme and host lower-case (IDNA), default port, fragment and tracking parameters dropped, the other
    parameters sorted by name, then value, in their own encoding; the path as it is, an empty one is `/`.

    Raises:
        InvalidPageUrl: see there; blanks around it count, trim what people typed first.
    """
    address = _parse(raw)
    path, query = address.path or "/", _kept_parameters(address.query)
    url = address.origin + path + ("?" + query if query else "")
    if len(url) > MAX_LENGTH:
        raise InvalidPageUrl  # an IDNA host is longer than what was typed
    return url


def origin_of(url: str) -> str:
    """`scheme://host[:port]` of an absolute http(s) URL; raises InvalidPageUrl."""
    return _parse(url).origin


def parse_origin(raw: str) -> str | None:
    """An `Origin` header: null where it tells nothing, else an origin to look up among the registered.

    Null for `null` and for an empty header: unknown, never refused. What is no http(s) origin (another
    scheme, a path, a list) gives the empty string, which equals no registered origin: foreign, not unknown.
    """
    if raw.strip() in {"", "null"}:
        return None
    try:
        address = parse_web_address(raw.strip())
    except InvalidWebAddress:
        return ""
    bare = not address.path and address.query is None and address.fragment is None
    return address.origin if bare else ""


def safe_redirect(raw: str, origins: Collection[str]) -> str | None:
    """Where `redirect_to` may lead: the target written anew, or null unless its origin is one of `origins`.

    Origins are compared after parsing, whole: `https://good.example.evil.example` is another one. Relative
    targets are refused: they would lead to this service, not to the site.
    """
    try:
        address = _parse(raw)
    except InvalidPageUrl:
        return None
    if address.origin not in origins:
        return None
    target = replace(address, path=address.path or "/").serialised()
    return target if len(target) <= MAX_LENGTH * 3 else None


def _parse(raw: str) -> WebAddress:
    if len(raw) > MAX_LENGTH:
        raise InvalidPageUrl
    try:
        return parse_web_address(raw)
    except InvalidWebAddress:
        raise InvalidPageUrl from None


def _kept_parameters(query: str | None) -> str:
    pieces = [piece for piece in (query or "").split("&") if piece and not _is_tracking(piece)]
    return "&".join(sorted(pieces, key=lambda piece: piece.partition("=")[::2]))


def _is_tracking(piece: str) -> bool:
    name = piece.partition("=")[0]
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
