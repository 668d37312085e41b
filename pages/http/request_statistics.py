"""Counts every request by route and status, and logs it if a setting says so: what, how it ended, how long it
took, and from which network, never from which address and never with its query.
"""

import logging
import time
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address
from threading import Lock

from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts.page_registry import Entry, page_at
from pages.parts.text import server_metrics as text
from pages.parts.text.translation import say
from pipelines import logs
from pipelines.openmetrics import Counter, Family, gauge

REQUESTS = Counter("tracker_requests", say(text.REQUESTS), "route", "status")
RERUNS = Counter("tracker_reruns", say(text.RERUNS), "page")
FOLDERS = ("/static/", "/app/static/", "/media/", "/component/", "/_stcore/")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")

logger = logging.getLogger(logs.REQUESTS)


class Connected:
    """How many pages are connected by a websocket."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = Lock()

    def add(self, number: int) -> None:
        """One more, or one less."""
        with self._lock:
            self._number += number

    def family(self) -> Family:
        """The number as it is now."""
        return gauge("tracker_connected_pages", say(text.CONNECTED_PAGES), self._number)


CONNECTED = Connected()


class RequestLog:
    """Outermost middleware: counts and logs what the others answer."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route] = (), pages: Sequence[Entry] = ()) -> None:
        self.app, self._routes, self._pages = app, tuple(routes), tuple(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            CONNECTED.add(1)
            try:
                await self.app(scope, receive, send)
            finally:
                CONNECTED.add(-1)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), 500
        path, method = scope["path"], scope["method"]

        async def sender(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, sender)
        finally:
            route = self.route(scope)
            REQUESTS.add(route, str(status))
            if logger.isEnabledFor(logging.INFO):
                fields = {
                    "method": method if method in METHODS else "other",
                    "route": route,
                    "path": path[:200],
                    "status": status,
                    "milliseconds": round(1000 * (time.monotonic() - began), 1),
                    "network": network(scope),
                }
                logger.info("request", extra={logs.FIELDS: fields})

    def route(self, scope: Scope) -> str:
        """The route of a request, one of a fixed number: what a stranger writes never becomes one."""
        path = scope["path"]
        for route in self._routes:
            if route.matches(scope)[0] is not Match.NONE:
                return route.path
        if folder := next((folder for folder in FOLDERS if path.startswith(folder)), None):
            return folder
        page = page_at("" if path.strip("/") == "overview" else path, self._pages)
        return f"/{page.path}" if page else "other"


def network(scope: Scope) -> str:
    """The network that a request comes from: three quarters of an IPv4 address, 48 bits of an IPv6 one."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return f"{IPv6Address(int(address) >> 80 << 80)}/48"
        address = address.ipv4_mapped
    return f"{str(address).rpartition('.')[0]}.0/24"
