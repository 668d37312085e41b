"""Downloads go on where they stopped, are checked, and say what to do where there is no net."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from pipelines.findings import Refused
from pipelines.importers import download, source_writer
from pipelines.importers.base import Silent
from tests.pipelines.importers.common import FIXTURES, codes


class Server(BaseHTTPRequestHandler):
    """Serves one file, with ranges; breaks off in the middle of an answer as often as it is told to."""

    content = (FIXTURES / "fts_cnect_2021.csv").read_bytes()
    etag = '"one"'
    breaks = 0
    ranges: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        kind = type(self)
        asked = self.headers.get("Range", "")
        kind.ranges.append(asked)
        resumes = bool(asked) and self.headers.get("If-Range") == kind.etag
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if resumes else 0
        self.send_response(206 if resumes else 200)
        if resumes:
            self.send_header("Content-Range", f"bytes {start}-{len(kind.content) - 1}/{len(kind.content)}")
        self.send_header("ETag", kind.etag)
        self.send_header("Content-Length", str(len(kind.content) - start))
        self.end_headers()
        if kind.breaks:
            kind.breaks -= 1
            self.wfile.write(kind.content[start : start + 1000])
            return
        self.wfile.write(kind.content[start:])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(**settings: object) -> Iterator[str]:
    handler = type("Handler", (Server,), {"ranges": [], **settings})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        server.handler = handler  # type: ignore[attr-defined]
        yield f"http://127.0.0.1:{server.server_port}/2021_FTS.csv"
        serving.last = handler  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_PAUSE", 0.0)


def test_download_is_imported_and_is_the_same_source_as_the_file(tmp_path: Path) -> None:
    digest = hashlib.sha256(Server.content).hexdigest()
    with serving() as url:
        result = source_writer.import_source("fts", [url], tmp_path, sha256=digest)
    assert result.rows == {"commitment_lines.csv": 15}
    assert not source_writer.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path).is_new


def test_half_a_download_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with serving(breaks=3) as url:
        with pytest.raises(Refused) as refused:
            download.fetch(url, tmp_path, Silent())
        assert codes(refused.value.findings) == ["download-stopped"]
        assert download.fetch(url, tmp_path, Silent()).read_bytes() == Server.content
    assert serving.last.ranges == ["", "bytes=1000-", "bytes=2000-", "bytes=3000-"]  # type: ignore[attr-defined]


def test_a_part_of_another_version_is_never_completed_with_this_one(tmp_path: Path) -> None:
    with serving(breaks=3) as url:
        with pytest.raises(Refused):
            download.fetch(url, tmp_path, Silent())
        (mark,) = tmp_path.glob("*.mark")
        mark.write_text('"older"', "utf-8")
        assert download.fetch(url, tmp_path, Silent()).read_bytes() == Server.content


def test_wrong_download_is_deleted_and_named(tmp_path: Path) -> None:
    for code, settings, sha256 in (
        ("checksum-differs", {}, "0" * 64),
        ("web-page", {"content": b"<!DOCTYPE html><html>no"}, ""),
    ):
        with serving(**settings) as url, pytest.raises(Refused) as refused:
            source_writer.import_source("fts", [url], tmp_path, sha256=sha256)
        assert codes(refused.value.findings) == [code]
    assert list(tmp_path.rglob("*.part")) == []


def test_offline_is_a_letter_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        source_writer.import_source("fts", ["http://127.0.0.1:9/2021_FTS_dataset_en.xlsx"], tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "offline"
    assert "browser" in finding.remedy
