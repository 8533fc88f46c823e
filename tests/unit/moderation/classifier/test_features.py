"""The same text has the same features everywhere, and a word keeps its meaning in disguise."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moderation.classifier.features import features_of
from service.moderation.classifier.lexicon import load_lexicon
from service.moderation.classifier.marks import _counted, _counted_ascii
from service.moderation.classifier.model import load_model
from service.moderation.text.seen import see

TEXT = "Check out my channel, you complete idiot: http://shop.example/x 💩 Straße 2024 병신"
PROGRAM = f"""
from service.moderation.classifier.features import features_of
from service.moderation.classifier.model import load_model
from service.moderation.text.seen import see
seen = see({TEXT!r})
print(sorted(features_of(seen).values.items()), [load_model(task).score(seen) for task in ("spam", "abuse")])
"""


def _told_by(program: str, surroundings: dict[str, str]) -> str:
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True, timeout=60)
    return told.stdout


def _told_by_a_process(seed: str) -> str:
    return _told_by(PROGRAM, {**os.environ, "PYTHONHASHSEED": seed})


def test_features_and_scores_are_the_same_in_every_process() -> None:
    assert _told_by_a_process("1") == _told_by_a_process("2")


def test_the_worker_imports_nothing_heavy() -> None:
    program = PROGRAM + "import sys; print(sys.modules.keys() & {'numpy', 'scipy', 'sklearn'})"
    told = _told_by(program, dict(os.environ))
    assert not {"numpy", "scipy", "sklearn"} & set(told.splitlines()[-1].split("'"))


def test_the_fast_sum_is_that_of_the_values() -> None:
    model, features = load_model("abuse"), features_of(see(TEXT))
    slow = model.bias + sum(model.weight_of(key) * value for key, value in features.values.items())
    assert model.logit(features) == pytest.approx(slow, abs=1e-6)


@pytest.mark.parametrize("text", ["", " ", "!!!", "*****", "💩", "\u200b", "x" * 20_000, "idiot " * 5_000])
def test_any_text_has_a_score(text: str) -> None:
    for task in ("spam", "abuse"):
        assert 0 <= load_model(task).score(see(text)).probability <= 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("f**k", "fuck"),
        ("f*cking", "fucking"),
        ("sutpid", "stupid"),
        ("ididot", None),
        ("stuuupid", "stupid"),
        ("bitttch", "bitch"),
        ("harbour", None),
        ("filter", None),
        ("*", None),
        ("2*3", None),
    ],
)
def test_a_disguised_word_is_known_for_what_it_is(disguised: str, plain: str | None) -> None:
    assert load_lexicon().meant_by(disguised) == plain


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("idiots", "abuse.mind"),
        ("trottel", "abuse.mind"),
        ("imbecil", "abuse.mind"),
        ("дебилы", "abuse.mind"),
        ("개병신아", "abuse.mind"),
        ("casino", "spam.gambling"),
        ("криптовалюта", "spam.crypto"),
    ],
)
def test_a_word_of_any_language_has_its_meaning(word: str, meaning: str) -> None:
    lexicon = load_lexicon()
    assert meaning in {lexicon.meanings[number] for number in lexicon.meanings_of(word)}


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_what_is_counted_fast_is_what_is_counted_slowly(text: str) -> None:
    assert _counted_ascii(text) == _counted(text)


def test_a_phrase_means_what_its_words_do_not() -> None:
    assert "meaning:spam.money:1" in features_of(see("a job from home")).marks
    assert "meaning:spam.money:1" not in features_of(see("the way home")).marks


def test_meanings_close_together_are_a_feature_and_far_apart_are_not() -> None:
    close = features_of(see("you complete idiot")).marks
    apart = features_of(see("you have to read what the other idiot wrote")).marks
    assert "close:abuse.you>abuse.mind" in close
    assert "close:abuse.you>abuse.mind" not in apart
