"""A second pair of eyes: where a site wants it, one person proposes a rejection or a ban, another does it."""

from service.domain.errors import OwnProposal
from service.domain.site import Site
from service.storage import decisions
from service.storage.decisions import OF_THE_TEXT, LockedComment, PastDecision
from service.storage.pool import Connection
from service.storage.standings import GivenBan


async def rejects_alone(
    connection: Connection, site: Site, comment: LockedComment, moderator_id: int
) -> bool:
    """Whether this person's rejection counts: nobody else is needed, or somebody else proposed it.

    Raises:
        OwnProposal: the same person proposed it already.
    """
    if "rejection" not in site.policy.second_pair_of_eyes:
        return True
    standing = open_proposal(await decisions.list_history(connection, comment.site_id, comment.id))
    if standing is None:
        return False
    if standing.moderator_id == moderator_id:
        raise OwnProposal
    return True


def open_proposal(history: list[PastDecision]) -> PastDecision | None:
    """What is proposed about a comment now: nothing was decided since."""
    last = next((one for one in reversed(history) if one.action not in OF_THE_TEXT), None)
    return last if last and last.action == "propose" else None


def bans_alone(site: Site, standing: GivenBan | None, moderator_id: int) -> bool:
    """The same about a ban; `standing` is the order that holds now.

    Raises:
        OwnProposal: the same person proposed it already.
    """
    if "ban" not in site.policy.second_pair_of_eyes:
        return True
    if standing is None or not standing.proposes_ban:
        return False
    if standing.moderator_id == moderator_id:
        raise OwnProposal
    return True
