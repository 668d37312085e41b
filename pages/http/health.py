"""Answers for machines: is the process up, and can it serve readers."""

import time
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines import files, releases, settings, verify
from pipelines.errors import explain

KEPT_SECONDS = 300  # that a verification holds while the files are as they were

_Files = tuple[tuple[int, int, int], ...]
_verified: dict[tuple[Path, str], tuple[_Files, float, list[str]]] = {}
_lock = Lock()


def alive(_request: Request) -> PlainTextResponse:
    """200 as long as the process answers."""
    return PlainTextResponse("ok\n")


def ready(_request: Request) -> PlainTextResponse:
    """200 and the release id when a verified release is open and the disk has room; else 503 and why."""
    release, reasons = state()
    if reasons:
        return PlainTextResponse("\n".join(reasons) + "\n", 503, {"cache-control": "no-store"})
    return PlainTextResponse(f"{release}\n", headers={"cache-control": "no-store"})


def state() -> tuple[str | None, list[str]]:
    """The current release, and why readers cannot be served, in sentences; none if they can."""
    store = releases.store_path()
    release = releases.current(store)
    reasons = [say(text.NO_RELEASE).strip()] if release is None else _not_open(release, store)
    free = files.free_bytes(store) // 2**20
    least = settings.read(settings.OperationSettings).least_free_mb
    if free < least:
        reasons = [*reasons, say(text.DISK_NEARLY_FULL, free=free, least=least)]
    return release, reasons


def _not_open(release: str, store: Path) -> list[str]:
    """Why a release cannot be shown. It is verified once, and anew when its files change or after a while."""
    with _lock:
        try:
            folder = releases.folder(release, store)
            states = tuple(
                (status.st_mtime_ns, status.st_size, status.st_ino)
                for name in ("manifest.json", "tracker.duckdb")
                if (status := (folder / name).stat())
            )
            known = _verified.get((store, release))
            if known and known[0] == states and time.monotonic() - known[1] < KEPT_SECONDS:
                return known[2]
            found = list(verify.release_problems(release, store, by_fingerprint=True))
            if not found:
                releases.read(release, "select 1", store)
            reasons = [say(text.NOT_VERIFIED, release=release, problem=found[0])] if found else []
            _verified.clear()
            _verified[store, release] = states, time.monotonic(), reasons
        except Exception as error:
            explanation = explain(error)
            if explanation is None:
                raise
            # Only the kind: a message may name a folder of the server.
            return [say(text.NOT_OPENED, release=release, problem=type(error).__name__)]
    return reasons


ROUTES = [Route("/healthz", alive), Route("/livez", alive), Route("/readyz", ready)]
PATHS = tuple(route.path for route in ROUTES)
