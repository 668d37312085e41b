"""Who may do what with an upload. Asked inside every action; hiding a button protects nothing."""

import getpass
from dataclasses import dataclass
from typing import get_args

from pipelines import settings
from pipelines.errors import Forbidden

ROLES: tuple[str, ...] = get_args(settings.Role)
CONTRIBUTOR, APPROVER, ADMIN = ROLES

_MAY = {
    "upload": (CONTRIBUTOR, ADMIN),
    "dry run": (CONTRIBUTOR, APPROVER, ADMIN),
    "request": (CONTRIBUTOR, ADMIN),
    "decline": (APPROVER, ADMIN),
    "publish": (APPROVER, ADMIN),
    "roll back": (APPROVER, ADMIN),
    "withdraw": (APPROVER, ADMIN),
}


@dataclass(frozen=True)
class Person:
    """Who acts.

    subject: the identity that never changes, as the identity provider gives it. name: for people to read.
    """

    subject: str
    name: str
    roles: frozenset[str]


def allowed(person: Person, action: str) -> bool:
    """Whether one of the person's roles may do this. action: a key of the table above."""
    return not person.roles.isdisjoint(_MAY[action])


def require(person: Person, action: str) -> None:
    """Raises Forbidden if none of the person's roles may do this."""
    if not allowed(person, action):
        has = ", ".join(sorted(person.roles)) or "no role"
        raise Forbidden(
            f"{person.name} has {has} and may not {action}. This needs the role {_MAY[action][0]}."
        )


def require_other(person: Person, authors: frozenset[str], action: str) -> None:
    """Four eyes: raises Forbidden if the person is one of those who brought the file in, unless
    TRACKER_FOUR_EYES=off.
    """
    if person.subject in authors and settings.read(settings.DecisionSettings).four_eyes == "on":
        raise Forbidden(
            f"{person.name} brought this file in and may not {action} it: another person must. "
            "Where only one person works, set TRACKER_FOUR_EYES=off."
        )


def operator() -> Person:
    """Who types commands: the user of the operating system, with the roles in TRACKER_OPERATOR_ROLES, or all
    if it is not set.

    Raises Misconfigured if it names an unknown role.
    """
    user = getpass.getuser()
    roles = settings.read(settings.DecisionSettings).operator_roles
    return Person(user, user, frozenset(ROLES) if roles is None else frozenset(roles))
