"""What the log lines of a process hold, and that a log which cannot be written stops nothing.

Logging is configured for a whole process, so each test has one of its own.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

ADDRESS = "mara.quist@mail.example"
BEGIN = """
import asyncio, logging, structlog
from service.logs import configure_logs
configure_logs("INFO")
log = structlog.get_logger("service.test")
plain = logging.getLogger("some.library")
class DatabaseError(Exception): pass
def fail():
    raise DatabaseError("Failing row contains (1, mara.quist@mail.example)")
"""


def run(script: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, "-c", BEGIN + script], capture_output=True, check=False, **options)


def lines(script: str) -> list[dict[str, Any]]:
    done = run(script)
    assert done.returncode == 0, done.stderr.decode()
    assert ADDRESS.encode() not in done.stderr
    assert done.stdout == b""
    return [json.loads(line) for line in done.stderr.decode().split("\n") if line]


def test_a_line_is_one_json_object_with_its_time_level_logger_and_fields() -> None:
    (line,) = lines("log.info('comment checked', status='held', attempt=2)")
    assert line["timestamp"].endswith("Z")
    del line["timestamp"]
    assert line == {
        "event": "comment checked",
        "level": "info",
        "logger": "service.test",
        "status": "held",
        "attempt": 2,
    }


@pytest.mark.parametrize(
    "way",
    [
        "log.exception('failed')",
        "log.error('failed', exc_info=True)",
        "log.error('failed', exc_info=error)",
        "plain.exception('failed')",
        "plain.error('failed', exc_info=error)",
        "plain.error('failed', exc_info=(type(error), error, error.__traceback__))",
        "plain.error('failed\\nbecause %r', error)",
    ],
)
def test_an_exception_is_logged_by_class_and_place_without_its_message(way: str) -> None:
    (line,) = lines(f"try:\n  fail()\nexcept DatabaseError as error:\n  {way}")
    assert line["event"] == "failed"
    if "because" not in way:
        assert line["exception"] == "DatabaseError"
        assert line["at"][-1].endswith(" fail")


def test_a_library_that_puts_the_exception_into_its_message_gives_nothing_away() -> None:
    # As celery.app.trace does when a task fails, and aiohttp.server with the peer's address.
    (line,) = lines(
        "try:\n  fail()\nexcept DatabaseError as error:\n"
        "  plain.error('Task %(name)s raised unexpected: %(exc)r', dict(name='x', exc=error), exc_info=True)"
    )
    assert line["event"] == "Task %(name)s raised unexpected: %(exc)r"
    assert line["exception"] == "DatabaseError"


def test_a_chained_exception_gives_nothing_away() -> None:
    (line,) = lines(
        "try:\n  try: fail()\n  except DatabaseError as error: raise ValueError(str(error)) from error\n"
        "except ValueError: log.exception('failed')"
    )
    assert line["exception"] == "ValueError"


def test_an_exception_that_nobody_awaited_gives_nothing_away() -> None:
    found = lines(
        "import gc\nasync def work(): fail()\n"
        "async def main():\n  task = asyncio.create_task(work())\n  await asyncio.sleep(0.01)\n  del task\n"
        "asyncio.run(main())\ngc.collect()"
    )
    assert [line["exception"] for line in found] == ["DatabaseError"]


def test_values_that_hide_themselves_stay_hidden() -> None:
    (line,) = lines(
        "from service.domain.email import EmailAddress\nfrom pydantic import SecretStr\n"
        f"log.info('x', who=EmailAddress.parse({ADDRESS!r}), key=SecretStr('hush'))"
    )
    assert line["who"] == "[email redacted]"
    assert "hush" not in str(line)


@pytest.mark.parametrize("value", ["Grüße 🦉 你好", "line\nbreak", "\u2028\x85", "\ud800", "\x00\x1b[31m"])
def test_every_character_stays_in_one_readable_line(value: str) -> None:
    (line,) = lines(f"log.info('x', value={value!r})")
    assert line["value"] == value


def test_every_character_is_logged_where_the_terminal_knows_ascii_only() -> None:
    done = run("log.info('x', value='Grüße 🦉')", env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin"})
    assert json.loads(done.stderr)["value"] == "Grüße 🦉"


def test_a_library_says_one_short_line() -> None:
    (line,) = lines("plain.warning('x' * 1000 + '\\nTraceback …')")
    assert line["event"] == "x" * 300


def test_what_is_below_the_level_is_not_written() -> None:
    assert lines("log.debug('x')\nplain.debug('x')\nlogging.getLogger('kombu').warning('x')") == []


GOES_ON = "\nfor n in range(2000):\n  log.error('x' * 200)\n  plain.error('y')\nprint('went on', flush=True)"


def test_a_closed_pipe_behind_the_log_stops_nothing() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN + GOES_ON], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stderr is not None
        assert process.stdout is not None
        process.stderr.close()
        assert process.stdout.read() == b"went on\n"


@pytest.mark.parametrize("redirect", ["2>/dev/full", "2>&-"])
def test_a_full_disk_or_no_standard_error_stops_nothing(redirect: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" {redirect}', sys.executable, BEGIN + GOES_ON],
        capture_output=True,
        check=False,
    )
    assert done.stdout == b"went on\n"
