"""Works out which alerts begin and end at each site, and has them told; once each, whoever does it."""

from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

from service.domain.alerts import AlertType, Reading, changes, read_check, read_level
from service.domain.policy import Policy
from service.domain.policy_parts import SERVICES
from service.domain.recipients import NOBODY, Recipients
from service.domain.site import Site
from service.storage import alerts
from service.storage.alert_mails import insert_mails
from service.storage.alerts import Alert
from service.storage.figures import count_by_status
from service.storage.pool import Connection
from service.storage.sites import list_sites


def raise_alerts(recipients: Recipients = NOBODY) -> Callable[[Connection, int], Awaitable[int]]:
    """The chore that works them out and has webhooks and these recipients told."""

    async def some(connection: Connection, _up_to: int) -> int:
        """Look at every site that has alerts on, or one standing; how many began or ended."""
        await alerts.lock_alerts(connection)
        standing = await alerts.list_standing(connection)
        done = 0
        for site in await list_sites(connection):
            own = [one for one in standing if one.site_id == site.id]
            if site.policy.alerts.is_any_on or own:
                done += await _change(connection, site, own, recipients)
        return done

    return some


async def _change(connection: Connection, site: Site, standing: list[Alert], recipients: Recipients) -> int:
    readings = await _read(connection, site)
    raised, ended = changes(readings, {one.key: one for one in standing})
    found = {one.key: one.value for one in readings}
    told: list[tuple[UUID, AlertType]] = [
        (await alerts.insert_alert(connection, site.id, reading), "alert.raised") for reading in raised
    ]
    for alert in ended:
        await alerts.end_alert(connection, alert, found.get(alert.key))
        told.append((alert.id, "alert.ended"))
    for alert_id, kind in told:
        await alerts.tell_webhooks(connection, site.id, alert_id, kind)
        await insert_mails(connection, site.id, alert_id, kind, recipients.of_site(site.slug))
    return len(told)


async def _read(connection: Connection, site: Site) -> list[Reading]:
    wanted, readings = site.policy.alerts, []
    if wanted.held_minutes is not None:
        minutes = await alerts.minutes_held(connection, site.id)
        readings.append(read_level("held_too_long", minutes, wanted.held_minutes))
    if wanted.queue is not None:
        held = (await count_by_status(connection, [site.id]))[site.id]["held"]
        readings.append(read_level("queue_too_long", held, wanted.queue))
    if wanted.check_failures is not None:
        answers = await alerts.latest_answers(connection, site.id)
        readings += _read_checks(site.policy, answers, wanted.check_failures)
    return readings


def _read_checks(policy: Policy, answers: dict[str, list[bool]], threshold: int) -> Iterator[Reading]:
    for name, failed in answers.items():
        of_services = [policy.service(one).on for one in SERVICES if one == name]
        if all(of_services) and policy.of_check(name).on:  # one that is off is not down
            yield read_check(name, failed, threshold)
