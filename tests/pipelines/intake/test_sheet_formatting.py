"""What a workbook hides or writes beside its cells, and rates for rows in another currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.intake.read_upload import read
from pipelines.intake.recipes import Rate
from tests.pipelines.intake.conftest import Write, completed
from tests.pipelines.intake.ods_file import cell, hidden_sheet, ods_bytes

pytestmark = pytest.mark.usefixtures("in_this_process")


def ods(folder: Path, rows: list[tuple[str, list[str]]], more: str = "") -> Path:
    """An ODS with one sheet, as a file."""
    path = folder / "list.ods"
    path.write_bytes(ods_bytes(rows, more))
    return path


HEADER = ("", [cell("Projekt"), cell("Jahr"), cell("Betrag")])


def row(name: str, amount: str, given: str = "") -> tuple[str, list[str]]:
    return given, [cell(name), cell(2024), amount]


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_and_sheets_of_an_ods_are_named(how: str, tmp_path: Path) -> None:
    sheet = hidden_sheet("Old")
    rows = [
        HEADER,
        row("A", cell(1250)),
        row("B", cell(99999), f'table:visibility="{how}"'),
        row("C", cell(830)),
    ]
    outcome = completed(ods(tmp_path, rows, sheet))
    hidden = [str(finding) for finding in outcome.verdict.findings if finding.code == "hidden-part"]
    assert any("row 3" in one for one in hidden) and any("Old" in one for one in hidden)


def test_the_currency_of_a_cell_of_an_ods_is_its_own(tmp_path: Path) -> None:
    rows = [HEADER, row("A", cell(1250, "EUR")), row("B", cell(830_000, "CZK")), row("C", cell(4120, "EUR"))]
    outcome = completed(ods(tmp_path, rows))
    assert outcome.errors == {"foreign-currency"} and outcome.euros == 5370
    plain = completed(ods(tmp_path, [HEADER, row("A", cell(1250, "EUR")), row("B", cell(830, "EUR"))]))
    assert plain.is_accepted and "currency-assumed" not in plain.told


def test_a_raised_digit_of_an_ods_is_no_digit_of_the_amount(tmp_path: Path) -> None:
    raised = cell('1250<text:span text:style-name="up">1</text:span>')
    outcome = completed(
        ods(tmp_path, [HEADER, row("A", raised), row("B", cell("830")), row("C", cell("4120"))])
    )
    assert outcome.errors == {"not-euros"} and outcome.euros == 4950 and "¹" in outcome.told
    recipe = replace(outcome.reading.recipe, footnotes=("¹",))
    assert read(tmp_path / "list.ods", recipe).blocks[0].table["amount_eur"].to_pylist() == [
        "1250",
        "830",
        "4120",
    ]


def test_rows_in_another_currency_are_converted_at_the_dated_rate_of_the_recipe(write: Write) -> None:
    path = write(
        [
            ["Projekt", "Währung", "Jahr", "Betrag"],
            ["A", "EUR", 2024, "100.00"],
            ["B", "SEK", 2024, "1145.00"],
        ]
    )
    first = completed(path)
    assert first.errors == {"foreign-currency"}
    rates = {"SEK": Rate(Decimal("11.45"), date(2024, 12, 31), "https://example.org/rates")}
    reading = read(path, replace(first.reading.recipe, rates=rates))
    assert reading.blocks[0].table["amount_eur"].to_pylist() == ["100.00", "100.00"]
    assert "currency-converted" in {finding.code for finding in reading.findings}
