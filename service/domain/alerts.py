"""When an alert begins and when it ends: not at the same value, so that it does not come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from pydantic import Field

from service.domain.policy_parts import Part

Kind = Literal["held_too_long", "queue_too_long", "check_down"]
KINDS: tuple[Kind, ...] = get_args(Kind)

AlertType = Literal["alert.raised", "alert.ended"]
ALERT_TYPES: tuple[AlertType, ...] = get_args(AlertType)

ENDS_AT = 0.8
"""It ends where the value is down to this share of its threshold."""

LATEST = 20
"""So many of the latest checked comments are looked at for checks that are down."""

Key = tuple[Kind, str]
T = TypeVar("T")


class AlertPolicy(Part):
    """From when moderators are told, by webhook and mail; null is never."""

    held_minutes: int | None = Field(
        default=None, ge=1, le=100_000, description="when a comment is held for longer than so many minutes"
    )
    queue: int | None = Field(
        default=None, ge=1, le=10_000_000, description="when more comments than this are held"
    )
    check_failures: int | None = Field(
        default=None, ge=1, le=LATEST, description="when a check gave no answer so many times in a row"
    )

    @property
    def is_any_on(self) -> bool:
        """Whether there is anything to look at."""
        return any(value is not None for value in (self.held_minutes, self.queue, self.check_failures))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found; `subject` is the check, `value` and `threshold` are minutes, comments or answers."""

    kind: Kind
    subject: str
    threshold: int
    value: int
    begins: bool
    ends: bool

    @property
    def key(self) -> Key:
        """There is one alert of each at a time."""
        return self.kind, self.subject


def read_level(kind: Kind, value: int, threshold: int) -> Reading:
    """A reading of something that rises and falls: above the threshold it begins, well below it ends."""
    return Reading(kind, "", threshold, value, begins=value > threshold, ends=value <= ENDS_AT * threshold)


def read_check(name: str, failed: Sequence[bool], threshold: int) -> Reading:
    """A reading of a check's answers, the newest first: down after so many failures, well after answers."""
    latest = failed[:threshold]
    in_a_row = next((at for at, one in enumerate(failed) if not one), len(failed))
    return Reading(
        "check_down", name, threshold, in_a_row, begins=in_a_row >= threshold, ends=not any(latest)
    )


def changes(readings: Sequence[Reading], standing: Mapping[Key, T]) -> tuple[list[Reading], list[T]]:
    """The readings that raise an alert, and those of the standing alerts that end.

    One of which there is no reading ends: its threshold is gone, or its check is.
    """
    by_key = {one.key: one for one in readings}
    raised = [one for one in readings if one.begins and one.key not in standing]
    ended = [alert for key, alert in standing.items() if key not in by_key or by_key[key].ends]
    return raised, ended
