"""Posts rows through the form as readers' browsers do, and asks again when an answer fails to come."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

from service.cli.replay_rows import Row

TRIES = 60
ANSWER_S = 15.0


Session = aiohttp.ClientSession  # noqa: TID251  (see `post_all`)


@dataclass(slots=True)
class Ledger:
    """What was sent and what came back; written before anything is sent."""

    sent: dict[int, Row] = field(default_factory=dict)
    accepted: dict[int, str] = field(default_factory=dict)  # row number to receipt address
    refused: dict[int, int] = field(default_factory=dict)  # row number to 4xx status
    unanswered: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # of the answers 303


@dataclass(frozen=True, slots=True)
class Target:
    """Where to post to, and under which names: every row is another author on the page of its source."""

    url: str
    site: str
    run: str

    def page_url(self, source: str) -> str:
        """The page of one source in this run."""
        return f"{self.url}/replay/{self.run}/{source}"

    def author(self, row: Row) -> str:
        """A name by which the row is found again."""
        return f"reader {row.number}"

    def form(self, row: Row) -> dict[str, str]:
        """The fields of the form."""
        return {
            "page_url": self.page_url(row.source),
            "author": self.author(row),
            "email": f"reader-{row.number}.{self.run}@replay.example.com",
            "comment": row.text,
            "submission_key": f"replay-{self.run}-{row.number}",
        }


async def post_all(
    rows: Sequence[Row], target: Target, *, clients: int, answered: Callable[[], None]
) -> Ledger:
    """Post every row once, from so many clients at once; a lost answer is asked for again under its key."""
    ledger = Ledger()
    waiting = iter(rows)
    timeout = aiohttp.ClientTimeout(total=ANSWER_S)
    # It asks the operator's own service, as the operator says, and reads nothing but headers.
    async with Session(timeout=timeout) as session:

        async def client() -> None:
            for row in waiting:
                await _post(session, row, target, ledger)
                answered()

        await asyncio.gather(*(client() for _ in range(clients)))
    return ledger


async def _post(session: Session, row: Row, target: Target, ledger: Ledger) -> None:
    ledger.sent[row.number] = row
    for attempt in range(TRIES):
        wait_s = await _try(session, row, target, ledger)
        if wait_s is None:
            return
        await asyncio.sleep(min(wait_s, 0.2 * 2**attempt, 5.0) * random.uniform(0.5, 1.0))  # noqa: S311
    ledger.unanswered.append(row.number)


async def _try(session: Session, row: Row, target: Target, ledger: Ledger) -> float | None:
    """Send it once; how long to wait before the next try, None when it is answered."""
    address = f"{target.url}/api/v1/sites/{target.site}/comments"
    started = asyncio.get_running_loop().time()
    try:
        async with session.post(address, data=target.form(row), allow_redirects=False) as response:
            await response.read()
    except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
        ledger.answers[type(error).__name__] += 1
        return 1.0
    ledger.answers[str(response.status)] += 1
    if response.status == 303:
        ledger.accepted[row.number] = response.headers["Location"]
        ledger.seconds.append(asyncio.get_running_loop().time() - started)
        return None
    if response.status in {429, 503}:
        return float(response.headers.get("Retry-After", "1"))
    if 400 <= response.status < 500:
        ledger.refused[row.number] = response.status
        return None
    return 1.0
