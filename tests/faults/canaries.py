"""Addresses that exist nowhere else: every submission of a run carries one, and none may come out."""

from collections.abc import Iterable
from pathlib import Path

from tests.leaks.markers import MARKERS, leaks

ADDRESSES = tuple(MARKERS.values())


class Watch:
    """Reads what a run produces, each byte once, and looks for the canaries in every shape."""

    def __init__(self) -> None:
        self._read: dict[Path, int] = {}

    def in_files(self, paths: Iterable[Path]) -> list[str]:
        """What leaks in the parts of these files that are new since the last look."""
        found = []
        for path in paths:
            if path.is_file():
                with path.open("rb") as file:
                    file.seek(max(0, self._read.get(path, 0) - 400))  # an address across the border
                    new = file.read()
                self._read[path] = path.stat().st_size
                found += leaks(path.name, new)
        return found

    @staticmethod
    def in_words(place: str, words: Iterable[bytes]) -> list[str]:
        """What leaks in these answers."""
        return leaks(place, b"\n\0".join(words))
