"""What a site may want, and where its wishes end."""

import pytest
from pydantic import ValidationError

from service.domain.finding import Outcome
from service.domain.policy import CheckPolicy, Policy


def test_a_new_site_reviews_everything_and_runs_every_check() -> None:
    policy = Policy()
    assert policy.publish == "review"
    assert (policy.comment_limit, policy.depth, policy.max_links) == (5000, 5, 2)
    assert (policy.author_required, policy.email_required) == (True, True)
    assert (policy.blocked_words, policy.held_words) == ((), ())
    assert policy.of_check("links") == CheckPolicy(on=True, action=None)


@pytest.mark.parametrize(
    "document",
    [
        {"publish": "auto"},
        {"comment_limit": 1},
        {"comment_limit": 20_000},
        {"depth": 1},
        {"depth": 10},
        {"max_links": 0},
        {"max_links": 100},
        {"new_pages_per_hour": 0},
        {"blocked_words": ["x" * 100] * 5000},
        {"held_words": ["x"]},
        {"checks": {"links": {"on": False}}},
        {"checks": {"links": {"action": "hold"}, "flood": {"action": "reject"}}},
        {"checks": {"links": {"action": "spam"}}},
    ],
)
def test_a_policy_within_bounds_is_accepted(document: dict[str, object]) -> None:
    Policy.model_validate(document)


@pytest.mark.parametrize(
    "document",
    [
        {"publish": "always"},
        {"comment_limit": 0},
        {"comment_limit": 20_001},
        {"depth": 0},
        {"depth": 11},
        {"max_links": -1},
        {"max_links": 101},
        {"new_pages_per_hour": -1},
        {"blocked_words": [""]},
        {"held_words": ["x" * 101]},
        {"blocked_words": ["x"] * 5001},
        {"held_words": ["x"] * 5001},
        {"checks": {"links": {"action": "pass"}}},
        {"checks": {"links": {"action": "unknown"}}},
        {"checks": {"links": {"of": True}}},
        {"publsh": "auto"},
    ],
)
def test_a_policy_out_of_bounds_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(document)


def test_a_check_has_its_own_switch_and_the_others_keep_theirs() -> None:
    policy = Policy(checks={"links": CheckPolicy(on=False, action=Outcome.SPAM)})
    assert policy.of_check("links") == CheckPolicy(on=False, action=Outcome.SPAM)
    assert policy.of_check("flood") == CheckPolicy()


def test_a_policy_does_not_change_once_made() -> None:
    with pytest.raises(ValidationError):
        Policy().publish = "auto"  # type: ignore[misc]


def test_a_policy_survives_being_stored() -> None:
    policy = Policy(blocked_words=("傻逼", "c++"), checks={"links": CheckPolicy(action=Outcome.REJECT)})
    assert Policy.model_validate_json(policy.model_dump_json()) == policy
