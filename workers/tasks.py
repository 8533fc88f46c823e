"""The tasks: each runs a use case; no logic, no arguments."""

import time

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from kombu.exceptions import OperationalError

from service.dispatch import CHECK_DUE, RING_EXPIRES_S, SWEEP
from service.domain.errors import StorageUnavailable
from service.usecases.sweep import sweep as do_chores
from service.usecases.sweep import with_feedback
from workers.app import app, runtime
from workers.celery_settings import SOFT_LIMIT_S
from workers.mail import recipients_of
from workers.patrol import SWEEP_LASTS_S
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

TASK_LASTS_S = 3.0
"""A task that has drained for so long hands on to the next one, so that a shutdown never waits long."""


@app.task(name=CHECK_DUE)
def check_due() -> None:
    """Check every comment that is due; what is left when the time is up is rung for again."""
    started = time.monotonic()
    decided = 0
    try:
        decided = runtime.run(lambda own: own.check_due(TASK_LASTS_S))
    except (StorageUnavailable, SoftTimeLimitExceeded) as error:
        # Nothing is lost: the leases end, and the scheduler rings.
        log.warning("checking stopped", error=type(error).__name__)
        runtime.close()
    if time.monotonic() - started >= SOFT_LIMIT_S:
        runtime.close()  # the limit may have struck in the middle of anything, in a check too
    if decided:
        log.info("task", task=CHECK_DUE, decided=decided, ms=round((time.monotonic() - started) * 1000))
    if time.monotonic() - started >= TASK_LASTS_S:
        _ring_again()


def _ring_again() -> None:
    try:
        app.send_task(CHECK_DUE, expires=RING_EXPIRES_S)
    except OperationalError as error:
        log.warning(
            "doorbell is silent", error=type(error).__name__
        )  # the scheduler rings, or the patrol looks


@app.task(name=SWEEP)
def sweep() -> None:
    """Do the housekeeping that is due; workers look by themselves too, for the scheduler may be dead."""
    try:
        done = runtime.run(_sweep)
    except (StorageUnavailable, SoftTimeLimitExceeded) as error:
        log.warning("sweep stopped", error=type(error).__name__)
        runtime.close()
    else:
        if done:
            log.info("task", task=SWEEP, done=done)


async def _sweep(own: Runtime) -> dict[str, int]:
    chores = with_feedback(own.outside, recipients_of(own.settings))
    return await do_chores(await own.pool(), seconds=SWEEP_LASTS_S, chores=chores)
