"""A list with a known sum, in any shape, unit, currency and place, is read to that sum or asked about."""

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pipelines.intake.conftest import completed
from tests.pipelines.intake.xls_file import Cell, Sheet, write_xls

pytestmark = pytest.mark.usefixtures("in_this_process")

UNITS = {
    "": 0, "Tsd. EUR": 3, "k€": 3, "1 000 EUR": 3, "tis. EUR": 3, "tūkst. EUR": 3, "χιλ. ευρώ": 3, "хил. евро": 3, "ezer euró": 3, "mil. EUR": 6,
    "M€": 6, "Mio. EUR": 6, "milj. euroa": 6, "млн. евро": 6, "Mrd. EUR": 9, "cents": -2, "eurocent": -2, "miles de euros": 3, "milhões de euros": 6,
}  # fmt: skip
CURRENCIES = ("", "EUR", "€", "SEK", "kr", "zł", "Kč", "Ft", "USD", "£", "lei")
PLACES = ("title", "above", "below", "sheet", "cover", "column", "cells", "format")
KINDS = ("csv", "xlsx", "xls")
EXTRAS = ("", "", "percentage", "column of percentages", "mark of a note")
NAMES = ("Betrag", "Amount", "Montant", "Importe", "Kwota", "Částka", "Summa", "Ποσό")


@dataclass(frozen=True)
class Share:
    """A percentage: 0.125 is 12.5 %."""

    value: float

    def __str__(self) -> str:
        return f"{self.value:.1%}"


@dataclass(frozen=True)
class Listed:
    """A list with its sum in euros; None where it is in no currency that we can count."""

    amounts: tuple[Decimal, ...]
    title: str
    unit: str
    currency: str
    place: str
    shape: str
    total: str
    kind: str
    extra: str

    @property
    def euros(self) -> Decimal | None:
        """What the list means, if it means euros."""
        if self.currency not in ("", "EUR", "€"):
            return None
        return sum(self.amounts, Decimal(0)) * Decimal(10) ** UNITS[self.unit]

    @property
    def said(self) -> str:
        """What is written of unit and currency."""
        return self.unit if self.currency in ("", "EUR", "€") and self.unit else self.currency or self.unit

    def rows(self) -> list[list[Any]]:
        """The cells of the table and of what stands beside it."""
        said = self.said
        title = f"{self.title} ({said})" if self.place == "title" and said else self.title
        cells: list[Any] = [
            f"{one} {said}" if self.place == "cells" and said else one for one in self.amounts
        ]
        total: Any = sum(self.amounts, Decimal(0))
        total = f"{total} {said}" if self.place == "cells" and said else total
        if self.extra == "mark of a note":
            cells[0] = f"{cells[0]}¹"
        lines: list[list[Any]] = [[f"P{at}", "2024", cell] for at, cell in enumerate(cells)]
        if self.extra == "percentage":
            lines.insert(1, ["Quote", "2024", Share(0.125)])
        if self.total:
            lines.insert(0 if self.total == "first" else len(lines), ["Alles zusammen", "2024", total])
        header = ["Projekt", "Jahr", title]
        if self.shape == "years":
            header, lines = ["Projekt", "2023", "2024"], [[line[0], line[2], ""] for line in lines]
            header = ["Projekt", f"{title} 2023", f"{title} 2024"]
        if self.shape == "two lines":
            header, unit = (
                ["Projekt", "Jahr", self.title],
                ["", "", f"({said})" if self.place == "title" and said else "(x)"],
            )
            lines = [unit, *lines] if unit[2] != "(x)" else lines
        table = [header, *lines]
        if self.place == "column" and said:
            table = [[*header[:2], "Einheit", header[2]], *([*line[:2], said, line[2]] for line in table[1:])]
        if self.extra == "column of percentages":
            table = [[*line, Share(0.5 + at / 10) if line[0].startswith("P") and line[0] != "Projekt" else ""] for at, line in enumerate(table)]  # fmt: skip
            table[0][-1] = "Fördersatz"
        blank = [""] * len(table[0])
        note = [said, *blank[1:]]
        if self.place == "above" and said:
            table = [note, *table]
        if self.place == "below" and said:
            table = [*table, blank, note]
        return table

    @property
    def number_format(self) -> str:
        """The format of the amounts, where it says the unit."""
        return f'#,##0.00 "{self.said}"' if self.place == "format" and self.said else "General"

    @property
    def sheet_name(self) -> str:
        return self.said[:31] if self.place == "sheet" and self.said else "Liste"

    def write(self, folder: Path) -> Path:
        """As CSV, XLSX or XLS."""
        path = folder / f"list.{self.kind}"
        if self.kind == "csv":
            path.write_text("".join(";".join(map(str, row)) + "\n" for row in self.rows()), encoding="utf-8")
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
                        sheet.write(at, column, cell)
        return path

    def _cell(self, cell: Any) -> str | Cell:
        """A cell of a workbook: a number with its format, or text."""
        if isinstance(cell, Decimal):
            return Cell(float(cell), self.number_format)
        return Cell(cell.value, "0.0%") if isinstance(cell, Share) else str(cell)


amounts = st.lists(
    st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2), min_size=3, max_size=6, unique=True
)
lists = st.builds(
    Listed,
    amounts.map(tuple),
    st.sampled_from(NAMES),
    st.sampled_from(list(UNITS)),
    st.sampled_from(CURRENCIES),
    st.sampled_from(PLACES),
    st.sampled_from(["long", "years", "two lines"]),
    st.sampled_from(["", "", "first", "last"]),
    st.sampled_from(KINDS),
    st.sampled_from(EXTRAS),
).filter(lambda one: one.kind != "csv" or one.place not in ("sheet", "cover", "format"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=lists)
def test_a_known_sum_is_read_or_asked_about_and_never_another(listed: Listed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = completed(listed.write(Path(folder)))
    if outcome.is_accepted:
        assert outcome.euros == listed.euros, (listed.rows(), outcome.told)
