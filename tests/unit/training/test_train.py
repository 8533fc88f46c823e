"""Training: the same rows and seed give the same model, and what cannot be learned from is refused."""

import csv
import gzip
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import train as command
from service.moderation.classifier.artefact import unpack
from service.moderation.classifier.model import model_from
from service.moderation.text.seen import see

pytest.importorskip("sklearn", reason="training needs the extra `train`")

BAD = ["buy cheap pills", "visit my casino", "earn money now", "subscribe to my channel"]
FINE = ["the river was high", "my aunt lived there", "a good match", "who pays for the bridge"]
COLUMNS = ("id", "task", "source", "lang", "text", "label", "label_raw")


def _write(path: Path, source: str, *, task: str = "spam", rows: int = 120, seed: int = 1) -> Path:
    draw = random.Random(seed)  # noqa: S311
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(rows):
            is_bad = number % 3 == 0
            text = f"{draw.choice(BAD if is_bad else FINE)} {draw.choice(FINE)} {number}"
            writer.writerow((f"{source}-{number}", task, source, "en", text, int(is_bad), "{}"))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    _write(data / "one.csv.gz", "one", seed=1)
    _write(data / "two.csv.gz", "two", seed=2)
    _write(data / "rude.csv.gz", "rude", task="toxic", seed=3)
    return data


def _train(folder: Path, out: Path, *arguments: str) -> Result:
    asked = ["--task", "spam", "--out", str(out), *arguments, str(folder)]
    return CliRunner().invoke(command.command, asked)


def test_the_same_rows_and_seed_give_the_same_digest(folder: Path, tmp_path: Path) -> None:
    days = ("2026-01-01", "2026-01-02")
    results = [_train(folder, tmp_path / day, "--date", day) for day in days]
    assert [result.exit_code for result in results] == [0, 0], results[0].output
    first, second = (unpack((tmp_path / day).read_bytes()) for day in days)
    assert first.sha256 == second.sha256
    assert first.weights == second.weights
    assert first.header["date"] == days[0]
    assert first.sha256 in results[0].output


def test_other_rows_give_another_digest(folder: Path, tmp_path: Path) -> None:
    _train(folder, tmp_path / "a", "--date", "2026-01-01")
    _write(folder / "two.csv.gz", "two", seed=9)
    _train(folder, tmp_path / "b", "--date", "2026-01-01")
    assert unpack((tmp_path / "a").read_bytes()).sha256 != unpack((tmp_path / "b").read_bytes()).sha256


def test_a_model_learns_its_task_alone_and_says_from_what(folder: Path, tmp_path: Path) -> None:
    assert _train(folder, tmp_path / "m").exit_code == 0
    model = model_from(unpack((tmp_path / "m").read_bytes()))
    header = model.artefact.header
    assert header["sources"] == {"one": 120, "two": 120}
    assert header["data"].keys() == {"one", "two"}
    assert header["held_out"].keys() == {"one", "two"}
    bad, fine = (model.probability(see(text)) for text in ("buy cheap pills", "my aunt lived there"))
    assert bad > fine


def test_only_the_named_sources_are_learned_from(folder: Path, tmp_path: Path) -> None:
    assert _train(folder, tmp_path / "m", "--only", "one").exit_code == 0
    assert unpack((tmp_path / "m").read_bytes()).header["sources"] == {"one": 120}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,text\n1,hello\n", "label"),
        ("id,text,label\n1,hello,2\n", "row 1"),
        ("id,text,label\n1,hello,0\n", "both labels"),
        ("\x00", "wrong.csv"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_line(tmp_path: Path, content: str, told: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "wrong.csv").write_text(content)
    result = _train(data, tmp_path / "m")
    assert result.exit_code == 1
    assert told in result.stderr
    assert not (tmp_path / "m").exists()


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert "holds no" in _train(tmp_path / "data", tmp_path / "m").stderr
