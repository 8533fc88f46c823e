"""What a service may be asked about a comment, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from service.domain.as_submitted import AsSubmitted
from service.domain.finding import Finding
from service.domain.policy_parts import ServicePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One comment, with no address of whoever wrote it; each service takes of this what it may have.

    Attributes:
        blog: the site's front page, by which Akismet knows the site.
        version: of the comment; with `id` it names this very text.
        is_again: it was asked before, and the answer was not final.
        as_submitted: for Akismet alone; null where it is not kept.
        findings: what the checks of our own said.
    """

    site: str
    blog: str
    id: UUID
    version: int
    text: str = field(repr=False)
    author: str = field(repr=False)
    website: str | None = field(default=None, repr=False)
    page_url: str = field(repr=False)
    parent_id: UUID | None = None
    submitted_at: datetime
    is_again: bool = False
    as_submitted: AsSubmitted | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a service says; `again_in_s` where it says that this is not its last word."""

    finding: Finding
    again_in_s: float | None = None


class Service(Protocol):
    """What each module here has: one request, or a few, and an opinion."""

    NAME: ClassVar[str]
    VERSION: ClassVar[int]

    async def ask(self, question: Question, policy: ServicePolicy, /) -> Opinion:
        """What the service says about a comment.

        Raises:
            NoAnswer: nothing that can be used.
        """
        ...


class Listening(Protocol):
    """What a service has that can be told what people found."""

    async def tell(self, question: Question, verdict: Literal["spam", "ham"], /) -> None:
        """Tell it.

        Raises:
            NoAnswer: it may not have heard.
        """
        ...
