"""Documents are asked for politely: tried on a server of our own, which writes down what it was asked."""

import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from pipelines import link_check

PAUSE = 0.2
DAY = date(2026, 11, 27)


class Site(BaseHTTPRequestHandler):
    """A small site with what real ones do: pages, redirections, refusals, servers without HEAD."""

    asked: ClassVar[list[tuple[str, str, float]]] = []  # of every instance, emptied by the fixture
    robots = "User-agent: *\nDisallow: /private\n"

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        self.asked.append((method, self.path, time.monotonic()))
        status, headers, body = 200, {"Content-Type": "text/html; charset=utf-8"}, b""
        if self.path == "/robots.txt":
            status, body = (200, self.robots.encode()) if self.robots else (404, b"")
        elif self.path == "/page":
            headers["Last-Modified"] = "Mon, 31 Aug 2026 09:00:00 GMT"
            body = "<html><head><title>Énergie &amp;\n calcul</title></head></html>".encode()
        elif self.path == "/paper.pdf":
            headers["Content-Type"] = "application/pdf"
        elif self.path == "/old":
            status, headers["Location"] = 301, "/page"
        elif self.path == "/today":
            status, headers["Location"] = 302, "/page"
        elif self.path == "/no-head" and method == "HEAD":
            status = 405
        elif self.path == "/broken":
            status = 503
        elif self.path == "/members":
            status = 403
        elif self.path == "/missing":
            status = 404
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if method == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing on the terminal."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Site, "asked", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def check(*urls: str) -> dict[str, link_check.Answer]:
    return {answer.url: answer for answer in link_check.check(urls, pause=PAUSE, today=DAY)}


def test_each_address_has_the_state_that_its_server_gives_it(site: str) -> None:
    wanted = {
        "/page": ("there", 200),
        "/paper.pdf": ("there", 200),
        "/old": ("moved", 301),
        "/today": ("there", 302),
        "/no-head": ("there", 200),
        "/broken": ("failing", 503),
        "/members": ("refused", 403),
        "/missing": ("gone", 404),
        "/private/report": ("refused", None),
    }
    found = check(*(site + path for path in wanted))
    assert {path: (found[site + path].state, found[site + path].status) for path in wanted} == wanted
    assert {answer.checked_on for answer in found.values()} == {"2026-11-27"}
    assert set(link_check.STATES) >= {answer.state for answer in found.values()}


def test_title_date_and_new_address_are_kept(site: str, tmp_path: Path) -> None:
    found = check(f"{site}/page", f"{site}/old")
    page = found[f"{site}/page"]
    assert (page.title, page.dated_on) == ("Énergie & calcul", "2026-08-31")
    assert found[f"{site}/old"].moved_to == f"{site}/page"
    link_check.keep(tmp_path / "kept.csv", found)
    assert link_check.read(tmp_path / "kept.csv") == found
    assert link_check.read(tmp_path / "nothing.csv") == {}


def test_one_host_is_asked_once_in_a_while_and_head_comes_first(site: str) -> None:
    check(f"{site}/page", f"{site}/paper.pdf", f"{site}/missing")
    assert [(method, path) for method, path, _ in Site.asked] == [
        ("GET", "/robots.txt"),
        ("HEAD", "/page"),
        ("GET", "/page"),
        ("HEAD", "/paper.pdf"),
        ("HEAD", "/missing"),
        ("GET", "/missing"),
    ]
    moments = [moment for *_, moment in Site.asked]
    assert all(later - earlier >= PAUSE * 0.9 for earlier, later in pairwise(moments))


def test_what_robots_forbid_is_never_asked_for(site: str) -> None:
    check(f"{site}/private/report")
    assert [path for _, path, _ in Site.asked] == ["/robots.txt"]


def test_a_host_may_ask_for_more_time(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "robots", "User-agent: *\nCrawl-delay: 1\n")
    check(f"{site}/paper.pdf")
    (_, _, first), (_, _, second) = Site.asked
    assert second - first >= 0.9


def test_a_host_without_robots_may_be_asked_for_all(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Site, "robots", "")
    assert check(f"{site}/private/report")[f"{site}/private/report"].status == 200


def test_an_address_is_asked_once_however_often_it_is_cited(site: str) -> None:
    heard: list[str] = []
    answers = link_check.check(
        [f"{site}/missing"] * 3, lambda answer: heard.append(answer.url), pause=0, today=DAY
    )
    assert [answer.url for answer in answers] == heard == [f"{site}/missing"]


def test_only_if_no_host_answers_is_the_fault_here(site: str) -> None:
    nobody = "http://127.0.0.1:9/page"
    assert check(nobody)[nobody].state == "unreachable"
    assert link_check.is_offline(check(nobody).values())
    assert not link_check.is_offline(check(nobody, f"{site}/page").values())
