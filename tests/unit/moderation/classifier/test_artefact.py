"""A model's file: what was altered, cut off or made of other features is refused."""

import json
from array import array
from contextlib import nullcontext
from importlib.resources import files

import pytest

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.checks import abuse, spam
from service.moderation.classifier import model as classifier
from service.moderation.classifier.artefact import MOST_BYTES, InvalidArtefact, pack, unpack
from service.moderation.classifier.model import TASKS, load_model, model_from
from service.moderation.judge import judge
from service.moderation.pipeline import run_checks
from tests.unit.moderation.factories import make_evidence

HEADER = {"task": "spam", "date": "2026-01-01", "scale": 0.5}
WEIGHTS = array("h", range(-128, 128))


def _shipped(task: str) -> bytes:
    return files("service.moderation").joinpath("models", f"{task}.model").read_bytes()


def test_what_was_packed_is_unpacked() -> None:
    found = unpack(pack(HEADER, WEIGHTS))
    assert found.weights == WEIGHTS
    assert found.header["task"] == "spam"
    assert found.scale == 0.5


@pytest.mark.parametrize("at", [3, 60, -1, -40])
def test_one_altered_byte_is_found(at: int) -> None:
    packed = bytearray(pack(HEADER, WEIGHTS))
    packed[at] ^= 1
    with pytest.raises(InvalidArtefact):
        unpack(bytes(packed))


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b"[]\n", b"no model", b"\x80\x04\n" + b"x" * 40])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidArtefact):
        unpack(content)


def test_a_file_that_was_cut_off_is_refused() -> None:
    packed = pack(HEADER, WEIGHTS)
    for length in range(0, len(packed), 7):
        with pytest.raises(InvalidArtefact):
            unpack(packed[:length])


def test_weights_that_would_fill_the_memory_are_refused() -> None:
    bomb = pack({**HEADER, "scale": 1.0}, array("h", bytes(2**20)))
    line, _, payload = bomb.partition(b"\n")
    header = json.loads(line)
    header["bits"] = 4
    from service.moderation.classifier.artefact import _as_line, _digest

    header["sha256"] = _digest(header, payload)
    with pytest.raises(InvalidArtefact):
        unpack(_as_line(header) + payload)


def test_the_digest_does_not_depend_on_the_day() -> None:
    later = {**HEADER, "date": "2027-02-03"}
    assert unpack(pack(HEADER, WEIGHTS)).sha256 == unpack(pack(later, WEIGHTS)).sha256
    assert unpack(pack({**HEADER, "seed": 2}, WEIGHTS)).sha256 != unpack(pack(HEADER, WEIGHTS)).sha256


@pytest.mark.parametrize("task", TASKS)
def test_the_shipped_models_are_whole_small_and_of_these_features(task: str) -> None:
    content = _shipped(task)
    assert len(content) <= MOST_BYTES
    header = model_from(unpack(content)).artefact.header
    assert header["task"] == task
    assert {"sources", "data", "held_out", "date", "seed", "features"} <= header.keys()
    assert set(header["data"]) >= set(header["sources"])
    assert all(len(digest) == 64 for digest in header["data"].values())


@pytest.mark.parametrize("task", TASKS)
def test_the_shipped_models_learned_only_from_sets_that_may_ship(task: str) -> None:
    may_ship = {
        "civil_hard", "hatemoji_build", "kmhas_valid", "naver_beep_train", "sms_spam", "telegram_ru",
        "tgspam_chat", "wiki_cat_gn", "wiki_jigsaw_bal", "yt_eminem", "yt_katyperry", "yt_psy",
    }  # fmt: skip
    header = load_model(task).artefact.header  # type: ignore[arg-type]
    assert {*header["sources"], *header["background"]} <= may_ship


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(InvalidArtefact, match="features"):
        model_from(unpack(pack({**HEADER, "features": {"spec": "other"}}, WEIGHTS)))


@pytest.mark.parametrize("check", [spam, abuse])
def test_a_damaged_model_leaves_the_comment_to_a_person(
    check: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_damaged(_task: str) -> object:
        return model_from(unpack(_shipped("spam")[:-1]))

    monkeypatch.setattr("service.moderation.classifier.opinion.load_model", load_damaged)
    policy = Policy(publish="auto")
    findings = run_checks(make_evidence(), policy, nullcontext, [check])  # type: ignore[list-item]
    assert [finding.outcome for finding in findings] == [Outcome.UNKNOWN]
    assert judge(findings, policy).status is Status.HELD
    assert findings[0].reason is Reason.CHECK_FAILED


def test_a_model_is_read_once() -> None:
    assert classifier.load_model("spam") is load_model("spam")
