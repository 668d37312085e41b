"""Any number of rows in bounded memory, for readers who are slow, who go, and who are many."""

import asyncio
import gc
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.testclient import TestClient
from starlette.types import Message

from pages.http import api, routes, table_response
from pages.http.concurrency_limits import Full, Slots, visitor
from pipelines import file_writers, journal, releases
from tests.paths import ROOT


class Pieces:
    """Rows on their way, and whether somebody still holds them."""

    def __init__(self) -> None:
        self.is_held = True

    def __call__(self) -> Iterator[bytes]:
        try:
            for _ in range(100):
                yield b"x" * 200_000
        finally:
            self.is_held = False


@pytest.mark.parametrize("kind", ["goes", "stops"])
def test_who_goes_or_stops_does_not_hold_the_rows(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_response, "STALLED", 0.05)
    rows, given_back = Pieces(), []
    answer = table_response.Download(rows(), {})
    answer.undone.callback(given_back.append, True)
    taken = 0

    async def send(message: Message) -> None:
        nonlocal taken
        taken += len(message.get("body", b""))
        assert len(message.get("body", b"")) <= 1 << 16, (
            "one who is slow is told from one who has stopped by small pieces"
        )
        if taken > 500_000:
            if kind == "goes":
                raise OSError("The reader has gone.")
            await asyncio.sleep(3600)

    async def receive() -> Message:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ClientDisconnect):
        asyncio.run(answer(scope, receive, send))
    assert not rows.is_held and given_back == [True]


def test_large_downloads_are_counted_and_never_keep_others_from_small_ones(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_response, "LARGE", 100)
    monkeypatch.setattr(table_response, "_large", places := Slots(1, 1))
    for ending in ("csv", "parquet", "csv", "xlsx", "json?limit=200", "csv"):
        assert client.get(f"/api/v1/ledger.{ending}").status_code == 200, "the place is given back each time"
    monkeypatch.setattr(file_writers, "write_parquet", lambda *_: 1 / 0)
    assert client.get("/api/v1/ledger.parquet").status_code == 500
    assert client.get("/api/v1/ledger.csv").status_code == 200, "and when the file cannot be made"
    places.take("somebody else")
    answer = client.get("/api/v1/ledger.csv")
    assert (
        answer.status_code == 503
        and answer.headers["retry-after"]
        and "choose less" in answer.json()["detail"]
    )
    assert (
        client.get("/api/v1/ledger.csv?limit=50").status_code
        == client.get("/api/v1/figures/ladder.xlsx").status_code
        == 200
    )


def test_one_visitor_has_at_most_half_of_the_large_downloads(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_response, "LARGE", 100)
    monkeypatch.setattr(
        table_response, "_large", places := Slots(table_response.LARGE_AT_ONCE, table_response.LARGE_EACH)
    )
    stalled = [places.take("testclient") for _ in range(table_response.LARGE_EACH)]
    answer = client.get("/api/v1/ledger.csv")
    assert (
        answer.status_code == 429
        and answer.headers["retry-after"]
        and "to your address" in answer.json()["detail"]
    )
    other = TestClient(client.app, client=("192.0.2.1", 1))
    assert other.get("/api/v1/ledger.csv").status_code == other.get("/api/v1/ledger.csv").status_code == 200
    stalled[0]()
    assert client.get("/api/v1/ledger.csv").status_code == 200


def test_places_are_given_back_once_and_never_all_to_one() -> None:
    places = Slots(3, 2)
    first, _second = places.take("a"), places.take("a")
    with pytest.raises(Full) as own:
        places.take("a")
    places.take("b")
    with pytest.raises(Full) as none_left:
        places.take("c")
    assert (own.value.is_own, none_left.value.is_own) == (True, False)
    first()
    first()
    places.take("c")
    with pytest.raises(Full):
        places.take("d")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("testclient", "testclient", True),
    ],
)
def test_a_network_of_one_house_is_one_visitor(one: str, other: str, is_same: bool) -> None:
    def who(host: str) -> str:
        return visitor(Request({"type": "http", "client": (host, 1), "headers": []}))

    assert (who(one) == who(other)) is is_same


class Reader:
    """What reads the files behind some rows."""


def test_rows_that_nobody_will_read_are_let_go_at_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = []
    real = api.release_row_stream.stream

    def watched(*arguments: Any, **words: Any) -> Any:
        rows, reader = real(*arguments, **words), Reader()
        readers.append(weakref.ref(reader))
        return rows._replace(batches=held(rows.batches, reader))

    def held(batches: Iterator[pa.RecordBatch], _reader: Reader) -> Iterator[pa.RecordBatch]:
        yield from batches

    monkeypatch.setattr(api.release_row_stream, "stream", watched)
    monkeypatch.setattr(table_response, "LARGE", 100)
    monkeypatch.setattr(table_response, "_large", places := Slots(1, 1))
    places.take("somebody else")
    gc.disable()
    try:
        assert client.get("/api/v1/ledger.csv").status_code == 503
        assert client.head("/api/v1/ledger.csv").status_code == 200
        assert [reader() for reader in readers] == [None, None]
    finally:
        gc.enable()


# --- a million rows

ROWS = 1_000_000


@pytest.fixture(scope="module")
def large(store: Path, release_id: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up release whose ledger is that of the kept edition a thousand times over, with other keys."""
    place = tmp_path_factory.mktemp("large") / "store"
    folder = place / "releases" / "2026-11-23-aaaaaaaaaa"
    shutil.copytree(releases.folder(release_id, store), folder, copy_function=os.link)
    ledger = folder / "parquet" / "ledger.parquet"
    with duckdb.connect(":memory:", config={"memory_limit": "500MB", "threads": 1}) as connection:
        connection.read_parquet(str(ledger)).create_view("ledger")
        rows = connection.sql(
            "select l.* replace (entry_id || '-' || i as entry_id) from range(2000) as t(i), ledger as l"
        ).limit(ROWS)
        rows.write_parquet(str(ledger.with_suffix(".new")), compression="zstd", row_group_size=122_880)
    ledger.with_suffix(".new").replace(ledger)
    journal.append(place, "publish", folder.name, "made up for a test", {})
    return place


def memory(pid: int) -> int:
    """What a process holds, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def seconds_of_work(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.clock
def test_a_million_rows_stream_from_a_real_server_in_bounded_memory(large: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    environment = {**os.environ, "TRACKER_STORE": str(large)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            address = f"http://localhost:{port}"
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"{address}/readyz", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.25)
            urllib.request.urlopen(f"{address}/api/v1/ledger.csv?limit=1", timeout=60).close()
            idle, most, done = memory(process.pid), [0], threading.Event()

            def watch() -> None:
                while not done.wait(0.05):
                    most[0] = max(most[0], memory(process.pid))

            watcher = threading.Thread(target=watch)
            watcher.start()
            worked, began, lines = seconds_of_work(process.pid), time.monotonic(), 0
            with urllib.request.urlopen(f"{address}/api/v1/ledger.csv", timeout=60) as answer:
                assert int(answer.headers["x-row-count"]) == ROWS
                while piece := answer.read(1 << 20):
                    lines += piece.count(b"\n")
            took, worked = time.monotonic() - began, seconds_of_work(process.pid) - worked
            done.set()
            watcher.join()
            print(
                f"{ROWS / took:,.0f} rows/s, {ROWS / worked:,.0f} rows per second of work, {most[0] - idle} MB above idle"
            )
            assert lines == ROWS + 1
            assert most[0] - idle < 200
            assert ROWS / worked > 100_000, (
                "counted in the server's own seconds, so that other work on the machine does not matter"
            )
        finally:
            process.terminate()


@pytest.mark.slow
def test_a_page_far_into_a_million_rows_is_still_a_page(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_STORE", str(large))
    body = TestClient(Starlette(routes=routes.ROUTES)).get("/api/v1/ledger.json?limit=2&offset=999999").json()
    assert (body["count"], body["returned"], body["next"]) == (ROWS, 1, None)
