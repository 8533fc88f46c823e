"""`replydesk train`: a spam or abuse model from folders of labelled comments."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from service.cli.surroundings import fail
from service.moderation.classifier.artefact import InvalidArtefact, unpack
from service.moderation.classifier.model import TASKS, Task

_PATH = click.Path(exists=True, path_type=Path)


@click.command("train")
@click.argument("folders", nargs=-1, required=True, type=_PATH)
@click.option("--task", type=click.Choice(TASKS), required=True)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="the model's file"
)
@click.option("--recipe", type=click.Choice(["all", "shipped"]), default="all", show_default=True)
@click.option("--only", multiple=True, metavar="SOURCE", help="learn from these sources alone")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="of the training; today by default")
def command(
    folders: tuple[Path, ...],
    task: Task,
    out: Path,
    recipe: str,
    only: tuple[str, ...],
    seed: int,
    on: datetime | None,
) -> None:
    """Train a model from the labelled CSV files in FOLDERS and print its digest.

    The same files, recipe and seed give the same digest. `--recipe shipped` takes the sources of the model
    that comes with the program (docs/models.md). Needs the extra `train`.
    """
    try:
        packed = _train(folders, task, recipe, only, seed, on.date() if on else datetime.now(UTC).date())
    except ImportError:
        fail("training needs scikit-learn: install requirements/train.lock, or the extra `train`")
    out.write_bytes(packed)
    click.echo(f"{out}: {len(packed)} bytes, sha256 {unpack(packed).sha256}")


def _train(
    folders: tuple[Path, ...], task: Task, recipe: str, only: tuple[str, ...], seed: int, on: date
) -> bytes:
    from service.training.recipe import ALL, only_these, shipped
    from service.training.rows import InvalidRows, files_in
    from service.training.train import train

    chosen = only_these(shipped(task) if recipe == "shipped" else ALL, only)
    try:
        return train(
            files_in(folders), task, chosen, seed=seed, on=on, say=lambda line: click.echo(line, err=True)
        )
    except (InvalidRows, InvalidArtefact) as error:
        fail(str(error))
