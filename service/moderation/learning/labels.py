"""What a decision of a person says about spam, about abuse, and about what may be decided alone."""

from service.domain.learning import Label
from service.domain.reasons import Reason
from service.moderation.learning.correction import Task

_SPAM = frozenset({Reason.SPAM, Reason.ADVERTISING})
_ABUSE = frozenset({Reason.ABUSIVE, Reason.HATE, Reason.HARASSMENT})


def answer(task: Task, label: Label) -> bool | None:
    """Whether it is spam (abuse); None: the decision says nothing about that.

    Approved is neither. A rejection for another reason is no opinion on spam or abuse: what is off topic or
    false may well be written like either. Spam is no opinion on abuse, nor the other way round.
    """
    if label.action == "approve":
        return False
    is_spam = label.action == "spam" or label.reason in _SPAM
    is_abuse = label.action == "reject" and label.reason in _ABUSE
    return True if (is_spam if task == "spam" else is_abuse) else None


def stands_for(label: Label) -> float | None:
    """How many comments of the site this one stands for when promises are counted; None: it does not count.

    All that is held comes before a person. Of what was decided alone only the sample does, which stands for
    the rest; what was looked at for another reason, such as a complaint, would be a wrong picture of it.
    """
    if not label.is_counted or label.checked is None:
        return None
    if label.checked == "held":
        return 1.0
    return 1.0 / label.share if label.share else None
