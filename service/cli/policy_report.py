"""A backtest's report for people at a terminal."""

from typing import Any

import click

from service.cli.terminal import safe

_MOVED = {"published": "published", "held": "held", "rejected": "rejected", "spam": "spam"}


def print_report(report: dict[str, Any], texts: dict[str, str]) -> None:
    """The sentences first, then where they come from."""
    click.echo(f"{report['comments']} comments, {report['changed']} decided otherwise than by version"
               f" {report['live_version']}; {_speed(report)}")  # fmt: skip
    for sentence in report["summary"]:
        click.echo(f"  {sentence}")
    for move in report["moves"]:
        _print_move(move, texts)
    if report["checks"]:
        _print_checks(report["checks"])
    _print_agreement(report["agreement"])
    _print_gaps(report)


def print_shadow(found: dict[str, Any]) -> None:
    """What a watched candidate would have decided so far."""
    report = found["report"]
    by = found["made_by"] or "the command line"
    click.echo(
        f"watched since {found['since']:%Y-%m-%d %H:%M} UTC, put there by {by}: {found['note'] or '-'}"
    )
    click.echo(f"{report['comments']} comments, {report['changed']} decided otherwise than live")
    for sentence in report["summary"] if report["comments"] else []:
        click.echo(f"  {sentence}")
    for move in report["moves"]:
        _print_move(move, {})
    _print_agreement(report["agreement"])
    for failure, count in found["failures"].items():
        click.echo(f"{count} times it failed: {failure}")


def _speed(report: dict[str, Any]) -> str:
    if not report.get("seconds"):
        return f"{report['skipped']} without findings left out"
    pace = round((report["comments"] + report["skipped"]) / report["seconds"])
    return f"{report['skipped']} without findings left out, {report['seconds']} s, {pace} a second"


def _print_move(move: dict[str, Any], texts: dict[str, str]) -> None:
    people = move["people"]
    told = ", ".join(f"{people[name]} {name}" for name in people if people[name] and name != "nobody")
    click.echo(f"\n{_MOVED[move['from']]} → {_MOVED[move['to']]}: {move['count']}"
               f" (by people: {told or 'none decided'})")  # fmt: skip
    for example in move["examples"]:
        rules = f"{example['rule_live'] or '-'} → {example['rule'] or '-'}"
        click.echo(f"  {example['id']}  {example['people']:<8}  {rules}")
        if example["id"] in texts:
            click.echo(f"    {safe(texts[example['id']])}")


def _print_checks(checks: list[dict[str, Any]]) -> None:
    click.echo("\ncheck               decides now   would decide   new (approved)   gone (approved)")
    for one in checks:
        gained, lost = sum(one["gained"].values()), sum(one["lost"].values())
        click.echo(
            f"{one['check']:<18} {one['decided_live']:>12} {one['decided_candidate']:>14}"
            f" {gained:>10} ({one['gained']['approved']}) {lost:>11} ({one['lost']['approved']})"
        )


def _print_agreement(agreement: dict[str, dict[str, int]]) -> None:
    click.echo("\nof what people decided     as they did   otherwise   left to them")
    for name, words in (("live", "today's policy"), ("candidate", "the candidate")):
        one = agreement[name]
        click.echo(f"{words:<26} {one['right']:>11} {one['wrong']:>11} {one['asked']:>14}")


def _print_gaps(report: dict[str, Any]) -> None:
    found = report["findings"]
    click.echo(f"\n{found['reused']} findings used again, {found['run']} checks run again")
    if report["decided_otherwise_then"]:
        then = report["decided_otherwise_then"]
        click.echo(f"{then} comments were decided otherwise at their time than today's policy does")
    for gap in report["not_replayed"]:
        name, count = gap["check"], gap["comments"]
        click.echo(
            f"{name}: {count} comments need what nobody knows any more; its old answer stands, or none"
        )
