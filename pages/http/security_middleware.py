"""The headers of every answer, and the requests that are refused before Streamlit sees them.

Plain ASGI middleware around Streamlit's server. It opens no release and reads no upload.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from pages.http.path_redirects import leads_to
from pages.http.prerendered_html import Head, missing_html, page_html, plain_head, with_head
from pages.http.tracking_params import undecorated
from pages.parts.page_registry import PAGES, Entry, page_at
from pages.parts.text import http as text
from pages.parts.text.translation import say

STREAMLIT_FILES = Path(file_util.get_static_dir())
OWN_FILES = Path(__file__).parents[2] / "static"

REFUSED = ("/_stcore/upload_file", "/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
SERVED = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/bidi-components/",
    "/static/",
    "/media/",
    "/component/",
    "/app/static/",
)
FRAMED = "/embed/"  # the only pages that the pages of others may frame; they bring their own policy
COMPRESSED = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

NOT_ALLOWED = ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
HOST = re.compile(
    r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
)  # what a host name and its port can be made of
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def content_policy(index: str) -> str:
    """The Content-Security-Policy of a page: own files only, and the inline scripts of Streamlit's index by
    their hash.

    index: the text of Streamlit's index.html. `blob:` among the scripts is how Streamlit loads a component of
    ours, see theme_and_width.watch.
    """
    digests = [hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(index)]
    hashes = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' blob:{hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3): named or by *, and not with weight zero."""
    weights: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return weights.get("gzip", weights.get("*", False))


@lru_cache(maxsize=256)
def compressed(file: Path, _changed: float) -> bytes:
    """The bytes of a file as gzip, made once."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


def static_file(path: str) -> Path | None:
    """The file behind an address under /static/ or /app/static/, or None if it lies elsewhere, does not exist
    or is not worth compressing.
    """
    if path.startswith("/static/"):
        root, rest = STREAMLIT_FILES / "static", path.removeprefix("/static/")
    elif path.startswith("/app/static/"):
        root, rest = OWN_FILES, path.removeprefix("/app/static/")
    else:
        return None
    file = (root / rest).resolve()
    return (
        file if file.is_relative_to(root.resolve()) and file.suffix in COMPRESSED and file.is_file() else None
    )


def chart_library() -> str:
    """The address of the part of Streamlit's frontend that draws Plotly's charts, or "" if it has none."""
    file = next((STREAMLIT_FILES / "static" / "js").glob("PlotlyChart.*.js"), None)
    return f"./static/js/{file.name}" if file else ""


class SecurityMiddleware:
    """Stands before Streamlit: refuses, answers 404, gives pages their HTML, compresses files, and puts the
    headers on every answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        own_paths: tuple[str, ...] = (),
        card: Callable[[Entry, Scope], Head] = plain_head,
        on_page: Callable[[], None] = lambda: None,
        pages: Sequence[Entry] = PAGES,
    ) -> None:
        """own_paths: addresses that the app itself answers, such as /healthz; one that ends in a slash stands
        for all below it.

        card: page and request → what the head of the page says for that choice. on_page: called for each page
        that is asked. pages: those of the face that is shown.
        """
        self.app = app
        self.own_paths = frozenset(own_paths)
        self.own_folders = tuple(path for path in own_paths if path.endswith("/"))
        self.card, self.on_page = card, on_page
        self.entries = tuple(pages)
        index = (STREAMLIT_FILES / "index.html").read_text(encoding="utf-8")
        self.page = page_html(index)
        self.page_with_charts = page_html(index, chart_library())
        self.headers = {
            "content-security-policy": content_policy(self.page_with_charts),
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "permissions-policy": ", ".join(f"{feature}=()" for feature in NOT_ALLOWED),
            "x-frame-options": "SAMEORIGIN",
            "cross-origin-opener-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers itself or passes the request on; a refusal never reads the body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = MutableHeaders(scope=scope)
        if "accept-encoding" in headers:
            # Everything behind this looks for the word alone, as Streamlit's own middleware does.
            headers["accept-encoding"] = "gzip" if takes_gzip(headers["accept-encoding"]) else "identity"
        if self._is_own(scope["path"]):
            # Embeds, images, files and feeds refuse a word that they do not know; what newsletters and
            # social networks append is no word of the reader's.
            scope["query_string"] = undecorated(scope["query_string"])
        answer = await self.answer(scope) or self.app
        await answer(scope, receive, self.with_headers(send, is_framed=scope["path"].startswith(FRAMED)))

    def _is_own(self, path: str) -> bool:
        """Whether the app itself answers an address."""
        return path in self.own_paths or path.startswith((*self.own_folders, FRAMED))

    async def answer(self, scope: Scope) -> Response | None:
        """What the guard itself answers; None lets Streamlit answer."""
        path, method, host = scope["path"], scope["method"], Headers(scope=scope).get("host")
        if host and not HOST.fullmatch(host):
            return PlainTextResponse(say(text.NO_HOST), 400)
        is_own = self._is_own(path)
        if not is_own and any(path == refused or path.startswith(f"{refused}/") for refused in REFUSED):
            return PlainTextResponse(say(text.NOT_OPEN), 403)
        if is_own or path.startswith(SERVED):
            # Streamlit answers a missing file of its frontend with its start page and 200.
            if path.startswith("/static/") and not (STREAMLIT_FILES / path.removeprefix("/")).is_file():
                return PlainTextResponse(say(text.NO_FILE), 404)
            return await self.compressed_file(scope) if method in ("GET", "HEAD") else None
        if path.startswith("//"):
            return PlainTextResponse(say(text.UNREADABLE), 400)
        if path == "/favicon.png":
            return RedirectResponse("/app/static/icon.svg", 308)
        if address := leads_to(path, scope["query_string"].decode("latin-1")):
            return RedirectResponse(address, 308)
        page = page_at("" if path.strip("/") == "overview" else path, self.entries)
        if page is None:
            return HTMLResponse(missing_html(path), 404)
        if method not in ("GET", "HEAD"):
            return PlainTextResponse(say(text.PAGES_ARE_READ), 405, {"allow": "GET, HEAD"})
        if path != f"/{page.path}":
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"/{page.path}" + (f"?{query}" if query else ""), 308)
        self.on_page()
        raw = self.page_with_charts if page.has_charts else self.page
        page_text = with_head(raw, await run_in_threadpool(self.card, page, scope))
        return HTMLResponse(page_text, headers={"cache-control": "no-cache"})

    async def compressed_file(self, scope: Scope) -> Response | None:
        """A file of ours or of Streamlit's frontend as gzip, if the browser takes it; None lets Streamlit
        send it.
        """
        headers = Headers(scope=scope)
        file = static_file(scope["path"])
        if file is None or "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
            return None
        body = await run_in_threadpool(compressed, file, file.stat().st_mtime)
        lifetime = (
            "public, immutable, max-age=31536000"
            if scope["path"].startswith("/static/")
            else "public, max-age=3600"
        )
        kept = {"content-encoding": "gzip", "vary": "accept-encoding", "cache-control": lifetime}
        return Response(body, media_type=COMPRESSED[file.suffix], headers=kept)

    def with_headers(self, send: Send, is_framed: bool = False) -> Send:
        """Adds the headers to the start of an answer; what the answer sets itself stays.

        Does not say which server answers.

        is_framed: the answer may be framed if its own policy says so.
        """

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if headers.get("content-encoding") == "identity":
                    del headers[
                        "content-encoding"
                    ]  # it kept Streamlit's middleware from compressing once more, and is no coding of HTTP
                if (
                    is_framed
                    and "content-security-policy" in headers
                    and "frame-ancestors *" in headers["content-security-policy"]
                ):
                    del headers["x-frame-options"]
            await send(message)

        return sender
