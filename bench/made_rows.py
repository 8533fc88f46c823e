"""Rows of pages, authors and comments in the text format of COPY, some thousand at a time.

Python writes while Postgres reads: with two processors neither waits for long. No value has a tab, a line's
end or a backslash, so that nothing is escaped.
"""

import hashlib
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.made_findings import Kind, Said
from bench.made_threads import DAY_US, NOBODY, Path, Threads
from bench.made_words import Writer
from service.moderation.names import name_skeleton
from service.moderation.text_view import fingerprint
from service.storage.pages import url_digest

AT_ONCE = 2000
CHECKED_AFTER_US = 2_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NULL = r"\N"

PAGE_COLUMNS = ["site_id", "id", "url", "url_digest", "title", "published_count", "revision", "created_at"]
AUTHOR_COLUMNS = ["site_id", "id", "key", "created_at"]
COMMENT_COLUMNS = [
    "site_id", "id", "page_id", "parent_id", "ancestors", "author_id", "author", "text", "fingerprint",
    "network", "seconds_to_fill", "status", "reason", "version", "published_descendants", "submitted_at",
    "published_at", "due_at", "user_agent", "decided_at", "address_dropped", "name_skeleton", "risk",
    "language", "objections",
]  # fmt: skip

_STATUS = {
    Path.PENDING: "pending",
    Path.PUBLISHED: "published",
    Path.APPROVED: "published",
    Path.HELD: "held",
    Path.REJECTED: "rejected",
    Path.SPAM: "spam",
}
_KIND: Mapping[Path, Kind] = {Path.PUBLISHED: "published", Path.SPAM: "spam"}
_REJECTED_FOR = ("off_topic", "abusive", "misinformation", "hate", "advertising")
_AGENTS = ("chrome", "safari", "firefox", "edge", "other")


@dataclass(frozen=True, slots=True)
class Press:
    """What rows are made of."""

    threads: Threads
    site_ids: Sequence[int]
    said: Mapping[Kind, Sequence[Said]]
    writer: Writer
    chance: random.Random
    now_us: int

    def pages(self) -> Iterator[str]:
        """A line for each page; its id is its place + 1."""
        of = self.threads
        for place, site in enumerate(of.page_site):
            words = self.writer.words[place % 5000 : place % 5000 + 4]
            url = f"https://site-{site + 1}.example/{words[0]}/{place + 1}/{'-'.join(words)}"
            published = of.page_published[place]
            yield _line(
                self.site_ids[site], place + 1, url, _bytes(url_digest(url)), " ".join(words).capitalize(),
                published, published, moment(of.page_us[place]),
            )  # fmt: skip

    def authors(self) -> Iterator[str]:
        """A line for each author; its id is its place + 1."""
        of = self.threads
        for place, site in enumerate(of.author_site):
            key = hashlib.sha256(b"author %d" % place).hexdigest()[:12]
            yield _line(self.site_ids[site], place + 1, key, moment(of.author_us[place]))

    def comments(self) -> Iterator[str]:
        """A line for each comment, in the order of time."""
        of = self.threads
        ids: list[str] = []
        for place, at in enumerate(of.at_us):
            ids.append(self._id(at))
            yield self._comment(place, ids)

    def _id(self, at_us: int) -> str:
        """As `new_comment_id`, of the seeded chance."""
        drawn = self.chance.getrandbits(74)
        return f"{at_us // 1000:012x}7{drawn >> 62:03x}{0x8000000000000000 | drawn & 0x3FFFFFFFFFFFFFFF:016x}"

    def _comment(self, place: int, ids: Sequence[str]) -> str:
        of, own, at = self.threads, ids[place], self.threads.at_us[place]
        path = Path(of.path[place])
        said = self._said(path, own)
        decided = self._decided_us(path, at)
        above = [ids[each] for each in of.ancestors(place)]
        author = of.author[place]
        name = self.writer.name(author if author != NOBODY else place)
        text = self.writer.text()
        page = of.page[place]
        is_young = self.now_us - at < 29 * DAY_US
        is_public = _STATUS[path] == "published"
        return _line(
            self.site_ids[of.page_site[page]], own, page + 1,
            above[-1] if above else None, "{" + ",".join(above) + "}",
            author + 1 if author != NOBODY else None, name, text, _bytes(fingerprint(text)),
            rf"\\x{author * 7 % 65536:032x}" if is_young and author != NOBODY else None,
            5 + int(own[-2:], 16), _STATUS[path], _reason(path, own, said), _version(path), of.below[place],
            moment(at), moment(decided) if is_public and decided else None, moment(at),
            _AGENTS[int(own[-1], 16) % 5] if is_young else None, moment(decided) if decided else None,
            "t" if is_public and decided and self.now_us - decided > 90 * DAY_US else "f",
            name_skeleton(name), *_traits(said),
        )  # fmt: skip

    def _said(self, path: Path, own: str) -> Said | None:
        """Which of the findings: the last two bytes of the id choose, here and in `made_beside`."""
        if path is Path.PENDING:
            return None
        choice = self.said[_KIND.get(path, "held")]
        return choice[int(own[-4:], 16) % len(choice)]

    def _decided_us(self, path: Path, at_us: int) -> int | None:
        """The checks take two seconds, a moderator some hours."""
        match path:
            case Path.PENDING:
                return None
            case Path.APPROVED | Path.REJECTED:
                waited = CHECKED_AFTER_US + int(self.chance.expovariate(1 / 7_200_000_000))
                return min(at_us + waited, max(at_us + CHECKED_AFTER_US + 1, self.now_us))
            case _:
                return at_us + CHECKED_AFTER_US


async def in_pieces(lines: Iterator[str]) -> AsyncIterator[bytes]:
    """The lines as COPY takes them."""
    piece: list[str] = []
    for line in lines:
        piece.append(line)
        if len(piece) == AT_ONCE:
            yield "".join(piece).encode()
            piece.clear()
    if piece:
        yield "".join(piece).encode()


def moment(at_us: int) -> str:
    """A time as Postgres reads it."""
    return str(_EPOCH + timedelta(microseconds=at_us))


def _line(*values: object) -> str:
    return "\t".join([_NULL if value is None else str(value) for value in values]) + "\n"


def _bytes(value: bytes) -> str:
    return rf"\\x{value.hex()}"


def _version(path: Path) -> int:
    return {Path.PENDING: 1, Path.APPROVED: 3, Path.REJECTED: 3}.get(path, 2)


def _reason(path: Path, own: str, said: Said | None) -> str | None:
    if path is Path.REJECTED:
        return _REJECTED_FOR[int(own[-2:], 16) % len(_REJECTED_FOR)]
    return said.reason if said and path in (Path.HELD, Path.SPAM) else None


def _traits(said: Said | None) -> tuple[float | None, str | None, str | None]:
    if said is None:
        return None, None, None
    traits = said.traits
    objections = "{" + ",".join(traits.objections) + "}" if traits.objections else None
    return traits.risk, traits.language, objections
