"""Health, metrics and the log of requests: what a machine that watches the service is told, and what not."""

import io
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages.http import health, metrics, request_statistics, routes
from pages.http.request_statistics import RequestLog
from pages.http.security_middleware import SecurityMiddleware
from pages.parts.page_registry import PAGES
from pipelines import files, journal, logs, openmetrics, releases
from tests.conftest import Small, overwrite
from tests.pages.http import openmetrics_reader
from tests.pipelines.publishing.office import AWARD, Office, template

HERE = ("127.0.0.1", 50_000)


def fails(_request: Request) -> PlainTextResponse:
    raise RuntimeError("Cookie: a=s3cr3t\nforged line of the log")


def client(address: tuple[str, int] = HERE, host: str = "localhost") -> TestClient:
    """Somebody who asks the server without Streamlit."""
    every = [*routes.ROUTES, Route("/fails", fails)]
    own = (*routes.PATHS, "/fails")
    app = Starlette(
        routes=every,
        middleware=[
            Middleware(RequestLog, routes=every, pages=PAGES),
            Middleware(SecurityMiddleware, own_paths=own),
        ],
    )
    return TestClient(app, f"http://{host}", raise_server_exceptions=False, client=address)


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "small" in request.fixturenames:
        monkeypatch.setenv("TRACKER_STORE", str(request.getfixturevalue("small").store))
    for name in ("METRICS", "LEAST_FREE_MB", "LOG_FORMAT", "LOG_REQUESTS"):
        monkeypatch.delenv(f"TRACKER_{name}", raising=False)
    health._verified.clear()


# --- health


def test_a_process_is_alive_whatever_it_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "none"))
    for path in ("/livez", "/healthz"):
        answer = client().get(path)
        assert (answer.status_code, answer.text) == (200, "ok\n")


def test_ready_names_the_release_that_is_open(small: Small) -> None:
    answer = client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, f"{releases.current(small.store)}\n")
    assert answer.headers["cache-control"] == "no-store"


def test_not_ready_without_a_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "none"))
    answer = client().get("/readyz")
    assert answer.status_code == 503 and "no release yet" in answer.text
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["manifest.json", "tracker.duckdb", "parquet/ledger.parquet"])
@pytest.mark.parametrize("damage", ["changed", "missing", "cut off"])
def test_not_ready_when_the_release_is_not_what_was_published(small: Small, name: str, damage: str) -> None:
    path = releases.folder(releases.require_current(small.store), small.store) / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        overwrite(path, content[: len(content) // 2] + (b"" if damage == "cut off" else b"x" * 64))
    answer = client().get("/readyz")
    assert answer.status_code == 503, answer.text
    assert str(releases.current(small.store)) in answer.text
    assert str(small.store) not in answer.text, "a stranger learns no folder of the server"


def test_a_release_that_is_damaged_while_it_is_shown_is_noticed(small: Small) -> None:
    asker = client()
    assert asker.get("/readyz").status_code == 200
    path = releases.folder(releases.require_current(small.store), small.store) / "tracker.duckdb"
    overwrite(path, path.read_bytes()[:-1])
    assert asker.get("/readyz").status_code == 503


def test_not_ready_when_the_disk_is_nearly_full(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "free_bytes", lambda folder: 100 * 2**20)
    monkeypatch.setenv("TRACKER_LEAST_FREE_MB", "101")
    answer = client().get("/readyz")
    assert answer.status_code == 503
    assert answer.text == "The disk of the store has 100 MB free; at least 101 MB must be free.\n"
    monkeypatch.setenv("TRACKER_LEAST_FREE_MB", "100")
    assert client().get("/readyz").status_code == 200


# --- metrics


def numbers(asker: TestClient) -> dict[str, openmetrics_reader.Family]:
    answer = asker.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == openmetrics.CONTENT_TYPE
    return openmetrics_reader.read(answer.text)


def value(families: dict[str, openmetrics_reader.Family], name: str, **labels: str) -> float:
    return families[name].values.get(tuple(labels.items()), 0)


@pytest.mark.slow
def test_metrics_follow_what_happens(small: Small) -> None:
    asker = client()
    before = numbers(asker)
    asker.get("/healthz")
    asker.get("/api/v1/ledger.json?limit=1")
    asker.get("/api/v1/ledger.json?nonsense=1")
    asker.get("/no/such/page-of-ours")
    request_statistics.RERUNS.add("/euros")
    office = Office(small.store, small.data)
    request = office.ask(template(AWARD))
    after = numbers(asker)
    assert value(after, "tracker_requests", route="/healthz", status="200") == 1 + value(
        before, "tracker_requests", route="/healthz", status="200"
    )
    assert value(after, "tracker_requests", route="other", status="404") > value(
        before, "tracker_requests", route="other", status="404"
    )
    assert value(after, "tracker_reruns", page="/euros") == 1 + value(before, "tracker_reruns", page="/euros")
    assert (value(before, "tracker_uploads_waiting"), value(after, "tracker_uploads_waiting")) == (0, 1)
    assert (value(before, "tracker_builds"), value(before, "tracker_releases")) == (1, 1)
    office.publish(request)
    published = numbers(asker)
    assert (value(published, "tracker_builds"), value(published, "tracker_releases")) == (2, 2)
    assert value(published, "tracker_uploads_waiting") == 0
    assert value(published, "tracker_journal_events", action="publish") == 2
    assert value(published, "tracker_current_release", release=str(releases.current(small.store))) == 1


@pytest.mark.usefixtures("small")
def test_metrics_say_what_is_held_and_what_waits() -> None:
    families = numbers(client())
    assert value(families, "process_resident_memory_bytes") > 50 * 2**20
    assert value(families, "tracker_store_free_bytes") > 0
    caches = {dict(labels)["cache"] for labels in families["tracker_cache_bytes"].values}
    assert caches == {*metrics.caches(), "images", "bundles"}
    queues = {dict(labels)["queue"] for labels in families["tracker_queue_length"].values}
    assert queues == {"images", "sql", "sql_answers"}
    for family in families.values():
        assert family.meaning.endswith(".")


def test_what_is_answered_from_memory_is_counted() -> None:
    cache = next(iter(metrics.caches().values()))
    before = cache.asked, cache.made
    frame = pd.DataFrame({"a": [1]})
    for _ in range(3):
        cache.get(("test_what_is_answered", os.getpid()), lambda: frame)
    assert (cache.asked - before[0], cache.made - before[1]) == (3, 1)


def test_a_stranger_makes_no_new_series_and_leaves_no_trace(small: Small) -> None:
    asker = client()
    numbers(asker)
    many = len(numbers(asker)["tracker_requests"].values)
    for number in range(50):
        asker.get(f"/secret-{number}?token=s3cr3t", headers={"cookie": "a=s3cr3t", "user-agent": "Agent/77"})
        asker.request(f"M{number}", "/healthz")
    text = asker.get("/metrics").text
    assert len(openmetrics_reader.read(text)["tracker_requests"].values) <= many + 2
    for private in ("s3cr3t", "secret-1", "Agent/77", "127.0.0.1", str(small.store)):
        assert private not in text


def test_metrics_without_a_store_or_with_a_damaged_journal_are_answered(
    small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (small.store / "journal.sqlite").write_bytes(b"no database" * 1000)
    for left in small.store.glob("journal.sqlite-*"):
        left.unlink()
    assert value(numbers(client()), "tracker_journal_readable") == 0
    monkeypatch.setenv("TRACKER_STORE", str(tmp_path / "none"))
    families = numbers(client())
    assert (value(families, "tracker_journal_readable"), value(families, "tracker_releases")) == (1, 0)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("setting", "address", "host", "headers", "status"),
    [
        ("here", "127.0.0.1", "localhost", {}, 200),
        ("here", "203.0.113.7", "localhost", {}, 403),
        ("here", "127.0.0.1", "tracker.example.org", {}, 403),
        ("here", "127.0.0.1", "localhost", {"x-forwarded-for": "203.0.113.7"}, 403),
        ("here", "127.0.0.1", "localhost", {"forwarded": "for=203.0.113.7"}, 403),
        ("everyone", "203.0.113.7", "tracker.example.org", {"x-forwarded-for": "203.0.113.9"}, 200),
        ("off", "127.0.0.1", "localhost", {}, 403),
    ],
    ids=str,
)
def test_metrics_are_for_this_machine_unless_a_setting_allows_more(
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    address: str,
    host: str,
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setenv("TRACKER_METRICS", setting)
    answer = client((address, 1), host).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert status == 200 or "tracker_" not in answer.text


@pytest.mark.clock
def test_metrics_cost_less_than_five_milliseconds(small: Small) -> None:
    """Processor time, while nothing in the store changes."""
    for number in range(50):
        journal.append(small.store, "upload", None, "x", {"sha256": f"{number}", "file_name": "x"})
    openmetrics.text(metrics.families())
    took = []
    for _ in range(50):
        began = time.process_time()
        openmetrics.text(metrics.families())
        took.append(time.process_time() - began)
    assert sorted(took)[len(took) // 2] < 0.005


@pytest.mark.parametrize(
    "text",
    [
        "a 1\n# EOF\n",
        "# TYPE a counter\na 1\n# EOF\n",
        "# TYPE a gauge\na 1\na 2\n# EOF\n",
        "# TYPE a gauge\na 1\n",
        '# TYPE a gauge\na{b="x"y"} 1\n# EOF\n',
        "# TYPE a gauge\n# UNIT a bytes\na 1\n# EOF\n",
        "# TYPE a gauge\na 1\n# TYPE a gauge\n# EOF\n",
        "# TYPE a counter\na_total -1\n# EOF\n",
    ],
    ids=range(8),
)
def test_the_reader_of_these_tests_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        openmetrics_reader.read(text)


def test_labels_are_escaped() -> None:
    hostile = 'a"b\\c\nd} 1'
    family = openmetrics.Family("a", "gauge", "Any.\nthing", [openmetrics.Sample(1.5, {"b": hostile})])
    (labels,) = openmetrics_reader.read(openmetrics.text([family]))["a"].values
    assert labels == (("b", 'a\\"b\\\\c\\nd} 1'),)


# --- the log of requests


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged, as JSON, with a line for each request."""
    err = io.StringIO()
    own, requests = logging.getLogger("tracker"), logging.getLogger(logs.REQUESTS)
    before = (own.handlers, own.propagate, own.level, requests.level, logging.root.handlers[:])
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TRACKER_LOG_FORMAT", "json")
    monkeypatch.setenv("TRACKER_LOG_REQUESTS", "on")
    logs.set_up()
    yield err
    own.handlers, own.propagate, own.level, requests.level, logging.root.handlers = before


@pytest.mark.usefixtures("small")
def test_hostile_requests_are_logged_as_one_line_each_without_what_is_private(log: io.StringIO) -> None:
    asker = client(("203.0.113.77", 5123), "tracker.example.org")
    private = {
        "cookie": "_streamlit_user=s3cr3t",
        "authorization": "Bearer s3cr3t",
        "x-forwarded-for": "198.51.100.9",
    }
    paths = [
        "/healthz?key=s3cr3t&code=s3cr3t",
        "/euros%0a%7B%22level%22%3A%22CRITICAL%22%7D",
        "/%1b%5b31mred",
        "/%E2%80%AEgnp",
        "/sign-in/key=s3cr3t",
        "/token=s3cr3t",
        "/ann@example.org",
        "/" + "x" * 5000,
        "/api/v1/sql?query=select%20%27s3cr3t%27",
    ]
    for path in paths:
        asker.get(path, headers=private)
    asker.request("BREW", "/healthz", headers=private)
    lines = log.getvalue().splitlines()
    assert len(lines) == len(paths) + 1
    for line in lines:
        assert line.isascii() and line.isprintable()
        read = json.loads(line)
        assert read["message"] == "request" and read["level"] == "INFO"
        assert read["network"] in ("203.0.113.0/24", "203.0.113.x/24")
        assert len(read["path"]) <= 250
    for word in ("s3cr3t", "203.0.113.77", "198.51.100", "ann@", "query="):
        assert word not in log.getvalue()


@pytest.mark.usefixtures("small")
def test_a_mistake_of_ours_is_counted_and_its_words_are_cleaned(log: io.StringIO) -> None:
    asker = client()
    before = value(numbers(asker), "tracker_log_records", logger="tracker.test", level="error")
    assert asker.get("/fails").status_code == 500
    try:
        raise RuntimeError('Cookie: a=s3cr3t\n{"level": "forged"}')
    except RuntimeError as error:
        logging.getLogger("tracker.test").error("Reference 1A2B3C", exc_info=error)
    families = numbers(asker)
    assert value(families, "tracker_requests", route="/fails", status="500") >= 1
    assert value(families, "tracker_log_records", logger="tracker.test", level="error") == before + 1
    assert "s3cr3t" not in log.getvalue()
    levels = [json.loads(line)["level"] for line in log.getvalue().splitlines()]
    assert levels.count("ERROR") == 1 and "forged" not in levels


def test_networks_are_told_and_addresses_are_not() -> None:
    for host, told in {
        "203.0.113.77": "203.0.113.0/24",
        "::ffff:203.0.113.77": "203.0.113.0/24",
        "2001:db8:1:2:3:4:5:6": "2001:db8:1::/48",
        "testclient": "",
    }.items():
        assert request_statistics.network({"type": "http", "client": (host, 1)}) == told
