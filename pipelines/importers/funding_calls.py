"""The Funding & Tenders portal: which topics are or were open, as one list of a certain day shows them.

Reads weekly lists, feeds of grants and answers of the portal's search service as JSON, and tables of calls as
CSV or XLSX, in UTF-8 or UTF-16.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers import call_items
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import day, euros, is_finer_than_cents, read_amount, words
from pipelines.importers.tabular_files import read_sheet

URL = (
    "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/calls-for-proposals"
)

_PROGRAMMES = (
    ("other-eu", re.compile(r"(HORIZON-)?EURATOM-", re.I)),
    ("horizon-europe", re.compile(r"(HORIZON|ERC|EIC|MSCA|EIT)-", re.I)),
    ("digital-europe", re.compile(r"DIGITAL-", re.I)),
    ("cef-digital", re.compile(r"CEF-DIG-", re.I)),
    ("investeu", re.compile(r"INVESTEU-", re.I)),
    ("horizon-2020", re.compile(r"H2020-", re.I)),
)
_NEEDED = ("code", "name")
_LETTER = re.compile(r"[^\W\d_]")  # a formula without its result reads as 0
_TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
_COLUMNS = (
    *("topic", "title", "programme", "opens_on", "closes_on", "budget_eur", "listed_on", "link"),
    *("reference", "kind", "call", "call_title", "status", "first_listed_on"),
    *("status_history", "closes_history", "budget_history"),
)


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every topic of every list, once a day: lists repeat each other."""
    findings: list[Finding] = []
    read_lines: list[tuple[str, dict[str, str | None]]] = []
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        read_lines += ((path.name, line) for line in _lines(path, findings))
    _tell_apart(line for _, line in read_lines)
    lines: dict[tuple[str, str, str], dict[str, str | None]] = {}
    for file, line in read_lines:
        _keep(line, file, lines, findings)
    if not lines and not any(finding.severity == "error" for finding in findings):
        findings.append(
            make_finding(
                "nothing-read",
                "",
                "there is no list of calls among the files.",
                remedy="Give the portal's JSON files.",
            )
        )
    definition = read_definition()
    rows = [lines[key] for key in sorted(lines)]
    columns: dict[str, list[str | None]] = {name: [row[name] for row in rows] for name in _COLUMNS}
    columns["ai_scope"], columns["ai_rule"] = definition.relevances(
        (row["title"] or "", "", row["topic"] or "", None) for row in rows
    )
    listed = sorted({row["listed_on"] or "" for row in rows})
    return Imported(
        title=f"EU Funding & Tenders portal, calls listed {' to '.join(dict.fromkeys((listed[0], listed[-1]))) if listed else ''}".rstrip(),
        publisher="European Commission, Funding & Tenders portal",
        url=URL,
        licence="CC BY 4.0",
        vintage=date.fromisoformat(listed[-1]) if listed else None,
        definition=definition.version,
        files={"calls.csv": shaped("call_line", columns)},
        shapes={"calls.csv": "call_line"},
        findings=tuple(findings),
    )


def _tell_apart(lines: Iterable[dict[str, str | None]]) -> None:
    """Give calls of one topic and title their references: several projects pass money on under one title."""
    calls: dict[tuple[str | None, str | None], list[dict[str, str | None]]] = {}
    for line in lines:
        calls.setdefault((line["topic"], line["title"]), []).append(line)
    for same in calls.values():
        if len({line["reference"] for line in same if line["reference"]}) > 1:
            for line in same:
                line["title"] = (
                    f"{line['title']} ({line['reference']})" if line["reference"] else line["title"]
                )


def _keep(
    line: dict[str, str | None],
    file: str,
    lines: dict[tuple[str, str, str], dict[str, str | None]],
    findings: list[Finding],
) -> None:
    key = (line["listed_on"] or "", line["topic"] or "", line["title"] or "")
    first = lines.setdefault(key, line)
    if first["budget_eur"] is None:
        first["budget_eur"] = line["budget_eur"]
    elif line["budget_eur"] not in (None, first["budget_eur"]):
        problem = (
            f"is not the budget of the same call in another list of {line['listed_on']}: "
            f"{first['budget_eur']}."
        )
        remedy = "Import one list of a day only."
        findings.append(
            make_finding(
                "budget-differs",
                file,
                problem,
                column=f"budget of {line['topic']}",
                value=line["budget_eur"] or "",
                remedy=remedy,
            )
        )


def _lines(path: Path, findings: list[Finding]) -> Iterator[dict[str, str | None]]:
    if path.suffix.lower() in _TABLES:
        items, listed_on = _items_of_table(path, findings)
    elif re.search(r"\.json(\.gz)?$", path.name, re.IGNORECASE):
        items, listed_on = _items_of_json(path, findings)
    else:
        problem = "is not a file of calls that we read; left out."
        findings.append(make_finding("not-json", path.name, problem, value=path.suffix))
        return
    for where, item in items:
        if line := _line(item, listed_on, path.name, where, findings):
            yield line


def _items_of_json(path: Path, findings: list[Finding]) -> tuple[list[tuple[str, Any]], str]:
    """The items of a JSON file with their places, and the day of its list."""
    try:
        content = call_items.read_json(path)
    except ValueError as error:
        problem = f"cannot be read as JSON: {error}."
        findings.append(make_finding("json-unreadable", path.name, problem, remedy="Fetch the file again."))
        return [], ""
    if isinstance(content, list):
        content = {"list": content}
    if not isinstance(content, dict):
        content = {}
    stated = words(content.get("lastUpdated") or content.get("generatedAt"))
    listed_on = day(stated) or _day_in_name(path) or call_items.indexed_on(content)
    if not listed_on:
        findings.append(_no_day(path, "lastUpdated", stated))
        return [], ""
    return list(call_items.from_json(content)), listed_on


def _items_of_table(path: Path, findings: list[Finding]) -> tuple[list[tuple[str, Any]], str]:
    """The rows of a table of calls with their places, and the day of its list, where its rows give none."""
    sheet = read_sheet(path, call_items.is_header, call_items.KNOWN)
    if isinstance(sheet, Finding):
        findings.append(sheet)
        return [], ""
    findings += sheet.findings
    if not call_items.is_header(sheet.header):
        problem = "is a column that a table of calls must have."
        remedy = f"The columns of the file are {', '.join(filter(None, sheet.titles)) or 'not readable'}."
        findings.append(
            make_finding("column-missing", path.name, problem, row=1, column="identifier", remedy=remedy)
        )
        return [], ""
    listed_on = _day_in_name(path)
    if not listed_on and not any(name in sheet.header for name in call_items.COLUMNS["listed"]):
        findings.append(_no_day(path, "lastSeen", ""))
        return [], ""
    return list(call_items.from_sheet(sheet)), listed_on


def _day_in_name(path: Path) -> str:
    in_name = re.search(r"\d{4}-\d\d-\d\d", path.name)
    return in_name[0] if in_name else ""


def _no_day(path: Path, column: str, stated: str) -> Finding:
    problem = "the file does not say of which day its list is."
    remedy = "Put the day into the name of the file, as calls_2026-05-11.json."
    return make_finding("no-day", path.name, problem, column=column, value=stated, remedy=remedy)


def _line(
    item: Any, listed_on: str, file: str, where: str, findings: list[Finding]
) -> dict[str, str | None] | None:
    missing = [
        name for name in _NEEDED if not isinstance(item, dict) or not _LETTER.search(words(item.get(name)))
    ]
    for name in missing:
        findings.append(
            make_finding(
                "required-missing",
                file,
                "is missing.",
                column=f"{name} of {where}",
                remedy="An item needs code and name.",
            )
        )
    if missing:
        return None

    def moment(name: str) -> str:
        if (read := day(item.get(name))) is None:
            problem = "cannot be read as a day; left empty."
            findings.append(
                make_finding(
                    "not-a-day",
                    file,
                    problem,
                    column=f"{name} of {where}",
                    value=words(item.get(name)),
                    severity="warning",
                )
            )
        return read or ""

    text = words(item.get("budget"))
    amount = read_amount(text)
    if text and amount is None:
        findings.append(
            make_finding(
                "not-euros",
                file,
                "cannot be read as euros.",
                column=f"budget of {where}",
                value=text,
                remedy="Compare with the portal.",
            )
        )
    elif amount is not None and is_finer_than_cents(amount):
        problem = "has more than two decimals; euros end at the cent."
        findings.append(
            make_finding(
                "third-decimal",
                file,
                problem,
                column=f"budget of {where}",
                value=text,
                remedy="Compare with the portal.",
            )
        )
    topic = words(item["code"])
    return {
        "topic": topic,
        "title": words(item["name"]),
        "programme": next((code for code, pattern in _PROGRAMMES if pattern.match(topic)), ""),
        "opens_on": moment("openDate"),
        "closes_on": moment("closeDate"),
        "budget_eur": euros(amount),
        "listed_on": day(words(item.get("listed"))) or listed_on,
        "link": words(item.get("link")),
        "reference": words(item.get("reference")),
        "kind": words(item.get("kind")),
        "call": words(item.get("call")),
        "call_title": words(item.get("callTitle")),
        "status": words(item.get("status")),
        "first_listed_on": moment("firstListed"),
        "status_history": words(item.get("statusHistory")),
        "closes_history": words(item.get("closeHistory")),
        "budget_history": words(item.get("budgetHistory")),
    }
