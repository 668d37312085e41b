"""Units and currencies, wherever a file says them, in the languages of the EU: applied, or asked about."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.foreign_files.money_words import read_cell, read_line, read_title
from tests.pipelines.intake.conftest import Write, completed

pytestmark = pytest.mark.usefixtures("in_this_process")
ROWS = [["Alpha", 2024, 1250], ["Beta", 2024, 830], ["Gamma", 2023, 4120]]
SUM = Decimal(6200)


@pytest.mark.parametrize(
    ("title", "power"),
    [
        ("Betrag in tausend Euro", 3), ("Betrag (Tds. EUR)", 3), ("Summe TEUR", 3), ("Fördersumme (Mrd. €)", 9), ("Betrag (ct)", -2),
        ("Montant (milliers d'euros)", 3), ("Montant en Mds €", 9), ("Montant en centimes", -2), ("Importe en miles de euros", 3),
        ("Importe (mill. €)", 6), ("Importo in migliaia", 3), ("Importo (€/1000)", 3), ("Montante (milhares de euros)", 3), ("Valor (10³ €)", 3),
        ("Bedrag (× € 1.000)", 3), ("Bedrag (x € 1 mln)", 6), ("Kwota w tysiącach euro", 3), ("Kwota (mld euro)", 9), ("Částka v tis. EUR", 3),
        ("Částka v milionech EUR", 6), ("Suma v tisícoch eur", 3), ("Znesek v milijonih EUR", 6), ("Iznos u tisućama eura", 3), ("Összeg (ezer euró)", 3),
        ("Összeg millió EUR", 6), ("Suma (mii EUR)", 3), ("Suma în milioane euro", 6), ("Сума (хил. евро)", 3), ("Сума (млрд. евро)", 9),
        ("Ποσό σε χιλ. ευρώ", 3), ("Ποσό (εκ. ευρώ)", 6), ("Beløb, mio. EUR", 6), ("Beløb (mia. EUR)", 9), ("Belopp i tusen euro", 3),
        ("Belopp (MEUR)", 6), ("Määrä, 1 000 euroa", 3), ("Määrä, milj. €", 6), ("Summa, tuhat eurot", 3), ("Summa, tūkst. EUR", 3),
        ("Suma, mln. Eur", 6), ("Ammont (eluf ta' euro)", 3), ("Méid (milliúin euro)", 6), ("Amount (EUR '000)", 3), ("Amount (€k)", 3),
        ("Amount €m", 6), ("AmountMEUR", 6), ("amount_keur", 3), ("Amount (EUR 100.000)", 5), ("Amount in tens of thousands of EUR", 4), ("amount_cents", -2),
    ],
)  # fmt: skip
def test_a_unit_in_the_title_is_applied_in_any_language(title: str, power: int, write: Write) -> None:
    outcome = completed(write([["Projekt", "Jahr", title], *ROWS]))
    sums = {total for question in outcome.reading.questions for total in question.sums.values()}
    wanted = SUM * Decimal(10) ** power
    assert outcome.euros == wanted if outcome.is_accepted else wanted in sums, outcome.told


@pytest.mark.parametrize(
    "title", ["Částka v mil. EUR", "Montante (mil €)", "Betrag (Dutzend EUR)", "Sum (xx EUR)"]
)
def test_an_unclear_or_unknown_word_beside_a_currency_is_asked_about(title: str, write: Write) -> None:
    outcome = completed(write([["Projekt", "Jahr", title], *ROWS]))
    (question,) = outcome.reading.questions
    assert question.code == "unit" and {SUM, SUM * 1000, SUM * 10**6} <= set(question.sums.values())
    answered = completed(write([["Projekt", "Jahr", title], *ROWS]), {question.key: "1000"})
    assert answered.is_accepted and answered.euros == SUM * 1000


@pytest.mark.parametrize(
    "title",
    ["Betrag (EUR)", "Total Project Cost (EUR)", "Financement FEDER (UE) / EFRO-financiering (EU) (€)", "Amount (EUR, 2018 prices)", "Wert EUR",
     "Gesamtbetrag förderfähiger Ausgaben in Euro", "Montant HT (€)"],
)  # fmt: skip
def test_a_title_without_a_unit_asks_nothing(title: str, write: Write) -> None:
    outcome = completed(write([["Projekt", "Jahr", title], *ROWS]))
    assert outcome.is_accepted and outcome.euros == SUM, outcome.told


@pytest.mark.parametrize(
    "line",
    [
        "Angaben in Tsd. EUR",
        "bedragen x 1.000 euro",
        "ποσά σε χιλιάδες ευρώ",
        "adatok ezer euróban",
        "Unit: k€",
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_unit_beside_the_table_is_asked_about(line: str, place: str, write: Write) -> None:
    table: list[list[Any]] = [["Projekt", "Jahr", "Betrag (EUR)"], *ROWS]
    rows = [[line, "", ""], *table] if place == "above" else [*table, ["", "", ""], [line, "", ""]]
    outcome = completed(write(rows))
    assert "unit" in outcome.asked and not outcome.is_accepted


def test_two_places_that_agree_apply_the_unit_once_and_two_that_differ_ask(write: Write) -> None:
    table = [["Projekt", "Jahr", "Betrag (Tsd. EUR)"], *ROWS]
    agreed = completed(write([["Alle Angaben in tausend Euro", "", ""], *table]))
    assert agreed.is_accepted and agreed.euros == SUM * 1000
    differing = completed(write([["Alle Angaben in Mio. Euro", "", ""], *table]))
    assert differing.asked == {"unit"}


def test_a_unit_in_the_cells_is_not_multiplied_by_that_of_the_title(write: Write) -> None:
    cells = [["A", 2024, "1,2 Mio. €"], ["B", 2024, "0,8 Mio. €"]]
    outcome = completed(write([["Projekt", "Jahr", "Betrag in Mio. EUR"], *cells]))
    assert outcome.is_accepted and outcome.euros == 2_000_000
    assert completed(write([["Projekt", "Jahr", "Betrag (Tsd. EUR)"], *cells])).asked == {"unit"}
    assert completed(write([["Projekt", "Jahr", "Betrag in Mio. EUR"], ["A", 2024, "1200 €"], ["B", 2024, "800 €"]])).asked == {"unit"}  # fmt: skip


def test_a_column_of_units_counts_row_by_row(write: Write) -> None:
    rows = [["A", "EUR", 2024, 1250], ["B", "MIO_EUR", 2024, 2], ["C", "Tsd. EUR", 2024, 830]]
    outcome = completed(write([["Projekt", "Einheit", "Jahr", "Betrag"], *rows]))
    assert outcome.is_accepted and outcome.euros == 1250 + 2_000_000 + 830_000
    rates = completed(write([["Projekt", "Einheit", "Jahr", "Betrag"], *rows, ["D", "EUR_HAB", 2024, 5]]))
    assert "unit-unclear" in rates.errors


@pytest.mark.parametrize(
    ("unit", "cells", "euros"),
    [
        ("1 000 EUR", ["0.01", "0.02", "0.04"], 70),
        ("EUR 1 000", ["0.5", "0.25", "0.125"], 875),
        ("1\u00a0000\u00a0000 EUR", ["0.5", "12.3456", "3.25"], 16_095_600),
        ("100 000 €", ["7", "2.5", "0.12345"], 962_345),
        ("Mio. EUR", ["12.345", "1.5", "0.0001"], 13_845_100),
    ],
)
def test_a_unit_that_begins_with_digits_is_no_amount_and_euros_are_judged_after_it(
    unit: str, cells: list[str], euros: int, write: Write
) -> None:
    rows = [[f"P{at}", 2024, unit, cell] for at, cell in enumerate(cells)]
    outcome = completed(write([["Projekt", "Jahr", "Einheit", "Betrag"], *rows]))
    assert outcome.is_accepted and outcome.euros == euros


def test_a_third_decimal_that_the_unit_leaves_is_refused(write: Write) -> None:
    rows = [["A", 2024, "TEUR", "0.5"], ["B", 2024, "TEUR", "0.123456"], ["C", 2024, "EUR", "0.125"]]
    outcome = completed(write([["Projekt", "Jahr", "Einheit", "Betrag"], *rows]))
    rows_told = {finding.row for finding in outcome.verdict.findings if finding.code == "third-decimal"}
    assert rows_told == {3, 4} and outcome.euros == 500


@pytest.mark.parametrize("title", ["Currency", "Währung", "Devise", "Měna", "Waluta", "Pénznem", "Валута"])
def test_a_column_of_currencies_counts_row_by_row(title: str, write: Write) -> None:
    header = ["Projekt", title, "Jahr", "Betrag"]
    mixed = completed(write([header, ["A", "EUR", 2024, 1250], ["B", "HUF", 2024, 830000]]))
    assert mixed.errors == {"foreign-currency"} and mixed.euros == 1250
    plain = completed(write([header, ["A", "EUR", 2024, 1250], ["B", "EUR", 2024, 830]]))
    assert plain.is_accepted and "currency-assumed" not in plain.told
    assert not completed(write([header, ["A", "EUR", 2024, 1250], ["B", "XYZ", 2024, 830]])).is_accepted


@pytest.mark.parametrize(
    "title", ["Belopp (kr)", "Kwota zł", "Összeg (Ft)", "Suma (lei)", "Amount £", "Importe (pesetas)", "Betrag in Landeswährung", "Amount (PPS)"]
)  # fmt: skip
def test_another_currency_in_a_title_never_becomes_euros(title: str, write: Write) -> None:
    outcome = completed(write([["Projekt", "Jahr", title], *ROWS]))
    assert "currency-without-rate" in outcome.errors


@pytest.mark.parametrize(
    ("code", "total"),
    [
        ("#,##0 [$SEK]", None), ('#,##0\\ "kr"', None), ("[$$-409]#,##0", None), ("#,##0.00\\ [$€-407]", SUM), ("#,##0,", None),
        ('#,##0.0,,"M"', SUM), ('0.0,"k€"', SUM), ("0.00%", None), ('#,##0 "Tsd. €"', None), ("[Red]#,##0.00", SUM),
    ],
)  # fmt: skip
def test_a_number_format_is_read(
    code: str, total: Decimal | None, workbook: Callable[[Callable[[Any], None]], Path]
) -> None:
    def fill(book: Any) -> None:
        sheet, form = book.add_worksheet("List"), book.add_format({"num_format": code})
        sheet.write_row(0, 0, ["Projekt", "Jahr", "Betrag"])
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(number, 0, row[:2])
            sheet.write_number(number, 2, row[2], form)

    outcome = completed(workbook(fill))
    assert outcome.is_accepted == (total is not None), outcome.told
    assert total is None or outcome.euros == total


def test_the_name_of_a_sheet_and_a_cover_are_read(workbook: Callable[[Callable[[Any], None]], Path]) -> None:
    def named(book: Any) -> None:
        sheet = book.add_worksheet("in Mio. EUR")
        for number, row in enumerate([["Projekt", "Jahr", "Betrag"], *ROWS]):
            sheet.write_row(number, 0, row)

    def covered(book: Any) -> None:
        book.add_worksheet("Info").write(3, 1, "All amounts in thousands of euros")
        sheet = book.add_worksheet("List")
        for number, row in enumerate([["Projekt", "Jahr", "Betrag"], *ROWS * 5]):
            sheet.write_row(number, 0, row)

    assert completed(workbook(named)).asked == {"unit"} == completed(workbook(covered)).asked


def test_lines_tell_units_from_amounts() -> None:
    assert not read_line("The programme has EUR 7.6 billion for 20 million people.").units
    assert read_line("Source: Eurostat, 2024. Million euro.").factor == 10**6
    assert read_title("Amount (EUR per inhabitant)").factor is None
    assert read_cell("EUR_HAB").is_rate and read_cell("THS_EUR").factor == 1000


@pytest.mark.parametrize(
    ("cells", "euros"),
    [
        (["(5304.69) M€", "697.08 M€", "(81.74) M€"], -4_689_350_000),
        (["EUR (1,234.50)", "EUR 2,000.00", "EUR (0.50)"], 765),
        (["(12.00 EUR)", "30.00 EUR", "7.00 EUR"], 25),
    ],
)
def test_brackets_around_the_digits_say_that_an_amount_is_negative(
    cells: list[str], euros: int, write: Write
) -> None:
    rows = [[f"P{at}", 2024, cell] for at, cell in enumerate(cells)]
    outcome = completed(write([["Projekt", "Jahr", "Betrag"], *rows]))
    assert outcome.is_accepted and outcome.euros == euros


def test_no_column_of_a_year_is_left_out_because_its_cells_cannot_be_read(write: Write) -> None:
    outcome = completed(write([["Projekt", "2023", "2024"], ["A", "5.50", "[120]"], ["B", "7.25", "[99]"]]))
    assert {finding.cell for finding in outcome.verdict.findings if finding.severity == "error"} >= {
        "C2",
        "C3",
    }


@pytest.mark.parametrize(
    "said", ["millions d'euros", "milliards d’euros", "TUSD", "MdSEK", "mecu", "1000-tal euro", "0,01 EUR"]
)
def test_units_of_one_word_and_elided_units_are_units_everywhere(said: str) -> None:
    for words in (
        read_cell(said),
        read_line(said),
        read_line(f"Note: {said}"),
        read_title(f"Betrag ({said})"),
    ):
        assert words.units and words.currencies, said


def test_a_column_of_units_with_a_title_that_nobody_knows_is_asked_about(write: Write) -> None:
    rows = [[f"P{at}", "1 000 EUR", 2024, amount] for at, amount in enumerate(("5.42", "65.72", "84.85"))]
    assert completed(write([["Projekt", "XY", "Jahr", "Betrag"], *rows])).asked == {"unit"}
    strange = [[f"P{at}", "G€", 2024, amount] for at, amount in enumerate(("5.42", "65.72", "84.85"))]
    assert not completed(write([["Projekt", "Einheit", "Jahr", "Betrag"], *strange])).is_accepted
