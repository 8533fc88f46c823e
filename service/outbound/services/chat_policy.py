"""A chat model that judges by the site's written policy: `POST {url}/chat/completions`, OpenAI's form.

It is sent the written policy and the text. It may have a comment held or rejected; what it allows is no more
than if it had not been asked, so a comment that talks it into anything gains nothing.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from service.domain.finding import Finding, Outcome
from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Rules, Sent, post
from service.outbound.errors import BadAnswer
from service.outbound.services.chat_styles import NOT_CLEAR, STYLES, Read
from service.outbound.services.question import Opinion, Question
from service.outbound.services.reading import mapping, only


def _mark() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class ChatPolicy:
    """`url` is the API's base, `style` one of `STYLES`; `mark` draws what the comment cannot know."""

    url: str
    key: str = field(repr=False)
    model: str
    style: str
    rules: Rules
    mark: Callable[[], str] = _mark
    NAME: ClassVar[str] = "chat_policy"
    VERSION: ClassVar[int] = 1

    async def ask(self, question: Question, policy: ServicePolicy) -> Opinion:
        """What it says; see `Service`."""
        style, mark = STYLES[self.style], self.mark()
        if style.needs_policy and not policy.written_policy:
            detail = "the site has written no policy for it"
            return self._opinion(Read(Outcome.UNKNOWN, Reason.CHECK_FAILED, detail=detail))
        document = {
            "model": self.model,
            "messages": style.messages(policy.written_policy or "", question.text, mark),
            "temperature": 0,
            **style.body,
        }
        sent = Sent(
            url=f"{self.url.rstrip('/')}/chat/completions",
            body=json.dumps(document, ensure_ascii=False).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
        )
        return self.read((await post(sent, self.rules)).json(), policy, mark)

    def read(self, answer: object, policy: ServicePolicy, mark: str) -> Opinion:
        """The opinion in an answer; what the model wrote may be anything, and is then not clear.

        Raises:
            BadAnswer: it is no answer of a chat model.
        """
        choice = only(answer, "choices")
        message = mapping(choice, "message")
        content = message.get("content")
        if not isinstance(choice, dict) or message.get("role", "assistant") != "assistant":
            raise BadAnswer
        refused = message.get("refusal") or message.get("tool_calls")
        if refused or not isinstance(content, str) or choice.get("finish_reason", "stop") != "stop":
            return self._opinion(NOT_CLEAR)
        read = STYLES[self.style].read(content, mark, _first_token(choice))
        return self._opinion(_by_score(read, policy))

    def _opinion(self, read: Read) -> Opinion:
        finding = Finding(
            self.NAME, self.VERSION, read.outcome, read.reason, score=read.score, detail=read.detail
        )
        return Opinion(finding)


def _by_score(read: Read, policy: ServicePolicy) -> Read:
    """A score may make it stricter, never milder."""
    if read.score is None or read.outcome not in {Outcome.PASS, Outcome.HOLD}:
        return read
    if policy.reject_above is not None and read.score >= policy.reject_above:
        return Read(Outcome.REJECT, Reason.SUSPICIOUS, read.score, read.detail)
    if policy.hold_above is not None and read.score >= policy.hold_above and read.outcome is Outcome.PASS:
        return Read(Outcome.HOLD, Reason.SUSPICIOUS, read.score, "by the written policy: it may break it")
    return read


def _first_token(choice: Mapping[str, object]) -> dict[str, float]:
    """The log probabilities of the first token's candidates, where the server tells them.

    Raises:
        BadAnswer: it tells something else.
    """
    told = choice.get("logprobs")
    entries = told.get("content") if isinstance(told, dict) else None
    if not entries:
        return {}
    first = entries[0] if isinstance(entries, list) else None
    candidates = first.get("top_logprobs") if isinstance(first, dict) else None
    if not isinstance(candidates, list):
        raise BadAnswer
    return dict(_candidate(one) for one in candidates)


def _candidate(one: object) -> tuple[str, float]:
    token, log_probability = (one.get("token"), one.get("logprob")) if isinstance(one, dict) else (None, None)
    if not isinstance(token, str) or isinstance(log_probability, bool):
        raise BadAnswer
    if not isinstance(log_probability, (int, float)) or log_probability > 0:
        raise BadAnswer
    return token, float(log_probability)
