"""The sign-in of staff: who may use the upload endpoint, and the beginning and end of sessions.

Plain ASGI; reads no upload.

Stands behind `security_middleware` and before Streamlit. A refusal never reads the body.
"""

import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, decode_signed_value

from pages.parts.auth import identity
from pages.parts.auth.identity import Claims
from pages.parts.page_registry import STAFF
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines.errors import Forbidden

COOKIE = "_streamlit_user"
UPLOADS = "/_stcore/upload_file/"
MOST_MEGABYTES = 64
FRAMING = 64 * 1024  # what a form adds to the file that it carries
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def claims(cookies: Mapping[str, str], origin: str | None = None) -> Claims | None:
    """What a signed cookie says, verified as Streamlit does; None if there is none or it is forged.

    origin: must be the one it was made for.
    """
    secret = get_cookie_secret()
    signed = get_cookie_with_chunks(
        lambda name: decode_signed_value(secret, name, cookies.get(name, "").encode("latin-1", "replace")),
        COOKIE,
    )
    if not signed:
        return None
    try:
        content = json.loads(signed)
    except ValueError:
        return None
    if (
        not isinstance(content, dict)
        or not content.get("is_logged_in")
        or (origin is not None and content.get("origin") != origin)
    ):
        return None
    return content


class Door:
    """Lets only staff with a living session upload; begins a session when somebody comes back from the
    identity provider; ends it on sign-out.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(UPLOADS):
            await self.upload(scope, receive, send)
        elif scope["path"] == "/oauth2callback":
            await self.app(scope, receive, self.beginning(send))
        elif scope["path"] == "/auth/logout":
            await self.sign_out(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """PUT, DELETE and everything else under the upload address."""
        connection = HTTPConnection(scope)
        caller = claims(connection.cookies, connection.headers.get("origin", ""))
        try:
            if caller is None:
                raise Forbidden(say(text.STAFF_UPLOAD))
            await run_in_threadpool(identity.staff, caller)
        except Forbidden as refusal:
            await PlainTextResponse(f"{refusal}\n", 403, {"connection": "close"})(scope, receive, send)
            return
        length = connection.headers.get("content-length", "")
        if length and (
            not length.isascii()
            or not length.isdigit()
            or int(length) > MOST_MEGABYTES * 1024 * 1024 + FRAMING
        ):
            await PlainTextResponse(too_large(), 413, {"connection": "close"})(scope, receive, send)
            return
        await self.app(scope, counted(receive), send)

    def beginning(self, send: Send) -> Send:
        """Notes the session of the cookie that an answer sets, and leads to the staff page instead of the
        first one.
        """

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                made = SimpleCookie()
                for value in headers.getlist("set-cookie"):
                    made.load(value)
                signed_in = claims({name: morsel.value for name, morsel in made.items()})
                if signed_in is not None:
                    # Without a row the cookie is worth nothing; the page says so.
                    with suppress(Forbidden, sqlite3.Error, OSError):
                        await run_in_threadpool(identity.begin, signed_in)
                    headers["location"] = f"/{STAFF.path}"
            await send(message)

        return sender

    async def sign_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ends the session before the cookie goes. A page of somebody else cannot sign staff out."""
        connection = HTTPConnection(scope)
        if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            await PlainTextResponse(say(text.SIGN_OUT_THERE), 403)(scope, receive, send)
            return
        signed_in = claims(connection.cookies)
        if signed_in is not None:
            await run_in_threadpool(identity.end, signed_in)
        await self.app(scope, receive, send)


def too_large() -> str:
    """What the endpoint answers when the limit is passed."""
    return say(text.FILE_TOO_LARGE, megabytes=MOST_MEGABYTES)


def counted(receive: Receive) -> Receive:
    """The body, until it is longer than the limit: a length that was not told, or told wrongly, is found
    while reading.
    """
    read = 0

    async def receiver() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_MEGABYTES * 1024 * 1024 + FRAMING:
            raise HTTPException(413, too_large())
        return message

    return receiver


class Link:
    """The one-time link of local mode: whoever can read the terminal is the user of this machine.

    Each use prints the next one.
    """

    PATH = "/sign-in"

    def __init__(self, address: str) -> None:
        self.address = address
        self.key = secrets.token_urlsafe(32)
        self.route = Route(self.PATH, self.open, methods=["GET"])

    def show(self) -> None:
        """Print the link that holds now."""
        print(say(text.LINK, link=f"{self.address}{self.PATH}?key={self.key}"), flush=True)

    async def open(self, request: Request) -> Response:
        """Follow the link: a session and its cookie for the local user."""
        offered = request.query_params.get("key", "")
        if not hmac.compare_digest(offered.encode(), self.key.encode()):
            return PlainTextResponse(say(text.LINK_USED), 403)
        self.key = secrets.token_urlsafe(32)
        user = identity.local_claims(secrets.token_urlsafe(16), int(time.time()))
        try:
            await run_in_threadpool(identity.begin, user)
        except (sqlite3.Error, OSError):
            return PlainTextResponse(say(text.NO_SESSION), 503)
        cookie = user | {"is_logged_in": True, "origin": f"{request.url.scheme}://{request.url.netloc}"}
        answer = RedirectResponse(
            f"/{STAFF.path}", 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"}
        )
        value = create_signed_value(get_cookie_secret(), COOKIE, json.dumps(cookie)).decode()
        answer.set_cookie(COOKIE, value, httponly=True, samesite="lax", max_age=None)
        self.show()
        return answer


class ThisMachineOnly:
    """Outermost in local mode: answers nobody who comes from elsewhere or by another name, wherever the
    server was told to listen.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not self.is_here(scope):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await PlainTextResponse(say(text.THIS_MACHINE_ONLY), 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    def is_here(scope: Scope) -> bool:
        """Whether the caller is on this machine and calls it by a name of this machine."""
        headers = Headers(scope=scope)
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        caller = (scope.get("client") or ("",))[0]
        is_forwarded = any(name in headers for name in ("forwarded", "x-forwarded-for", "x-forwarded-host"))
        return host in _LOOPBACK and caller in ("127.0.0.1", "::1") and not is_forwarded
