"""Answer times of many readers at once, each of whom changes a filter every few seconds.

Beside them the same load reads an empty Streamlit page. A reader waits for the answer, and then for the next
beat of its own; beats of the readers are spread evenly. A server that is too slow therefore gets fewer
changes than were planned: both numbers are given. Answer time is from the message to `script_finished`; a
change without an answer counts with the longest wait. The readers are one process without a browser, whose
own processor time is given too, since it has to share the machine with the server.
"""

import asyncio
import contextlib
import resource
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.machine import watched
from tests.bench.server import ROOT, Server, built_store, plain_page, tracker
from tests.bench.table import percentile, table
from tests.bench.visitor import SECONDS, Visitor
from tests.bench.walk import PAGES, TITLES, Walk, written

EMPTY = "empty page"
OPENING_AT_ONCE = 4


@dataclass
class Reading:
    """Result of one load.

    seconds: answer times. *_cpu: processors in use on average. memory_*: bytes before the readers came, with
    all their pages open, and afterwards.
    """

    page: str
    readers: int
    planned: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    opening_seconds: float = 0.0
    server_cpu: float = 0.0
    readers_cpu: float = 0.0
    other_cpu: float = 0.0
    memory_before: int = 0
    memory_open: int = 0
    memory_after: int = 0


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _read(
    visitor: Visitor, walk: Walk, first: float, end: float, every: float, reading: Reading
) -> None:
    """One reader: a change at each beat, until the end."""
    beat = first
    while beat < end:
        await asyncio.sleep(max(0.0, beat - time.monotonic()))
        step = walk.step(visitor.filters, len(visitor.charts))
        if step is None:
            walk.asked.clear()
            continue
        try:
            answer = await visitor.change(step.label, written(visitor.filters[step.label], step.values))
        except TimeoutError:
            reading.errors.append(f"No answer within {SECONDS:.0f} seconds.")
            reading.seconds.append(SECONDS)
        else:
            reading.seconds.append(answer.seconds)
            reading.errors += answer.errors
        while beat < time.monotonic():
            beat += every


async def _load(
    server: Server, page: str, labels: tuple[str, ...], reading: Reading, seconds: float, every: float
) -> None:
    """Open a page for every reader, let them read, close."""
    await server.settle(60)
    first = Visitor(server.address, page)
    await first.open()
    await first.close()
    await asyncio.sleep(1)  # then it begins to answer ahead what the others are likely to choose
    await server.settle(180)
    reading.memory_before = server.memory_bytes()
    visitors = [Visitor(server.address, page, follows=True) for _ in range(reading.readers)]
    turn, start = asyncio.Semaphore(OPENING_AT_ONCE), time.monotonic()

    async def opened(visitor: Visitor) -> None:
        async with turn:
            reading.errors.extend((await visitor.open()).errors)

    await asyncio.gather(*map(opened, visitors))
    reading.opening_seconds = time.monotonic() - start
    await server.settle(5)
    reading.memory_open = server.memory_bytes()
    begin, end = time.monotonic() + 0.5, time.monotonic() + 0.5 + seconds
    walks = [Walk(labels, seed=number + 1) for number in range(reading.readers)]
    reading.planned = round(reading.readers * seconds / every)
    cpu, own = server.cpu_seconds(), _own_cpu()
    reads = [
        asyncio.create_task(
            _read(visitor, walk, begin + every * number / reading.readers, end, every, reading)
        )
        for number, (visitor, walk) in enumerate(zip(visitors, walks, strict=True))
    ]
    with watched() as load:
        await asyncio.sleep(end - time.monotonic())
        server_cpu, readers_cpu = server.cpu_seconds() - cpu, _own_cpu() - own
    reading.server_cpu, reading.readers_cpu = server_cpu / load.seconds, readers_cpu / load.seconds
    reading.other_cpu = load.busy_processors - reading.server_cpu - reading.readers_cpu
    await asyncio.gather(*reads)
    reading.memory_after = server.memory_bytes()
    for visitor in visitors:
        with contextlib.suppress(Exception):
            await visitor.close()


def run(
    code: Path = ROOT,
    page: str = "euros",
    readers: tuple[int, ...] = (20,),
    seconds: float = 60,
    every: float = 5,
) -> tuple[str, dict[str, Any]]:
    """The table, and all answer times for a file.

    readers: how many, one load each. every: seconds between two changes of one reader.
    """
    readings = []
    with built_store(code) as store:
        for number in readers:
            places: list[tuple[str, tuple[str, ...], Callable[[], AbstractContextManager[Server]]]] = [
                (page, PAGES[page], lambda: tracker(store, code)),
                (EMPTY, ("Filter",), lambda: plain_page("empty_page.py")),
            ]
            for name, labels, serving in places:
                reading = Reading(EMPTY if name == EMPTY else TITLES[name], number)
                with serving() as server:
                    asyncio.run(_load(server, "" if name == EMPTY else name, labels, reading, seconds, every))
                readings.append(reading)
    rows = []
    for reading in readings:
        times = reading.seconds or [float("nan")]
        per_session = (reading.memory_open - reading.memory_before) / reading.readers / 1e6
        rows.append(
            [
                f"{reading.page}, {reading.readers} readers",
                *(f"{value:.2f}" for value in (percentile(times, 0.5), percentile(times, 0.95), max(times))),
                f"{len(reading.seconds)} of {reading.planned}",
                str(len(reading.errors)),
                *(f"{value:.2f}" for value in (reading.server_cpu, reading.readers_cpu, reading.other_cpu)),
                *(
                    f"{value / 1e6:.0f}"
                    for value in (reading.memory_before, reading.memory_open, reading.memory_after)
                ),
                f"{per_session:.1f}",
            ]
        )
    heads = [
        "page",
        "median s",
        "p95 s",
        "max s",
        "changes",
        "errors",
        "server cpu",
        "readers cpu",
        "others cpu",
    ]
    heads += ["MB before", "MB open", "MB after", "MB a session"]
    note = f"A change every {every:g} s for {seconds:g} s. cpu: processors in use; others: all other work."
    return table("Readers at once", heads, rows, note), {
        "readings": [asdict(reading) for reading in readings]
    }
