"""What somebody may do where, and that a bound is never exceeded."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.rights import Rights, reaches
from service.tokens import ROLES

ROLE = st.sampled_from(ROLES)
SITES = st.integers(1, 4)
RIGHTS = st.builds(Rights, st.none() | ROLE, st.dictionaries(SITES, ROLE))
LATER = 99


def test_the_role_at_a_named_site_goes_before_the_one_everywhere() -> None:
    rights = Rights.of_rows([(None, "admin"), (2, "viewer")])
    assert rights.resolved([1, 2]) == {1: "admin", 2: "viewer"}
    assert rights.role_at(LATER) == "admin"


def test_without_a_role_everywhere_there_is_none_at_other_sites() -> None:
    rights = Rights.of_rows([(2, "viewer")])
    assert rights.resolved([1, 2]) == {2: "viewer"}
    assert rights.highest() == "viewer"
    assert Rights().highest() is None


@pytest.mark.parametrize(("role", "wanted"), list(product((None, *ROLES), ROLES)))
def test_a_role_reaches_itself_and_what_is_below(role: str | None, wanted: str) -> None:
    order = [None, *ROLES]
    assert reaches(role, wanted) == (order.index(role) >= order.index(wanted))


@given(RIGHTS, RIGHTS)
def test_within_a_bound_is_the_lower_of_both_at_every_site(rights: Rights, bound: Rights) -> None:
    both = rights.within(bound)
    for site_id in (*range(1, 6), LATER):
        one, other = rights.role_at(site_id), bound.role_at(site_id)
        expected = min(one, other, key=ROLES.index) if one and other else None
        assert both.role_at(site_id) == expected
    assert both.is_within(rights)
    assert both.is_within(bound)


@given(RIGHTS, RIGHTS)
def test_is_within_is_told_site_by_site(rights: Rights, bound: Rights) -> None:
    everywhere = (*range(1, 6), LATER)
    expected = all(reaches(bound.role_at(one), rights.role_at(one)) for one in everywhere)
    assert rights.is_within(bound) == expected
