"""The EU's Financial Transparency System: who was promised how much of the EU budget, by beneficiary of a commitment.

Reads the twelve columns of a search export and the thirty-eight of a yearly file, as XLSX or CSV.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pipelines.findings import Finding
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import (
    Cell,
    comma_is_decimal,
    day,
    euros,
    is_finer_than_cents,
    is_masked,
    is_missing,
    published,
    rounded_together,
    words,
)
from pipelines.importers.country_codes import CountryCodes, read_country_codes
from pipelines.importers.tabular_files import Row, Sheet, read_sheet

URL = "https://ec.europa.eu/budget/financial-transparency-system/"

# Ours → the publisher's column names, as `tables.plain` writes them: search export, yearly files since 2014, older spellings.
_COLUMNS = {
    "year": ("year",),
    "project_id": ("reference budget", "commitment position key", "position key"),
    "title": ("subject of grant or contract",),
    "beneficiary": ("name of beneficiary",),
    "country": ("beneficiary country", "country territory", "country"),
    "amount_eur": ("beneficiarys contracted amount eur",),
    "commitment_eur": ("commitment contracted amount eur", "commitment contracted amount eur a"),
    "programme_name": ("programme name",),
    "department": ("responsible department",),
    "period_start": ("project start date",),
    "period_end": ("project end date",),
    "budget_line": ("budget line name",),
}
_NEEDED = {
    "year": "Year",
    "project_id": "Reference (Budget)",
    "title": "Subject of grant or contract",
    "beneficiary": "Name of beneficiary",
    "country": "Beneficiary country",
    "amount_eur": "Beneficiary’s contracted amount (EUR)",
    "programme_name": "Programme name",
    "department": "Responsible department",
}
_TITLES = {
    "commitment_eur": "Commitment contracted amount (EUR)",
    "period_start": "Project start date",
    "period_end": "Project end date",
}
_KNOWN = frozenset(name for names in _COLUMNS.values() for name in names)
_PROGRAMMES = (
    ("horizon-europe", re.compile(r"\bhorizon europe\b", re.I)),
    ("horizon-2020", re.compile(r"\bhorizon 2020\b", re.I)),
    ("digital-europe", re.compile(r"\bdigital europe\b", re.I)),
    ("cef-digital", re.compile(r"\b(cef|connecting europe facility)\b.*\bdigital\b", re.I)),
    ("investeu", re.compile(r"\binvest ?eu\b", re.I)),
)
_LISTED = 100


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """The lines of all files. Findings say what stands in the way, what was masked and what was rounded."""
    findings: list[Finding] = []
    places = read_country_codes()
    columns: dict[str, list[str | None]] = {name: [] for name in (*_COLUMNS, "dataset", "programme")}
    amounts: list[Decimal | None] = []
    held: dict[str, str] = {}
    vintages = []
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        sheet = read_sheet(path, _is_header)
        if isinstance(sheet, Finding):
            findings.append(sheet)
            continue
        findings += sheet.findings
        if missing := [
            title
            for name, title in _NEEDED.items()
            if not any(theirs in sheet.header for theirs in _COLUMNS[name])
        ]:
            findings += [_missing(path.name, title, sheet.titles) for title in missing]
            continue
        if not sheet.rows:
            findings.append(
                Finding(
                    code="no-rows",
                    file=path.name,
                    problem="has a header and no rows.",
                    remedy="Fetch the file again from its publisher.",
                )
            )
        vintages.append(sheet.vintage)
        findings += _unused(sheet)
        lines = _lines(sheet, places, amounts, findings)
        for dataset in dict.fromkeys(lines["dataset"]):
            if first := held.get(dataset or ""):
                problem = f"stands in {first} as well: its lines would count twice."
                findings.append(
                    Finding(
                        code="dataset-twice",
                        file=path.name,
                        value=dataset or "",
                        problem=problem,
                        remedy="Import one of the two files.",
                    )
                )
            held[dataset or ""] = path.name
        for name, values in lines.items():
            columns[name] += values
    progress.step("rounding and judging", len(paths), len(paths))
    if not held and not any(finding.severity == "error" for finding in findings):
        remedy = f"A workbook or CSV needs the columns {', '.join(_NEEDED.values())}."
        findings.append(
            Finding(
                code="nothing-read", problem="there is no list of commitments among the files.", remedy=remedy
            )
        )
    findings += places.findings("", _NEEDED["country"])
    return _imported(columns, amounts, held, max(filter(None, vintages), default=None), findings)


def _imported(
    columns: dict[str, list[str | None]],
    amounts: list[Decimal | None],
    held: dict[str, str],
    vintage: date | None,
    findings: list[Finding],
) -> Imported:
    columns["amount_eur"] = _in_cents(columns, amounts, findings)
    definition = read_definition()
    labels = [
        f"{programme} {line or ''}"
        for programme, line in zip(columns["programme_name"], columns["budget_line"], strict=True)
    ]
    texts = [title or "" for title in columns["title"]]
    columns["ai_scope"], columns["ai_rule"] = definition.relevances(
        (text, label, "", None) for text, label in zip(texts, labels, strict=True)
    )
    datasets = sorted(dataset.split("/")[1:] for dataset in held)
    years = ", ".join(sorted({year for year, _ in datasets}))
    departments = sorted({department for _, department in datasets})
    whose = f" ({', '.join(departments)})" if len(departments) <= 3 else f" ({len(departments)} departments)"
    return Imported(
        title=f"EU Financial Transparency System{whose if departments else ''}, commitments {years}".rstrip(),
        publisher="European Commission, Directorate-General for Budget",
        url=URL,
        licence="CC BY 4.0",
        vintage=vintage,
        definition=definition.version,
        files={"commitment_lines.csv": shaped("commitment_line", columns)},
        shapes={"commitment_lines.csv": "commitment_line"},
        findings=tuple(findings),
    )


def _is_header(titles: Collection[str]) -> bool:
    return len(_KNOWN.intersection(titles)) >= 4


def _missing(file: str, title: str, titles: list[str]) -> Finding:
    remedy = f"The columns of the file are {', '.join(filter(None, titles)) or 'not readable'}."
    return Finding(
        code="column-missing",
        file=file,
        row=1,
        column=title,
        problem="is a column that a list of commitments must have.",
        remedy=remedy,
    )


def _unused(sheet: Sheet) -> list[Finding]:
    unused = [sheet.titles[place] for name, place in sheet.header.items() if name and name not in _KNOWN]
    if not unused:
        return []
    problem = f"{len(unused)} columns are not used: {', '.join(unused)}."
    return [Finding(code="columns-unused", file=sheet.file, row=1, problem=problem, severity="note")]


def _lines(
    sheet: Sheet, places: CountryCodes, amounts: list[Decimal | None], findings: list[Finding]
) -> dict[str, list[str | None]]:
    """The rows of one file under our names, amounts apart and still exact."""
    cells = {name: sheet.column(*theirs) for name, theirs in _COLUMNS.items()}
    text = {
        name: list(map(lru_cache(None, typed=True)(words), values))
        for name, values in cells.items()
        if name not in ("period_start", "period_end")
    }
    found: list[Finding] = []

    def problem(row: Row, column: str, value: Cell, code: str, says: str, remedy: str) -> None:
        found.append(
            Finding(
                code=code,
                file=sheet.file,
                row=row.number,
                column=column,
                value=words(value),
                problem=says,
                remedy=remedy,
            )
        )

    for row, year, reference, programme in zip(
        sheet.rows, text["year"], text["project_id"], text["programme_name"], strict=True
    ):
        if not re.fullmatch(r"(19|20)\d\d", year):
            problem(
                row,
                "Year",
                year,
                "not-a-year",
                "is not a year.",
                "Take out rows that are no commitments, such as totals.",
            )
        if is_missing(reference):
            problem(
                row,
                _NEEDED["project_id"],
                reference,
                "required-missing",
                "does not name the commitment.",
                "Fetch the file again.",
            )
        if is_missing(programme):
            problem(
                row,
                "Programme name",
                programme,
                "required-missing",
                "does not name the programme.",
                "Fetch the file again.",
            )
    amounts += _amounts(sheet, cells["amount_eur"], text["amount_eur"], _NEEDED["amount_eur"], found)
    commitments = _amounts(
        sheet, cells["commitment_eur"], text["commitment_eur"], _TITLES["commitment_eur"], found
    )
    findings += _first(found, sheet.file)
    findings += _masked(sheet, text["amount_eur"])
    days = {name: _days(sheet, name, cells[name], findings) for name in ("period_start", "period_end")}
    departments = [_department(name) for name in text["department"]]
    return {
        "dataset": [
            f"fts/{year}/{department}" for year, department in zip(text["year"], departments, strict=True)
        ],
        "year": [*text["year"]],
        "project_id": [*text["project_id"]],
        "title": ["" if is_missing(title) else title for title in text["title"]],
        "beneficiary": [_legal_name(name) for name in text["beneficiary"]],
        "country": [places.code(name) for name in text["country"]],
        "amount_eur": [None] * len(sheet.rows),
        "commitment_eur": [euros(amount) for amount in commitments],
        "programme_name": [*text["programme_name"]],
        "programme": [_programme(name) for name in text["programme_name"]],
        "department": [*text["department"]],
        "budget_line": [*text["budget_line"]],
        **days,
    }


def _amounts(
    sheet: Sheet, cells: list[Cell], text: list[str], column: str, found: list[Finding]
) -> list[Decimal | None]:
    comma = comma_is_decimal(cells)
    if comma is None:
        remedy = "Write all amounts of the column in one way."
        found.append(
            Finding(
                code="separators-mixed",
                file=sheet.file,
                column=column,
                problem="has decimal commas and thousands commas.",
                remedy=remedy,
            )
        )
    amounts = [
        None if is_missing(plainly) else published(cell, bool(comma))
        for cell, plainly in zip(cells, text, strict=True)
    ]
    found += [
        Finding(
            code="not-euros",
            file=sheet.file,
            row=row.number,
            column=column,
            value=plainly,
            problem="cannot be read as an amount.",
            remedy="Compare with the publisher's file.",
        )
        for row, amount, plainly in zip(sheet.rows, amounts, text, strict=True)
        if amount is None and not is_missing(plainly)
    ]
    return amounts


def _first(found: list[Finding], file: str) -> list[Finding]:
    if len(found) <= _LISTED:
        return found
    rest = Finding(
        code="more",
        file=file,
        value=f"{len(found) - _LISTED:,}",
        problem="more cells cannot be read.",
        remedy="Mend these first.",
    )
    return [*found[:_LISTED], rest]


def _masked(sheet: Sheet, amounts: list[str]) -> list[Finding]:
    masked, absent = (
        sum(map(is_masked, amounts)),
        sum(is_missing(text) and not is_masked(text) for text in amounts),
    )
    says = [(masked, "amounts are masked by the publisher"), (absent, "amounts are not given")]
    return [
        Finding(
            code="amount-not-published",
            file=sheet.file,
            column=_NEEDED["amount_eur"],
            value=f"{rows:,}",
            problem=f"{what}; kept as “not published”.",
            severity="note",
        )
        for rows, what in says
        if rows
    ]


def _days(sheet: Sheet, name: str, cells: list[Cell], findings: list[Finding]) -> list[str | None]:
    read = {cell: day(cell) for cell in set(cells)}
    days = [read[cell] for cell in cells]
    for value, rows in Counter(words(cell) for cell in cells if read[cell] is None).items():
        problem = f"cannot be read as a day ({rows:,} rows); left empty."
        findings.append(
            Finding(
                code="not-a-day",
                file=sheet.file,
                column=_TITLES[name],
                value=value,
                problem=problem,
                remedy="Compare with the publisher's file.",
                severity="warning",
            )
        )
    return list(days)


def _legal_name(name: str) -> str:
    """The legal name, which ends at the first star; other names follow it. A mis-decoded opening quotation mark is dropped."""
    return next(
        (
            part
            for part in (part.strip().lstrip("¿").strip() for part in name.split("*"))
            if part and part != "-"
        ),
        "",
    )


def _department(name: str) -> str:
    """The code before the first dash (`CNECT - Directorate-General for …`), or the whole name as a code."""
    return re.split(r"\s+[-–]\s+", name)[0].strip().replace("/", "-").replace(" ", "-") or "unknown"


def _programme(name: str) -> str:
    return next((code for code, pattern in _PROGRAMMES if pattern.search(name)), "other-eu")


def _in_cents(
    columns: dict[str, list[str | None]], amounts: list[Decimal | None], findings: list[Finding]
) -> list[str | None]:
    """The amounts to the cent. The publisher splits commitments into shares with four decimals: they are rounded together, so that the list of
    a year and department keeps its sum to the cent, and each programme and commitment moves by at most a cent."""
    keys = list(zip(columns["dataset"], columns["programme_name"], columns["project_id"], strict=True))
    order = sorted(
        (at for at, amount in enumerate(amounts) if amount is not None),
        key=lambda at: (*map(str, keys[at]), at),
    )
    result: list[str | None] = [None] * len(amounts)
    for dataset in dict.fromkeys(keys[at][0] for at in order):
        own = [at for at in order if keys[at][0] == dataset]
        for at, amount in zip(own, rounded_together([amounts[at] or Decimal(0) for at in own]), strict=True):
            result[at] = str(amount)
    if finer := sum(amount is not None and is_finer_than_cents(amount) for amount in amounts):
        problem = "amounts have more than two decimals; rounded together to the cent, so that the list keeps its sum."
        findings.append(
            Finding(
                code="finer-than-cents",
                column=_NEEDED["amount_eur"],
                value=f"{finer:,}",
                problem=problem,
                severity="note",
            )
        )
    return result
