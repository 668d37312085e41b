"""The log: one line for each record, escaped, without cookies, tokens and whole addresses."""

import io
import json
import logging
import re
import time
from collections.abc import Callable, Iterator

import pytest

from pipelines import logs

SECRET = "s3cr3tS3cr3tS3cr3t"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"

# What a stranger or a library may bring into a record, and what must not be read in the log.
PRIVATE = {
    "cookie": (f"Cookie: _streamlit_user={SECRET}; theme=dark", SECRET),
    "set-cookie": (f"set-cookie: a={SECRET}; HttpOnly", SECRET),
    "headers": (f"{{'cookie': 'x={SECRET}', 'accept': '*/*'}}", SECRET),
    "header pairs": (f"[(b'cookie', b'x={SECRET}')]", SECRET),
    "authorization": (f"Authorization: Basic {SECRET}", SECRET),
    "bearer": (f"sent Bearer {SECRET} to us", SECRET),
    "one-time link": (f"GET /sign-in?key={SECRET}&x=1", SECRET),
    "callback": (f"GET /oauth2callback?code={SECRET}&state={SECRET}", SECRET),
    "client secret": (f"client_secret='{SECRET}'", SECRET),
    "token": (f"token was {JWT}", "c2lnbmF0dXJl"),
    "mail": ("asked by ann.smith@example.org", "ann.smith"),
    "IPv4": ("from 203.0.113.77 port 5", "203.0.113.77"),
    "IPv4 and port": ("from 203.0.113.77:5123", "203.0.113.77"),
    "IPv6": ("from 2001:db8:1:2:3:4:5:6789 now", "6789"),
    "short IPv6": ("from 2001:db8::6789", "6789"),
    "mapped": ("from ::ffff:203.0.113.77", "113.77"),
}
HOSTILE = {
    "line feed": "x\n2026-01-01 ERROR tracker: forged",
    "carriage return": "x\rforged",
    "colour": "x\x1b[31mred\x1b[0m",
    "line separator": "x\u2028forged\u2029forged",
    "bidi": "x\u202egnp.exe",
    "null": "x\x00y",
    "next line": "x\x85forged",
    "json": 'x", "level": "CRITICAL", "y": "',
    "script": "<script>alert(1)</script>",
    "percent": "%s %d %n {0} ${jndi:ldap://x}",
    "surrogate": "x\ud800y",
    "long": "x" * 100_000,
    "long words": "a.b-" * 30_000,
    "long numbers": "1:" * 30_000,
    "long names": "key " * 30_000,
    "long tokens": "eyJ-" * 30_000,
}

Write = Callable[[logging.LogRecord], str]


@pytest.fixture(params=["text", "json"])
def write(request: pytest.FixtureRequest) -> Write:
    formatter = logs.JsonFormatter() if request.param == "json" else logs.TextFormatter()
    return formatter.format


def record(
    message: str, *values: object, error: Exception | None = None, **fields: object
) -> logging.LogRecord:
    made = logging.LogRecord("tracker.http", logging.ERROR, "x.py", 1, message, values, None)
    if error:
        try:
            raise error
        except Exception as caught:
            made.exc_info = (type(caught), caught, caught.__traceback__)
    setattr(made, logs.FIELDS, fields)
    return made


@pytest.mark.parametrize("name", PRIVATE)
def test_what_is_private_is_not_in_the_log(write: Write, name: str) -> None:
    said, private = PRIVATE[name]
    for made in (
        record(said),
        record("%s", said),
        record("x", error=ValueError(said)),
        record("x", path=said),
    ):
        assert private not in write(made)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_stranger_sends_begins_no_line_and_holds_no_sign_that_acts(write: Write, name: str) -> None:
    for made in (record("asked: %s", HOSTILE[name]), record(HOSTILE[name]), record("x", path=HOSTILE[name])):
        line = write(made)
        assert len(line.splitlines()) == 1 and line.isprintable()
        assert len(line) < 7 * logs.MOST_CHARACTERS
        if line.startswith("{"):
            read = json.loads(line)
            assert read["level"] == "ERROR" and set(read) <= {"time", "level", "logger", "message", "path"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_trace_stays_below_its_record(write: Write, name: str) -> None:
    first, *below = write(record("Reference 1A2B3C", error=ValueError(HOSTILE[name]))).splitlines()
    assert "Reference 1A2B3C" in first
    assert all(line.startswith("  | ") and line.isprintable() for line in below)
    if first.startswith("{"):
        assert below == [] and "ValueError" in json.loads(first)["error"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Release 2026-11-27-eff78f3924 at 17:49:39 took 1.5 s",
        "streamlit 1.67.0, duckdb 1.5.6; std::vector",
        "3 rows: 4,122.30",
        "The browser for images does not start",
    ],
)
def test_what_is_not_private_stays(write: Write, sentence: str) -> None:
    assert sentence in write(record(sentence))


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith("long")])
def test_a_long_text_costs_no_time(write: Write, name: str) -> None:
    began = time.process_time()
    write(record("%s", HOSTILE[name]))
    assert time.process_time() - began < 0.2


@pytest.fixture
def _loggers_as_before() -> Iterator[None]:
    own, requests = logging.getLogger("tracker"), logging.getLogger(logs.REQUESTS)
    before = (own.handlers, own.propagate, own.level, requests.level, logging.root.handlers[:])
    yield
    own.handlers, own.propagate, own.level, requests.level, logging.root.handlers = before


@pytest.mark.usefixtures("_loggers_as_before")
@pytest.mark.parametrize("form", ["text", "json"])
def test_the_setting_chooses_the_form_and_records_are_counted(
    monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    err = io.StringIO()
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setenv("TRACKER_LOG_FORMAT", form)
    logs.set_up()
    before = logs.HANDLER.counts().get(("tracker.sql", "warning"), 0)
    logging.getLogger("tracker.sql").warning("No process could be started: %s", "x\ny")
    logging.getLogger("tracker.sql").info("not asked for")
    (line,) = err.getvalue().splitlines()
    assert (json.loads(line)["message"] if form == "json" else line).count("could be started") == 1
    assert bool(re.match(r"\d{4}-\d\d-\d\dT", line)) == (form == "text")
    assert logs.HANDLER.counts()["tracker.sql", "warning"] == before + 1
