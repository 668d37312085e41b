"""What goes into the log: one line for each record, as text or as JSON, without what is nobody's business.

Cookies, tokens, mail addresses and the last part of network addresses are taken out of every record, wherever
it comes from. What a stranger sent cannot begin a line of its own.
"""

import json
import logging
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from pipelines import settings

FIELDS = "fields"  # the attribute of a record that holds further values: name → text or number
REQUESTS = "tracker.requests"
MOST_CHARACTERS = 4_000  # of a message or of a trace; what is longer is cut
_OTHERS = ("streamlit", "uvicorn", "tornado", "asyncio")

_REMOVED = "[removed]"
_SECRET_NAMES = (
    r"key|code|state|token|id_token|access_token|refresh_token|secret|client_secret|password|session|"
    r"nonce|_streamlit_\w+"
)
_RULES = (
    (re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization)(['\"]?\s*[:=,]\s*).*"), rf"\1\2{_REMOVED}"),
    (re.compile(rf"(?i)\b({_SECRET_NAMES})(['\"]?\s*[=:]\s*['\"]?)[^\s&'\",;]+"), rf"\1\2{_REMOVED}"),
    (re.compile(r"(?i)\bbearer\s+\S+"), f"Bearer {_REMOVED}"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.?[\w-]*"), _REMOVED),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), "[mail]"),
    (re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.]*\d)"), r"\1.x"),
    (re.compile(r"(?i)(?<![\w:.])(?=[0-9a-f:]{0,40}::|(?:[0-9a-f]{1,4}:){7})((?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,2})?)"
                r":[0-9a-f:]*(?:\d+\.\d+\.\d+\.(?:\d+|x))?(?![\w:])"), r"\1:x"),
)  # fmt: skip


def cleaned(text: str) -> str:
    """A text without cookies, tokens and whole addresses, cut where it is too long."""
    kept = "\n".join(_clean_line(line) for line in text[:MOST_CHARACTERS].splitlines())
    return kept if len(text) <= MOST_CHARACTERS else f"{kept}…"


def _clean_line(line: str) -> str:
    for pattern, put in _RULES:
        line = pattern.sub(put, line)
    return line


def escaped(text: str) -> str:
    r"""A text in one line of printable characters: all others as \n, \x1b or ‮."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text
    )


class TextFormatter(logging.Formatter):
    """A line of text; the lines of a trace stand below it, each behind a bar."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        fields = "".join(f" {name}={escaped(cleaned(str(value)))}" for name, value in _fields(record).items())
        head = (
            f"{_time(record)} {record.levelname} {record.name}: {escaped(cleaned(_message(record)))}{fields}"
        )
        below = [f"  | {escaped(line)}" for line in cleaned(_trace(self, record)).splitlines()]
        return "\n".join([head, *below])


class JsonFormatter(logging.Formatter):
    """One JSON object: time, level, logger, message, further values, and the trace as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, in ASCII, so that no sign is more than it says."""
        content: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": cleaned(_message(record)),
        }
        for name, value in _fields(record).items():
            content.setdefault(name, value if isinstance(value, int | float) else cleaned(str(value)))
        if trace := cleaned(_trace(self, record)):
            content["error"] = trace
        return json.dumps(content)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return str(record.msg)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return dict(getattr(record, FIELDS, {}))


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""


class CountingHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes records to stderr and counts them."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self._lock = Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write and count one record."""
        with self._lock:
            self._counts[record.name, record.levelname.lower()] += 1
        super().emit(record)

    def counts(self) -> dict[tuple[str, str], int]:
        """Logger and level → records."""
        with self._lock:
            return dict(self._counts)


HANDLER = CountingHandler()


def set_up() -> None:
    """Log as the settings say; again when libraries that log have been loaded since. Raises Misconfigured."""
    chosen = settings.read(settings.OperationSettings)
    formatter = JsonFormatter() if chosen.log_format == "json" else TextFormatter()
    HANDLER.setFormatter(formatter)
    HANDLER.setStream(sys.stderr)
    own = logging.getLogger("tracker")
    own.handlers, own.propagate = [HANDLER], False
    own.setLevel(logging.WARNING)
    logging.getLogger(REQUESTS).setLevel(logging.INFO if chosen.log_requests == "on" else logging.WARNING)
    if not logging.root.handlers:
        logging.root.addHandler(HANDLER)
    for name in [*logging.root.manager.loggerDict]:
        if name.partition(".")[0] in _OTHERS:
            for handler in logging.getLogger(name).handlers:
                handler.setFormatter(formatter)
