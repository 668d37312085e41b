"""Euros per accelerator, petaflop and megawatt: only where a source gives both, as exactly as it does."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pages.http import request_params
from pages.parts.text import compute_cost as text
from pages.parts.views import FIGURES
from pipelines import frame_rows
from pipelines.queries import compute_cost as ask
from pipelines.queries.release_answers import ReleaseData

ROW: dict[str, Any] = {
    "unit": "accelerator",
    "amount_eur": Decimal(80_000_000),
    "qualifier": "exact",
    "units_said": "1,000",
    "units": Decimal(1_000),
    "eur_per_unit": Decimal(80_000),
    "eur_per_unit_low": None,
    "cost_usd": None,
}


@pytest.fixture(scope="module")
def answers(store: Path) -> Iterator[ReleaseData]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_STORE", str(store))
        yield request_params.answers()


@pytest.mark.parametrize("unit", ask.UNITS)
def test_a_cost_is_the_total_over_the_units_and_missing_if_one_is(unit: str, answers: ReleaseData) -> None:
    every = frame_rows.records(answers.read(ask.machines, unit))
    rows = [row for row in every if row["site_id"] is not None]
    sites = frame_rows.records(
        answers.ask(f"select * from sites where kind in {ask.KINDS}")  # noqa: S608
    )
    assert {row["site_id"] for row in rows} == {site["site_id"] for site in sites}
    assert len(rows) == len(sites)
    for row in rows:
        if row["amount_eur"] is None or row["units"] is None:
            assert row["eur_per_unit"] is None
        else:
            assert abs(row["eur_per_unit"] * row["units"] - row["amount_eur"]) < Decimal("0.01")
    column = {"petaflop": "peak_pflops", "megawatt": "power_mw"}.get(unit)
    if column:
        stated = {site["site_id"]: site[column] for site in sites}
        assert all((row["units"] is None) == (stated[row["site_id"]] is None) for row in rows)


@pytest.mark.parametrize(
    ("said", "units", "most"),
    [
        ("1,328", 1328, None),
        ("about 24,000", 24000, None),
        ("over 100,000 planned", 100000, None),
        ("650 to 700 planned", 650, 700),
        ("AMD MI430X, number not stated", None, None),
        ("H100 and H200", None, None),
        ("", None, None),
    ],
)
def test_a_number_of_accelerators_is_read_as_its_source_writes_it(
    said: str, units: int | None, most: int | None, answers: ReleaseData
) -> None:
    parts = (f"nullif(replace(regexp_extract('{said}', '{one}', 1), ',', ''), '')" for one in ask.NUMBERS)
    row = answers.ask(f"select {', '.join(f'cast({part} as int)' for part in parts)}").iloc[0]
    assert [None if value is None else int(value) for value in row] == [units, most]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "€80,000"),
        ({"units_said": "over 1,000"}, "under €80,000"),
        ({"qualifier": "up-to"}, "under €80,000"),
        ({"units_said": "about 1,000"}, "about €80,000"),
        ({"qualifier": "about"}, "about €80,000"),
        ({"qualifier": "at-least"}, "about €80,000"),
        ({"qualifier": "over", "units_said": "over 1,000"}, "about €80,000"),
        ({"units_said": "1,000 to 2,000", "eur_per_unit_low": Decimal(40_000)}, "€40,000 to €80,000"),
        ({"eur_per_unit": None}, "no data"),
    ],
)
def test_a_cost_is_no_more_exact_than_its_two_numbers(changes: dict[str, Any], words: str) -> None:
    assert text.cost({**ROW, **changes}) == words


def test_the_figure_says_how_many_are_known_and_the_table_what_is_missing(answers: ReleaseData) -> None:
    made = FIGURES["compute_cost"].make(answers, {"unit": ("petaflop",)})
    assert made
    known = made.rows["eur_per_unit"].notna()
    assert f"of {len(made.rows)}\u00a0machines and bids" in made.subtitle
    assert len(made.values) == int(known.sum()) < len(made.rows) == len(made.table)
    lacking = made.table[made.table["Euros per unit"] == "no data"]
    assert len(lacking) == int((~known).sum())
    assert all("not published" in (row["Total cost"], row["Number"]) for _, row in lacking.iterrows())
    drawn = made.draw("light", "wide").figure()
    assert all(bar.x[0] > 0 for bar in drawn.data), "what is missing has no bar, and no bar of zero"


def test_machines_of_one_stage_alone_are_ranked(answers: ReleaseData) -> None:
    made = FIGURES["compute_cost"].make(answers, {"unit": ("petaflop",)})
    assert made
    known = [row for row in frame_rows.records(made.rows) if row["eur_per_unit"] is not None]
    stages = [row["stage"] for row in known]
    assert stages == sorted(stages, key=stages.index), "each stage stands together"
    for stage in set(stages):
        costs = [row["eur_per_unit"] for row in known if row["stage"] == stage]
        assert costs == sorted(costs, reverse=True)
    named = [row for row in known if row["site_name"] in made.title]
    assert len({row["stage"] for row in named}) == 1
