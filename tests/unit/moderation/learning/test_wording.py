"""What is missing before a site's decisions teach anything is said by kind and number."""

import pytest

from service.domain.learning import Learning
from service.moderation.learning.wording import model_words


@pytest.mark.parametrize(
    ("task", "labels", "positive", "said"),
    [
        ("spam", 201, 0, "yet: 0 of 12 that were spam; the shipped model decides (201 labels)."),
        ("abuse", 201, 11, "yet: 11 of 12 that were abuse; the shipped model decides (201 labels)."),
        ("spam", 201, 190, "yet: 11 of 12 that were fine; the shipped model decides (201 labels)."),
        ("spam", 49, 20, "yet: 49 of 50 of any kind; the shipped model decides (49 labels)."),
        ("spam", 3, 1, "yet: 3 of 50 of any kind, 1 of 12 that were spam, 2 of 12 that were fine; the"),
    ],
)
def test_what_is_missing_is_told_by_kind(task: str, labels: int, positive: int, said: str) -> None:
    found = {
        "outcome": "too_few",
        "labels": labels,
        "positive": positive,
        "auc_shipped": None,
        "auc_corrected": None,
        "ignored_moderators": [],
    }
    assert said in model_words(task, Learning(site_id=1, report={"tasks": {task: found}}))
