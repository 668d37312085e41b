"""Every setting of the program: a variable TRACKER_… of the environment, with its form, default and meaning,
declared once.

A group is read anew each time, with `read(group)`: whoever changes the environment need not start anew. Only
its own
variables can make a group fail, so that a wrong setting of the staff page does not stop a build.
`python -m pipelines config` prints all of them, docs/settings.md tables them.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipelines.errors import Misconfigured

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
"""What ships with the program: reference lists, sources, recipes."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
SHORTEST_SECRET = 32  # characters

Face = Literal["public", "staff", "both"]
Role = Literal["contributor", "approver", "admin"]


class Group(BaseSettings):
    """Settings that are read together. An empty variable counts as one that is not set."""

    model_config = SettingsConfigDict(
        env_prefix="TRACKER_", env_ignore_empty=True, extra="ignore", frozen=True
    )


class StoreSettings(Group):
    """Where the program keeps what it makes"""

    store: Annotated[Path, Field(title="folder")] = Field(
        ROOT / "data" / "store", description="The store: releases, imports, uploads, recipes and the journal."
    )


class SiteSettings(Group):
    """What the server shows, and under which names"""

    face: Face = Field(
        "public",
        description="`public`: no staff page, no upload at all. `staff`: both, behind an identity provider. "
        "`both`: as `staff`; without an identity provider on this machine alone.",
    )
    address: str = Field(
        "",
        title="https address",
        description="The public address with which links in answers, images and feeds begin. "
        "Without it, the host that was asked.",
    )
    answers_ahead: Literal["on", "off"] = Field(
        "on",
        description="`on`: while nobody waits, the server answers what readers of a page are likely to choose "
        "next. `off`: it answers when it is asked.",
    )
    contact: str = Field(
        "",
        title="mail or https address",
        description="Where readers are sent with a number that looks wrong. Without it, or if it is neither, "
        "the pages say that there is none.",
    )

    @field_validator("address")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must begin with https:// or http:// and name a host.")
        return value.rstrip("/")


class SignInSettings(Group):
    """How staff sign in, and what they may do"""

    oidc_metadata_url: str = Field(
        "",
        title="https address",
        description="OpenID Connect: address of the metadata of the identity provider. "
        "The five settings of OpenID Connect are set together, or none of them.",
    )
    oidc_client_id: str = Field("", title="text", description="OpenID Connect: our name at the provider.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), title="secret", description="OpenID Connect: our secret at the provider."
    )
    oidc_redirect_uri: str = Field(
        "",
        title="https address",
        description="OpenID Connect: our address to which the provider sends people back. "
        "Ends in `/oauth2callback`.",
    )
    oidc_cookie_secret: SecretStr = Field(
        SecretStr(""),
        title="secret",
        description=f"With what the cookie of a sign-in is signed: at least {SHORTEST_SECRET} random "
        f"characters.",
    )
    roles: Path | None = Field(
        None,
        title="file",
        description="TOML file that says who has which role: `[[person]]` issuer, subject, roles; "
        "`[[group]]` issuer, value, roles. Needed with an identity provider.",
    )
    roles_claim: str = Field(
        "", title="text", description="The claim in which the provider names the groups of a person."
    )

    @field_validator("oidc_metadata_url", "oidc_redirect_uri")
    @classmethod
    def _check_encryption(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https:// (http:// only on this machine).")
        return value

    @field_validator("oidc_redirect_uri")
    @classmethod
    def _check_redirect(cls, value: str) -> str:
        if value and not value.endswith("/oauth2callback"):
            raise ValueError("must end in /oauth2callback.")
        return value

    @field_validator("oidc_cookie_secret")
    @classmethod
    def _check_strength(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and (len(secret) < SHORTEST_SECRET or len(set(secret)) < 10):
            raise ValueError(
                f"is too weak: it needs at least {SHORTEST_SECRET} random characters. "
                'Make one: python -c "import secrets; print(secrets.token_hex())"'
            )
        return value


class DecisionSettings(Group):
    """Who decides"""

    model_config = SettingsConfigDict(env_ignore_empty=False)  # no role at all is a choice

    four_eyes: Literal["on", "off"] = Field(
        "on",
        description="`off`: whoever brings a file in may also publish it. For places where only one person "
        "works.",
    )
    operator_roles: Annotated[frozenset[Role] | None, NoDecode] = Field(
        None,
        title=f"some of {', '.join(get_args(Role))}; comma between them",
        description="Roles with which commands act. Empty: none. Without it: all.",
    )

    @field_validator("four_eyes", mode="before")
    @classmethod
    def _lower(cls, value: str) -> str:
        return value.strip().lower() or "on"

    @field_validator("operator_roles", mode="before")
    @classmethod
    def _split_roles(cls, value: str | None) -> frozenset[str] | None:
        if value is None:
            return None
        roles = frozenset(role.strip() for role in value.split(",") if role.strip())
        if unknown := sorted(roles - frozenset(get_args(Role))):
            raise ValueError(f"names {', '.join(unknown)}. Roles are {', '.join(get_args(Role))}.")
        return roles


class OperationSettings(Group):
    """Running the service"""

    least_free_mb: int = Field(
        512,
        ge=0,
        title="whole number, in MB",
        description="`/readyz` answers 503 when the disk of the store has less free.",
    )
    metrics: Literal["here", "everyone", "off"] = Field(
        "here",
        description="Who may read `/metrics`. `here`: programs on this machine that ask without a proxy.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="`json`: one JSON object a line on stderr."
    )
    log_requests: Literal["on", "off"] = Field(
        "off",
        description="`on`: a line for each request, with route, status, time and network, without query and "
        "without the whole address.",
    )


GROUPS: tuple[type[Group], ...] = (
    StoreSettings,
    SiteSettings,
    SignInSettings,
    DecisionSettings,
    OperationSettings,
)

_Group = TypeVar("_Group", bound=Group)


def read(group: type[_Group]) -> _Group:
    """The settings of a group as the environment has them now. Raises Misconfigured."""
    settings: _Group = _read(group, tuple(map(os.environ.get, _variables(group))))
    return settings


@lru_cache(maxsize=64)
def _variables(group: type[Group]) -> tuple[str, ...]:
    """The names in the environment of the settings of a group."""
    return tuple(variable(name) for name in group.model_fields)


@lru_cache(maxsize=64)
def _read(group: type[_Group], _values: tuple[str | None, ...]) -> _Group:
    """Kept for the values that were read: pages ask for the store many times."""
    try:
        return group()
    except ValidationError as error:
        raise Misconfigured(" ".join(_problems(group, error).values())) from None


def variable(name: str) -> str:
    """The name in the environment of a declared setting."""
    return f"TRACKER_{name.upper()}"


def _problems(group: type[Group], error: ValidationError) -> dict[str, str]:
    """Name of a declared setting → what is wrong with it, in a sentence that holds no secret."""
    problems = {}
    for detail in error.errors():
        name = str(detail["loc"][0])
        if detail["type"] == "value_error":
            problems[name] = f"{variable(name)} {detail['ctx']['error']}"
        else:
            form = _form(group.model_fields[name])
            problems[name] = f"{variable(name)} is “{detail['input']}”. It may be {form}."
    return problems


# --- what is declared, for people


class Declared(NamedTuple):
    """One setting for people.

    value: as text, secrets hidden; source: `environment` or `default`; problem: or nothing.
    """

    name: str
    form: str
    default: str
    meaning: str
    value: str
    source: str
    problem: str


def declared(group: type[Group]) -> Iterator[Declared]:
    """The settings of a group, with the values that they have now."""
    values, problems = None, dict[str, str]()
    try:
        values = group()
    except ValidationError as error:
        problems = _problems(group, error)
    for name, field in group.model_fields.items():
        given = os.environ.get(variable(name))
        is_set = given is not None and bool(given or not group.model_config.get("env_ignore_empty"))
        if values:
            value = _text(getattr(values, name))
        else:
            value = _text(SecretStr(given or "") if field.annotation is SecretStr else given)
        yield Declared(
            name=variable(name),
            form=_form(field),
            default=_text(field.default),
            meaning=str(field.description),
            value=value if is_set else _text(field.default),
            source="environment" if is_set else "default",
            problem=problems.get(name, ""),
        )


def as_markdown() -> str:
    """docs/settings.md: every setting in a table, group by group."""
    lines = [
        "# Settings",
        "",
        "Every setting is a variable of the environment. `python -m pipelines config` prints the values "
        "that hold now,",
        "secrets hidden. This page is written by `python -m pipelines config --markdown`.",
    ]
    for group in GROUPS:
        lines += [
            "",
            f"## {group.__doc__}",
            "",
            "| Setting | May be | Default | Meaning |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| `{setting.name}` | {setting.form} | "
            f"{f'`{setting.default}`' if setting.default else 'not set'} "
            f"| {setting.meaning} |"
            for setting in declared(group)
        ]
    return "\n".join(lines) + "\n"


def _form(field: FieldInfo) -> str:
    """What the setting may be, in words."""
    choices = get_args(field.annotation) if not field.title else ()
    return f"{', '.join(choices[:-1])} or {choices[-1]}" if choices else str(field.title)


def _text(value: Any) -> str:
    """A value in words: nothing if it is not set, no secret, folders of the program from its root."""
    match value:
        case None:
            return ""
        case SecretStr():
            return "********" if value.get_secret_value() else ""
        case Path():
            return str(value.relative_to(ROOT)) if value.is_relative_to(ROOT) else str(value)
        case frozenset():
            return ", ".join(sorted(value)) or "none"
        case _:
            return str(value)
