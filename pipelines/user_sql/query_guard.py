"""What a stranger's question in SQL may read and how much it may give: one plain select on the declared
tables of a release.

`write_answer` answers it within these limits; it runs in a confined child of `worker_process`.
"""

import json
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

from pipelines import releases
from pipelines.schema import metadata
from pipelines.user_sql import run_query

ROWS = 100_000  # of an answer
MEGABYTES = 50  # of an answer as Arrow: the server holds it until its reader has all of it
SECONDS = 5.0
MEMORY = 1_500_000_000  # bytes of address space for one question
CHARACTERS = 20_000
_BATCH = 2048  # rows
_CELL = 8  # bytes that a cell counts at least: in JSON it is never shorter
_DEPTH = 10_000  # calls inside each other, for the tree of a question as deep as the engine takes one
ROWS_FOLLOW, REFUSAL_FOLLOWS = (
    b"A",
    b"R",
)  # first byte of what the child writes: an Arrow stream follows, or a sentence
_TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest"})
_PLAIN = frozenset(
    {
        *(
            "boolean",
            "tinyint",
            "smallint",
            "integer",
            "bigint",
            "utinyint",
            "usmallint",
            "uinteger",
            "ubigint",
            "hugeint",
        ),
        *(
            "decimal",
            "float",
            "double",
            "varchar",
            "date",
            "timestamp",
            "timestamp_s",
            "timestamp_ms",
            "timestamp with time zone",
        ),
    }
)
_SAFE_SOURCES = frozenset({"SUBQUERY", "JOIN", "EXPRESSION_LIST", "EMPTY", "PIVOT"})
_SHOWING = "show or describe"
# What tells of the engine or the machine, reads the engine's own tables, writes, or waits.
TELLING = frozenset(
    {
        *("current_setting", "getvariable", "getenv", "json_serialize_plan", "in_search_path", "stats"),
        *("format_type", "get_block_size", "pg_get_constraintdef", "pg_get_viewdef"),
        *(
            "write_log",
            "nextval",
            "currval",
            "setseed",
            "sleep_ms",
            "pg_sleep",
            "current_connection_id",
            "current_query_id",
        ),
        *("current_transaction_id", "txid_current"),
    }
)


def write_answer(sql: str, release_id: str, store: Path, seconds: float, target: BinaryIO) -> None:
    """Write the rows of a question, or why it is refused.

    Writes nothing if memory ends; other errors are mistakes of ours.
    """
    sys.setrecursionlimit(_DEPTH)
    try:
        sql = run_query.runnable(sql)
        check_reads_only_the_release(sql)
        with run_query.question(sql, release_id, store, seconds) as relation:
            reader = _plain(relation).to_arrow_reader(_BATCH)
            rows = run_query.sayable(pa.Table.from_batches(_within_limits(reader), reader.schema))
        list(_within_limits(rows.to_batches()))  # as text, days are longer
        buffer = pa.BufferOutputStream()
        with pa.ipc.new_stream(buffer, rows.schema) as stream:
            stream.write_table(rows)
        target.write(ROWS_FOLLOW)
        target.write(buffer.getvalue())
    except run_query.QueryError as problem:
        target.write(REFUSAL_FOLLOWS + str(problem).encode(errors="replace"))
    except (MemoryError, pa.ArrowMemoryError):
        return


def check_reads_only_the_release(sql: str) -> None:
    """Raises QueryError if a select reads anything but the declared tables and plain functions: the engine's
    own tables tell where the store lies.

    sql: the very text that will be run. What cannot be parsed has not been checked, and is refused.
    """
    with duckdb.connect() as parser:
        (text,) = parser.execute("select json_serialize_sql(?::varchar)", [sql]).fetchone() or ("{}",)
    try:
        parsed = json.loads(text)
    except RecursionError:
        raise run_query.QueryError("The question has too many brackets inside each other.") from None
    if parsed.get("error_type") == "not implemented" or len(parsed.get("statements", "1")) != 1:
        raise run_query.QueryError("Ask one question at a time, as a plain select.")
    if parsed.get("error") is not False:
        reason = str(parsed.get("error_message", "the parser gives no reason")).rstrip(".")
        raise run_query.QueryError(f"The question cannot be parsed: {reason}.")
    nodes = list(_nodes(parsed["statements"]))
    own = {str(entry["key"]).lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    own_alone = _free(own - set(metadata.tables))
    for node in nodes:
        name = _stranger(node, own_alone)
        if name is not None:
            raise run_query.QueryError(
                f"Questions may read the tables of the release, and nothing else; this one names {name}. Tables: /api/v1/"
            )


def _stranger(node: dict[str, Any], own: Collection[str]) -> str | None:
    """What a node of a question reads that no question may read; None if nothing. own: names that can only be
    those of the question itself.
    """
    kind = node.get("type")
    if kind == "BASE_TABLE":
        name, schema = str(node["table_name"]).lower(), str(node["schema_name"]).lower()
        is_declared = name in metadata.tables and schema in ("", "main")
        return None if not node["catalog_name"] and (is_declared or (name in own and not schema)) else name
    if kind == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name", "")).lower()
        return None if name in _TABLE_FUNCTIONS else name
    if {"alias", "sample"} <= node.keys() and kind not in _SAFE_SOURCES:
        return _SHOWING if kind == "SHOW_REF" else str(kind).lower()
    name = str(node.get("function_name", "")).lower()
    return name if name in TELLING else None


def _free(names: Collection[str]) -> set[str]:
    """The names that nothing in the engine has, so that they can only be those of tables which the question
    itself makes with `with`.

    Where such a name is seen is the engine's own affair: one that it has in two meanings is refused wherever
    it stands.
    """
    free: set[str] = set()
    if not names:
        return free
    with duckdb.connect(config=dict(releases.READ_ONLY)) as engine:
        for name in names:
            quoted = name.replace('"', '""')
            try:
                engine.sql(f'from "{quoted}"')
            except duckdb.CatalogException:
                free.add(name)
            except duckdb.Error:
                continue  # a file, or what cannot be a name
    return free


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


def _plain(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The question with lists, durations and other values that a CSV cell cannot hold as text, as the engine
    writes them. Raises QueryError.
    """
    if len(set(relation.columns)) < len(relation.columns):
        raise run_query.QueryError(
            "Two columns of the answer have the same name. Give each its own with `as`."
        )
    kinds = [str(kind.id) for kind in relation.types]
    if set(kinds) <= _PLAIN:
        return relation
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    cells = [
        f"#{number}" if kind in _PLAIN else f"#{number}::varchar"
        for number, kind in enumerate(kinds, start=1)
    ]
    return relation.project(", ".join(f"{cell} as {name}" for cell, name in zip(cells, names, strict=True)))


def _within_limits(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, as long as they are not more than an answer may have.

    Raises QueryError as soon as they are.
    """
    rows = size = 0
    for batch in batches:
        rows += batch.num_rows
        size += max(batch.nbytes, _CELL * batch.num_rows * batch.num_columns)
        if rows > ROWS:
            raise run_query.QueryError(
                f"The answer has more rows than can be given at once; {ROWS:,} are the most. Add a limit or a condition."
            )
        if size > MEGABYTES * 1_000_000:
            raise run_query.QueryError(
                f"The answer is longer than can be given at once; {MEGABYTES} MB are the most. Ask for fewer rows, or for fewer or shorter columns."
            )
        yield batch
