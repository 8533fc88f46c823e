"""`replydesk evaluate`: how good the models that ship are on labelled comments."""

import json
from pathlib import Path
from typing import Any

import click

from service.cli.surroundings import fail
from service.moderation.classifier.artefact import InvalidArtefact
from service.moderation.classifier.model import TASKS, Model, Task, load_model
from service.training.evaluate import Scored, figures, score_rows
from service.training.rows import InvalidRows, digest_of, name_of, read_rows

ROWS_OF = {"spam": ("spam", ""), "abuse": ("toxic", "abuse", "")}

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = (
    "n",
    "auc",
    "precision",
    "recall",
    "fpr",
    "recall_at_fpr_5",
    "share_decided",
    "us_per_comment",
    "promise_kept",
)


@click.command("evaluate")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--task", type=click.Choice(TASKS), required=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--rows", "kinds", multiple=True, help="rows of these tasks; by default those of --task")
def command(files: tuple[Path, ...], task: Task, form: str, kinds: tuple[str, ...]) -> None:
    """Measure the model that the worker loads on labelled CSV files; needs no database.

    Columns: id, task, source, lang, text, label (1 is bad). `precision`, `recall` and `fpr` are those of
    holding by the cautious defaults; `share_decided` is what could be published without a person while
    98 in 100 of it are fine, where 5 in 100 comments are bad.
    """
    try:
        model = load_model(task)
        scored = {
            name_of(path): score_rows(
                model, [row for row in read_rows(path) if row.task in (kinds or ROWS_OF[task])]
            )
            for path in files
        }
    except (InvalidRows, InvalidArtefact, OSError) as error:
        fail(str(error))
    _warn(model, files, scored, task)
    told = {"name": f"replydesk-{task}", "version": str(model.version), "sha256": model.artefact.sha256}
    if form == "json":
        click.echo(json.dumps(_document(task, told, scored), indent=1))
    else:
        _print(task, told, scored)
    if not any(one.rows for one in scored.values()):
        fail(f"there are no rows of the task {task}: nothing was measured")


def _warn(model: Model, files: tuple[Path, ...], scored: dict[str, Scored], task: Task) -> None:
    """Say on standard error what would mislead."""
    learned = set(model.artefact.header.get("data", {}).values())
    for path in files:
        if not scored[name_of(path)].rows:
            click.echo(f"{path.name} has no rows of the task {task}; --rows names others", err=True)
        if digest_of(path) in learned:
            click.echo(f"{path.name}: the model learned from it, so its figures flatter", err=True)


def _document(task: Task, told: dict[str, str], scored: dict[str, Scored]) -> dict[str, Any]:
    return {
        "task": task,
        "model": told,
        "pooled": figures(_pooled(scored), task),
        "files": {name: figures(one, task) for name, one in scored.items()},
    }


def _pooled(scored: dict[str, Scored]) -> Scored:
    pooled = Scored([], [], 0.0)
    for one in scored.values():
        pooled = pooled.joined(one)
    return pooled


def _print(task: Task, told: dict[str, str], scored: dict[str, Scored]) -> None:
    click.echo(f"{told['name']} {told['version']}, sha256 {told['sha256']}")
    click.echo(f"{'':24}" + "".join(f"{column:>16}" for column in _COLUMNS))
    for name, one in (*scored.items(), ("pooled", _pooled(scored))):
        click.echo(f"{name:24}" + "".join(f"{_shown(value):>16}" for value in figures(one, task).values()))


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
