"""Lists with a known sum, in any shape, unit, currency and place, as the tests of the intake write them.

The words are those of many languages, so that no test leans on the words of one.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

from tests.pipelines.intake.xls_file import Cell, Sheet, write_xls

UNITS = {
    "": 0, "Tsd. EUR": 3, "k€": 3, "tis. EUR": 3, "tūkst. EUR": 3, "χιλ. ευρώ": 3, "хил. евро": 3, "ezer euró": 3, "miles de euros": 3,
    "tys. EUR": 3, "tisoč EUR": 3, "tuhat eurot": 3, "duizend euro": 3, "milliers d'euros": 3, "migliaia di euro": 3, "mii euro": 3, "TEUR": 3,
    "kEUR": 3, "EUR thousand": 3, "in Tausend Euro": 3, "'000 EUR": 3, "EUR '000": 3, "1 000 EUR": 3, "1000 EUR": 3, "1.000 EUR": 3, "1,000 EUR": 3,
    "1'000 EUR": 3, "EUR 1000": 3, "1\u00a0000 €": 3, "in 1.000 €": 3, "10³ EUR": 3, "10^3 EUR": 3, "x 1000 EUR": 3, "€ x 1,000": 3,
    "mil. EUR": 6, "M€": 6, "Mio. EUR": 6, "milj. euroa": 6, "млн. евро": 6, "milhões de euros": 6, "milióny EUR": 6, "mln zł": None, "EUR million": 6,
    "EUR m": 6, "miljoen euro": 6, "millions d'euros": 6, "milioni di euro": 6, "miljonit eurot": 6, "1 000 000 EUR": 6, "10^6 €": 6, "EUR (Mio.)": 6,
    "Mrd. EUR": 9, "mld. eur": 9, "miljardi euroa": 9, "billion euro": 9, "mil millones de euros": 9, "1 000 000 000 EUR": 9, "100 000 EUR": 5,
    "cents": -2, "eurocent": -2, "centimes d'euro": -2, "céntimos": -2, "eurosenttiä": -2, "ct": -2, "0,01 EUR": -2, "0.01 EUR": -2,
    "tis. Kč": None, "mkr": None, "MSEK": None, "Mio. CHF": None, "tys. zł": None, "eFt": None, "mil. lei": None, "TUSD": None, "£m": None,
}  # fmt: skip
"""What is written → the power of ten that one stands for in euros; None where it is another currency."""
CURRENCIES = ("", "EUR", "€", "SEK", "kr", "zł", "Kč", "Ft", "USD", "£", "lei", "лв.", "CHF")
EUROS = ("", "EUR", "€")
PLACES = ("title", "above", "below", "sheet", "cover", "column", "cells", "format")
KINDS = ("csv", "xlsx", "xlsx with texts", "xls")
SHAPES = ("long", "years", "bare years", "two lines", "grouped", "indented")
EXTRAS = (
    "", "", "", "percentage", "column of percentages", "mark of a note", "a note below", "a source below", "number of projects",
    "numbers of contracts", "column of currencies", "one row in another currency", "sub-headings",
)  # fmt: skip
NAMES = (
    "Betrag",
    "Amount",
    "Montant",
    "Importe",
    "Kwota",
    "Částka",
    "Summa",
    "Ποσό",
    "Összeg",
    "Сума",
    "Znesek",
    "Beløb",
    "Valor",
    "Suma",
)
UNIT_TITLES = (
    "Einheit",
    "Unit",
    "Unité",
    "Jedn.",
    "Mērv.",
    "Jednostka",
    "Unidad",
    "Eenheid",
    "Mértékegység",
    "Μονάδα",
    "Vienība",
    "ME",
)
CURRENCY_TITLES = ("Währung", "Currency", "Devise", "Měna", "Waluta", "Valuta", "Pénznem", "Cur.", "Vāl.")
TOTALS = ("Alles zusammen", "Summe", "Total", "Kopā", "Razem", "Celkem", "ΣΥΝΟΛΟ", "Gesamt", "Programme")
STYLES = ("1234.56", "1234,56", "1.234,56", "1,234.56", "1 234,56", "1'234.56", "1234.5")
SIGNS = ("-", "−", "()", "after")


@dataclass(frozen=True)
class Share:
    """A percentage: 0.125 is 12.5 %."""

    value: float

    def __str__(self) -> str:
        return f"{self.value:.1%}"


def write_amount(amount: Decimal, style: str, sign: str) -> str:
    """An amount as people write it. style: 1234.56 in their way. sign: how they write that it is negative."""
    grouped = f"{abs(amount):,f}" if style[1] in ".,' " else f"{abs(amount):f}"
    whole, point, decimals = grouped.partition(".")
    if style == "1234.5":
        decimals = decimals.rstrip("0")
        point = "." if decimals else ""
    whole = whole.replace(",", style[1] if style[1] in ".,' " else "")
    text = f"{whole}{point and ('.' if '.5' in style else ',')}{decimals}"
    if amount >= 0:
        return text
    return f"({text})" if sign == "()" else f"{text}-" if sign == "after" else f"{sign}{text}"


@dataclass(frozen=True)
class Listed:
    """A list with its sum in euros; None where it is in no currency that we can count.

    later: amounts of a second year, where years are columns. mark: what parts the cells of a CSV.
    """

    amounts: tuple[Decimal, ...]
    later: tuple[Decimal, ...]
    title: str
    unit: str
    currency: str
    place: str
    shape: str
    total: str
    total_word: str
    kind: str
    extra: str
    unit_title: str
    currency_title: str
    style: str
    sign: str
    mark: str

    @property
    def all_amounts(self) -> tuple[Decimal, ...]:
        """Everything that is listed, whatever its year."""
        return (*self.amounts, *self.later) if "years" in self.shape else self.amounts

    @property
    def euros(self) -> Decimal | None:
        """What the list means, if it means euros."""
        power = UNITS[self.unit]
        if power is None or self.extra == "one row in another currency":
            return None
        if self.unit == "" and self.currency not in EUROS:
            return None
        return sum(self.all_amounts, Decimal(0)) * Decimal(10) ** power

    @property
    def said(self) -> str:
        """What is written of unit and currency."""
        return self.unit or self.currency

    def _written(self, amount: Decimal) -> Any:
        """An amount in its cell: a number in a workbook, text elsewhere."""
        beside = f" {self.said}" if self.place == "cells" and self.said else ""
        if self.kind in ("xlsx", "xls") and not beside:
            return amount
        return f"{write_amount(amount, self.style, self.sign)}{beside}"

    def rows(self) -> list[list[Any]]:
        """The cells of the table and of what stands beside it."""
        said = self.said
        title = f"{self.title} ({said})" if self.place == "title" and said else self.title
        header = ["Projekt", "Jahr", title]
        lines = [[f"P{at}", "2024", self._written(one)] for at, one in enumerate(self.amounts)]
        whole: list[Any] = [self.total_word, "2024", self._written(sum(self.amounts, Decimal(0)))]
        if "years" in self.shape:
            bare = self.shape == "bare years"
            in_title = f" ({said})" if self.place == "title" and said else ""
            header = [
                "Projekt",
                *(f"{'' if bare else self.title + ' '}{year}{in_title}" for year in (2023, 2024)),
            ]
            later = [self._written(one) for one in self.later]
            lines = [[line[0], line[2], more] for line, more in zip(lines, later, strict=True)]
            whole = [self.total_word, whole[2], self._written(sum(self.later, Decimal(0)))]
        if self.shape in ("grouped", "indented"):
            lines = self._with_parents(lines)
        if self.extra == "mark of a note":
            lines[0][-1] = f"{lines[0][-1]}¹"
        if self.extra == "percentage" and "years" not in self.shape:
            lines.insert(1, ["Quote", "2024", Share(0.125)])
        if self.extra == "sub-headings":
            lines = [
                ["Teil A", *[""] * (len(header) - 1)],
                *lines[:2],
                ["Teil B", *[""] * (len(header) - 1)],
                *lines[2:],
            ]
        if self.total:
            lines.insert(0 if self.total == "first" else len(lines), whole)
        if self.shape == "two lines" and self.place == "title" and said:
            header, lines = ["Projekt", "Jahr", self.title], [["", "", f"({said})"], *lines]
        table: list[list[Any]] = [header, *lines]
        if self.place == "column" and said:
            table = _with_column(table, 1, self.unit_title, [said if str(line[-1]) else "" for line in lines])
        table = self._with_extra_column(table)
        return self._with_lines_around(table)

    def _with_parents(self, lines: list[list[Any]]) -> list[list[Any]]:
        """Two groups, each below a row with its sum, told by codes or by spaces before the names."""
        cut = len(lines) // 2
        grown = []
        for number, part in enumerate((slice(0, cut), slice(cut, None)), start=1):
            members = lines[part]
            total = sum(self.amounts[part], Decimal(0))
            if not members:
                continue
            if self.shape == "grouped":
                names = [
                    f"0{number} Teil",
                    *(f"0{number}.{at:02} {line[0]}" for at, line in enumerate(members, start=1)),
                ]
            else:
                names = [f"Teil {number}", *(f"   {line[0]}" for line in members)]
            group = [["", "2024", self._written(total)], *members]
            grown += [[name, *line[1:]] for name, line in zip(names, group, strict=True)]
        return grown

    def _with_extra_column(self, table: list[list[Any]]) -> list[list[Any]]:
        filled = [str(line[-1]) != "" for line in table[1:]]
        match self.extra:
            case "column of percentages":
                shares = [Share(0.5 + at / 100) if is_filled else "" for at, is_filled in enumerate(filled)]
                return [[*line, cell] for line, cell in zip(table, ["Fördersatz", *shares], strict=True)]
            case "number of projects":
                counts = [str(at + 2) if is_filled else "" for at, is_filled in enumerate(filled)]
                return [[*line, cell] for line, cell in zip(table, ["Anzahl Projekte", *counts], strict=True)]
            case "numbers of contracts":
                return _with_column(
                    table, 0, "Vertragsnummer", [f"10101{at:04}" for at in range(len(filled))]
                )
            case "column of currencies" | "one row in another currency":
                code = {
                    "€": "EUR",
                    "": "EUR",
                    "kr": "SEK",
                    "zł": "PLN",
                    "Kč": "CZK",
                    "Ft": "HUF",
                    "£": "GBP",
                    "lei": "RON",
                    "лв.": "BGN",
                }
                usual = "EUR" if self.unit else code.get(self.currency, self.currency)
                codes = [usual if is_filled else "" for is_filled in filled]
                if self.extra == "one row in another currency":
                    codes[-1 if self.total != "last" else 0] = "NOK"
                return _with_column(table, 1, self.currency_title, codes)
            case _:
                return table

    def _with_lines_around(self, table: list[list[Any]]) -> list[list[Any]]:
        blank = [""] * len(table[0])
        note = [self.said, *blank[1:]]
        if self.place == "above" and self.said:
            table = [note, *table]
        if self.place == "below" and self.said:
            table = [*table, blank, note]
        if self.extra == "a note below":
            table = [*table, ["* vorläufig", *blank[1:]]]
        if self.extra == "a source below":
            table = [*table, blank, ["Quelle: Ministerium, Stand 31.12.2024", *blank[1:]]]
        return table

    @property
    def number_format(self) -> str:
        """The format of the amounts, where it says the unit."""
        return f'#,##0.00 "{self.said}"' if self.place == "format" and self.said else "General"

    @property
    def sheet_name(self) -> str:
        """The name of the sheet, where it says the unit; no sheet may have every sign in its name."""
        name = "".join(char for char in self.said if char not in "[]:*?/\\").strip("'")
        return name[:31] if self.place == "sheet" and self.said else "Liste"

    def write(self, folder: Path) -> Path:
        """As CSV, XLSX or XLS."""
        path = folder / f"list.{self.kind[:4].strip()}"
        if self.kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=self.mark).writerows([map(str, row) for row in self.rows()])
            return path
        cover = self.place == "cover" and self.said
        if self.kind == "xls":
            rows = [[self._cell(one) for one in row] for row in self.rows()]
            covers = [Sheet("Info", [[f"Angaben in {self.said}"]])] if cover else []
            return write_xls(path, *covers, Sheet(self.sheet_name, rows))
        with xlsxwriter.Workbook(str(path)) as book:
            if cover:
                book.add_worksheet("Info").write(0, 0, f"Angaben in {self.said}")
            sheet = book.add_worksheet(self.sheet_name)
            forms = {code: book.add_format({"num_format": code}) for code in (self.number_format, "0.0%")}
            for at, row in enumerate(self.rows()):
                for column, one in enumerate(row):
                    cell = self._cell(one)
                    if isinstance(cell, Cell):
                        sheet.write_number(at, column, cell.value, forms[cell.number_format])
                    else:
                        sheet.write_string(at, column, cell)
        return path

    def _cell(self, cell: Any) -> str | Cell:
        """A cell of a workbook: a number with its format, or text."""
        if isinstance(cell, Decimal):
            return Cell(float(cell), self.number_format)
        return Cell(cell.value, "0.0%") if isinstance(cell, Share) else str(cell)


def _with_column(table: list[list[Any]], at: int, title: str, cells: list[str]) -> list[list[Any]]:
    """The table with one more column before the one at this place."""
    return [[*line[:at], cell, *line[at:]] for line, cell in zip(table, [title, *cells], strict=True)]


def _is_possible(one: Listed) -> bool:
    """Whether a file of this kind can say it in this place."""
    if one.place in ("sheet", "cover", "format") and (
        one.kind == "csv" or (one.place == "format" and one.kind != "xlsx")
    ):
        return False
    return not (one.extra == "mark of a note" and one.kind == "csv" and one.sign == "after")


_places = st.sampled_from([2, 2, 2, 0, 4])
_amounts = _places.flatmap(
    lambda places: st.lists(
        st.decimals(Decimal("-9999.99"), Decimal("99999.99"), places=places).filter(bool),
        min_size=12,
        max_size=12,
        unique=True,
    )
)
lists = st.builds(
    lambda amounts, size, *rest: Listed(tuple(amounts[:size]), tuple(amounts[6 : 6 + size]), *rest),
    st.one_of(_amounts.map(lambda found: [abs(one) for one in found]), _amounts),
    st.integers(3, 6),
    st.sampled_from(NAMES),
    st.sampled_from(list(UNITS)),
    st.sampled_from(CURRENCIES),
    st.sampled_from(PLACES),
    st.sampled_from(SHAPES),
    st.sampled_from(["", "", "first", "last"]),
    st.sampled_from(TOTALS),
    st.sampled_from(KINDS),
    st.sampled_from(EXTRAS),
    st.sampled_from(UNIT_TITLES),
    st.sampled_from(CURRENCY_TITLES),
    st.sampled_from(STYLES),
    st.sampled_from(SIGNS),
    st.sampled_from([";", ";", "\t", ",", "|"]),
).filter(_is_possible)  # fmt: skip
