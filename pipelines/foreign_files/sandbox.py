"""Reads foreign files in a confined process and takes over what it leaves behind.

Nothing here reads a file's cells.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid
from pipelines.foreign_files.limits import Limits

_ROOT = Path(__file__).resolve().parent.parent.parent
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")

Stop = list[Any]  # code, row, value, problem


def open_file(path: Path, how: Mapping[str, Any]) -> tuple[Grid | None, dict[str, Any]]:
    """The grid of an upload and what was seen in it.

    Without a grid, facts["stopped"] says why: code, row, value, problem.
    """
    size = path.stat().st_size
    most = limits.UPLOADS.max_bytes
    if size > most:
        shown = limits.megabytes(size)
        problem = f"has {shown}; the limit is {limits.megabytes(most)}"
        return None, {"stopped": ["file-too-large", 0, shown, problem]}
    with tempfile.TemporaryDirectory(prefix="intake-") as name:
        folder = Path(name)
        stop = _run(path, folder, how)
        if stop:
            return None, {"stopped": stop}
        facts: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        # the mapping outlives the file's name: its bytes go when the grid goes
        return (None if "stopped" in facts else Grid.read(folder / "grid.arrow")), facts


def _run(path: Path, folder: Path, how: Mapping[str, Any]) -> Stop | None:
    request = {**how, "path": str(path.resolve())}
    return run_confined("pipelines.foreign_files.file_reader:work", request, folder, "UPLOADS")


def run_confined(
    reader: str,
    request: Mapping[str, Any],
    folder: Path,
    limits_name: str,
    hear: Callable[[str], None] = lambda line: None,
) -> Stop | None:
    """Let a reader work in a confined process until it has written facts.json into the folder.

    reader: a function as module:name, called with the request, the folder and the layers that hold.
        limits_name: UPLOADS or BULK. hear: is called
    with every line that the reader prints. Gives what stopped the process, if it did not finish.
    """
    allowed: Limits = getattr(limits, limits_name)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(_ROOT),
    }
    command = [
        sys.executable, "-m", "pipelines.foreign_files.sandbox_process", reader, limits_name, str(folder.resolve()),
    ]  # fmt: skip
    is_late = threading.Event()
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env=environment,
            cwd=folder,
        ) as process,
    ):
        assert process.stdin is not None and process.stdout is not None

        def end() -> None:
            is_late.set()
            process.kill()

        clock = threading.Timer(allowed.wall_seconds, end)
        clock.start()
        try:
            _tell(process, json.dumps(dict(request)))
            for line in process.stdout:
                hear(line.rstrip("\n"))
            code = process.wait()
        finally:
            clock.cancel()
            process.kill()
        errors.seek(0)
        complaint = errors.read()
    if is_late.is_set():
        return ["out-of-time", 0, "", f"takes longer than {allowed.wall_seconds} seconds to be opened"]
    if code == 0 and (folder / "facts.json").is_file():
        return None
    return _why(code, complaint, allowed)


def _tell(process: "subprocess.Popen[str]", request: str) -> None:
    """Hand the request over; a process that ended before it read it says itself why."""
    assert process.stdin is not None
    try:
        process.stdin.write(request)
        process.stdin.close()
    except BrokenPipeError:
        pass


def _why(code: int, complaint: str, allowed: Limits) -> Stop:
    """What ended a process early. complaint: what it wrote to standard error."""
    if any(word in complaint for word in ("MemoryError", "memory allocation", "ArrowMemory")):
        most = limits.megabytes(allowed.memory)
        return ["out-of-memory", 0, "", f"needs more than {most} of memory to be opened"]
    if code in (-24, -9):
        return [
            "out-of-time",
            0,
            "",
            f"takes more than {allowed.cpu_seconds} seconds of computing to be opened",
        ]
    lines = complaint.strip().splitlines() or [""]
    return ["reader-stopped", 0, "", f"made the reader stop ({lines[-1][:200] or code})"]
