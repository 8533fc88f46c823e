"""A site's lists of domains: an entry covers the host that it names and whatever is below it."""

import re
from functools import lru_cache

from service.moderation.hosts import host_of_url, hosts_in
from service.moderation.link_finder import public_suffix

_LABEL = re.compile("(?!-)[^\\s!-,./:-@\\[-^`{-\x7f]{1,63}(?<!-)")
"""Letters, digits, signs beyond ASCII (as in names of emoji), hyphens inside, underscores."""


def place_in(name: str, domains: tuple[str, ...]) -> int | None:
    """The place of the first entry that the host is, or is below of."""
    if not domains:
        return None
    listed = as_hosts(domains)
    labels = name.split(".")
    parents = (".".join(labels[at:]) for at in range(len(labels)))
    return min((listed[parent] for parent in parents if parent in listed), default=None)


@lru_cache(maxsize=64)
def as_hosts(domains: tuple[str, ...]) -> dict[str, int]:
    """From each entry's host to its place; an entry may be written as a URL, with www, or in Punycode."""
    hosts = list(map(host_of_entry, domains))
    return {host: at for at, host in reversed(list(enumerate(hosts))) if host}


def host_of_entry(entry: str) -> str | None:
    """The host that one entry names, in Unicode and without www; null where it names none."""
    host = host_of_url(entry if "//" in entry else f"https://{entry.strip()}")
    return host.name.removeprefix("www.") if host else None


def leads_within(link: str, domains: tuple[str, ...]) -> bool:
    """Whether a link, an anchor too, leads to hosts of the list and to no other."""
    hosts = hosts_in(link) if domains else ()
    return bool(hosts) and all(
        not host.has_user and place_in(host.name, domains) is not None for host in hosts
    )


def is_host(name: str) -> bool:
    """Whether a host can be called so: a name in Unicode, or an address."""
    return len(name) <= 253 and all(map(_LABEL.fullmatch, name.split(".")))


def is_public_suffix(name: str) -> bool:
    """Whether it is one under which everybody may register: com, co.uk, рф."""
    labels = [
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in name.split(".")
    ]
    encoded = ".".join(labels)
    return public_suffix(encoded) == encoded
