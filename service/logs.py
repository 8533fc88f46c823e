"""Structured logs: one JSON object a line, of named safe fields only.

No text of a comment, no address, no raw IP: what may be logged is decided where it is logged, and an
exception is logged by its class and its place, because messages of database errors quote rows.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO

import structlog

# Libraries that repeat themselves with a traceback while a server is away: their first line says it all.
_NOISY = {
    "asyncpg.pool": logging.CRITICAL,
    "kombu": logging.ERROR,
    "celery.worker.request": logging.WARNING,  # a line for each ring that grew old
    "celery.worker.strategy": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    "celery.beat": logging.WARNING,
}


def configure_logs(level: str = "INFO") -> None:
    """Send structlog's and the standard library's records through one JSON line renderer to stderr."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _first_line_only],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _class_and_place,
            structlog.processors.JSONRenderer(ensure_ascii=not _writes_unicode()),
        ],
    )
    handler = _QuietHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level)
    for name, at in _NOISY.items():
        logging.getLogger(name).setLevel(at)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def survive_lost_output() -> None:
    """Drop what stdout and stderr do not take: Celery prints a banner, and ended where the disk is full."""
    for name in ("stdout", "stderr"):
        stream = _Forgiving(getattr(sys, name))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


class _Forgiving:
    """A stream whose writing never fails."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _writes_unicode() -> bool:
    """Elsewhere a character would be written as an escape that is no JSON."""
    return "utf" in str(getattr(sys.stderr, "encoding", "")).lower()


class _QuietHandler(logging.StreamHandler[Any]):
    """A full disk or a closed pipe behind the log must not stop the service."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """Drop the record."""


def _first_line_only(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A library's message; beside an exception without its values, where Celery repeats the exception."""
    said = event["_record"].msg if event.get("exc_info") else event["event"]
    event["event"] = str(said).partition("\n")[0][:300]
    return event


def _class_and_place(
    _logger: object, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    exc_info = event.pop("exc_info", None)
    event.pop("exc_text", None)
    error = _error_of(exc_info)
    if error is not None:
        event["exception"] = type(error).__qualname__
        event["at"] = [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in _frames(error)]
    return event


def _error_of(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple) and isinstance(exc_info[1], BaseException):
        return exc_info[1]
    return sys.exc_info()[1] if exc_info else None


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(error.__traceback__)[-6:]
