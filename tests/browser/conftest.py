"""A real server on the release of the kept edition and a real Chromium, once for all journeys."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import installed
from tests.paths import ROOT

QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def serving(store: Path, **settings: str) -> Iterator[str]:
    """Address of a running dashboard, started as the README says. settings: more variables of its
    environment.
    """
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
    environment = {**os.environ, "TRACKER_STORE": str(store), "TRACKER_ANSWERS_AHEAD": "off", **settings}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://localhost:{port}"
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.25)
        else:
            process.kill()
            pytest.fail("The server did not become ready within 30 seconds.")
        yield address
        process.terminate()


@pytest.fixture(scope="package")
def server(store: Path, release_id: str) -> Iterator[str]:
    """A dashboard on the release of the kept edition."""
    with serving(store) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed(), args=QUIET)
        yield chromium
        chromium.close()


class Visitor:
    """One visitor with a browser of their own; remembers every host that was asked and every error in the
    console.
    """

    def __init__(self, browser: Browser, server: str, **context: object) -> None:
        self.server = server
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 1600}, **context})  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.page.on(
            "request",
            lambda request: self.hosts.add(request.url.split("/")[2] if "://" in request.url else "data"),
        )
        self.page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )

    def open(self, path: str = "") -> Page:
        """Open a page and wait until it is whole."""
        self.page.goto(path if path.startswith("http") else f"{self.server}/{path}")
        return self.whole()

    def whole(self) -> Page:
        self.page.wait_for_selector(".t-foot", timeout=60_000)
        self.until("!document.querySelector('[data-testid=stStatusWidget]')")
        self.page.wait_for_timeout(600)
        return self.page

    def until(self, condition: str, seconds: float = 30) -> None:
        """Wait for a condition in JavaScript.

        The page's own policy forbids the browser's way of waiting for one.
        """
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            if time.monotonic() > end:
                pytest.fail(f"Not true after {seconds} seconds: {condition}")
            self.page.wait_for_timeout(50)

    def headline(self) -> str:
        return self.page.locator("h1").inner_text().replace("\n", " ")

    def titles(self) -> str:
        """What the headings of the page say, its headline first."""
        return " | ".join(self.page.locator("h1, h2").all_inner_texts()).replace("\n", " ")

    def real_errors(self) -> list[str]:
        """Without Streamlit's probing for its base path, which answers 404 on a direct visit."""
        return [error for error in self.errors if "404" not in error]


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Visitor]:
    found = Visitor(browser, server)
    yield found
    found.context.close()


@pytest.fixture
def another(browser: Browser, server: str) -> Iterator[Visitor]:
    found = Visitor(browser, server)
    yield found
    found.context.close()


@pytest.fixture
def on_a_phone(browser: Browser, server: str) -> Iterator[Visitor]:
    found = Visitor(browser, server, viewport={"width": 375, "height": 740}, has_touch=True)
    yield found
    found.context.close()
