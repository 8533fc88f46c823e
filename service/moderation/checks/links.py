"""More links than the site allows, or a link where a name belongs."""

from service.domain.finding import Finding, Outcome, Span
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.domain_lists import leads_within
from service.moderation.evidence import Evidence
from service.moderation.link_finder import find_links
from service.moderation.text.seen import see

NAME = "links"
VERSION = 3
READS: tuple[str, ...] = ("max_links", "trusted_domains")


def spam_above(max_links: int) -> int:
    """The most links that are still held, as a list of sources may be: 11 where 2 are allowed, 5 for none."""
    return 3 * max_links + 5


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Hold what has more links than `policy.max_links`, call it spam above `spam_above`.

    An address that is written so that programs miss it (hxxp, "dot com") is a link like any other. One in the
    author's name is held whatever is allowed: it is an advertisement more often than a name, but some papers
    sign that way. The website field is where a link belongs, and is not counted, nor are links to trusted
    domains.
    """
    trusted = policy.trusted_domains
    links = tuple(
        span
        for span in _links(evidence.text)
        if not leads_within(evidence.text[span.start : span.end], trusted)
    )
    if len(links) > policy.max_links:
        outcome = Outcome.SPAM if len(links) > spam_above(policy.max_links) else Outcome.HOLD
        plural = "link" if len(links) == 1 else "links"
        allowed = f"at most {policy.max_links} {'is' if policy.max_links == 1 else 'are'} allowed"
        detail = f"{len(links)} {plural}, {allowed}"
        return Finding(NAME, VERSION, outcome, Reason.LINKS, detail=detail, spans=links, rule="max_links")
    if _links(evidence.author):
        detail = "a link in the author's name"
        return Finding(NAME, VERSION, Outcome.HOLD, Reason.LINKS, detail=detail)
    return Finding(NAME, VERSION, Outcome.PASS)


def _links(text: str) -> tuple[Span, ...]:
    """Plain links and hidden ones, none overlapping, in order of the text."""
    hidden = [entity.span for entity in see(text).entities if entity.kind == "hidden_url"]
    if not hidden:
        return find_links(text)
    within = {at for span in hidden for at in range(span.start, span.end)}
    plain = [span for span in find_links(text) if within.isdisjoint(range(span.start, span.end))]
    return tuple(sorted([*plain, *hidden], key=lambda span: span.start))
