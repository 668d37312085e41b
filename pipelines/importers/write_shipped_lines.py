"""Imported lists → the lines that ship in data/sources/: compact facts, each list in a folder of its own.

A folder holds an extract: it gives way to every import of its list. Which lines ship is declared in EXTRACTS.
"""

import csv
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipelines import files
from pipelines.file_schemas import SHAPES
from pipelines.person_names import looks_like_a_person

Row = Mapping[str, str]


class Extract(NamedTuple):
    """Which lines of one shape ship.

    folder: of data/sources, by a name that no import has (<kind>-…). shape: of the lines. which: the lines in
    words, for readers. keeps: whether a line ships. blanks: column → whether a text of it must not ship, and
    is left empty. note: what a reader must know.
    """

    folder: str
    shape: str
    which: str
    keeps: Callable[[Row], bool]
    blanks: Mapping[str, Callable[[str], bool]] = {}
    note: str = ""


def _is_ai(row: Row) -> bool:
    return row["ai_scope"] in ("strict", "broad")


def _is_call_of_ours(row: Row) -> bool:
    return (
        row["programme"] in ("digital-europe", "cef-digital")
        or "EUROHPC" in row["topic"].upper()
        or (row["programme"] == "horizon-europe" and _is_ai(row))
    )


_DAYS_OF_RATES = ("2026-03-31", "2026-10-30")
_CURRENCIES = ("CHF", "CZK", "DKK", "GBP", "HUF", "NOK", "PLN", "RON", "SEK", "USD")

EXTRACTS = (
    Extract(
        "ai-projects",
        "project_line",
        "projects that are judged AI, strict or broad",
        _is_ai,
        note="Legal bases, topics and classification of February 2025, amounts of May 2025 from a public table "
        "that a third party made of the CORDIS export. Titles stand where a report on the project gives one, or the hundred "
        "rows of the list that could be had. All other projects stand as sums of February 2025.",
    ),
    Extract(
        "research-partners",
        "partner_line",
        "participations of Canada, New Zealand and the Pacific states in FP7, Horizon 2020 and Horizon Europe",
        lambda row: True,
        note="From a public table that a third party filtered out of the CORDIS export of 21 May 2024. FP7 has no "
        "net contribution; associated partners receive no EU money.",
    ),
    Extract(
        "ai-commitments",
        "commitment_line",
        "lines that are judged AI, strict or broad",
        _is_ai,
        blanks={"beneficiary": looks_like_a_person},
        note="Commitments of one department, DG CNECT, in 2020 and 2021. Names that may be those of natural persons "
        "are left out.",
    ),
    Extract(
        "italy-payments",
        "payment_line",
        "measures for research partnerships (with FAIR, the AI partnership), national research centres (with ICSC, "
        "the computing centre), research infrastructures and the cloud of the state",
        lambda row: row["measure"] in ("M4C2I1.03.00", "M4C2I1.04.00", "M4C2I3.01.00", "M1C1I1.01.00"),
        note="Payments to the bodies that carry the projects out, as Italy reports them. None of these measures is for "
        "AI alone. From a public copy whose columns a third party renamed.",
    ),
    Extract(
        "italy-measures",
        "measure_line",
        "all measures of the plan, with the expenditure that was declared and with what counts as digital and climate",
        lambda row: True,
        note="Declared expenditure is not payment: it is reported by the bodies in charge and runs ahead of what they "
        "were paid. A measure stands once for each tag. From public copies whose columns a third party renamed; the "
        "table of tags gives no day.",
    ),
    Extract(
        "eif-funds",
        "intermediary_line",
        "commitments to funds, with their amounts; no managers, addresses and sectors",
        lambda row: True,
        note="The list was read from the EIF's PDF by a third party, so that some names lack letters. A fund may stand "
        "in it once for each product. The EIF's pages bear its copyright; terms of reuse were looked for in copies of "
        "them on 27 November 2026 and not found.",
    ),
    Extract(
        "daily-rates",
        "rate_line",
        "the day of the list whose amounts were converted, and the newest day; the currencies of European states and "
        "the dollar",
        lambda row: row["day"] in _DAYS_OF_RATES and row["currency"] in _CURRENCIES,
    ),
    Extract(
        "horizon-countries",
        "country_total",
        "Horizon Europe, evaluated and successful proposals by country and year of call",
        lambda row: row["dataset"] == "ecorda/by-year" and row["framework"] == "Horizon Europe",
        note="A cross-check of the projects that CORDIS lists, never added to them. Of the calls of 2025 only a few were "
        "evaluated. The licence is the one that the ministry names for its open data "
        "(enseignementsup-recherche.gouv.fr/cid76441, a copy of 2015); the data set's own page was not seen.",
    ),
    Extract(
        "funding-tenders-calls",
        "call_line",
        "calls of Digital Europe, CEF Digital and EuroHPC, and the calls of Horizon Europe that are judged AI",
        _is_call_of_ours,
        note="Topics of one call may share one budget line, and each then gives the whole: "
        "budget_once_eur counts it once. Read from a public copy of the portal's daily lists; calls that closed "
        "before the first of them are missing.",
    ),
)


class Written(NamedTuple):
    """An extract that was written: its folder and how many lines it holds."""

    folder: str
    lines: int


def write_shipped_lines(
    folders: Iterable[Path], target: Path, checked_on: date | None = None
) -> list[Written]:
    """Write <target>/<folder>/ for every extract of which the imports hold lines. folders: of the imports.

    Of each list only the newest import counts. checked_on: when somebody last looked whether there is a newer
    list.
    """
    imports = _imports(folders)
    written = []
    for extract in EXTRACTS:
        lines, abouts = _newest_lines(extract, imports)
        if lines:
            _write(extract, lines, abouts, target / extract.folder, checked_on)
            written.append(Written(extract.folder, len(lines)))
    return written


def _imports(folders: Iterable[Path]) -> list[tuple[Path, dict[str, Any]]]:
    """The source folders of imports with what they say of themselves, the newest first."""
    read = [(folder, tomllib.loads((folder / "source.toml").read_text("utf-8"))) for folder in folders]
    numbered = [(folder, about) for folder, about in read if "import_no" in about]
    return sorted(numbered, key=lambda one: one[1]["import_no"], reverse=True)


def _newest_lines(
    extract: Extract, imports: Iterable[tuple[Path, dict[str, Any]]]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The lines that ship, of each list those of the newest import, and the imports that they come from."""
    shape = SHAPES[extract.shape]
    chosen: list[dict[str, str]] = []
    abouts: list[dict[str, Any]] = []
    import_of: dict[tuple[str, ...], Path] = {}
    for folder, about in imports:
        for name, file in about["file"].items():
            if file["shape"] != extract.shape:
                continue
            with (folder / name).open(encoding="utf-8", newline="") as stream:
                lines = [
                    line
                    for line in csv.DictReader(stream)
                    if import_of.setdefault(tuple(line[column] for column in shape.list_by), folder) == folder
                    and extract.keeps(line)
                ]
            chosen += [{name: line.get(name, "") for name in shape.cells} for line in lines]
            abouts += [about] if lines else []
    for column, must_go in extract.blanks.items():
        for line in chosen:
            line[column] = "" if must_go(line[column]) else line[column]
    return chosen, abouts


def _write(
    extract: Extract,
    lines: list[dict[str, str]],
    abouts: list[dict[str, Any]],
    folder: Path,
    checked_on: date | None,
) -> None:
    shape = SHAPES[extract.shape]
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{extract.shape}s.csv"
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(shape.cells), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    newest = abouts[0]
    days = [about["retrieved_on"] for about in abouts if "retrieved_on" in about]
    about = {
        "title": f"{newest['title']} (extract)",
        "publisher": newest["publisher"],
        "url": newest["url"],
        "retrieved_on": max(days, default=None),
        "checked_on": checked_on,
        "licence": newest["licence"],
        "definition": newest.get("definition") or None,
        "origin": "; ".join(sorted({one["origin"] for one in abouts})),
        "extract": extract.which,
        "note": " ".join(
            filter(None, (f"Holds {extract.which}.", extract.note, "Written with python -m pipelines lines."))
        ),
        "file": {
            name: {
                "shape": extract.shape,
                "sha256": files.file_sha256(folder / name),
                "expect": {
                    "rows": len(lines),
                    **{
                        column: _sum(lines, column)
                        for column, cell in shape.cells.items()
                        if cell.kind == "euros"
                    },
                },
            }
        },
    }
    (folder / "source.toml").write_text(files.toml_text(about), "utf-8")


def _sum(lines: Iterable[Row], column: str) -> str:
    return str(sum((Decimal(line[column]) for line in lines if line[column]), Decimal("0.00")))
