"""Entries of a policy that say nothing to the checks: no domain, no language, words of nothing to see."""

from collections.abc import Iterator, Sequence

from service.domain.fault import Fault
from service.domain.opening_hours import OpeningHours, zone_named
from service.domain.policy import Policy
from service.moderation.domain_lists import host_of_entry, is_host, is_public_suffix
from service.moderation.language_codes import fault_of
from service.moderation.text_view import fold_text


def entry_faults(policy: Policy) -> Iterator[Fault]:
    """Each entry that could never match, or would match a whole top-level domain, by its place."""
    yield from _hours_faults(policy.opening_hours)
    yield from _domain_faults("blocked_domains", policy.blocked_domains)
    yield from _domain_faults("trusted_domains", policy.trusted_domains)
    yield from _language_faults("languages", policy.languages)
    yield from _word_faults("blocked_words", policy.blocked_words)
    yield from _word_faults("held_words", policy.held_words)
    for at, listed in enumerate(policy.word_lists):
        yield from _language_faults(f"word_lists.{at}.language", (listed.language,), is_list=False)
        yield from _word_faults(f"word_lists.{at}.words", listed.words)
        yield from _word_faults(f"word_lists.{at}.exceptions", listed.exceptions)
    for at, name in enumerate(policy.reserved_names):
        if not any(map(str.isalnum, name)):
            yield _fault(
                f"reserved_names.{at}", f"{_shown(name)} has no letter and no digit: no name is like it"
            )


def _hours_faults(hours: OpeningHours | None) -> Iterator[Fault]:
    if hours is None:
        return
    if zone_named(hours.time_zone) is None:
        yield _fault(
            "opening_hours.time_zone", f"{_shown(hours.time_zone)} is no time zone that is known here"
        )
    for day, spans in hours.days.items():
        for at, span in enumerate(spans):
            if len(set(span.split("-"))) == 1:
                yield _fault(
                    f"opening_hours.days.{day}.{at}", f"{span} has no length: 00:00-24:00 is all day"
                )
    if not any(hours.days.values()):
        yield _fault("opening_hours.days", "There is no span, so it would never open")


def _domain_faults(field: str, domains: Sequence[str]) -> Iterator[Fault]:
    for at, entry in enumerate(domains):
        wrong = _wrong_domain(entry, may_be_suffix=field == "blocked_domains")
        if wrong:
            yield _fault(f"{field}.{at}", f"{_shown(entry)} {wrong}")


def _wrong_domain(entry: str, *, may_be_suffix: bool) -> str | None:
    host = host_of_entry(entry) or ""
    if entry.strip().startswith("*."):
        return "is no domain: write it without the star, it covers what is below it"
    if not is_host(host) or any(map(str.isspace, entry.strip())):
        return "is no domain"
    if not is_public_suffix(host) or (may_be_suffix and entry.strip().startswith(".")):
        return None
    if may_be_suffix:
        return f"is not one site but all below it: write .{host} if every link there is meant"
    return "is not one site but all below it: links there cannot all be trusted"


def _language_faults(field: str, languages: Sequence[str | None], *, is_list: bool = True) -> Iterator[Fault]:
    for at, language in enumerate(languages):
        wrong = fault_of(language) if language else None
        if wrong:
            yield _fault(f"{field}.{at}" if is_list else field, f"{language} {wrong}")


def _word_faults(field: str, words: Sequence[str]) -> Iterator[Fault]:
    for at, word in enumerate(words):
        if not any(map(str.isalnum, word)) and not fold_text(word).text.strip():
            yield _fault(f"{field}.{at}", f"{_shown(word)} shows nothing: it can never match")


def _shown(entry: str) -> str:
    return ascii(entry) if not entry.isprintable() else f'"{entry[:60]}"'


def _fault(field: str, detail: str) -> Fault:
    return Fault(field, "invalid", f"{detail}.")
