"""Notices of illegal content (Digital Services Act, Article 16)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from service.domain import field_rules as rules
from service.domain.email import EmailAddress
from service.domain.fault import Fault, InvalidSubmission
from service.domain.field_rules import Wrong

T = TypeVar("T")

LONGEST_EXPLANATION = 5000
"""Characters."""

SHOWS_ABUSE = "shows_child_abuse"
"""The field that says that a child is abused: then neither name nor address is asked for (16(2)(c))."""

NO_EXPLANATION = "Please say why you think that it is illegal."
NOT_IN_GOOD_FAITH = "Please confirm that what you say is right and whole, as far as you know."


@dataclass(frozen=True, slots=True)
class Notice:
    """Why somebody thinks that a comment is illegal, and who that is; it prints nothing of that."""

    explanation: str = field(repr=False)
    name: str | None = field(default=None, repr=False)
    email: EmailAddress | None = field(default=None, repr=False)


def parse_notice(fields: Mapping[str, object]) -> Notice:
    """Read the fields of a JSON object or a form.

    Raises:
        InvalidSubmission: with every fault.
    """
    form = _Form(fields)
    is_named = not form.read(SHOWS_ABUSE, rules.switch)
    notice = Notice(
        form.read("explanation", _explanation) or "",
        form.read("name", lambda value: rules.author(value, required=is_named)),
        form.read("email", lambda value: rules.email(value, required=is_named)),
    )
    form.read("good_faith", _good_faith)
    if form.faults:
        raise InvalidSubmission(form.faults, {})
    return notice


class _Form:
    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self.faults: list[Fault] = []

    def read(self, name: str, rule: Callable[[object], T | None]) -> T | None:
        try:
            return rule(self._fields.get(name))
        except Wrong as wrong:
            self.faults.append(Fault(name, wrong.code, wrong.detail))
            return None


def _explanation(value: object) -> str | None:
    return rules.passage(value, limit=LONGEST_EXPLANATION, missing=NO_EXPLANATION)


def _good_faith(value: object) -> bool:
    if not rules.switch(value):
        raise Wrong("required", NOT_IN_GOOD_FAITH)
    return True
