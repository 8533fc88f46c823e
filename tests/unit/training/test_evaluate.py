"""`replydesk evaluate`: the form that outsiders read, and figures that can be checked by hand."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import evaluate as command
from service.moderation.classifier.model import load_model
from service.moderation.learning.thresholds import CAUTIOUS
from service.moderation.text.seen import see
from service.training.rows import digest_of

FIGURES = {
    "n",
    "auc",
    "precision",
    "recall",
    "fpr",
    "recall_at_fpr_5",
    "share_decided",
    "us_per_comment",
    "promise_kept",
}
ROWS = [
    ("toxic", "You are a stupid idiot.", 1),
    ("toxic", "Shut up, you fucking moron.", 1),
    ("toxic", "The museum opens at ten.", 0),
    ("toxic", "Thank you for the article.", 0),
    ("func", "Kill them all.", 1),
    ("spam", "buy cheap pills", 1),
]


def _write(path: Path, rows: list[tuple[str, str, int]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "task", "source", "lang", "text", "label", "label_raw"))
        writer.writerows(
            (number, task, "s", "en", text, label, "{}") for number, (task, text, label) in enumerate(rows)
        )
    return path


def _evaluate(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(command.command, ["--format", "json", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_answer_has_the_form_that_was_promised(tmp_path: Path) -> None:
    paths = [_write(tmp_path / f"{name}.csv", ROWS) for name in ("one", "two")]
    found = _evaluate("--task", "abuse", *paths)
    assert found.keys() == {"task", "model", "pooled", "files"}
    assert found["task"] == "abuse"
    assert found["model"].keys() == {"name", "version", "sha256"}
    assert found["model"]["sha256"] == load_model("abuse").artefact.sha256
    assert found["files"].keys() == {"one", "two"}
    assert all(figures.keys() == FIGURES for figures in (found["pooled"], *found["files"].values()))
    assert (found["pooled"]["n"], found["files"]["one"]["n"]) == (8, 4)


def test_the_figures_are_those_of_the_loaded_model(tmp_path: Path) -> None:
    found = _evaluate("--task", "abuse", _write(tmp_path / "one.csv", ROWS))["pooled"]
    model = load_model("abuse")
    held = [
        model.probability(see(text)) > CAUTIOUS.abuse_held_above for task, text, _ in ROWS if task == "toxic"
    ]
    assert (found["auc"], found["recall_at_fpr_5"]) == (1.0, 1.0)
    assert found["recall"] == sum(held[:2]) / 2
    assert found["fpr"] == sum(held[2:]) / 2
    assert found["us_per_comment"] > 0


def test_what_cannot_be_said_is_null(tmp_path: Path) -> None:
    bad_alone = _evaluate("--task", "spam", _write(tmp_path / "one.csv", ROWS))["pooled"]
    assert (bad_alone["n"], bad_alone["auc"], bad_alone["fpr"]) == (1, None, None)
    nothing = _evaluate(
        "--task", "spam", _write(tmp_path / "one.csv", ROWS), _write(tmp_path / "two.csv", ROWS[:2])
    )
    assert nothing["files"]["two"]["n"] == 0
    assert {value for key, value in nothing["files"]["two"].items() if key != "n"} == {None}


def test_figures_of_nothing_are_an_error(tmp_path: Path) -> None:
    path = _write(tmp_path / "two.csv", ROWS[:2])
    result = CliRunner().invoke(command.command, ["--task", "spam", str(path)])
    assert result.exit_code == 1
    assert "two.csv has no rows of the task spam" in result.stderr


def test_a_file_that_the_model_learned_from_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write(tmp_path / "one.csv", ROWS)
    monkeypatch.setitem(load_model("spam").artefact.header["data"], "one", digest_of(path))
    assert "learned from it" in CliRunner().invoke(command.command, ["--task", "spam", str(path)]).stderr
    assert "learned from it" not in CliRunner().invoke(command.command, ["--task", "abuse", str(path)]).stderr


def test_rows_of_another_task_can_be_asked_for(tmp_path: Path) -> None:
    assert (
        _evaluate("--task", "abuse", "--rows", "func", _write(tmp_path / "x.csv", ROWS))["pooled"]["n"] == 1
    )


def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    result = CliRunner().invoke(command.command, ["--task", "spam", str(wrong)])
    assert result.exit_code == 1
    assert "wrong.csv" in result.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_text_of_a_comment_is_printed(tmp_path: Path, form: str) -> None:
    path = _write(tmp_path / "one.csv", ROWS)
    told = CliRunner().invoke(command.command, ["--task", "abuse", "--format", form, str(path)]).output
    assert not any(text in told for _, text, _ in ROWS)
