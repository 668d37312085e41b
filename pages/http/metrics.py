"""/metrics: what this process did and holds, and what lies in the store, as OpenMetrics text.

No visitor data. Answered on this machine only, unless TRACKER_METRICS says otherwise.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.http import link_preview, release_zip, request_statistics, sql
from pages.http.staff_auth import ThisMachineOnly
from pages.parts import finished_figure
from pages.parts.images.renderer import PLACES, image_renderer
from pages.parts.text import http
from pages.parts.text import server_metrics as text
from pages.parts.text.translation import say
from pipelines import files, journal, logs, openmetrics, releases, settings
from pipelines.errors import TrackerError
from pipelines.openmetrics import Family, Sample, gauge
from pipelines.publishing import publication_requests
from pipelines.queries import release_answers
from pipelines.size_limited_cache import ByteCache

PATH = "/metrics"
OPEN_STATES = ("waiting", "stale")  # of a request for publication that nobody decided yet
_STARTED = time.time()


def caches() -> dict[str, ByteCache[Any]]:
    """Every cache with its name."""
    return {
        "answers": release_answers.ANSWERS,
        "question_texts": release_answers.TEMPLATES,
        "counted_entries": release_answers.COUNTED,
        "drawings": finished_figure.EXHIBITS,
        "figures": finished_figure.FIGURES_MADE,
        "words": finished_figure.WORDS,
        "link_previews": link_preview.CARDS,
    }


class Stored(NamedTuple):
    """What a store held while its files were in one state."""

    state: tuple[object, ...]
    events: dict[str, int]
    waiting: int
    built: int
    releases: int
    current: str | None
    is_readable: bool


_last: dict[Path, Stored] = {}
_lock = Lock()


def stored(store: Path) -> Stored:
    """What a store holds; read anew when its journal or its list of releases changed."""
    state = tuple(
        (status.st_mtime_ns, status.st_size, status.st_ino) if (status := _status(store / name)) else None
        for name in ("journal.sqlite", "journal.sqlite-wal", "current.json", "releases")
    )
    with _lock:
        if (last := _last.get(store)) and last.state == state:
            return last
        there, current = len(releases.available(store)), releases.current(store)
        try:
            events = journal.journal_of(store).counts()
            asked = publication_requests.requests(store)
            waiting = sum(request.state in OPEN_STATES for request in asked)
            built = sum(
                "inputs" in json.loads(entry.details) for entry in journal.read(store) if entry.release_id
            )
            found = Stored(state, events, waiting, built, there, current, True)
        except (TrackerError, OSError, ValueError, KeyError):
            found = Stored(state, {}, 0, 0, there, current, False)
        _last[store] = found
        return found


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def families() -> Iterator[Family]:
    """Everything that is measured."""
    yield request_statistics.REQUESTS.family()
    yield request_statistics.RERUNS.family()
    yield request_statistics.CONNECTED.family()
    yield from _questions()
    yield from _queues()
    yield from _caches()
    yield from _store()
    records = [
        Sample(number, {"logger": name, "level": level})
        for (name, level), number in sorted(logs.HANDLER.counts().items())
        if level in ("warning", "error", "critical")
    ]
    yield Family("tracker_log_records", "counter", say(text.LOG_RECORDS), records)
    yield from _process()


def _questions() -> Iterator[Family]:
    asked, remembered = [], []
    for name, cache in caches().items():
        asked.append(Sample(cache.asked, {"cache": name}))
        remembered.append(Sample(cache.asked - cache.made, {"cache": name}))
    yield Family("tracker_questions", "counter", say(text.QUESTIONS), asked)
    yield Family("tracker_questions_from_memory", "counter", say(text.QUESTIONS_FROM_MEMORY), remembered)


def _queues() -> Iterator[Family]:
    waiting = [
        Sample(image_renderer.waiting, {"queue": "images"}),
        Sample(sql.asked.taken, {"queue": "sql"}),
        Sample(sql.held.taken, {"queue": "sql_answers"}),
    ]
    most = [
        Sample(PLACES, {"queue": "images"}),
        Sample(sql.asked.most, {"queue": "sql"}),
        Sample(sql.held.most, {"queue": "sql_answers"}),
    ]
    yield Family("tracker_queue_length", "gauge", say(text.QUEUE_LENGTH), waiting)
    yield Family("tracker_queue_limit", "gauge", say(text.QUEUE_LIMIT), most)


def _caches() -> Iterator[Family]:
    used = [Sample(cache.bytes, {"cache": name}) for name, cache in caches().items()]
    limits = [Sample(cache.limit, {"cache": name}) for name, cache in caches().items()]
    used += [
        Sample(image_renderer.kept_bytes, {"cache": "images"}),
        Sample(release_zip.kept_bytes(), {"cache": "bundles"}),
    ]
    yield Family("tracker_cache_bytes", "gauge", say(text.CACHE_BYTES), used, "bytes")
    yield Family("tracker_cache_limit_bytes", "gauge", say(text.CACHE_LIMIT_BYTES), limits, "bytes")


def _store() -> Iterator[Family]:
    store = releases.store_path()
    found = stored(store)
    events = [Sample(number, {"action": action}) for action, number in sorted(found.events.items())]
    yield Family("tracker_journal_events", "counter", say(text.JOURNAL_EVENTS), events)
    yield Family("tracker_builds", "counter", say(text.BUILDS), [Sample(found.built)])
    yield gauge("tracker_uploads_waiting", say(text.UPLOADS_WAITING), found.waiting)
    yield gauge("tracker_releases", say(text.RELEASES), found.releases)
    yield gauge("tracker_journal_readable", say(text.JOURNAL_READABLE), int(found.is_readable))
    current = [Sample(1, {"release": found.current})] if found.current else []
    yield Family("tracker_current_release", "info", say(text.CURRENT_RELEASE), current)
    yield gauge("tracker_store_free_bytes", say(text.STORE_FREE_BYTES), files.free_bytes(store), "bytes")


def _process() -> Iterator[Family]:
    yield gauge("process_resident_memory_bytes", say(text.PROCESS_RESIDENT_MEMORY_BYTES), memory(), "bytes")
    used = sum(os.times()[:2])
    yield Family("process_cpu_seconds", "counter", say(text.PROCESS_CPU_SECONDS), [Sample(used)], "seconds")
    yield gauge("process_start_time_seconds", say(text.PROCESS_START_TIME_SECONDS), _STARTED, "seconds")


def memory() -> int:
    """Bytes of memory that this process has now; on systems that do not tell, the most that it had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * os.sysconf("SC_PAGE_SIZE")


def metrics(request: Request) -> Response:
    """The numbers, or 403 for somebody who may not see them."""
    allowed = settings.read(settings.OperationSettings).metrics
    if allowed == "off" or (allowed == "here" and not ThisMachineOnly.is_here(request.scope)):
        return PlainTextResponse(say(http.NOT_OPEN), 403)
    headers = {"content-type": openmetrics.CONTENT_TYPE, "cache-control": "no-store"}
    return Response(openmetrics.text(families()), headers=headers)


ROUTES = [Route(PATH, metrics)]
