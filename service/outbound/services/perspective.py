"""Whatever speaks as Perspective does: `POST {url}/v1alpha1/comments:analyze`, a probability by attribute.

It is sent the text, the attributes that are asked for, and that it may not keep them.
"""

import json
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote

from service.domain.policy_parts import ServicePolicy
from service.domain.reasons import Reason
from service.outbound.client import Rules, Sent, post
from service.outbound.errors import BadAnswer
from service.outbound.services.question import Opinion, Question
from service.outbound.services.reading import mapping, names, share
from service.outbound.services.scores import judged

USUAL = ("TOXICITY",)
"""What is asked for where the site names nothing."""

REASONS = {
    "TOXICITY": Reason.ABUSIVE,
    "SEVERE_TOXICITY": Reason.ABUSIVE,
    "INSULT": Reason.ABUSIVE,
    "PROFANITY": Reason.ABUSIVE,
    "SEXUALLY_EXPLICIT": Reason.ABUSIVE,
    "IDENTITY_ATTACK": Reason.HATE,
    "THREAT": Reason.HARASSMENT,
    "ATTACK_ON_AUTHOR": Reason.HARASSMENT,
    "ATTACK_ON_COMMENTER": Reason.HARASSMENT,
    "SPAM": Reason.SPAM,
    "OFF_TOPIC": Reason.OFF_TOPIC,
}


@dataclass(frozen=True, slots=True)
class Perspective:
    """`url` is the server's base; the key, where there is one, travels in the query as the protocol wants."""

    url: str
    key: str = field(repr=False)
    rules: Rules
    NAME: ClassVar[str] = "perspective"
    VERSION: ClassVar[int] = 1

    async def ask(self, question: Question, policy: ServicePolicy) -> Opinion:
        """What it says; see `Service`."""
        asked = tuple(policy.attributes) or USUAL
        document = {
            "comment": {"text": question.text, "type": "PLAIN_TEXT"},
            "requestedAttributes": {name: {} for name in asked},
            "doNotStore": True,
        }
        query = f"?key={quote(self.key, safe='')}" if self.key else ""
        sent = Sent(
            url=f"{self.url.rstrip('/')}/v1alpha1/comments:analyze{query}",
            body=json.dumps(document).encode("ascii"),
            content_type="application/json",
        )
        return self.read((await post(sent, self.rules)).json(), policy, asked)

    def read(self, answer: object, policy: ServicePolicy, asked: tuple[str, ...] = USUAL) -> Opinion:
        """The opinion in an answer, which must have all that was asked for.

        Raises:
            BadAnswer: parts are missing.
        """
        scored = mapping(answer, "attributeScores")
        if not set(asked) <= set(names(scored)):
            raise BadAnswer
        scores = {name: _probability(scored, name) for name in asked}
        return Opinion(judged((self.NAME, self.VERSION), scores, policy, REASONS))


def _probability(scored: object, name: str) -> float:
    summary = mapping(mapping(scored, name), "summaryScore")
    if summary.get("type", "PROBABILITY") != "PROBABILITY":
        raise BadAnswer
    return share(summary.get("value"))
