"""What a workbook hides or writes beside its cells, and rates for rows in another currency."""

import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.intake.read_upload import read
from pipelines.intake.recipes import Rate
from tests.pipelines.intake.conftest import Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
STYLES = (
    '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
)


def cell(value: object, currency: str = "") -> str:
    """A cell of an ODS: text, or a number, perhaps with a currency."""
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    kind = (
        f'office:value-type="currency" office:currency="{currency}"'
        if currency
        else 'office:value-type="float"'
    )
    return f'<table:table-cell {kind} office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def ods(folder: Path, rows: list[tuple[str, list[str]]], more: str = "") -> Path:
    """An ODS with one sheet. rows: attributes of the row, and its cells. more: other sheets."""
    body = "".join(f"<table:table-row {given}>{''.join(cells)}</table:table-row>" for given, cells in rows)
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="List">{body}</table:table>{more}</office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    path = folder / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", content)
    return path


HEADER = ("", [cell("Projekt"), cell("Jahr"), cell("Betrag")])


def row(name: str, amount: str, given: str = "") -> tuple[str, list[str]]:
    return given, [cell(name), cell(2024), amount]


@pytest.mark.parametrize("how", ["collapse", "filter"])
def test_hidden_rows_and_sheets_of_an_ods_are_named(how: str, tmp_path: Path) -> None:
    sheet = f'<table:table table:name="Old" table:style-name="gone"><table:table-row>{cell("x")}</table:table-row></table:table>'
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
