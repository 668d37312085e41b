"""Frames of the Timeline page → words, tables and source lines. Pure."""

import functools
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Select

from pages.parts import promise_delays
from pages.parts.figure_model import Source, Value
from pages.parts.promise_delays import Slip, by_promise
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import publishers, table
from pages.parts.text.translation import Message, message, plural, say
from pages.parts.text.where_we_looked import two_dates
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries import timeline as ask

SHOW = {"next": message("Next and due"), "all": message("All since 2018")}
STATES = {
    "happened": message("happened"),
    "planned": message("planned"),
    "due": message("date passed, not confirmed"),
    "unseen": message("date passed, not looked at yet"),
    "withdrawn": message("withdrawn"),
}
PROMISE_STATES = {
    "due": STATES["due"],
    "unseen": STATES["unseen"],
    "moved": STATES["planned"],
    "kept": STATES["planned"],
    "alone": STATES["planned"],
    "done": STATES["happened"],
    "withdrawn": STATES["withdrawn"],
}
SLIPPED, NOT_SLIPPED, ONE_DATE = message("yes"), message("no"), message("only one date")
EU_WIDE = message("EU-wide")
CITY_COUNTRY = message("{city}, {country}")
PLANS_DUE = plural(
    "Planned dates: {plans}, of which {due} has passed without confirmation",
    "Planned dates: {plans}, of which {due} have passed without confirmation",
)
HAPPENED_DUE = plural(
    "Milestones that happened: {milestones}. Of the planned dates, {due} has passed without confirmation",
    "Milestones that happened: {milestones}. Of the planned dates, {due} have passed without confirmation",
)
UNSEEN_TOO = plural(
    "{title}; {unseen} passed after our newest source",
    "{title}; {unseen} passed after our newest source",
)
MILESTONES = message("{number} of {all} milestones, {years}. {dates}")
KIND_NUMBER = message("{kind}: {number}")
EVERY_KIND = message("{kinds}.")
PROMISES = plural(
    "{number}\u00a0promise. Delays run from the first date found to the current one. A bar is a date given only "
    "as a year or quarter: “up to” counts to its end, “perhaps” is no slip.",
    "{number}\u00a0promises. Delays run from the first date found to the current one. A bar is a date given only "
    "as a year or quarter: “up to” counts to its end, “perhaps” is no slip.",
)
PROMISE_WORD = message("{promise}: {word}")
PROMISE_KEY = {
    "earlier": message("earlier date"),
    "now": message("current date (bar = period given)"),
    "happened": message("happened"),
    "due": message("date passed, not confirmed"),
}
MILESTONE_KEY = {
    "happened": message("happened"),
    "planned": message("planned"),
    "due": message("crossed: date passed, not confirmed"),
}
PROMISED = message("promised for {when}")
DUE = message("was due {when}, not confirmed")
COMPILED = message("compiled {day}")
NEWEST_SOURCE = message("newest source {day}")
SINCE = message("since {month}")
MILESTONE_COLUMNS = {
    "when": message("Date"),
    "state": message("State"),
    "event_label": message("Kind"),
    "title": message("What"),
    "site_name": message("Site"),
    "publisher": message("Source"),
}
DOCUMENTS = plural("{publishers}. {number}\u00a0document.", "{publishers}. {number}\u00a0documents.")
NEWEST = message("Newest event: {day}.")
PROMISE_COLUMNS = {
    "title": message("Promise"),
    "place": message("Where"),
    "promised": message("Promised dates, the first one first"),
    "state": message("State"),
    "slipped": message("Slipped"),
    "today": message("Since then"),
}
PROMISE_DOCUMENTS = plural(
    "{publishers}. {number}\u00a0document. {dates}",
    "{publishers}. {number}\u00a0documents. {dates}",
)
PROMISE_DOCUMENTS_DATED = plural(
    "{publishers}. {number}\u00a0document from {first} to {last}. {dates}",
    "{publishers}. {number}\u00a0documents from {first} to {last}. {dates}",
)
PROMISE_DOCUMENTS_OF_MONTH = plural(
    "{publishers}. {number}\u00a0document of {first}. {dates}",
    "{publishers}. {number}\u00a0documents of {first}. {dates}",
)
NO_DATE = message("no date any more")
STATED_ON, STATED = message("Said {when}"), message("Said, day not known")
STATEMENT = message("{promised}. {publisher} ({tier}).")
STATEMENT_NOTED = message("{promised}. {publisher} ({tier}). {note}")
STATEMENT_SOURCE = message("{publisher}, {when}")
READ_FROM = message("Read from")
SOURCE = message("{title}, sha256 {fingerprint}")
SOURCE_DATED = message("{title}, {day}, sha256 {fingerprint}")
FROM_SOURCES = message("{sources}. Dates keep their document, and no row of a file.")
AMOUNT = message("{amount}; shown, never added")
MILESTONE_FACTS = {
    "event_label": message("Kind"),
    "state": message("State"),
    "site_name": message("Site"),
    "amount": message("Amount named"),
    "publisher": message("Document"),
    "note": message("Please note"),
    "dossier_row": message("Row of the research file"),
}
LATER_LABEL = message("Open promises that slipped, of those with more than one published date")
LATER_OF = message("{later} of {restated}")
LATER_HOW = message(
    "promises without evidence that they were kept, with more than one stated date; "
    "slipped, if the current date begins after the end of the first one"
)
DUE_LABEL = message("Date passed, not confirmed")
DUE_HOW = message("promises whose date passed before our newest source, and that no source reports as kept")
UNSEEN_LABEL = message("Date passed after our newest source")
UNSEEN_HOW = message("promises that no source of ours could have confirmed yet")
COUNTED_AS = message("Counted as")
PLACED = message("{place}: {moved}")


def show_labels(locale: str = ENGLISH) -> dict[str, str]:
    """Which milestones can be shown: code → label."""
    return {code: say(label, locale) for code, label in SHOW.items()}


def placed(promises: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The promises with `place`: city and country, or EU-wide."""
    places = [_place(row.city, row.country, locale) for row in frame_rows.rows(promises)]
    return promises.assign(place=places)


def _place(city: str | None, country: str | None, locale: str) -> str:
    if city and country:
        return say(CITY_COUNTRY, locale, city=city, country=country)
    return city or country or say(EU_WIDE, locale)


def state(row: dict[Any, Any], today: date, until: date | None = None) -> str:
    """The state of a milestone: a code of STATES. What comes by itself is planned, never due.

    row: of queries.timeline.dates. today, until: as for `promise_delays.state_of_plan`.
    """
    if not row["is_planned"]:
        return "happened"
    if not row["promise_id"]:
        return "planned"
    found = promise_delays.state_of_plan(row["dated_until"], today, until)
    return "planned" if found == "coming" else found


def milestones_title(
    rows: pd.DataFrame, today: date, until: date | None = None, locale: str = ENGLISH
) -> str:
    """How many of the shown milestones happened, are planned, are due, and were not looked at yet."""
    states = [state(row, today, until) for row in frame_rows.records(rows)]
    happened, due, unseen = (states.count(code) for code in ("happened", "due", "unseen"))
    number = formatting.number(due, locale)
    if not happened:
        title = say(PLANS_DUE, locale, number=due, due=number, plans=len(rows))
    else:
        title = say(HAPPENED_DUE, locale, number=due, due=number, milestones=happened)
    if not unseen:
        return title
    return say(UNSEEN_TOO, locale, title=title, number=unseen, unseen=formatting.number(unseen, locale))


def milestones_subtitle(
    rows: pd.DataFrame, every: int, today: date, until: date | None, locale: str = ENGLISH
) -> str:
    """How many milestones are shown, of what span, and the two dates. every: milestones in all."""
    dates = two_dates(until, today, locale)
    return say(MILESTONES, locale, number=len(rows), all=every, years=span(rows), dates=dates)


def promises_subtitle(slips: list[Slip], locale: str = ENGLISH) -> str:
    """How many promises are shown, and how delays are counted."""
    return say(PROMISES, locale, number=len(slips))


def promise_words(slips: list[Slip], locale: str = ENGLISH) -> str:
    """The promises in words, for those who cannot see the drawing."""
    return "; ".join(say(PROMISE_WORD, locale, promise=slip.title, word=slip.word) for slip in slips)


def span(rows: pd.DataFrame) -> str:
    """First to last year."""
    return formatting.years(min(rows["dated_on"]).year, max(rows["dated_until"]).year)


def milestone_table(
    rows: pd.DataFrame, today: date, until: date | None = None, locale: str = ENGLISH
) -> pd.DataFrame:
    """The milestones as a list."""
    shown = rows.assign(
        when=[
            formatting.moment(row["dated_on"], row["date_precision"], locale)
            for row in frame_rows.records(rows)
        ],
        state=[say(STATES[state(row, today, until)], locale) for row in frame_rows.records(rows)],
    )
    return table(shown, MILESTONE_COLUMNS, locale=locale)


def milestone_sources(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """Who stands behind the milestones."""
    line = say(
        DOCUMENTS,
        locale,
        publishers=publishers(_by_frequency(rows), locale),
        number=int(rows["source_url"].nunique()),
    )
    newest = max((row["dated_on"] for row in frame_rows.records(rows) if not row["is_planned"]), default=None)
    return f"{line} {say(NEWEST, locale, day=newest)}" if newest else line


def milestone_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """How many milestones there are of each kind, for those who cannot see the drawing."""
    kinds = (
        say(KIND_NUMBER, locale, kind=str(label), number=int(number))
        for label, number in rows["event_label"].value_counts().items()
    )
    return say(EVERY_KIND, locale, kinds="; ".join(kinds))


def _by_frequency(rows: pd.DataFrame) -> list[str]:
    """Who published the documents, those who published most first."""
    numbers = rows.drop_duplicates("source_url").groupby("publisher", sort=False).size()
    return list(numbers.sort_values(ascending=False, kind="stable").index)


def promise_table(slips: list[Slip], locale: str = ENGLISH) -> pd.DataFrame:
    """One row for each promise, in the order of the drawing: who counts its states gets the numbers of the
    headline.
    """

    def slipped(slip: Slip) -> Message:
        return (SLIPPED if slip.is_later else NOT_SLIPPED) if slip.earlier else ONE_DATE

    lines = pd.DataFrame(
        [
            {
                "title": slip.title,
                "place": slip.place,
                "promised": "; ".join(
                    formatting.moment(stated.first, stated.precision, locale)
                    for stated in (*slip.earlier, slip.now)
                ),
                "state": say(PROMISE_STATES[slip.state], locale),
                "slipped": say(slipped(slip), locale),
                "today": slip.word,
            }
            for slip in slips
        ],
        columns=list(PROMISE_COLUMNS),
        dtype="string",
    )
    return table(lines, PROMISE_COLUMNS, locale=locale)


def documents(rows: pd.DataFrame) -> list[Source]:
    """The documents that state the dates. rows: promises or milestones."""
    cited = frame_rows.records(rows.drop_duplicates("source_url"))
    return [Source("", row["publisher"], row["tier_label"], row["source_url"]) for row in cited]


def promise_sources(promises: pd.DataFrame, today: date, until: date | None, locale: str = ENGLISH) -> str:
    """How many documents, from when to when, and the two dates."""
    days = [day for day in promises["said_on"] if day]
    fields: dict[str, Any] = {
        "publishers": publishers(_by_frequency(promises), locale),
        "number": int(promises["source_url"].nunique()),
        "dates": two_dates(until, today, locale),
    }
    if not days:
        return say(PROMISE_DOCUMENTS, locale, **fields)
    first, last = (formatting.moment(day, "month", locale) for day in (min(days), max(days)))
    if first == last:
        return say(PROMISE_DOCUMENTS_OF_MONTH, locale, first=first, **fields)
    return say(PROMISE_DOCUMENTS_DATED, locale, first=first, last=last, **fields)


def promise_values(
    promises: pd.DataFrame, slips: list[Slip], read_from: pd.DataFrame, locale: str = ENGLISH
) -> tuple[Value, ...]:
    """The promises with what was said of each, when and by which document, the oldest first.

    promises: queries.timeline.promises. read_from: rows of queries.provenance.read_from.
    """
    statements = by_promise(promises)
    return tuple(
        Value(
            slip.title,
            slip.word,
            facts=(
                *(statement(row, locale) for row in statements[slip.promise_id]),
                *came_from(read_from, locale),
            ),
            sources=tuple(statement_source(row, locale) for row in statements[slip.promise_id]),
            number=functools.partial(provenance.matching_rows, ask.promises(), promise_id=slip.promise_id),
        )
        for slip in slips
    )


def stated_date(row: dict[Any, Any], locale: str = ENGLISH) -> str:
    """The date that a statement names, in words. row: of queries.timeline.promises."""
    if formatting.is_missing(row["promised_on"]):
        return say(NO_DATE, locale)
    return formatting.moment(row["promised_on"], row["promised_precision"], locale)


def statement(row: dict[Any, Any], locale: str) -> tuple[str, str]:
    """When something was promised, and what. row: of queries.timeline.promises."""
    title = (
        say(STATED_ON, locale, when=formatting.moment(row["said_on"], row["said_precision"], locale))
        if row["said_on"]
        else say(STATED, locale)
    )
    fields: dict[str, Any] = {
        "promised": stated_date(row, locale),
        "publisher": row["publisher"],
        "tier": row["tier_label"],
    }
    if row["note"]:
        return title, say(STATEMENT_NOTED, locale, note=row["note"], **fields)
    return title, say(STATEMENT, locale, **fields)


def statement_source(row: dict[Any, Any], locale: str) -> Source:
    """The document of a statement. row: of queries.timeline.promises."""
    words = row["publisher"]
    if row["said_on"]:
        when = formatting.moment(row["said_on"], row["said_precision"], locale)
        words = say(STATEMENT_SOURCE, locale, publisher=row["publisher"], when=when)
    return Source("", words, row["tier_label"], row["source_url"])


def came_from(read_from: pd.DataFrame, locale: str = ENGLISH) -> tuple[tuple[str, str], ...]:
    """The sources that dates were read from; dates keep no file and row.

    read_from: rows of queries.provenance.read_from.
    """
    sources = []
    for row in frame_rows.records(read_from):
        fields: dict[str, Any] = {
            "title": row["title"],
            "fingerprint": f"{row['sha256'][:4]}…{row['sha256'][-2:]}",
        }
        if row["retrieved_on"]:
            sources.append(say(SOURCE_DATED, locale, day=row["retrieved_on"], **fields))
        else:
            sources.append(say(SOURCE, locale, **fields))
    if not sources:
        return ()
    return ((say(READ_FROM, locale), say(FROM_SOURCES, locale, sources="; ".join(sources))),)


def milestone_values(
    rows: pd.DataFrame,
    today: date,
    until: date | None,
    question: Select[Any],
    read_from: pd.DataFrame,
    locale: str = ENGLISH,
) -> tuple[Value, ...]:
    """The milestones with what is known of each. rows: queries.timeline.dates.

    question: for all of them.

    read_from: rows of queries.provenance.read_from.
    """

    def facts(row: dict[Any, Any]) -> tuple[tuple[str, str], ...]:
        amount = row["amount_eur"]
        cells = {
            **row,
            "state": say(STATES[state(row, today, until)], locale),
            "amount": ""
            if amount is None
            else say(AMOUNT, locale, amount=formatting.euros(amount, locale=locale)),
        }
        return tuple((say(title, locale), cells[name] or "") for name, title in MILESTONE_FACTS.items())

    return tuple(
        Value(
            row["title"],
            formatting.moment(row["dated_on"], row["date_precision"], locale),
            facts=(*facts(row), *came_from(read_from, locale)),
            sources=(Source("", row["publisher"], "", row["source_url"]),),
            number=functools.partial(provenance.matching_rows, question, milestone_id=row["milestone_id"]),
        )
        for row in frame_rows.records(rows)
    )


def answer_values(promises: pd.DataFrame, slips: list[Slip], locale: str = ENGLISH) -> list[Value]:
    """The numbers of the headline: open promises that now name a later date, and those that are due.

    promises: queries.timeline.promises.
    """
    restated, due = promise_delays.restated(slips), promise_delays.due(slips)
    later = [slip for slip in restated if slip.is_later]
    newest = {row["promise_id"]: row for row in frame_rows.records(promises)}

    def counted(label: Message, shown: str, listed: list[Slip], how: Message) -> Value:
        facts = (
            (say(COUNTED_AS, locale), say(how, locale)),
            *((slip.title, say(PLACED, locale, place=slip.place, moved=slip.word)) for slip in listed),
        )
        sources = tuple(statement_source(newest[slip.promise_id], locale) for slip in listed)
        return Value(say(label, locale), shown, facts=facts, sources=sources, number=ask.promises)

    unseen = promise_delays.unseen(slips)
    ratio = say(LATER_OF, locale, later=len(later), restated=len(restated))
    return [
        counted(LATER_LABEL, ratio, later, LATER_HOW),
        counted(DUE_LABEL, formatting.whole(len(due), locale), due, DUE_HOW),
        counted(UNSEEN_LABEL, formatting.whole(len(unseen), locale), unseen, UNSEEN_HOW),
    ]
