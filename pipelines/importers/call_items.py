"""The forms in which calls are published → one item each: weekly lists, answers of a search, feeds, tables.

An item names code, name, openDate, closeDate, budget and link as the weekly lists do, and what else a form
gives: reference, kind, call, callTitle, status, firstListed, listed and the three histories.
"""

import gzip
import html
import json
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pipelines.foreign_files.limits import BULK
from pipelines.importers.cell_values import day, read_amount, words
from pipelines.importers.tabular_files import Sheet

Item = dict[str, Any]

# Ours → the columns of published tables of calls, as `tabular_files.plain` writes them.
COLUMNS = {
    "code": ("identifier", "topicid", "topic id", "topic code", "topic", "code"),
    "name": ("title", "topictitle", "topic title", "name"),
    "openDate": ("startdate", "opendate", "opening date", "open date", "start date"),
    "closeDate": ("deadlinedate", "closedate", "deadline date", "deadline", "closing date", "close date"),
    "budget": ("totalbudgeteur", "total budget eur", "budget eur", "budget"),
    "link": ("url", "link"),
    "reference": ("reference", "id"),
    "kind": ("kind",),
    "call": ("callidentifier", "callid", "call id", "call identifier"),
    "callTitle": ("calltitle", "call title"),
    "status": ("laststatus", "status"),
    "firstListed": ("firstseen", "first listed on"),
    "listed": ("lastseen", "last listed on", "listed on"),
    "statusHistory": ("statushistory", "status history"),
    "closeHistory": ("deadlinehistory", "deadline history"),
    "budgetHistory": ("budgethistory", "budget history"),
}
KNOWN = frozenset(name for names in COLUMNS.values() for name in names)
STATUSES = {"31094501": "Forthcoming", "31094502": "Open for submission", "31094503": "Closed"}
_NO_TOPICS = frozenset({"6"})  # what the search service calls news about a topic
_CASCADE = "cascade"


def is_header(titles: Collection[str]) -> bool:
    """Whether a row of plain titles is the header of a table of calls: topic and title."""
    return all(any(name in titles for name in COLUMNS[ours]) for ours in ("code", "name"))


def read_json(path: Path) -> Any:
    """What a JSON file holds, packed with gzip or not, in UTF-8 or UTF-16. Amounts stay text.

    Raises ValueError where it is no JSON, or larger than bulk files may be.
    """
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as stream:
                content = stream.read(BULK.max_unpacked + 1)
        except (OSError, EOFError) as error:
            raise ValueError(f"the gzip archive is damaged ({error})") from error
        if len(content) > BULK.max_unpacked:
            raise ValueError("unpacked it is larger than bulk files may be")
    return json.loads(content, parse_float=str)


def from_json(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Place and item of everything in the lists of a JSON object; what is no call is passed over."""
    for name, entries in content.items():
        if not isinstance(entries, list):
            continue
        for number, entry in enumerate(entries, start=1):
            item = entry
            if isinstance(entry, dict) and "metadata" in entry:
                item = _from_search(entry)
            elif isinstance(entry, dict) and "identifier" in entry:
                item = _from_feed(entry)
            if item is not None:
                yield f"item {number} of {name}", item


def indexed_on(content: dict[str, Any]) -> str:
    """The newest day on which the search service indexed one of its answers; empty text if none is given."""
    results = content.get("results")
    days = [
        day(str(moment)) or ""
        for result in (results if isinstance(results, list) else ())
        if isinstance(result, dict)
        for moment in (result.get("metadata") or {}).get("esDA_IngestDate") or ()
    ]
    return max(days, default="")


def from_sheet(sheet: Sheet) -> Iterator[tuple[str, Item]]:
    """Place and item of every row of a table of calls."""
    cells = {name: sheet.column(*theirs) for name, theirs in COLUMNS.items()}
    for at, row in enumerate(sheet.numbers):
        item = {name: column[at] for name, column in cells.items()}
        yield f"row {row}", _named(item)


def _from_feed(grant: dict[str, Any]) -> Item:
    """A call as a feed of grants has it: the fields of the search service, flattened by a third party."""
    budget = grant.get("budget") or {}
    return _named(
        {
            "code": grant.get("identifier"),
            "name": grant.get("title"),
            "openDate": grant.get("startDate"),
            "closeDate": grant.get("deadlineDate"),
            "budget": budget.get("totalBudgetEur") if isinstance(budget, dict) else budget,
            "link": grant.get("url"),
            "reference": grant.get("id"),
            "kind": _label(grant.get("kind")),
            "call": grant.get("callIdentifier"),
            "callTitle": grant.get("callTitle"),
            "status": _label(grant.get("status")),
        }
    )


def _label(value: Any) -> str:
    return words(value.get("label")) if isinstance(value, dict) else words(value)


def _named(item: Item) -> Item:
    """The item with plain text, and under its own title.

    A call of a project that passes money on (cascade) is listed under topic and title of its parent.
    """
    item["name"] = html.unescape(unquote(words(item.get("name"))))
    item["callTitle"] = html.unescape(unquote(words(item.get("callTitle"))))
    if words(item.get("kind")).lower().startswith(_CASCADE) and item["callTitle"]:
        item["name"] = item["callTitle"]
    return item


def _from_search(result: dict[str, Any]) -> Item | None:
    """An answer of the portal's search service as an item.

    Every field of its metadata is a list of texts; of several deadlines the last counts. None for another
    language than English and for what is no topic.
    """
    fields: dict[str, list[Any]] = {
        name: value if isinstance(value, list) else [value] for name, value in result["metadata"].items()
    }

    def field(name: str) -> str:
        values = fields.get(name) or [""]
        return words(values[0])

    is_topic = field("identifier") and field("type") not in _NO_TOPICS
    if field("language").lower() not in ("", "en") or not is_topic:
        return None
    return {
        "code": field("identifier"),
        "name": field("title") or words(result.get("summary")),
        "openDate": field("startDate"),
        "closeDate": max((words(value) for value in fields.get("deadlineDate", [])), default=""),
        "budget": _topic_budget(field("budgetOverview"), field("identifier")),
        "link": field("url") or words(result.get("url")),
        "reference": field("REFERENCE") or words(result.get("reference")),
        "call": field("callIdentifier"),
        "callTitle": field("callTitle"),
        "status": STATUSES.get(field("status"), field("status")),
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
        if re.match(rf"{re.escape(topic)} - ", str(action.get("action", "")), re.IGNORECASE)
    ]
    amounts = [
        read_amount(str(amount)) for action in own for amount in (action.get("budgetYearMap") or {}).values()
    ]
    numbers = [amount for amount in amounts if amount is not None]
    return format(sum(numbers), "f") if numbers and len(numbers) == len(amounts) else ""
