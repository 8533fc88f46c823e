"""The spam model's opinion, corrected by what the site taught, with what weighed most in it."""

from service.domain.finding import Finding
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.classifier.opinion import Limits, opinion, under
from service.moderation.evidence import Evidence
from service.moderation.learning.thresholds import Thresholds

NAME = "spam_model"
VERSION = 1
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what is likelier spam than the site's threshold allows; spam where the site promised to know."""
    models = evidence.site_models
    return opinion(
        NAME,
        VERSION,
        "spam",
        Reason.SPAM,
        evidence.text,
        correction=models.spam,
        limits=_limits(models.thresholds),
    )


def under_thresholds(finding: Finding, thresholds: Thresholds) -> Finding:
    """What the check said before, as it would say it with these thresholds."""
    return under(finding, Reason.SPAM, _limits(thresholds))


def _limits(found: Thresholds) -> Limits:
    return Limits(found.spam_held_above, found.spam_above, found.words())
