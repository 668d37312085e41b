"""Who may do what: every kind of visitor against every action, the life of a session, and the list of roles.

Denied unless told otherwise.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pages.parts.auth import identity, sessions
from pipelines.errors import Forbidden
from pipelines.publishing import permissions
from pipelines.releases import store_path

ISSUER = "https://login.example.org"
SIGNED_IN_AT = int(time.time())  # one sign-in each, however long the tests take
ACTIONS = ("upload", "dry run", "request", "decline", "publish", "roll back", "withdraw")
MAY = {
    "contributor": {"upload", "dry run", "request"},
    "approver": {"dry run", "decline", "publish", "roll back", "withdraw"},
    "admin": set(ACTIONS),
}
LIST = f"""
[[person]]
issuer = "{ISSUER}"
subject = "contributor"
roles = ["contributor"]
[[person]]
issuer = "{ISSUER}"
subject = "approver"
roles = ["approver"]
[[person]]
issuer = "{ISSUER}"
subject = "admin"
roles = ["admin"]
[[group]]
issuer = "{ISSUER}"
value = "tracker-approvers"
roles = ["approver"]
"""


@pytest.fixture(autouse=True)
def _house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of its own, and the list of roles."""
    (tmp_path / "roles.toml").write_text(LIST, encoding="utf-8")
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("TRACKER_ROLES", str(tmp_path / "roles.toml"))
    monkeypatch.delenv("TRACKER_ROLES_CLAIM", raising=False)


def claims(subject: str, **more: Any) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "sub": subject,
        "name": subject.title(),
        "iat": SIGNED_IN_AT,
        "nonce": f"n-{subject}",
        **more,
    }


def signed_in(subject: str, **more: Any) -> dict[str, Any]:
    told = claims(subject, **more)
    identity.begin(told)
    return told


def allowed(told: Mapping[str, Any] | None, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The actions that whoever has these claims may begin."""
    monkeypatch.setattr(identity, "here", lambda: told)
    found = set()
    for action in ACTIONS:
        try:
            identity.may(action)
            found.add(action)
        except Forbidden as refusal:
            assert str(refusal).endswith((".", "”.")), "a refusal is a sentence"
    return found


def _expired() -> dict[str, Any]:
    told = claims("admin")
    sessions.begin(
        store_path(), identity.key_of(told), ISSUER, "admin", "Admin", time.time() - sessions.AGE_SECONDS - 1
    )
    return told


def _idle() -> dict[str, Any]:
    told = claims("admin")
    sessions.begin(
        store_path(), identity.key_of(told), ISSUER, "admin", "Admin", time.time() - sessions.IDLE_SECONDS - 1
    )
    return told


def _revoked() -> dict[str, Any]:
    told = signed_in("admin")
    assert sessions.revoke(store_path(), ISSUER, "admin") == 1
    return told


def _signed_out() -> dict[str, Any]:
    told = signed_in("admin")
    identity.end(told)
    return told


NOBODY = {
    "anonymous": lambda: None,
    "a stranger": lambda: signed_in("stranger"),
    "the same subject at another provider": lambda: signed_in("admin", iss="https://elsewhere.example"),
    "an address that was not verified": lambda: signed_in("admin", email_verified=False),
    "an address said to be verified in words": lambda: signed_in("admin", email_verified="false"),
    "a session that never began": lambda: claims("admin"),
    "a forged sign-in with a changed subject": lambda: signed_in("contributor") | {"sub": "admin"},
    "somebody who named themselves local": lambda: claims("admin", iss=identity.LOCAL),
    "an old session": _expired,
    "an idle session": _idle,
    "a revoked session": _revoked,
    "a copied cookie after sign-out": _signed_out,
    "claims without a subject": lambda: claims("admin") | {"sub": ""},
    "a group that only the provider tells of": lambda: signed_in("stranger", groups=["tracker-approvers"]),
}


@pytest.mark.parametrize("who", NOBODY)
def test_these_may_do_nothing(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert allowed(NOBODY[who](), monkeypatch) == set()


@pytest.mark.parametrize("role", permissions.ROLES)
def test_a_role_may_do_what_it_is_for_and_no_more(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert allowed(signed_in(role), monkeypatch) == MAY[role]


def test_a_group_counts_only_if_the_claim_is_named_and_the_list_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACKER_ROLES_CLAIM", "groups")
    assert (
        allowed(signed_in("stranger", groups=["tracker-approvers", "others"]), monkeypatch) == MAY["approver"]
    )
    assert allowed(signed_in("other", groups=["others", 7, None]), monkeypatch) == set()
    assert allowed(signed_in("third", groups={"tracker-approvers": True}), monkeypatch) == set()


def test_nobody_approves_their_own_upload_but_where_one_person_works_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = identity.staff(signed_in("admin"))
    with pytest.raises(Forbidden, match="another person must"):
        permissions.require_other(person, frozenset({person.subject}), "publish")
    monkeypatch.setenv("TRACKER_FOUR_EYES", "off")
    permissions.require_other(person, frozenset({person.subject}), "publish")


def test_a_role_taken_from_the_list_is_gone_at_the_next_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = signed_in("approver")
    assert allowed(told, monkeypatch)
    (tmp_path / "roles.toml").write_text(
        LIST.replace('subject = "approver"', 'subject = "somebody-else"'), encoding="utf-8"
    )
    assert allowed(told, monkeypatch) == set()


@pytest.mark.parametrize(
    "text",
    [
        "[[person",
        '[[people]]\nissuer = "x"',
        '[[person]]\nsubject = "x"\nroles = ["admin"]',
        '[person]\nissuer="x"\nsubject="y"\nroles="admin"',
    ],
)
def test_a_damaged_list_gives_nobody_a_role(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = signed_in("admin")
    (tmp_path / "roles.toml").write_text(text, encoding="utf-8")
    assert allowed(told, monkeypatch) == set()
    (tmp_path / "roles.toml").unlink()
    assert allowed(told, monkeypatch) == set()


def test_using_a_session_keeps_it_alive_but_not_beyond_its_age() -> None:
    store, key, start = store_path(), "a key", time.time() - sessions.AGE_SECONDS
    sessions.begin(store, key, ISSUER, "admin", "Admin", start)
    moment = start
    while moment < start + sessions.AGE_SECONDS - sessions.IDLE_SECONDS:
        moment += sessions.IDLE_SECONDS - 1
        assert sessions.why_over(store, key, moment) == ""
    assert "older than 8 hours" in sessions.why_over(store, key, start + sessions.AGE_SECONDS + 1)
    assert "signed out" in sessions.why_over(store, "another key", moment)
    assert (store / "sessions.sqlite").stat().st_mode & 0o077 == 0


def test_the_local_user_is_the_user_of_the_command_line() -> None:
    told = identity.local_claims("once", int(time.time()))
    identity.begin(told)
    person = identity.staff(told)
    assert person.subject == permissions.operator.__globals__[
        "getpass"
    ].getuser() and person.roles == frozenset(permissions.ROLES)
