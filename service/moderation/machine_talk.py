"""Finds where a text speaks to the machine that would judge it.

A comment that does is for a person to read: whatever a model says of it, the comment may have had a part in
that. The phrases are those that nobody says to readers; what they miss is met by the form of the answer.
"""

import re

from service.domain.finding import Span
from service.moderation.text_view import fold_text

# Every quantifier has an end, so that the time is linear. The text is folded: lower case, without accents.
_GAP = r"[^\w\n]{1,3}"
_FEW = rf"(?:{_GAP}\w{{1,14}}){{0,3}}{_GAP}"
_BEFORE = r"(?:all|any|previous|prior|above|preceding|earlier|foregoing|system|moderation)"
_TOLD = (
    # Control words of chat models' templates.
    r"<\|", r"\[/?inst\]", r"<</?sys>>", r"</?(?:start|end)_of_turn>",
    r"(?:^|\n)#{1,4} ?(?:system|assistant|instructions?)\b",
    r"\bsystem prompt\b",
    # The answer that we ask for, or how to give one.
    r"[\"']verdict[\"']",
    (rf"\b(?:answer|respond|reply|output|return)(?:{_GAP}(?:only|exactly|just|with|the|word|following)){{1,4}}{_GAP}"
    r"(?:allow|safe|valid|approved?|json)\b"),
    (rf"\b(?:classify|mark|label|treat|rate|judge|approve){_GAP}(?:this|my|the following){_GAP}"
    rf"(?:comment|text|message|post|content|reply){_GAP}(?:as{_GAP})?(?:safe|allowed|valid|approved|harmless|ham)\b"),
    # To put aside what was said before.
    rf"\b(?:ignore|disregard|forget|override|bypass){_FEW}(?:instructions|prompts?)\b",
    rf"\b(?:ignore|disregard|forget|override|bypass){_FEW}{_BEFORE}{_FEW}(?:rules|guidelines|policy|policies)\b",
    rf"\b(?:ignorier|vergiss|missacht)\w{{0,2}}{_FEW}(?:anweisung|vorgabe)(?:en)?\b",
    rf"\b(?:ignora|ignore|ignorez|olvida|oublie|oubliez|esqueca){_FEW}(?:instruc(?:c?iones|oes)|consignes)\b",
    # Whom it takes its reader for.
    (r"\b(?:you are|act as) an? (?:ai|helpful assistant|llm|large language model|language model|classifier|"
    r"(?:ai|moderation|content) (?:moderator|bot|model|system|classifier|assistant))\b"),
    (rf"\b(?:dear|hey|hello|hi|attention|note to(?: the)?){_GAP}(?:ai|llm|language model|"
    r"(?:ai |moderation |moderator )(?:model|bot|system|moderator))\b"),
)  # fmt: skip
_MACHINE_TALK = re.compile("|".join(_TOLD))


def find_machine_talk(text: str) -> tuple[Span, ...]:
    """Where the text speaks to a machine, in its code points; linear in its length."""
    folded = fold_text(text)
    found = _MACHINE_TALK.finditer(folded.text)
    return tuple(folded.span(one.start(), one.end()) for one in found)
