"""JSON read strictly: one meaning for every reader (RFC 8259; I-JSON, RFC 7493, for keys)."""

import json
import math

_MOST_DIGITS = 100


class NotStrictJson(ValueError):
    """It is not; the message is written here and quotes nothing."""


def parse_strict(raw: bytes, *, levels: int) -> object:
    """The value in `raw`.

    Refused beyond the grammar: bytes that are not UTF-8 (a byte order mark too, RFC 8259 8.1), a key twice
    in one object, NaN and infinities (`1e999` too), integers of more than 100 digits, and more levels of
    objects and lists than `levels`. Lone surrogates written as escapes pass.

    Raises:
        NotStrictJson: says why.
    """
    try:
        value: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_finite,
        )
    except NotStrictJson:
        raise
    except (ValueError, RecursionError):
        raise NotStrictJson("The body is not valid JSON.") from None
    if _is_deeper(value, levels):
        raise NotStrictJson(f"The body has more than {levels} levels.")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotStrictJson("A key stands twice in one object.")
    return result


def _no_constant(_name: str) -> object:
    raise NotStrictJson("NaN and Infinity are not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise NotStrictJson("A number is too long.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotStrictJson("A number is too large.")
    return number


def _is_deeper(value: object, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _children(outer)]
    return any(isinstance(item, (dict, list)) for item in level)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
