"""Each law of money can be broken, and a build that breaks one is refused by its name.

The laws themselves run in every build.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines import releases
from pipelines.engines import duckdb_engine
from tests.conftest import Small

ENTRIES = ("envelopes", "entries.csv")


def row(small: Small, key: str) -> int:
    return small.row_of(*ENTRIES, entry_key=key)


def a_guarantee_in_a_sum_of_grants(small: Small) -> None:
    small.change(
        "envelopes",
        "stated_totals.csv",
        2,
        members="envelopes:eurohpc-2026-horizon-europe;envelopes:investeu-guarantee-2025",
    )


def an_announcement_on_a_step_of_programmed_money(small: Small) -> None:
    small.change("overview", "ladder_steps.csv", 2, stage="programmed")


def a_total_of_a_funder_of_another_basis(small: Small) -> None:
    small.change("overview", "funder_totals.csv", 2, basis="total-cost")


def a_funder_who_does_not_pay_for_the_programme(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-total-2023"), funder="member-states")


def a_programme_that_is_an_initiative_too(small: Small) -> None:
    path = small.data / "reference" / "initiatives.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([*lines, lines[1].replace("investai,", "digital-europe,", 1)]) + "\n", encoding="utf-8"
    )


def a_circle_of_two(small: Small) -> None:
    first = small.rows("envelopes", "overlaps.csv")[0]
    small.add("envelopes", "overlaps.csv", like=2, container=first["contained"], contained=first["container"])


def a_thing_inside_itself(small: Small) -> None:
    small.add(
        "envelopes", "overlaps.csv", like=2, contained=small.rows("envelopes", "overlaps.csv")[0]["container"]
    )


def a_part_larger_than_its_whole(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-so2-ai-2023"), amount_eur="8168000000.01")


def a_zero_without_a_word(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-total-2023"), amount_eur="0.00", note="")


def a_formula_of_an_amount_that_was_stated(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-total-2023"), formula="1 + 1")


def a_figure_that_replaces_itself(small: Small) -> None:
    key = "digital-europe-total-2023"
    small.change(*ENTRIES, row(small, key), superseded_on="2026-01-20", superseded_by=f"envelopes:{key}")


def a_total_that_is_a_cent_off(small: Small) -> None:
    small.change("envelopes", "stated_totals.csv", 2, amount_eur="4122300000.01")


def a_conversion_that_does_not_fit_its_rate(small: Small) -> None:
    place = small.row_of("site-funding", "entries.csv", entry_key="lumi-ai-factory-total")
    small.change("site-funding", "entries.csv", place, rate="26")


def a_share_of_nobody_knows_what(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-total-2023"), confidence="calculated", formula="17 %")


def an_of_which_of_what_does_not_contain_it(small: Small) -> None:
    steps = small.rows("overview", "ladder_steps.csv")
    place = next(number for number, step in enumerate(steps, 2) if step["label"].startswith("Ceiling"))
    small.change("overview", "ladder_steps.csv", place, is_of_which="true")


BREAKS: dict[str, list[Callable[[Small], None]]] = {
    "law_01_one_stage_one_basis": [
        a_guarantee_in_a_sum_of_grants,
        an_announcement_on_a_step_of_programmed_money,
        a_total_of_a_funder_of_another_basis,
    ],
    "law_02_programme_initiative_funder": [
        a_funder_who_does_not_pay_for_the_programme,
        a_programme_that_is_an_initiative_too,
    ],
    "law_03_overlap_is_data": [a_circle_of_two, a_thing_inside_itself, a_part_larger_than_its_whole],
    "law_04_missing_is_not_zero": [a_zero_without_a_word],
    "law_05_stated_calculated_estimated": [a_formula_of_an_amount_that_was_stated],
    "law_06_history_is_not_edited": [a_figure_that_replaces_itself],
    "law_07_exact": [a_total_that_is_a_cent_off, a_conversion_that_does_not_fit_its_rate],
    "law_09_shares_show_their_whole": [a_share_of_nobody_knows_what],
    "law_12_of_which_is_inside": [an_of_which_of_what_does_not_contain_it],
}


def parts_a_cent_above_their_whole(small: Small) -> None:
    small.change(*ENTRIES, row(small, "digital-europe-so1-computing-2023"), amount_eur="2019914000.01")


# Laws that no source can break, because what stands before them is already refused. A mistake in the SQL can:
# a wrong join, a wrong filter.
MISTAKES = {
    "law_08_every_number_can_be_opened": (
        "documents",
        "from raw_documents",
        "from raw_documents where tier <> 'law-or-institution'",
    ),
    "law_10_nothing_vanishes": ("milestones", "left join sites", "inner join sites"),
    "law_11_no_net_above_its_whole": (
        "overlap_splits",
        "amount_eur end as bound_eur",
        "2 * amount_eur end as bound_eur",
    ),
}
NEEDED: dict[str, Callable[[Small], None]] = {  # what must be there for a mistake to show
    "law_11_no_net_above_its_whole": parts_a_cent_above_their_whole
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "change"),
    [pytest.param(law, change, id=change.__name__) for law, several in BREAKS.items() for change in several],
)
def test_a_broken_law_stops_the_build_and_is_named(
    small: Small, law: str, change: Callable[[Small], None]
) -> None:
    change(small)
    found = small.refusal()
    assert law.replace("_", "-") in {finding.code for finding in found}
    mine = next(finding for finding in found if finding.code == law.replace("_", "-"))
    assert duckdb_engine.title(law) in mine.problem
    assert mine.value and f"pipelines/sql/laws/{law}.sql" in mine.remedy


@pytest.mark.parametrize("law", MISTAKES)
def test_a_mistake_in_the_code_breaks_its_law(small: Small, law: str, tmp_path: Path) -> None:
    name, right, wrong = MISTAKES[law]
    shutil.copytree(
        duckdb_engine.SQL.parent, tmp_path / "pipelines", ignore=shutil.ignore_patterns("__pycache__")
    )
    file = tmp_path / "pipelines" / "sql" / duckdb_engine.sql_files()[name].relative_to(duckdb_engine.SQL)
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    NEEDED.get(law, lambda small: None)(small)
    before = releases.current(small.store)
    call = "import sys; from pathlib import Path; from pipelines.build import build; build(Path(sys.argv[1]), Path(sys.argv[2]))"
    done = subprocess.run(
        [sys.executable, "-c", call, small.store, small.data],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"breaks the law “{duckdb_engine.title(law)}”" in done.stderr
    assert releases.current(small.store) == before


def test_every_law_is_broken_by_a_test() -> None:
    assert sorted([*BREAKS, *MISTAKES]) == duckdb_engine.names("law_")


def test_the_shipped_release_breaks_no_law(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute("select law, title, breaking_rows from laws order by law").fetchall()
    assert found == [(law, duckdb_engine.title(law), 0) for law in duckdb_engine.names("law_")]
