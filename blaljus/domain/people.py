"""Who is acting, and what that gives access to."""

from dataclasses import dataclass

from blaljus.domain.words import Role


def actor_of(account: int) -> str:
    """Return what the audit log calls an account: `account:7`."""
    return f"account:{account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A signed-in account with everything it may act for, read anew at each request."""

    account: int
    language: str
    classes: tuple[int, ...] = ()
    """Ids of the classes this person teaches, this school year."""
    staff: tuple[int, ...] = ()
    """Ids of the staff members this person is; one per agency."""
    municipalities: tuple[int, ...] = ()
    """Ids of the municipalities this person coordinates."""
    scope: tuple[int, ...] = ()
    """Ids of every municipality this person acts in, whatever the role; queries carry it."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the roles, in the order pages list them."""
        held = {
            Role.TEACHER: self.classes,
            Role.STAFF: self.staff,
            Role.COORDINATOR: self.municipalities,
        }
        return tuple(role for role, grounds in held.items() if grounds)

    @property
    def actor(self) -> str:
        """Return what the audit log calls this person: `account:7`."""
        return actor_of(self.account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Who answers questions in a municipality: its coordinators, by function, never by name."""

    municipality: str
    """Its name."""
    addresses: tuple[str, ...]
    """Mail addresses, of who began first; at least one."""


OPERATOR = "operator"
"""The actor of a change made at the command line."""

SYSTEM = "system"
"""The actor of a change the product makes by itself."""
