"""What is said of calls for proposals. Pure."""

from datetime import date
from typing import Any

import pandas as pd

from pages.parts.text import formatting, projects
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows

STATES = {"open": message("Open"), "coming": message("Coming"), "closed": message("Closed")}
TITLE = message("{programme}: {amount} or more in calls for AI that are open or coming")
TITLE_CLOSED = message("{programme}: {amount} or more in calls for AI, all of them closed")
TITLE_NONE = message("None of the calls shown here has a published budget for AI")
SUBTITLE = message(
    "Indicative budgets of topics that are AI, by their own dates on {day}. Full: strict reading; pale: broad. "
    "Topics that give the same budget in one call may share it, so it is counted once: a lower bound."
)
LISTS = message("The newest list is of {day}; calls of later days are missing, and closed ones stay listed.")
NO_LISTS = message("This release holds no list of calls.")
GROUP_NONE = message("no call listed")
SAID = plural("{amount}, {number}\u00a0call", "{amount}, {number}\u00a0calls")
SAID_NONE = plural("no call for AI of {number}\u00a0listed", "no call for AI of {number}\u00a0listed")
SAID_UNKNOWN = plural("not published, {number}\u00a0call", "not published, {number}\u00a0calls")
SOURCE = message("{publisher}: {title}.")
NO_SOURCE = message("European Commission, Funding & Tenders Portal; no list was read.")
PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/"
COLUMNS = {
    "state_label": message("State"),
    "programme_label": message("Programme"),
    "budget_once_eur": message("Budget for AI, euros"),
    "strict_eur": message("Strict, euros"),
    "ai_calls": message("Calls for AI"),
    "ai_calls_unknown": message("Without a budget"),
    "calls": message("All calls"),
}
LIST_COLUMNS = {
    "state_label": message("State"),
    "topic": message("Topic"),
    "title": message("Title"),
    "programme_label": message("Programme"),
    "opens_on": message("Opens"),
    "closes_on": message("Closes"),
    "budget_eur": message("Budget, euros"),
    "shared": message("Topics with this budget"),
    "reading": message("AI reading"),
    "rule": message("Rule that matched"),
}
LIST_TITLE = plural("{number}\u00a0call, AI first", "{number}\u00a0calls, AI first")
LIST_NAME = message("Calls for proposals")
NO_CALL = message("No call fits this choice.")
NO_CALL_WHY = plural(
    "The lists have {number}\u00a0call in all. Programme and state must both match.",
    "The lists have {number}\u00a0calls in all. Programme and state must both match.",
)
WHOLE_LIST = message("The whole list, {number} calls")


def state(code: str, locale: str = ENGLISH) -> str:
    """The state of a call in words."""
    return say(STATES[code], locale)


def said(row: dict[Any, Any], locale: str = ENGLISH) -> str:
    """What stands at the end of a bar. row: of queries.calls.calls."""
    if not row["ai_calls"]:
        return say(SAID_NONE, locale, number=int(row["calls"])) if row["calls"] else say(GROUP_NONE, locale)
    if row["budget_once_eur"] is None:
        return say(SAID_UNKNOWN, locale, number=int(row["ai_calls"]))
    amount = formatting.euros(row["budget_once_eur"], locale=locale)
    return say(SAID, locale, amount=amount, number=int(row["ai_calls"]))


def facts(row: dict[Any, Any], locale: str = ENGLISH) -> tuple[tuple[str, str], ...]:
    """What else is known of a sum of calls. row: of queries.calls.calls."""
    names = ("ai_calls", "ai_calls_unknown", "calls")
    return tuple((say(COLUMNS[name], locale), formatting.whole(int(row[name]), locale)) for name in names)


def title(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The programme with the largest budget that can still be had; else the largest of all."""
    records = [row for row in frame_rows.records(rows) if row["budget_once_eur"]]
    sums: dict[str, Any] = {}
    for row in records:
        if row["state"] != "closed":
            sums[row["programme_label"]] = sums.get(row["programme_label"], 0) + row["budget_once_eur"]
    if sums:
        best = max(sums, key=lambda name: sums[name])
        return say(TITLE, locale, programme=best, amount=formatting.euros(sums[best], locale=locale))
    if not records:
        return say(TITLE_NONE, locale)
    top = max(records, key=lambda row: row["budget_once_eur"])
    amount = formatting.euros(top["budget_once_eur"], locale=locale)
    return say(TITLE_CLOSED, locale, programme=top["programme_label"], amount=amount)


def subtitle(day: date, newest: date | None, locale: str = ENGLISH) -> str:
    """What is measured, and how far the lists go. newest: day of the newest list, if there is one."""
    lists = say(NO_LISTS, locale) if newest is None else say(LISTS, locale, day=newest)
    return formatting.paragraph(say(SUBTITLE, locale, day=day), lists)


def call_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the figure."""
    named = rows.assign(state_label=[state(code, locale) for code in rows["state"]])
    return table(named, COLUMNS, euros=("budget_once_eur", "strict_eur"), locale=locale)


def call_list(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The calls one by one. rows: of queries.calls.listed."""
    records = frame_rows.records(rows)
    named = rows.assign(
        state_label=[state(row["state"], locale) for row in records],
        reading=[projects.reading(row["ai_scope"], locale) for row in records],
        rule=[projects.rule(row["ai_rule"], locale) for row in records],
        shared=["" if row["budget_topics"] is None else str(int(row["budget_topics"])) for row in records],
    )
    return table(named, LIST_COLUMNS, euros=("budget_eur",), days=("opens_on", "closes_on"), locale=locale)
