"""The European Investment Fund: which funds it has committed money to under InvestEU, and how much.

Reads the table of financial intermediaries as CSV or XLSX. Amounts stay in their own currency: the build
converts them at the ECB's rate of the day of the list. Addresses and managers are not read.
"""

import html
import re
from collections.abc import Collection, Sequence
from datetime import date
from decimal import ROUND_HALF_UP
from pathlib import Path

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import CENT, day, is_finer_than_cents, read_amount
from pipelines.importers.country_codes import CountryCodes, read_country_codes
from pipelines.importers.tabular_files import Sheet, read_sheet

URL = "https://www.eif.org/files/calls/ieu-equity-visibility-report-financial-intermediaries.pdf"
DATASET = "investeu/eif"

_COLUMNS = {
    "country": ("country",),
    "fund": ("fund name", "fund"),
    "product": ("financial product",),
    "support": ("support type",),
    "targets": ("target area", "target areas"),
    "sector": ("sector focus",),
    "amount": ("commitment eur", "commitment", "amount"),
    "currency": ("currency",),
}
_NEEDED = ("country", "fund", "amount", "currency")
_KNOWN = frozenset(name for names in _COLUMNS.values() for name in names)
_CURRENCY = re.compile(r"[A-Z]{3}")
_AI = re.compile(r"artificial intelligence|\bAI\b", re.IGNORECASE)


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every commitment of every table. The day of a list stands in the name of its file.

    Amounts of a list without a day are converted at the newest rate that the release has.
    """
    findings: list[Finding] = []
    countries = read_country_codes()
    columns: dict[str, list[str | None]] = {
        name: []
        for name in (
            *("dataset", "fund", "country", "product", "support", "targets"),
            *("amount_original", "currency", "listed_on", "ai_scope", "ai_rule"),
        )
    }
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        sheet = read_sheet(path, _is_header, _KNOWN)
        if isinstance(sheet, Finding):
            findings.append(sheet)
            continue
        findings += sheet.findings
        if missing := [
            name for name in _NEEDED if not any(theirs in sheet.header for theirs in _COLUMNS[name])
        ]:
            findings += [_missing(sheet, _COLUMNS[name][0]) for name in missing]
            continue
        _add(sheet, path, columns, countries, findings)
    if len({*columns["listed_on"]}) > 1:
        problem, remedy = "are lists of several days: funds would count twice.", "Import the newest list."
        days_given = ", ".join(sorted({listed or "no day" for listed in columns["listed_on"]}))
        findings.append(make_finding("dataset-twice", "", problem, value=days_given, remedy=remedy))
    if not columns["fund"] and not any(finding.severity == "error" for finding in findings):
        remedy = (
            f"A table of intermediaries has the columns {', '.join(_COLUMNS[name][0] for name in _NEEDED)}."
        )
        findings.append(make_finding("nothing-read", "", "there is no table of funds.", remedy=remedy))
    findings += countries.findings("", "country")
    days = sorted({listed for listed in columns["listed_on"] if listed})
    return Imported(
        title=f"InvestEU, equity: commitments of the EIF to funds{f', as of {days[-1]}' if days else ''}",
        publisher="European Investment Fund",
        url=URL,
        licence="Terms of reuse not stated; facts only, with the source named",
        vintage=date.fromisoformat(days[-1]) if days else None,
        files={"intermediaries.csv": shaped("intermediary_line", columns)},
        shapes={"intermediaries.csv": "intermediary_line"},
        findings=tuple(findings),
    )


def _is_header(titles: Collection[str]) -> bool:
    return len(_KNOWN.intersection(titles)) >= 4


def _missing(sheet: Sheet, column: str) -> Finding:
    problem = "is a column that a table of intermediaries must have."
    remedy = f"The columns of the file are {', '.join(filter(None, sheet.titles))}."
    return make_finding("column-missing", sheet.file, problem, row=1, column=column, remedy=remedy)


def _add(
    sheet: Sheet,
    path: Path,
    columns: dict[str, list[str | None]],
    countries: CountryCodes,
    findings: list[Finding],
) -> None:
    in_name = re.search(r"\d{4}-\d\d-\d\d", path.name)
    listed_on = (day(in_name[0]) if in_name else "") or (sheet.vintage.isoformat() if sheet.vintage else "")
    if not listed_on:
        problem = "the file does not say of which day its list is; other currencies are converted at the newest rate."
        remedy = "Put the day into the name of the file, as intermediaries_2026-03-31.csv."
        findings.append(make_finding("no-day", sheet.file, problem, remedy=remedy, severity="warning"))
    text = {
        name: [html.unescape(html.unescape(cell)) for cell in sheet.texts(*theirs)]
        for name, theirs in _COLUMNS.items()
    }
    for at, row in enumerate(sheet.numbers):
        for name in _NEEDED:
            if not text[name][at]:
                remedy = "Compare with the publisher's list."
                findings.append(
                    make_finding(
                        "required-missing",
                        sheet.file,
                        "is missing.",
                        row=row,
                        column=_COLUMNS[name][0],
                        remedy=remedy,
                    )
                )
        columns["amount_original"].append(_amount(sheet, row, text["amount"][at], findings))
        currency = text["currency"][at].upper()
        if currency and not _CURRENCY.fullmatch(currency):
            problem, remedy = "is no currency.", "Write three letters, as EUR."
            findings.append(
                make_finding(
                    "not-a-currency",
                    sheet.file,
                    problem,
                    row=row,
                    column="currency",
                    value=currency,
                    remedy=remedy,
                )
            )
        columns["currency"].append(currency)
        names_ai = bool(_AI.search(f"{text['targets'][at]} {text['sector'][at]}"))
        columns["ai_scope"].append("not-split" if names_ai else "outside")
        columns["ai_rule"].append("target-area-names-ai" if names_ai else None)
    columns["fund"] += text["fund"]
    columns["country"] += [countries.code(name) for name in text["country"]]
    columns["product"] += text["product"]
    columns["support"] += text["support"]
    columns["targets"] += text["targets"]
    columns["dataset"] += [DATASET] * len(sheet.numbers)
    columns["listed_on"] += [listed_on] * len(sheet.numbers)


def _amount(sheet: Sheet, row: int, text: str, findings: list[Finding]) -> str | None:
    amount = read_amount(text, ".")
    if amount is None:
        if text:
            problem, remedy = "cannot be read as an amount.", "Compare with the publisher's list."
            findings.append(
                make_finding(
                    "not-euros", sheet.file, problem, row=row, column="commitment", value=text, remedy=remedy
                )
            )
        return None
    if is_finer_than_cents(amount):
        problem = "has more than two decimals."
        findings.append(
            make_finding("third-decimal", sheet.file, problem, row=row, column="commitment", value=text)
        )
    return str(amount.quantize(CENT, ROUND_HALF_UP))
