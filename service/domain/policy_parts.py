"""The parts of a policy: one check's switch, one word list, one outside service, what is promised."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from service.domain.finding import Outcome

Word = Annotated[str, Field(min_length=1, max_length=100)]
ServiceName = Literal["akismet", "openai_moderation", "chat_policy", "perspective", "webhook"]
SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
"""In the order in which moderators read what they said."""

Domain = Annotated[str, Field(min_length=3, max_length=253)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", description="ISO 639")]
WebAddress = Annotated[str, Field(max_length=500, pattern=r"^https?://[!-~]+$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A part of a policy: it cannot be changed in place, and what it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckPolicy(Part):
    """One check's switch, what a hit leads to (null: what the check says), and what its notes weigh.

    A hit whose action is `note` decides nothing by itself: it counts with its weight, as a note does.
    """

    on: bool = True
    action: Literal[Outcome.HOLD, Outcome.REJECT, Outcome.SPAM, "note"] | None = None
    weight: float = Field(default=1.0, ge=0, le=10, description="of its notes; see hold_from")


class WordList(Part):
    """Words and phrases that are found on word boundaries, and the phrases in which they are innocent."""

    name: Word
    language: Language | None = Field(default=None, description="null: whatever the language")
    action: Literal[Outcome.HOLD, Outcome.REJECT, Outcome.SPAM] = Outcome.HOLD
    words: tuple[Word, ...] = Field(max_length=5000)
    exceptions: tuple[Word, ...] = Field(default=(), max_length=1000, description="never a hit inside these")


class Thresholds(Part):
    """From which score of one attribute on a comment is held, and rejected; null is never."""

    hold_above: Share | None = 0.7
    reject_above: Share | None = None


class ServicePolicy(Part):
    """One outside service: nothing is sent to it unless it is on here and configured for the installation."""

    on: bool = False
    action: Literal[Outcome.HOLD, Outcome.REJECT, Outcome.SPAM] | None = Field(
        default=None, description="what a hit leads to; null: what the service says"
    )
    hold_above: Share | None = Field(default=0.7, description="of the highest score that counts; null: never")
    reject_above: Share | None = Field(default=None, description="null: it never rejects by itself")
    attributes: dict[Word, Thresholds] = Field(
        default_factory=dict, max_length=50, description="which count, each with its own; empty: all"
    )
    written_policy: str | None = Field(
        default=None, min_length=1, max_length=20_000, description="what a chat model judges by"
    )
    blog: WebAddress | None = Field(
        default=None, description="Akismet: the front page it knows the site by; null: the first origin"
    )
    asked_per_day: int = Field(default=10_000, ge=0, description="beyond it, a person looks")


class Promise(Part):
    """What the engine must be able to promise before it decides alone, shown by the site's own decisions."""

    publish: Share | None = Field(
        default=0.98, description="of what is published alone, so much was fine; null: never alone"
    )
    spam: Share | None = Field(default=0.99, description="the same of spam; null: never alone")
    sample: Share = Field(
        default=0.02, description="of what would be decided alone goes to a person all the same"
    )
