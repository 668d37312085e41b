"""eCORDA by country, as the French ministry for research publishes it: a cross-check of CORDIS.

Reads two tables of JSON: evaluated and successful proposals by country and year of call, and signed grants by
country and part of the programme. Rows for all countries together are kept under the name of their group.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from pipelines import reference
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import CENT, read_amount, words

URL = "https://data.enseignementsup-recherche.gouv.fr/"
BY_YEAR, BY_PART = "ecorda/by-year", "ecorda/by-part"

_COLUMNS = (
    *("dataset", "framework", "part", "year", "stage", "country", "group_name"),
    *("eu_contribution_eur", "projects", "participations", "coordinations"),
)
_GROUPS = {
    "ALL": "all countries",
    "UE": "member states and associated countries",
    "ZOE": "international organisations in Europe",
    "ZOI": "international organisations",
}
_YEAR_ROW = ("call_year", "framework", "country_code", "stage", "funding")
_NOISE = Decimal("0.0001")  # what a binary number may be off by
_LISTED = 100

Row = dict[str, str]


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every row of every table. A row without a country that we know keeps the code as its group."""
    findings: list[Finding] = []
    rows: list[Row] = []
    vintages: list[str] = []
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        try:
            content = json.loads(path.read_bytes(), parse_float=str)
        except ValueError as error:
            problem = f"cannot be read as JSON: {error}."
            findings.append(
                make_finding("json-unreadable", path.name, problem, remedy="Fetch the file again.")
            )
            continue
        wrong: list[Finding] = []
        own = [*_rows(content, path.name, wrong)]
        if not own and not wrong:
            problem = "is a table that we do not use; left out."
            findings.append(make_finding("table-unused", path.name, problem))
        findings += wrong[:_LISTED]
        rows += own
        if in_name := re.search(r"\d{4}-\d\d-\d\d", path.name):
            vintages.append(in_name[0])
    if not rows and not any(finding.severity == "error" for finding in findings):
        remedy = "Give the tables by country and year, or by country and part."
        findings.append(make_finding("nothing-read", "", "there is no table of countries.", remedy=remedy))
    columns: dict[str, list[str | None]] = {name: [row.get(name, "") for row in rows] for name in _COLUMNS}
    return Imported(
        title="eCORDA: proposals and grants of the framework programmes by country",
        publisher="French Ministry for Higher Education and Research, from eCORDA",
        url=URL,
        licence="Licence Ouverte 2.0",
        vintage=date.fromisoformat(max(vintages)) if vintages else None,
        files={"countries.csv": shaped("country_total", columns)},
        shapes={"countries.csv": "country_total"},
        findings=tuple(findings),
    )


def _rows(content: Any, file: str, findings: list[Finding]) -> Iterator[Row]:
    if not isinstance(content, list):
        return
    codes = _codes()
    for number, entry in enumerate(content, start=1):
        if not isinstance(entry, dict):
            continue
        if all(name in entry for name in _YEAR_ROW):
            yield from _of_year(entry, codes, file, number, findings)
        elif entry.get("code_indic") == "funding" and isinstance(entry.get("data"), list):
            yield from _of_parts(entry, codes, file, number, findings)


def _of_year(
    entry: dict[str, Any], codes: dict[str, str], file: str, number: int, findings: list[Finding]
) -> Iterator[Row]:
    if euros := _euros(entry["funding"], file, f"funding of item {number}", findings):
        yield {
            "dataset": BY_YEAR,
            "framework": words(entry["framework"]),
            "year": words(entry["call_year"]),
            "stage": words(entry["stage"]),
            **_place(words(entry["country_code"]), codes),
            "eu_contribution_eur": euros,
            "projects": _count(entry.get("project_number")),
            "participations": _count(entry.get("number_involved")),
            "coordinations": _count(entry.get("coordination_number")),
        }


def _of_parts(
    entry: dict[str, Any], codes: dict[str, str], file: str, number: int, findings: list[Finding]
) -> Iterator[Row]:
    for part in entry["data"]:
        code = words(part.get("programme_code"))
        where = f"value_signed of {code} in item {number}"
        if euros := _euros(part.get("value_signed"), file, where, findings):
            yield {
                "dataset": BY_PART,
                "framework": "Horizon Europe",
                "part": code,
                "stage": "signed",
                **_place(words(entry.get("country_code")), codes),
                "eu_contribution_eur": euros,
            }


def _place(code: str, codes: dict[str, str]) -> Row:
    """Country of a code, or the group that the code stands for."""
    country = codes.get(code.upper(), "")
    return {"country": country, "group_name": "" if country else _GROUPS.get(code, code)}


def _codes() -> dict[str, str]:
    """EU, two-letter and three-letter code of each country → our code."""
    return {
        code.upper(): row["code"]
        for row in reference.read_rows("countries")
        for code in (row["iso3"], row["iso2"], row["code"])
        if code
    }


def _count(value: Any) -> str:
    amount = read_amount(words(value), ".")
    return str(int(amount)) if amount is not None else ""


def _euros(value: Any, file: str, where: str, findings: list[Finding]) -> str:
    """An amount to the cent; empty text, and a finding, where it is none."""
    amount = read_amount(words(value), ".")
    cents = None if amount is None else amount.quantize(CENT, ROUND_HALF_UP)
    if amount is None or cents is None:
        problem, remedy = "cannot be read as euros.", "Compare with the publisher's table."
        findings.append(
            make_finding("not-euros", file, problem, column=where, value=words(value), remedy=remedy)
        )
        return ""
    if abs(amount - cents) > _NOISE:
        problem = "has more than two decimals; rounded to the cent."
        findings.append(make_finding("finer-than-cents", file, problem, column=where, value=words(value)))
    return str(cents)
