"""The declaration is whole: every table and column says what it means, and every SQL file fits it.

These tests grow with the schema.
"""

import csv
import re

import duckdb
import pytest
from sqlalchemy import Table

from pipelines.build import build_order
from pipelines.bundle import writer
from pipelines.engines import duckdb_engine
from pipelines.file_schemas import CHECKED, SHAPES
from pipelines.row_outcomes import generated_views
from pipelines.schema import metadata
from pipelines.source_reader import reference_tables, shape_columns, source_folders
from tests.paths import DATA, TESTS

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]
VOCABULARIES = [
    pytest.param(table, id=table.name)
    for table in metadata.sorted_tables
    if table.info.get("kind") == "vocabulary"
]
LAWS = duckdb_engine.names("law_")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_says_what_it_means_and_in_which_unit(table: Table) -> None:
    assert table.comment and table.comment.endswith(".")
    assert list(table.primary_key), f"{table.name} has no key: its rows have no order"
    for column in table.columns:
        assert column.comment, f"{table.name}.{column.name} has no meaning"
        assert column.info.get("unit"), f"{table.name}.{column.name} has no unit"


@pytest.mark.parametrize("table", TABLES)
def test_euros_are_exact_and_may_be_missing(table: Table) -> None:
    for column in table.columns:
        if column.info["unit"] == "EUR":
            assert str(column.type) == "NUMERIC(18, 2)", f"{table.name}.{column.name}"
            assert column.nullable, f"{table.name}.{column.name}: missing is not zero"
        assert ("eur" in column.name.split("_")) == (column.info["unit"] == "EUR"), (
            f"{table.name}.{column.name}: name and unit differ"
        )


@pytest.mark.parametrize("table", [table for table in TABLES if table.id.startswith("mart_")])
def test_every_mart_of_euros_says_stage_and_basis(table: Table) -> None:
    if any(column.info["unit"] == "EUR" for column in table.columns):
        assert {"stage", "basis"} <= set(table.columns.keys())


def test_every_declared_table_is_filled_by_a_list_or_by_an_sql_file() -> None:
    lists = {table.name for table in reference_tables()}
    for table in metadata.sorted_tables:
        if table.name in lists:
            assert (DATA / "reference" / f"{table.name}.csv").is_file()
        elif table.name != "laws":
            assert table.name in duckdb_engine.sql_files()


def test_every_sql_file_has_its_place() -> None:
    of_shapes = {
        f"{kind}_{name}"
        for name, shape in SHAPES.items()
        for kind, fits in (("newest", shape.list_by), ("stg", shape.fills_ledger), ("left_out", True))
        if fits
    }
    of_days = {
        f"as_of_{name}"
        for name in (
            *metadata.tables,
            *(f"raw_{name}" for name in ("sources", "stated_total", "stated_total_members")),
            *(f"raw_{name}" for name in ("ladder_step", "ladder_step_entries")),
            *(f"raw_{name}" for name in ("funder_total", "funder_total_entries")),
            *("entry_days", "project_days", "stand_ins"),
        )
    }
    several_read = {"check_overlap_proposals", "recorded_ladder_steps"}
    declared = {*several_read, *metadata.tables, *LAWS, *of_shapes, *of_days}
    assert set(duckdb_engine.sql_files()) <= declared


def test_every_shape_that_fills_the_ledger_has_a_staging() -> None:
    assert {f"stg_{name}" for name, shape in SHAPES.items() if shape.fills_ledger} == set(
        duckdb_engine.names("stg_")
    )


def test_the_build_order_puts_nothing_before_what_it_reads() -> None:
    order = build_order()
    assert (
        order.index("stg_entry")
        < order.index("staged_entries")
        < order.index("ledger")
        < order.index("overlaps")
        < order.index("overlap_paths")
    )
    assert len(order) == len(set(order))


@pytest.mark.parametrize("name", duckdb_engine.names("stg_"))
def test_every_staging_gives_exactly_the_columns_of_the_ledger_in_order(name: str) -> None:
    with duckdb.connect() as connection:
        for table in reference_tables():
            duckdb_engine.create(connection, [table])
        for name_of_shape, shape in SHAPES.items():
            duckdb_engine.load(
                connection,
                f"raw_{name_of_shape}",
                [*shape_columns(name_of_shape), "source_id", "source_file", "source_row"],
                [],
            )
            for column in (column for column, cell in shape.cells.items() if cell.kind == "list"):
                duckdb_engine.load(
                    connection, f"raw_{name_of_shape}_{column}", ["source_file", "source_row", "item"], []
                )
        duckdb_engine.load(connection, "raw_sources", ["source_id", "url", "import_no"], [])
        connection.execute(f"create view import_versions as {generated_views()['import_versions']}")
        for read in duckdb_engine.names("newest_"):
            connection.execute(f"create temp table {read} as {duckdb_engine.read(read)}")
        given = [column[0] for column in connection.execute(duckdb_engine.read(name)).description or ()]
    columns = metadata.tables["ledger"].columns.keys()
    assert columns[-len(CHECKED) :] == list(CHECKED), "the ledger itself adds what only curated rows have"
    assert given == columns[: -len(CHECKED)]


@pytest.mark.parametrize("name", LAWS)
def test_every_law_begins_with_its_name_and_title(name: str) -> None:
    first = duckdb_engine.read(name).splitlines()[0]
    assert re.fullmatch(rf"-- {name}: [A-Z].+\.", first)


def test_there_are_twelve_laws() -> None:
    assert [name.split("_")[1] for name in LAWS] == [f"{number:02}" for number in range(1, 13)]


@pytest.mark.parametrize("table", VOCABULARIES)
def test_every_code_is_unique_and_fit_for_a_link(table: Table) -> None:
    with (DATA / "reference" / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    codes = [row["code"] for row in rows]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*|[A-Z]{2}", code)] == []
    labels = [row["label"] for row in rows]
    assert len(labels) == len(set(labels)), "two codes look alike on screen"


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_row_of_a_shape_can_be_found_in_the_tables_that_it_fills(name: str) -> None:
    shape = SHAPES[name]
    assert shape.fills, "rows that fill no table would vanish"
    assert set(shape.key) <= set(shape.cells)
    for fill in shape.fills:
        found_by = fill.found_by or dict.fromkeys(shape.key)
        assert found_by and set(found_by) <= set(metadata.tables[fill.table].columns.keys())
    for column, cell in shape.cells.items():
        assert cell.kind != "code" or cell.of in metadata.tables, (
            f"{name}.{column} is a word of {cell.of}, which is no list"
        )
        assert set(cell.names) <= set(SHAPES)
        assert bool(cell.fills) == (cell.kind == "list")
        if cell.fills:
            assert {*shape.key, "entry_id"} == set(metadata.tables[cell.fills].primary_key.columns.keys())


@pytest.mark.parametrize("name", sorted(name for name, shape in SHAPES.items() if shape.is_imported))
def test_every_imported_shape_says_which_list_a_row_belongs_to(name: str) -> None:
    shape = SHAPES[name]
    lists = SHAPES[shape.follows] if shape.follows else shape
    assert lists.list_by and set(lists.list_by) <= set(shape.cells)
    assert all(shape.cells[column].required for column in (*lists.list_by, *filter(None, (shape.dated_by,))))


def test_every_shape_of_a_curated_file_has_a_fixture() -> None:
    imported = {name for name, shape in SHAPES.items() if shape.is_imported}
    uploads = {"change", "correction", "replacement", "publisher"}  # they come with uploads alone
    shown = "".join(
        path.read_text(encoding="utf-8") for path in (TESTS / "fixtures" / "sources").glob("*/source.toml")
    )
    assert {shape for shape in SHAPES if f'shape = "{shape}"' not in shown} <= imported | uploads


@pytest.mark.parametrize(
    "folder", [pytest.param(folder, id=folder.name) for folder in source_folders(DATA / "sources")]
)
def test_every_shipped_source_says_its_licence_and_every_figure_its_document(folder) -> None:  # type: ignore[no-untyped-def]
    toml = (folder / "source.toml").read_text(encoding="utf-8")
    assert re.search(r'^licence = "\S', toml, re.MULTILINE)
    for shape in re.findall(r'^shape = "(\w+)"', toml, re.MULTILINE):
        editorial = {"dossier_row", "ladder_step", "funder_total", "article_statement"}
        if SHAPES[shape].is_imported:  # its lines cite the page where the list is published
            assert re.search(r'^url = "https://\S', toml, re.MULTILINE)
        else:
            assert shape in editorial or SHAPES[shape].cells["source_url"].required


def test_the_release_has_the_declared_columns_and_nothing_else(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute("select table_name, column_name from information_schema.columns").fetchall()
    declared = {(table.name, column.name) for table in metadata.sorted_tables for column in table.columns}
    assert set(found) == declared


def test_the_data_dictionary_has_every_column() -> None:
    rows = list(csv.DictReader(writer.dictionary().splitlines()))
    assert [(row["table"], row["column"]) for row in rows] == [
        (table.name, column.name) for table in metadata.sorted_tables for column in table.columns
    ]
    assert all(None not in row and row["meaning"] and row["unit"] for row in rows)
