"""The Funding & Tenders portal: which topics are or were open, as one list of a certain day shows them.

Reads weekly lists (an object with lists, or one list) and answers of the portal's search service, all as
JSON.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.importers.ai_relevance import read_definition
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import day, euros, is_finer_than_cents, read_amount, words

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


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """Every topic of every list, once a day: lists repeat each other."""
    findings: list[Finding] = []
    lines: dict[tuple[str, str, str], dict[str, str | None]] = {}
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        for line in _lines(path, findings):
            _keep(line, path.name, lines, findings)
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
    columns: dict[str, list[str | None]] = {
        name: [row[name] for row in rows]
        for name in (
            "topic",
            "title",
            "programme",
            "opens_on",
            "closes_on",
            "budget_eur",
            "listed_on",
            "link",
        )
    }
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
    if path.suffix.lower() != ".json":
        findings.append(
            make_finding("not-json", path.name, "is not a JSON file; left out.", value=path.suffix)
        )
        return
    try:
        content: Any = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=str)
    except ValueError as error:
        findings.append(
            make_finding(
                "json-unreadable",
                path.name,
                f"cannot be read as JSON: {error}.",
                remedy="Fetch the file again.",
            )
        )
        return
    if isinstance(content, list):
        content = {"list": content}
    stated = words(content.get("lastUpdated"))
    in_name = re.search(r"\d{4}-\d\d-\d\d", path.name)
    listed_on = day(stated) or (in_name[0] if in_name else "")
    if not listed_on:
        remedy = "Put the day into the name of the file, as calls_2026-05-11.json."
        findings.append(
            make_finding(
                "no-day",
                path.name,
                "the file does not say of which day its list is.",
                column="lastUpdated",
                value=stated,
                remedy=remedy,
            )
        )
        return
    for name, items in content.items():
        if isinstance(items, list):
            for number, item in enumerate(items, start=1):
                where = f"item {number} of {name}"
                plain = _from_search(item) if isinstance(item, dict) and "metadata" in item else item
                if plain is not None and (line := _line(plain, listed_on, path.name, where, findings)):
                    yield line


def _line(
    item: Any, listed_on: str, file: str, where: str, findings: list[Finding]
) -> dict[str, str | None] | None:
    missing = [name for name in _NEEDED if not isinstance(item, dict) or not words(item.get(name))]
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
        "listed_on": listed_on,
        "link": words(item.get("link")),
    }


def _from_search(result: dict[str, Any]) -> dict[str, Any] | None:
    """An answer of the portal's search service as an item of a list.

    Every field of its metadata is a list of texts; of several deadlines the last counts. None for another
    language than English and for what is no topic.
    """
    fields: dict[str, list[Any]] = {
        name: value if isinstance(value, list) else [value] for name, value in result["metadata"].items()
    }

    def field(name: str, at: int = 0) -> str:
        values = fields.get(name) or [""]
        return words(values[at])

    if field("language").lower() not in ("", "en") or not field("identifier"):
        return None
    return {
        "code": field("identifier"),
        "name": field("title") or words(result.get("summary")),
        "openDate": field("startDate"),
        "closeDate": max((words(value) for value in fields.get("deadlineDate", [])), default=""),
        "budget": _topic_budget(field("budgetOverview"), field("identifier")),
        "link": field("url") or words(result.get("url")),
    }


def _topic_budget(overview: str, topic: str) -> str:
    """The budget of a topic over all years.

    The overview is JSON inside a text and lists the actions of the whole call, each beginning with its
    topic; empty text where none is this topic's, or an amount is not a number.
    """
    try:
        actions = [
            action
            for several in json.loads(overview or "{}").get("budgetTopicActionMap", {}).values()
            for action in several
        ]
    except (ValueError, AttributeError):
        return ""
    own = [
        action
        for action in actions
        if str(action.get("action", "")).upper().startswith(f"{topic} - ".upper())
    ]
    amounts = [
        read_amount(str(amount)) for action in own for amount in (action.get("budgetYearMap") or {}).values()
    ]
    numbers = [amount for amount in amounts if amount is not None]
    return format(sum(numbers), "f") if numbers and len(numbers) == len(amounts) else ""
