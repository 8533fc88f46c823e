"""Reads JSON that a stranger wrote: what is asked for is there and of its kind, or it is no answer."""

import math
import re
from collections.abc import Mapping

from service.outbound.errors import BadAnswer

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ /.-]{0,59}")


def mapping(value: object, name: str) -> Mapping[str, object]:
    """The object under that name.

    Raises:
        BadAnswer: there is none.
    """
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, dict):
        raise BadAnswer
    return found


def only(value: object, name: str) -> object:
    """The one entry of the list under that name.

    Raises:
        BadAnswer: there is no such list, or it has another length.
    """
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list) or len(found) != 1:
        raise BadAnswer
    entry: object = found[0]
    return entry


def share(value: object) -> float:
    """A number from 0 to 1.

    Raises:
        BadAnswer: it is none; true and false are none either.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadAnswer
    if not 0 <= value <= 1:
        raise BadAnswer
    return float(value)


def flag(value: object) -> bool:
    """True or false.

    Raises:
        BadAnswer: it is neither.
    """
    if not isinstance(value, bool):
        raise BadAnswer
    return value


def names(value: Mapping[str, object]) -> tuple[str, ...]:
    """The keys of an object, all of them short words that may be shown to moderators.

    Raises:
        BadAnswer: one of them is not.
    """
    if len(value) > 100 or not all(_NAME.fullmatch(key) for key in value):
        raise BadAnswer
    return tuple(value)
