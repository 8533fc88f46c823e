"""Headers of the shape `value; name=value`: Content-Type and Content-Disposition (RFC 9110 5.6.6)."""

import re

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE = re.compile(rf"[ \t]*({_WORD}(?:/{_WORD})?)[ \t]*")
_PARAMETER = re.compile(rf';[ \t]*(?:({_WORD})=({_WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*')


class MalformedHeader(ValueError):
    """Not of that shape, or a parameter twice."""


def split_parameters(header: str) -> tuple[str, dict[str, str]]:
    """The value and its parameters, names and value in lower case, quotes taken off.

    A backslash in a quoted string stays: browsers do not escape with it (WHATWG multipart/form-data).

    Raises:
        MalformedHeader: see there.
    """
    match = _VALUE.match(header)
    if not match:
        raise MalformedHeader
    parameters: dict[str, str] = {}
    at = match.end()
    while at < len(header):
        found = _PARAMETER.match(header, at)
        if not found or (found[1] and found[1].lower() in parameters):
            raise MalformedHeader
        if found[1]:
            parameters[found[1].lower()] = found[2][1:-1] if found[2].startswith('"') else found[2]
        at = found.end()
    return match[1].lower(), parameters
