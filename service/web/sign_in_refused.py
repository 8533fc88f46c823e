"""Why nobody was let in: a word for log and metric, a sentence for the page, which adds how long to wait."""

from dataclasses import dataclass

from service.web.languages import N_


@dataclass(frozen=True, slots=True)
class Refusal:
    """`wait_s` is how long to wait before the next try, 0 where that makes no difference."""

    outcome: str
    status: int
    sentence: str
    wait_s: int = 0


class SignInRefused(Exception):
    """Nobody was let in."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.outcome)
        self.refusal = refusal


WRONG_TOKEN = Refusal("refused", 401, N_("This token is not known here, or no longer valid."))
WRONG_PASSWORD = Refusal("refused", 401, N_("The name, the password or the code is not right."))
BUSY = Refusal("busy", 503, N_("Many people are signing in."), 2)


def too_fast(wait_s: int) -> Refusal:
    """Too many tries in too short a time."""
    return Refusal("too_fast", 429, N_("Too many tries."), wait_s)
