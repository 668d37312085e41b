"""The European Central Bank: reference rates of the euro, day by day, as its zip or CSV gives them.

The history has one row a day; the table of a single day has the same columns. Rates are units of currency
for one euro.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import day, is_missing, read_amount, words
from pipelines.importers.tabular_files import Sheet, read_sheet

URL = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html"
DATASET = "ecb/daily"

_CURRENCIES = frozenset(
    [
        "usd",
        "jpy",
        "bgn",
        "cyp",
        "czk",
        "dkk",
        "eek",
        "gbp",
        "huf",
        "ltl",
        "lvl",
        "mtl",
        "pln",
        "rol",
        "ron",
        "sek",
        "sit",
        "skk",
        "chf",
        "isk",
        "nok",
        "hrk",
        "rub",
        "trl",
        "try",
        "aud",
        "brl",
        "cad",
        "cny",
        "hkd",
        "idr",
        "ils",
        "inr",
        "krw",
        "mxn",
        "myr",
        "nzd",
        "php",
        "sgd",
        "thb",
        "zar",
    ]
)
_FINEST = Decimal("0.00000001")
_LISTED = 100


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every published rate of every table, a day and currency once; tables that disagree are a finding."""
    findings: list[Finding] = []
    rates: dict[tuple[str, str], str] = {}
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        sheet = read_sheet(path, _is_header, _CURRENCIES | {"date"})
        if isinstance(sheet, Finding):
            findings.append(sheet)
            continue
        if not _is_header(sheet.header):
            problem = "is a column that a table of rates must have."
            remedy = f"The columns of the file are {', '.join(filter(None, sheet.titles))}."
            findings.append(
                make_finding("column-missing", path.name, problem, row=1, column="Date", remedy=remedy)
            )
            continue
        _add(sheet, rates, findings)
    if not rates and not any(finding.severity == "error" for finding in findings):
        remedy = "Give eurofxref-hist.zip, or the CSV in it."
        findings.append(make_finding("nothing-read", "", "there is no table of rates.", remedy=remedy))
    keys = sorted(rates)
    columns: dict[str, list[str | None]] = {
        "dataset": [DATASET] * len(keys),
        "day": [moment for moment, _ in keys],
        "currency": [currency for _, currency in keys],
        "rate": [rates[key] for key in keys],
    }
    newest = max((moment for moment, _ in keys), default="")
    return Imported(
        title="Euro reference rates",
        publisher="European Central Bank",
        url=URL,
        licence="Free reuse with the source named",
        vintage=date.fromisoformat(newest) if newest else None,
        files={"rates.csv": shaped("rate_line", columns)},
        shapes={"rates.csv": "rate_line"},
        findings=tuple(findings),
    )


def _is_header(titles: Collection[str]) -> bool:
    return "date" in titles and len(_CURRENCIES.intersection(titles)) >= 2


def _add(sheet: Sheet, rates: dict[tuple[str, str], str], findings: list[Finding]) -> None:
    days = [_day(words(cell)) for cell in sheet.column("date")]
    wrong = [
        _wrong("not-a-day", "cannot be read as a day.", sheet, row, "Date", words(cell))
        for row, moment, cell in zip(sheet.numbers, days, sheet.column("date"), strict=True)
        if not moment
    ]
    for name in sorted(_CURRENCIES.intersection(sheet.header)):
        for row, moment, cell in zip(sheet.numbers, days, sheet.column(name), strict=True):
            text = words(cell)
            if is_missing(text):
                continue
            rate = read_amount(text, ".")
            if rate is None or rate <= 0 or rate != rate.quantize(_FINEST):
                wrong.append(_wrong("not-a-rate", "is not a rate.", sheet, row, name.upper(), text))
            elif moment and rates.setdefault((moment, name.upper()), _plain(rate)) != _plain(rate):
                problem = f"is not what another table gives for {moment}: {rates[moment, name.upper()]}."
                wrong.append(_wrong("rate-differs", problem, sheet, row, name.upper(), text))
    findings += wrong[:_LISTED]
    if len(wrong) > _LISTED:
        more = f"{len(wrong) - _LISTED:,}"
        problem = "more cells cannot be read."
        findings.append(make_finding("more", sheet.file, problem, value=more, remedy="Mend these first."))


def _plain(rate: Decimal) -> str:
    """A rate without zeros at its end: the tables of the bank write some of them, others not."""
    return format(rate.normalize(), "f")


def _day(text: str) -> str:
    """A day as the history writes it, 2026-10-30, or as the table of one day does, 30 October 2026."""
    if re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", text):
        try:
            return datetime.strptime(text, "%d %B %Y").date().isoformat()
        except ValueError:
            return ""
    return day(text) or ""


def _wrong(code: str, problem: str, sheet: Sheet, row: int, column: str, value: str) -> Finding:
    remedy = "Fetch the file again from the bank."
    return make_finding(code, sheet.file, problem, row=row, column=column, value=value, remedy=remedy)
