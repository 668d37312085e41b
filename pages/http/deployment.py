"""Which face this process shows, and what it needs for that: read from the environment once, at the start.

Refuses to start rather than guess.

public: no staff page, no upload endpoint. staff: both, behind an identity provider. both: as staff, or, on
this machine alone, local mode.
"""

import asyncio
import gc
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit import config

from pages.http import bundles, staff_auth
from pages.parts.auth import identity
from pages.parts.images.renderer import image_renderer
from pages.parts.page_registry import PAGES, STAFF, Entry
from pages.parts.text import http as text
from pages.parts.text.messages import say
from pipelines.errors import Forbidden, Misconfigured

Face = Literal["public", "staff", "both"]
SHORTEST_SECRET = 32
OIDC = {
    "TRACKER_OIDC_METADATA_URL": "server_metadata_url",
    "TRACKER_OIDC_CLIENT_ID": "client_id",
    "TRACKER_OIDC_CLIENT_SECRET": "client_secret",
    "TRACKER_OIDC_REDIRECT_URI": "redirect_uri",
    "TRACKER_OIDC_COOKIE_SECRET": "cookie_secret",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Front(NamedTuple):
    """What the front door is made of. link: the key of the one-time link, in local mode only."""

    pages: tuple[Entry, ...]
    routes: list[Route]
    own_paths: tuple[str, ...]
    before: list[Middleware]
    behind: list[Middleware]
    secrets: Mapping[str, Any] | None
    link: staff_auth.Link | None

    @asynccontextmanager
    async def greeting(self, _app: object) -> AsyncIterator[None]:
        """When the server is up: starts the browser that makes images, and prints the one-time link.

        When it ends: leaves nothing behind.
        """
        # What lives as long as the server need not be searched for garbage, which stops every answer for a
        # tenth of a second.
        gc.freeze()
        image_renderer.warm()
        if self.link:
            self.link.show()
        try:
            yield
        finally:
            await asyncio.to_thread(image_renderer.end)
            bundles.forget()


def face(environment: Mapping[str, str] = os.environ) -> Face:
    """The face that TRACKER_FACE names; public if it names none. Raises Misconfigured."""
    match environment.get("TRACKER_FACE", "") or "public":
        case "public" | "staff" | "both" as named:
            return named
        case other:
            raise Misconfigured(say(text.FACE, face=other))


def pages() -> tuple[Entry, ...]:
    """The pages of this face, in their order."""
    return PAGES if face() == "public" else (*PAGES, STAFF)


def front(environment: Mapping[str, str] = os.environ, address: str | None = None) -> Front:
    """The front of this face. address: where the server listens, if not as configured.

    Raises Misconfigured.
    """
    shown = face(environment)
    if shown == "public":
        return Front(PAGES, [], (), [], [], None, None)
    where = address or str(config.get_option("server.address") or "")
    for option, must in (("server.enableXsrfProtection", True), ("server.enableCORS", True)):
        if config.get_option(option) is not must:
            raise Misconfigured(say(text.OPTION, option=option, value=str(must).lower()))
    if config.get_option("server.trustedUserHeaders"):
        raise Misconfigured(say(text.TRUSTED_HEADERS))
    config.set_option("server.maxUploadSize", staff_auth.MOST_MEGABYTES)
    own_paths = (staff_auth.UPLOADS, "/auth/logout")
    if any(environment.get(name) for name in OIDC):
        behind = [Middleware(staff_auth.Door)]
        return Front(
            (*PAGES, STAFF),
            [],
            (*own_paths, "/auth/login", "/oauth2callback"),
            [],
            behind,
            {"auth": _oidc(environment)},
            None,
        )
    if shown == "staff":
        raise Misconfigured(say(text.NO_PROVIDER, names=", ".join(OIDC)))
    if where not in LOOPBACK:
        raise Misconfigured(say(text.NOT_LOCAL, address=where or say(text.EVERY_ADDRESS)))
    link = staff_auth.Link(
        f"http://{'[::1]' if where == '::1' else where}:{config.get_option('server.port')}"
    )
    before, behind = [Middleware(staff_auth.ThisMachineOnly)], [Middleware(staff_auth.Door)]
    random = {"auth": {"cookie_secret": secrets.token_hex()}}
    return Front(
        (*PAGES, STAFF), [link.route], (*own_paths, staff_auth.Link.PATH), before, behind, random, link
    )


def front_or_exit() -> Front:
    """The front, or a sentence on the terminal and the end of the process."""
    try:
        return front()
    except Misconfigured as problem:
        print(say(text.DOES_NOT_START, reason=str(problem)), file=sys.stderr, flush=True)
        raise SystemExit(2) from None


def _oidc(environment: Mapping[str, str]) -> dict[str, Any]:
    """The [auth] section that st.login reads. Raises Misconfigured for anything missing or weak."""
    if missing := [name for name in OIDC if not environment.get(name)]:
        raise Misconfigured(say(text.NOT_SET, number=len(missing), names=", ".join(missing)))
    settings = {ours: environment[name] for name, ours in OIDC.items()}
    secret = settings["cookie_secret"]
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        raise Misconfigured(say(text.WEAK_SECRET, number=SHORTEST_SECRET))
    for name in ("TRACKER_OIDC_METADATA_URL", "TRACKER_OIDC_REDIRECT_URI"):
        parts = urlsplit(environment[name])
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Misconfigured(say(text.NOT_HTTPS, name=name))
    if not settings["redirect_uri"].endswith("/oauth2callback"):
        raise Misconfigured(say(text.REDIRECT))
    if not environment.get("TRACKER_ROLES"):
        raise Misconfigured(say(text.ROLES))
    try:
        identity.read_allowed(Path(environment["TRACKER_ROLES"]))
    except Forbidden as problem:
        raise Misconfigured(str(problem)) from None
    return settings
