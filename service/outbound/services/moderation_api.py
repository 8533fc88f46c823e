"""An OpenAI-compatible moderation API: `POST {url}/moderations`, scores and flags by category.

It is sent the text and the name of a model. It knows no spam and no insult: see the categories below.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Rules, Sent, post
from service.outbound.errors import BadAnswer
from service.outbound.services.question import Opinion, Question
from service.outbound.services.reading import flag, mapping, names, only, share
from service.outbound.services.scores import judged

REASONS = {
    "harassment": Reason.HARASSMENT,
    "harassment/threatening": Reason.HARASSMENT,
    "hate": Reason.HATE,
    "hate/threatening": Reason.HATE,
    "illicit": Reason.ILLEGAL,
    "illicit/violent": Reason.ILLEGAL,
    "sexual": Reason.ABUSIVE,
    "sexual/minors": Reason.ILLEGAL,
    "violence": Reason.ABUSIVE,
    "violence/graphic": Reason.ABUSIVE,
    "self-harm": Reason.OTHER,
    "self-harm/intent": Reason.OTHER,
    "self-harm/instructions": Reason.OTHER,
}
"""What a category means here; one that is not named is `suspicious`."""


@dataclass(frozen=True, slots=True)
class ModerationApi:
    """`url` is the API's base, such as https://api.openai.com/v1."""

    url: str
    key: str = field(repr=False)
    model: str
    rules: Rules
    NAME: ClassVar[str] = "openai_moderation"
    VERSION: ClassVar[int] = 1

    async def ask(self, question: Question, policy: ServicePolicy) -> Opinion:
        """What it says; see `Service`."""
        body = json.dumps({"model": self.model, "input": question.text}).encode("ascii")
        sent = Sent(
            url=f"{self.url.rstrip('/')}/moderations",
            body=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
        )
        return self.read((await post(sent, self.rules)).json(), policy)

    def read(self, answer: object, policy: ServicePolicy) -> Opinion:
        """The opinion in an answer.

        Raises:
            BadAnswer: parts are missing, or contradict each other.
        """
        result = only(answer, "results")
        flags, scored = mapping(result, "categories"), mapping(result, "category_scores")
        scores = {name: share(scored[name]) for name in names(_told(scored))}
        flagged = {name for name in names(_told(flags)) if flag(flags[name])}
        is_flagged = flag(result.get("flagged") if isinstance(result, dict) else None)
        if set(_told(flags)) != set(scores) or is_flagged != bool(flagged):
            raise BadAnswer
        return Opinion(judged((self.NAME, self.VERSION), scores, policy, REASONS, is_flagged=is_flagged))


def _told(by_category: Mapping[str, object]) -> dict[str, object]:
    """Without what this model does not know: null in both."""
    return {name: value for name, value in by_category.items() if value is not None}
