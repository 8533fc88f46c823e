"""How many clean comments each check holds: `python -m bench.checks FOLDER [FILE …]`.

FOLDER holds labelled comments as gzip CSV with the columns `source,lang,text,label`; a row is clean where its
label is 0. Each row is checked alone, as a newcomer's comment from a browser, under a site's default policy
(`--languages` adds the file's own language as the expected one). Printed: the share of clean rows that each
check holds or worse, the share of all checks together, and the time of each check.
"""

import csv
import gzip
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from service.domain.finding import Outcome
from service.domain.policy import CheckPolicy, Policy
from service.moderation.evidence import Evidence
from service.moderation.pipeline import CHECKS, run_checks
from service.moderation.weighing import with_sum

NOT_CLEAN_HERE = ("obf_", "identity_")
"""Derived and templated sets: they are no comments of readers."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.argument("names", nargs=-1)
@click.option("--languages", is_flag=True, help="expect the language of each file")
@click.option("--website", help="give every comment this website")
@click.option("--show", help="print the clean texts that this check holds")
@click.option("--skip", multiple=True, help="a check that does not run")
@click.option("--most", default=4000, help="rows of each file that are looked at")
def main(
    folder: Path,
    names: tuple[str, ...],
    *,
    languages: bool,
    website: str | None,
    show: str | None,
    skip: tuple[str, ...],
    most: int,
) -> None:
    """Print one line for each file and one for each check."""
    held: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    rows = held_rows = 0
    off = {name: CheckPolicy(on=False) for name in skip}
    for path in sorted(folder.glob("*.csv.gz")):
        name = path.name.removesuffix(".csv.gz")
        if (names and name not in names) or name.startswith(NOT_CLEAN_HERE):
            continue
        here: Counter[str] = Counter()
        clean = any_held = 0
        for text, language in clean_rows(path, most):
            policy = Policy(publish="auto", languages=(language,) if languages else (), checks=off)
            found = _held_by(Evidence(text=text, author="Ada Lovelace", website=website), policy, spent)
            here.update(found)
            any_held += bool(found)
            clean += 1
            if show in found:
                click.echo(f"{name}: {text[:300]!r}")
        if clean:
            named = ", ".join(f"{check} {count / clean:.2%}" for check, count in here.most_common())
            click.echo(f"{name:22} {clean:6} clean  {any_held / clean:6.2%} held  {named}")
        held.update(here)
        rows, held_rows = rows + clean, held_rows + any_held
    _print_total(rows, held_rows, held, spent)


def clean_rows(path: Path, most: int) -> Iterator[tuple[str, str]]:
    """Text and language of up to so many clean rows of a file."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] == "0" and row["text"].strip() and most > 0:
                most -= 1
                yield row["text"][:5000], row["lang"][:2]


def _held_by(evidence: Evidence, policy: Policy, spent: Counter[str]) -> set[str]:
    """The checks that would not publish it; the time of each goes to `spent`."""
    findings = []
    for check in CHECKS:
        began = time.perf_counter()
        findings += run_checks(evidence, policy, nullcontext, [check])
        spent[check.NAME] += round((time.perf_counter() - began) * 1e9)
    return {each.check for each in with_sum(findings, policy) if each.outcome is not Outcome.PASS}


def _print_total(rows: int, held_rows: int, held: Counter[str], spent: Counter[str]) -> None:
    if not rows:
        click.echo("no clean rows")
        return
    click.echo(f"\n{'check':22} {'held':>8} {'us each':>8}")
    for name in [*(check.NAME for check in CHECKS), "weighed"]:
        click.echo(f"{name:22} {held[name] / rows:8.3%} {spent[name] / rows / 1000:8.1f}")
    together = sum(spent.values()) / rows / 1000
    click.echo(f"{'together':22} {held_rows / rows:8.3%} {together:8.1f}   {rows} clean rows")


if __name__ == "__main__":
    main()
