"""Who gets mail of a site: addresses of moderators, known to the rest by their digests alone."""

from collections.abc import Sequence
from hashlib import sha256


class Recipients:
    """Addresses by site, or for all sites; none of them shows in a repr."""

    def __init__(self, entries: Sequence[tuple[str | None, str]] = ()) -> None:
        self._entries = [(site, address, sha256(address.encode()).digest()) for site, address in entries]

    def of_site(self, slug: str) -> list[bytes]:
        """The digests of those who want to hear of that site, each once."""
        return sorted({digest for site, _, digest in self._entries if site in {None, slug}})

    def address(self, slug: str, digest: bytes) -> str | None:
        """The address of that digest; null where it does not want to hear of that site any more."""
        found = (address for site, address, one in self._entries if one == digest and site in {None, slug})
        return next(found, None)


NOBODY = Recipients()
