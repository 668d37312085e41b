"""What ships is drawn from imports: an extract that gives way to every import of its list."""

import csv
import json
import tomllib
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines import releases
from pipelines.file_schemas import SHAPES
from pipelines.importers import IMPORTERS
from pipelines.importers.source_writer import import_source
from pipelines.importers.write_shipped_lines import EXTRACTS, Extract, write_shipped_lines
from pipelines.importers.write_shipped_sums import write_line_sums
from pipelines.person_names import looks_like_a_person
from tests.conftest import Small
from tests.paths import DATA
from tests.pipelines.importers.common import export


def list_of_calls(folder: Path, day: str, budget: str) -> Path:
    """A list of three topics: two share a budget of a call of Digital Europe, one is not of ours."""
    topics = ("DIGITAL-2026-X-10-ONE", "DIGITAL-2026-X-10-TWO", "LIFE-2026-Y")
    grants = [
        {
            "identifier": topic,
            "title": f"Title of {topic}",
            "callIdentifier": topic[:16],
            "status": {"label": "Forthcoming"},
            "budget": {"totalBudgetEur": budget},
        }
        for topic in topics
    ]
    path = folder / f"calls_{day}.json"
    path.write_text(json.dumps({"generatedAt": day, "grants": grants}), "utf-8")
    return path


def ask(small: Small, question: str) -> list[tuple[object, ...]]:
    release_id = small.build().release_id
    with releases.open_read_only(release_id, small.store) as connection:
        return connection.execute(question).fetchall()


def ship(small: Small, folder: Path, day: str, budget: str) -> None:
    """Import a list into a store apart, and draw what ships from it."""
    apart = folder / f"store-{day}-{budget}"
    import_source("calls", [str(list_of_calls(folder, day, budget))], apart)
    write_shipped_lines((apart / "sources").iterdir(), small.data / "sources")


def test_calls_of_ours_ship_as_an_extract(small: Small, tmp_path: Path) -> None:
    ship(small, tmp_path, "2026-03-13", "12500000")
    about = tomllib.loads(small.path("funding-tenders-calls").read_text("utf-8"))
    assert "import_no" not in about
    assert about["extract"].startswith("calls of Digital Europe")
    assert about["file"]["call_lines.csv"]["expect"] == {"rows": 2, "budget_eur": "25000000.00"}


@pytest.mark.slow
def test_a_shared_budget_counts_once(small: Small, tmp_path: Path) -> None:
    ship(small, tmp_path, "2026-03-13", "12500000")
    assert ask(
        small,
        "select count(*), sum(budget_eur)::varchar, sum(budget_once_eur)::varchar, max(budget_topics) from calls",
    ) == [(2, "25000000.00", "12500000.00", 2)]


@pytest.mark.slow
def test_an_import_takes_the_place_of_what_ships_also_on_the_same_day(small: Small, tmp_path: Path) -> None:
    ship(small, tmp_path, "2026-03-13", "12500000")
    import_source("calls", [str(list_of_calls(tmp_path, "2026-03-13", "15000000"))], small.store)
    import_source("calls", [str(list_of_calls(tmp_path, "2026-08-22", "17000000"))], small.store)
    assert ask(
        small,
        "select count(*), sum(budget_once_eur)::varchar, min(budget_history), min(first_listed_on)::varchar "
        "from calls where topic like 'DIGITAL%'",
    ) == [(2, "17000000.00", "15000000.00 > 17000000.00", "2026-03-13")]


COMMITMENTS = (
    {"Subject of grant or contract": "Artificial intelligence", "Beneficiary’s contracted amount (EUR)": 10},
    {
        "Subject of grant or contract": "Supercomputers",
        "Beneficiary’s contracted amount (EUR)": 5.5,
        "Name of beneficiary": "ANNA NOWAK",
    },
    {"Subject of grant or contract": "Roads", "Beneficiary’s contracted amount (EUR)": 100},
)


def ship_commitments(small: Small, folder: Path) -> None:
    """Three commitments of one list, of which two are AI: the sums of all ship, and the lines of the two."""
    lines = [
        {"Year": 2021, "Reference (Budget)": f"JAG.{number}", **one} for number, one in enumerate(COMMITMENTS)
    ]
    import_source("fts", [str(export(folder / "list.xlsx", *lines))], folder / "apart")
    imports = [*(folder / "apart" / "sources").iterdir()]
    write_line_sums(imports, small.data / "sources" / "published-sums")
    write_shipped_lines(imports, small.data / "sources")


SUMS = "select ai_scope, source_id, count(*), sum(amount_eur)::varchar from ledger where level = 'line' group by all order by all"


@pytest.mark.slow
def test_the_lines_of_an_extract_take_the_place_of_their_sums_and_no_total_changes(
    small: Small, tmp_path: Path
) -> None:
    ship_commitments(small, tmp_path)
    small.path("ai-commitments").rename(tmp_path / "source.toml")
    without = ask(small, SUMS)
    (tmp_path / "source.toml").rename(small.path("ai-commitments"))
    held = ask(small, SUMS)
    assert [(scope, euros) for scope, _, _, euros in without] == [
        (scope, euros) for scope, _, _, euros in held
    ]
    assert [(scope, source) for scope, source, _, _ in held] == [
        ("broad", "ai-commitments"),
        ("outside", "published-sums"),
        ("strict", "ai-commitments"),
    ]
    assert ask(
        small,
        "select target, outcome, rows from row_outcomes where source_id = 'published-sums' order by all",
    ) == [
        ("ledger", "in-release", 1),
        ("ledger", "replaced", 2),
    ]


@pytest.mark.slow
def test_a_whole_list_takes_the_place_of_sums_and_of_its_extract(small: Small, tmp_path: Path) -> None:
    ship_commitments(small, tmp_path)
    import_source("fts", [str(tmp_path / "list.xlsx")], small.store)
    assert [(scope, source[:4], euros) for scope, source, _, euros in ask(small, SUMS)] == [
        ("broad", "fts-", "5.50"),
        ("outside", "fts-", "100.00"),
        ("strict", "fts-", "10.00"),
    ]
    assert ask(small, "select distinct outcome from row_outcomes where source_id = 'ai-commitments'") == [
        ("replaced",)
    ]


def test_names_of_people_do_not_ship(small: Small, tmp_path: Path) -> None:
    ship_commitments(small, tmp_path)
    assert {row["beneficiary"] for row in small.rows("ai-commitments", "commitment_lines.csv")} == {
        "",
        "ACADEMIA",
    }


@pytest.mark.parametrize(
    "name", ["ANNA NOWAK", "Müller, Hans", "Dr. X. Y.", "Jean-Pierre Dupont", "natural person"]
)
def test_a_name_of_a_person_is_known(name: str) -> None:
    assert looks_like_a_person(name)


@pytest.mark.parametrize(
    "name",
    ["", "ROBERT BOSCH GMBH", "FONDAZIONE BRUNO KESSLER", "MARTEL GMBH", "STAD ROESELARE", "CLARIN ERIC"],
)
def test_a_name_of_an_organisation_is_no_person(name: str) -> None:
    assert not looks_like_a_person(name)


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.folder)
def test_an_extract_is_not_taken_for_an_import(extract: Extract) -> None:
    assert extract.folder.split("-")[0] not in {kind.split("-")[0] for kind in IMPORTERS}


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.folder)
def test_what_ships_holds_only_what_its_extract_says(extract: Extract) -> None:
    with (DATA / "sources" / extract.folder / f"{extract.shape}s.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        lines = list(csv.DictReader(stream))
    assert lines and list(lines[0]) == list(SHAPES[extract.shape].cells)
    assert all(extract.keeps(line) for line in lines)
    assert not [line for column, must_go in extract.blanks.items() for line in lines if must_go(line[column])]


def test_shipped_commitments_are_as_many_euros_as_the_sums_that_they_take_the_place_of() -> None:
    """Of CORDIS the lines are newer than the sums: every project has an amount now, some an amended one."""
    euros: dict[str, dict[tuple[str, str], Decimal]] = {
        "sums": defaultdict(Decimal),
        "lines": defaultdict(Decimal),
    }
    number: dict[str, dict[tuple[str, str], int]] = {"sums": defaultdict(int), "lines": defaultdict(int)}
    for kind, file in (
        ("sums", "published-sums/sums.csv"),
        ("lines", "ai-commitments/commitment_lines.csv"),
    ):
        with (DATA / "sources" / file).open(encoding="utf-8", newline="") as stream:
            for line in csv.DictReader(stream):
                if line["ai_scope"] != "outside" and line["dataset"].startswith("fts/"):
                    key = line["dataset"], line["ai_scope"]
                    euros[kind][key] += Decimal(line["amount_eur"] or 0)
                    number[kind][key] += int(line.get("lines", 1))
    assert euros["sums"] == euros["lines"]
    assert number["sums"] == number["lines"]


@pytest.mark.slow
def test_a_newer_list_of_projects_takes_the_place_of_what_ships_and_of_an_older_list(
    small: Small, tmp_path: Path
) -> None:
    lines = (
        "id,ecMaxContribution,legalBasis,title\n"
        "101000001,10,HORIZON.1.1,Machine learning\n"
        "101000002,5,HORIZON.1.1,Roads\n"
    )
    for number, extra in enumerate(("", "101000003,1,HORIZON.1.1,Rails\n"), start=1):
        (tmp_path / f"projects_2025-0{number}.csv").write_text(lines + extra, "utf-8")
    import_source("cordis", [str(tmp_path / "projects_2025-01.csv")], tmp_path / "apart")
    write_shipped_lines((tmp_path / "apart" / "sources").iterdir(), small.data / "sources")
    shipped = "select count(*) from projects where source_id = 'ai-projects'"
    assert ask(small, shipped) == [(1,)]
    for number in (1, 2):
        import_source("cordis", [str(tmp_path / f"projects_2025-0{number}.csv")], small.store)
        assert ask(small, "select count(*), sum(eu_contribution_eur)::varchar from projects") == [
            (1 + number, f"{14 + number}.00")
        ]
        assert ask(small, shipped) == [(0,)]
