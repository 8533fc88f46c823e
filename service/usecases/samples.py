"""Looking at a sample of what the checks decided alone, without seeing what that was."""

from dataclasses import dataclass

from service.domain.errors import NoSample
from service.storage import samples
from service.storage.pool import Connection
from service.usecases.decide import Judge, Ruling, rule

_SAME = {"approve": "published", "reject": "rejected", "spam": "spam"}


@dataclass(frozen=True, slots=True)
class Compared:
    """What the checks had decided, told after the answer, and whether the answer is the same."""

    decided: str
    agrees: bool


async def answer_sample(connection: Connection, judge: Judge, ruling: Ruling) -> Compared:
    """Decide as for any comment, and note that it was decided unseen; the caller's transaction ends it.

    Raises:
        NoSample: nothing waits for an answer under this id on the judge's sites.
        RoleTooLow, StaleVersion, ClaimedByAnother, MissingReason, UnknownReason, IllegalMove: as `rule`.
    """
    decided = await samples.answer(connection, judge.known_ids, ruling.comment_id, judge.moderator_id)
    if decided is None:
        raise NoSample
    await rule(connection, judge, ruling)
    return Compared(decided, _SAME[ruling.action] == decided)
