"""The Celery app, and how its processes begin and end; `celery_settings.py` says how messages travel."""

import sys
from typing import Any

import billiard.pool
import structlog
from celery import Celery
from celery.signals import (
    beat_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)
from celery.worker.state import total_count

from service.dispatch import CHECK_DUE, RING_EXPIRES_S
from service.eviction import RedisEvicts, refuse_evicting_redis
from service.logs import configure_logs, survive_lost_output
from service.processes import die_with_parent, no_core_dumps
from service.settings import Settings, SettingsError, ignored_names
from workers.bounds import confine
from workers.celery_settings import HARD_LIMIT_S, celery_settings
from workers.courier import CourierThread
from workers.patrol import Patrol
from workers.runtime import Runtime

log = structlog.get_logger(__name__)


survive_lost_output()


def _settings() -> Settings:
    try:
        return Settings.read()
    except SettingsError as error:
        sys.exit("\n".join(f"replydesk: {line}" for line in error.lines))


no_core_dumps()
settings = _settings()
app = Celery("replydesk", broker=settings.redis_url.get_secret_value(), include=["workers.tasks"])
app.conf.update(celery_settings(settings))

runtime = Runtime(settings)
patrol = Patrol(settings, lambda: sum(total_count.values()), limit_s=HARD_LIMIT_S)
courier = CourierThread(settings)


@setup_logging.connect
def _logs(**_: Any) -> None:
    configure_logs(settings.log_level)
    for name in ignored_names():
        log.warning("setting ignored: it comes from Kubernetes", name=name)


@worker_process_init.connect
def _begin(**_: Any) -> None:
    die_with_parent()
    confine(settings.worker_memory_mb)
    # A child that ends waits half a minute for its parent to read its results, though the parent may be
    # ending too. Ours have no results; a message whose end nobody heard of is given back, which is harmless.
    billiard.pool.GUARANTEE_MESSAGE_CONSUMPTION_RETRY_LIMIT = 10  # times 0.1 s


@worker_process_shutdown.connect
def _end(**_: Any) -> None:
    runtime.close()


@worker_init.connect
@beat_init.connect
def _refuse(**_: Any) -> None:
    try:
        refuse_evicting_redis(settings.redis_url.get_secret_value())
    except RedisEvicts as error:
        sys.exit(f"replydesk: {error}")


@worker_init.connect
def _watch(**_: Any) -> None:
    patrol.start()
    courier.start()


@worker_shutting_down.connect
def _watch_no_more(**_: Any) -> None:
    patrol.end()
    courier.end()


@worker_ready.connect
def _ring_at_start(**_: Any) -> None:
    app.send_task(CHECK_DUE, expires=RING_EXPIRES_S)


@beat_init.connect
def _scheduler_logs(**_: Any) -> None:
    configure_logs(settings.log_level)
