"""Nothing is published alone where a promise forbids it, whatever the checks that are on say."""

from service.domain.status import Status
from service.moderation.judge import Verdict
from service.moderation.learning.thresholds import Thresholds


def restrained(verdict: Verdict, thresholds: Thresholds) -> Verdict:
    """The verdict; what would be published waits for a person where people decide for now."""
    if verdict.status is Status.PUBLISHED and thresholds.basis == "people":
        return Verdict(Status.HELD, rule="promise.publish")
    return verdict
