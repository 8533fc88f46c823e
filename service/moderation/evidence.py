"""Everything a check may look at, gathered before any check runs."""

from dataclasses import dataclass, field

from service.domain.standing import Standing
from service.moderation.learning.site_models import SiteModels


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comment and what is known about its submission.

    The reader's own words are left out of `repr`, so that a traceback or a log line does not carry them.

    Attributes:
        text: the stored text; every span of a finding is counted in its code points.
        author: the name as given, possibly empty.
        website: the author's website, or None.
        honeypot_filled: a field that people do not see came back with something in it.
        seconds_to_fill: from handing out the form to sending it; None where no valid token came along.
        repeats_by_author: earlier comments of this site with the same fingerprint by this author, 7 days.
        repeats_by_others: the same by other authors.
        author_in_window: this author's submissions to the site in the limit's window, this one included.
        author_limit: how many of them are allowed; None is off.
        network_in_window: the same by network; None where the network is not known.
        network_limit: how many of them are allowed; None is off.
        similar_by_author: sketches of the last 7 days, of this author and site, that are nearly the same.
        similar_by_others: the same by others, on any site.
        similar_elsewhere: how many of these on other sites.
        author_published: of this author's latest 50 comments on the site, those that are published.
        author_refused: of these, those that are rejected or spam.
        author_known: whether one of these was published under this name.
        name_regular: comments published under a name that looks like this one, all by one other author and
            over more than a week; counted up to 100, 0 where several have published under it.
        heated_nearby: held or rejected for abuse on this page within ten minutes.
        user_agent: the browser's family (`service.domain.user_agent`); None where it is not known any more.
        author_standing: `premoderated`, `banned` or `trusted`, as a moderator ordered about this author;
            `network_standing` the same about the network from which it came.
        standing_reason: the reason that was given for it.
        page_premoderated: a moderator wants to look at everything on this page first.
        confirmed: whoever wrote it opened the link that was mailed to its address.
        can_confirm: a mail about it can be sent.
        author_confirmed: the address was confirmed at this site before, with whichever comment.
        confirmed_published: of this author's latest 50 comments, those published and themselves confirmed.
        site_models: what the site taught the models, and from which scores on they act.
    """

    text: str = field(repr=False)
    author: str = field(repr=False)
    website: str | None = field(default=None, repr=False)
    honeypot_filled: bool = False
    seconds_to_fill: float | None = None
    repeats_by_author: int = 0
    repeats_by_others: int = 0
    author_in_window: int = 1
    author_limit: int | None = None
    network_in_window: int | None = None
    network_limit: int | None = None
    similar_by_author: int = 0
    similar_by_others: int = 0
    similar_elsewhere: int = 0
    author_published: int = 0
    author_refused: int = 0
    author_known: bool = False
    name_regular: int = 0
    name_of_staff: bool = False
    heated_nearby: int = 0
    user_agent: str | None = None
    author_standing: Standing | None = None
    standing_reason: str | None = None
    network_standing: Standing | None = None
    network_standing_reason: str | None = None
    page_premoderated: bool = False
    confirmed: bool = False
    can_confirm: bool = False
    author_confirmed: bool = False
    confirmed_published: int = 0
    site_models: SiteModels = field(default_factory=SiteModels, repr=False)
