"""Which promises were kept: the league table of slips by promise, site, country and kind, and every statement
with its day and document, in words. Pure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

import pandas as pd

from pages.parts import promise_delays
from pages.parts.promise_delays import Slip, Stated
from pages.parts.text import formatting, timeline
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pages.parts.text.where_we_looked import two_dates

BY = {
    "promise": message("Promises"),
    "statement": message("Statements"),
    "site": message("Sites"),
    "country": message("Countries"),
    "kind": message("Kinds"),
}
YEAR_OF = {"for": message("Promised for"), "said": message("Said in")}
SECTION = message("Kept or missed")
WHY = message(
    "Each promise is judged by the first date found, or by the first one of the year that is chosen. Missed "
    "means that it happened later, or that the date passed and a later one is named."
)
YEAR, ANY_YEAR = message("Year"), message("All years")
YEAR_MEANS, GROUP_BY = message("The year is that of"), message("One line for each of")
STATEMENTS = message("Every statement with its day and document")
OUTCOMES = {
    "kept": message("kept"),
    "missed": message("missed"),
    "unclear": message("happened, perhaps in time"),
    "due": message("date passed, not confirmed"),
    "unseen": message("date passed, not looked at yet"),
    "withdrawn": message("withdrawn"),
    "moved": message("moved before its date"),
    "coming": message("still to come"),
}
COUNTED = {
    "kept": message("{number} kept"),
    "missed": message("{number} missed"),
    "unclear": message("{number} perhaps in time"),
    "due": message("{number} not confirmed"),
    "unseen": message("{number} not looked at yet"),
    "withdrawn": message("{number} withdrawn"),
    "moved": message("{number} moved before the date"),
    "coming": message("{number} still to come"),
}
TITLES = {
    "": plural("Of {number}\u00a0promise: {outcomes}", "Of {number}\u00a0promises: {outcomes}"),
    "for": plural(
        "Of {number}\u00a0promise for {year}: {outcomes}", "Of {number}\u00a0promises for {year}: {outcomes}"
    ),
    "said": plural(
        "Of {number}\u00a0promise said in {year}: {outcomes}",
        "Of {number}\u00a0promises said in {year}: {outcomes}",
    ),
}
SUBTITLE = plural(
    "{restated}\u00a0of these promises has more than one date, {days} apart; {alone} with only one date are left "
    "out. Bars show days from the end of the date judged to the date now known; pale is uncertain.",
    "{restated}\u00a0of these promises have more than one date, a median of {days} apart; {alone} with only one "
    "date are left out. Bars show days from the end of the date judged to the date now known; pale is uncertain.",
)
SUBTITLE_ALONE = plural(
    "{alone}\u00a0promise with only one date, so that nothing can be said of a slip.",
    "{alone}\u00a0promises with only one date each, so that nothing can be said of slips.",
)
DAYS = plural("{number}\u00a0day", "{number}\u00a0days")
DAYS_BETWEEN = message("{least} to {most}\u00a0days")
LATER = message("{days} later")
EARLIER = message("{days} earlier")
ON_TIME = message("no change")
ONE_DATE = message("one date only")
SAID_OF_ONE = message("{outcome}, {days}")
SAID_OF_GROUP = plural(
    "{outcomes}; median {days}, {number}\u00a0restatement",
    "{outcomes}; median {days}, {number}\u00a0restatements",
)
SAID_OF_GROUP_ALONE = message("{outcomes}")
STATEMENT_NAME = message("{title}, statement {number}: {when}")
GROUPS = {"alone": message("Only one date"), "restated": message("More than one date")}
EU_WIDE, NO_COUNTRY, NO_KIND = message("no site"), message("EU-wide"), message("not of one site")
EVERY_DATE = message("{publishers}. {dates}")
COLUMNS = {
    "name": message("What"),
    "place": message("Where"),
    "dates": message("Promised dates, the first one first"),
    "happened": message("Happened"),
    "outcome_words": message("Judged by the first date"),
    "promises": message("Promises"),
    "restated": message("With more than one date"),
    "alone": message("Only one date"),
    "restatements": message("Times restated"),
    "slipped": message("Later for certain"),
    "days": message("Days moved, the middle one"),
    "said": message("Said on"),
    "promised": message("For"),
    "publisher": message("Who said so"),
    "tier_label": message("Kind of source"),
    "source_url": message("Document"),
}
OF_ONE = ("name", "place", "dates", "happened", "outcome_words", "restatements", "days")
OF_GROUP = ("name", "promises", "outcome_words", "restated", "alone", "restatements", "slipped", "days")
OF_STATEMENT = (
    "name",
    "place",
    "said",
    "promised",
    "outcome_words",
    "days",
    "publisher",
    "tier_label",
    "source_url",
)
NUMBERS = ("promises", "restated", "alone", "restatements", "slipped")
NOT_KNOWN = message("day not known")
NO_PROMISE = message("No promise fits this year.")
NO_PROMISE_WHY = plural(
    "There is {number}\u00a0promise of the chosen initiatives and countries in all years.",
    "There are {number}\u00a0promises of the chosen initiatives and countries in all years.",
)


class Judged(NamedTuple):
    """One stated date of a promise and what became of it.

    stated: the date that is judged. number: which statement it is. outcome: a code of OUTCOMES. least, most:
    days from its end to the date that is now known, or on which it happened; None if there is none
    but this one. statement: its row of queries.timeline.promises.
    """

    slip: Slip
    stated: Stated
    number: int
    outcome: str
    least: int | None
    most: int | None
    statement: Mapping[Any, Any]

    @property
    def has_moved(self) -> bool:
        """Whether there is more than one date to compare."""
        return self.most is not None


def title(judged: Sequence[Judged], year: str, year_of: str, locale: str = ENGLISH) -> str:
    """How many were kept, missed and so on: the finding. year: "" for all."""
    outcomes = counted([one.outcome for one in judged], locale)
    fields: dict[str, Any] = {"outcomes": outcomes, **({"year": year} if year else {})}
    return say(TITLES[year_of if year else ""], locale, number=len(judged), **fields)


def counted(outcomes: Sequence[str], locale: str = ENGLISH) -> str:
    """How often there is each outcome, in words."""
    numbers = Counter(outcomes)
    parts = [
        say(COUNTED[outcome], locale, number=formatting.whole(numbers[outcome], locale))
        for outcome in promise_delays.OUTCOMES
        if numbers[outcome]
    ]
    return formatting.listed(parts, "and", locale)


def subtitle(judged: Sequence[Judged], locale: str = ENGLISH) -> str:
    """How many have more than one date, and the median of their days."""
    moved = [one for one in judged if one.has_moved]
    alone = len(judged) - len(moved)
    if not moved:
        return say(SUBTITLE_ALONE, locale, number=alone, alone=formatting.whole(alone, locale))
    return say(
        SUBTITLE,
        locale,
        number=len(moved),
        restated=formatting.whole(len(moved), locale),
        days=_days(*middle(moved), locale),
        alone=formatting.whole(alone, locale),
    )


def middle(judged: Sequence[Judged]) -> tuple[int, int]:
    """The medians of the least and of the most days of dates that moved; at least one."""
    least = median(one.least for one in judged if one.least is not None)
    most = median(one.most for one in judged if one.most is not None)
    return int(least), int(most)


def _days(least: int, most: int, locale: str) -> str:
    if least == most:
        return say(DAYS, locale, number=least)
    return say(
        DAYS_BETWEEN, locale, least=formatting.whole(least, locale), most=formatting.whole(most, locale)
    )


def days_words(least: int | None, most: int | None, locale: str = ENGLISH) -> str:
    """How far a date moved, in words; "one date only" where there is nothing to compare."""
    if least is None or most is None:
        return say(ONE_DATE, locale)
    if most == 0:
        return say(ON_TIME, locale)
    if most < 0:
        return say(EARLIER, locale, days=_days(-most, -most, locale))
    return say(LATER, locale, days=_days(least, most, locale))


def outcome(code: str, locale: str = ENGLISH) -> str:
    """What became of a date, in words."""
    return say(OUTCOMES[code], locale)


def group_name(one: Judged, by: str, labels: Mapping[str, str], locale: str) -> str:
    """The site, country or kind of a promise, in words. labels: code → label of the chosen kind of group."""
    row = one.statement
    if by == "site":
        return str(row["site_name"] or say(EU_WIDE, locale))
    if by == "country":
        return labels.get(str(row["country"]), "") or say(NO_COUNTRY, locale)
    return labels.get(str(row["kind"]), "") or say(NO_KIND, locale)


def line(one: Judged, by: str, locale: str = ENGLISH) -> dict[str, Any]:
    """One promise or statement as a row of the figure, with its words."""
    slip, row = one.slip, one.statement
    when = timeline.stated_date(dict(row), locale)
    name = (
        slip.title
        if by == "promise"
        else say(STATEMENT_NAME, locale, title=slip.title, number=one.number, when=when)
    )
    dates = (*slip.earlier, slip.now)
    return {
        "promise_id": slip.promise_id,
        "statement": one.number,
        "name": name,
        "place": slip.place,
        "outcome": one.outcome,
        "promises": 1,
        "restated": int(one.has_moved),
        "alone": int(not one.has_moved),
        "restatements": len(slip.earlier),
        "slipped": int(bool(one.least and one.least > 0)),
        "days_least": one.least,
        "days_most": one.most,
        "said_on": row["said_on"],
        "promised_on": one.stated.first,
        "promised_until": one.stated.last,
        "happened_on": slip.happened.first if slip.happened else None,
        "publisher": row["publisher"],
        "tier_label": row["tier_label"],
        "source_url": row["source_url"],
        "dates": "; ".join(formatting.moment(date.first, date.precision, locale) for date in dates),
        "happened": formatting.moment(slip.happened.first, slip.happened.precision, locale)
        if slip.happened
        else "",
        "outcome_words": outcome(one.outcome, locale),
        "days": days_words(one.least, one.most, locale),
        "said": formatting.moment(row["said_on"], row["said_precision"], locale)
        if row["said_on"]
        else say(NOT_KNOWN, locale),
        "promised": when,
        "shown": say(
            SAID_OF_ONE,
            locale,
            outcome=outcome(one.outcome, locale),
            days=days_words(one.least, one.most, locale),
        ),
    }


def group(name: str, judged: Sequence[Judged], locale: str = ENGLISH) -> dict[str, Any]:
    """The promises of one site, country or kind as a row of the figure, with its words."""
    moved = [one for one in judged if one.has_moved]
    least, most = middle(moved) if moved else (None, None)
    restatements = sum(len(one.slip.earlier) for one in judged)
    outcomes = counted([one.outcome for one in judged], locale)
    shown = (
        say(
            SAID_OF_GROUP,
            locale,
            outcomes=outcomes,
            days=days_words(least, most, locale),
            number=restatements,
        )
        if moved
        else say(SAID_OF_GROUP_ALONE, locale, outcomes=outcomes)
    )
    return {
        "name": name,
        "promises": len(judged),
        "restated": len(moved),
        "alone": len(judged) - len(moved),
        "restatements": restatements,
        "slipped": sum(bool(one.least and one.least > 0) for one in moved),
        "days_least": least,
        "days_most": most,
        **{code: sum(one.outcome == code for one in judged) for code in promise_delays.OUTCOMES},
        "outcome_words": outcomes,
        "days": days_words(least, most, locale),
        "shown": shown,
    }


WORDS = ("dates", "happened", "outcome_words", "days", "said", "promised", "shown")
"""The columns of the rows that only readers need."""


def league_table(rows: pd.DataFrame, by: str, locale: str = ENGLISH) -> pd.DataFrame:
    """The rows as readers see them."""
    columns = {"promise": OF_ONE, "statement": OF_STATEMENT}.get(by, OF_GROUP)
    return table(rows, {name: COLUMNS[name] for name in columns}, locale=locale)


def drawn(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The rows as bars for `figures.bars`: those with more than one date by their days, then the others."""
    bars = []
    for row in rows.to_dict("records"):
        has_moved = not formatting.is_missing(row["days_most"])
        bars.append(
            {
                "group": say(GROUPS["restated" if has_moved else "alone"], locale),
                "name": row["name"],
                "amount": Decimal(max(int(row["days_most"]), 0)) if has_moved else Decimal(0),
                "inner": Decimal(max(int(row["days_least"]), 0)) if has_moved else Decimal(0),
                "said": row["shown"],
                "more": str(row.get("dates") or ""),
                "colour": "",
            }
        )
    return pd.DataFrame(bars, dtype=object)


def sources(publishers: str, newest: Any, compiled: Any, locale: str = ENGLISH) -> str:
    """Who said it, and the two dates of the release."""
    return say(EVERY_DATE, locale, publishers=publishers, dates=two_dates(newest, compiled, locale))


def labels(locale: str = ENGLISH) -> dict[str, dict[str, str]]:
    """Word of the address → code → label."""
    return {
        "by": {code: say(label, locale) for code, label in BY.items()},
        "year_of": {code: say(label, locale) for code, label in YEAR_OF.items()},
    }
