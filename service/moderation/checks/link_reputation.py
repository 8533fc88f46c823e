"""Where links lead: to a listed site, behind a shortener, or to a host that pretends to be another."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.domain.finding import Finding, Outcome
from service.domain.policy import Policy
from service.domain.reasons import Reason
from service.moderation.domain_lists import as_hosts, place_in
from service.moderation.evidence import Evidence
from service.moderation.hosts import Host, host_of_url, hosts_in, imitates, is_address
from service.moderation.look_alikes import skeleton
from service.moderation.shorteners import SHORTENERS
from service.moderation.text_view import fold_text

NAME = "link_reputation"
VERSION = 2
READS: tuple[str, ...] = ("blocked_domains", "trusted_domains")


@dataclass(frozen=True, slots=True)
class _Hit:
    """What is wrong about a host, and the line of the policy that says so."""

    host: Host
    what: str
    rule: str = ""
    is_spam: bool = False


def check(evidence: Evidence, policy: Policy) -> Finding:
    """Spam where a link leads to a blocked domain; hold shorteners, bare addresses and disguised hosts.

    The website field and a link in the name are looked at like those in the text. What leads to a trusted
    domain is never a hit.
    """
    website = host_of_url(evidence.website)
    hosts = [*hosts_in(evidence.text), *hosts_in(evidence.author)[:5], *([website] if website else [])]
    blocking, trusted = policy.blocked_domains, policy.trusted_domains
    hits = [hit for host in hosts for hit in _hits(host, blocking, trusted)]
    if not hits:
        return Finding(NAME, VERSION, Outcome.PASS)
    in_text = set(hosts_in(evidence.text))
    spans = {hit.host.span for hit in hits if hit.host in in_text and hit.host.span}
    worst = next((hit for hit in hits if hit.is_spam), hits[0])
    return Finding(
        NAME,
        VERSION,
        Outcome.SPAM if worst.is_spam else Outcome.HOLD,
        Reason.LINKS,
        score=1.0 if worst.is_spam else None,
        detail="; ".join(dict.fromkeys(hit.what for hit in hits)),
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
        rule=worst.rule,
    )


def _hits(host: Host, blocking: tuple[str, ...], trusted: tuple[str, ...]) -> Iterator[_Hit]:
    blocked = place_in(host.name, blocking)
    if blocked is not None:
        yield _Hit(host, "a link to a blocked domain", f"blocked_domains.{blocked}", is_spam=True)
    elif host.has_user:
        yield _Hit(host, "a link whose host is hidden behind an @")
    elif place_in(host.name, trusted) is None:
        yield from _odd(host, trusted)


def _odd(host: Host, trusted: tuple[str, ...]) -> Iterator[_Hit]:
    if host.name.removeprefix("www.") in SHORTENERS:
        yield _Hit(host, "a link through a shortener")
    if is_address(host.name):
        yield _Hit(host, "a link to an address without a name")
    if imitates(host.name):
        yield _Hit(host, "a link to a host in letters that look like others")
    elif trusted and _looks(host.name) in _looks_of(trusted):
        yield _Hit(host, "a link to a host that looks like a trusted one", "trusted_domains")


def _looks(name: str) -> str:
    return skeleton(fold_text(name), name).replace("rn", "m")


@lru_cache(maxsize=64)
def _looks_of(trusted: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_looks, as_hosts(trusted)))
