"""What a lesson takes has bounds that readers and moderators do not choose."""

import tracemalloc
from datetime import UTC, datetime

from service.domain.learning import Label
from service.domain.policy import Policy
from service.moderation.learning.correction import TASKS
from service.moderation.learning.example import in_buckets
from service.moderation.learning.shipped import Look
from service.moderation.learning.site_lesson import MOST_CHARACTERS, Standing, latest, teach_site


class CountingShipped:
    """Models that know nothing, and how many characters they were shown."""

    def __init__(self) -> None:
        self.characters = 0

    def digest(self) -> str:
        return "none"

    def look(self, text: str) -> Look:
        self.characters += len(text)
        return Look((), dict.fromkeys(TASKS, -1.0))


def label(at: int, length: int) -> Label:
    return Label(
        id=at,
        text="a" * length,
        fingerprint=b"%d" % at,
        action="approve",
        reason=None,
        moderator_id=1,
        checked="held",
        only_models=True,
        none_objected=True,
        share=None,
        is_counted=True,
        decided_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def test_of_long_texts_fewer_are_learned_from_and_those_are_the_latest() -> None:
    labels = [label(at, 300) for at in range(10)]
    assert [one.id for one in latest(labels, 1000)] == [7, 8, 9]
    assert [one.id for one in latest(labels, 900)] == [7, 8, 9]
    assert [one.id for one in latest(labels, 899)] == [8, 9]
    assert latest(labels, 3000) == labels
    assert latest([], 1) == []


def test_fifteen_hundred_of_the_longest_comments_do_not_make_a_lesson_longer() -> None:
    shipped = CountingShipped()
    labels = [label(at, 5000) for at in range(1500)]
    lesson = teach_site(labels, shipped, Policy(), {task: Standing() for task in TASKS})
    assert shipped.characters == MOST_CHARACTERS
    assert lesson.lessons["spam"].labels == (MOST_CHARACTERS // 5000, 0)


def test_what_a_text_has_is_kept_in_few_bytes() -> None:
    pairs = [(at * 7, at / 3) for at in range(10_000)]
    tracemalloc.start()
    try:
        kept = in_buckets(pairs)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 20 * len(pairs)
    assert list(kept) == pairs
