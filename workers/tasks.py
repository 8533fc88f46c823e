"""The tasks: each runs a use case; no logic, no arguments."""

import time

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from service.dispatch import CHECK_DUE, RING_EXPIRES_S, SWEEP
from service.domain.errors import StorageUnavailable
from service.usecases.sweep import drop_old_keys
from workers.app import SOFT_LIMIT_S, app, runtime
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
        app.send_task(CHECK_DUE, expires=RING_EXPIRES_S)


@app.task(name=SWEEP)
def sweep() -> None:
    """Drop what need not be remembered."""
    try:
        dropped = runtime.run(_sweep)
    except StorageUnavailable as error:
        log.warning("sweep stopped", error=type(error).__name__)
    else:
        log.info("task", task=SWEEP, dropped=dropped)


async def _sweep(own: Runtime) -> int:
    return await drop_old_keys(await own.pool())
