"""Which face this process shows, and what it needs for that: read from the environment once, at the start.

Refuses to start rather than guess.

public: no staff page, no upload endpoint. staff: both, behind an identity provider. both: as staff, or, on
this machine alone, local mode.
"""

import asyncio
import gc
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit import config

from pages.http import release_zip, staff_auth
from pages.parts.auth import identity
from pages.parts.images.renderer import image_renderer
from pages.parts.page_registry import PAGES, STAFF, Entry
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pages.parts.ui import answers_ahead
from pipelines import logs, settings
from pipelines.errors import Forbidden, Misconfigured

OIDC = {
    "TRACKER_OIDC_METADATA_URL": "server_metadata_url",
    "TRACKER_OIDC_CLIENT_ID": "client_id",
    "TRACKER_OIDC_CLIENT_SECRET": "client_secret",
    "TRACKER_OIDC_REDIRECT_URI": "redirect_uri",
    "TRACKER_OIDC_COOKIE_SECRET": "cookie_secret",
}


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
        """When the server is up: starts the browser that makes images and the thread that answers ahead, and
        prints the one-time link.

        When it ends: leaves nothing behind.
        """
        logs.set_up()  # again, for what was loaded since
        keep_from_garbage_search()
        image_renderer.warm()
        answers_ahead.start()
        if self.link:
            self.link.show()
        try:
            yield
        finally:
            await asyncio.to_thread(image_renderer.end)
            release_zip.forget()


def pages() -> tuple[Entry, ...]:
    """The pages of this face, in their order. Raises Misconfigured."""
    return PAGES if settings.read(settings.SiteSettings).face == "public" else (*PAGES, STAFF)


@lru_cache(maxsize=64)
def keep_from_garbage_search(page: str = "") -> None:
    """Take what lives now out of the search for garbage, once for the server and once for each page.

    Modules live as long as the server. Streamlit searches after every run, which would stop every answer for
    as long as it takes to look through them. A page loads its modules when it is first read.
    page: path of the page.
    """
    gc.collect()
    gc.freeze()


def front(address: str | None = None) -> Front:
    """The front of this face. address: where the server listens, if not as configured.

    Raises Misconfigured.
    """
    face = settings.read(settings.SiteSettings).face
    if face == "public":
        return Front(PAGES, [], (), [], [], None, None)
    where = address or str(config.get_option("server.address") or "")
    for option, must in (("server.enableXsrfProtection", True), ("server.enableCORS", True)):
        if config.get_option(option) is not must:
            raise Misconfigured(say(text.OPTION, option=option, value=str(must).lower()))
    if config.get_option("server.trustedUserHeaders"):
        raise Misconfigured(say(text.TRUSTED_HEADERS))
    config.set_option("server.maxUploadSize", staff_auth.MOST_MEGABYTES)
    own_paths = (staff_auth.UPLOADS, "/auth/logout")
    sign_in = settings.read(settings.SignInSettings)
    if any(_provider(sign_in).values()):
        behind = [Middleware(staff_auth.Door)]
        return Front(
            (*PAGES, STAFF),
            [],
            (*own_paths, "/auth/login", "/oauth2callback"),
            [],
            behind,
            {"auth": _oidc(sign_in)},
            None,
        )
    if face == "staff":
        raise Misconfigured(say(text.NO_PROVIDER, names=", ".join(OIDC)))
    if where not in settings.LOOPBACK:
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
        logs.set_up()
        return front()
    except Misconfigured as problem:
        print(say(text.DOES_NOT_START, reason=str(problem)), file=sys.stderr, flush=True)
        raise SystemExit(2) from None


def _provider(sign_in: settings.SignInSettings) -> dict[str, str]:
    """The settings of the identity provider by their names in the environment; "" for one that is not set."""
    return {
        "TRACKER_OIDC_METADATA_URL": sign_in.oidc_metadata_url,
        "TRACKER_OIDC_CLIENT_ID": sign_in.oidc_client_id,
        "TRACKER_OIDC_CLIENT_SECRET": sign_in.oidc_client_secret.get_secret_value(),
        "TRACKER_OIDC_REDIRECT_URI": sign_in.oidc_redirect_uri,
        "TRACKER_OIDC_COOKIE_SECRET": sign_in.oidc_cookie_secret.get_secret_value(),
    }


def _oidc(sign_in: settings.SignInSettings) -> dict[str, Any]:
    """The [auth] section that st.login reads.

    Raises Misconfigured if a setting is missing or the list of roles is wrong.
    """
    provider = _provider(sign_in)
    if missing := [name for name, value in provider.items() if not value]:
        raise Misconfigured(say(text.NOT_SET, number=len(missing), names=", ".join(missing)))
    if sign_in.roles is None:
        raise Misconfigured(say(text.ROLES))
    try:
        identity.read_allowed(sign_in.roles)
    except Forbidden as problem:
        raise Misconfigured(str(problem)) from None
    return {streamlit_name: provider[name] for name, streamlit_name in OIDC.items()}
