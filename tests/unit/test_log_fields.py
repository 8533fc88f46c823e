"""What the product logs of itself: a constant sentence and fields of a closed list, each of them harmless."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}

ALLOWED = {
    "answered", "attempt", "automation", "backtest", "by", "chore", "comment", "decided", "done", "error",
    "exc_info", "fields", "host", "labels", "method", "moderator", "moderators", "ms", "name", "open",
    "outcome", "outcomes", "policy_version", "port", "reason", "recalled", "refused", "right", "route",
    "service", "site", "site_id", "sites", "state", "status", "task", "version", "webhook",
}  # fmt: skip
"""Ids, words of closed lists, numbers, names that operators chose, classes of errors.

A new one is a decision: nothing that a reader typed, no address, no raw IP, no message of an exception.
"""


def calls(source: str) -> list[ast.Call]:
    """Every call of the logger in a module."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        call
        for call in found
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"log", "logger"}
    ]


def faults(source: str) -> list[str]:
    """What of a module's log lines is not harmless by itself."""
    found = []
    for call in calls(source):
        if [type(one) for one in call.args] != [ast.Constant]:
            found.append(f"{call.lineno}: its sentence is not a constant")
        for keyword in call.keywords:
            if keyword.arg not in ALLOWED:
                found.append(f"{call.lineno}: the field {keyword.arg}")
            written = ast.unparse(keyword.value)
            if keyword.arg == "error" and not written.endswith(".__name__"):
                found.append(f"{call.lineno}: an error by more than its class")
            if keyword.arg != "exc_info" and any(word in written for word in ("email", "text", "remote")):
                found.append(f"{call.lineno}: {written}")
    return found


MODULES = sorted(
    path for folder in ("service", "workers", "migrations") for path in (ROOT / folder).rglob("*.py")
)


def test_every_log_line_is_a_constant_and_fields_of_the_list() -> None:
    found = {str(path.relative_to(ROOT)): faults(path.read_text(encoding="utf-8")) for path in MODULES}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_every_field_of_the_list_is_in_use() -> None:
    used = {
        keyword.arg
        for path in MODULES
        for call in calls(path.read_text(encoding="utf-8"))
        for keyword in call.keywords
    }
    assert used == ALLOWED


@pytest.mark.parametrize(
    "line",
    [
        "log.info(f'comment by {author}')",
        "log.info('comment of %s', author)",
        "log.info('comment', author=author)",
        "log.info('comment', reason=submission.email)",
        "log.warning('failed', error=str(error))",
        "log.info('request', **fields)",
    ],
)
def test_a_line_that_could_give_something_away_is_found(line: str) -> None:
    assert faults(line)
