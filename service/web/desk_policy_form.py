"""Fields of a policy as a form shows and sends them: one control for each, named as in the document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from service.domain.fault import Fault
from service.domain.policy import Policy
from service.domain.site import Site
from service.moderation.policy_document import read_policy
from service.storage import policies
from service.storage.policies import PolicyVersion
from service.storage.pool import Connection
from service.usecases.change_policy import Change, change_policy
from service.web.desk_at_site import AtSite
from service.web.desk_site_pages import body_of
from service.web.policy_payloads import NoteBody, policy_dump
from service.web.problems import Problem

Kind = Literal["text", "number", "share", "switch", "choice", "lines"]


@dataclass(frozen=True, slots=True)
class PolicyField:
    """One field: its dotted name in the document, how it is typed, its words, and what may be chosen.

    An empty number, share or text is null, where the policy knows null; of `lines` each is an entry.
    """

    name: str
    kind: Kind
    words: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


def shown(policy: Policy, fields: Sequence[PolicyField]) -> dict[str, Any]:
    """The value of each as its control shows it."""
    document = policy_dump(policy)
    return {one.name: _as_typed(_get(document, one.name), one.kind) for one in fields}


def changed(policy: Policy, fields: Sequence[PolicyField], form: Mapping[str, str]) -> dict[str, Any]:
    """The document with what the form says; a field that the form does not send stays, a switch is off.

    Raises:
        Problem: 422 for a number that is none.
    """
    document = policy_dump(policy)
    faults = []
    for one in fields:
        if one.kind != "switch" and one.name not in form:
            continue
        try:
            _set(document, one.name, _as_meant(form.get(one.name, ""), one.kind))
        except ValueError:
            faults.append(Fault(one.name, "invalid", "This is no number."))
    if faults:
        raise Problem(422, "invalid-policy", "The policy is not valid", errors=tuple(faults))
    return document


async def save(at: AtSite, document: object) -> None:
    """Make the document the site's policy, on top of the version that the form was made of.

    Raises:
        InvalidPolicy, PolicyChanged: nothing was changed.
        Problem: 422 for a note that a program could not send either.
    """
    at.must("admin")
    policy, site = read_policy(document), at.of
    seen = at.form.get("version", "")
    note = body_of(NoteBody, {"note": at.form.get("note", "").strip() or None}).note
    change = Change(policy, int(seen[:9]) if seen.isdecimal() else 0, at.moderator_id, note)
    await at.change(lambda held: change_policy(held, site.id, change))


async def current(at: AtSite) -> PolicyVersion:
    """The version that holds now, not the one that this process knew a second ago."""
    site: Site = at.of

    async def read(held: Connection) -> PolicyVersion:
        return await policies.find_current(held, site.id)

    return await at.read(read)


def _as_typed(value: Any, kind: Kind) -> Any:
    if kind == "lines":
        return "\n".join(str(one) for one in value)
    return value if kind == "switch" else "" if value is None else value


def _as_meant(typed: str, kind: Kind) -> Any:
    typed = typed.strip()
    match kind:
        case "switch":
            return typed == "on"
        case "lines":
            return [line.strip() for line in typed.splitlines() if line.strip()]
        case "number":
            return int(typed) if typed else None
        case "share":
            return float(typed.replace(",", ".")) if typed else None
        case "text":
            return typed or None
        case "choice":
            return typed


def _get(document: Any, name: str) -> Any:
    for part in name.split("."):
        document = document[part]
    return document


def _set(document: dict[str, Any], name: str, value: Any) -> None:
    *above, last = name.split(".")
    for part in above:
        document = document.setdefault(part, {})
    document[last] = value
