"""Tells Akismet what people found, where that is not what it said: by the housekeeping, until it heard.

Only what a person decided is told, and only of comments that Akismet was asked about. It waits until nobody
may take the decision back any more; who changes a mind changes the one row that stands for the comment.
"""

import asyncio
from datetime import timedelta
from typing import cast
from uuid import UUID

import structlog

from service.domain.errors import StorageUnavailable
from service.domain.policy_parts import ServiceName
from service.domain.site import Site
from service.outbound.errors import NoAnswer
from service.outbound.restraint import within
from service.outbound.services.question import Listening, Question
from service.storage import as_submitted, service_feedback
from service.storage.pool import Connection
from service.storage.service_feedback import Due, Found
from service.storage.sites import list_sites
from service.usecases.ask_outside import OutsideDesk
from service.usecases.question_of import question_of

log = structlog.get_logger(__name__)

SERVICE: ServiceName = "akismet"
TOLD_AFTER = timedelta(minutes=10)
"""As long as a decision may be taken back."""

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
AT_ONCE = 4

_FOUND: dict[str, Found] = {"approve": "ham", "spam": "spam"}


async def note_decision(connection: Connection, site: Site, comment_id: UUID, action: str | None) -> None:
    """Note what a person's action says about spam, in the transaction of that decision.

    `action` null is that no person's decision stands any more; a rejection says nothing about spam.
    """
    if site.policy.service(SERVICE).on:
        found = _FOUND.get(action or "")
        await service_feedback.want(connection, site.id, comment_id, SERVICE, found, TOLD_AFTER)


async def tell_some(held: Connection, outside: OutsideDesk, up_to: int) -> int:
    """Tell some of what is due; how many there were. What cannot be told is due again later."""
    if SERVICE not in outside.services:
        return 0
    dues = await service_feedback.claim(held, SERVICE, limit=min(up_to, AT_ONCE), lease=LEASE)
    sites = {site.id: site for site in await list_sites(held)} if dues else {}
    questions = [await _question(held, sites.get(due.site_id), outside, due) for due in dues]
    heard = await asyncio.gather(
        *(_tell(outside, due, question) for due, question in zip(dues, questions, strict=True))
    )
    for due, is_done in zip(dues, heard, strict=True):
        if is_done:
            await service_feedback.mark_told(held, SERVICE, due)
        else:
            wait = min(FIRST_WAIT * 2 ** min(due.attempts - 1, 20), LONGEST_WAIT)
            await service_feedback.put_off(held, SERVICE, due, wait)
    return len(dues)


async def _question(held: Connection, site: Site | None, outside: OutsideDesk, due: Due) -> Question | None:
    """What the check was asked; null where the site has it off by now, or what was submitted has expired."""
    if site is None or not site.policy.service(SERVICE).on:
        return None
    found = await as_submitted.read_surroundings(held, due.site_id, due.comment_id)
    if found is None:
        return None
    question = question_of(site, due.comment_id, 0, found, outside.vault)
    return question if question.as_submitted is not None else None


async def _tell(outside: OutsideDesk, due: Due, question: Question | None) -> bool:
    """Whether there is nothing more to do about it."""
    if question is None:
        return True
    guarded = outside.services[SERVICE]
    listening = cast("Listening", guarded.service)
    try:
        await within(guarded.deadline_s, guarded.restraint.run(lambda: listening.tell(question, due.wanted)))
    except StorageUnavailable:
        raise
    except NoAnswer as failure:
        log.warning("a service could not be told", service=SERVICE, error=type(failure).__name__)
        return False
    log.info("a service was told what a person found", service=SERVICE, comment=str(due.comment_id))
    return True
