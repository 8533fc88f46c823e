"""A site whose people decide about comments of words that mean something there alone."""

import random
from typing import Any
from uuid import UUID

from service.moderation.learning.correction import Task
from service.moderation.learning.shipped import Look
from service.storage.pool import Pool, settled
from service.usecases.decide import Judge
from service.usecases.learn import learn_some
from tests.factories import Paper

WORDS = 40
SPAMMY = 8


class FakeShipped:
    """Shipped models that know a little: a text is numbers, then whether it is spam, in the models' eyes."""

    def __init__(self, name: str = "as shipped") -> None:
        self.name = name
        self.looked = 0

    def digest(self) -> str:
        return self.name

    def look(self, text: str) -> Look:
        self.looked += 1
        known, *words = text.split()
        features = tuple((int(word), 0.3) for word in sorted(set(words)))
        log_odds: dict[Task, float] = {"spam": float(known), "abuse": -3.0}
        return Look(features, log_odds)


def draw_comment(seed: int, known: float = 0.6) -> tuple[str, bool]:
    """A text and whether it is spam."""
    drawn = random.Random(seed)
    is_spam = drawn.random() < 0.4
    words = {drawn.randrange(WORDS) for _ in range(10)} | ({drawn.randrange(SPAMMY)} if is_spam else set())
    if not is_spam:
        words -= set(drawn.sample(range(SPAMMY), 6))
    knows = drawn.gauss(known if is_spam else -known, 1)
    return f"{knows:.3f} " + " ".join(map(str, sorted(words))), is_spam


_STORE = """
INSERT INTO comment (site_id, id, page_id, author, text, fingerprint, status, version)
SELECT $1, $2, $3, 'Mara Quist', $4, sha256(convert_to($4, 'UTF8')), 'pending', 1
"""
_MOVE = """
WITH told AS (
    INSERT INTO decision (site_id, comment_id, version, from_status, status, source, action, moderator_id,
                          policy_version, reason, findings)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)
UPDATE comment SET status = $5, version = coalesce($3, version) WHERE site_id = $1 AND id = $2
"""
PASSED = '[{"check": "links", "outcome": "pass"}, {"check": "spam_model", "outcome": "hold"}]'


async def decide_many(
    paper: Paper,
    count: int,
    *,
    start: int = 0,
    judge: Judge | None = None,
    inverted: bool = False,
    checked: str = "held",
    findings: str = PASSED,
    by_people: bool = True,
) -> list[UUID]:
    """So many comments that the checks held, and then this moderator's decisions, in the quickest way."""
    who = (judge or paper.mina).moderator_id
    site = paper.site.id
    await paper.post()
    page_id = (await paper.page())["id"]
    ids = []
    async with paper.owner.transaction():
        for seed in range(start, start + count):
            text, is_spam = draw_comment(seed)
            comment_id = UUID(int=random.Random(f"id {seed}").getrandbits(128))
            ids.append(comment_id)
            said = "spam" if is_spam is not inverted else "published"
            action = "spam" if said == "spam" else "approve"
            await paper.owner.execute(_STORE, site, comment_id, page_id, text)
            await paper.owner.execute(
                _MOVE, site, comment_id, 2, "pending", checked, "checks",
                {"held": "hold", "published": "publish", "spam": "spam"}[checked], None, 1, None, findings,
            )  # fmt: skip
            if not by_people:
                continue
            version = None if said == checked else 3
            await paper.owner.execute(
                _MOVE, site, comment_id, version, checked, said, "moderator", action, who, None, None, "[]"
            )
        await paper.owner.execute(
            """
            UPDATE page SET published_count =
                (SELECT count(*) FROM comment WHERE page_id = page.id AND status = 'published')
            """
        )
    return ids


async def teach(worker: Pool, shipped: Any = None) -> int:
    """Let the housekeeping learn, as if some time had passed; at how many sites."""
    return await settled(worker, lambda held: learn_some(held, 10, shipped or FakeShipped()))


async def let_time_pass(paper: Paper, interval: str = "20 seconds") -> None:
    """As if the last lesson had been earlier."""
    await paper.owner.execute(
        "UPDATE site_learning SET learned_at = learned_at - $1::text::interval", interval
    )
