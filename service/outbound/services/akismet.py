"""Akismet: `comment-check`, `submit-spam`, `submit-ham` and `verify-key` (its API of version 1.1).

It is sent what its protocol lives by: the text, the name and website as given, the page, and the address,
browser and referrer of whoever sent it. No email: `comment_author_email` is not among the fields.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from urllib.parse import urlencode

from service.domain.finding import Finding, Outcome
from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Received, Rules, Sent, post
from service.outbound.errors import BadAnswer
from service.outbound.services.question import Opinion, Question

VERIFIED_FOR_S = 24 * 3600.0
REFUSED_FOR_S = 600.0
THANKS = b"Thanks for making the web a better place."

Verdict = Literal["spam", "ham"]


@dataclass(frozen=True, slots=True)
class Akismet:
    """`url` is the API's base. Whether it takes the key for a site is asked now and then, and remembered."""

    url: str
    key: str = field(repr=False)
    rules: Rules
    clock: Callable[[], float] = time.monotonic
    NAME: ClassVar[str] = "akismet"
    VERSION: ClassVar[int] = 1
    _verified: dict[str, tuple[bool, float]] = field(default_factory=dict, repr=False)

    async def ask(self, question: Question, policy: ServicePolicy) -> Opinion:  # noqa: ARG002
        """What it says; see `Service`. Without what was submitted it is not asked."""
        if question.as_submitted is None:
            return self._unknown("what its browser said was not kept")
        if not await self.is_verified(question.blog):
            return self._unknown("Akismet does not take the key for this site")
        again = {"recheck_reason": "recheck"} if question.is_again else {}
        return self.read(await self._post("comment-check", self.fields(question) | again))

    async def tell(self, question: Question, verdict: Verdict) -> None:
        """Tell it what a person found, with the fields that the check had.

        Raises:
            NoAnswer: it may not have heard; telling it again does no harm.
        """
        answer = await self._post(f"submit-{verdict}", self.fields(question))
        if answer.body.strip() != THANKS:
            raise BadAnswer

    async def is_verified(self, blog: str) -> bool:
        """Whether it takes the key for that site.

        Raises:
            NoAnswer: it does not say.
        """
        known, until = self._verified.get(blog, (False, float("-inf")))
        if self.clock() >= until:
            answer = await self._post("verify-key", {"api_key": self.key, "key": self.key, "blog": blog})
            if answer.body.strip() not in {b"valid", b"invalid"}:
                raise BadAnswer
            known = answer.body.strip() == b"valid"
            self._verified[blog] = (known, self.clock() + (VERIFIED_FOR_S if known else REFUSED_FOR_S))
        return known

    def fields(self, question: Question) -> dict[str, str]:
        """What is sent about a comment: the same in a check and in what a person found later."""
        submitted = question.as_submitted
        found = {
            "api_key": self.key,
            "blog": question.blog,
            "user_ip": submitted.ip if submitted else "",
            "user_agent": submitted.user_agent if submitted else "",
            "referrer": submitted.referrer if submitted else "",
            "permalink": question.page_url,
            "comment_type": "reply" if question.parent_id else "comment",
            "comment_author": question.author,
            "comment_author_url": question.website or "",
            "comment_content": question.text,
            "comment_date_gmt": question.submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "blog_charset": "UTF-8",
        }
        return {name: value for name, value in found.items() if value}

    def read(self, answer: Received) -> Opinion:
        """The opinion in the answer to a check.

        Raises:
            BadAnswer: it is neither true nor false, `invalid` for one.
        """
        body = answer.body.strip()
        if body not in {b"true", b"false"}:
            raise BadAnswer
        is_blatant = answer.headers.get("x-akismet-pro-tip", "").strip().lower() == "discard"
        if body == b"true":
            detail = "Akismet calls it blatant spam" if is_blatant else "Akismet calls it spam"
            return Opinion(Finding(self.NAME, self.VERSION, Outcome.SPAM, Reason.SPAM, detail=detail))
        if is_blatant:
            return self._unknown("Akismet contradicts itself")
        again = answer.headers.get("x-akismet-recheck-after")
        if again is None:
            return Opinion(Finding(self.NAME, self.VERSION, Outcome.PASS))
        unknown = self._unknown("Akismet has not made up its mind")
        is_number = re.fullmatch(r"[1-9][0-9]{0,5}", again.strip())
        return Opinion(unknown.finding, float(again) if is_number else None)

    def _unknown(self, detail: str) -> Opinion:
        finding = Finding(self.NAME, self.VERSION, Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail)
        return Opinion(finding)

    async def _post(self, call: str, fields: dict[str, str]) -> Received:
        sent = Sent(
            url=f"{self.url.rstrip('/')}/1.1/{call}",
            body=urlencode(fields).encode("ascii"),
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
            expected="text/plain",
        )
        return await post(sent, self.rules)
