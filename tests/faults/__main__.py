"""`python -m tests.faults`: the fault matrix on the real processes; `make faults` runs it.

Environment: SEED (drawn and printed where absent), FAULT (`F7` or `F1,F7`; all by default), TIMINGS (`quick`,
or `production`: the five faults that must hold with the default lease too), REPORT (a Markdown file for the
table). The exit code is 1 when anything did not hold, 2 for a wrong word. `--list` names the faults.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from tests.faults.interrupts import until_interrupted
from tests.faults.registry import Fault, all_faults
from tests.faults.run import Runner, say
from tests.faults.shape import Shape
from tests.faults.table import as_markdown, as_text
from tests.faults.timings import TIMINGS

IN_PRODUCTION = ("F2", "F5", "F8", "F9", "F22")
"""The faults whose outcome could depend on how long the lease is."""


def main(words: list[str]) -> int:
    """The exit code."""
    known = all_faults()
    if words == ["--list"]:
        for fault in known.values():
            say(f"{fault.number}\t{fault.what}")
        return 0
    timings = TIMINGS.get(os.environ.get("TIMINGS") or "quick")
    chosen, unknown = _chosen(known, production=timings is TIMINGS["production"])
    if words or timings is None or unknown:
        say(f"wrong: {' '.join([*words, *unknown]) or 'TIMINGS'}")
        say(f"faults: {' '.join(known)}; timings: {' '.join(TIMINGS)}")
        return 2
    seed = os.environ.get("SEED") or str(int.from_bytes(os.urandom(3)))
    say(f"SEED={seed} TIMINGS={timings.name}, lease {timings.lease_s:g} s, sweep {timings.sweep_s:g} s")
    began = time.monotonic()
    runner = Runner(seed, timings)
    complete = asyncio.run(until_interrupted(runner.run(chosen)))
    say(f"\n{as_text(runner.rows)}\n")
    failed = _summary(runner, time.monotonic() - began)
    if report := os.environ.get("REPORT"):
        Path(report).write_text(as_markdown(runner.rows), encoding="utf-8")
    return 1 if failed or not complete else 0


def _summary(runner: Runner, took_s: float) -> int:
    """Say the last words; how many faults failed."""
    failed = sum(bool(row.faults) for row in runner.rows)
    skipped = [row for row in runner.rows if row.skipped is not None]
    for row in skipped:
        say(f"SKIPPED {row.number}: {row.skipped}")
    ok = len(runner.rows) - failed - len(skipped)
    say(f"SEED={runner.seed}: {ok} ok, {failed} failed, {len(skipped)} skipped, {took_s:.0f} s")
    return failed


def _chosen(known: dict[str, Fault], *, production: bool) -> tuple[list[Fault], list[str]]:
    default = ",".join(IN_PRODUCTION if production else known)
    names = [name.strip().upper() for name in (os.environ.get("FAULT") or default).split(",")]
    wanted = [known[name] for name in names if name in known]
    unknown = [name for name in names if name not in known and os.environ.get("FAULT")]
    # Those of one shape one after the other, so that they share a system.
    return sorted(wanted, key=lambda fault: (fault.shape != Shape(), repr(fault.shape))), unknown


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
