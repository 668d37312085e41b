"""The order of work: read, create, load, stage, ledger, marts, laws, publish. No business rule of its own.

A release is built under a temporary name and gets its real one only when every law holds; until then nothing
that the public sees has changed.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
from sqlalchemy import Table

from pipelines import active_uploads, files, journal, release_contents, releases, replaced_rows, row_outcomes
from pipelines.build_views import generated_views
from pipelines.document_publishers import documents
from pipelines.engines import duckdb_engine
from pipelines.file_schemas import SHAPES
from pipelines.findings import Finding, Refused
from pipelines.schema import metadata
from pipelines.settings import DATA
from pipelines.source_reader import (
    ABOUT,
    Source,
    read_reference,
    read_sources,
    reference_tables,
    shape_columns,
    source_folders,
    vocabularies,
)

Progress = Callable[[str], None]


class Built(NamedTuple):
    """What a build came to. is_new: a release was made, or made current, by this build."""

    release_id: str
    is_new: bool


def build(
    store: Path | None = None,
    data: Path = DATA,
    progress: Progress = lambda step: None,
    only_if_changed: bool = False,
) -> Built:
    """Build a release from data/ and the store, and make it the current one.

    only_if_changed: leave everything as it is if the newest publication was made from the same inputs, even
        if it was rolled back since.
    Raises Refused with every finding if an input is wrong or a law is broken, Busy if another build is
    running; the current release then stays.
    """
    store_folder = releases.store_path(store)
    if only_if_changed and (existing_id := _unchanged(store_folder, data)):
        return Built(existing_id, False)
    with releases.publishing(store_folder):
        folders = stored_sources(store_folder)
        inputs = fingerprint(data, folders)
        progress("Reading sources")
        lists = read_reference(data / "reference")
        sources = read_sources([*source_folders(data / "sources"), *folders], vocabularies(lists))
        (store_folder / "releases").mkdir(parents=True, exist_ok=True)
        _sweep(store_folder)
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=store_folder / "releases"))
        try:
            release_id = make(staging, lists, sources, inputs, progress)
            releases.keep(staging, release_id, store_folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        before = releases.current(store_folder)
        database = releases.database_sha256(release_id, store_folder)
        is_known = releases.noted_database(release_id, store_folder) in (None, database)
        if before == release_id and inputs in active_uploads.inputs_of(store_folder, release_id) and is_known:
            return Built(release_id, False)
        progress("Publishing")
        details = {
            "inputs": inputs,
            "based_on": before,
            "uploads": active_uploads.in_force(store_folder),
            "database": database,
        }
        journal.append(store_folder, "publish", release_id, "built from the sources", details)
        return Built(release_id, True)


def stored_sources(store: Path) -> list[Path]:
    """The source folders of the store that belong to the current release: every import, and those uploads
    that are in force.
    """
    uploads = active_uploads.in_force(store)
    return [
        folder for folder in source_folders(store / "sources") if active_uploads.belongs(folder.name, uploads)
    ]


def fingerprint(data: Path, folders: Iterable[Path]) -> str:
    """sha256 over everything that a release is made from: data, these source folders of the store, and this
    code.
    """
    digest = hashlib.sha256()
    named = [(f"{folder.name}/", folder) for folder in sorted(folders, key=lambda folder: folder.name)]
    for prefix, root in [
        ("", data / "reference"),
        ("", data / "sources"),
        *named,
        ("", Path(__file__).parent),
    ]:
        for name, sha256 in files.file_sha256s(root):
            if not name.endswith(".pyc") and "/." not in f"/{name}":
                digest.update(f"{prefix}{name} {sha256}\n".encode())
    return digest.hexdigest()


def _unchanged(store: Path, data: Path) -> str | None:
    """The current release, if it or the newest publication was made from inputs like today's."""
    current = releases.current(store)
    if current is None or current not in releases.available(store):
        return None
    earlier_inputs = active_uploads.inputs_of(store, current) | active_uploads.newest_inputs(store)
    return current if earlier_inputs and fingerprint(data, stored_sources(store)) in earlier_inputs else None


def _sweep(store: Path) -> None:
    """Remove what a killed build left behind. Called by the one who holds the right to publish."""
    for leftover in (store / "releases").glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def make(
    staging: Path,
    lists: Mapping[str, pa.Table],
    sources: Iterable[Source],
    inputs: str,
    progress: Progress,
    broken: list[Finding] | None = None,
) -> str:
    """Build a whole release in an empty folder and give its id.

    The only way in which a release or a trial comes about.

    broken: for trials; takes the findings of broken laws, which then stop nothing.
    """
    sources = list(sources)
    rows = sum(file.table.num_rows for source in sources for file in source.files)
    connection = duckdb_engine.connect(staging / "tracker.duckdb", rows)
    try:
        fill_tables(connection, lists, sources, progress)
        progress("Checking the laws of money")
        check_laws(connection, broken)
        progress("Writing tables")
        content = _write(connection, staging, sources, inputs)
        connection.execute("checkpoint")
    finally:
        connection.close()
    release_id = releases.release_name(content)
    (staging / "manifest.json").write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return release_id


def fill_tables(
    connection: duckdb.DuckDBPyConnection,
    lists: Mapping[str, pa.Table],
    sources: Iterable[Source],
    progress: Progress,
) -> None:
    """Load the rows of the sources and fill every declared table but `laws`.

    Leaves source_rows: what became of each row. Raises Refused if rows break a declaration or a reference; if
    that is
    because rows were lost on the way, the lost rows are named first.
    """
    sources = list(sources)
    progress("Loading rows")
    _load(connection, lists, sources)
    filled: list[str] = []
    try:
        for name in build_order():
            progress(f"Building {name}")
            _build(connection, name)
            filled.append(name)
            if name == "import_versions":
                _check_import_numbers(connection)
            if name == "ledger":
                _check_references(connection)
    except Refused as refused:
        _note_outcomes(connection, sources, filled)
        raise Refused([*_breaking_rows(connection, _LAW_OF_ROWS), *refused.findings]) from None
    _note_outcomes(connection, sources, filled)
    _fill(connection, metadata.tables["row_outcomes"])


def _build(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Build one thing of the build order. Raises Refused if its rows break a declaration."""
    if name in metadata.tables:
        _fill(connection, metadata.tables[name])
    else:
        # Several tables read these.
        kind = "table" if name.startswith(("newest_", "counted_", "recorded_")) else "view"
        with _refused_as_declared(name):
            connection.execute(f'create temp {kind} "{name}" as {_select(name)}')


def _fill(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Create and fill a table.

    Raises Refused if its rows break the keys and checks that the schema declares.
    """
    duckdb_engine.create(connection, [table])
    _insert(connection, table)


def _insert(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    with _refused_as_declared(table.name):
        duckdb_engine.fill(connection, table, duckdb_engine.read(table.name))


@contextmanager
def _refused_as_declared(name: str) -> Iterator[None]:
    """Turn what the database says of a table or view into a finding. Raises Refused."""
    try:
        yield
    except (
        duckdb.BinderException,
        duckdb.CatalogException,
        duckdb.ConstraintException,
        duckdb.ConversionException,
    ) as error:
        rows_from = (
            f"pipelines/sql/{duckdb_engine.folder(name)}/{name}.sql"
            if name in duckdb_engine.sql_files()
            else "pipelines/row_outcomes.py, which reads pipelines/sql/staging/stg_<shape>.sql of every shape that "
            "fills the ledger"
        )
        raise Refused(
            [
                Finding(
                    code="declaration-broken",
                    file=f"table {name}",
                    problem=f"breaks what is declared: {str(error).splitlines()[0]}",
                    remedy=f"The tables stand in pipelines/schema.py, the rows of {name} come from {rows_from}.",
                )
            ]
        ) from None


def _load(
    connection: duckdb.DuckDBPyConnection, lists: Mapping[str, pa.Table], sources: list[Source]
) -> None:
    """Reference lists into their declared tables, files of sources into raw_<shape> tables of text.

    Rows that an upload replaced go into raw_replaced_row alone. Raises Refused if an upload replaces a row
    that is not there.
    """
    taken_out = replaced_rows.TakenOut(sources)
    for table in reference_tables():
        kept = taken_out.of_list(table.name, lists[table.name])
        duckdb_engine.create(connection, [table])
        connection.register("rows_of_list", kept)
        duckdb_engine.fill(connection, table, "select * from rows_of_list")
        connection.unregister("rows_of_list")
    for name, shape in SHAPES.items():
        parts = [
            taken_out.of_source(name, _with_origin(source, file.name, file.table))
            for source in sources
            for file in source.files
            if file.shape == name
        ]
        duckdb_engine.load(
            connection,
            f"raw_{name}",
            [*shape_columns(name), "source_id", "source_file", "source_row"],
            parts,
        )
        for column in (column for column, cell in shape.cells.items() if cell.kind == "list"):
            duckdb_engine.load(
                connection,
                f"raw_{name}_{column}",
                ["source_file", "source_row", "item"],
                [_items(part, column) for part in parts],
            )
    for table in (table for table in reference_tables() if table.info.get("is_added_to")):
        _insert(connection, table)
    if findings := taken_out.missing():
        raise Refused(findings)
    duckdb_engine.load(connection, "raw_replaced_row", replaced_rows.COLUMNS, [taken_out.rows()])
    rows = [
        {
            **source.about,
            "source_id": source.source_id,
            "sha256": source.sha256,
            "shapes": ", ".join(sorted({file.shape for file in source.files})),
            "rows": str(sum(file.table.num_rows for file in source.files)),
        }
        for source in sources
    ]
    columns = [*ABOUT, "source_id", "sha256", "shapes", "rows"]
    duckdb_engine.load(
        connection,
        "raw_sources",
        columns,
        [pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in columns})],
    )
    cited = sorted({url for source in sources for url in _urls(source)})
    publishers = connection.execute("select host, publisher, tier from publishers").to_arrow_table()
    duckdb_engine.load(
        connection, "raw_documents", ["source_url", "publisher", "tier"], [documents(cited, publishers)]
    )


def _with_origin(source: Source, file: str, table: pa.Table) -> pa.Table:
    """The rows with the folder, file and spreadsheet row that they come from."""
    size = table.num_rows
    table = table.append_column("source_id", pa.array([source.source_id] * size, pa.string()))
    table = table.append_column("source_file", pa.array([file] * size, pa.string()))
    return table.append_column("source_row", pa.array(range(2, size + 2), pa.int64()))


def _items(table: pa.Table, name: str) -> pa.Table:
    """One row per item of the lists in a column."""
    items = [
        (file, row, item.strip())
        for file, row, text in zip(
            *(table[column].to_pylist() for column in ("source_file", "source_row", name)), strict=True
        )
        for item in (text or "").split(";")
        if item.strip()
    ]
    types = {"source_file": pa.string(), "source_row": pa.int64(), "item": pa.string()}
    return pa.table(
        {
            column: pa.array([item[index] for item in items], kind)
            for index, (column, kind) in enumerate(types.items())
        }
    )


def _urls(source: Source) -> set[str]:
    """The documents that a source cites, its own page among them: published lines cite nothing else."""
    cited = {
        url
        for file in source.files
        for column in ("source_url", "witness_url")
        if column in file.table.column_names
        for url in file.table[column].unique().to_pylist()
    }
    return {url for url in (*cited, source.about["url"]) if url}


def _note_outcomes(
    connection: duckdb.DuckDBPyConnection, sources: Iterable[Source], filled: Iterable[str]
) -> None:
    """Make source_rows: what became of every row that the tables filled so far must hold."""
    tables = {*filled, *(table.name for table in reference_tables())}
    shapes = sorted({file.shape for source in sources for file in source.files})
    with_reasons = [
        name.removeprefix("left_out_") for name in duckdb_engine.names("left_out_") if name in tables
    ]
    connection.execute(
        f"create temp table source_rows as {row_outcomes.source_rows(tables, shapes, with_reasons)}"
    )


def _check_import_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse two imports of the same list with the same number: nobody can tell which is newer."""
    findings = [
        Finding(
            code="import-number-doubled",
            file=f"{source}/source.toml",
            column="import_no",
            value=example.replace("\x1f", ", "),
            problem=f"is a list that {other} holds too, under the same import_no"
            + (f", as are {lists - 1} others." if lists > 1 else "."),
            remedy="Give the newer one the higher import_no.",
        )
        for source, other, lists, example in connection.execute(row_outcomes.doubled_versions()).fetchall()
    ]
    if findings:
        raise Refused(findings)


def _check_references(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse cells that name something which is not there."""
    findings = [
        Finding(
            code="unknown-reference",
            file=file,
            row=row,
            column=column,
            value=value,
            problem=problem,
            remedy="Correct the name, or add what it names.",
        )
        for file, row, column, value, problem in connection.execute(
            row_outcomes.unknown_references()
        ).fetchall()
    ]
    if findings:
        raise Refused(findings)


_STAGED = ("newest_", "stg_", "left_out_", "recorded_")  # how the names of sql/staging/ begin
_LAW_OF_ROWS = "law_10_nothing_vanishes"


def build_order() -> list[str]:
    """Names of views, of selects in sql/staging/ and of declared tables, each after everything that it
    reads."""
    filled_apart = {table.name for table in reference_tables()} | {"laws", "row_outcomes"}
    relations = [
        *generated_views(),
        *(name for prefix in _STAGED for name in duckdb_engine.names(prefix)),
        *(table.name for table in metadata.sorted_tables if table.name not in filled_apart),
    ]
    return duckdb_engine.in_order({name: _select(name) for name in relations}, _needed_by)


def _select(name: str) -> str:
    """The SQL of a view, a select in sql/staging/ or a declared table."""
    return generated_views().get(name) or duckdb_engine.read(name)


def _needed_by(name: str) -> set[str]:
    """What must be there before a table: the tables that its keys name, and what tells the outcome of its
    rows.
    """
    table: Table | None = metadata.tables.get(name)
    if table is None:
        return set()
    reasons = {f"left_out_{shape}" for shape in row_outcomes.shapes_that_fill(name)}
    return {key.column.table.name for key in table.foreign_keys} | reasons | {"import_versions"}


def check_laws(connection: duckdb.DuckDBPyConnection, broken_laws: list[Finding] | None) -> None:
    """Fill the table of laws.

    Raises Refused with the rows that break a law, or adds them to the list that is given.
    """
    findings = []
    laws = metadata.tables["laws"]
    duckdb_engine.create(connection, [laws])
    for name in duckdb_engine.names("law_"):
        broken = _breaking_rows(connection, name)
        connection.execute(
            "insert into laws values (?, ?, ?)", [name, duckdb_engine.title(name), len(broken)]
        )
        findings += broken
    if broken_laws is not None:
        broken_laws += findings
    elif findings:
        raise Refused(findings)


def _breaking_rows(connection: duckdb.DuckDBPyConnection, law: str) -> list[Finding]:
    """A finding for each row that breaks a law.

    Its columns `source_file`, `source_row`, `problem` and `remedy`, if
    it has them, go into the finding as such; the others tell its value.
    """
    cursor = connection.execute(duckdb_engine.read(law))
    columns = [column[0] for column in cursor.description or ()]
    findings = []
    for cells in cursor.fetchall():
        row = dict(zip(columns, cells, strict=True))
        file, number = row.pop("source_file", "ledger"), row.pop("source_row", 0)
        problem, remedy = (f"{row.pop(name)} " if name in row else "" for name in ("problem", "remedy"))
        findings.append(
            Finding(
                code=law.replace("_", "-"),
                file=file,
                row=number,
                value=", ".join(f"{column} {cell}" for column, cell in row.items()),
                problem=f"{problem}breaks the law “{duckdb_engine.title(law)}”",
                remedy=f"{remedy}The law stands in pipelines/sql/laws/{law}.sql.",
            )
        )
    return findings


def _write(
    connection: duckdb.DuckDBPyConnection, staging: Path, sources: list[Source], inputs: str
) -> dict[str, Any]:
    """Every declared table as Parquet, and the manifest that names them."""
    return {
        "known_on": max(source.about["retrieved_on"] or "" for source in sources),
        "inputs": inputs,
        "sources": {source.source_id: source.sha256 for source in sources},
        **release_contents.write(connection, staging),
    }
