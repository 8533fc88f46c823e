"""A policy as people write it: its schema, every fault of a document at once, what changed between two."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from pydantic import ValidationError

from service.domain.fault import Fault, FaultCode
from service.domain.policy import Policy
from service.domain.text_rules import has_forbidden
from service.moderation.pipeline import check_names
from service.moderation.policy_entries import entry_faults

_CODES: dict[str, FaultCode] = {
    "missing": "required",
    "extra_forbidden": "not_allowed",
    "string_too_long": "too_long",
    "too_long": "too_long",
}


MOST_FAULTS = 100
"""So many are told at once; a document with more is none that somebody wrote."""

_REPRESENTED = re.compile(r"<\w+\.\w+: '(\w+)'>")
"""What Pydantic writes for a value of an enumeration: `<Outcome.HOLD: 'hold'>`."""

_LONGEST_GUESSED = 50
"""Characters of a misspelt name; what was meant by a longer one is not looked for."""


class InvalidPolicy(Exception):
    """A document that is no policy; `faults` has every one of its faults, by the name of the field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def read_policy(document: object) -> Policy:
    """The policy that `document` (parsed JSON or YAML) says; what it does not name has a new site's default.

    Raises:
        InvalidPolicy: with a field for each fault, such as `held_patterns.1` or `checks.linkz`.
    """
    unknown = [*_unknown_checks(document), *_unstorable(document, "policy")]
    try:
        # As JSON, in which a list is what becomes a tuple, and otherwise strictly: "2" is no number.
        policy = Policy.model_validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        first = islice(error.errors(include_url=False), MOST_FAULTS)
        raise InvalidPolicy([*map(_fault, first), *unknown][:MOST_FAULTS]) from None
    except TypeError:  # YAML knows values that JSON does not
        raise InvalidPolicy(
            [Fault("policy", "invalid", "It holds a value that JSON does not know.")]
        ) from None
    faults = [*unknown, *islice(entry_faults(policy), MOST_FAULTS)]
    if faults:
        raise InvalidPolicy(faults[:MOST_FAULTS])
    return policy


def policy_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a policy's document, with the checks there are."""
    schema = Policy.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Policy of a site"
    schema["properties"]["checks"]["propertyNames"] = {"enum": check_names()}
    return schema


def differences(before: Policy, after: Policy) -> list[str]:
    """What another policy says otherwise, one line for each field; of long lists how much, not what."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return [line for name in new for line in _differences(name, old.get(name), new[name])]


def line_of(policy: Policy, rule: str) -> str | None:
    """The line that `rule` names, as `max_links: 2`; null for one that the policy does not have."""
    at: Any = policy.model_dump(mode="json")
    for part in filter(None, rule.split(".")):
        if isinstance(at, Mapping) and part in at:
            at = at[part]
        elif isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            at = at[int(part)]
        else:
            return None
    return f"{rule}: {_shown(at)}" if rule else None


def _differences(name: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _differences(f"{name}.{key}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        had, has = ([_entry(one) for one in side] for side in (old, new))
        added, gone = _not_in(has, set(had)), _not_in(had, set(has))
        yield f"{name}: {added} more, {gone} fewer" if added or gone else f"{name}: in another order"
    else:
        yield f"{name}: {_shown(old)} → {_shown(new)}"


def _entry(one: Any) -> str:
    """An entry of a list by which it is found in the other one: there may be thousands."""
    return json.dumps(one, sort_keys=True)


def _not_in(entries: Sequence[str], others: set[str]) -> int:
    return sum(one not in others for one in entries)


_LONGEST_SHOWN = 60


def _shown(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{len(value)} entries"
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _unknown_checks(document: object) -> Iterator[Fault]:
    checks = document.get("checks") if isinstance(document, Mapping) else None
    known = check_names()
    unknown = [name for name in checks if name not in known] if isinstance(checks, Mapping) else []
    for name in unknown[:MOST_FAULTS]:
        yield Fault(f"checks.{name}"[:100], "not_found", f"There is no such check{_meant(str(name), known)}.")


def _unstorable(value: object, where: str) -> Iterator[Fault]:
    """Strings with characters that no policy has and that the database refuses."""
    if isinstance(value, str) and has_forbidden(value):
        yield Fault(where.removeprefix("policy.")[:100], "invalid", "It holds a control character.")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _unstorable(one, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            yield from _unstorable(one, f"{where}.{number}")


def _fault(error: Any) -> Fault:
    where = [str(part) for part in error["loc"] if part != "[key]"]
    kind = error["type"]
    if kind == "missing":
        detail = "This is required."
    elif kind == "extra_forbidden":
        detail = f"There is no such field{_meant(where[-1], Policy.model_fields) if len(where) == 1 else ''}."
    else:
        detail = _REPRESENTED.sub(r"'\1'", str(error["msg"]).removeprefix("Value error, ").rstrip(".") + ".")
    return Fault(".".join(where)[:100] or "policy", _CODES.get(kind, "invalid"), detail)


def _meant(name: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    close = get_close_matches(name, list(known), 1) if len(name) <= _LONGEST_GUESSED else []
    return f"; did you mean {close[0]}" if close else f"; there are {', '.join(known)}"
