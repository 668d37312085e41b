"""Runs Streamlit and counts what libraries do.

Counted are questions to DuckDB, calls of functions that Streamlit caches, SQL compilations of SQLAlchemy, and
figures of Plotly.

Started as `python counting.py FILE run app.py …`. FILE holds one 8-byte number for each of `NAMES`, and is
read while the server runs. Libraries are wrapped, not modules of the tracker, so that the tracker may be
built otherwise. Wrapping costs time: never time such a server.
"""

import mmap
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAMES = ("questions", "cached_calls", "compilations", "figures")


def read_counts(file: Path) -> dict[str, int]:
    """The numbers so far."""
    return dict(zip(NAMES, struct.unpack(f"{len(NAMES)}Q", file.read_bytes()), strict=True))


def _count_calls(file: Path) -> None:
    """Wrap the functions whose calls are counted."""
    import duckdb
    import plotly.basedatatypes
    import sqlalchemy.sql.compiler
    import streamlit.runtime.caching.cache_utils as caching

    size = 8 * len(NAMES)
    file.write_bytes(bytes(size))
    with file.open("r+b") as stream:
        numbers = mmap.mmap(stream.fileno(), size)
    lock = threading.Lock()

    def counted(owner: Any, attribute: str, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, attribute)
        start = 8 * NAMES.index(name)

        def wrapper(*values: Any, **named: Any) -> Any:
            with lock:
                numbers[start : start + 8] = struct.pack(
                    "Q", struct.unpack("Q", numbers[start : start + 8])[0] + 1
                )
            return original(*values, **named)

        setattr(owner, attribute, wrapper)

    for method in ("execute", "executemany", "sql", "query"):
        counted(duckdb.DuckDBPyConnection, method, "questions")
    counted(caching.CachedFunc, "__call__", "cached_calls")
    counted(sqlalchemy.sql.compiler.SQLCompiler, "__init__", "compilations")
    counted(plotly.basedatatypes.BaseFigure, "__init__", "figures")


def main() -> None:
    """Count into the file that is named first, and do what the rest of the command says."""
    from streamlit.web.cli import main as streamlit_main

    sys.path.pop(0)  # this folder: its modules are not meant for the tracker
    _count_calls(Path(sys.argv[1]))
    sys.argv = ["streamlit", *sys.argv[2:]]
    streamlit_main()


if __name__ == "__main__":
    main()
