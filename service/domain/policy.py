"""What a site wants: who must sign, how long a comment may be, what the checks may do."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.domain.alerts import AlertPolicy
from service.domain.opening_hours import OpeningHours
from service.domain.patterns import MOST_PATTERNS, Pattern
from service.domain.policy_parts import (
    CheckPolicy,
    Domain,
    Language,
    Promise,
    ServiceName,
    ServicePolicy,
    WebAddress,
    Word,
    WordList,
)

_AS_IT_COMES = CheckPolicy()


class Policy(BaseModel):
    """A site's policy; the defaults are those of a new site: everything waits for a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publish: Literal["review", "first", "auto"] = Field(
        default="review", description="first: as auto, but whoever has nothing published yet is held"
    )
    promise: Promise = Promise()
    hold_from: float = Field(default=1.0, gt=0, le=100, description="the weighed notes from which it is held")
    comment_limit: int = Field(default=5000, ge=1, le=20_000, description="characters")
    depth: int = Field(default=5, ge=1, le=10, description="levels of a thread, 1 is flat")
    confirm_address: Literal["off", "first", "always"] = Field(
        default="off",
        description="a reply waits until the link that is mailed to its author is used; first: until once",
    )
    trust_from: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="replies published with a confirmed address, from which on review holds only for cause",
    )
    reports_hold_from: float = Field(
        default=0.0,
        ge=0,
        le=1000,
        description="the weight of readers' reports at which a published comment is held; 0: never by itself",
    )
    edit_minutes: int = Field(
        default=10,
        ge=0,
        le=10_080,
        description="so long after sending it authors may edit a comment; 0: never",
    )
    statement_mail: Literal["opted", "always"] = Field(
        default="opted", description="who is mailed that a reply was refused: who asked, or everybody"
    )
    markup: Literal["plain", "markdown"] = Field(
        default="plain", description="what a comment is read as: its text alone, or a small part of Markdown"
    )
    house_rules_url: WebAddress | None = Field(default=None, description="linked at the reply form")
    privacy_url: WebAddress | None = Field(default=None, description="linked at the reply form")
    author_required: bool = True
    email_required: bool = True
    close_after_days: int | None = Field(
        default=None, ge=1, le=3650, description="a page takes no replies so many days after its first one"
    )
    opening_hours: OpeningHours | None = Field(default=None, description="null: always open")
    alerts: AlertPolicy = AlertPolicy()
    new_pages_per_hour: int = Field(default=200, ge=0)
    blocked_words: tuple[Word, ...] = Field(default=(), max_length=5000, description="rejected on a hit")
    held_words: tuple[Word, ...] = Field(default=(), max_length=5000, description="held on a hit")
    blocked_patterns: tuple[Pattern, ...] = Field(
        default=(), max_length=MOST_PATTERNS, description="RE2, rejected on a hit"
    )
    held_patterns: tuple[Pattern, ...] = Field(
        default=(), max_length=MOST_PATTERNS, description="RE2, held on a hit"
    )
    word_lists: tuple[WordList, ...] = Field(default=(), max_length=50)
    languages: tuple[Language, ...] = Field(default=(), max_length=20, description="expected; empty: any")
    reserved_names: tuple[Word, ...] = Field(
        default=(), max_length=1000, description="nobody signs with these"
    )
    blocked_domains: tuple[Domain, ...] = Field(
        default=(), max_length=5000, description="a link there is spam"
    )
    trusted_domains: tuple[Domain, ...] = Field(default=(), max_length=5000, description="links not counted")
    second_pair_of_eyes: tuple[Literal["rejection", "ban"], ...] = Field(
        default=(), max_length=2, description="what one person proposes and another one has to confirm"
    )
    max_links: int = Field(default=2, ge=0, le=100, description="more links than this are held")
    checks: dict[str, CheckPolicy] = Field(default_factory=dict)
    services: dict[ServiceName, ServicePolicy] = Field(default_factory=dict)

    @classmethod
    def read_stored(cls, document: str) -> Self:
        """A policy as it is stored: what newer code has added to it is passed over.

        Raises:
            pydantic.ValidationError: a field that is known here has a value that is not.
        """
        return cls.model_validate_json(document, extra="ignore")

    def of_check(self, name: str) -> CheckPolicy:
        """The switch of one check; a check that the policy does not name is on."""
        return self.checks.get(name, _AS_IT_COMES)

    def service(self, name: ServiceName) -> ServicePolicy:
        """The switch of one outside service; one that the policy does not name is off."""
        return self.services.get(name, ServicePolicy())
