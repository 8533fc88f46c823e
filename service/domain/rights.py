"""What somebody may do where: a role at every site, or at some, or both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.tokens import ROLES


@dataclass(frozen=True, slots=True)
class Rights:
    """`everywhere` is the role at each site that is not in `at`, also later ones; null is none there."""

    everywhere: str | None = None
    at: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[int | None, str]]) -> "Rights":
        """From site and role of each row; the site null is every site."""
        known = dict(rows)
        everywhere = known.pop(None, None)
        return cls(everywhere, {site_id: role for site_id, role in known.items() if site_id is not None})

    @classmethod
    def of_one_role(cls, role: str, site_ids: Iterable[int] | None) -> "Rights":
        """One role at these sites; null is every site."""
        return cls(role) if site_ids is None else cls(None, dict.fromkeys(site_ids, role))

    def role_at(self, site_id: int) -> str | None:
        """The role there; null where there is none."""
        return self.at.get(site_id, self.everywhere)

    def resolved(self, site_ids: Iterable[int]) -> dict[int, str]:
        """The role at each of these sites at which there is one."""
        return {site_id: role for site_id in site_ids if (role := self.role_at(site_id))}

    def within(self, bound: "Rights") -> "Rights":
        """At each site the lower one of both, and none where one of both has none."""
        named = {
            site_id: _lower(self.role_at(site_id), bound.role_at(site_id))
            for site_id in {*self.at, *bound.at}
        }
        return Rights(
            _lower(self.everywhere, bound.everywhere),
            {site_id: role for site_id, role in named.items() if role},
        )

    def is_within(self, bound: "Rights") -> bool:
        """Whether `bound` allows all of it, at later sites too."""
        if not reaches(bound.everywhere, self.everywhere):
            return False
        return all(reaches(bound.role_at(one), self.role_at(one)) for one in {*self.at, *bound.at})

    def highest(self) -> str | None:
        """The highest role anywhere."""
        return max(
            (role for role in (self.everywhere, *self.at.values()) if role), key=ROLES.index, default=None
        )


def reaches(role: str | None, wanted: str | None) -> bool:
    """Whether `role` is at least the one that is wanted; whoever wants none is content with none."""
    return wanted is None or (role is not None and ROLES.index(role) >= ROLES.index(wanted))


def _lower(one: str | None, other: str | None) -> str | None:
    return None if one is None or other is None else min(one, other, key=ROLES.index)
