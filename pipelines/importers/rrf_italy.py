"""Italia Domani: what Italy's recovery plan gave each project, and what of it has been paid.

Reads the table of payments by project as CSV, XLSX or Parquet. Payments are those to the body that carries a
project out, as Italy reports them; no measure of the plan is for AI alone. Beside it the tables of measures:
expenditure declared, and what counts as digital and climate.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipelines.file_schemas import SHAPES
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import CENT, Cell, day, decimal_mark, euros, read_amount, words
from pipelines.importers.tabular_files import Sheet, read_sheet

URL = "https://www.italiadomani.gov.it/content/sogei-ng/it/it/catalogo-open-data.html"
DATASET = "rrf-it/payments"

# Ours → the publisher's columns, as `tabular_files.plain` writes them.
_TEXTS = {
    "measure": ("codice univoco submisura",),
    "measure_title": ("descrizione submisura",),
    "project_id": ("cup",),
    "local_id": ("codice locale progetto",),
}
_EUROS = {
    "total_eur": ("finanziamento totale",),
    "granted_eur": ("finanziamento pnrr",),
    "paid_total_eur": ("pagamenti totali",),
    "paid_eur": ("pagamenti totali pnrr",),
}
_DAY = ("data di estrazione",)
# The tables of measures: list → the column by which it is known.
_MEASURES = {
    "rrf-it/declared": "spesa dichiarata pnrr",
    "rrf-it/tags": "importo contribuzione al digitale",
}
_OF_MEASURES = {
    "total_eur": "importo totale",
    "declared_eur": "spesa dichiarata pnrr",
    "digital_eur": "importo contribuzione al digitale",
    "climate_eur": "importo contribuzione al clima",
}
_SUPPORT = ("sovvenzioneprestito", "sovvenzione prestito", "prestito o sovvenzione")
_NEEDED = ("codice univoco submisura", "cup", "finanziamento pnrr", "pagamenti totali pnrr")
_KNOWN = frozenset(
    (
        *(name for names in (*_TEXTS.values(), *_EUROS.values()) for name in names),
        *_OF_MEASURES.values(),
        *_SUPPORT,
        *_DAY,
    )
)
# Measures that pay for AI among other things: partnerships, with FAIR, and national centres, with ICSC.
_WITH_AI = frozenset({"M4C2I1.03.00", "M4C2I1.04.00"})
_NOISE = Decimal("0.000001")  # what a binary number may be off by
_LISTED = 100


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every project of every table of payments, and every row of the tables of measures.

    A project that stands twice in a list is a finding.
    """
    findings: list[Finding] = []
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("dataset", "programme", "country", "extracted_on", *_TEXTS, *_EUROS)
    }
    measures: dict[str, list[str | None]] = {name: [] for name in SHAPES["measure_line"].cells}
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        sheet = read_sheet(path, _is_known, _KNOWN)
        if isinstance(sheet, Finding):
            findings.append(sheet)
            continue
        findings += sheet.findings
        if of_measures := _list_of_measures(sheet.header):
            _add_measures(of_measures, sheet, measures, findings)
            continue
        if not _is_header(sheet.header):
            findings += _unused(sheet)
            continue
        _add(sheet, columns, findings)
    if (
        not columns["measure"]
        and not measures["measure"]
        and not any(finding.severity == "error" for finding in findings)
    ):
        remedy = "Give the table of payments by project (PNRR_Pagamenti_di_Progetto)."
        findings.append(
            make_finding("nothing-read", "", "there is no table of payments among the files.", remedy=remedy)
        )
    findings += _doubled(columns)
    tables = {"payments.csv": ("payment_line", columns), "measures.csv": ("measure_line", measures)}
    tables = {name: table for name, table in tables.items() if table[1]["measure"]} or {
        "payments.csv": ("payment_line", columns)
    }
    columns["ai_scope"], columns["ai_rule"] = _readings(columns["measure"])
    days = sorted(filter(None, columns["extracted_on"])) or sorted(filter(None, measures["extracted_on"]))
    what = "payments by project" if "payments.csv" in tables else "measures"
    return Imported(
        title=f"Italy's recovery plan, {what}{f', as of {days[-1]}' if days else ''}",
        publisher="Italia Domani, Presidency of the Council of Ministers (ReGiS)",
        url=URL,
        licence="CC BY 4.0",
        vintage=date.fromisoformat(days[-1]) if days else None,
        files={name: shaped(shape, table) for name, (shape, table) in tables.items()},
        shapes={name: shape for name, (shape, _) in tables.items()},
        findings=tuple(findings),
    )


def _readings(measures: Sequence[str | None]) -> tuple[list[str | None], list[str | None]]:
    """The reading of AI of each project and its rule, by its measure: no measure is for AI alone.

    The titles are Italian and the rules of the definition English, so that these decide nothing here.
    """
    mixed = [measure in _WITH_AI for measure in measures]
    return ["not-split" if is_mixed else "outside" for is_mixed in mixed], [
        "measure-holds-ai" if is_mixed else None for is_mixed in mixed
    ]


def _is_header(titles: Collection[str]) -> bool:
    return all(name in titles for name in _NEEDED)


def _list_of_measures(titles: Collection[str]) -> str:
    """Which list of measures a table is, by its columns; empty text for every other table."""
    if not {"codice univoco submisura", "importo totale"} <= set(titles):
        return ""
    return next((name for name, column in _MEASURES.items() if column in titles), "")


def _is_known(titles: Collection[str]) -> bool:
    return _is_header(titles) or bool(_list_of_measures(titles))


def _add_measures(
    dataset: str, sheet: Sheet, columns: dict[str, list[str | None]], findings: list[Finding]
) -> None:
    """Append the rows of a table of measures to the columns of measure_line. Each must name its measure."""
    size = len(sheet.numbers)
    columns["measure"] += sheet.texts(*_TEXTS["measure"])
    columns["measure_title"] += sheet.texts(*_TEXTS["measure_title"])
    columns["support"] += sheet.texts(*_SUPPORT)
    findings += _nameless(sheet)
    for name, theirs in _OF_MEASURES.items():
        columns[name] += _amounts(sheet, sheet.column(theirs), theirs, findings)
    fallback = sheet.vintage.isoformat() if sheet.vintage else ""
    columns["extracted_on"] += [day(cell) or fallback for cell in sheet.column(*_DAY)]
    columns["dataset"] += [dataset] * size
    columns["programme"] += ["rrf"] * size
    columns["country"] += ["IT"] * size


def _unused(sheet: Sheet) -> list[Finding]:
    missing = [name for name in _NEEDED if name not in sheet.header]
    if "pagamenti totali pnrr" in missing:
        problem = "is another table of the plan, without payments by project; left out."
        return [make_finding("table-unused", sheet.file, problem)]
    problem = "is a column that a table of payments must have."
    remedy = f"The columns of the file are {', '.join(filter(None, sheet.titles))}."
    return [
        make_finding("column-missing", sheet.file, problem, row=1, column=name, remedy=remedy)
        for name in missing
    ]


def _add(sheet: Sheet, columns: dict[str, list[str | None]], findings: list[Finding]) -> None:
    size = len(sheet.numbers)
    for name, theirs in _TEXTS.items():
        columns[name] += sheet.texts(*theirs)
    findings += _nameless(sheet)
    for name, theirs in _EUROS.items():
        columns[name] += _amounts(sheet, sheet.column(*theirs), theirs[0], findings)
    given = [day(cell) for cell in sheet.column(*_DAY)]
    fallback = sheet.vintage.isoformat() if sheet.vintage else ""
    columns["extracted_on"] += [moment or fallback for moment in given]
    if not all(moment or fallback for moment in given):
        problem = "the file does not say of which day its payments are."
        findings.append(
            make_finding("no-day", sheet.file, problem, column=_DAY[0], remedy="Fetch the file again.")
        )
    columns["dataset"] += [DATASET] * size
    columns["programme"] += ["rrf"] * size
    columns["country"] += ["IT"] * size


def _nameless(sheet: Sheet) -> list[Finding]:
    """A finding for every row that does not name its measure, such as a row of totals."""
    return [
        make_finding(
            "required-missing",
            sheet.file,
            "does not name the measure.",
            row=row,
            column="codice_univoco_submisura",
            remedy="Take out rows that are no projects and no measures, such as totals.",
        )
        for row, measure in zip(sheet.numbers, sheet.texts(*_TEXTS["measure"]), strict=True)
        if not measure
    ]


def _amounts(sheet: Sheet, cells: Sequence[Cell], column: str, findings: list[Finding]) -> list[str | None]:
    """The amounts of a column to the cent. Italy writes 1.234,56; copies of others hold binary numbers."""
    mark = decimal_mark(cells, usual=",") or ","
    amounts: list[str | None] = []
    wrong: list[Finding] = []
    for row, cell in zip(sheet.numbers, cells, strict=True):
        amount = read_amount(cell, mark)
        cents = None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)
        amounts.append(euros(cents))
        if amount is None and words(cell):
            wrong.append(_wrong("not-euros", "cannot be read as euros.", sheet, row, column, cell))
        elif amount is not None and cents is not None and abs(amount - cents) > _NOISE:
            problem = "has more than two decimals; euros end at the cent."
            wrong.append(_wrong("third-decimal", problem, sheet, row, column, cell))
    findings += wrong[:_LISTED]
    if len(wrong) > _LISTED:
        more = f"{len(wrong) - _LISTED:,}"
        problem = "more cells cannot be read."
        findings.append(make_finding("more", sheet.file, problem, value=more, remedy="Mend these first."))
    return amounts


def _wrong(code: str, problem: str, sheet: Sheet, row: int, column: str, cell: Cell) -> Finding:
    remedy = "Compare with the publisher's file."
    return make_finding(code, sheet.file, problem, row=row, column=column, value=words(cell), remedy=remedy)


def _doubled(columns: dict[str, list[str | None]]) -> list[Finding]:
    """A finding if a project stands twice on one day: its payments would count twice."""
    keys = zip(
        *(columns[name] for name in ("extracted_on", "measure", "project_id", "local_id")), strict=True
    )
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if not twice:
        return []
    problem = f"and {len(twice) - 1:,} more projects stand twice: their payments would count twice."
    value = " ".join(part or "-" for part in twice[0])
    remedy = "Import one table of a day."
    return [make_finding("dataset-twice", "", problem, column="CUP", value=value, remedy=remedy)]
