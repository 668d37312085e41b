"""Whatever rows an SQL file loses, the build stops and names them: every shape, every table that it fills."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.build import check_laws, fill_tables
from pipelines.engines import duckdb_engine
from pipelines.file_schemas import SHAPES, Fill
from pipelines.findings import Finding, Refused
from pipelines.importers import source_writer
from pipelines.source_reader import Source, read_reference, read_sources, source_folders, vocabularies
from tests.paths import FIXTURES, ROOT
from tests.pipelines.importers.test_eurostat import GDP
from tests.pipelines.test_row_outcomes import LOST, write_source

REPLACED = "replaced-fact"
"""The source of the one row that another row replaced."""


@pytest.fixture(scope="module")
def lists() -> dict[str, pa.Table]:
    return read_reference(ROOT / "data" / "reference")


@pytest.fixture(scope="module")
def curated(lists: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    """Sources with rows of every shape that is not imported."""
    folder = tmp_path_factory.mktemp("by-hand")
    write_source(
        folder / "correction",
        "correction",
        [
            {
                "entry_id": "template:2",
                "replaced_by": "template:3",
                "replaced_on": "2026-11-24",
                "reason": "Wrong.",
            }
        ],
    )
    change = {
        "changed_on": "2026-11-24",
        "kind": "corrected",
        "subject": "A figure",
        "after": "1",
        "reason": "Wrong.",
    }
    write_source(
        folder / "change", "change", [change | {"change_id": f"by-hand-{number}"} for number in range(3)]
    )
    rule = {"family": "fts", "programme": "cef-digital", "from_year": "2021", "to_year": "2021"}
    container = {"container": "envelopes:digital-europe-total-2023", "source_url": "https://example.eu/"}
    write_source(
        folder / "rule", "overlap_rule", [rule | container | {"reason": "All commitments of the year."}]
    )
    host = {"host": "records.example.eu", "publisher": "An archive", "tier": "host-or-government"}
    write_source(folder / "publisher", "publisher", [host])
    fact = {"fact_id": "old", "subject": "A number", "value": "1", "unit": "count", "dated_on": "2026-11-24"}
    write_source(folder / REPLACED, "fact", [fact | {"source_url": "https://example.eu/"}])
    replaced = {"shape": "fact", "row_key": "old", "of_source": REPLACED, "replaced_by": "template"}
    reason = {"replaced_on": "2026-11-24", "reason": "Corrected."}
    write_source(folder / "replacement", "replacement", [replaced | reason])
    folders = [*source_folders(FIXTURES / "sources"), *source_folders(folder)]
    return read_sources(folders, vocabularies(lists))


@pytest.fixture(scope="module")
def imported(
    curated: list[Source], lists: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory
) -> list[Source]:
    """The same with rows of every shape that is imported: by imports, else as the repository ships them."""
    store = tmp_path_factory.mktemp("imports")
    for kind, file in (
        ("fts", "fts_cnect_2021.csv"),
        ("cordis", "cordis"),
        ("calls", "calls_2026-05-11.json"),
    ):
        source_writer.import_source(kind, [str(FIXTURES / "imports" / file)], store)
    gdp = tmp_path_factory.mktemp("gdp") / "estat_nama_10r_3gdp_2024-05-24.tsv"
    gdp.write_text(GDP, encoding="utf-8")
    source_writer.import_source("eurostat", [str(gdp)], store)
    sources = [*curated, *read_sources(source_folders(store / "sources"), vocabularies(lists))]
    covered = {file.shape for source in sources for file in source.files}
    shipped = read_sources(source_folders(ROOT / "data" / "sources"), vocabularies(lists))
    sources += [
        source
        for source in shipped
        if any(SHAPES[file.shape].is_imported and file.shape not in covered for file in source.files)
    ]
    return sources


@pytest.fixture(scope="module")
def left_out(lists: dict[str, pa.Table], curated: list[Source]) -> set[tuple[str, int]]:
    """File and row of what a curated source holds and the build leaves out for a reason, or replaced."""
    with duckdb_engine.connect(Path(":memory:"), rows=0) as connection:
        fill_tables(connection, lists, curated, lambda step: None)
        return {(f"{REPLACED}/rows.csv", 2)} | {
            (file, row)
            for name in duckdb_engine.names("left_out_")
            for file, row, _reason in connection.execute(duckdb_engine.read(name)).fetchall()
        }


@pytest.fixture
def sql_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The SQL files in a folder of their own, from which the build reads."""
    shutil.copytree(duckdb_engine.SQL, tmp_path / "sql")
    monkeypatch.setattr(duckdb_engine, "SQL", tmp_path / "sql")
    return tmp_path / "sql"


def fill(lists: Mapping[str, pa.Table], sources: Sequence[Source]) -> list[Finding]:
    """The findings of a build in memory, up to the laws."""
    with duckdb_engine.connect(Path(":memory:"), rows=0) as connection:
        try:
            fill_tables(connection, lists, sources, lambda step: None)
            check_laws(connection, None)
        except Refused as refused:
            return list(refused.findings)
    return []


def ways(name: str) -> Iterator[tuple[str, Fill]]:
    """The SQL files through which the rows of a shape reach a table."""
    shape = SHAPES[name]
    for fill in shape.fills:
        yield fill.table, fill
        if fill.table == "ledger":
            yield f"stg_{name}", fill
        if shape.list_by and f"newest_{name}" in duckdb_engine.names("newest_"):
            yield f"newest_{name}", Fill("newest", {"source_file": "source_file", "source_row": "source_row"})


WAYS = [pytest.param(name, file, fill, id=f"{name}-{file}") for name in SHAPES for file, fill in ways(name)]


def without(file: str, name: str, fill: Fill, source_file: str, rows: Sequence[int]) -> str:
    """An SQL file that loses what some rows of a source come to."""
    found_by = fill.found_by or {column: column for column in SHAPES[name].key}
    cells = ", ".join(f"{cell} as key_{number}" for number, cell in enumerate(found_by.values()))
    same = " and ".join(
        f'cast(target."{column}" as varchar) = cast(lost.key_{number} as varchar)'
        for number, column in enumerate(found_by)
    )
    of_rows = f"source_file = '{source_file}' and source_row in ({', '.join(map(str, rows))})"
    lost = f"(select {cells} from raw_{name} where {of_rows}) as lost"  # noqa: S608
    return f"select target.* from ({duckdb_engine.read(file)}) as target anti join {lost} on {same}"  # noqa: S608


def test_with_every_sql_file_as_it_is_no_row_is_lost(
    lists: dict[str, pa.Table], imported: list[Source]
) -> None:
    assert {file.shape for source in imported for file in source.files} == set(SHAPES), (
        "a shape has no row here"
    )
    assert [str(finding) for finding in fill(lists, imported) if finding.code == LOST] == []


@pytest.mark.parametrize(("name", "file", "fill_of_way"), WAYS)
@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller example would cost more builds
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_rows_an_sql_file_loses_the_build_stops_and_names_them(
    name: str,
    file: str,
    fill_of_way: Fill,
    data: st.DataObject,
    lists: dict[str, pa.Table],
    curated: list[Source],
    imported: list[Source],
    left_out: set[tuple[str, int]],
    sql_folder: Path,
) -> None:
    sources = imported if SHAPES[name].is_imported else curated
    files = {
        one.name: [row for row in range(2, one.table.num_rows + 2) if (one.name, row) not in left_out]
        for source in sources
        for one in source.files
        if one.shape == name
    }
    chosen = data.draw(st.sampled_from(sorted(file for file in files if files[file])), label="file")
    rows = data.draw(
        st.sets(st.sampled_from(files[chosen]), min_size=1, max_size=3).map(sorted), label="lost rows"
    )
    (path,) = sql_folder.glob(f"*/{file}.sql")
    original = path.read_text(encoding="utf-8")
    path.write_text(without(file, name, fill_of_way, chosen, rows), encoding="utf-8")
    try:
        findings = fill(lists, sources)
    finally:
        path.write_text(original, encoding="utf-8")
    mine = [finding for finding in findings if finding.file == chosen and f"shape {name} " in finding.problem]
    assert mine and {finding.code for finding in mine} == {LOST}, [str(finding) for finding in findings]
    assert findings[0].code == LOST, "lost rows are named before what follows from their loss"
    named = {int(row) for finding in mine for row in finding.value.removeprefix("rows ").split(", ")}
    assert set(rows) <= named or len(named) == 8
    assert min(named) <= rows[0] and all(
        finding.row == min(named) or finding.row in named for finding in mine
    )
