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

pytestmark = pytest.mark.usefixtures("in_this_process")

UNITS = {
    "": 0, "Tsd. EUR": 3, "k€": 3, "1 000 EUR": 3, "tis. EUR": 3, "tūkst. EUR": 3, "χιλ. ευρώ": 3, "хил. евро": 3, "ezer euró": 3, "mil. EUR": 6,
    "M€": 6, "Mio. EUR": 6, "milj. euroa": 6, "млн. евро": 6, "Mrd. EUR": 9, "cents": -2, "eurocent": -2, "miles de euros": 3, "milhões de euros": 6,
}  # fmt: skip
CURRENCIES = ("", "EUR", "€", "SEK", "kr", "zł", "Kč", "Ft", "USD", "£", "lei")
PLACES = ("title", "above", "below", "sheet", "cover", "column", "cells", "format")
NAMES = ("Betrag", "Amount", "Montant", "Importe", "Kwota", "Částka", "Summa", "Ποσό")


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
    is_workbook: bool

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
        lines: list[list[Any]] = [[f"P{at}", "2024", cell] for at, cell in enumerate(cells)]
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
        blank = [""] * len(table[0])
        note = [said, *blank[1:]]
        if self.place == "above" and said:
            table = [note, *table]
        if self.place == "below" and said:
            table = [*table, blank, note]
        return table

    def write(self, folder: Path) -> Path:
        """As CSV or as a workbook."""
        if not self.is_workbook:
            path = folder / "list.csv"
            path.write_text("".join(";".join(map(str, row)) + "\n" for row in self.rows()), encoding="utf-8")
            return path
        path = folder / "list.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            if self.place == "cover" and self.said:
                book.add_worksheet("Info").write(0, 0, f"Angaben in {self.said}")
            sheet = book.add_worksheet(self.said[:31] if self.place == "sheet" and self.said else "Liste")
            form = book.add_format({"num_format": f'#,##0.00 "{self.said}"'}) if self.place == "format" and self.said else None  # fmt: skip
            for at, row in enumerate(self.rows()):
                for column, cell in enumerate(row):
                    if isinstance(cell, Decimal):
                        sheet.write_number(at, column, float(cell), form)
                    else:
                        sheet.write(at, column, cell)
        return path


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
    st.booleans(),
).filter(lambda one: one.is_workbook or one.place not in ("sheet", "cover", "format"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=lists)
def test_a_known_sum_is_read_or_asked_about_and_never_another(listed: Listed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        outcome = completed(listed.write(Path(folder)))
    if outcome.is_accepted:
        assert outcome.euros == listed.euros, (listed.rows(), outcome.told)
