"""Data about people in what everybody would read: mailboxes, phones, where somebody lives."""

from collections.abc import Iterator

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.evidence import Evidence
from service.moderation.mailboxes import find_mailboxes
from service.moderation.postal_addresses import find_postal_addresses
from service.moderation.public_numbers import is_public
from service.moderation.text.seen import see

NAME = "personal_data"
VERSION = 3
READS: tuple[str, ...] = ()


def check(evidence: Evidence, _policy: Policy) -> Finding:
    """Hold what holds such data; the detail says where, and the spans point into the text.

    The author's own by a slip, or somebody else's: nobody here can tell, so a person looks.
    """
    found = {
        "an email address": (*find_mailboxes(evidence.text), *_hidden_mailboxes(evidence.text)),
        "a phone number": tuple(_phones(evidence.text)),
        "a postal address": tuple(find_postal_addresses(evidence.text)),
    }
    beside = [
        place
        for place, text in (("the name", evidence.author), ("the website", evidence.website or ""))
        if any(find_mailboxes(text))
    ]
    if not beside and not any(found.values()):
        return Finding(NAME, VERSION, Outcome.PASS)
    spans = {span for each in found.values() for span in each}
    return Finding(
        NAME,
        VERSION,
        Outcome.HOLD,
        Reason.PERSONAL_DATA,
        detail=_detail([what for what, spans in found.items() if spans], beside),
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
    )


def _hidden_mailboxes(text: str) -> Iterator[Span]:
    """Those written so that programs miss them: anna (at) paper.example, anna at paper dot com."""
    for entity in see(text).entities:
        if entity.kind == "email" and entity.is_hidden:
            yield entity.span


def _phones(text: str) -> Iterator[Span]:
    """Numbers that are dialled and are somebody's; none has fewer than eight digits."""
    if sum(map(str.isdigit, text)) < 8:
        return
    for entity in see(text).entities:
        if entity.kind == "phone" and not is_public(text[entity.span.start : entity.span.end]):
            yield entity.span


def _detail(in_text: list[str], beside: list[str]) -> str:
    places = [f"{' and '.join(in_text)} in the text"] if in_text else []
    if beside:
        places.append(f"an email address in {' and '.join(beside)}")
    return "; ".join(places)
