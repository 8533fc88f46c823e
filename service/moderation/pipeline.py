"""Runs every check that a site has on, in listed order; a check that fails is itself a finding."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import NoneType
from typing import Protocol

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.domain.text_rules import has_forbidden
from service.moderation.checks import (
    abuse,
    author_record,
    blocked_words,
    empty_praise,
    flood,
    hidden_characters,
    honeypot,
    impersonation,
    language,
    link_reputation,
    links,
    near_duplicates,
    new_author,
    off_form,
    patterns,
    personal_data,
    repeats,
    shouting,
    spam,
    standing,
    thread_heat,
    time_to_fill,
    word_lists,
)
from service.moderation.classifier.model import features_remembered
from service.moderation.evidence import Evidence
from service.moderation.language import read_language
from service.moderation.link_finder import find_links
from service.moderation.text.seen import see

Deadline = Callable[[], AbstractContextManager[None]]
"""Makes the guard that one check runs inside; it may raise `CheckTimedOut` there."""


MAX_DETAIL = 500
"""Characters; a longer one is no remark for moderators."""

MOST_SPANS = 100
"""Places that are shown of what a check found; a text of signs alone would have one for each of them."""


class CheckTimedOut(Exception):
    """A check took longer than its deadline."""


class InvalidFinding(Exception):
    """A check answered something that is not a finding about this text."""


class Check(Protocol):
    """What every module in `checks` is.

    `READS` are the fields of the policy that the check looks at. Where they and `VERSION` are the same, so is
    its finding: it need not run again to see what another policy would have done.
    """

    NAME: str
    VERSION: int
    READS: tuple[str, ...]

    def check(self, evidence: Evidence, policy: Policy, /) -> Finding:
        """What this check says; always a finding, a pass included."""
        ...


CHECKS: tuple[Check, ...] = (
    standing, honeypot, blocked_words, word_lists, patterns, personal_data, link_reputation, links,
    impersonation, hidden_characters, repeats, near_duplicates, flood, time_to_fill, spam, abuse, shouting,
    empty_praise, language, author_record, new_author, thread_heat, off_form,
)  # fmt: skip
"""In the order in which they run and are shown; of several that hold, the first gives the reason."""


def check_names() -> list[str]:
    """The names under which a policy knows the checks."""
    return [check.NAME for check in CHECKS]


def run_checks(
    evidence: Evidence, policy: Policy, deadline: Deadline, checks: Sequence[Check] = CHECKS
) -> tuple[Finding, ...]:
    """One finding for each check that the policy has on, its action applied.

    Raises what ends a process (`SystemExit`, `KeyboardInterrupt`) and nothing else: a check that raises, that
    runs out of its deadline, or that answers nonsense gives `UNKNOWN` with reason `check_failed` and the
    exception's class as detail.
    """
    return tuple(
        with_action(_run(check, evidence, policy, deadline), policy)
        for check in checks
        if policy.of_check(check.NAME).on
    )


def forget_texts() -> None:
    """Forget the latest texts, which several checks of one comment share.

    Whoever has nothing more to check would hold them for days, erased ones too.
    """
    for seen_of in (see, find_links, read_language, features_remembered):
        seen_of.cache_clear()


def _run(check: Check, evidence: Evidence, policy: Policy, deadline: Deadline) -> Finding:
    try:
        with deadline():
            finding = check.check(evidence, policy)
        _require_valid(finding, check, evidence)
    except (SystemExit, KeyboardInterrupt):  # how a pool's process is asked to end
        raise
    except BaseException as failure:  # noqa: BLE001  (whatever it is, a person must look)
        detail = type(failure).__name__
        return Finding(check.NAME, check.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail)
    return finding if len(finding.spans) <= MOST_SPANS else replace(finding, spans=finding.spans[:MOST_SPANS])


def _require_valid(finding: Finding, check: Check, evidence: Evidence) -> None:
    """Raises `InvalidFinding`, or what comes of a finding that is none."""
    if not _is_storable(finding) or len(finding.spans) > len(evidence.text):
        raise InvalidFinding
    if (finding.check, finding.version) != (check.NAME, check.VERSION):
        raise InvalidFinding
    if finding.score is not None and not 0 <= finding.score <= 1:
        raise InvalidFinding
    if not all(0 <= span.start < span.end <= len(evidence.text) for span in finding.spans):
        raise InvalidFinding
    if finding.outcome is not Outcome.PASS and finding.reason is None:
        raise InvalidFinding


_RULE = re.compile(r"[a-z0-9_.]{0,100}")
_MADE_OF: dict[str, set[type]] = {
    "outcome": {Outcome},
    "reason": {Reason, NoneType},
    "score": {int, float, NoneType},
    "detail": {str},
    "rule": {str},
    "spans": {tuple},
}


def _is_storable(finding: object) -> bool:
    """Whether it is made of what it says, and so becomes JSON that the database takes."""
    return (
        isinstance(finding, Finding)
        and all(type(getattr(finding, name)) in kinds for name, kinds in _MADE_OF.items())
        and len(finding.detail) <= MAX_DETAIL
        and not has_forbidden(finding.detail)
        and _RULE.fullmatch(finding.rule) is not None
        and all(type(offset) is int for span in finding.spans for offset in (span.start, span.end))
    )


def with_action(finding: Finding, policy: Policy) -> Finding:
    """A site may say what a hit leads to; a pass and a failed check stay what they are."""
    action = policy.of_check(finding.check).action
    if action is None or finding.outcome in {Outcome.PASS, Outcome.UNKNOWN}:
        return finding
    if action == "note":
        return replace(finding, outcome=Outcome.PASS, score=1.0 if finding.score is None else finding.score)
    return replace(finding, outcome=action)
