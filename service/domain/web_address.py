"""An absolute http(s) URL, read so strictly that every browser reads it the same way."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote

import idna

DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[^\[\]:@%]{1,253})(?::([0-9]{0,5}))?")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LABELS = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# What RFC 3986 lets stand in a path, query or fragment, without the apostrophe: it ends an attribute.
_URL_SAFE = "/?:@!$&()*+,;=-._~%"


class InvalidWebAddress(ValueError):
    """Not an absolute http(s) URL, or one that two readers could read differently."""

    def __init__(self) -> None:
        super().__init__("not a plain http(s) address")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """The parts of one URL: `scheme` and `host` lower-case ASCII, `port` null where it is the default.

    `path` is empty or starts with a slash; `query` and `fragment` are null where they are absent. These
    three are kept as they were typed.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def origin(self) -> str:
        """`scheme://host[:port]`, as a browser writes it (RFC 6454 6.2)."""
        return f"{self.scheme}://{self.host}" + ("" if self.port is None else f":{self.port}")

    def serialised(self) -> str:
        """The whole URL in ASCII without a quote, a blank or an angle bracket, for `href` and `Location`."""
        query = "" if self.query is None else "?" + quote(self.query, safe=_URL_SAFE)
        fragment = "" if self.fragment is None else "#" + quote(self.fragment, safe=_URL_SAFE)
        return self.origin + quote(self.path, safe=_URL_SAFE) + query + fragment


def parse_web_address(raw: str) -> WebAddress:
    """Read an absolute http(s) URL; nothing is repaired.

    Browsers forgive much (WHATWG URL: blanks, backslashes, `https:host`, `0x7f.1`); what needs their
    forgiveness is refused here, so what is accepted means the same host to them.

    Raises:
        InvalidWebAddress: another scheme, userinfo, blanks, controls, a backslash, or a host that is not
            a valid name or address.
    """
    match = None if _FORBIDDEN.search(raw) else _URL.fullmatch(raw)
    authority = match and _AUTHORITY.fullmatch(match[2])
    if not match or not authority:
        raise InvalidWebAddress
    scheme = match[1].lower()
    return WebAddress(scheme, _host(authority[1]), _port(scheme, authority[2]), match[3], match[4], match[5])


def _port(scheme: str, digits: str | None) -> int | None:
    if not digits:
        return None
    port = int(digits)
    if port > 65_535:
        raise InvalidWebAddress
    return None if port == DEFAULT_PORTS[scheme] else port


def _host(typed: str) -> str:
    if typed.startswith("["):
        return _ipv6(typed[1:-1])
    host = _ascii_name(typed)
    if len(host) > 253 or not _LABELS.fullmatch(host):
        raise InvalidWebAddress
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _ipv4(host)
    return host


def _ascii_name(typed: str) -> str:
    """The IDNA form (RFC 5891, mapped by UTS 46 as browsers do); plain names pass as they are."""
    host = typed.lower()
    if host.isascii() and "xn--" not in host:
        return host
    if any(len(label) > 63 for label in _DOTS.split(host)):
        raise InvalidWebAddress  # before idna, which is slow on what is far too long
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        raise InvalidWebAddress from None


def _ipv4(host: str) -> str:
    """Four plain decimals only: `0x7f.1` and `017.0.0.1` mean different things to different readers."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise InvalidWebAddress from None


def _ipv6(inside: str) -> str:
    try:
        address = ipaddress.IPv6Address(inside)
    except ValueError:
        raise InvalidWebAddress from None
    if address.ipv4_mapped is None:
        return f"[{address.compressed}]"
    low = int(address) & 0xFFFF_FFFF  # newer Pythons print these with dots, browsers do not
    return f"[::ffff:{low >> 16:x}:{low & 0xFFFF:x}]"
