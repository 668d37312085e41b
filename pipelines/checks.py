"""What can be wrong with the rows of a source: pure functions, rows → findings. No files, no database, no pages."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pipelines.moments import read_moment
from pipelines.shapes import SHAPES, Cell

Severity = Literal["error", "warning", "note"]
Vocabularies = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Finding:
    """One problem, as a letter to the person who can mend it.

    row: as a spreadsheet shows it, the header is row 1; 0 where the finding is about the whole file.
    """

    code: str
    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, f"row {self.row}" if self.row else "", self.column) if part)
        value = f"{shown(self.value)} " if self.value else ""
        return f"{self.severity}: {where}: {value}{self.problem} {self.remedy}".rstrip()


class Refused(Exception):
    """Work was stopped and nothing changed. `findings` holds every problem that was found, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


@dataclass(frozen=True)
class Row:
    """A row of a source in our column names and codes, still text. number: as a spreadsheet shows it."""

    number: int
    cells: Mapping[str, str]


_EUROS = re.compile(r"-?\d{1,16}(\.\d{1,2})?", re.ASCII)
_TOO_FINE = re.compile(r"-?\d{1,16}\.\d{3,}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,16}(\.\d{1,8})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_COUNT = re.compile(r"\d{1,18}", re.ASCII)
_YEAR = re.compile(r"(19|20)\d\d", re.ASCII)
_URL = re.compile(r"https?://[^\s/@]+\.[^\s/@]+(/\S*)?(\?\S*)?")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def shown(value: str) -> str:
    """A value as a message may show it: quoted, short, with nothing hidden in it."""
    plain = _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    return f"“{plain if len(plain) <= 60 else plain[:57] + '…'}”"


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The question “Did you mean …?” for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word.strip().lower(), sorted(allowed), n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”? " if near else ""


def check_rows(shape: str, rows: Iterable[Row], file: str, words: Vocabularies) -> list[Finding]:
    """Every problem in the rows of a file, judged by the declared shape and the vocabularies."""
    cells = SHAPES[shape]
    return [
        finding
        for row in rows
        for finding in (
            *(found for name, cell in cells.items() for found in check_cell(cell, row.cells.get(name, ""), file, row.number, name, words)),
            *check_row(shape, row, file),
        )
    ]


def check_cell(cell: Cell, value: str, file: str, row: int, column: str, words: Vocabularies) -> Iterator[Finding]:
    """What is wrong with one cell, judged by what its column may hold."""

    def finding(code: str, problem: str, remedy: str) -> Finding:
        return Finding(code, file, row, column, value, problem, remedy)

    if not value:
        if cell.required:
            yield finding("required-missing", "the cell is empty, but this column must be filled.", "Fill it in.")
        return
    if _HIDDEN.search(value):
        yield finding("hidden-character", "holds a control, zero-width or direction character.", "Type the text anew.")
        return
    match cell.kind:
        case "euros" if _TOO_FINE.fullmatch(value):
            yield finding("third-decimal", "has more than two decimals; euros end at the cent.", "Write what the source states, to the cent.")
        case "euros" if not _EUROS.fullmatch(value):
            yield finding("not-euros", "cannot be read as euros.", "Write digits only, with a point before the cents: 1200000.00.")
        case "decimal" if not _DECIMAL.fullmatch(value):
            yield finding("not-a-number", "cannot be read as a number.", "Write digits, with a point before at most eight decimals.")
        case "number" if not _NUMBER.fullmatch(value):
            yield finding("not-a-number", "cannot be read as a number.", "Write digits, with a point before the decimals.")
        case "count" if not _COUNT.fullmatch(value):
            yield finding("not-a-count", "cannot be read as a whole number.", "Write digits only.")
        case "year" if not _YEAR.fullmatch(value):
            yield finding("not-a-year", "is not a year.", "Write four digits, as 2026.")
        case "day" if not is_day(value):
            yield finding("not-a-day", "is not a day of the calendar.", "Write YYYY-MM-DD, as 2026-11-24.")
        case "moment" if read_moment(value) is None:
            yield finding("not-a-date", "is not a date.", "Write YYYY-MM-DD, YYYY-MM, YYYY-Q3 or YYYY.")
        case "flag" if value not in ("true", "false"):
            yield finding("not-a-flag", "is neither true nor false.", "Write true or false.")
        case "url" if not _URL.fullmatch(value):
            yield finding("not-an-address", "is not the address of a document.", "Write the whole address, from https:// on.")
        case "code" if value not in words[cell.of]:
            remedy = f"{nearest(value, words[cell.of])}The words are in data/reference/{cell.of}.csv."
            yield finding("unknown-word", f"is not one of our {cell.of.replace('_', ' ')}.", remedy)
        case _:
            pass


def is_day(value: str) -> bool:
    """Whether the text is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def check_row(shape: str, row: Row, file: str) -> Iterator[Finding]:
    """What is wrong between the cells of one row."""
    cells = row.cells
    if shape in ("entry", "budget_line") and not cells.get("amount_eur") and not cells.get("note"):
        remedy = "Say in `note` where you looked: a missing amount is shown as “not published”."
        yield Finding("amount-missing", file, row.number, "amount_eur", "", "there is no amount and no note.", remedy)
    if shape == "budget_line" and not cells.get("year") and not cells.get("dated_on"):
        yield Finding("date-missing", file, row.number, "year", "", "neither year nor dated_on is given.", "Give one of them.")
    if shape == "entry" and cells.get("confidence") == "calculated" and not cells.get("formula"):
        remedy = "Write the arithmetic in `formula`, or change `confidence`."
        yield Finding("formula-missing", file, row.number, "formula", "", "a calculated amount needs its formula.", remedy)
    if cells.get("currency") and not cells.get("rate"):
        remedy = "Give the dated rate in `rate`, in units of the currency per euro."
        yield Finding("rate-missing", file, row.number, "rate", cells["currency"], "was converted without a rate.", remedy)


def check_expectations(file: str, rows: Sequence[Row], expect: Mapping[str, object]) -> list[Finding]:
    """Whether a file has the rows and sums that its source.toml expects of it."""
    findings = []
    for name, expected in expect.items():
        found = str(len(rows)) if name == "rows" else str(sum((_amount(row.cells.get(name, "")) for row in rows), Decimal(0)))
        if Decimal(found) != Decimal(str(expected)):
            problem = f"is what we read, but source.toml expects {name} = {expected}."
            remedy = "Compare the file with the publisher's; if the file is right, correct [expect]."
            findings.append(Finding("expectation-failed", file, 0, name, found, problem, remedy))
    return findings


def _amount(value: str) -> Decimal:
    return Decimal(value) if _EUROS.fullmatch(value) else Decimal(0)
