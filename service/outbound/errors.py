"""Why an outside service gave no answer; none of these quotes an address, a query or what came back."""


class NoAnswer(Exception):
    """There is no usable answer: whoever asked goes on without one, and a check says `unknown`."""

    reason = "there is no answer"

    def __init__(self) -> None:
        super().__init__(self.reason)


class AddressNotAllowed(NoAnswer):
    """The URL is no https address of a host that may be asked, or it leads into a private network."""

    reason = "this address may not be asked"


class Unreachable(NoAnswer):
    """No name, no route, no connection, or one that broke."""

    reason = "the service cannot be reached"


class NotTrusted(NoAnswer):
    """Its certificate is not one for its name from an authority that we know."""

    reason = "the service does not prove who it is"


class TooSlow(NoAnswer):
    """The whole answer was not there in time."""

    reason = "the service took too long"


class TooLarge(NoAnswer):
    """The answer is longer than we read."""

    reason = "the answer is too large"


class BadAnswer(NoAnswer):
    """No HTTP at all, or an answer in which something is missing, unknown or contradictory."""

    reason = "the answer cannot be used"


class WrongStatus(BadAnswer):
    """Another status than those that are an answer, a redirect included."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.reason = f"the service answered with status {status}"
        super().__init__()


class KeyRefused(WrongStatus):
    """401 or 403: the service does not know our key, or does not let it ask this."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.reason = f"the service refuses our key (status {status})"


class WrongType(BadAnswer):
    """The answer says that it is of another type than was asked for, or it is compressed."""

    reason = "the answer is not of the type that was asked for"


class NotJson(BadAnswer):
    """The answer is not JSON with one meaning."""

    reason = "the answer is not strict JSON"


class AskedToWait(BadAnswer):
    """429 or 503: the service wants to be left alone, for `seconds` where it says for how long."""

    reason = "the service asks us to wait"

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds


class Refused(BadAnswer):
    """400, 413 or 422: it does not answer this question, which says nothing about the next one."""

    reason = "the service does not take this question"


class Resting(NoAnswer):
    """It failed too often of late and is left alone for a while."""

    reason = "the service is given a rest"


class TooOften(NoAnswer):
    """We have asked as often as we may."""

    reason = "the service was asked as often as it may be"


class BudgetSpent(NoAnswer):
    """It was asked as often today as the site, or the installation, wants to pay for."""

    reason = "the budget of today is spent"


class NotConfigured(NoAnswer):
    """The site has the service on, and the installation has no address or key for it."""

    reason = "the service is not configured here"
