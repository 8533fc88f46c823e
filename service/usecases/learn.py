"""Housekeeping: lets each site's models learn from what its people decided, one site after the other."""

import time
from dataclasses import asdict
from typing import Any

import structlog

from service.domain.learning import Learning, StoredModel
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.learning.correction import TASKS, Correction, Task
from service.moderation.learning.lesson import Lesson
from service.moderation.learning.promise import Kept, Missing
from service.moderation.learning.shipped import Shipped, ShippedModels
from service.moderation.learning.site_lesson import CHECK_OF, MOST_LABELS, SiteLesson, Standing, teach_site
from service.moderation.learning.watching import Watched, watch
from service.storage import labels, learning, samples, sites
from service.storage.chores import database_now
from service.storage.learning import Due, Learned
from service.storage.pool import Connection
from service.usecases.site_models import corrections_of

log = structlog.get_logger(__name__)

SITES_AT_ONCE = 1
"""Learning takes seconds; between two sites the housekeeping looks at the time."""


async def learn_some(held: Connection, up_to: int = SITES_AT_ONCE, shipped: Shipped | None = None) -> int:
    """Learn at the sites that are due; how many there were.

    What one site teaches is written at once, and only if nobody changed anything by hand meanwhile. A lesson
    that ends in the middle is begun again by whoever looks next.
    """
    shipped = shipped or ShippedModels()
    for done in range(up_to):
        due = await learning.begin_due(held, shipped.digest())
        if due is None:
            return done
        await learn_at(held, due, shipped)
    return up_to


async def learn_at(held: Connection, due: Due, shipped: Shipped) -> bool:
    """One site's lesson; False where somebody changed something by hand meanwhile."""
    began = time.monotonic()
    site = await sites.find_site_of_id(held, due.site_id)
    assert site is not None  # noqa: S101  (its id comes from there)
    before = await learning.find_learning(held, due.site_id)
    said = await labels.list_labels(held, due.site_id, limit=MOST_LABELS, models=list(CHECK_OF.values()))
    lesson = teach_site(said, shipped, site.policy, await _standing(held, before, shipped.digest()))
    agreement = await samples.list_agreement(held, due.site_id, before.counted_from)
    watched = {
        one.status: watch(_promised(site.policy, one.status), one.answered, one.right) for one in agreement
    }
    async with held.transaction():
        now = await learning.find_learning(held, due.site_id, locked=True)
        if now.revision != before.revision:
            return False
        await _insert_models(held, site.id, lesson, shipped.digest())
        await _save(held, site, due, before, lesson, watched, len(said), shipped.digest())
    _tell(site, before, lesson, watched, len(said), time.monotonic() - began)
    return True


def _promised(policy: Policy, status: str) -> float | None:
    return {"published": policy.promise.publish, "spam": policy.promise.spam}.get(status)


async def _standing(held: Connection, before: Learning, shipped: str) -> dict[Task, Standing]:
    stored = {one.task: one for one in await learning.list_models_in_use(held, before.site_id)}
    corrections = corrections_of(list(stored.values()), shipped)
    return {
        task: Standing(
            state=before.states[task],
            correction=corrections.get(task),
            learned_at=stored[task].learned_at if task in stored else None,
            next_version=await learning.next_version(held, before.site_id, task),
        )
        for task in TASKS
    }


async def _insert_models(held: Connection, site_id: int, lesson: SiteLesson, shipped: str) -> None:
    for task, of in lesson.lessons.items():
        if of.correction is not None:
            await learning.insert_model(held, site_id, _stored(of, of.correction, task, shipped))


def _stored(lesson: Lesson, correction: Correction, task: Task, shipped: str) -> StoredModel:
    return StoredModel(
        task=task,
        version=correction.version,
        shipped=shipped,
        scale=correction.scale,
        bias=correction.bias,
        weights=correction.weights_as_bytes(),
        labels=lesson.labels[0],
        auc_shipped=lesson.auc_shipped,
        auc_corrected=lesson.auc_corrected,
    )


async def _save(
    held: Connection,
    site: Site,
    due: Due,
    before: Learning,
    lesson: SiteLesson,
    watched: dict[str, Watched],
    count: int,
    shipped: str,
) -> None:
    """Write it, with what follows for automation.

    A promise that is broken ends it: from then on people decide, and only what they decide and look at from
    then on counts, until that bears the promise out again.
    """
    breaks = "published" in watched and watched["published"].state == "broken" and before.broken_at is None
    mends = before.broken_at is not None and isinstance(lesson.publish, Kept)
    now = await database_now(held) if breaks else None
    thresholds = {} if breaks else _thresholds(lesson, watched)
    await learning.save_learned(
        held,
        Learned(
            site_id=site.id,
            versions=_versions(before, lesson),
            thresholds=thresholds,
            report=_report(lesson, watched, shipped),
            policy_version=site.policy_version,
            seen_decision=due.newest,
            labels=count,
            counted_from=now or before.counted_from,
            broken_at=now or (None if mends else before.broken_at),
        ),
    )
    await learning.drop_old_models(held, site.id)


def _versions(before: Learning, lesson: SiteLesson) -> dict[str, int | None]:
    corrections = lesson.corrections
    return {
        task: before.versions[task] if task not in lesson.lessons else _version(corrections[task])
        for task in TASKS
    }


def _version(correction: Correction | None) -> int | None:
    return correction.version if correction else None


def _thresholds(lesson: SiteLesson, watched: dict[str, Watched]) -> dict[str, Any]:
    spam_broken = "spam" in watched and watched["spam"].state == "broken"
    return {
        "publish": asdict(lesson.publish) if isinstance(lesson.publish, Kept) else None,
        "spam": asdict(lesson.spam) if isinstance(lesson.spam, Kept) and not spam_broken else None,
        "is_refuted": lesson.is_refuted and not isinstance(lesson.publish, Kept),
    }


def _report(lesson: SiteLesson, watched: dict[str, Watched], shipped: str) -> dict[str, Any]:
    return {
        "shipped": shipped,
        "tasks": {task: _of_lesson(one) for task, one in lesson.lessons.items()},
        "publish": _of_promise(lesson.publish),
        "spam": _of_promise(lesson.spam),
        "promises": [_of_promise(one) for one in lesson.promises],
        "samples": {status: asdict(one) for status, one in watched.items()},
    }


def _of_lesson(lesson: Lesson) -> dict[str, Any]:
    return {
        "outcome": lesson.outcome,
        "labels": lesson.labels[0],
        "positive": lesson.labels[1],
        "auc_shipped": lesson.auc_shipped,
        "auc_corrected": lesson.auc_corrected,
        "ignored_moderators": list(lesson.ignored),
    }


def _of_promise(found: Kept | Missing | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found) | {"kept": isinstance(found, Kept)}


def _tell(
    site: Site, before: Learning, lesson: SiteLesson, watched: dict[str, Watched], count: int, took_s: float
) -> None:
    log.info(
        "site lesson",
        site=site.slug,
        labels=count,
        outcomes={task: one.outcome for task, one in lesson.lessons.items()},
        ms=round(took_s * 1000),
    )
    for task, one in lesson.lessons.items():
        if one.ignored:
            log.warning("labels contradict", site=site.slug, task=task, moderators=list(one.ignored))
    for status, one_watched in watched.items():
        if one_watched.state in {"falling", "broken"}:
            log.warning(
                "people agree less than promised",
                site=site.slug,
                status=status,
                state=one_watched.state,
                answered=one_watched.answered,
                right=one_watched.right,
                automation="ended" if one_watched.state == "broken" or before.broken_at else "goes on",
            )
