"""A service of the newsroom's own: it is sent the comment as a signed JSON document and answers an outcome.

Signed as Standard Webhooks says: `webhook-id`, `webhook-timestamp` and `webhook-signature`, an HMAC-SHA256
over `id.timestamp.body` under each secret. 204 is no opinion; 200 is `{"outcome": …}` with an optional
`reason` (ours), `score` (0..1) and `label` (a short word for moderators); anything else is no answer.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, TypeVar

from service.domain.finding import Finding, Outcome
from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Rules, Sent, post
from service.outbound.errors import BadAnswer
from service.outbound.services.question import Opinion, Question
from service.outbound.services.reading import share

Word = TypeVar("Word", bound=StrEnum)

_LABEL = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_USUAL = {Outcome.SPAM: Reason.SPAM, Outcome.UNKNOWN: Reason.CHECK_FAILED, Outcome.PASS: None}


@dataclass(frozen=True, slots=True)
class NewsroomWebhook:
    """`secrets` are raw keys; the receiver has to know one of them, so that they can be changed."""

    url: str
    secrets: tuple[bytes, ...] = field(repr=False)
    rules: Rules
    clock: Callable[[], float] = time.time
    NAME: ClassVar[str] = "webhook"
    VERSION: ClassVar[int] = 1

    async def ask(self, question: Question, policy: ServicePolicy) -> Opinion:  # noqa: ARG002
        """What it says; see `Service`."""
        body = json.dumps(document(question), ensure_ascii=False).encode()
        sent = Sent(
            url=self.url,
            body=body,
            content_type="application/json",
            headers=self.signed(f"comment_{question.id}_{question.version}", body),
            statuses=frozenset({200, 204}),
        )
        answer = await post(sent, self.rules)
        if answer.status == 204:
            return Opinion(Finding(self.NAME, self.VERSION, Outcome.PASS))
        return self.read(answer.json())

    def signed(self, message_id: str, body: bytes) -> dict[str, str]:
        """The three headers for that body, now."""
        at = str(int(self.clock()))
        content = b".".join((message_id.encode(), at.encode(), body))
        macs = [hmac.digest(secret, content, hashlib.sha256) for secret in self.secrets]
        signatures = " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
        return {"webhook-id": message_id, "webhook-timestamp": at, "webhook-signature": signatures}

    def read(self, answer: object) -> Opinion:
        """The opinion in an answer.

        Raises:
            BadAnswer: a word is unknown, or the parts contradict each other.
        """
        if not isinstance(answer, dict):
            raise BadAnswer
        outcome, given = _member(Outcome, answer.get("outcome")), answer.get("reason")
        reason = None if given is None else _member(Reason, given)
        if outcome is Outcome.PASS and reason is not None:
            raise BadAnswer
        if reason is Reason.AWAITING_CONFIRMATION:  # it keeps a comment out of the queue: nobody would see it
            raise BadAnswer
        score = answer.get("score")
        return Opinion(
            Finding(
                self.NAME,
                self.VERSION,
                outcome,
                reason or _USUAL.get(outcome, Reason.OTHER),
                score=None if score is None else share(score),
                detail=_label(answer.get("label")),
            )
        )


def document(question: Question) -> dict[str, object]:
    """What is sent: the comment, where it stands, and what our own checks found; nothing of its sender."""
    return {
        "type": "comment.check",
        "timestamp": question.submitted_at.isoformat(),
        "data": {
            "id": str(question.id),
            "version": question.version,
            "site": question.site,
            "page_url": question.page_url,
            "parent_id": str(question.parent_id) if question.parent_id else None,
            "author": question.author,
            "website": question.website,
            "text": question.text,
            "submitted_at": question.submitted_at.isoformat(),
            "findings": [_told(finding) for finding in question.findings],
        },
    }


def _told(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "outcome": finding.outcome,
        "reason": finding.reason,
        "score": finding.score,
    }


def _member(kind: type[Word], word: object) -> Word:
    try:
        return kind(str(word))
    except ValueError:
        raise BadAnswer from None


def _label(label: object) -> str:
    if label is None:
        return ""
    if not isinstance(label, str) or not _LABEL.fullmatch(label):
        raise BadAnswer
    return f"the newsroom's service says: {label}"
