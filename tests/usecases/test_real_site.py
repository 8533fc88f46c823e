"""A site of real comments, taught by its moderator through the database, the housekeeping and the checks."""

import csv
import gzip
import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.domain.policy import Policy
from service.moderation.learning.agreement import auc
from service.storage.pool import Pool
from service.usecases.sweep import sweep
from tests.factories import Paper
from tests.usecases.checking import make_desk, never

SPAM = Path(__file__).parents[2].parent / "shared" / "data" / "moderation" / "gambling_id_alexis.csv.gz"
LABELS, UNSEEN = 200, 150

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not SPAM.is_file(), reason="the data beside the project is absent"),
]


@pytest.fixture
def policy() -> Policy:
    return Policy(checks={"repeats": {"on": False}, "near_duplicates": {"on": False}})  # type: ignore[dict-item]


def rows() -> list[tuple[str, bool]]:
    with gzip.open(SPAM, "rt", encoding="utf-8", newline="") as lines:
        found = [(row["text"], row["label"] == "1") for row in csv.DictReader(lines)]
    random.Random(6).shuffle(found)
    return found[: LABELS + UNSEEN]


async def checked(paper: Paper, worker: Pool, texts: list[tuple[str, bool]]) -> list[tuple[Any, float, str]]:
    """Post and check them: id, the spam model's score, its remark."""
    ids = [await paper.post(text=text) for text, _ in texts]
    await make_desk(worker, author_limit=None, network_limit=None).check_due(never)
    found = []
    for comment_id in ids:
        decision = (await paper.decisions(comment_id))[-1]
        findings = {one["check"]: one for one in orjson.loads(decision["findings"])}
        found.append((comment_id, findings["spam_model"]["score"], findings["spam_model"]["detail"]))
    return found


async def test_a_site_of_real_comments_is_taught_by_its_moderator(paper: Paper, worker: Pool) -> None:
    said = rows()
    taught, unseen = said[:LABELS], said[LABELS:]
    before = await checked(paper, worker, said)
    for (comment_id, _, _), (_, is_spam) in zip(before, taught, strict=False):
        await paper.decide(comment_id, "spam" if is_spam else "approve")
    assert (await sweep(worker, seconds=60))["learn from decisions"] == 1
    after = await checked(paper, worker, [(text + " .", is_spam) for text, is_spam in unseen])
    labels = [is_spam for _, is_spam in unseen]
    shipped = auc([score for _, score, _ in before[LABELS:]], labels)
    corrected = auc([score for _, score, _ in after], labels)
    assert shipped is not None
    assert corrected is not None
    assert corrected >= shipped + 0.05
    assert all("this site's correction 1" in remark for _, _, remark in after)
    assert not any("correction" in remark for _, _, remark in before)
