"""An address that nobody confirmed earns no trust: what is known by it can only make a verdict stricter."""

import contextlib
from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.policy import CheckPolicy, Policy
from service.domain.status import Status
from service.moderation.evidence import Evidence
from service.moderation.judge import judge
from service.moderation.pipeline import run_checks

FROM_THE_ADDRESS = {
    "repeats_by_author", "author_in_window", "author_limit", "similar_by_author", "author_published",
    "author_refused", "author_known", "name_regular", "author_standing", "standing_reason",
}  # fmt: skip
FROM_ELSEWHERE = {
    "text", "author", "website", "honeypot_filled", "seconds_to_fill", "repeats_by_others",
    "network_in_window", "network_limit", "similar_by_others", "similar_elsewhere", "heated_nearby",
    "user_agent", "site_models", "page_premoderated", "name_of_staff",
    "network_standing", "network_standing_reason",
}  # fmt: skip
PROVED = {"confirmed", "can_confirm", "author_confirmed", "confirmed_published"}
"""What the owner of an address said by a link in a mail: `confirmation` alone judges by it."""
STRICTNESS = [Status.PUBLISHED, Status.HELD, Status.REJECTED, Status.SPAM]
AUTO = Policy(publish="auto")


def verdict(evidence: Evidence, policy: Policy = AUTO) -> int:
    """How strict the checks are about it."""
    findings = run_checks(evidence, policy, contextlib.nullcontext)
    return STRICTNESS.index(judge(findings, policy).status)


def test_every_piece_of_evidence_says_whether_it_comes_from_the_address() -> None:
    assert {field.name for field in fields(Evidence)} == FROM_THE_ADDRESS | FROM_ELSEWHERE | PROVED


@given(
    text=st.sampled_from(
        ["The ferry was late again.", "https://a.example https://b.example https://c.example"]
    ),
    others=st.integers(0, 5),
    repeats=st.integers(0, 100),
    in_window=st.integers(1, 100),
    limit=st.none() | st.integers(1, 20),
)
def test_what_an_address_brings_makes_no_verdict_milder(
    text: str, others: int, repeats: int, in_window: int, limit: int | None
) -> None:
    unknown = Evidence(text=text, author="Mina", repeats_by_others=others)
    known = replace(unknown, repeats_by_author=repeats, author_in_window=in_window, author_limit=limit)
    assert verdict(known) >= verdict(unknown)


WITHOUT = Policy(
    publish="auto",
    checks={name: CheckPolicy(on=False) for name in ("new_author", "author_record", "impersonation")},
)


@given(
    published=st.integers(0, 50),
    refused=st.integers(0, 50),
    known=st.booleans(),
    regular=st.integers(0, 100),
    similar=st.integers(0, 3),
    publish=st.sampled_from(["auto", "first", "review"]),
)
def test_checks_about_the_author_only_add_to_what_a_site_without_them_would_decide(
    published: int, refused: int, known: bool, regular: int, similar: int, publish: Any
) -> None:
    """Whoever types a regular's address gets at best what the other checks say."""
    evidence = Evidence(
        text="The ferry was late again.", author="Mina", author_published=published, author_refused=refused,
        author_known=known, name_regular=regular, similar_by_others=similar,
    )  # fmt: skip
    with_them = AUTO.model_copy(update={"publish": publish})
    without = WITHOUT.model_copy(update={"publish": "review" if publish == "review" else "auto"})
    assert verdict(evidence, with_them) >= verdict(evidence, without)
