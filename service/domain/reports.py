"""What readers report, how much a report weighs, and what several of them say together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.fault import Fault, InvalidSubmission
from service.domain.field_rules import Wrong, passage
from service.domain.reason_texts import reasons_of
from service.domain.reasons import Reason
from service.domain.site import ReasonText

LONGEST_TEXT = 1000

_SHARED = frozenset(
    map(
        str,
        (
            Reason.OFF_TOPIC,
            Reason.ABUSIVE,
            Reason.HATE,
            Reason.HARASSMENT,
            Reason.SPAM,
            Reason.ADVERTISING,
            Reason.ILLEGAL,
            Reason.PERSONAL_DATA,
            Reason.MISINFORMATION,
            Reason.IMPERSONATION,
            Reason.OTHER,
        ),
    )
)
"""Of the reasons that every site has those that a reader can see in a comment."""

_NO_REASON = "Please choose what is wrong with the comment."


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader says is wrong with a comment; it does not print the text."""

    reason: str
    text: str | None = field(default=None, repr=False)


def reportable(own: Sequence[ReasonText]) -> list[ReasonText]:
    """The reasons that readers of a site choose from: the last one is `other`."""
    shared = {str(code) for code in Reason}
    offered = [one for one in reasons_of(own) if one.code in _SHARED or one.code not in shared]
    return sorted(offered, key=lambda one: one.code == Reason.OTHER)


def parse_report(fields: Mapping[str, object], own: Sequence[ReasonText]) -> Report:
    """Read the fields of a JSON object or a form.

    Raises:
        InvalidSubmission: with every fault.
    """
    faults = []
    reason, text = fields.get("reason"), None
    if reason is None or reason == "":
        faults.append(Fault("reason", "required", _NO_REASON))
    elif reason not in [one.code for one in reportable(own)]:
        faults.append(Fault("reason", "not_found", _NO_REASON))
    try:
        text = passage(fields.get("text"), limit=LONGEST_TEXT)
    except Wrong as wrong:
        faults.append(Fault("text", wrong.code, wrong.detail))
    if faults:
        raise InvalidSubmission(faults, {})
    return Report(str(reason), text)


def weight_of(kept: int, taken_down: int) -> float:
    """What a report weighs, by what became of the others that came from there today.

    One that nobody knows counts whole. Each that moderators found groundless makes the next ones lighter,
    each that they agreed with makes up for one of those.
    """
    return (1 + taken_down) / (1 + taken_down + kept)


def majority(reasons: Iterable[tuple[str, float]]) -> str:
    """The reason with the most weight behind it; of equal ones that which was named first."""
    weights: dict[str, float] = {}
    for reason, weight in reasons:
        weights[reason] = weights.get(reason, 0.0) + weight
    return max(weights, key=lambda reason: weights[reason])
