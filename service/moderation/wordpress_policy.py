"""A policy with what was taken over of a WordPress list."""

from collections.abc import Sequence
from typing import Literal

from service.domain.finding import Outcome
from service.domain.policy import Policy
from service.domain.policy_parts import WordList
from service.moderation.wordpress_keys import LIST_SIZE, MOST_DOMAINS, MOST_LISTS, Entry, Fate

Kind = Literal["disallowed_keys", "moderation_keys"]

ACTIONS: dict[Kind, Literal[Outcome.HOLD, Outcome.REJECT]] = {
    "disallowed_keys": Outcome.REJECT,
    "moderation_keys": Outcome.HOLD,
}
"""What a hit leads to; WordPress throws the first away and holds the second."""


class NoRoom(Exception):
    """The policy has more lists or domains already than leave room for these."""


def with_keys(policy: Policy, entries: Sequence[Entry], kind: Kind) -> Policy:
    """The policy with the entries that are taken over; lists of an earlier import are replaced.

    Raises:
        NoRoom
    """
    name = f"WordPress {kind}"
    words = [entry.text for entry in entries if entry.fate is Fate.WORD]
    new = [
        WordList(
            name=name if at == 0 else f"{name} {at // LIST_SIZE + 1}",
            action=ACTIONS[kind],
            words=tuple(words[at : at + LIST_SIZE]),
        )
        for at in range(0, len(words), LIST_SIZE)
    ]
    others = [listed for listed in policy.word_lists if not listed.name.startswith(name)]
    domains = [entry.text for entry in entries if entry.fate is Fate.DOMAIN]
    blocked = tuple(dict.fromkeys([*policy.blocked_domains, *domains]))
    if len(others) + len(new) > MOST_LISTS or len(blocked) > MOST_DOMAINS:
        raise NoRoom
    return policy.model_copy(update={"word_lists": (*others, *new), "blocked_domains": blocked})
