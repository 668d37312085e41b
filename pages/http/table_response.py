"""Rows → an answer in the format that was asked for, with what a reader must know beside them.

The same rows in each format, to the cent.
"""

import asyncio
import os
import tempfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from datetime import date
from itertools import chain
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from pages.http.column_docs import Described
from pages.http.concurrency_limits import Full, Slots, visitor
from pages.http.request_params import Problem
from pages.parts.page_registry import SITE
from pages.parts.sharing import readme
from pages.parts.text import citations_and_readmes as sharing_text
from pages.parts.text import formatting
from pages.parts.text import http as text
from pages.parts.text.translation import say
from pipelines import as_of_days, file_writers
from pipelines.release_row_stream import Rows

LICENCE, LICENCE_URL, CAVEAT = readme.LICENCE, readme.LICENCE_URL, readme.CAVEAT
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(MEDIA)
LARGE = 20_000  # rows; an answer that has more holds memory of the server until its reader has all of it
LARGE_AT_ONCE = 8
LARGE_EACH = 4  # of them for one visitor
STALLED = 60.0  # seconds that a reader may take nothing
_PIECE = 1 << 16
_large = Slots(LARGE_AT_ONCE, LARGE_EACH)
_makers = BoundedSemaphore(
    2
)  # large files that are made at once: more would only slow each other and the pages


class Content(NamedTuple):
    """What an answer holds. name: of the file, without its ending.

    release_id: the release of the rows, "" if they are not of one.

    about: what the JSON says before its rows. notes: the same in words, for files that have room for notes.
    """

    name: str
    title: str
    release_id: str
    about: Mapping[str, Any]
    notes: Mapping[str, str]
    columns: list[Described]
    rows: Rows
    in_file: int


def citation(release_id: str) -> str:
    """How the rows are cited."""
    if not release_id:
        return say(sharing_text.CITATION_OF_SITE, site=SITE, licence=LICENCE)
    named = formatting.named(release_id)
    return say(sharing_text.CITATION_OF_ROWS, site=SITE, release=named, licence=LICENCE)


def release_headers(release_id: str) -> dict[str, str]:
    """The release of an answer, and the day on which it is looked at, as headers: x-release, x-as-of."""
    return {f"x-{name.replace('_', '-')}": value for name, value in as_of_days.words(release_id).items()}


def describe(columns: Iterable[Described]) -> list[dict[str, Any]]:
    """The columns as the JSON names them."""
    return [
        {"name": column.name, "type": column.kind, "unit": column.unit, "meaning": column.meaning}
        for column in columns
    ]


def answer(
    request: Request, content: Content, ending: str, dialect: str, headers: Mapping[str, str]
) -> Response:
    """The answer. ending: a key of MEDIA.

    Raises Problem if the rows do not fit into the format, or too many large answers are on their way.
    """
    most = file_writers.XLSX_CELLS // max(1, len(content.columns))
    if ending == "xlsx" and content.in_file > most:
        detail = say(text.TOO_MANY_ROWS_LIMIT, number=content.in_file, most=most)
        others = {"format": [name for name in FORMATS if name != "xlsx"]}
        raise Problem(400, say(text.TOO_MANY_ROWS), detail, others)
    # a link to a file never takes the reader off the page; a list that is asked for as JSON is shown
    is_shown = ending == "json" and not request.url.path.endswith(".json")
    kind = "inline" if is_shown else "attachment"
    sent = {
        **headers,
        "x-row-count": str(content.rows.total),
        **release_headers(content.release_id),
        "content-disposition": f'{kind}; filename="{content.name}{dialect and f"-{dialect}"}.{ending}"',
        "content-type": MEDIA[ending],
    }
    if request.method == "HEAD":
        _close(content.rows.batches)
        return head(sent)
    is_large = content.in_file > LARGE
    with ExitStack() as undone:
        # Taken back here if the answer cannot be made, and by the answer when its reader has it or has gone.
        if is_large:
            try:
                undone.callback(_large.take(visitor(request)))
            except Full as full:
                _close(content.rows.batches)
                raise _too_many(full) from None
        if ending in ("csv", "json"):
            pieces = (
                file_writers.csv(content.rows.schema, content.rows.batches, dialect)
                if ending == "csv"
                else _json(content)
            )
            made = stream(request, pieces, sent)
        else:
            made = _file(content, ending, sent, is_large)
        made.undone.push(undone.pop_all())
    return made


def _too_many(full: Full) -> Problem:
    later = {"retry-after": "30"}
    if full.is_own:
        detail = say(text.TOO_MANY_OWN_LIMIT, most=LARGE_EACH, rows=LARGE)
        return Problem(429, say(text.TOO_MANY_OWN), detail, headers=later)
    detail = say(text.TOO_MANY_LIMIT, most=LARGE_AT_ONCE, rows=LARGE)
    return Problem(503, say(text.TOO_MANY), detail, headers=later)


def _close(pieces: Iterator[Any]) -> None:
    """Let go of what nobody will read, and of the reader of files behind it, now and not when memory is next
    tidied up.
    """
    if isinstance(pieces, Generator):
        pieces.close()


def head(headers: Mapping[str, str]) -> Response:
    """The headers of an answer alone. How long the body would be is not said: nobody has made it."""
    response = Response(None, 200, dict(headers))
    del response.headers["content-length"]
    return response


class Download(StreamingResponse):
    """An answer in pieces.

    Who takes nothing of it for STALLED seconds is let go, and with any reader who goes the rows are let go at
    once.
    """

    def __init__(self, pieces: Iterator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(pieces, headers=dict(headers))
        self.undone = ExitStack()  # what is given back when the reader has everything or has gone
        self.undone.callback(_close, pieces)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the pieces, each cut so that a slow reader is told from one who has stopped."""

        async def patient(message: Message) -> None:
            body = message.get("body", b"")
            for start in range(0, len(body) or 1, _PIECE):
                async with asyncio.timeout(STALLED):
                    await send({**message, "body": body[start : start + _PIECE]} if body else message)

        with self.undone:
            await super().__call__(scope, receive, patient)


def stream(request: Request, pieces: Iterable[bytes], headers: Mapping[str, str]) -> Download:
    """Text in pieces, as gzip if the asker takes it.

    Compressed lightly: the server's own way would take ten times as long as the rows.
    """
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Download(
            _gzip(pieces), headers={**headers, "content-encoding": "gzip", "vary": "accept-encoding"}
        )
    return Download(
        iter(pieces), headers={**headers, "content-encoding": "identity", "vary": "accept-encoding"}
    )


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _json(content: Content) -> Iterator[bytes]:
    before = file_writers.json({**content.about, "rows": []})
    return chain([before[:-2]], file_writers.json_rows(content.rows.batches), [b"]}\n"])


def _file(content: Content, ending: str, headers: Mapping[str, str], is_large: bool) -> Download:
    """A file that must be whole before it can be sent.

    It has no name in any folder, so nothing is left behind however the sending ends.
    """
    with tempfile.TemporaryDirectory(prefix="tracker-") as folder, _makers if is_large else nullcontext():
        path = Path(folder) / f"rows.{ending}"
        if ending == "parquet":
            file_writers.write_parquet(path, content.rows.schema, content.rows.batches, content.notes)
        else:
            made_on = date.fromisoformat(content.release_id[:10]) if content.release_id else date(1980, 1, 1)
            columns = [
                (
                    column.name,
                    say(text.MEANING_UNIT, meaning=column.meaning, unit=column.unit)
                    if column.unit
                    else column.meaning,
                )
                for column in content.columns
            ]
            notes = [*content.notes.items(), ("", ""), (say(text.COLUMN), say(text.MEANING)), *columns]
            file_writers.write_xlsx(path, content.rows.schema, content.rows.batches, notes, made_on)
        handle = path.open("rb")
    size = os.fstat(handle.fileno()).st_size

    def pieces() -> Iterator[bytes]:
        with handle:
            while piece := handle.read(_PIECE):
                yield piece

    return Download(
        pieces(), headers={**headers, "content-length": str(size), "content-encoding": "identity"}
    )
