"""What the checks say about made texts: the product's own pipeline is asked, some hundred times for all.

A text that a moderator sees beside such findings is another one, so no finding points into it (`spans`).
"""

import random
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

import orjson

from bench.made_words import Writer
from service.domain.policy import Policy
from service.domain.traits import Traits
from service.moderation.evidence import Evidence
from service.moderation.finding_document import as_document
from service.moderation.judge import judge
from service.moderation.pipeline import run_checks
from service.moderation.traits import traits_of
from service.moderation.weighing import with_sum

Kind = Literal["published", "held", "spam"]

TRIES = 900
"""Texts that are judged; about a third of them for each kind."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was found and what follows; `document` is JSON as a decision keeps it."""

    document: str
    reason: str | None
    decided_by: str | None
    rule: str | None
    traits: Traits


def made_findings(chance: random.Random, writer: Writer) -> dict[Kind, list[Said]]:
    """By what a comment became: what nobody objects to is published by a policy that lets that pass."""
    found: dict[Kind, list[Said]] = {"published": [], "held": [], "spam": []}
    for number in range(TRIES):
        said = _said(_evidence(chance, writer, number), Policy())
        if said.reason == "spam":
            found["spam"].append(said)
        elif said.traits.objections or number % 10 == 0:
            found["held"].append(said)
        else:
            found["published"].append(said)
    return found


def _evidence(chance: random.Random, writer: Writer, number: int) -> Evidence:
    text = writer.text()
    match number % 6:
        case 0 | 1:
            return Evidence(text=text, author="Mara Quist", author_published=chance.randrange(50))
        case 2:
            links = " ".join(f"https://{word}.example/" for word in writer.words[number : number + 4])
            return Evidence(text=f"{text} {links}", author="Mara Quist")
        case 3:
            return Evidence(text=f"{text} You are an idiot and a liar, shut up.", author="Mara Quist")
        case 4:
            return Evidence(text=text, author="Mara Quist", repeats_by_author=chance.randrange(1, 4))
        case _:
            return Evidence(text=f"{text} Cheap pills, buy now!", author="Mara Quist", honeypot_filled=True)


def _said(evidence: Evidence, policy: Policy) -> Said:
    findings = run_checks(evidence, policy, nullcontext)
    verdict = judge(findings, policy)
    findings = with_sum(findings, policy)
    stored = [as_document(finding) | {"spans": []} for finding in findings]
    return Said(
        document=orjson.dumps(stored).decode(),
        reason=str(verdict.reason) if verdict.reason else None,
        decided_by=verdict.decided_by,
        rule=verdict.rule or None,
        traits=traits_of(findings, evidence.text),
    )
