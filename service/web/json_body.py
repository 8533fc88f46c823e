"""A JSON object, read strictly: one meaning for every reader (RFC 8259, I-JSON RFC 7493 for keys)."""

import json
import math

from service.web.body_error import malformed

MAX_DEPTH = 8
_MOST_DIGITS = 100

_NOT_JSON = "The body is not valid JSON."


class _Refused(ValueError):
    """Valid for a lenient reader, not for this one; the message is written here and quotes nothing."""


def parse_json(raw: bytes) -> dict[str, object]:
    """The object in `raw`.

    Refused beyond the grammar: bytes that are not UTF-8 (a byte order mark too, RFC 8259 8.1), a key twice
    in one object, NaN and infinities (`1e999` too), integers of more than 100 digits, more than 8 levels, and
    anything but an object. Lone surrogates written as escapes pass: they are a fault of their field.

    Raises:
        BodyError: 400.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_finite,
        )
    except _Refused as refused:
        raise malformed(str(refused)) from None
    except (ValueError, RecursionError):
        raise malformed(_NOT_JSON) from None
    if not isinstance(value, dict):
        raise malformed("The body must be a JSON object.")
    if _is_deep(value):
        raise malformed(f"The body has more than {MAX_DEPTH} levels.")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _Refused("A key stands twice in one object.")
    return result


def _no_constant(_name: str) -> object:
    raise _Refused("NaN and Infinity are not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _Refused("A number is too long.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Refused("A number is too large.")
    return number


def _is_deep(value: dict[str, object]) -> bool:
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _children(outer)]
    return any(isinstance(item, (dict, list)) for item in level)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
