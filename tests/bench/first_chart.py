"""Time from the address to the first drawn chart in a real Chromium.

Beside it stands a Streamlit page with one Plotly chart and nothing else. Cold is a new context with an empty
cache; warm is the second visit in it. The pages take turns, each as often as the one beside them, so that all
bear alike what else the machine does. A chart is drawn when a visible one has a mark in it.
"""

import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, sync_playwright

from tests.bench.server import ROOT, built_store, plain_page, tracker
from tests.bench.table import table
from tests.bench.walk import TITLES
from tests.browser.chromium import installed
from tests.browser.conftest import QUIET

PAGES = ("", "euros", "sites", "countries", "projects", "timeline")
ONE_CHART = "one chart"
SECONDS = 180
QUIET_SECONDS = 0.5
WATCH = """
(() => {
  const marks = ['.trace path', '.trace text', '.choroplethlocation'].map(mark => `.main-svg ${mark}`).join()
  const isDrawn = () => [...document.querySelectorAll('.js-plotly-plot')].some(plot => {
    const box = plot.getBoundingClientRect()
    return box.width > 0 && box.height > 0 && plot.querySelector(marks)
  })
  const look = () => {
    if (isDrawn()) window.firstChart = performance.now()
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()
"""


@dataclass
class Visit:
    """One visit.

    ms: from the start of the navigation to the first drawn chart. kb: all that was sent until the network was
    quiet, files compressed as they came.
    """

    page: str
    is_warm: bool
    ms: float
    kb: float


class _Bytes:
    """What one page receives, as it was sent: files and messages of the WebSocket."""

    def __init__(self, session: CDPSession) -> None:
        self.total, self.last = 0.0, time.monotonic()
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event: self._add(event["encodedDataLength"]))
        session.on("Network.webSocketFrameReceived", lambda event: self._frame(event["response"]))

    def _frame(self, frame: dict[str, Any]) -> None:
        self._add(len(frame["payloadData"]) * (3 / 4 if frame["opcode"] == 2 else 1))

    def _add(self, number: float) -> None:
        self.total += number
        self.last = time.monotonic()


def visit(context: BrowserContext, address: str, name: str, is_warm: bool) -> Visit:
    """Open a page in a new tab and wait for its first chart.

    Raises RuntimeError if there is none after SECONDS.
    """
    page = context.new_page()
    received = _Bytes(context.new_cdp_session(page))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    end = time.monotonic() + SECONDS
    while not (milliseconds := page.evaluate("window.firstChart")):
        if time.monotonic() > end:
            raise RuntimeError(f"{address} drew no chart within {SECONDS} seconds.")
        page.wait_for_timeout(50)
    while time.monotonic() < min(received.last + QUIET_SECONDS, end):
        page.wait_for_timeout(50)
    page.close()
    return Visit(name, is_warm, float(milliseconds), received.total / 1000)


def run(code: Path = ROOT, times: int = 7) -> tuple[str, dict[str, Any]]:
    """The table, and all visits for a file. times: cold visits, and as many warm ones, of each page."""
    visits: list[Visit] = []
    with built_store(code) as store, tracker(store, code) as server, plain_page("one_chart.py") as plain:
        addresses = {ONE_CHART: plain.address, **{TITLES[page]: f"{server.address}/{page}" for page in PAGES}}
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=installed(), args=QUIET)
            for number in range(times + 1):
                for name, address in addresses.items():
                    context = chromium.new_context(viewport={"width": 1280, "height": 900})
                    both = [visit(context, address, name, is_warm) for is_warm in (False, True)]
                    context.close()
                    visits += both if number else []  # the first round only warms up the servers
            chromium.close()

    def middle(name: str, is_warm: bool, value: str) -> float:
        return float(
            statistics.median(
                getattr(one, value) for one in visits if (one.page, one.is_warm) == (name, is_warm)
            )
        )

    def spread(name: str, is_warm: bool) -> str:
        found = [one.ms for one in visits if (one.page, one.is_warm) == (name, is_warm)]
        return f"{min(found):.0f}–{max(found):.0f}"

    rows = []
    for name in addresses:
        row = [name]
        for is_warm in (False, True):
            milliseconds = middle(name, is_warm, "ms")
            row += [
                f"{milliseconds:.0f}",
                spread(name, is_warm),
                f"{milliseconds / middle(ONE_CHART, is_warm, 'ms'):.2f} ×",
            ]
            row += [f"{middle(name, is_warm, 'kb'):.0f}"]
        rows.append(row)
    heads = [
        "page",
        "cold ms",
        "least–most",
        "to one chart",
        "kB",
        "warm ms",
        "least–most",
        "to one chart",
        "kB",
    ]
    note = f"Medians of {times} visits each."
    return table("First chart in Chromium", heads, rows, note), {"visits": [asdict(one) for one in visits]}
