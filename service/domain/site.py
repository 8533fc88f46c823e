"""A publication: its registered origins and its policy."""

from dataclasses import dataclass

from service.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason as moderators choose it (`label`) and as the author reads it (`text`)."""

    code: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """Everything about a site that a submission or a page needs."""

    id: int
    slug: str
    name: str
    origins: frozenset[str]
    post_url: str | None
    policy: Policy
    policy_version: int
    learning_revision: int = 0
    own_reasons: tuple[ReasonText, ...] = ()
