"""Times a build, imports and a question, beside a plain start of Python with the same engines."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.server import ROOT
from tests.bench.table import table

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"


def seconds(command: Sequence[str], store: str, code: Path) -> float:
    """Wall time of one command, which must succeed."""
    start = time.perf_counter()
    environment = {**os.environ, "TRACKER_STORE": store}
    subprocess.run([sys.executable, *command], cwd=code, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def run(code: Path = ROOT) -> tuple[str, dict[str, Any]]:
    """The table, and the seconds of each piece of work for a file."""
    with tempfile.TemporaryDirectory() as store:
        plain = min(seconds(["-c", "import duckdb, pyarrow, sqlalchemy"], store, code) for _ in range(3))
        work = {
            "build from the shipped data": ["build"],
            "build again, nothing changed": ["build", "--if-changed"],
            "one query": ["query", "select count(*) from ledger"],
        }
        if REAL.is_dir():
            work["import both FTS years, and build"] = ["import", "fts", str(REAL / "fts-cnect")]
            work["import all CORDIS tables, and build"] = [
                "import",
                "cordis",
                str(REAL / "cordis-he-2025-02"),
            ]
        taken = {"start of Python with its engines": plain}
        taken |= {name: seconds(["-m", "pipelines", *command], store, code) for name, command in work.items()}
    rows = [[name, f"{spent / plain:.1f} ×", f"{spent:.2f}"] for name, spent in taken.items()]
    return table("Builds and imports", ["work", "to a start", "seconds"], rows), {"seconds": taken}
