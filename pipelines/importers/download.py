"""Downloads from publishers: resumed where they broke off, checked by sha256, explained when they fail."""

import http.client
import re
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipelines import files
from pipelines.finding_codes import make_finding
from pipelines.findings import Refused
from pipelines.importers.base import Progress

_AGENT = "eu-ai-funding-tracker (python-urllib)"
_TRIES = 3
_PAUSE = 1.0
_TIMEOUT = 60
_CHUNK = 1 << 18


def is_address(text: str) -> bool:
    """Whether a source is given by its address on the internet."""
    return text.startswith(("https://", "http://"))


def fetch(url: str, folder: Path, progress: Progress, sha256: str = "") -> Path:
    """The file at an address, in `folder`, under the name that it has there.

    A part of an earlier attempt is completed where the server still offers the same file. Raises Refused,
    and keeps the part, where the download cannot be completed; raises Refused and drops it where its
    sha256 is not the expected one.
    """
    file_folder = folder / files.sha256(url)
    file_folder.mkdir(parents=True, exist_ok=True)
    done = file_folder / _name(url)
    part, mark = folder / f"{file_folder.name}.part", folder / f"{file_folder.name}.mark"
    with files.lock(folder / f"{file_folder.name}.lock"):
        if sha256 and done.exists() and files.file_sha256(done) == sha256.lower():
            return done
        for attempt in range(1, _TRIES + 1):
            try:
                _append(url, part, mark, progress)
                break
            except urllib.error.HTTPError as error:
                raise _refused(
                    "http-error", url, f"the publisher answers {error.code} ({error.reason}).", _BY_HAND
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if attempt == _TRIES:
                    raise _stopped(url, part, error) from error
                time.sleep(_PAUSE * attempt)
        _check(url, part, mark, sha256)
        part.replace(done)
        mark.unlink(missing_ok=True)
    return done


_BY_HAND = "Open the address in a browser, save the file and import it from where you saved it."


def _append(url: str, part: Path, mark: Path, progress: Progress) -> None:
    """Adds to the part what it lacks.

    `mark` names the version of the file that the part is of: a part of another version is begun anew.
    """
    have = part.stat().st_size if part.exists() and mark.exists() else 0
    request = urllib.request.Request(
        url, headers={"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    )
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", mark.read_text("utf-8"))
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have and error.headers.get("Content-Range", "").endswith(f"/{have}"):
            return
        if error.code == 416:
            part.unlink()
            raise http.client.HTTPException("the part that was here is longer than the file") from error
        raise
    with answer:
        is_rest = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(
            f"bytes {have}-"
        )
        have = have if is_rest else 0
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else 0
        version = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        mark.unlink(missing_ok=True)
        with part.open("ab" if is_rest else "wb") as stream:
            if version and not version.startswith("W/"):
                mark.write_text(version, "utf-8")
            while chunk := answer.read(_CHUNK):
                stream.write(chunk)
                have += len(chunk)
                progress.step(f"downloading {_name(url)}", have, total)
    if total and have < total:
        raise http.client.IncompleteRead(b"", total - have)


def _check(url: str, part: Path, mark: Path, sha256: str) -> None:
    with part.open("rb") as stream:
        head = stream.read(512).lstrip().lower()
    digest = files.file_sha256(part)
    has_other_sha256 = sha256 and digest != sha256.lower()
    if has_other_sha256 or head.startswith((b"<!doctype html", b"<html")):
        part.unlink()
        with suppress(FileNotFoundError):
            mark.unlink()
    if has_other_sha256:
        problem = f"its sha256 is {digest}, expected was {sha256}."
        raise _refused(
            "checksum-differs", url, problem, "Ask the publisher which is right; the file was deleted."
        )
    if head.startswith((b"<!doctype html", b"<html")):
        raise _refused("web-page", url, "the publisher answers with a web page, not with a file.", _BY_HAND)


def _stopped(url: str, part: Path, error: Exception) -> Refused:
    have = part.stat().st_size if part.exists() else 0
    reason = getattr(error, "reason", error)
    if have:
        return _refused(
            "download-stopped",
            url,
            f"the download stopped after {have:,} bytes ({reason}).",
            "Run the same command again: it goes on from there.",
        )
    return _refused(
        "offline",
        url,
        f"cannot be reached ({reason}).",
        f"Check the connection, or: {_BY_HAND[0].lower()}{_BY_HAND[1:]}",
    )


def _refused(code: str, url: str, problem: str, remedy: str) -> Refused:
    return Refused([make_finding(code, url, problem, remedy=remedy)])


def _name(url: str) -> str:
    name = re.sub(r"[^\w.\-]+", "_", unquote(urlsplit(url).path.rsplit("/", 1)[-1]))
    return name.lstrip(".") or "download"
