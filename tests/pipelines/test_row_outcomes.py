"""Every row of every source is in the tables that its shape fills, or replaced, or left out for a stated
reason.

A new shape needs its declaration, a staging and a source. Whatever SQL file loses rows, the build stops and
names them.
"""

import csv
import hashlib
import io
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipelines import releases
from pipelines.file_schemas import SHAPES
from pipelines.schema import metadata
from tests.conftest import Small
from tests.paths import ROOT

LOST = "law-10-nothing-vanishes"
LINE = {
    "dataset": "fts/2024/HADEA",
    "project_id": "SI2.1",
    "programme": "digital-europe",
    "programme_name": "Digital Europe Programme",
    "title": "A contract",
    "beneficiary": "A company",
    "country": "BE",
    "amount_eur": "1200.50",
    "year": "2024",
    "ai_scope": "outside",
}


def write_source(
    folder: Path, shape: str, rows: Sequence[Mapping[str, str]], about: str = "", columns: Sequence[str] = ()
) -> None:
    """A source folder with one file, written by hand."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns or list(SHAPES[shape].cells), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    folder.mkdir(parents=True)
    (folder / "rows.csv").write_bytes(content)
    (folder / "source.toml").write_text(
        f'title = "Written by hand"\npublisher = "A publisher"\nurl = "https://example.eu/list"\n'
        f'licence = "CC BY 4.0"\n{about}\n[file."rows.csv"]\nshape = "{shape}"\n'
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\n',
        encoding="utf-8",
    )


def ask(small: Small, release_id: str, sql: str, *values: str) -> list[tuple[object, ...]]:
    with releases.open_read_only(release_id, small.store) as connection:
        return connection.execute(sql, values).fetchall()


def row_outcomes(small: Small, release_id: str, source: str) -> list[tuple[object, ...]]:
    sql = (
        "select target, outcome, because, rows from row_outcomes where source_id = ? order by target, outcome"
    )
    return ask(small, release_id, sql, source)


# --- a new shape


NEW_SHAPE = """

SHAPES["grant_line"] = Shape(
    {"grant": needed, "programme": code("programmes"), "amount_eur": euros, "site": name_of("site"), "source_url": url},
    fills=(LEDGER,),
    key=("grant",),
)
"""


NEW_STAGING = {
    "entry_id": "line.source_id || ':' || line.grant",
    "source_id": "line.source_id",
    "source_file": "line.source_file",
    "source_row": "line.source_row",
    "programme": "line.programme",
    "funder": "'eu-budget'",
    "stage": "'contracted'",
    "basis": "'eu-contribution'",
    "level": "'award'",
    "amount_eur": "cast(line.amount_eur as decimal(18, 2))",
    "qualifier": "'exact'",
    "site_id": "line.site",
    "heading": "line.grant",
    "ai_scope": "'not-split'",
    "confidence": "'stated'",
    "price_basis": "'current'",
    "source_url": "line.source_url",
}


def add_staging(code: Path, condition: str = "") -> None:
    """The staging of grants. condition: which of them it takes, where it does not take all."""
    columns = ", ".join(
        f"{NEW_STAGING.get(column.name, f'cast(null as {column.type})')} as {column.name}"
        for column in metadata.tables["ledger"].columns
    )
    (code / "pipelines" / "sql" / "staging" / "stg_grant_line.sql").write_text(
        f"-- stg_grant_line: one row per grant. Reads raw_grant_line.\n"
        f"select {columns} from raw_grant_line as line {condition}\n",
        encoding="utf-8",
    )


@pytest.fixture
def copied_code(tmp_path: Path) -> Path:
    """The code in a folder of its own, with a shape declared beside the others, and no staging yet."""
    code = tmp_path / "code"
    shutil.copytree(ROOT / "pipelines", code / "pipelines", ignore=shutil.ignore_patterns("__pycache__"))
    with (code / "pipelines" / "file_schemas.py").open("a", encoding="utf-8") as stream:
        stream.write(NEW_SHAPE)
    return code


def build_with(code: Path, small: Small) -> subprocess.CompletedProcess[str]:
    call = (
        "import sys; from pathlib import Path; from pipelines.build import build; "
        "print(build(Path(sys.argv[1]), Path(sys.argv[2])).release_id)"
    )
    return subprocess.run(
        [sys.executable, "-c", call, small.store, small.data],
        cwd=code,
        capture_output=True,
        text=True,
        check=False,
    )


GRANT_COLUMNS = ("grant", "programme", "amount_eur", "site", "source_url")


def grants(*names: str, site: str = "") -> list[dict[str, str]]:
    common = {
        "programme": "digital-europe",
        "amount_eur": "5.00",
        "site": site,
        "source_url": "https://example.eu/g",
    }
    return [{"grant": name, **common} for name in names]


def test_a_new_shape_with_a_staging_and_a_source_is_in_the_release(small: Small, copied_code: Path) -> None:
    write_source(small.data / "sources" / "grants", "grant_line", grants("g-1", "g-2"), columns=GRANT_COLUMNS)
    add_staging(copied_code)
    built = build_with(copied_code, small)
    assert built.returncode == 0, built.stderr
    release_id = built.stdout.split()[-1]
    entries = ask(
        small,
        release_id,
        "select entry_id, heading, amount_eur::varchar from ledger where source_id = 'grants' order by all",
    )
    assert entries == [("grants:g-1", "g-1", "5.00"), ("grants:g-2", "g-2", "5.00")]
    assert row_outcomes(small, release_id, "grants") == [("ledger", "in-release", "-", 2)]


@pytest.mark.slow
def test_a_staging_of_a_new_shape_that_loses_a_row_stops_the_build(small: Small, copied_code: Path) -> None:
    write_source(small.data / "sources" / "grants", "grant_line", grants("g-1", "g-2"), columns=GRANT_COLUMNS)
    add_staging(copied_code, "where line.grant <> 'g-2'")
    before = releases.current(small.store)
    built = build_with(copied_code, small)
    assert built.returncode == 1
    assert (
        "grants/rows.csv, row 3: “rows 3” 1 rows of the shape grant_line are not in the table ledger"
        in built.stderr
    )
    assert releases.current(small.store) == before


@pytest.mark.slow
def test_a_shape_that_fills_the_ledger_needs_a_staging(small: Small, copied_code: Path) -> None:
    built = build_with(copied_code, small)
    assert built.returncode == 1
    assert "stg_grant_line" in built.stderr and "pipelines/sql/staging/" in built.stderr
    assert "pipelines.findings.Refused" in built.stderr


@pytest.mark.slow
def test_a_reference_in_a_new_shape_is_checked(small: Small, copied_code: Path) -> None:
    write_source(
        small.data / "sources" / "grants", "grant_line", grants("g-1", site="nowhere"), columns=GRANT_COLUMNS
    )
    add_staging(copied_code)
    built = build_with(copied_code, small)
    assert built.returncode == 1
    assert "grants/rows.csv, row 2, site: “nowhere” names no site that we have." in built.stderr


# --- imported lists, written by hand


@pytest.mark.slow
def test_a_list_of_commitments_written_by_hand_is_in_the_release(small: Small) -> None:
    write_source(small.data / "sources" / "by-hand", "commitment_line", [LINE, LINE], "import_no = 1")
    built = small.build()
    entries = ask(
        small,
        built.release_id,
        "select entry_id, amount_eur::varchar, source_url from ledger where source_id = 'by-hand' order by all",
    )
    assert entries == [
        (f"by-hand:2024-SI2.1-{number}", "1200.50", "https://example.eu/list") for number in (1, 2)
    ]
    assert row_outcomes(small, built.release_id, "by-hand") == [
        ("ledger", "in-release", "-", 2),
        ("projects", "in-release", "-", 2),
    ]


@pytest.mark.slow
def test_its_lines_take_the_place_of_sums_and_the_release_says_so(small: Small) -> None:
    write_source(
        small.data / "sources" / "by-hand",
        "commitment_line",
        [LINE | {"dataset": "fts/2021/CNECT"}],
        "import_no = 1",
    )
    sums = [row["dataset"] for row in small.rows("published-sums", "sums.csv")]
    assert row_outcomes(small, small.build().release_id, "published-sums") == [
        ("ledger", "in-release", "-", len(sums) - sums.count("fts/2021/CNECT")),
        ("ledger", "replaced", "by-hand", sums.count("fts/2021/CNECT")),
    ]


@pytest.mark.parametrize("shape", sorted(name for name, shape in SHAPES.items() if shape.is_imported))
def test_an_imported_shape_without_the_number_of_its_import_is_refused(small: Small, shape: str) -> None:
    write_source(small.data / "sources" / "by-hand", shape, [])
    (found,) = small.refusal()
    assert (found.code, found.file, found.column) == (
        "import-number-missing",
        "by-hand/source.toml",
        "import_no",
    )
    assert "Write import_no = 1" in found.remedy and "rows.csv" in found.problem


@pytest.mark.parametrize("number", ['"1"', "0", "-1", "1.5", "true"])
def test_the_number_of_an_import_is_a_whole_number(small: Small, number: str) -> None:
    write_source(small.data / "sources" / "by-hand", "commitment_line", [LINE], f"import_no = {number}")
    (found,) = small.refusal()
    assert (found.code, found.file, found.column) == ("not-a-count", "by-hand/source.toml", "import_no")


def test_lines_of_a_list_need_the_page_where_it_is_published(small: Small) -> None:
    write_source(small.data / "sources" / "by-hand", "commitment_line", [LINE], "import_no = 1")
    small.replace("by-hand", "source.toml", 'url = "https://example.eu/list"\n', "")
    (found,) = small.refusal()
    assert (found.code, found.column) == ("required-missing", "url")


@pytest.mark.slow
def test_an_older_import_of_a_list_is_replaced_and_the_release_says_by_which(small: Small) -> None:
    write_source(small.data / "sources" / "older", "commitment_line", [LINE, LINE], "import_no = 1")
    write_source(small.data / "sources" / "newer", "commitment_line", [LINE], "import_no = 2")
    built = small.build()
    assert row_outcomes(small, built.release_id, "older") == [
        ("ledger", "replaced", "newer", 2),
        ("projects", "replaced", "newer", 2),
    ]
    assert ask(
        small, built.release_id, "select count(*) from ledger where level = 'line' and year = 2024"
    ) == [(1,)]


def test_two_imports_of_a_list_with_the_same_number_are_refused(small: Small) -> None:
    write_source(small.data / "sources" / "one", "commitment_line", [LINE], "import_no = 1")
    write_source(small.data / "sources" / "two", "commitment_line", [LINE], "import_no = 1")
    (found,) = small.refusal()
    assert (found.code, found.file, found.value) == (
        "import-number-doubled",
        "two/source.toml",
        "fts/2024/HADEA",
    )
    assert "one" in found.problem and "higher import_no" in found.remedy


def test_of_a_call_the_newest_list_counts_even_within_one_import(small: Small) -> None:
    call = {"topic": "ERC-2026-X", "title": "X", "ai_scope": "outside", "listed_on": "2026-05-04"}
    write_source(
        small.data / "sources" / "calls",
        "call_line",
        [call, call | {"listed_on": "2026-05-11"}],
        "import_no = 1",
    )
    assert row_outcomes(small, small.build().release_id, "calls") == [
        ("calls", "in-release", "-", 1),
        ("calls", "replaced", "calls", 1),
    ]


def test_participations_without_the_list_of_their_projects_are_named(small: Small) -> None:
    row = {"dataset": "cordis/HORIZON", "project_id": "1"}
    write_source(small.data / "sources" / "by-hand", "participation_line", [row] * 12, "import_no = 1")
    (found,) = small.refusal()
    assert (found.code, found.file, found.row) == (LOST, "by-hand/rows.csv", 2)
    assert found.value == "rows 2, 3, 4, 5, 6, 7, 8, 9"
    assert "12 rows of the shape participation_line are not in the table participations" in found.problem
    assert "left_out_participation_line.sql" in found.remedy


def test_a_rule_of_overlap_that_no_line_obeys_is_left_out_for_a_reason(small: Small) -> None:
    small.change("envelopes", "overlap_rules.csv", 2, from_year="2032", to_year="2033")
    outcomes = row_outcomes(small, small.build().release_id, "envelopes")
    assert (
        "overlaps",
        "left-out",
        "The ledger has no published line of this family and programme in these years.",
        1,
    ) in outcomes


def test_the_release_counts_every_row_of_every_source_once(small: Small) -> None:
    release_id = releases.require_current(small.store)
    first = {name: shape.fills[0].table for name, shape in SHAPES.items()}
    counted: dict[object, int] = {}
    for source, shape, target, rows in ask(
        small, release_id, "select source_id, shape, target, rows from row_outcomes"
    ):
        if target == first[str(shape)]:
            assert isinstance(rows, int)
            counted[source] = counted.get(source, 0) + rows
    assert counted == dict(ask(small, release_id, "select source_id, rows from sources"))


# --- whatever SQL file loses rows
