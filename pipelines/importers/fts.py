"""The EU's Financial Transparency System: commitments of the EU budget, by beneficiary.

Reads the twelve columns of a search export and the thirty-eight of a yearly file, as XLSX or CSV.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import (
    Cell,
    day,
    decimal_mark,
    euros,
    is_finer_than_cents,
    is_masked,
    is_missing,
    read_amount,
    rounded_together,
    words,
)
from pipelines.importers.country_codes import CountryCodes, read_country_codes
from pipelines.importers.tabular_files import Sheet, read_sheet

URL = "https://ec.europa.eu/budget/financial-transparency-system/"

# Ours → the publisher's column names, as `tabular_files.plain` writes them: search export, yearly files
# since 2014, older spellings.
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
_YEAR = re.compile(r"(19|20)\d\d")
_LISTED = 100


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """The lines of all files. Findings say what stands in the way, what was masked and what was rounded."""
    findings: list[Finding] = []
    countries = read_country_codes()
    columns: dict[str, list[str | None]] = {name: [] for name in (*_COLUMNS, "dataset", "programme")}
    amounts: list[Decimal | None] = []
    file_of: dict[str, str] = {}  # by dataset
    vintages = []
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        sheet = read_sheet(path, _is_header, _KNOWN)
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
        if not sheet.numbers:
            remedy = "Fetch the file again from its publisher."
            findings.append(make_finding("no-rows", path.name, "has a header and no rows.", remedy=remedy))
        vintages.append(sheet.vintage)
        findings += _unused(sheet)
        lines = _lines(sheet, countries, amounts, findings)
        for dataset in dict.fromkeys(lines["dataset"]):
            if other := file_of.get(dataset or ""):
                problem = f"stands in {other} as well: its lines would count twice."
                remedy = "Import one of the two files."
                findings.append(
                    make_finding("dataset-twice", path.name, problem, value=dataset or "", remedy=remedy)
                )
            file_of[dataset or ""] = path.name
        for name, values in lines.items():
            columns[name] += values
    progress.step("rounding and judging", len(paths), len(paths))
    if not file_of and not any(finding.severity == "error" for finding in findings):
        remedy = f"A workbook or CSV needs the columns {', '.join(_NEEDED.values())}."
        problem = "there is no list of commitments among the files."
        findings.append(make_finding("nothing-read", "", problem, remedy=remedy))
    findings += countries.findings("", _NEEDED["country"])
    return _imported(columns, amounts, file_of, max(filter(None, vintages), default=None), findings)


def _imported(
    columns: dict[str, list[str | None]],
    amounts: list[Decimal | None],
    datasets: Iterable[str],
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
    parts = sorted(dataset.split("/")[1:] for dataset in datasets)
    years = ", ".join(sorted({year for year, _ in parts}))
    departments = sorted({department for _, department in parts})
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
    problem = "is a column that a list of commitments must have."
    remedy = f"The columns of the file are {', '.join(filter(None, titles)) or 'not readable'}."
    return make_finding("column-missing", file, problem, row=1, column=title, remedy=remedy)


def _unused(sheet: Sheet) -> list[Finding]:
    unused = [sheet.titles[at] for name, at in sheet.header.items() if name and name not in _KNOWN]
    if not unused:
        return []
    problem = f"{len(unused)} columns are not used: {', '.join(unused)}."
    return [make_finding("columns-unused", sheet.file, problem, row=1)]


def _lines(
    sheet: Sheet, countries: CountryCodes, amounts: list[Decimal | None], findings: list[Finding]
) -> dict[str, list[str | None]]:
    """The rows of one file under our names, amounts apart and still exact."""
    cells = {name: sheet.column(*theirs) for name, theirs in _COLUMNS.items()}
    text = {
        name: sheet.texts(*theirs)
        for name, theirs in _COLUMNS.items()
        if name not in ("period_start", "period_end")
    }
    wrong = _wrong_keys(sheet, text)
    amounts += _amounts(sheet, cells["amount_eur"], text["amount_eur"], _NEEDED["amount_eur"], wrong)
    commitments = _amounts(
        sheet, cells["commitment_eur"], text["commitment_eur"], _TITLES["commitment_eur"], wrong
    )
    findings += _first(wrong, sheet.file)
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
        "country": [countries.code(name) for name in text["country"]],
        "amount_eur": [None] * len(sheet.numbers),
        "commitment_eur": [euros(amount) for amount in commitments],
        "programme_name": [*text["programme_name"]],
        "programme": [_programme(name) for name in text["programme_name"]],
        "department": [*text["department"]],
        "budget_line": [*text["budget_line"]],
        **days,
    }


def _wrong_keys(sheet: Sheet, text: Mapping[str, list[str]]) -> list[Finding]:
    """A finding for each row without a year, a commitment or a programme."""
    wrong: list[Finding] = []
    for row, year, commitment, programme in zip(
        sheet.numbers, text["year"], text["project_id"], text["programme_name"], strict=True
    ):
        if not _YEAR.fullmatch(year):
            remedy = "Take out rows that are no commitments, such as totals."
            wrong.append(
                make_finding(
                    "not-a-year",
                    sheet.file,
                    "is not a year.",
                    row=row,
                    column="Year",
                    value=year,
                    remedy=remedy,
                )
            )
        for name, cell, what in (
            ("project_id", commitment, "commitment"),
            ("programme_name", programme, "programme"),
        ):
            if is_missing(cell):
                problem = f"does not name the {what}."
                wrong.append(
                    make_finding(
                        "required-missing",
                        sheet.file,
                        problem,
                        row=row,
                        column=_NEEDED[name],
                        value=cell,
                        remedy="Fetch the file again.",
                    )
                )
    return wrong


def _amounts(
    sheet: Sheet, cells: list[Cell], text: list[str], column: str, wrong: list[Finding]
) -> list[Decimal | None]:
    """The amounts of a column with all their decimals. The publisher's English tables write 1,234.56."""
    mark = decimal_mark(cells, usual=".")
    if not mark:
        problem = "has decimal commas and thousands commas."
        remedy = "Write all amounts of the column in one way."
        wrong.append(make_finding("separators-mixed", sheet.file, problem, column=column, remedy=remedy))
    missing = {written for written in set(text) if is_missing(written)}
    amounts: list[Decimal | None] = []
    for row, cell, written in zip(sheet.numbers, cells, text, strict=True):
        amount = None if written in missing else read_amount(cell, mark or ".")
        amounts.append(amount)
        if amount is None and written not in missing:
            wrong.append(
                make_finding(
                    "not-euros",
                    sheet.file,
                    "cannot be read as an amount.",
                    row=row,
                    column=column,
                    value=written,
                    remedy="Compare with the publisher's file.",
                )
            )
    return amounts


def _first(wrong: list[Finding], file: str) -> list[Finding]:
    if len(wrong) <= _LISTED:
        return wrong
    more = f"{len(wrong) - _LISTED:,}"
    rest = make_finding("more", file, "more cells cannot be read.", value=more, remedy="Mend these first.")
    return [*wrong[:_LISTED], rest]


def _masked(sheet: Sheet, amounts: list[str]) -> list[Finding]:
    masked = sum(map(is_masked, amounts))
    absent = sum(is_missing(text) and not is_masked(text) for text in amounts)
    return [
        make_finding(
            "amount-not-published",
            sheet.file,
            f"{what}; kept as “not published”.",
            column=_NEEDED["amount_eur"],
            value=f"{rows:,}",
        )
        for rows, what in (
            (masked, "amounts are masked by the publisher"),
            (absent, "amounts are not given"),
        )
        if rows
    ]


def _days(sheet: Sheet, name: str, cells: list[Cell], findings: list[Finding]) -> list[str | None]:
    day_of = {cell: day(cell) for cell in set(cells)}
    unread = Counter(words(cell) for cell in cells if day_of[cell] is None)
    for value, rows in unread.items():
        findings.append(
            make_finding(
                "not-a-day",
                sheet.file,
                f"cannot be read as a day ({rows:,} rows); left empty.",
                column=_TITLES[name],
                value=value,
                remedy="Compare with the publisher's file.",
                severity="warning",
            )
        )
    return [day_of[cell] for cell in cells]


def _legal_name(name: str) -> str:
    """The legal name, which ends at the first star; other names follow it.

    A mis-decoded opening quotation mark is dropped.
    """
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
    """The amounts to the cent.

    The publisher splits commitments into shares with four decimals. They are rounded together, so that
    the list of a year and department keeps its sum to the cent, and each programme and commitment moves
    by at most a cent.
    """
    keys = list(zip(columns["dataset"], columns["programme_name"], columns["project_id"], strict=True))
    order = sorted(
        (at for at, amount in enumerate(amounts) if amount is not None),
        key=lambda at: (*map(str, keys[at]), at),
    )
    cents: list[str | None] = [None] * len(amounts)
    for _, group in groupby(order, key=lambda at: keys[at][0]):
        own = list(group)
        for at, amount in zip(own, rounded_together([amounts[at] or Decimal(0) for at in own]), strict=True):
            cents[at] = str(amount)
    if finer := sum(amount is not None and is_finer_than_cents(amount) for amount in amounts):
        problem = (
            "amounts have more than two decimals; rounded together to the cent, so that the list keeps its "
            "sum."
        )
        findings.append(
            make_finding("finer-than-cents", "", problem, column=_NEEDED["amount_eur"], value=f"{finer:,}")
        )
    return cents
