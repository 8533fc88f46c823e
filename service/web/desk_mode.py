"""The page of the switch for when it gets hot, and of the opening hours."""

from datetime import UTC, datetime, timedelta

from service.domain.opening_hours import WEEKDAYS
from service.usecases.change_mode import ModeChange, change_mode
from service.web.desk_at_site import AtSite
from service.web.desk_policy_form import current, save
from service.web.desk_site import state_of
from service.web.desk_site_pages import SitePage, Values, body_of
from service.web.modes import ModeBody
from service.web.policy_payloads import policy_dump
from service.web.problems import Problem

HOURS = (1, 2, 4, 8, 12, 24, 72)
"""How long the switch may be on; else until somebody says otherwise."""


async def read(at: AtSite) -> Values:
    """The mode now, and the opening hours weekday by weekday."""
    if at.site is None:
        return await state_of(at) | {"hours": None, "version": 0, "switch_hours": HOURS}
    found = await current(at)
    hours = policy_dump(found.policy)["opening_hours"]
    days = {day: ", ".join(hours["days"].get(day, ())) if hours else "" for day in WEEKDAYS}
    return await state_of(at) | {
        "hours": hours, "days": days, "version": found.version, "switch_hours": HOURS,
    }  # fmt: skip


async def switch(at: AtSite) -> str:
    """Pre-moderate everything, close everything, or as usual again."""
    at.must("moderator")
    hours = at.form.get("hours", "")
    if hours and hours not in map(str, HOURS):  # never taken for "until somebody says otherwise"
        raise Problem(422, "invalid-decision", "The form is not valid")
    until = datetime.now(UTC) + timedelta(hours=int(hours)) if hours else None
    body = body_of(ModeBody, {"mode": at.form.get("mode"), "until": until})
    change = ModeChange(body.mode, body.until if body.mode != "usual" else None)
    await at.change(lambda held: change_mode(held, at.of, change, at.moderator_id))
    return "mode"


async def keep_hours(at: AtSite) -> str:
    """Other opening hours, or none."""
    document = policy_dump((await current(at)).policy)
    document["opening_hours"] = _hours(at) if at.form.get("limited") == "on" else None
    await save(at, document)
    return "hours"


def _hours(at: AtSite) -> Values:
    days = {day: _spans(at.form.get(f"opening_hours.days.{day}", "")) for day in WEEKDAYS}
    return {
        "time_zone": at.form.get("opening_hours.time_zone", "").strip(),
        "outside": at.form.get("opening_hours.outside", ""),
        "days": {day: spans for day, spans in days.items() if spans},
    }


def _spans(typed: str) -> list[str]:
    return [one.replace(" ", "").replace("–", "-") for one in typed.split(",") if one.strip()]


PAGE = SitePage("mode", "viewer", read, {"mode": switch, "hours": keep_hours})
