"""A site's lists of domains: an entry covers the host that it names and whatever is below it."""

from functools import lru_cache

from service.moderation.hosts import host_of_url, hosts_in


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
    hosts = [host_of_url(entry if "//" in entry else f"https://{entry.strip()}") for entry in domains]
    return {host.name.removeprefix("www."): at for at, host in reversed(list(enumerate(hosts))) if host}


def leads_within(link: str, domains: tuple[str, ...]) -> bool:
    """Whether a link, an anchor too, leads to hosts of the list and to no other."""
    hosts = hosts_in(link) if domains else ()
    return bool(hosts) and all(
        not host.has_user and place_in(host.name, domains) is not None for host in hosts
    )
