"""A shipped model at work: a text's features in, a calibrated probability and its reasons out."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from service.moderation.classifier.artefact import Artefact, InvalidArtefact, unpack
from service.moderation.classifier.calibration import UNIT, Calibration
from service.moderation.classifier.correction import Correction
from service.moderation.classifier.explanation import Reasoning, Weights, explain
from service.moderation.classifier.features import (
    MARK_VALUE,
    PAIR_VALUE,
    SPEC,
    Features,
    features_of,
    mark_id,
)
from service.moderation.classifier.lexicon import load_lexicon
from service.moderation.classifier.tokens import GROUP_VALUE, REMEMBERED, WORD_VALUE, Token
from service.moderation.text.seen import SeenText, see

Task = Literal["spam", "abuse"]
TASKS: tuple[Task, ...] = ("spam", "abuse")

_NEVER_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Score:
    """What a model says about a text.

    Attributes:
        probability: calibrated, 0..1, corrected by what the site taught.
        shipped: the same without the correction.
        top: what weighed most towards it, heaviest first.
    """

    probability: float
    shipped: float
    top: tuple[Reasoning, ...]

    @property
    def log_odds(self) -> float:
        """ln(p / (1 - p)) of the shipped model's probability, which a correction starts from."""
        return log_odds(self.shipped)


@dataclass(frozen=True)
class Model:
    """A linear model over `Features`."""

    task: Task
    artefact: Artefact
    bias: float
    calibration: Calibration
    token_weight: Callable[[Token], float] = field(repr=False)

    @property
    def version(self) -> int:
        """What a finding and the model card call it."""
        return int(self.artefact.header["version"])

    def features(self, seen: SeenText) -> Features:
        """What the model looks at; the same for both tasks, remembered for the next asker."""
        return features_remembered(seen.original)

    def score(self, seen: SeenText, correction: Correction | None = None) -> Score:
        """The probability, corrected by what the site taught, and what weighed most."""
        features = self.features(seen)
        shipped = self.calibration.probability(self.logit(features))
        probability = shipped
        if correction is not None:
            corrected = correction.log_odds(log_odds(shipped), features.values.items())
            probability = 1 / (1 + math.exp(-min(max(corrected, -30.0), 30.0)))
        return Score(probability, shipped, explain(seen, features, self._weights(correction)))

    def probability(self, seen: SeenText) -> float:
        """The shipped model's alone, without its reasons: several times faster."""
        return self.calibration.probability(self.logit(self.features(seen)))

    def logit(self, features: Features) -> float:
        """The raw sum; words are weighed once and remembered."""
        of_token, of_id = self.token_weight, self.weight_of
        words = sum([of_token(token) for token in features.tokens])
        pairs = sum([of_id(pair) for pair in features.pair_ids])
        marks = sum([of_id(mark_id(mark)) for mark in features.marks])
        return self.bias + features.norm * (words + PAIR_VALUE * pairs) + MARK_VALUE * marks

    def _weights(self, correction: Correction | None) -> Weights:
        """What weighed, the site's own part included."""
        if correction is None:
            return Weights(self.weight_of, self.token_weight)
        taught = correction.weight

        def of_token(token: Token) -> float:
            groups = sum([taught(group) for group in token.group_ids])
            return self.token_weight(token) + WORD_VALUE * taught(token.word_id) + GROUP_VALUE * groups

        return Weights(lambda feature: self.weight_of(feature) + taught(feature), of_token)

    def weight_of(self, feature: int) -> float:
        """A feature's weight by its id."""
        weights = self.artefact.weights
        return weights[feature & (len(weights) - 1)] * self.artefact.scale


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)); never infinite."""
    inside = min(max(probability, _NEVER_CERTAIN), 1 - _NEVER_CERTAIN)
    return math.log(inside / (1 - inside))


def model_from(artefact: Artefact) -> Model:
    """The model in an artefact.

    Raises:
        InvalidArtefact: it was trained on other features than this program makes.
    """
    header, weights, scale = artefact.header, artefact.weights, artefact.scale
    if header.get("features") != spec():
        raise InvalidArtefact("it knows other features than this program makes")
    mask = len(weights) - 1

    @lru_cache(maxsize=REMEMBERED)
    def token_weight(token: Token) -> float:
        groups = sum([weights[group & mask] for group in token.group_ids])
        return scale * (WORD_VALUE * weights[token.word_id & mask] + GROUP_VALUE * groups)

    return Model(
        task=header["task"],
        artefact=artefact,
        bias=int(header["bias"]) / UNIT,
        calibration=Calibration.from_points(header["calibration"]),
        token_weight=token_weight,
    )


def spec() -> dict[str, str]:
    """What the features are made of; it stands in every artefact."""
    return {"spec": SPEC, "lexicon": load_lexicon().sha256}


@lru_cache(maxsize=2)
def load_model(task: Task) -> Model:
    """The model that ships with the program; read at its first use, once per process.

    Raises:
        InvalidArtefact: the file is damaged or of another version.
        OSError: there is none.
    """
    return model_from(unpack(files("service.moderation").joinpath("models", f"{task}.model").read_bytes()))


@lru_cache(maxsize=4)
def features_remembered(text: str) -> Features:
    """The features of a text, which both models ask for."""
    return features_of(see(text))
