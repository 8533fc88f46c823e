"""Who writes what where: the shape of a big installation as numbers, before any row of it is made.

Comments are in the order of time and known by their place in it. Whole columns are arrays of numbers, so that
ten millions need one gigabyte and not ten.
"""

import random
from array import array
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

from bench.made_words import zipf

DAY_US = 86_400_000_000
YEAR_US = 365 * DAY_US
NOBODY = -1


class Path(IntEnum):
    """How a comment came to its status: by the checks, and where they held it, by a moderator after them."""

    PENDING = 0
    PUBLISHED = 1
    APPROVED = 2
    HELD = 3
    REJECTED = 4
    SPAM = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of what; `largest` is the number of comments on one page. Times are in µs since 1970."""

    sites: int
    pages: int
    comments: int
    held: int
    largest: int
    now_us: int
    depth: int = 5


@dataclass(slots=True)
class Threads:
    """Columns of comments, pages and authors; places in them are what `page`, `parent` and `author` hold."""

    page: "array[int]" = field(default_factory=lambda: array("I"))
    at_us: "array[int]" = field(default_factory=lambda: array("q"))
    parent: "array[int]" = field(default_factory=lambda: array("i"))
    author: "array[int]" = field(default_factory=lambda: array("i"))
    path: bytearray = field(default_factory=bytearray)
    below: "array[int]" = field(default_factory=lambda: array("I"))
    """How many published replies a comment has, replies to those included."""
    page_site: "array[int]" = field(default_factory=lambda: array("I"))
    page_us: "array[int]" = field(default_factory=lambda: array("q"))
    page_published: "array[int]" = field(default_factory=lambda: array("I"))
    author_site: "array[int]" = field(default_factory=lambda: array("I"))
    author_us: "array[int]" = field(default_factory=lambda: array("q"))

    def ancestors(self, place: int) -> list[int]:
        """From the top of the thread down to the parent."""
        above: list[int] = []
        while (place := self.parent[place]) != NOBODY:
            above.append(place)
        return above[::-1]


def plan_threads(shape: Shape, chance: random.Random) -> Threads:
    """Everything about a shape that can be told in numbers."""
    threads = Threads()
    by_site = _shares(shape.comments, shape.sites)
    comments: list[int] = []
    for site, (pages, here) in enumerate(zip(_shares(shape.pages, shape.sites), by_site, strict=True)):
        first = len(threads.page_site)
        for _ in range(pages):
            threads.page_site.append(site)
            threads.page_us.append(shape.now_us - chance.randrange(YEAR_US))
        largest = min(shape.largest, here) if site == 0 else 0
        comments += _times(shape, threads, chance, range(first, first + pages), (here, largest))
    comments.sort()
    threads.page_published = array("I", bytes(4 * len(threads.page_site)))
    _write(shape, threads, chance, comments, by_site)
    return threads


def _shares(total: int, count: int) -> list[int]:
    """`total` in `count` shares by Zipf, each at least one."""
    weights = zipf(count)
    shares = [max(1, round((total - count) / place / weights[-1])) for place in range(1, count + 1)]
    shares[0] += total - sum(shares)
    return shares


_PAGE_BITS = 24  # sixteen millions of pages


def _times(
    shape: Shape, threads: Threads, chance: random.Random, pages: range, many: tuple[int, int]
) -> list[int]:
    """Time and page of `many` comments in one number each, of which so many are on the first page.

    An article is talked about for a day or so; what would lie in the future is spread over its life.
    """
    here, largest = many
    drawn = chance.choices(pages, cum_weights=zipf(len(pages), 0.8), k=here - largest)
    made = []
    for page in (*(pages[0] for _ in range(largest)), *drawn):
        created = threads.page_us[page]
        at = created + int(chance.expovariate(1 / DAY_US))
        if at >= shape.now_us:
            at = created + int(chance.random() * (shape.now_us - created))
        made.append((at << _PAGE_BITS) | page)
    return made


def _write(
    shape: Shape, threads: Threads, chance: random.Random, comments: list[int], by_site: list[int]
) -> None:
    """Go through time once: who writes, to whom, and what becomes of it."""
    recent: dict[int, deque[int]] = {}
    people = _People(threads, chance, by_site)
    held = _held_shares(shape, by_site)
    threads.below = array("I", bytes(4 * len(comments)))
    pending_from = len(comments) - max(5, len(comments) // 4000)
    for place, packed in enumerate(comments):
        page, at = packed & ((1 << _PAGE_BITS) - 1), packed >> _PAGE_BITS
        site = threads.page_site[page]
        path = _path(chance, held[site], shape.now_us - at)
        open_ = recent.setdefault(page, deque(maxlen=40))
        threads.page.append(page)
        threads.at_us.append(at)
        threads.parent.append(_parent(chance, threads, open_, shape.depth))
        threads.author.append(people.one_of(site, at))
        threads.path.append(Path.PENDING if place >= pending_from else path)
        if threads.path[place] in (Path.PUBLISHED, Path.APPROVED):
            _publish(threads, place, page)
            open_.append(place)


def _publish(threads: Threads, place: int, page: int) -> None:
    threads.page_published[page] += 1
    while (place := threads.parent[place]) != NOBODY:
        threads.below[place] += 1


def _parent(chance: random.Random, threads: Threads, recent: deque[int], depth: int) -> int:
    """Four of ten answer something that was published lately, as deep as a site allows."""
    if not recent or chance.random() >= 0.4:
        return NOBODY
    found = chance.choice(recent)
    return found if len(threads.ancestors(found)) < depth - 1 else threads.parent[found]


def _held_shares(shape: Shape, by_site: list[int]) -> list[float]:
    """Which share of each site's comments is held: seven of ten wait at the busiest site."""
    busy = min(0.6, 0.7 * shape.held / by_site[0])
    rest = (shape.held - busy * by_site[0]) / max(1, sum(by_site[1:]))
    return [busy] + [min(0.6, rest)] * (len(by_site) - 1)


def _path(chance: random.Random, held: float, age_us: int) -> Path:
    """Spam and what was rejected is gone after 30 and 183 days: older comments are none."""
    drawn = chance.random()
    if drawn < held:
        return Path.HELD
    drawn = chance.random()
    if drawn < 0.05 and age_us < 29 * DAY_US:
        return Path.SPAM
    if drawn < 0.1 and age_us < 180 * DAY_US:
        return Path.REJECTED
    return Path.APPROVED if drawn > 0.9 else Path.PUBLISHED


class _People:
    """The authors of each site: few write much. One of twenty comments came without address: it has none."""

    def __init__(self, threads: Threads, chance: random.Random, by_site: list[int]) -> None:
        self._threads = threads
        self._chance = chance
        self._most = [max(1, comments // 6) for comments in by_site]
        self._known: dict[tuple[int, int], int] = {}

    def one_of(self, site: int, at_us: int) -> int:
        """An author of that site, made where new; `NOBODY` for one of twenty."""
        drawn = self._chance.random()
        if drawn >= 0.95:
            return NOBODY
        who = (site, int(self._most[site] * (drawn / 0.95) ** 2.5))
        if who not in self._known:
            self._known[who] = len(self._threads.author_site)
            self._threads.author_site.append(site)
            self._threads.author_us.append(at_us)
        return self._known[who]
