"""Stages of one line, days and years, codes without their zero, the last list of a publisher, persons."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.findings import Finding
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.lost_zeros import lost_zeros
from pipelines.intake.read_upload import read
from pipelines.intake.recipes import Recipe
from pipelines.intake.validate import judge
from pipelines.publishing.submission import COLUMNS
from tests.pipelines.intake.conftest import Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")
WORDS = read_vocabularies()
LINE = {
    "programme": "horizon-europe",
    "stage": "committed",
    "basis": "eu-contribution",
    "amount_eur": "1000.00",
    "year": "2024",
    "country": "DE",
    "beneficiary": "Example GmbH",
    "heading": "02 04 01 Intelligence",
    "source_url": "https://example.org/list",
}
PUBLISHED = {
    "entry_id": "upload-1:2",
    "programme": "horizon-europe",
    "initiative": None,
    "stage": "committed",
    "basis": "eu-contribution",
    "amount_eur": Decimal("1000.00"),
    "year": 2024,
    "country": "DE",
    "site_id": None,
    "beneficiary": "Example GmbH",
    "heading": "02 04 01 Intelligence",
    "level": "year",
    "superseded_on": None,
    "source_id": "upload-1",
    "publisher": "Agency",
    "document_publisher": "example.org",
}
SCHEMA = pa.schema(
    [
        (name, {"amount_eur": pa.decimal128(18, 2), "year": pa.int32(), "superseded_on": pa.date32()}.get(name, pa.string()))
        for name in PUBLISHED
    ]
)  # fmt: skip


def ledger(*changes: dict[str, object]) -> pa.Table:
    """Published lines, each as PUBLISHED but for its changes."""
    return pa.Table.from_pylist([PUBLISHED | change for change in changes], schema=SCHEMA)


def found(
    folder: Path, code: str, *changes: dict[str, str], published: pa.Table | None = None
) -> list[Finding]:
    """The findings of a kind in a template whose rows are as LINE but for their changes."""
    path = folder / "list.csv"
    rows = [LINE | change for change in changes]
    lines = [",".join(COLUMNS), *(",".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [one for one in judge(read(path), WORDS, published).findings if one.code == code]


STAGES: list[tuple[Sequence[tuple[str, str]], list[str]]] = [
    ([("committed", "100.00"), ("contracted", "90.00"), ("paid", "90.00")], []),
    ([("committed", "100.00"), ("contracted", "100.01"), ("paid", "90.00")], ["F3"]),
    ([("paid", "90.01"), ("contracted", "90.00"), ("committed", "100.00")], ["F2"]),
    ([("committed", "100.00"), ("paid", "60.00"), ("paid", "60.00")], ["F3"]),
    ([("committed", "0.00"), ("paid", "60.00")], []),
    ([("announced", "10.00"), ("paid", "60.00")], []),
]


@pytest.mark.parametrize(("stages", "cells"), STAGES)
def test_no_stage_of_a_line_exceeds_an_earlier_one(
    stages: Sequence[tuple[str, str]], cells: list[str], tmp_path: Path
) -> None:
    rows = [{"stage": stage, "amount_eur": amount} for stage, amount in stages]
    assert [one.cell for one in found(tmp_path, "above-earlier-stage", *rows)] == cells


def test_other_lines_years_and_bases_are_not_compared(tmp_path: Path) -> None:
    for other in (
        {"heading": "02 04 02 Skills"},
        {"year": "2025"},
        {"basis": "total-cost"},
        {"country": "FR"},
    ):
        rows = [{"amount_eur": "10.00"}, {"stage": "paid", "amount_eur": "90.00"} | other]
        assert not found(tmp_path, "above-earlier-stage", *rows), other


def test_the_same_code_is_the_same_line_whatever_is_written_behind_it(tmp_path: Path) -> None:
    rows = [{"amount_eur": "10.00"}, {"stage": "paid", "amount_eur": "90.00", "heading": "02 04 01 - AI"}]
    (finding,) = found(tmp_path, "above-earlier-stage", *rows)
    assert "90.00 is paid" in finding.problem and "10.00 is committed, by row 2" in finding.problem


def test_a_stage_is_compared_with_what_is_published(tmp_path: Path) -> None:
    paid = {"stage": "paid", "amount_eur": "1000.01"}
    (finding,) = found(tmp_path, "above-earlier-stage", paid, published=ledger({}))
    assert finding.row == 2 and "upload-1:2" in finding.problem
    assert not found(tmp_path, "above-earlier-stage", paid | {"amount_eur": "1000.00"}, published=ledger({}))
    # what the file says of a stage takes the place of what is published of it
    assert not found(tmp_path, "above-earlier-stage", paid, {"amount_eur": "2000.00"}, published=ledger({}))
    lower = {"amount_eur": "900.00"}
    assert found(tmp_path, "above-earlier-stage", lower, published=ledger({"stage": "contracted"}))


def test_stages_in_columns_of_one_row_are_compared(write: Write) -> None:
    path = write(
        [
            ["Project", "Year", "EU contribution committed (EUR)", "EU contribution paid (EUR)"],
            ["A", "2024", "100.00", "90.00"],
            ["B", "2024", "100.00", "190.00"],
        ]
    )
    first = read(path)
    amounts = [one.column for one in first.recipe.amounts]
    assert len(amounts) == 2
    recipe = with_stages(first.recipe, dict(zip(amounts, ("committed", "paid"), strict=True)))
    findings = judge(read(path, recipe), WORDS).findings
    assert [one.cell for one in findings if one.code == "above-earlier-stage"] == ["D3"]


def with_stages(recipe: Recipe, stages: dict[str, str]) -> Recipe:
    """The recipe with a stage for each column of amounts, and the constants that it lacks."""
    constants = {
        "programme": "horizon-europe",
        "basis": "eu-contribution",
        "source_url": "https://example.org",
    }
    amounts = tuple(
        replace(one, constants={**one.constants, "stage": stages[one.column]}, own_money=True)
        for one in recipe.amounts
    )
    return replace(recipe, amounts=amounts, constants={**constants, **recipe.constants})


@pytest.mark.parametrize(
    ("stage", "day", "is_odd"),
    [
        ("paid", "2024-12-31", False),
        ("paid", "2023-12-31", True),
        ("contracted", "2025-01-01", True),
        ("programmed", "2023-11-01", False),
        ("announced", "2021-02-03", False),
        ("programmed", "2025-01-01", True),
    ],
)
def test_a_day_lies_in_the_year_of_its_row(stage: str, day: str, is_odd: bool, tmp_path: Path) -> None:
    findings = found(tmp_path, "date-outside-year", {"stage": stage, "dated_on": day})
    assert [one.cell for one in findings] == (["L2"] if is_odd else [])


def test_one_day_for_all_rows_is_told_once(tmp_path: Path) -> None:
    rows = [{"dated_on": "2026-03-01", "heading": f"Line {at}"} for at in range(9)]
    (finding,) = found(tmp_path, "date-outside-year", *rows)
    assert "8 more rows" in finding.problem


@pytest.mark.parametrize(
    ("texts", "lost"),
    [
        (["02 04 01", "02 04 03", "2 04 05"], {"2 04 05": "02 04 05"}),
        (["02.04.01 AI", "03.01.02 X", "4.01.02 Y"], {"4.01.02 Y": "04.01.02"}),
        (["01067", "01069", "04109", "4229"], {"4229": "04229"}),
        (["0012", "0013", "14"], {"14": "0014"}),
        (["01067", "99084", "80331"], {}),
        (["02 04 01", "12 01 01", "20 02 01"], {}),
        (["2021", "2022", "02021"], {}),
        (["1", "2", "10", "11"], {}),
        (["01.02.2024", "11.02.2024", "1.03.2024"], {}),
        (["3 AI factories", "19 sites"], {}),
        (["100000", "200000", "300000", "0400000"], {}),
    ],
)
def test_a_code_that_lost_its_zero_is_told_from_others(texts: list[str], lost: dict[str, str]) -> None:
    assert lost_zeros(texts) == lost


def test_codes_of_the_release_tell_a_lost_zero_too(tmp_path: Path) -> None:
    assert lost_zeros(["2 04 01"], {"02 04 01"}) == {"2 04 01": "02 04 01"}
    assert lost_zeros(["2 04 01"], {"02 04 01", "2 04 01"}) == {}
    (finding,) = found(tmp_path, "code-lost-zero", {"heading": "2 04 01 Intelligence"}, published=ledger({}))
    assert (finding.cell, "02 04 01" in finding.problem) == ("K2", True)


def test_a_column_that_is_left_out_may_hold_the_codes(write: Write) -> None:
    path = write(
        [
            ["Kennung", "Vorhaben", "Jahr", "Betrag (EUR)"],
            ["01.02.03", "A", "2024", "100.00"],
            ["01.02.04", "B", "2024", "250.00"],
            ["1.02.05", "C", "2024", "300.00"],
        ]
    )
    outcome = completed(path)
    assert outcome.is_accepted and outcome.euros == 650
    assert [one.cell for one in outcome.verdict.findings if one.code == "code-lost-zero"] == ["A4"]


def last_list(**changes: object) -> pa.Table:
    """Six published lines of one publisher."""
    return ledger(*({"heading": f"Line {at}", "entry_id": f"upload-1:{at}"} | changes for at in range(6)))


@pytest.mark.parametrize(
    ("amount", "rows", "codes"),
    [
        ("1000.00", 6, set()),
        ("9999.00", 6, set()),
        ("10000.00", 6, {"amounts-jump"}),
        ("1000000.00", 6, {"amounts-jump"}),
        ("1.00", 6, {"amounts-jump"}),
        ("2000.00", 3, {"rows-halved"}),
        ("1500.00", 4, set()),
    ],
)
def test_a_jump_against_the_last_list_of_the_publisher(
    amount: str, rows: int, codes: set[str], tmp_path: Path
) -> None:
    lines = [{"amount_eur": amount, "heading": f"Line {at}"} for at in range(rows)]
    told = {
        code
        for code in ("amounts-jump", "rows-halved")
        if found(tmp_path, code, *lines, published=last_list())
    }
    assert told == codes


@pytest.mark.parametrize(
    "other",
    [{"document_publisher": "example.com"}, {"level": "line"}, {"stage": "paid"}, {"programme": "digital-europe"}],
)  # fmt: skip
def test_other_publishers_levels_stages_and_programmes_are_not_compared(
    other: dict[str, object], tmp_path: Path
) -> None:
    assert not found(tmp_path, "amounts-jump", {"amount_eur": "90000000.00"}, published=last_list(**other))


def test_a_list_of_another_year_is_compared_with_the_newest(tmp_path: Path) -> None:
    lines = [{"amount_eur": "60000000.00", "year": "2025"}]
    assert found(tmp_path, "amounts-jump", *lines, published=last_list())


def test_a_row_without_a_programme_does_not_hide_the_jump_of_the_others(tmp_path: Path) -> None:
    lines = [{"amount_eur": "60000000.00"}, {"programme": ""}, {"stage": ""}]
    assert found(tmp_path, "amounts-jump", *lines, published=last_list())
    assert len(found(tmp_path, "required-missing", *lines, published=last_list())) == 2


def test_a_stage_is_compared_with_the_ledger_whatever_the_case_of_the_beneficiary(tmp_path: Path) -> None:
    paid = {"stage": "paid", "amount_eur": "1000.01"}
    for who in ("EXAMPLE GMBH", " example gmbh"):
        published = ledger({"beneficiary": who})
        assert found(tmp_path, "above-earlier-stage", paid, published=published), who
    assert not found(tmp_path, "above-earlier-stage", paid, published=ledger({"beneficiary": "Example"}))


def test_persons_are_told_once_by_name_with_what_becomes_of_them(tmp_path: Path) -> None:
    rows = [
        {"beneficiary": name} for name in ("Anna Example", "Anna Example", "Example Institute", "Herr Muster")
    ]
    findings = found(tmp_path, "natural-person", *rows)
    assert [(one.cell, one.value, one.severity) for one in findings] == [
        ("J2", "Anna Example", "warning"),
        ("J5", "Herr Muster", "warning"),
    ]
    assert all("name withheld" in one.problem for one in findings)
    shown = judge(read(tmp_path / "list.csv"), WORDS, show_names=["Anna Example", "Example Institute"])
    assert (shown.persons, shown.names_shown) == (("Anna Example", "Herr Muster"), ("Anna Example",))
    assert any("second person" in one.problem for one in shown.findings)


def test_words_of_all_languages_are_codes_and_one_bad_cell_hides_no_other(write: Write) -> None:
    path = write(
        [
            ["Programm", "Stand", "Land", "Vorhaben", "Jahr", "Betrag (EUR)"],
            ["Horizont Europa", "Zahlungen", "Deutschland", "A", 2024, "100.00"],
            ["Cyfrowa Europa", "engagement", "Frankreich (FR)", "B", 2024, "200.00"],
            ["Digital Europe", "comitted", "Atlantis", "C", 2023.5, "x"],
        ]
    )
    outcome = completed(path)
    told = {(one.column, one.code) for one in outcome.verdict.findings if one.row == 4}
    assert {("country", "unknown-word"), ("amount_eur", "amount-word")} <= told
    assert any(one.column == "country" and one.row == 4 for one in outcome.verdict.findings)
    rows = outcome.reading.blocks[0].table
    assert rows["country"].to_pylist()[:2] == ["DE", "FR"]
    assert rows["programme"].to_pylist()[:2] == ["horizon-europe", "digital-europe"]


def test_a_site_is_known_by_its_name_and_another_names_the_nearest(tmp_path: Path) -> None:
    found(tmp_path, "", {"site": "Lumi AI-factory"}, {"site": "lumi-ai-factory"}, {"site": "LUMI fabrik"})
    sites = frozenset(("lumi-ai-factory", "mimer"))
    names = frozenset(("lumi-ai-factory: LUMI AI Factory", "mimer: MIMER"))
    verdict = judge(read(tmp_path / "list.csv"), {**WORDS, "site": sites, "site_names": names})
    assert verdict.rows["site"].to_pylist() == ["lumi-ai-factory", "lumi-ai-factory"]
    told = {one.code: one for one in verdict.findings if one.column == "site"}
    assert told["word-replaced"].cell == "I2"
    assert "lumi-ai-factory” (LUMI AI Factory)" in told["no-such-site"].remedy
