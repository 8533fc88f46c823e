"""What somebody else changed of a policy while a form of it was filled in."""

from collections.abc import Sequence
from typing import Any

from service.domain.policy import Policy
from service.moderation.policy_document import differences
from service.storage import policies
from service.storage.policies import PolicyVersion
from service.web.desk_at_site import AtSite
from service.web.desk_policy_form import PolicyField, shown


async def meanwhile(at: AtSite, found: PolicyVersion, fields: Sequence[PolicyField]) -> dict[str, Any]:
    """For a page that shows a refused form again: what changed since, and what stands in its fields now.

    A field that was not touched shows what holds now, so that a second try brings nothing old back.
    """
    version, site = at.form.get("version", ""), at.of
    if not version.isdecimal() or int(version[:9]) == found.version:
        return {"meanwhile": ()}
    seen = await at.read(lambda held: policies.find_version(held, site.id, int(version[:9])))
    if seen is None:
        return {"meanwhile": ()}
    return {
        "meanwhile": differences(seen.policy, found.policy),
        "typed": _typed(dict(at.form), seen.policy, found.policy, fields),
    }


def _typed(
    form: dict[str, str], before: Policy, now: Policy, fields: Sequence[PolicyField]
) -> dict[str, str]:
    was, holds = shown(before, fields), shown(now, fields)
    for one in fields:
        if one.kind == "switch":
            if (form.get(one.name) == "on") == was[one.name]:
                form.pop(one.name, None)
                form |= {one.name: "on"} if holds[one.name] else {}
        elif _entries(form.get(one.name, "")) == _entries(str(was[one.name])):
            form.pop(one.name, None)
    return form


def _entries(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
