"""Opens an uploaded file in a isolated process of its own and takes over what that leaves behind. Nothing here reads the file's cells."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.foreign_files import limits
from pipelines.foreign_files.grid import Grid

_ROOT = Path(__file__).resolve().parent.parent.parent


def open_file(path: Path, how: Mapping[str, Any]) -> tuple[Grid | None, dict[str, Any]]:
    """The grid of a file and what was seen in it. Without a grid, facts["stopped"] says why: code, row, value, problem."""
    size = path.stat().st_size
    if size > limits.MAX_BYTES:
        shown, most = limits.megabytes(size), limits.megabytes(limits.MAX_BYTES)
        return None, {"stopped": ["file-too-large", 0, shown, f"has {shown}; the limit is {most}"]}
    with tempfile.TemporaryDirectory(prefix="intake-") as name:
        folder = Path(name)
        stopped = _run(path, folder, how)
        if stopped:
            return None, {"stopped": stopped}
        facts: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        # the mapping outlives the file's name: its bytes go when the grid goes
        return (None if "stopped" in facts else Grid.read(folder / "grid.arrow")), facts


def _run(path: Path, folder: Path, how: Mapping[str, Any]) -> list[Any] | None:
    """Start the isolated process. Gives what stopped it, if it left nothing behind."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
        if name in os.environ
    }
    quiet = {
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(_ROOT),
    }
    command = [sys.executable, "-m", "pipelines.foreign_files.sandbox_process", str(path.resolve()), str(folder)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(dict(how)),
            text=True,
            capture_output=True,
            timeout=limits.WALL_SECONDS,
            env=kept | quiet,
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ["out-of-time", 0, "", f"takes longer than {limits.WALL_SECONDS} seconds to be opened"]
    if (folder / "facts.json").is_file() and done.returncode == 0:
        return None
    last = ""
    with contextlib.suppress(IndexError):
        last = done.stderr.strip().splitlines()[-1]
    if "MemoryError" in done.stderr or "memory allocation" in done.stderr or "ArrowMemory" in done.stderr:
        return [
            "out-of-memory",
            0,
            "",
            f"needs more than {limits.megabytes(limits.MEMORY)} of memory to be opened",
        ]
    if done.returncode in (-24, -9):
        return [
            "out-of-time",
            0,
            "",
            f"takes more than {limits.CPU_SECONDS} seconds of computing to be opened",
        ]
    return ["reader-stopped", 0, "", f"made the reader stop ({last[:200] or done.returncode})"]
