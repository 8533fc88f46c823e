"""What can go wrong in the product's own terms; the web room knows how to answer each."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


class DomainError(Exception):
    """Something that a caller can be told; nothing in it is secret."""


class StorageUnavailable(DomainError):
    """Postgres cannot be reached or is overloaded; nothing was promised."""


class SiteNotFound(DomainError):
    """There is no such site."""


class PageClosed(DomainError):
    """The page takes no more comments."""


class PolicyChanged(DomainError):
    """Somebody changed the policy first; `version` is the one that holds now."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(version)


class TooManyPages(DomainError):
    """The site has made its share of new pages for this hour."""


class ParentNotFound(DomainError):
    """The comment replied to is not a published one of this page."""


class IdempotencyKeyReused(DomainError):
    """The key was used before, with another body."""


class CommentNotFound(DomainError):
    """There is no such comment, or not for this caller."""


class RoleTooLow(DomainError):
    """The caller may read this and no more."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A decision that somebody else made first: when, who, from where, what and why."""

    at: datetime
    by: str
    source: str
    action: str
    status: str
    reason: str | None


class StaleVersion(DomainError):
    """Someone decided first; `meanwhile` is what was decided since, oldest first."""

    def __init__(self, status: str, version: int, meanwhile: tuple[Meanwhile, ...] = ()) -> None:
        super().__init__("the comment has changed meanwhile")
        self.status = status
        self.version = version
        self.meanwhile = meanwhile


class NotHeld(DomainError):
    """Nobody waits for a decision about the comment, so nobody can take it."""

    def __init__(self, status: str, version: int) -> None:
        super().__init__("the comment is not held")
        self.status = status
        self.version = version


class ClaimedByAnother(DomainError):
    """Another moderator holds the lease."""

    def __init__(self, claimed_by: str, claimed_until: datetime) -> None:
        super().__init__("another moderator is looking at this comment")
        self.claimed_by = claimed_by
        self.claimed_until = claimed_until


class AuthorNotFound(DomainError):
    """Nobody has that key at this site."""


class NoStanding(DomainError):
    """No moderator ordered anything about this author."""


class OwnProposal(DomainError):
    """Whoever proposed it cannot confirm it."""


class SamePage(DomainError):
    """Both URLs are those of one page already."""


class PageTooLarge(DomainError):
    """The page has more comments than can be moved at once; `most` is how many."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(f"more than {most} comments")


class NetworkNotKept(DomainError):
    """It is not known, or not any more, from which network a comment came."""


class TooManyNetworks(DomainError):
    """As many orders about networks hold at the site as may."""


class StandingChanged(DomainError):
    """Another moderator ordered something about this author at the same moment."""


class ForeignPage(DomainError):
    """The page lies outside the site's registered origins."""


class NotRedactable(DomainError):
    """The comment is neither published nor held."""


class NotPublished(DomainError):
    """Nobody reads the comment, so nobody can be answered there."""


class SpanOutside(DomainError):
    """A part to take out is empty or does not lie in the text; `number` counts from 0."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


class NothingLeft(DomainError):
    """No word of the text would be left."""


class UnknownReason(DomainError):
    """The site has no such reason."""


class ReasonNotFound(DomainError):
    """The site has no reason of that code."""


class SharedReason(DomainError):
    """Every site has that reason; it cannot be retired."""


class MissingReason(DomainError):
    """A rejection needs a reason."""


class NothingToUndo(DomainError):
    """The last decision is not a person's of the last ten minutes."""


class NotAppealable(DomainError):
    """Nothing was refused, or that is more than six months ago."""


class AlreadyAppealed(DomainError):
    """That refusal was appealed against."""


class AppealNotFound(DomainError):
    """There is no such open appeal, or not for this caller."""


class OwnDecision(DomainError):
    """The appeal is against the caller's own decision, and somebody else can answer it."""


class NotEditable(DomainError):
    """The comment was refused, or its time for edits is over."""


class CommentRefused(DomainError):
    """The comment that an edit belongs to was refused or erased meanwhile."""


class IllegalMove(DomainError):
    """A comment in this state cannot be moved there."""

    def __init__(self, comment_id: UUID) -> None:
        super().__init__("an erased comment stays erased")
        self.comment_id = comment_id


class ModelNotFound(DomainError):
    """There is no such version of a site's model."""

    def __init__(self, version: int | None) -> None:
        super().__init__(
            "there is no earlier version" if version is None else f"there is no version {version}"
        )
        self.version = version


class NoSample(DomainError):
    """The comment is not in the sample, or was answered already."""


class PersonNotFound(DomainError):
    """There is nobody of that id with a role at the caller's sites."""


class OwnRights(DomainError):
    """Nobody changes the own rights: somebody else has to, or the command line."""


class EverySite(DomainError):
    """The person has a role at every site, which cannot be taken away at one."""


class NameTaken(DomainError):
    """Another person has that name."""


class TokenNotFound(DomainError):
    """There is no valid token of that id at the caller's sites."""


class SessionNotFound(DomainError):
    """The caller has no session of that id."""


class InvitationNotFound(DomainError):
    """There is no such invitation that could still be used."""
