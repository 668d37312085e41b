"""Of several imports the newest counts, and lines add up to their sums."""

import csv
import json
import tomllib
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines.engines import duckdb_engine
from pipelines.file_schemas import CHECKED, SHAPES
from pipelines.findings import Refused
from pipelines.importers import shrink_check, source_writer
from pipelines.importers.write_shipped_sums import line_sums
from pipelines.row_outcomes import generated_views
from pipelines.schema import metadata
from tests.pipelines.importers.common import (
    FIXTURES,
    SHIPPED,
    codes,
    export,
)


def raw(folders: list[Path]) -> duckdb.DuckDBPyConnection:
    """The raw tables of source folders, all text, as the build loads them."""
    connection = duckdb.connect()
    parts: dict[str, list[pa.Table]] = {}
    abouts = []
    for folder in folders:
        about = tomllib.loads((folder / "source.toml").read_text("utf-8"))
        abouts.append({"source_id": folder.name, "import_no": str(about["import_no"]), "url": about["url"]})
        for name, file in about["file"].items():
            with (folder / name).open(encoding="utf-8", newline="") as stream:
                lines = [
                    {key: value or None for key, value in line.items()} for line in csv.DictReader(stream)
                ]
            placed = [
                {**line, "source_id": folder.name, "source_file": name, "source_row": at}
                for at, line in enumerate(lines, start=2)
            ]
            schema = pa.schema(
                [
                    *(
                        (key, pa.string())
                        for key in (*SHAPES[file["shape"]].cells, "source_id", "source_file")
                    ),
                    ("source_row", pa.int64()),
                ]
            )
            parts.setdefault(file["shape"], []).append(pa.Table.from_pylist(placed, schema))
    for shape in (name for name, shape in SHAPES.items() if shape.is_imported):
        empty = pa.schema(
            [(name, pa.string()) for name in (*SHAPES[shape].cells, "source_id", "source_file", "source_row")]
        ).empty_table()
        connection.register("part", pa.concat_tables(parts[shape]) if shape in parts else empty)
        connection.execute(f"create table raw_{shape} as from part")
    connection.register("part", pa.Table.from_pylist(abouts))
    connection.execute("create table raw_sources as select * from part")
    connection.execute(f"create view import_versions as {generated_views()['import_versions']}")
    return connection


def select(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"create table {name} as {duckdb_engine.read(name)}")


@pytest.mark.slow
def test_newest_import_takes_the_place_of_the_older_and_lines_add_up(tmp_path: Path) -> None:
    older = export(
        tmp_path / "older.xlsx", {"Year": 2021}, {"Year": 2022, "Beneficiary’s contracted amount (EUR)": 7}
    )
    results = [
        source_writer.import_source("fts", [str(older)], tmp_path / "store"),
        source_writer.import_source("fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store"),
        source_writer.import_source("cordis", [str(FIXTURES / "cordis")], tmp_path / "store"),
        source_writer.import_source("calls", [str(FIXTURES / "calls_2026-05-11.json")], tmp_path / "store"),
    ]
    connection = raw([result.folder for result in results])
    for name in (
        "newest_commitment_line",
        "newest_project_line",
        "stg_commitment_line",
        "stg_project_line",
        "projects",
        "participations",
        "calls",
    ):
        select(connection, name)
    answer = connection.execute(
        "select dataset, count(*), count(distinct entry_id) from stg_commitment_line group by all order by 1"
    ).fetchall()
    assert answer == [("fts/2021/CNECT", 15, 15), ("fts/2022/CNECT", 1, 1)]
    for staging in ("stg_commitment_line", "stg_project_line"):
        columns = [column.name for column in metadata.tables["ledger"].columns if column.name not in CHECKED]
        assert connection.table(staging).columns == columns
    of_lines = connection.execute("select sum(amount_eur) from stg_commitment_line").fetchone()
    of_projects = connection.execute(
        "select sum(eu_contribution_eur) from projects where project_id like 'fts:%'"
    ).fetchone()
    assert of_lines == of_projects
    assert connection.execute(
        "select count(*), count(distinct project_id) from projects where project_id like 'cordis:%'"
    ).fetchone() == (
        5,
        5,
    )
    assert connection.execute("select count(*) from calls").fetchone() == (5,)
    sums = line_sums(result.folder for result in results)
    staged = connection.execute(
        "select programme, note, coalesce(cast(year as varchar), ''), coalesce(country, ''), ai_scope, stage, basis, coalesce(sum(amount_eur), 0), "
        "count(*), count(*) - count(amount_eur) from (select * from stg_commitment_line union all select * from stg_project_line) group by all"
    ).fetchall()
    detail = {tuple(row[:7]): (row[7], row[8], row[9]) for row in staged}
    drawn: dict[tuple[str, ...], tuple[Decimal, int, int]] = {}
    for row in sums:
        key = tuple(
            row[name] for name in ("programme", "part", "year", "country", "ai_scope", "stage", "basis")
        )
        drawn[key] = (Decimal(row["amount_eur"]), int(row["lines"]), int(row["lines_unknown"]))
    assert drawn == detail


@pytest.mark.slow
def test_a_call_keeps_its_first_and_last_day_and_the_newest_values(tmp_path: Path) -> None:
    folders = []
    for day, budget in (("2026-05-11", "20"), ("2026-05-04", "10")):
        path = tmp_path / f"calls_{day}.json"
        path.write_text(json.dumps([{"code": "ERC-2026-X", "name": "X", "budget": budget}]), "utf-8")
        folders.append(source_writer.import_source("calls", [str(path)], tmp_path / "store").folder)
    connection = raw(folders)
    select(connection, "calls")
    (call,) = connection.execute(
        "select call_id, budget_eur, first_listed_on, last_listed_on from calls"
    ).fetchall()
    assert (call[0], call[1], str(call[2]), str(call[3])) == (
        "ERC-2026-X",
        Decimal("20.00"),
        "2026-05-04",
        "2026-05-11",
    )


def test_a_list_that_holds_less_than_what_stands_for_it_is_refused_until_it_is_meant(tmp_path: Path) -> None:
    known = shrink_check.held(SHIPPED, [])
    assert known["fts/2021/CNECT"] == (1_755, Decimal("1054767243.05"))
    with pytest.raises(Refused) as refused:
        source_writer.import_source(
            "fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store", held_by_dataset=known
        )
    assert "list-smaller" in codes(refused.value.findings)
    assert not list((tmp_path / "store").glob("sources/*"))
    assert source_writer.import_source(
        "fts", [str(FIXTURES / "fts_cnect_2021.csv")], tmp_path / "store"
    ).is_new
