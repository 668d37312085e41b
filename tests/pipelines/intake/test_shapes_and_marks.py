"""Years as columns, headers of several lines, rows from elsewhere, marks in cells, files of other kinds."""

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.foreign_files.csv_dialect import MARKS
from pipelines.foreign_files.dates import year_of
from pipelines.intake.read_upload import read
from tests.pipelines.intake.conftest import Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.mark.parametrize(
    "titles",
    [("2022", "2023", "2024"), ("FY2022", "FY2023", "FY2024"), ("2022/23", "2023/24", "2024/25"), ("2022/2023", "2023/2024", "2024/2025"),
     ("Budget 2022", "Budget 2023", "Budget 2024"), ("2022 (EUR)", "2023 (EUR)", "2024 (EUR)"), ("Año 2022", "Año 2023", "Año 2024")],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 100])
def test_years_as_columns_give_each_amount_its_year(titles: tuple[str, ...], size: int, write: Write) -> None:
    rows = [[f"P{at}", f"B{at}", at * size, (at + 1) * size, (at + 2) * size] for at in (3, 4, 6)]
    for more in (False, True):
        header = ["Foo", "Beneficiary", *titles, *(["Total"] if more else [])]
        table = [[*row, sum(row[2:])] if more else row for row in rows]
        outcome = completed(write([header, *table]))
        assert outcome.is_accepted, outcome.told
        years = {year: euros for one in outcome.verdict.sums for year, (_, euros) in one.years.items()}
        assert years == {"2022": 13 * size, "2023": 16 * size, "2024": 19 * size}


def test_a_budget_year_of_two_years_is_named_by_its_first() -> None:
    assert [year_of(text) for text in ("2024/25", "2024/2025", "FY2024", "2014-2020", "2024")] == ["2024", "2024", "2024", None, "2024"]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [("Plan 2024", "Ist 2023"), ("Prévu 2024", "Réalisé 2023"), ("Presupuesto 2024", "Ejecutado 2023"), ("Rozpočet 2024", "Skutečnost 2023"),
     ("Begroting 2024", "Realisatie 2023"), ("Commitments 2024", "Payments 2024"), ("Bewilligt 2024", "Ausgezahlt 2024")],
)  # fmt: skip
def test_plans_beside_outturns_are_no_money_of_one_stage(one: str, other: str, write: Write) -> None:
    rows = [["A", "100,00", "90,00"], ["B", "200,00", "290,00"], ["C", "300,00", "190,00"]]
    outcome = completed(write([["Projekt", one, other], *rows]))
    assert "plans" in outcome.asked and other in outcome.told


def test_headers_of_two_and_three_lines(write: Write) -> None:
    rows = [["A", "100,00", "110,00"], ["B", "200,00", "250,00"], ["C", "300,00", "310,00"]]
    two = completed(write([["Projekt", "Betrag", ""], ["", "2023", "2024"], *rows]))
    assert two.is_accepted and two.euros == 1270
    three = completed(
        write([["Projekt", "Betrag", ""], ["", "2023", "2024"], ["", "Tsd. EUR", "Tsd. EUR"], *rows])
    )
    assert three.is_accepted and three.euros == 1_270_000, three.told


@pytest.mark.parametrize("mark", list(MARKS))
@pytest.mark.parametrize("other", list(MARKS))
def test_rows_with_another_mark_between_the_cells_are_errors(mark: str, other: str, tmp_path: Path) -> None:
    if mark == other:
        return
    lines = [mark.join(("Project", "Year", "Amount (EUR)")), mark.join(("Alpha", "2024", "1250"))]
    lines += [mark.join(("Beta", "2024", "830")), other.join(("Gamma", "2023", "4120"))]
    path = tmp_path / "mixed.csv"
    for text in ("\n".join(lines), "\n".join([lines[0], *(line.replace(mark, other) for line in lines[1:])])):
        path.write_text(text + "\n", encoding="utf-8")
        outcome = completed(path)
        assert "mixed-delimiters" in outcome.errors or "ragged-row" in outcome.errors, outcome.told


def test_rows_that_are_quoted_whole_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "quoted.csv"
    path.write_text('Project,Year,Amount (EUR)\n"Alpha,2024,1250"\nBeta,2024,830\n', encoding="utf-8")
    assert "mixed-delimiters" in completed(path).errors


def test_cents_in_a_column_of_their_own_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "cents.csv"
    path.write_text("Project,Year,Amount,\nA,2024,1234,56\nB,2024,2345,67\nC,2024,99,10\n", encoding="utf-8")
    assert "column-untitled" in completed(path).errors


@pytest.mark.slow
def test_marks_of_footnotes_are_named_and_left_off_by_the_recipe(write: Write) -> None:
    for mark in ("*", "¹", "†", "a)", "(1)", "[2]"):
        outcome = completed(
            write([["Projekt", "Jahr", "Betrag (EUR)"], ["A", 2024, f"1250{mark}"], ["B", 2024, 830]])
        )
        assert "not-euros" in outcome.errors and mark in outcome.told, mark
    assert "footnotes" in outcome.told


def test_protected_digits_are_read(write: Write) -> None:
    outcome = completed(
        write([["Projekt", "Jahr", "Betrag (EUR)"], ["A", 2024, '"=""1250"""'], ["B", 2024, "'830"]])
    )
    assert outcome.is_accepted and outcome.euros == 2080


def test_raised_and_struck_text_is_never_read_as_digits(
    workbook: Callable[[Callable[[Any], None]], Path],
) -> None:
    def fill(book: Any) -> None:
        raised, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": True})
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Projekt", "Jahr", "Betrag (EUR)"])
        for at in range(1, 6):
            sheet.write_row(at, 0, [f"P{at}", 2024, 1000 + at])
        sheet.write_rich_string(2, 2, "1002", raised, "1")
        sheet.write_number(3, 2, 1003, struck)
        sheet.write_rich_string(4, 2, struck, "9", "1004")

    outcome = completed(workbook(fill))
    rows = {finding.row for finding in outcome.verdict.findings if finding.code == "not-euros"}
    assert rows == {3, 4, 5} and outcome.euros == 1001 + 1005


def test_amounts_finer_than_a_cent_are_rounded_where_the_recipe_says_so(write: Write) -> None:
    path = write(
        [
            ["Projekt", "Jahr", "Betrag (EUR)"],
            ["A", 2024, "0.335"],
            ["B", 2024, "0.3351"],
            ["C", 2024, "10.33"],
        ]
    )
    outcome = completed(path)
    assert "third-decimal" in outcome.errors and "round = true" in outcome.told
    recipe = replace(
        outcome.reading.recipe,
        amounts=tuple(replace(one, round=True) for one in outcome.reading.recipe.amounts),
    )
    rounded = read(path, recipe)
    assert rounded.blocks[0].table["amount_eur"].to_pylist() == ["0.34", "0.33", "10.33"]
    assert sum(map(Decimal, rounded.blocks[0].table["amount_eur"].to_pylist())) == 11


def test_words_that_are_labels_or_countries_in_any_language_are_codes(write: Write) -> None:
    header = ["programme", "stage", "basis", "amount_eur", "year", "country", "source_url"]
    rows = [
        ["Digital Europe", "Committed", "EU contribution", 10, 2024, country, "https://example.org/list"]
        for country in ("Deutschland", "Grèce", "DEU", "gr", "Suomi", "Čeština", "Česko")
    ]
    outcome = completed(write([header, *rows], mark=","))
    assert outcome.verdict.rows["country"].to_pylist() == ["DE", "EL", "DE", "EL", "FI", "CZ"]
    assert outcome.errors == {"unknown-word"}


def packed(names: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (packed({"xl/workbook.bin": b"x"}), ("Excel binary workbook", "save it as .xlsx")),
        (packed({"Index/Document.iwa": b"x"}), ("Numbers", "export")),
        (packed({"a/budget.csv": b"a;b", "readme.md": b"x"}), ("budget.csv", "unpack")),
        (gzip.compress(b"a;b", mtime=0), ("gzip", "unpack")),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table/></Workbook>', ("XML spreadsheet", "2003")),
        (b"<html><table><tr><td>1</td></tr></table></html>", ("web page (HTML)", "save it as .xlsx")),
    ],
    ids=("xlsb", "numbers", "zip", "gzip", "xml-2003", "html"),
)  # fmt: skip
def test_what_is_no_table_is_named_with_the_way_out(
    content: bytes, words: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "budget.xls"
    path.write_bytes(content)
    (finding,) = read(path).findings
    assert finding.code == "not-a-table" and all(word in finding.problem for word in words)
