"""`make mutations`: breaks each guard by one line in a copy of the project and sees its tests fail.

`ONLY=words` takes the guards that hold these words; `REPORT=path` writes the table as Markdown. Exit code 1
if a breakage goes unnoticed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.mutations.breakages import BREAKAGES, Breakage

PROJECT = Path(__file__).resolve().parents[2]
COPY = PROJECT / ".cache" / "mutations"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".cache", ".replydesk", "__pycache__", ".hypothesis", ".*_cache"
)
LASTS_S = 300
TESTS_FAILED = 1  # pytest's exit code; 2 and above are errors of another kind


def main() -> int:
    """Break one after the other; the exit code."""
    chosen = [one for one in BREAKAGES if os.environ.get("ONLY", "") in one.guard]
    rows = []
    for number, breakage in enumerate(chosen, 1):
        started = time.monotonic()
        noticed = notice(breakage)
        rows.append((breakage, noticed))
        passed_s = time.monotonic() - started
        print(
            f"{number}/{len(chosen)}  {breakage.guard}: {noticed or 'UNNOTICED'} ({passed_s:.0f} s)",
            flush=True,
        )
    unnoticed = sum(not noticed for _, noticed in rows)
    print(f"{len(rows)} guards broken, {unnoticed} unnoticed")
    if report := os.environ.get("REPORT"):
        Path(report).write_text(table(rows), encoding="utf-8")
    return 1 if unnoticed else 0


def notice(breakage: Breakage) -> str | None:
    """The test that fails once the guard is broken, as `path::name`; None where none does."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(PROJECT, COPY, ignore=LEFT_OUT)
    try:
        broken = COPY / breakage.path
        text = broken.read_text(encoding="utf-8")
        broken.write_text(text.replace(breakage.old, breakage.new), encoding="utf-8")
        return _first_failure(breakage.tests.split())
    finally:
        shutil.rmtree(COPY, ignore_errors=True)


def _first_failure(paths: list[str]) -> str | None:
    try:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *paths],
            cwd=COPY,
            capture_output=True,
            text=True,
            timeout=LASTS_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None  # a test that never ends tells nobody anything
    failed = re.search(r"^(?:FAILED|ERROR) (\S+?)(?:\[| - |$)", run.stdout, re.MULTILINE)
    return failed[1] if run.returncode == TESTS_FAILED and failed else None


def table(rows: list[tuple[Breakage, str | None]]) -> str:
    """The report: what was broken where, and which test noticed first."""
    lines = [
        "# Mutations",
        "",
        "Each guard below was broken by changing one line, and a test failed. `make mutations` does it",
        "again, in a copy; the list is `tests/mutations/breakages.py`. The test named is the first that",
        "failed; the order is random.",
        "",
        "| guard | broken in | noticed by |",
        "|---|---|---|",
    ]
    lines += [
        f"| {breakage.guard} | `{breakage.path}` | {f'`{noticed}`' if noticed else '**nothing**'} |"
        for breakage, noticed in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
