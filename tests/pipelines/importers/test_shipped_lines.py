"""What ships is drawn from imports: an extract that gives way to every import of its list."""

import json
import tomllib
from pathlib import Path

from pipelines.importers.shipped_lines import write_shipped_lines
from pipelines.importers.source_writer import import_source
from tests.conftest import Small


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
    from pipelines import releases

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


def test_a_shared_budget_counts_once(small: Small, tmp_path: Path) -> None:
    ship(small, tmp_path, "2026-03-13", "12500000")
    assert ask(
        small,
        "select count(*), sum(budget_eur)::varchar, sum(budget_once_eur)::varchar, max(budget_topics) from calls",
    ) == [(2, "25000000.00", "12500000.00", 2)]


def test_an_import_takes_the_place_of_what_ships_also_on_the_same_day(small: Small, tmp_path: Path) -> None:
    ship(small, tmp_path, "2026-03-13", "12500000")
    import_source("calls", [str(list_of_calls(tmp_path, "2026-03-13", "15000000"))], small.store)
    import_source("calls", [str(list_of_calls(tmp_path, "2026-08-22", "17000000"))], small.store)
    assert ask(
        small,
        "select count(*), sum(budget_once_eur)::varchar, min(budget_history), min(first_listed_on)::varchar "
        "from calls where topic like 'DIGITAL%'",
    ) == [(2, "17000000.00", "15000000.00 > 17000000.00", "2026-03-13")]
