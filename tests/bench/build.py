"""Times a build, imports and the questions of the pages. Prints ratios to a plain start of Python in the same run; asserts nothing."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"


def seconds(command: Sequence[str], store: str) -> float:
    """Wall time of one command, which must succeed."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], env={**os.environ, "TRACKER_STORE": store}, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each piece of work."""
    with tempfile.TemporaryDirectory() as store:
        plain = min(seconds(["-c", "import duckdb, pyarrow, sqlalchemy"], store) for _ in range(3))
        print(f"{'start of Python with its engines':44} 1.0 ×  ({plain:.2f} s)")
        work = {
            "build from the shipped data": ["-m", "pipelines", "build"],
            "build again, nothing changed": ["-m", "pipelines", "build", "--if-changed"],
            "one query": ["-m", "pipelines", "query", "select count(*) from ledger"],
        }
        if REAL.is_dir():
            work["import both FTS years, and build"] = ["-m", "pipelines", "import", "fts", str(REAL / "fts-cnect")]
            work["import all CORDIS tables, and build"] = ["-m", "pipelines", "import", "cordis", str(REAL / "cordis-he-2025-02")]
        for name, command in work.items():
            taken = seconds(command, store)
            print(f"{name:44} {taken / plain:.1f} ×  ({taken:.2f} s)")


if __name__ == "__main__":
    main()
