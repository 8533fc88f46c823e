"""People who moderate, as admins see them, and what an admin may do about them."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.rights import Rights, reaches


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with roles, with tokens, or both.

    Attributes:
        rights: the roles by site; None for who lives by tokens alone.
        token_sites: the sites that valid tokens reach; None is every site.
        tokens: how many of them are valid.
    """

    id: int
    name: str
    disabled_at: datetime | None
    has_password: bool
    rights: Rights | None
    token_sites: frozenset[int] | None
    tokens: int

    @property
    def reach(self) -> Rights:
        """Where the person may do anything at all; the roles in it say nothing."""
        at = {*(self.rights.at if self.rights else ()), *(self.token_sites or ())}
        is_everywhere = self.token_sites is None or bool(self.rights and self.rights.everywhere)
        return Rights("viewer" if is_everywhere else None, dict.fromkeys(at, "viewer"))


@dataclass(frozen=True, slots=True)
class Admin:
    """Who changes people, and the rights that this one holds by the session or token in use."""

    moderator_id: int
    rights: Rights

    def is_admin_at(self, site_id: int) -> bool:
        """Whether this one is an admin there."""
        return reaches(self.rights.role_at(site_id), "admin")

    @property
    def is_admin_everywhere(self) -> bool:
        """Whether that holds at every site, later ones too."""
        return self.is_admin_of(Rights("admin"))

    def is_admin_of(self, reach: Rights) -> bool:
        """Whether this one is an admin wherever `reach` has anything: so nobody changes what lies beyond."""
        everywhere = "admin" if reach.everywhere else None
        return Rights(everywhere, dict.fromkeys(reach.at, "admin")).is_within(self.rights)

    def knows(self, person: Person) -> bool:
        """Whether the person may do anything where this one is an admin."""
        reach = person.reach
        return (
            self.is_admin_everywhere
            or any(self.is_admin_at(one) for one in reach.at)
            or (reach.everywhere is not None and self.rights.highest() == "admin")
        )

    def sees(self, reach: Rights) -> bool:
        """Whether this one has any role, however low, where `reach` has anything."""
        is_somewhere = self.rights.highest() is not None
        return any(self.rights.role_at(one) for one in reach.at) or bool(reach.everywhere and is_somewhere)

    def may_place(self, person: Person, site_id: int) -> bool:
        """Whether this one may say what the person's role there is.

        A person with a role at every site is changed by who is an admin everywhere,
        and one without roles by who is an admin of all that the tokens reach.
        """
        is_of_named_sites = person.rights is not None and person.rights.everywhere is None
        return self.is_admin_at(site_id) and (is_of_named_sites or self.is_admin_of(person.reach))
