"""`python -m workers.drain`: checks what is due, once, without Celery."""

import sys

import structlog

from service.domain.errors import StorageUnavailable
from service.logs import configure_logs
from service.processes import die_with_parent
from service.settings import Settings, SettingsError
from workers.bounds import confine
from workers.runtime import Runtime

log = structlog.get_logger(__name__)

LASTS_S = 10.0


def main() -> None:
    """Check until nothing is due or the time is up; what is left is found by the next one."""
    die_with_parent()
    try:
        settings = Settings.read()
    except SettingsError as error:
        sys.exit("\n".join(f"replydesk: {line}" for line in error.lines))
    configure_logs(settings.log_level)
    confine(settings.worker_memory_mb)
    runtime = Runtime(settings)
    try:
        decided = runtime.run(lambda own: own.check_due(LASTS_S))
    except StorageUnavailable as error:
        log.warning("checking stopped", error=type(error).__name__)
    else:
        log.info("drained without a ring", decided=decided)
    finally:
        runtime.close()


if __name__ == "__main__":
    main()
