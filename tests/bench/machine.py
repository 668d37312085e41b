"""The machine that was measured on, and how much other work it did meanwhile."""

import os
import platform
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.bench.server import TICK

LIBRARIES = ("streamlit", "plotly", "pandas", "sqlalchemy", "duckdb", "websockets", "playwright")


def spin_ms() -> float:
    """Processor time of a fixed piece of Python work, the least of five: how fast the machine is now."""

    def work() -> float:
        start = time.process_time()
        total = 0
        for number in range(1_000_000):
            total += number % 7
        return (time.process_time() - start) * 1000

    return min(work() for _ in range(5))


def describe(code: Path) -> dict[str, object]:
    """Processor, memory, versions, and the commit of the code that was measured."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    git = ["git", "-C", str(code), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit,
        "processor": cpu[1] if cpu else platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(memory[1]) / 1024**2, 1) if memory else 0,
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "spin_ms": round(spin_ms(), 1),
    }


def _busy_seconds() -> tuple[float, float]:
    """Processor seconds that all processes have used so far, and that another machine took (steal)."""
    fields = [int(ticks) / TICK for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    return user + nice + system + irq + softirq, steal


@dataclass
class Load:
    """What the processors did in a stretch of time.

    busy_processors: how many were in use on average. stolen_processors: how many another machine took.
    """

    seconds: float = 0.0
    busy_processors: float = 0.0
    stolen_processors: float = 0.0


@contextmanager
def watched() -> Iterator[Load]:
    """How busy the machine is while something runs. The figures are there when it ends."""
    load, start, (busy, steal) = Load(), time.monotonic(), _busy_seconds()
    yield load
    load.seconds = time.monotonic() - start
    now_busy, now_steal = _busy_seconds()
    load.busy_processors = (now_busy - busy) / load.seconds
    load.stolen_processors = (now_steal - steal) / load.seconds
