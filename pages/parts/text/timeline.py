"""Frames of the Timeline page → words, tables and source lines. Pure."""

import functools
from datetime import date
from typing import Any

import pandas as pd

from pages.parts.figure import Source, Value
from pages.parts.text import formatting, promise_delays
from pages.parts.text.promise_delays import Slip, by_promise
from pages.parts.text.tables import publishers, table
from pipelines.queries import provenance
from pipelines.queries import timeline as ask

SHOW = {"next": "Next and due", "all": "All since 2018"}


def placed(promises: pd.DataFrame) -> pd.DataFrame:
    """With `place`: city and country, or EU-wide."""
    places = [
        ", ".join(part for part in (row.city, row.country) if part) or "EU-wide"
        for row in promises.itertuples()
    ]
    return promises.assign(place=places)


def state(row: dict[Any, Any], today: date) -> str:
    """Happened, planned, or due and not confirmed."""
    if not row["is_planned"]:
        return "happened"
    return "due, not confirmed" if row["dated_until"] < today else "planned"


def milestones_title(rows: pd.DataFrame, today: date) -> str:
    """How many of the shown milestones happened, are planned, and are due."""
    states = [state(row, today) for row in rows.to_dict("records")]
    happened, due = states.count("happened"), states.count("due, not confirmed")
    if not happened:
        return f"{formatting.count(len(rows), 'plan')}; {formatting.number(due)} of them {'is' if due == 1 else 'are'} due and not confirmed"
    return f"{formatting.count(happened, 'milestone')} happened; {formatting.number(due)} {'is' if due == 1 else 'are'} due and not confirmed"


def span(rows: pd.DataFrame) -> str:
    """First to last year."""
    return formatting.years(min(rows["dated_on"]).year, max(rows["dated_until"]).year)


def milestone_table(rows: pd.DataFrame, today: date) -> pd.DataFrame:
    """The milestones as a list."""
    shown = rows.assign(
        when=[formatting.moment(row["dated_on"], row["date_precision"]) for row in rows.to_dict("records")],
        state=[state(row, today) for row in rows.to_dict("records")],
    )
    columns = {
        "when": "Date",
        "state": "State",
        "event_label": "Kind",
        "title": "What",
        "site_name": "Site",
        "publisher": "Source",
    }
    return table(shown, columns)


def milestone_sources(rows: pd.DataFrame) -> str:
    """Who stands behind the milestones."""
    number = rows["source_url"].nunique()
    newest = max((row["dated_on"] for row in rows.to_dict("records") if not row["is_planned"]), default=None)
    event = f" Newest event: {formatting.day(newest)}." if newest else ""
    return f"{publishers(_by_frequency(rows))}. {formatting.count(number, 'document')}.{event}"


def milestone_words(rows: pd.DataFrame) -> str:
    """How many milestones there are of each kind, for those who cannot see the drawing."""
    return (
        "; ".join(f"{label}: {number}" for label, number in rows["event_label"].value_counts().items()) + "."
    )


def _by_frequency(rows: pd.DataFrame) -> list[str]:
    """Who published the documents, those who published most first."""
    numbers = rows.drop_duplicates("source_url").groupby("publisher", sort=False).size()
    return list(numbers.sort_values(ascending=False, kind="stable").index)


def promise_table(promises: pd.DataFrame, found: list[Slip]) -> pd.DataFrame:
    """Every statement of every promise, in the order of the drawing."""
    stated = by_promise(promises)
    lines = [
        {
            "Promise": slip.title,
            "Where": slip.place,
            "Promised date": formatting.moment(row["promised_on"], row["promised_precision"]),
            "Said": formatting.moment(row["said_on"], row["said_precision"]),
            "Today": slip.word,
        }
        for slip in found
        for row in stated[slip.promise_id]
    ]
    return pd.DataFrame(lines, dtype="string")


def documents(rows: pd.DataFrame) -> list[Source]:
    """The documents that state the dates. rows: promises or milestones."""
    cited = rows.drop_duplicates("source_url").to_dict("records")
    return [Source("", row["publisher"], row["tier_label"], row["source_url"]) for row in cited]


def promise_sources(promises: pd.DataFrame, today: date) -> str:
    """How many documents, from when to when."""
    said = [day for day in promises["said_on"] if day]
    since = (
        f" from {formatting.moment(min(said), 'month')} to {formatting.moment(max(said), 'month')}"
        if said
        else ""
    )
    number = formatting.count(promises["source_url"].nunique(), "document")
    return f"{publishers(_by_frequency(promises))}. {number}{since}. Known on {formatting.day(today)}."


def promise_values(promises: pd.DataFrame, found: list[Slip], read_from: pd.DataFrame) -> tuple[Value, ...]:
    """The promises with what was said of each, when and by which document, the oldest first. promises: queries.timeline.promises.

    read_from: rows of queries.behind.read_from.
    """
    stated = by_promise(promises)
    return tuple(
        Value(
            slip.title,
            slip.word,
            facts=(*_statements(stated[slip.promise_id]), *came_from(read_from)),
            sources=tuple(_statement_source(row) for row in stated[slip.promise_id]),
            number=functools.partial(provenance.matching_rows, ask.promises(), promise_id=slip.promise_id),
        )
        for slip in found
    )


def _statements(rows: list[dict[Any, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (
            _said(row),
            f"{formatting.moment(row['promised_on'], row['promised_precision'])}. {row['publisher']} ({row['tier_label']}). {row['note'] or ''}".strip(),
        )
        for row in rows
    )


def _said(row: dict[Any, Any]) -> str:
    return (
        f"Said {formatting.moment(row['said_on'], row['said_precision'])}"
        if row["said_on"]
        else "Said, day not known"
    )


def _statement_source(row: dict[Any, Any]) -> Source:
    said = f", {formatting.moment(row['said_on'], row['said_precision'])}" if row["said_on"] else ""
    return Source("", f"{row['publisher']}{said}", row["tier_label"], row["source_url"])


def came_from(read_from: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """The sources that dates were read from; dates keep no file and row. read_from: rows of queries.behind.read_from."""
    said = [
        ", ".join(
            [
                row["title"],
                *([formatting.day(row["retrieved_on"])] if row["retrieved_on"] else []),
                f"sha256 {row['sha256'][:4]}…{row['sha256'][-2:]}",
            ]
        )
        for row in read_from.to_dict("records")
    ]
    return (
        (("Read from", f"{'; '.join(said)}. Dates keep their document, and no row of a file."),)
        if said
        else ()
    )


def milestone_values(rows: pd.DataFrame, today: date, read_from: pd.DataFrame) -> tuple[Value, ...]:
    """The milestones with what is known of each. rows: queries.timeline.milestones. read_from: rows of queries.behind.read_from."""
    return tuple(
        Value(
            row["title"],
            formatting.moment(row["dated_on"], row["date_precision"]),
            facts=(
                ("Kind", row["event_label"]),
                ("State", state(row, today)),
                ("Site", row["site_name"] or ""),
                (
                    "Amount named",
                    f"{formatting.euros(row['amount_eur'])}; shown, never added"
                    if row["amount_eur"] is not None
                    else "",
                ),
                ("Document", row["publisher"]),
                ("Must be known", row["note"] or ""),
                ("Row of the research", row["dossier_row"] or ""),
                *came_from(read_from),
            ),
            sources=(Source("", row["publisher"], "", row["source_url"]),),
            number=functools.partial(
                provenance.matching_rows, ask.milestones(), milestone_id=row["milestone_id"]
            ),
        )
        for row in rows.to_dict("records")
    )


def answer_values(promises: pd.DataFrame, found: list[Slip]) -> list[Value]:
    """The numbers of the headline: open promises that now name a later date, and those that are due. promises: queries.timeline.promises."""
    restated, due = promise_delays.restated(found), promise_delays.due(found)
    later = [slip for slip in restated if slip.is_later]
    documents = {row["promise_id"]: row for row in promises.to_dict("records")}

    def counted(label: str, said: str, listed: list[Slip], how: str) -> Value:
        facts = (("Counted as", how), *((slip.title, f"{slip.place}: {slip.word}") for slip in listed))
        sources = tuple(_statement_source(documents[slip.promise_id]) for slip in listed)
        return Value(label, said, facts=facts, sources=sources, number=ask.promises)

    return [
        counted(
            "Open promises that were restated and now name a later date",
            f"{len(later)} of {len(restated)}",
            later,
            "promises without evidence that they were kept, with more than one stated date; later, if the present date begins after the end of the first one",
        ),
        counted(
            "Due, not confirmed",
            str(len(due)),
            due,
            "promises whose date has passed, of which no source says that they were kept",
        ),
    ]
