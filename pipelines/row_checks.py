"""What can be wrong with the rows of a source: pure functions, tables → findings.

No files, no database, no pages.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.file_schemas import SHAPES, Cell
from pipelines.findings import HIDDEN_CHARACTERS, Finding, nearest
from pipelines.partial_dates import read_partial_date

MOST_LISTED = 40
"""Words of a vocabulary that a remedy lists; of a longer one it says where they all stand."""

Vocabularies = Mapping[str, frozenset[str]]


class Fault(NamedTuple):
    """What is wrong with a value, wherever it stands."""

    code: str
    problem: str
    remedy: str


_EUROS = re.compile(r"-?\d{1,16}(\.\d{1,2})?", re.ASCII)
_TOO_FINE = re.compile(r"-?\d{1,16}\.\d{3,}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,16}(\.\d{1,8})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_COUNT = re.compile(r"\d{1,18}", re.ASCII)
_YEAR = re.compile(r"(19|20)\d\d", re.ASCII)
_URL = re.compile(r"https?://[^\s/@]+\.[^\s/@]+(/\S*)?(\?\S*)?")


def check_table(shape: str, table: pa.Table, words: Vocabularies) -> list[Finding]:
    """Every problem in the rows of a file, judged by the declared shape and the vocabularies.

    table: the columns of the shape as strings, empty cells as nulls; its first row is row 2 of the file.
    Findings come in the order of the rows and do not name the file: the table does not know it.
    """
    findings = [
        *check_cells(SHAPES[shape].cells, table, words),
        *check_key(SHAPES[shape].key, table),
        *_check_rules(shape, table),
    ]
    return sorted(findings, key=lambda finding: finding.row)


def check_cells(cells: Mapping[str, Cell], table: pa.Table, words: Vocabularies) -> Iterator[Finding]:
    """What is wrong with single cells, column by column."""
    for name, cell in cells.items():
        for value, fault in _faults(table[name], cell, words):
            for index in _places(table[name], value):
                yield Finding(
                    code=fault.code,
                    row=index + 2,
                    column=name,
                    value=value,
                    problem=fault.problem,
                    remedy=fault.remedy,
                )


def _faults(column: pa.ChunkedArray, cell: Cell, words: Vocabularies) -> Iterator[tuple[str, Fault]]:
    """Each different value is judged once, however often it stands in the column."""
    for value in pc.unique(column).to_pylist():
        fault = check_cell(cell, value or "", words)
        if fault:
            yield value or "", fault


def _places(column: pa.ChunkedArray, value: str) -> list[int]:
    where = pc.equal(column, value) if value else pc.is_null(column)
    rows: list[int] = pc.indices_nonzero(where).to_pylist()
    return rows


def check_cell(cell: Cell, value: str, words: Vocabularies) -> Fault | None:
    """What is wrong with one value, judged by what its column may hold; None if nothing is."""
    if not value:
        return (
            Fault("required-missing", "the cell is empty, but this column must be filled.", "Fill it in.")
            if cell.required
            else None
        )
    if HIDDEN_CHARACTERS.search(value):
        return Fault(
            "hidden-character", "holds a control, zero-width or direction character.", "Type the text anew."
        )
    if value != value.strip():
        return Fault("stray-space", "begins or ends with a space.", "Delete the space.")
    match cell.kind:
        case "euros" if _TOO_FINE.fullmatch(value):
            return Fault(
                "third-decimal",
                "has more than two decimals; euros end at the cent.",
                "Write what the source states, to the cent.",
            )
        case "euros" if not _EUROS.fullmatch(value):
            return Fault(
                "not-euros",
                "cannot be read as euros.",
                "Write digits only, with a point before the cents: 1200000.00.",
            )
        case "decimal" if not _DECIMAL.fullmatch(value):
            return Fault(
                "not-a-number",
                "cannot be read as a number.",
                "Write digits, with a point before at most eight decimals.",
            )
        case "number" if not _NUMBER.fullmatch(value):
            return Fault(
                "not-a-number",
                "cannot be read as a number.",
                "Write digits, with a point before the decimals.",
            )
        case "count" if not _COUNT.fullmatch(value):
            return Fault("not-a-count", "cannot be read as a whole number.", "Write digits only.")
        case "year" if not _YEAR.fullmatch(value):
            return Fault("not-a-year", "is not a year.", "Write four digits, as 2026.")
        case "day" if not is_day(value):
            return Fault("not-a-day", "is not a day of the calendar.", "Write YYYY-MM-DD, as 2026-11-24.")
        case "moment" if read_partial_date(value) is None:
            return Fault(
                "not-a-date", "is not a date.", "Write YYYY-MM-DD, YYYY-MM, YYYY-Q3, YYYY-H2 or YYYY."
            )
        case "flag" if value not in ("true", "false"):
            return Fault("not-a-flag", "is neither true nor false.", "Write true or false.")
        case "url" if not _URL.fullmatch(value):
            return Fault(
                "not-an-address",
                "is not the address of a document.",
                "Write the whole address, from https:// on.",
            )
        case "code" if value not in words[cell.of]:
            remedy = f"{nearest(value, words[cell.of])}{allowed_words(cell.of, words[cell.of])}"
            return Fault("unknown-word", f"is not one of our {cell.of.replace('_', ' ')}.", remedy)
        case _:
            return None


def allowed_words(vocabulary: str, words: Collection[str]) -> str:
    """The words that may stand in a cell, as a sentence; of very many it says where they all stand."""
    if len(words) <= MOST_LISTED:
        return f"The words are {', '.join(sorted(words))}."
    return (
        f"All {len(words):,} words stand on the sheet “Allowed words” of the template workbook (XLSX), and in "
        f"data/reference/{vocabulary}.csv."
    )


def is_day(value: str) -> bool:
    """Whether the text is a day of the calendar, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def check_key(keys: Sequence[str], table: pa.Table) -> Iterator[Finding]:
    """Rows that have the same key as an earlier row of the file."""
    first: dict[tuple[str | None, ...], int] = {}
    for row, key in (
        enumerate(zip(*(table[name].to_pylist() for name in keys), strict=True), start=2) if keys else ()
    ):
        if key in first:
            value = ", ".join(part or "" for part in key)
            remedy = "Delete one of them, or give each its own key."
            yield Finding(
                code="duplicate-key",
                row=row,
                column=keys[0],
                value=value,
                problem=f"stands in row {first[key]} too.",
                remedy=remedy,
            )
        first.setdefault(key, row)


class Rule(NamedTuple):
    """A rule between the cells of a row: where `filled_column` is filled (always, if empty), one of `needs`
    must be filled too.
    """

    shapes: tuple[str, ...]
    filled_column: str
    needs: tuple[str, ...]
    fault: Fault


_RULES = (
    Rule(
        ("entry", "budget_line"),
        "",
        ("amount_eur", "note"),
        Fault(
            "amount-missing",
            "there is no amount and no note.",
            "Say in `note` where you looked: a missing amount is shown as “not published”.",
        ),
    ),
    Rule(
        ("budget_line",),
        "",
        ("year", "dated_on"),
        Fault("date-missing", "neither year nor dated_on is given.", "Give one of them."),
    ),
    Rule(
        ("entry",),
        "superseded_on",
        ("superseded_by",),
        Fault("successor-missing", "was replaced, but by what?", "Name the new entry in `superseded_by`."),
    ),
    Rule(
        ("entry",),
        "superseded_by",
        ("superseded_on",),
        Fault("day-missing", "took its place, but when?", "Give the day in `superseded_on`."),
    ),
    Rule(
        ("entry",),
        "currency",
        ("rate",),
        Fault(
            "rate-missing", "was converted without a rate.", "Give units of the currency per euro in `rate`."
        ),
    ),
)


def _check_rules(shape: str, table: pa.Table) -> Iterator[Finding]:
    for rule in _RULES:
        if shape in rule.shapes:
            broken = (
                pc.is_valid(table[rule.filled_column])
                if rule.filled_column
                else pa.array([True] * table.num_rows, pa.bool_())
            )
            for name in rule.needs:
                broken = pc.and_(broken, pc.is_null(table[name]))
            for index in pc.indices_nonzero(broken).to_pylist():
                value = table[rule.filled_column][index].as_py() if rule.filled_column else ""
                yield Finding(
                    code=rule.fault.code,
                    row=index + 2,
                    column=rule.filled_column or rule.needs[0],
                    value=value,
                    problem=rule.fault.problem,
                    remedy=rule.fault.remedy,
                )
    if shape == "entry":
        calculated = pc.and_(
            pc.fill_null(pc.equal(table["confidence"], "calculated"), False), pc.is_null(table["formula"])
        )
        for index in pc.indices_nonzero(calculated).to_pylist():
            remedy = "Write the arithmetic in `formula`, or change `confidence`."
            yield Finding(
                code="formula-missing",
                row=index + 2,
                column="formula",
                problem="a calculated amount needs its formula.",
                remedy=remedy,
            )


def check_expectations(table: pa.Table, expect: Mapping[str, object]) -> list[Finding]:
    """Whether a file has the rows and the sums of columns that its source.toml expects of it."""
    findings = []
    for name, expected in expect.items():
        if name != "rows" and name not in table.column_names:
            remedy = f"{nearest(name, table.column_names)}Expect rows or a column of amounts."
            findings.append(
                Finding(
                    code="expectation-unknown",
                    column=name,
                    problem="is not a column of this file.",
                    remedy=remedy,
                )
            )
            continue
        if not re.fullmatch(r"-?\d+(\.\d+)?", str(expected), re.ASCII):
            problem = "is expected by source.toml, but is not a number."
            findings.append(
                Finding(
                    code="expectation-unknown",
                    column=name,
                    value=str(expected),
                    problem=problem,
                    remedy="Write digits.",
                )
            )
            continue
        actual = Decimal(table.num_rows) if name == "rows" else _sum(table[name])
        if actual != Decimal(str(expected)):
            problem = f"is what we read, but source.toml expects {name} = {expected}."
            remedy = "Compare the file with the publisher's; if the file is right, correct [expect]."
            findings.append(
                Finding(
                    code="expectation-failed",
                    column=name,
                    value=str(actual),
                    problem=problem,
                    remedy=remedy,
                )
            )
    return findings


def _sum(column: pa.ChunkedArray) -> Decimal:
    return sum(
        (Decimal(value) for value in column.to_pylist() if value and _DECIMAL.fullmatch(value)), Decimal(0)
    )
