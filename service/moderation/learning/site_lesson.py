"""All that a site's decisions teach: a correction of each model, and the thresholds for its promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.learning import Label, State
from service.domain.policy import Policy
from service.moderation.learning.correction import TASKS, Correction, Task, probability
from service.moderation.learning.example import Example, part_of
from service.moderation.learning.labels import answer, stands_for
from service.moderation.learning.lesson import Lesson, teach
from service.moderation.learning.promise import Judged, Kept, Missing, keep, refutes
from service.moderation.learning.shipped import Look, Shipped
from service.moderation.learning.thresholds import CAUTIOUS

MOST_LABELS = 1500
"""The latest count: more take longer than a worker may be busy, and old ones are of other days."""

MOST_CHARACTERS = 750_000
"""Of their texts together: whoever sends long ones does not make a lesson longer or larger."""

CHECK_OF: Mapping[Task, str] = {"spam": "spam_model", "abuse": "abuse_model"}
"""The checks that ask the models, by the names under which a policy knows them."""

SHOWN_PROMISES = (0.9, 0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class Standing:
    """One model at a site before the lesson.

    Attributes:
        state: `off` and `pinned` are set by hand: nothing is learned.
        correction: in use now.
        learned_at: when that was learned; what was decided before must not judge it.
        next_version: of a new correction.
    """

    state: State = "learning"
    correction: Correction | None = None
    learned_at: datetime | None = None
    next_version: int = 1


@dataclass(frozen=True, slots=True)
class SiteLesson:
    """What came of it.

    Attributes:
        lessons: of each model that is learning.
        corrections: to be used from now on; None is the shipped model as it is.
        publish, spam: whether the promise of the policy is borne out; None: the policy promises none.
        promises: the same of publishing for some other promises, the loosest first.
        is_refuted: of what the cautious default would publish, surely fewer were fine than promised.
    """

    lessons: dict[Task, Lesson]
    corrections: dict[Task, Correction | None]
    publish: Kept | Missing | None
    spam: Kept | Missing | None
    promises: tuple[Kept | Missing, ...]
    is_refuted: bool = False


def teach_site(
    labels: Sequence[Label], shipped: Shipped, policy: Policy, standing: Mapping[Task, Standing]
) -> SiteLesson:
    """Learn from the labels, the oldest first; of long texts from fewer, see `MOST_CHARACTERS`."""
    labels = latest(labels)
    looks = [shipped.look(label.text) for label in labels]
    lessons: dict[Task, Lesson] = {}
    corrections: dict[Task, Correction | None] = {}
    scores: dict[Task, list[float | None]] = {}
    for task in TASKS:
        now = standing[task]
        if now.state == "learning":
            lessons[task] = _teach(task, now.next_version, labels, looks)
            corrections[task] = lessons[task].correction
            scores[task] = _out_of_sample(task, labels, looks, lessons[task])
        else:
            corrections[task] = now.correction
            scores[task] = _by_pinned(task, labels, looks, now)
    published = _about_publishing(labels, scores, policy)
    marked = _about_spam(labels, scores["spam"])
    promise = policy.promise
    return SiteLesson(
        lessons,
        corrections,
        publish=None if promise.publish is None else keep(promise.publish, published),
        spam=None if promise.spam is None else keep(promise.spam, marked),
        promises=tuple(keep(one, published) for one in SHOWN_PROMISES),
        is_refuted=promise.publish is not None
        and refutes(
            promise.publish, published, up_to=min(CAUTIOUS.abuse_held_above, CAUTIOUS.spam_held_above)
        ),
    )


def latest(labels: Sequence[Label], characters: int = MOST_CHARACTERS) -> Sequence[Label]:
    """The latest of these, which are the oldest first, whose texts have no more characters together."""
    for at in range(len(labels) - 1, -1, -1):
        characters -= len(labels[at].text)
        if characters < 0:
            return labels[at + 1 :]
    return labels


def _teach(task: Task, version: int, labels: Sequence[Label], looks: Sequence[Look]) -> Lesson:
    examples = [
        Example(look.features, look.log_odds[task], said, label.moderator_id, part_of(label.fingerprint))
        for label, look in zip(labels, looks, strict=True)
        if (said := answer(task, label)) is not None
    ]
    return teach(task, version, examples)


def _out_of_sample(
    task: Task, labels: Sequence[Label], looks: Sequence[Look], lesson: Lesson
) -> list[float | None]:
    """Log-odds of each comment by what it did not teach; one that taught nothing is judged by all."""
    judged = iter(lesson.judged)
    return [
        next(judged) if answer(task, label) is not None else _by(lesson.correction, task, look)
        for label, look in zip(labels, looks, strict=True)
    ]


def _by_pinned(
    task: Task, labels: Sequence[Label], looks: Sequence[Look], now: Standing
) -> list[float | None]:
    return [
        None if now.learned_at and label.decided_at <= now.learned_at else _by(now.correction, task, look)
        for label, look in zip(labels, looks, strict=True)
    ]


def _by(correction: Correction | None, task: Task, look: Look) -> float:
    shipped = look.log_odds[task]
    return shipped if correction is None else correction.log_odds(shipped, look.features)


def _about_publishing(
    labels: Sequence[Label], scores: Mapping[Task, Sequence[float | None]], policy: Policy
) -> list[Judged]:
    """Comments on which the models alone would decide; the risk is the higher of their probabilities."""
    asked = [scores[task] for task in TASKS if policy.of_check(CHECK_OF[task]).on]
    judged = []
    for label, odds in zip(labels, zip(*asked, strict=True) if asked else [()] * len(labels), strict=True):
        weight = stands_for(label)
        known = [one for one in odds if one is not None]
        if weight is not None and label.only_models and len(known) == len(odds):
            risk = max((probability(one) for one in known), default=0.0)
            judged.append(Judged(risk, label.action == "approve", weight, label.none_objected))
    return judged


def _about_spam(labels: Sequence[Label], scores: Sequence[float | None]) -> list[Judged]:
    """The likelier spam, the sooner it would be marked: the risk is that it is none."""
    return [
        Judged(probability(-odds), answer("spam", label) is True, weight)
        for label, odds in zip(labels, scores, strict=True)
        if odds is not None and (weight := stands_for(label)) is not None
    ]
