"""Who acts, and what they may: the claims of the identity provider, a living session, and the roles that our
own list gives. Denies by default.

Every action on the staff page asks here anew; the upload endpoint asks here before it reads a byte.
"""

import getpass
import json
import sqlite3
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from pages.parts.auth import sessions
from pages.parts.text import auth_errors as text
from pages.parts.text.translation import say
from pipelines import files, settings
from pipelines.errors import Forbidden
from pipelines.publishing import permissions
from pipelines.publishing.permissions import Person
from pipelines.publishing.submission import one_line
from pipelines.releases import store_path

LOCAL = "local mode"  # issuer of the one local user; no identity provider has a name with a space in it
Claims = Mapping[str, Any]


class Allowed(NamedTuple):
    """The list of who may do what. persons: (issuer, subject) → roles.

    groups: (issuer, value of the claim) → roles.
    """

    persons: Mapping[tuple[str, str], frozenset[str]]
    groups: Mapping[tuple[str, str], frozenset[str]]


def read_allowed(path: Path) -> Allowed:
    """The list in a TOML file: [[person]] issuer, subject, roles; [[group]] issuer, value, roles.

    Raises Forbidden with what is wrong in it.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise Forbidden(say(text.LIST_UNREADABLE, reason=reason)) from None
    if unknown := sorted(set(tables) - {"person", "group"}):
        raise Forbidden(say(text.LIST_UNKNOWN, kind=unknown[0]))
    persons, groups = (
        _entries(tables.get(kind, []), kind, name)
        for kind, name in (("person", "subject"), ("group", "value"))
    )
    return Allowed(persons, groups)


def _entries(table: Any, kind: str, name: str) -> dict[tuple[str, str], frozenset[str]]:
    """Issuer and name → roles. table: what the list holds under a kind. name: the key that names somebody.

    Raises Forbidden.
    """
    roles: dict[tuple[str, str], frozenset[str]] = {}
    for entry in table if isinstance(table, list) else [table]:
        if not isinstance(entry, dict) or not all(
            isinstance(entry.get(key), str) and entry[key] for key in ("issuer", name)
        ):
            raise Forbidden(say(text.LIST_INCOMPLETE, kind=kind, field=name))
        given = entry.get("roles")
        if not isinstance(given, list) or not given or set(given) - set(permissions.ROLES):
            raise Forbidden(say(text.LIST_NO_ROLES, name=entry[name], roles=", ".join(permissions.ROLES)))
        key = (entry["issuer"], entry[name])
        roles[key] = roles.get(key, frozenset()) | frozenset(given)
    return roles


def key_of(claims: Claims) -> str:
    """The name of a sign-in: equal in every copy of its cookie, different for every sign-in."""
    named = [claims.get(name) for name in ("iss", "sub", "aud", "iat", "auth_time", "nonce", "exp")]
    return files.sha256(json.dumps(named, sort_keys=True))


def begin(claims: Claims) -> None:
    """Write down that somebody signed in.

    Only the door does this, when the identity provider sends them back.
    """
    issuer, subject = _named(claims)
    sessions.begin(store_path(), key_of(claims), issuer, subject, _name(claims))


def end(claims: Claims) -> None:
    """Sign out."""
    sessions.end(store_path(), key_of(claims))


def person(claims: Claims) -> Person:
    """Who the claims of a verified cookie stand for, with the roles they have now.

    Raises Forbidden with the reason, in a sentence.
    """
    issuer, subject = _named(claims)
    if claims.get("email_verified") not in (None, True):
        raise Forbidden(say(text.MAIL_NOT_VERIFIED))
    try:
        if reason := sessions.why_over(store_path(), key_of(claims)):
            raise Forbidden(reason)
    except sqlite3.Error:
        raise Forbidden(say(text.NO_SESSIONS)) from None
    given = frozenset(permissions.ROLES) if issuer == LOCAL else _given(claims, issuer, subject)
    # The local user is the user of the operating system, as on the command line: four eyes hold between both.
    return Person(subject if issuer == LOCAL else f"{issuer} {subject}", _name(claims), given)


def staff(claims: Claims) -> Person:
    """As `person`, but raises Forbidden too if they have no role at all."""
    signed_in = person(claims)
    if not signed_in.roles:
        raise Forbidden(say(text.NO_ROLE, name=signed_in.name, subject=signed_in.subject))
    return signed_in


def local_claims(nonce: str, moment: int) -> dict[str, Any]:
    """What the cookie of the local user says."""
    user = getpass.getuser()
    return {"iss": LOCAL, "sub": user, "name": user, "iat": moment, "nonce": nonce}


def here() -> Claims | None:
    """The claims of whoever looks at this page; None if nobody is signed in.

    Holds no promise: ask `staff` or `may` before each action.
    """
    claims = dict(st.user.to_dict())
    return claims if claims.get("is_logged_in") and claims.get("sub") else None


def may(action: str) -> Person:
    """Who is about to act, if they may. Call it at the beginning of every action. Raises Forbidden.

    action: as in roles.allowed.
    """
    claims = here()
    if claims is None:
        raise Forbidden(say(text.SIGNED_OUT))
    actor = staff(claims)
    permissions.require(actor, action)
    return actor


def administer() -> Person:
    """Who is about to end somebody's sessions, if they are an administrator. Raises Forbidden."""
    actor = may("dry run")
    if permissions.ADMIN not in actor.roles:
        raise Forbidden(say(text.NOT_ADMIN, name=actor.name, role=permissions.ADMIN))
    return actor


def is_local() -> bool:
    """Whether there is no identity provider, so that only the link in the terminal signs somebody in."""
    return not settings.read(settings.SignInSettings).oidc_metadata_url


def _given(claims: Claims, issuer: str, subject: str) -> frozenset[str]:
    """Roles by name, and by the groups that the provider tells of, if our list names them too.

    Read at each call: a change holds at once.
    """
    sign_in = settings.read(settings.SignInSettings)
    if sign_in.roles is None:
        return frozenset()
    allowed = read_allowed(sign_in.roles)
    claim = claims.get(sign_in.roles_claim, [])
    values = [claim] if isinstance(claim, str) else claim if isinstance(claim, list) else []
    by_group = [
        allowed.groups.get((issuer, value), frozenset()) for value in values if isinstance(value, str)
    ]
    return allowed.persons.get((issuer, subject), frozenset[str]()).union(*by_group)


def _named(claims: Claims) -> tuple[str, str]:
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
        raise Forbidden(say(text.UNNAMED))
    return issuer, subject


def _name(claims: Claims) -> str:
    name = next(
        (
            claims[claim]
            for claim in ("name", "preferred_username", "email", "sub")
            if isinstance(claims.get(claim), str)
        ),
        "",
    )
    return one_line(name)[:80] or say(text.SOMEBODY)
