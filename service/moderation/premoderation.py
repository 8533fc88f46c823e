"""Nothing is published by the checks alone where a page or the whole site is pre-moderated."""

from service.domain.status import Status
from service.moderation.judge import Verdict


def premoderated(verdict: Verdict, *, page: bool, site: bool) -> Verdict:
    """The verdict; what would be published waits for a person, and the rule says where that was ordered."""
    if verdict.status is Status.PUBLISHED and (page or site):
        return Verdict(Status.HELD, rule="premoderation.page" if page else "premoderation.site")
    return verdict
