"""The abuse model's opinion, corrected by what the site taught, with what weighed most in it."""

from service.domain.finding import Finding
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.classifier.opinion import Limits, opinion, under
from service.moderation.evidence import Evidence
from service.moderation.learning.thresholds import Thresholds

NAME = "abuse_model"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what is likelier abusive than the site's threshold allows; it is never rejected unseen."""
    models = evidence.site_models
    return opinion(
        NAME,
        VERSION,
        "abuse",
        Reason.ABUSIVE,
        evidence.text,
        correction=models.abuse,
        limits=_limits(models.thresholds),
    )


def under_thresholds(finding: Finding, thresholds: Thresholds) -> Finding:
    """What the check said before, as it would say it with these thresholds."""
    return under(finding, Reason.ABUSIVE, _limits(thresholds))


def _limits(found: Thresholds) -> Limits:
    return Limits(found.abuse_held_above, None, found.words())
