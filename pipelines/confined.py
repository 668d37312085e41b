"""A stranger's question in SQL, answered in a child process with limits: whatever it asks for, the server keeps its memory and its time.

Run as `python -m pipelines.confined RELEASE SECONDS`: the question on stdin, the rows as an Arrow stream on stdout, or a sentence on stderr and exit 3.
"""

import json
import logging
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines import query, releases
from pipelines.schema import metadata

ROWS = 100_000
SECONDS = 5.0
_STARTING = 5.0  # what Python and DuckDB may take before the question begins
_MEMORY = 2_000_000_000
_WORDS = 20_000
_DEPTH = 10_000  # calls inside each other, for the tree of a question as deep as the engine takes one
_REFUSED = 3  # not 1, which is also how Python ends on a mistake of ours, with the paths of its files on stderr
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_TELLING = frozenset({"current_setting", "getvariable"})

logger = logging.getLogger("tracker.sql")


def ask(sql: str, release_id: str, store: Path | None = None, seconds: float = SECONDS) -> pa.Table:
    """The rows that one select gives. Raises QueryError if it cannot be answered or goes beyond time, memory or 100,000 rows; NoRelease."""
    releases.folder(release_id, store)
    if len(sql) > _WORDS:
        raise query.QueryError(f"A question may have {_WORDS:,} characters; this one has {len(sql):,}.")
    try:
        question = sql.encode()
    except UnicodeEncodeError:
        raise query.QueryError("The question holds a character that no text holds: half of a pair of UTF-16.") from None
    command = [sys.executable, "-m", "pipelines.confined", release_id, str(seconds)]
    try:
        done = subprocess.run(
            command,
            input=question,
            capture_output=True,
            check=False,
            timeout=seconds + _STARTING,
            cwd=releases.ROOT,
            env={"TRACKER_STORE": str(releases.store_path(store).resolve()), "TZ": "UTC"},
        )
    except subprocess.TimeoutExpired:
        raise query.QueryError(f"The question took longer than {seconds:g} seconds and was stopped. Ask for less at once.") from None
    if done.returncode == _REFUSED:
        raise query.QueryError(done.stderr.decode(errors="replace").strip())
    if done.returncode:
        logger.warning("A question ended with %s: %s", done.returncode, done.stderr.decode(errors="replace"))
        raise query.QueryError("The question needed more memory or time than there is for one. Ask for less at once.")
    with pa.ipc.open_stream(done.stdout) as stream:
        return stream.read_all()


def _only_of_the_release(sql: str) -> None:
    """Raises QueryError if a select reads anything but the declared tables and plain functions: the engine's own tables tell where the store lies.

    sql: the very text that will be run. What cannot be parsed has not been checked, and is refused.
    """
    with duckdb.connect() as parser:
        (text,) = parser.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone() or ("{}",)
    try:
        parsed = json.loads(text)
    except RecursionError:
        raise query.QueryError("The question has too many brackets inside each other.") from None
    if parsed.get("error_type") == "not implemented" or len(parsed.get("statements", "1")) != 1:
        raise query.QueryError("Ask one question at a time, as a plain select.")
    if parsed.get("error") is not False:
        said = str(parsed.get("error_message", "the parser gives no reason")).rstrip(".")
        raise query.QueryError(f"The question cannot be parsed: {said}.")
    nodes = list(_nodes(parsed.get("statements")))
    own = {str(entry["key"]).lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    for node in nodes:
        match node.get("type"):
            case "BASE_TABLE":
                name = str(node["table_name"]).lower()
                is_known = (
                    (name in metadata.tables or name in own)
                    and str(node["schema_name"]).lower() in ("", "main")
                    and not node["catalog_name"]
                )
            case "TABLE_FUNCTION":
                name = str(node["function"].get("function_name", "")).lower()
                is_known = name in _TABLE_FUNCTIONS
            case "SHOW_REF":
                name, is_known = "show or describe", False
            case _:
                name = str(node.get("function_name", "")).lower()
                is_known = name not in _TELLING
        if not is_known:
            raise query.QueryError(
                f"Questions may read the tables of the release, and nothing else; this one names {name}. Tables: /api/v1/"
            )


def _nodes(parsed: Any) -> Iterator[dict[str, Any]]:
    """Every node of a parsed question, however deep."""
    waiting = [parsed]
    while waiting:
        match waiting.pop():
            case dict() as node:
                yield node
                waiting.extend(node.values())
            case list() as nodes:
                waiting.extend(nodes)


def _main(release_id: str, seconds: float) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    cpu = int(seconds + _STARTING) * 2
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(_DEPTH)
    try:
        sql = query.runnable(sys.stdin.buffer.read().decode())
        _only_of_the_release(sql)
        rows = query.run(sql, release_id, seconds=seconds)
        if rows.num_rows > ROWS:
            raise query.QueryError(f"The answer has {rows.num_rows:,} rows; {ROWS:,} are the most. Add a limit or a condition.")
        if len(set(rows.column_names)) < len(rows.column_names):
            raise query.QueryError("Two columns of the answer have the same name. Give each its own with `as`.")
        with pa.ipc.new_stream(sys.stdout.buffer, rows.schema) as stream:
            stream.write_table(rows)
    except query.QueryError as problem:
        print(problem, file=sys.stderr)
        return _REFUSED
    except (MemoryError, pa.ArrowMemoryError):
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], float(sys.argv[2])))
