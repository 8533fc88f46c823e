"""What admins do about a site's models: look, turn off and on, go back, and let automation begin anew."""

from dataclasses import dataclass
from typing import Literal

from service.domain.errors import ModelNotFound
from service.domain.learning import Learning, State, StoredModel
from service.domain.site import Site
from service.moderation.learning.correction import TASKS, Task
from service.storage import audit, learning, moderators, samples
from service.storage.audit import AuditEntry
from service.storage.pool import Connection

Action = Literal["off", "on", "revert", "resume"]


@dataclass(frozen=True, slots=True)
class ModelChange:
    """What is wished.

    Attributes:
        action: `off`: the shipped model as it is, and nothing is learned; `on`: learn again; `revert`: an
            earlier version, and nothing is learned; `resume`: the checks may decide again after a broken
            promise, which counts anew from now.
        task: which model; None is both (`resume` concerns both always).
        version: to which one `revert` goes; 0 is the shipped model; None is the one before.
    """

    action: Action
    task: Task | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known about a site's models."""

    site: Site
    learning: Learning
    models: list[StoredModel]
    waiting: int
    names: dict[int, str]


async def standing_of(held: Connection, site: Site) -> Standing:
    """What is in use, the versions that are kept, how many samples wait, and who was ignored, by name."""
    now = await learning.find_learning(held, site.id)
    ignored = {one for task in now.report.get("tasks", {}).values() for one in task["ignored_moderators"]}
    return Standing(
        site,
        now,
        await learning.list_models(held, site.id),
        await samples.count_waiting(held, [site.id]),
        await moderators.names_of(held, sorted(ignored)),
    )


async def change_models(held: Connection, site: Site, change: ModelChange, moderator_id: int | None) -> None:
    """Carry it out; the caller's transaction ends it, and no other change or lesson comes between.

    Raises:
        ModelNotFound: there is no such version to go back to, or none before the one in use.
    """
    now = await learning.lock_learning(held, site.id)
    kept = await learning.list_models(held, site.id)
    states, versions = dict(now.states), dict(now.versions)
    for task in (change.task,) if change.task else TASKS:
        if change.action != "resume":
            states[task], versions[task] = _set(
                change, versions[task], [m.version for m in kept if m.task == task]
            )
    await learning.save_change(
        held,
        site.id,
        states={task: str(state) for task, state in states.items()},
        versions=versions,
        moderator_id=moderator_id,
        begins_anew=change.action == "resume",
    )
    details = {"action": change.action, "version": change.version}
    subject = change.task or "both"
    await audit.record(held, AuditEntry("models.changed", site.id, moderator_id, subject, details))


def _set(change: ModelChange, now: int | None, kept: list[int]) -> tuple[State, int | None]:
    if change.action == "off":
        return "off", None
    if change.action == "on":
        return "learning", now
    wanted = change.version
    if wanted is None:
        if now is None:
            raise ModelNotFound(None)
        wanted = max((one for one in kept if one < now), default=0)
    if wanted and wanted not in kept:
        raise ModelNotFound(wanted)
    return "pinned", wanted or None
