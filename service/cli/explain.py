"""`replydesk explain ID`: why a comment stands where it stands, for whoever is asked by its author."""

from typing import Any
from uuid import UUID

import click

from service.cli.surroundings import fail, with_database
from service.cli.terminal import safe
from service.storage import decisions, queue, sites
from service.storage.decisions import PastDecision
from service.storage.pool import Connection
from service.storage.queue import QueuedComment
from service.usecases.explain import Explanation, explain

_WIDTH = 300
_FOUND = tuple[QueuedComment, list[PastDecision], Explanation | None]


@click.command("explain")
@click.argument("comment_id", type=click.UUID)
@click.option("--no-text", is_flag=True, help="without what was written and who signed")
def command(comment_id: UUID, no_text: bool) -> None:
    """Print every decision about a comment: what each check said, which line of which policy decided.

    The address is not read.
    """
    comment, history, why = with_database(lambda held: _read(held, comment_id))
    _print_head(comment, with_text=not no_text)
    if why is not None:
        _print_why(why)
    for past in history:
        _print_decision(past, None if no_text else comment.text)


async def _read(connection: Connection, comment_id: UUID) -> _FOUND:
    known = {site.slug: site.id for site in await sites.list_sites(connection)}
    found = await queue.find_queued(connection, list(known.values()), [comment_id])
    if comment_id not in found:
        fail("there is no such comment")
    comment = found[comment_id]
    history = await decisions.list_history(connection, known[comment.site], comment_id)
    return comment, history, await explain(connection, known[comment.site], history)


def _print_head(comment: QueuedComment, *, with_text: bool) -> None:
    click.echo(f"{comment.id} at {comment.site}, {comment.submitted_at:%Y-%m-%d %H:%M:%S} UTC")
    reason = f", reason {comment.reason}" if comment.reason else ""
    click.echo(f"{comment.status}{reason}, version {comment.version}")
    if with_text:
        click.echo(f"  {safe(comment.author)}: {safe(comment.text, _WIDTH)}")


def _print_why(why: Explanation) -> None:
    by = f"by {why.decided_by}" if why.decided_by else "by no single check"
    click.echo(f"the checks: {why.status} {by}, policy version {why.policy_version}")
    if why.rule:
        click.echo(f"decided by the line  {safe(why.line or why.rule)}")
    elif why.status == "held":
        click.echo(
            "no line of the policy decided: a check failed, and what cannot be checked waits for a person"
        )


def _print_decision(past: PastDecision, text: str | None) -> None:
    who = past.moderator or past.source
    version = f", policy version {past.policy_version}" if past.policy_version else ""
    reason = f", reason {past.reason}" if past.reason else ""
    click.echo(f"\n{past.decided_at:%Y-%m-%d %H:%M:%S} UTC  {past.action} by {who}: {past.from_status} → "
               f"{past.status}{reason}{version}")  # fmt: skip
    if past.note:
        click.echo(f"  note: {safe(past.note, _WIDTH)}")
    for finding in past.findings:
        _print_finding(finding, text)


def _print_finding(finding: dict[str, Any], text: str | None) -> None:
    score = "" if finding["score"] is None else f" {finding['score']:.2f}"
    rule = f"  [{finding['rule']}]" if finding.get("rule") else ""
    name = f"{finding['check']} v{finding['version']}"
    click.echo(f"  {name:<22} {finding['outcome']}{score}  {safe(finding['detail'], _WIDTH)}{rule}".rstrip())
    for start, end in finding["spans"]:
        shown = f"  {safe(text[start:end], 60)}" if text is not None else ""
        click.echo(f"    {start}-{end}{shown}")
