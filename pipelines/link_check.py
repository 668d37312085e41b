"""Whether cited documents are still at their addresses: asked politely, and kept with what was found.

HEAD first, then GET for the title or where a server refuses HEAD; a second or more between two requests to
one host; never what its robots.txt forbids. Hosts are asked side by side, one of them never twice at once.
"""

import csv
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape
from http.client import HTTPException
from io import StringIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from pipelines import files

KEPT = "checked_documents.csv"
"""File of a store with the newest answer of each address."""
STATES = {
    "there": "Still there",
    "moved": "Moved for good",
    "gone": "Gone",
    "refused": "Asked not to look, or refused",
    "failing": "Server failing",
    "unreachable": "Host not reachable",
}
AGENT = "eu-ai-funding-tracker"
PAUSE = 1.0
LONGEST_PAUSE = 30.0
_TIMEOUT = 20
_MOST_BYTES = 1 << 18
_HOSTS_AT_ONCE = 8
_FOR_GOOD = (301, 308)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What an address answered: its state, the status of HTTP, the title of the page, the date that the
    server gives it, and where it moved to.
    """

    url: str
    state: str
    status: int | None = None
    title: str = ""
    dated_on: str = ""
    moved_to: str = ""
    checked_on: str = ""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Hands a redirection back instead of following it."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_StayHere)


def host_of(url: str) -> str:
    """The host of an address, with its port if it names one."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def check(
    urls: Iterable[str],
    on_answer: Callable[[Answer], None] = lambda _: None,
    pause: float = PAUSE,
    today: date | None = None,
) -> list[Answer]:
    """Asks for every address once and gives the answers in the order of the addresses.

    on_answer: told of each answer as it comes. pause: seconds between two requests to one host, which may ask
    for more. Raises nothing: what goes wrong is an answer.
    """
    wanted = list(dict.fromkeys(urls))
    by_host: dict[str, list[str]] = {}
    for url in wanted:
        by_host.setdefault(host_of(url), []).append(url)
    day = (today or date.today()).isoformat()

    def of_host(some: list[str]) -> list[Answer]:
        host = _Host(pause, day)
        answers = []
        for url in some:
            answers.append(host.ask(url))
            on_answer(answers[-1])
        return answers

    with ThreadPoolExecutor(_HOSTS_AT_ONCE) as pool:
        found = {answer.url: answer for answers in pool.map(of_host, by_host.values()) for answer in answers}
    return [found[url] for url in wanted]


def is_offline(answers: Iterable[Answer]) -> bool:
    """Whether no host at all could be reached: then the fault is here, and no address can be judged."""
    states = {answer.state for answer in answers}
    return states == {"unreachable"}


class _Host:
    """One host: what its robots.txt says, and when it was asked last."""

    def __init__(self, pause: float, day: str) -> None:
        self.pause, self.day = pause, day
        self.asked_at = 0.0
        self.rules: RobotFileParser | None = None

    def ask(self, url: str) -> Answer:
        try:
            if self.rules is None:
                self.rules = self._read_rules(url)
            if not self.rules.can_fetch(AGENT, url):
                return Answer(url, "refused", checked_on=self.day)
            return self._ask(url)
        except (OSError, HTTPException, ValueError):
            return Answer(url, "unreachable", checked_on=self.day)

    def _ask(self, url: str) -> Answer:
        status, headers, body = self._request("HEAD", url)
        is_page = "html" in headers.get("content-type", "")
        if status in (400, 401, 403, 404, 405, 501) or (status == 200 and is_page):
            # servers that do not answer HEAD as they answer GET are common
            status, headers, body = self._request("GET", url)
        found = _TITLE.search(body)
        title = unescape(" ".join(found[1].decode("utf-8", "replace").split())) if found else ""
        target = urljoin(url, headers.get("location", "")) if 300 <= status < 400 else ""
        return Answer(url, _state(status), status, title, _day(headers), target, self.day)

    def _read_rules(self, url: str) -> RobotFileParser:
        """What the host allows. No file allows all, a refusal to show it forbids all."""
        rules = RobotFileParser()
        parts = urlsplit(url)
        status, _, body = self._request(
            "GET", urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        )
        if status in (401, 403):
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            rules.parse(body.decode("utf-8", "replace").splitlines() if status == 200 else [])
        wish = rules.crawl_delay(AGENT)
        self.pause = min(max(self.pause, float(wish or 0)), LONGEST_PAUSE)
        return rules

    def _request(self, method: str, url: str) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers with names in small letters, and the beginning of the body. Waits its turn."""
        wait = self.asked_at + self.pause - time.monotonic()
        if self.asked_at and wait > 0:
            time.sleep(wait)
        request = urllib.request.Request(url, headers={"User-Agent": AGENT, "Accept": "*/*"}, method=method)
        try:
            with _OPENER.open(request, timeout=_TIMEOUT) as answer:
                body = answer.read(_MOST_BYTES) if method == "GET" else b""
                return answer.status, _small(answer.headers.items()), body
        except urllib.error.HTTPError as error:
            return error.code, _small(error.headers.items()), b""
        finally:
            self.asked_at = time.monotonic()


def _small(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _state(status: int) -> str:
    if status in _FOR_GOOD:
        return "moved"
    if status < 400:
        return "there"
    if status in (404, 410):
        return "gone"
    return "failing" if status >= 500 else "refused"


def _day(headers: Mapping[str, str]) -> str:
    try:
        return parsedate_to_datetime(headers.get("last-modified", "")).date().isoformat()
    except ValueError:
        return ""


# --- what was found, kept in a store


def read(path: Path) -> dict[str, Answer]:
    """Address → its newest answer; none if nothing was kept yet."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {
            row["url"]: Answer(
                row["url"],
                row["state"],
                int(row["status"]) if row["status"] else None,
                *(row[name] for name in ("title", "dated_on", "moved_to", "checked_on")),
            )
            for row in csv.DictReader(stream)
        }


def keep(path: Path, answers: Mapping[str, Answer]) -> None:
    """Writes the answers whole, by address."""
    stream = StringIO()
    writer = csv.DictWriter(stream, [field.name for field in fields(Answer)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(answers[url]) for url in sorted(answers))
    files.write(path, stream.getvalue())
