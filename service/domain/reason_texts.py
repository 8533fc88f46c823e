"""The reasons in words: a label for moderators, a text for the author."""

from collections.abc import Sequence

from service.domain.reasons import Reason
from service.domain.site import ReasonText

SHARED_REASONS: tuple[ReasonText, ...] = tuple(
    ReasonText(str(code), label, text)
    for code, label, text in (
        (Reason.OFF_TOPIC, "Off topic", "It is not about the article."),
        (Reason.ABUSIVE, "Abusive", "It insults someone."),
        (Reason.HATE, "Hate", "It attacks people for what they are."),
        (Reason.HARASSMENT, "Harassment", "It goes after a person."),
        (Reason.SPAM, "Spam", "It looks like spam."),
        (Reason.ADVERTISING, "Advertising", "It advertises something."),
        (Reason.ILLEGAL, "Illegal content", "It seems to be against the law."),
        (Reason.PERSONAL_DATA, "Personal data", "It contains personal data of someone."),
        (Reason.MISINFORMATION, "Misinformation", "It states as fact what is known to be false."),
        (Reason.DUPLICATE, "Duplicate", "The same text was posted before."),
        (Reason.FLOOD, "Too many at once", "Too many comments came in a short time."),
        (Reason.LINKS, "Links", "It contains too many links."),
        (Reason.BLOCKED_WORD, "Blocked word", "It contains a word that this site does not publish."),
        (Reason.IMPERSONATION, "Impersonation", "It is signed with the name of someone else."),
        (Reason.SUSPICIOUS, "Suspicious", "Something about it looked unusual."),
        (Reason.CHECK_FAILED, "A check failed", "It could not be checked automatically."),
        (Reason.AWAITING_CONFIRMATION, "Awaiting confirmation", "The address was not confirmed yet."),
        (Reason.OTHER, "Other", "It does not fit the rules of this site."),
    )
)


def reasons_of(own: Sequence[ReasonText]) -> list[ReasonText]:
    """Every reason of a site: the shared ones, with the site's own words where it has them, then its own."""
    overridden = {reason.code: reason for reason in own}
    shared = [overridden.pop(reason.code, reason) for reason in SHARED_REASONS]
    return [*shared, *overridden.values()]


def text_for_author(code: str, own: Sequence[ReasonText]) -> str:
    """What the author reads about a reason."""
    texts = {reason.code: reason.text for reason in reasons_of(own)}
    return texts.get(code, texts[Reason.OTHER])
