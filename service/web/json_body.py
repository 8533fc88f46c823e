"""A JSON object as a body of a request."""

from service.strict_json import NotStrictJson, parse_strict
from service.web.body_error import malformed

MAX_DEPTH = 8


def parse_json(raw: bytes) -> dict[str, object]:
    """The object in `raw`, read as `parse_strict` does; more than 8 levels, and anything else, are refused.

    Raises:
        BodyError: 400.
    """
    try:
        value = parse_strict(raw, levels=MAX_DEPTH)
    except NotStrictJson as refused:
        raise malformed(str(refused)) from None
    if not isinstance(value, dict):
        raise malformed("The body must be a JSON object.")
    return value
