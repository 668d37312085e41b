"""Shapes that real lists come in, each in a few lines of our own."""

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.foreign_files import file_reader
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.validate import judge

WORDS = read_vocabularies()


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "list.csv") -> Reading:
    """A reading of a text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read(path)


def codes(reading: Reading) -> set[str]:
    """The kinds of findings of a reading, judged."""
    return {finding.code for finding in judge(reading, WORDS).findings}


def sums(reading: Reading) -> dict[str, Decimal]:
    """Column of amounts → its sum in the file's own currency and unit."""
    return {one.column: one.original for one in judge(reading, WORDS).sums}


@pytest.mark.parametrize("name", ["RAZEM", "SOUS", "General", "Summa", "Sum", "Viso"])
def test_a_name_that_is_a_word_for_a_sum_makes_no_total(name: str, tmp_path: Path) -> None:
    lines = "".join(f"Project {number},Company {number},{number}000.50,yes\n" for number in range(1, 9))
    reading = written(
        tmp_path,
        f"Project,Beneficiary,Amount in EUR,Public\n{lines}Training,{name},700.50,no\nRoads,City,900.00,yes\n",
    )
    assert reading.layout is not None and not reading.layout.odd
    assert sums(reading) == {"Amount in EUR": Decimal("37604.50")}


@pytest.mark.parametrize(
    "label", ["RAZEM", "Sous-total", "Suma", "Total général", "Celkem za 2014", "ΣΥΝΟΛΟ"]
)
def test_a_row_of_a_sum_is_a_total_in_any_language(label: str, tmp_path: Path) -> None:
    lines = "".join(f"Project {number},Company {number},{number}000.50,yes\n" for number in range(1, 9))
    reading = written(tmp_path, f"Project,Beneficiary,Amount in EUR,Public\n{lines}{label},,36004.00,\n")
    assert reading.layout is not None and list(reading.layout.odd.values()) == ["total"]
    assert "stated-total-differs" not in codes(reading)


def test_a_total_that_is_filled_like_its_rows_is_told_by_its_sum(tmp_path: Path) -> None:
    head = "Segment,Staff,Others,Total\n"
    reading = written(tmp_path, head + "A,10,-,10.50\nB,20,-,20.50\nC,30,7,37.00\nTotal,60,7,68.00\n")
    assert reading.layout is not None and list(reading.layout.odd.values()) == ["total"]
    rows = "".join(f"Project {number},Company {number},{number}000.50,yes\n" for number in range(1, 9))
    reading = written(tmp_path, f"Project,Beneficiary,Amount in EUR,Public\n{rows}All,Total,36004.00,yes\n")
    assert reading.layout is not None and list(reading.layout.odd.values()) == ["total"]


def test_a_sum_below_the_table_needs_no_word_for_it(tmp_path: Path) -> None:
    rows = "".join(f"{number};Town {number};Project;{number}000,50;0,4\n" for number in range(1, 9))
    reading = written(tmp_path, f"Nr;Promotor;Project;Total cost EUR;Percent\n{rows};;;36004,00;\n")
    assert reading.layout is not None and list(reading.layout.odd.values()) == ["total"]
    assert sums(reading) == {"Total cost EUR": Decimal("36004.00")}


def test_a_caption_above_whole_titles_is_no_part_of_them(tmp_path: Path) -> None:
    text = "List of beneficiaries,,,,Update: 2014\nNo,Beneficiary,Project,Start date,Total amount EUR\n1,A,P,2014-01-31,5.50\n2,B,Q,2014-02-28,6.50\n"
    reading = written(tmp_path, text)
    assert reading.layout is not None and reading.layout.titles == (
        "No",
        "Beneficiary",
        "Project",
        "Start date",
        "Total amount EUR",
    )
    assert {"preamble"} <= codes(reading) and "two-row-header" not in codes(reading)


def test_groups_above_titles_that_repeat_stay_part_of_them(tmp_path: Path) -> None:
    reading = written(
        tmp_path, "Project,2024,,2025,\n,plan,paid,plan,paid\nA,1.50,2.50,3.50,4.50\nB,1.50,2.50,3.50,4.50\n"
    )
    assert reading.layout is not None and reading.layout.titles[1:] == (
        "2024 – plan",
        "2024 – paid",
        "2025 – plan",
        "2025 – paid",
    )


def test_money_is_proposed_by_its_cells_where_no_title_names_it(tmp_path: Path) -> None:
    head = "Lfd. Nr.;Name;Bewilligung öffent-licher Mittel;Kofinanzierungssatz;PLZ;Jahr\n"
    rows = "".join(
        f"{number};Projekt {number};{number}.250.000,50;50,00;{10000 + number * 311};{2014 + number % 5}\n"
        for number in range(1, 12)
    )
    reading = written(tmp_path, head + rows)
    assert [amount.column for amount in reading.recipe.amounts] == ["Bewilligung öffent-licher Mittel"]
    assert sums(reading) == {"Bewilligung öffent-licher Mittel": Decimal("68750005.50")}


def test_a_rate_is_no_amount_whatever_its_title_begins_with(tmp_path: Path) -> None:
    text = "Operation,Total eligible expenditure EUR,Union co-financing rate\n" + "".join(
        f"Op {n},{n}000.25,0.{n}5\n" for n in range(1, 8)
    )
    assert list(sums(written(tmp_path, text))) == ["Total eligible expenditure EUR"]


def test_a_column_of_money_is_no_country(tmp_path: Path) -> None:
    text = "Title,Beneficiary,Member state amount,Total amount EUR\n" + "".join(
        f"T{n},B{n},{n}500.75,{n}900.75\n" for n in range(1, 8)
    )
    assert "country" not in {
        ours for names in written(tmp_path, text).recipe.columns.values() for ours in names
    }


def test_titles_are_known_without_their_accents(tmp_path: Path) -> None:
    greek = written(tmp_path, "ΔΙΚΑΙΟΥΧΟΣ;ΠΟΣΟ ΣΕ EUR\nΔΗΜΟΣ;1.234.567,50\nΚΡΗΤΗ;2.000.000,00\n", "cp1253")
    assert sums(greek) == {"ΠΟΣΟ ΣΕ EUR": Decimal("3234567.50")} and greek.recipe.columns == {
        "ΔΙΚΑΙΟΥΧΟΣ": ("beneficiary",)
    }
    french = written(tmp_path, "Beneficiaire;Intitule;Annee;Montant EUR\nA;B;2014;1 234,50\n")
    assert set(french.recipe.columns) == {"Beneficiaire", "Intitule", "Annee"}


def test_euros_are_assumed_aloud_only_where_nothing_names_a_currency(tmp_path: Path) -> None:
    assert "currency-assumed" in codes(written(tmp_path, "Projekt;Kwota\nA;1234,50\nB;99,50\n"))
    for text in (
        "Projekt;Kwota zł\nA;1234,50\n",
        "Projekt;Kwota\nA;1234,50 zł\n",
        "W PLN;\nProjekt;Kwota\nA;1234,50\nB;1,50\n",
    ):
        reading = written(tmp_path, text)
        assert "currency-assumed" not in codes(reading) and judge(reading, WORDS).sums[0].currency == "PLN"


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (("1'234'567.50", "2'000.00"), "1236567.50"), (("1\xa0234\xa0567,50", "2\xa0000,00"), "1236567.50"), (("1\u202f234,50", "2\u202f000,00"), "3234.50"),
        (("1,234.50-", "2,000.00"), "765.50"), (("(1,234.50)", "2,000.00"), "765.50"), (("€ 1.234,50", "€ 2.000,00"), "3234.50"),
        (("1.234,50 kn", "2.000,00 kn"), "3234.50"), (("£1,234.50", "-£2,000.00"), "-765.50"), (("−1 234,50", "2 000,00"), "765.50"),
        (("1.234.567,-", "2.000,-"), "1236567"),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(cells: tuple[str, str], total: str, tmp_path: Path) -> None:
    reading = written(tmp_path, f"Project;Amount\nFirst;{cells[0]}\nSecond;{cells[1]}\n")
    assert not reading.questions and sums(reading) == {"Amount": Decimal(total)}


def test_days_with_short_years_are_read_aloud(tmp_path: Path) -> None:
    reading = written(tmp_path, "Supplier,Payment date,Amount in EUR\nA,09-Mar-11,5.50\nB,31-Dec-11,6.50\n")
    assert reading.blocks[0].table["dated_on"].to_pylist() == ["2011-03-09", "2011-12-31"]
    assert "dates-restyled" in codes(reading) and "short-year" not in codes(reading)


def test_a_column_that_contradicts_itself_is_asked_about(tmp_path: Path) -> None:
    reading = written(tmp_path, 'Project,Amount EUR\nA,"1,858,185"\nB,"29,275"\nC,"43,94"\nD,"30,742"\n')
    (question,) = reading.questions
    assert question.code == "decimal" and question.sums == {",": Decimal("103.957"), ".": Decimal("1918202")}


def test_a_unit_that_the_cells_contradict_is_asked_about(tmp_path: Path) -> None:
    reading = written(tmp_path, "Project,Total costs £m\nA,20000000.00\nB,5000000.50\n")
    (question,) = reading.questions
    assert question.sums == {"1": Decimal("25000000.50"), "1000000": Decimal("25000000500000")}
    assert not written(tmp_path, "Project,Total costs £m\nA,20.5\nB,5.25\n").questions


def test_numbers_that_a_spreadsheet_shortened_are_refused_with_that_reason(tmp_path: Path) -> None:
    reading = written(tmp_path, "Megnevezés;Eredeti előirányzat\nA;2,86157E+11\nB;1,5E+10\n", "cp1250")
    assert reading.layout is not None and reading.layout.titles[0] == "Megnevezés"
    assert [finding.problem for finding in judge(reading, WORDS).findings if finding.code == "not-euros"] == [
        "is in scientific notation: a spreadsheet shortened it, and its digits are lost."
    ] * 2


@pytest.mark.parametrize(
    "start", ["<meta charset='utf-8'><style>td {}</style>", "  <div>\n", "\ufeff<TABLE border=1>"]
)
def test_a_web_page_that_calls_itself_a_workbook_is_refused_as_what_it_is(start: str, tmp_path: Path) -> None:
    reading = written(tmp_path, f"{start}<table><tr><td>1</td></tr></table>", name="list.xls")
    assert ["HTML" in finding.problem for finding in reading.findings if finding.code == "not-a-table"] == [
        True
    ]


def test_a_workbook_is_opened_by_what_it_is_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Cover").write(0, 0, "About this list")
    sheet = book.add_worksheet("List")
    for row in range(30):
        sheet.write_row(row, 0, ["Project", "Amount EUR"] if row == 0 else [f"Project {row}", row * 1000.5])
    sheet.write_blank(0, 600, None, book.add_format({"bg_color": "yellow"}))
    sheet.merge_range(2, 0, 2, 0 + 2, "Project 2")
    sheet.write(2, 1, 2001)
    book.close()
    reading = read(path)
    assert reading.facts["kind"] == "xlsx" and reading.facts["sheet"] == "List"
    assert sums(reading) == {"Amount EUR": Decimal("435217.5")}
    assert {"several-sheets"} <= codes(reading) and "far-cell" not in codes(reading)


def test_rows_of_empty_strings_are_not_counted_as_lost(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row in range(4):
        sheet.write_row(row, 0, ["Project", "Amount EUR"] if row == 0 else [f"P{row}", 5.5])
    book.close()
    hollow = tmp_path / "hollow.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hollow, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>", b'<row r="9"><c r="A9" t="str"><v></v></c></row></sheetData>'
                )
            new.writestr(name, content)
    reading = read(hollow)
    assert reading.layout is not None and len(reading.layout.rows) == 3 and "rows-lost" not in codes(reading)


def test_merged_cells_matter_where_they_hide_a_cell_that_is_read(tmp_path: Path) -> None:
    def merged(*span: int) -> Reading:
        path = tmp_path / "list.xlsx"
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Project", "Amount EUR", "Left out", "Also left out"])
        for row in range(1, 6):
            sheet.write_row(row, 0, [f"Project {row}", 5.5 * row, "x", "y"])
        sheet.merge_range(*span, "Merged", None)
        book.close()
        return read(path)

    assert "merged-cells" not in codes(merged(2, 2, 2, 3))
    assert "merged-cells" not in codes(merged(2, 2, 4, 2))
    assert "merged-cells" in codes(merged(2, 0, 4, 0))
    assert "merged-cells" in codes(merged(2, 0, 2, 1))


@pytest.mark.parametrize(
    ("title", "more", "remedy"),
    [
        ("project", "", "Rename it to `heading`"),
        ("project", "heading", "write it there"),
        ("Empfänger", "", "Rename it to `beneficiary`"),
        ("betrag_x", "", "If it holds what belongs into `amount_eur`"),
        ("zzz_x", "", "Delete it, or rename it."),
    ],
)
def test_a_column_that_the_template_lacks_is_told_what_it_may_be(
    title: str, more: str, remedy: str, tmp_path: Path
) -> None:
    header = ["programme", "stage", "basis", "amount_eur", "year", "source_url", title, *filter(None, [more])]
    row = ["digital-europe", "committed", "eu-contribution", "1000.00", "2024", "https://example.org/list", "LUMI", *filter(None, [more])]  # fmt: skip
    path = tmp_path / "list.csv"
    path.write_text(f"{','.join(header)}\n{','.join(row)}\n", encoding="utf-8")
    (told,) = (one for one in read(path).findings if one.code == "column-unknown")
    assert (told.cell, told.value) == ("G1", title) and remedy in told.remedy


@pytest.mark.parametrize(
    ("cell", "is_site"), [("JUPITER", True), ("jupiter", True), ("Jülich", False), ("52428", False)]
)
def test_towns_and_post_codes_are_no_sites(tmp_path: Path, cell: str, is_site: bool) -> None:
    path = tmp_path / "list.csv"
    lines = "".join(f"T{n},B{n},{cell if n == 40 else f'Town {n}'},{n}900.75\n" for n in range(1, 60))
    path.write_text(f"Title,Beneficiary,Location,Total amount EUR\n{lines}", encoding="utf-8")
    reading = read(path, words=lambda: {"site_names": frozenset({"jupiter: JUPITER"})})
    assert (("site",) in reading.recipe.columns.values()) == is_site
    assert ("Location" in reading.recipe.ignored) != is_site


def test_the_small_sums_of_a_year_are_amounts_too(tmp_path: Path) -> None:
    text = "Projekt,Betrag 2023,Betrag 2024\nP0,0.02,0.05\nP1,0.03,0.06\nP2,0.03,1.01\n"
    assert sums(written(tmp_path, text)) == {"Betrag 2023": Decimal("0.08"), "Betrag 2024": Decimal("1.12")}


def test_a_mark_behind_an_amount_leaves_no_year_out(tmp_path: Path) -> None:
    text = "Projekt,Betrag 2023,Betrag 2024\nP0,0.03,(0.01)¹\nP1,(0.04),0.01\nP2,0.05,0.02\n"
    reading = written(tmp_path, text)
    assert [amount.column for amount in reading.recipe.amounts] == ["Betrag 2023", "Betrag 2024"]
