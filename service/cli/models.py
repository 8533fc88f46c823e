"""`replydesk models …`: what a site taught the models, and how to go back."""

import json
from typing import Any

import click

from service.cli.surroundings import fail, find_site, with_database
from service.domain.errors import ModelNotFound
from service.moderation.learning.correction import TASKS
from service.moderation.learning.wording import automation_words, model_words, sample_words
from service.storage.pool import Connection
from service.usecases.model_document import models_document
from service.usecases.models import ModelChange, Standing, change_models, standing_of

_DONE = {
    "off": "{task}: the shipped model is used as it is, and nothing is learned, until `models on`",
    "on": "{task}: learns from the site's decisions",
    "revert": "{task}: went back, and nothing is learned, until `models on`",
    "resume": "the checks may decide again; promises are counted from now",
}

_TASK = click.argument("task", type=click.Choice(["spam", "abuse", "both"]), default="both")


@click.group("models")
def command() -> None:
    """Show what a site taught the models and when it may automate; go back, turn learning off and on."""


@command.command("show")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
def show(slug: str, as_json: bool) -> None:
    """Say whether the checks may publish alone, at what promise, and what is missing."""

    async def read(connection: Connection) -> Standing:
        return await standing_of(connection, await find_site(connection, slug))

    found = with_database(read)
    if as_json:
        click.echo(json.dumps(models_document(found), indent=1, default=str))
        return
    policy, standing = found.site.policy, found.learning
    for line in automation_words(policy, standing):
        click.echo(line)
    for task in TASKS:
        click.echo(model_words(task, standing, found.names))
    for line in sample_words(standing):
        click.echo(line)
    if found.waiting:
        click.echo(f"{found.waiting} sampled decisions wait for somebody to look at them.")


@command.command("list")
@click.argument("slug")
def list_all(slug: str) -> None:
    """List the versions that are kept, the newest first; * is in use."""

    async def read(connection: Connection) -> Standing:
        return await standing_of(connection, await find_site(connection, slug))

    found = with_database(read)
    if not found.models:
        click.echo(f"{slug} has taught the models nothing yet: those that ship are in use")
    for model in found.models:
        in_use = "*" if found.learning.versions[model.task] == model.version else " "
        aucs = f"{_number(model.auc_shipped)} -> {_number(model.auc_corrected)}"
        click.echo(
            f"{in_use} {model.task}\t{model.version}\t{model.labels} labels\tAUC {aucs}\t{model.learned_at}"
        )


@command.command("off")
@click.argument("slug")
@_TASK
def off(slug: str, task: str) -> None:
    """Use the shipped model as it is, and learn nothing, until `on`."""
    _change(slug, "off", task)


@command.command("on")
@click.argument("slug")
@_TASK
def turn_on(slug: str, task: str) -> None:
    """Learn from the site's decisions again."""
    _change(slug, "on", task)


@command.command("revert")
@click.argument("slug")
@click.argument("task", type=click.Choice(["spam", "abuse"]))
@click.option(
    "--to", "version", type=click.IntRange(0), help="0 is the shipped model; the one before by default"
)
def revert(slug: str, task: str, version: int | None) -> None:
    """Go back to an earlier version, and learn nothing, until `on`."""
    _change(slug, "revert", task, version)


@command.command("resume")
@click.argument("slug")
def resume(slug: str) -> None:
    """Let the checks decide again after a broken promise; it is counted anew from now."""
    _change(slug, "resume", "both")


def _change(slug: str, action: Any, task: str, version: int | None = None) -> None:
    wish = ModelChange(action, None if task == "both" else task, version)  # type: ignore[arg-type]

    async def change(connection: Connection) -> None:
        await change_models(connection, await find_site(connection, slug), wish, None)

    try:
        with_database(change)
    except ModelNotFound as error:
        fail(
            f"{error} of the {task} model at {slug}; `replydesk models list {slug}` shows those that are kept"
        )
    click.echo(f"{slug}: {_DONE[action].format(task=task)}")


def _number(auc: float | None) -> str:
    return "-" if auc is None else f"{auc:.3f}"
