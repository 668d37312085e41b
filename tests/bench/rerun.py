"""Processor time of one rerun of each page, what it sends, and what it asks, compiles and draws.

Three kinds of choices: *known*, to and fro between two choices of the page's first filter that were both
asked before; *new*, a walk through choices that this server was never asked for; *back*, the same walk
backwards, so that each choice was asked once, some time ago. Processor time is that of the server and of what
it started, user and system. It is taken twice: when `script_finished` arrives, and when the server has come
to rest, because Streamlit collects garbage after each run. The page is read by a client without a browser:
nobody draws.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.counting import read_counts
from tests.bench.server import ROOT, Server, built_store, tracker
from tests.bench.table import percentile, table
from tests.bench.visitor import Visitor
from tests.bench.walk import PAGES, TITLES, Change, Walk, to_and_fro, written

KINDS = ("known", "new", "back")
SERVERS = 8


@dataclass
class Sample:
    """One rerun.

    finished_ms, rest_ms: processor time until `script_finished` and until the server rests. answer_ms: time
    on the clock. kb: received on the socket. messages: how many, `kept` of them sent as the hash of an
    earlier one.
    """

    finished_ms: float
    rest_ms: float
    answer_ms: float
    kb: float
    messages: int
    kept: int
    charts: int
    questions: int = 0
    cached_calls: int = 0
    compilations: int = 0
    figures: int = 0


async def opened(server: Server, page: str) -> Visitor:
    """A visitor on a page. Raises RuntimeError if the page shows an error."""
    visitor = Visitor(server.address, page)
    answer = await visitor.open()
    if answer.errors:
        raise RuntimeError(f"/{page}: {answer.errors[0]}")
    return visitor


async def change(
    server: Server, visitor: Visitor, wanted: Change, counts: Path | None
) -> tuple[Sample, Change]:
    """Measure one change of a filter. Gives the change that undoes it, too.

    Raises RuntimeError if the page shows an error: a page that breaks is quick.
    """
    before = await server.settle()
    counted = read_counts(counts) if counts else {}
    shown = visitor.filters[wanted.label]
    undo = Change(wanted.label, shown.values)
    answer = await visitor.change(wanted.label, written(shown, wanted.values))
    finished = server.cpu_seconds()
    rest = await server.settle()
    if answer.errors:
        raise RuntimeError(f"/{visitor.page}?{visitor.query}: {answer.errors[0]}")
    more = {name: number - counted[name] for name, number in read_counts(counts).items()} if counts else {}
    sample = Sample(
        finished_ms=(finished - before) * 1000,
        rest_ms=(rest - before) * 1000,
        answer_ms=answer.seconds * 1000,
        kb=answer.bytes / 1000,
        messages=answer.messages,
        kept=answer.kept,
        charts=answer.charts,
        **more,
    )
    return sample, undo


async def walk_page(
    server: Server,
    page: str,
    wanted: Mapping[str, int],
    counts: Path | None,
    walk: Walk,
) -> dict[str, list[Sample]]:
    """Samples of one page on one server, at most as many of each kind as wanted.

    There are fewer new ones if the filters offer no more choices.
    """
    samples: dict[str, list[Sample]] = {kind: [] for kind in KINDS}
    await (await opened(server, page)).close()
    visitor = await opened(server, page)
    has_charts, undone = bool(visitor.charts), list[Change]()
    while len(samples["new"]) < wanted["new"] and (step := walk.step(visitor.filters, len(visitor.charts))):
        sample, undo = await change(server, visitor, step, counts)
        if sample.charts or not has_charts:
            samples["new"].append(sample)
            undone.append(undo)
        else:
            await change(server, visitor, undo, counts)
    for number, undo in enumerate(reversed(undone)):
        sample, _ = await change(server, visitor, undo, counts)
        if number < wanted["back"]:
            samples["back"].append(sample)
    pair = to_and_fro(visitor.filters, PAGES[page])
    for number in range(wanted["known"] + 4 if wanted["known"] else 0):
        sample, _ = await change(server, visitor, pair[number % 2], counts)
        if number >= 4:
            samples["known"].append(sample)
    await visitor.close()
    return samples


async def measure(
    store: Path, code: Path, times: int, pages: list[str], is_counted: bool
) -> dict[str, dict[str, Any]]:
    """Page → kind → samples, and the digest of the walk.

    Pages with few choices get another server, to which they are new again.
    """
    found = {page: {kind: list[Sample]() for kind in KINDS} for page in pages}
    digests: dict[str, str] = {}
    for _ in range(SERVERS):
        missing = [page for page in pages if any(len(found[page][kind]) < times for kind in KINDS)]
        if not missing:
            break
        with tempfile.TemporaryDirectory() as folder:
            counts = Path(folder) / "counts" if is_counted else None
            with tracker(store, code, counts, answers_ahead="off") as server:
                await server.settle(60)
                for page in missing:
                    walk = Walk(PAGES[page])
                    wanted = {kind: times - len(found[page][kind]) for kind in KINDS}
                    for kind, samples in (await walk_page(server, page, wanted, counts, walk)).items():
                        found[page][kind] += samples
                    digests.setdefault(page, walk.digest())
    return {page: {"walk": digests[page], **kinds} for page, kinds in found.items()}


def _middle(samples: list[Sample], name: str) -> float:
    return float(statistics.median(getattr(sample, name) for sample in samples))


def run(code: Path = ROOT, times: int = 20, pages: list[str] | None = None) -> tuple[str, dict[str, Any]]:
    """The table, and all samples for a file. times: reruns of each page and kind."""
    pages = list(PAGES) if pages is None else pages
    with built_store(code) as store:
        timed = asyncio.run(measure(store, code, times, pages, is_counted=False))
        counted = asyncio.run(measure(store, code, times, pages, is_counted=True))
    rows, results = [], {}
    for page in pages:
        results[TITLES[page]] = {
            "walk": timed[page]["walk"],
            "timed": {kind: [asdict(sample) for sample in timed[page][kind]] for kind in KINDS},
            "counted": {kind: [asdict(sample) for sample in counted[page][kind]] for kind in KINDS},
        }
        for kind in KINDS:
            samples, numbers = timed[page][kind], counted[page][kind]
            if not samples:
                continue
            row = [f"{TITLES[page]}, {kind}", str(len(samples))]
            row += [f"{_middle(samples, name):.0f}" for name in ("finished_ms", "rest_ms")]
            row += [f"{percentile([sample.rest_ms for sample in samples], 0.95):.0f}"]
            row += [
                f"{_middle(samples, name):.0f}" for name in ("answer_ms", "kb", "messages", "kept", "charts")
            ]
            row += [
                f"{_middle(numbers, name):.0f}"
                for name in ("questions", "cached_calls", "compilations", "figures")
            ]
            rows.append(row)
    heads = [
        "page, choice",
        "n",
        "cpu ms",
        "to rest",
        "p95",
        "answer ms",
        "kB",
        "messages",
        "by hash",
        "charts",
    ]
    heads += ["questions", "cached", "compiled", "figures"]
    walks = ", ".join(f"{title} {result['walk']}" for title, result in results.items())
    note = f"Medians. Walks (figures of two builds can be compared if these are equal): {walks}"
    return table("Rerun of a page after a change of one filter", heads, rows, note), results
