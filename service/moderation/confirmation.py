"""What a confirmed address means for a verdict: a reply waits for it, and its record earns trust."""

from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.status import Status
from service.moderation.evidence import Evidence
from service.moderation.judge import Verdict


def trusted(verdict: Verdict, policy: Policy, evidence: Evidence) -> Verdict:
    """The verdict; what waits for nothing but a person is published where its author has earned that.

    That is earned by replies whose own address was confirmed, this one among them, and lost by one that was
    refused; or a moderator gave it. Whoever types a regular's address has none of it.
    """
    waits_for_nothing = verdict.status is Status.HELD and verdict.reason is None and verdict.rule == "publish"
    if not waits_for_nothing or not evidence.confirmed:
        return verdict
    if evidence.author_standing == "trusted":
        return Verdict(Status.PUBLISHED, rule="trusted")
    if _has_earned_it(policy, evidence):
        return Verdict(Status.PUBLISHED, rule="trust_from")
    return verdict


def _has_earned_it(policy: Policy, evidence: Evidence) -> bool:
    return (
        policy.trust_from is not None
        and evidence.confirmed_published >= policy.trust_from
        and evidence.author_refused == 0
    )


def confirmed_first(verdict: Verdict, policy: Policy, evidence: Evidence) -> Verdict:
    """The verdict; nothing that is not refused is published, or shown to people, before it is confirmed.

    A site that wants addresses confirmed and cannot mail has a person look.
    """
    if verdict.status in {Status.SPAM, Status.REJECTED} or not _is_asked_for(policy, evidence):
        return verdict
    if evidence.can_confirm:
        return Verdict(Status.HELD, Reason.AWAITING_CONFIRMATION, rule="confirm_address")
    return verdict if verdict.status is Status.HELD else Verdict(Status.HELD, rule="confirm_address")


def _is_asked_for(policy: Policy, evidence: Evidence) -> bool:
    if policy.confirm_address == "off" or evidence.confirmed:
        return False
    return policy.confirm_address == "always" or not evidence.author_confirmed
