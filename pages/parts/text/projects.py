"""What the Projects page says: AI by year, by what it is for, who receives it, and the list. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal
from textwrap import shorten
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import NOT_NAMED, table
from pages.parts.text.translation import Message, message, plural, say
from pipelines import frame_rows

SUBJECT = re.compile(
    r"\d{6,9} - (?P<acronym>[^ ].{0,30}?) - "
)  # number, acronym, title: how FTS names grants
LONGEST_NAME, LONGEST_IN_LIST = 60, 90

# --- the page

HEADLINE = message(
    "Horizon Europe: {broad} is under contract for AI by the broad reading, {strict} by the strict one."
)
HEADLINE_NONE = message("None of our sources gives contracts of Horizon Europe for AI one by one.")
STANDFIRST = message("Strict: the source files it under AI. Broad: also what speaks of AI or its computing.")
LISTED_FROM = message("Listed one by one: {lists}.")
LIST_OF = plural("{title} ({number}\u00a0line)", "{title} ({number}\u00a0lines)")
NOT_LISTED = message("This release holds no projects one by one, so the sums stand for them.")

DIMENSIONS = {
    "part": message("Programme part"),
    "programme": message("Programme"),
    "topic": message("Topic"),
    "year": message("Year"),
    "country": message("Country"),
    "beneficiary": message("Beneficiary"),
    "rule": message("Rule that matched"),
}
STAGE, GROUP_BY, YEAR, READING = message("Stage"), message("Group by"), message("Year"), message("AI reading")
ALL_PROGRAMMES, ALL_YEARS, ALL_READINGS = (
    message("All programmes"),
    message("All years"),
    message("All readings"),
)
CALL_STATE, ALL_STATES, BODIES = message("State of calls"), message("All states"), message("EU bodies")

PARTS = {  # of Horizon Europe and Euratom, by the code of the legal basis
    "EURATOM2027": message("Euratom research and training"),
    "HORIZON.1.1": message("European Research Council"),
    "HORIZON.1.2": message("Marie Skłodowska-Curie Actions"),
    "HORIZON.1.3": message("Research infrastructures"),
    "HORIZON.2.1": message("Health"),
    "HORIZON.2.2": message("Culture, creativity and inclusive society"),
    "HORIZON.2.3": message("Civil security for society"),
    "HORIZON.2.4": message("Digital, industry and space"),
    "HORIZON.2.5": message("Climate, energy and mobility"),
    "HORIZON.2.6": message("Food, bioeconomy, natural resources, agriculture and environment"),
    "HORIZON.3.1": message("European Innovation Council"),
    "HORIZON.3.2": message("European innovation ecosystems"),
    "HORIZON.3.3": message("European Institute of Innovation and Technology"),
    "HORIZON.4.1": message("Widening participation and spreading excellence"),
    "HORIZON.4.2": message("Reforming the European research and innovation system"),
}
PART = message("{name} ({code})")
RULES = {
    "classified-artificial-intelligence": message("CORDIS files it under artificial intelligence"),
    "ai-budget-line": message("its budget line is for artificial intelligence"),
    "words-artificial-intelligence": message("says “artificial intelligence”"),
    "words-ai": message("speaks of AI"),
    "words-learning": message("speaks of machine learning or language models"),
    "words-ai-computing": message("speaks of supercomputing that AI needs"),
    "topic-code": message("the code of its topic names AI"),
    "measure-holds-ai": message("the measure holds AI among other things"),
}
READINGS = {
    "strict": message("Strict"),
    "broad": message("Broad only"),
    "not-split": message("AI among other things"),
    "outside": message("Not AI"),
}

# --- figures

BOTH = message("{broad}, strict {strict}")
STRICT_ALONE = message("{broad}, all of it strict")
BROAD_ALONE = message("{broad}, none of it strict")
PALE, FULL = message("broad reading of AI"), message("of which by the strict reading")
HATCH = message("amount not published, length is not to scale")
GROUP = message("{programme}, {stage}")
NAMED_AMOUNT = message("{name}: {amount}")
NAMED_IN = message("{group}, {name}")

SERIES_TITLE = message("{programme}: {amount} {stage} for AI in {year:d}, the most of any known year")
SERIES_NONE = message("AI by year: amounts are not published")
SERIES_SUBTITLE = message(
    "EU contribution for AI by year, current prices, each year counted once inside its stage. Full: strict "
    "reading; pale: broad. A contract belongs to the year of its call, all else to its own year. Stages "
    "follow one another with the same money, so never add them."
)
COVERAGE = message("Entries with a known year: {parts}.")
COVERED = message("{programme} {stage} {known} of {all} entries")
SERIES_COLUMNS = {
    "programme_label": message("Programme"),
    "stage_label": message("Stage"),
    "year": message("Year"),
    "amount_eur": message("Broad, euros"),
    "strict_eur": message("Strict, euros"),
    "entries": message("Entries"),
}

LINES_TITLE = message("{item} has the largest part of AI money {stage}: {amount} by the broad reading")
LINES_TITLE_YEAR = message("AI money {stage} by year: {amount} in {item}, by the broad reading")
LINES_TITLE_UNNAMED = message(
    "AI money {stage}: {amount} by the broad reading, and the files do not say more"
)
LINES_SUBTITLE = message(
    "EU contribution, {stage}, current prices, counted once. Grouped by {by}. Full: strict reading of AI; pale: broad."
)
LINES_COLUMNS = {
    "item_label": message("What"),
    "amount_eur": message("Broad, euros"),
    "strict_eur": message("Strict, euros"),
    "entries": message("Entries"),
}
ALL_TOGETHER = message("All together, broad reading")

RECIPIENTS_TITLE = message("{name} is the largest named recipient of AI money {stage}: {amount}")
RECIPIENTS_SUBTITLE = message(
    "Recipients that the files name, EU contribution, current prices, counted once at each stage. Full: "
    "strict reading of AI; pale: broad. Shares of partners inside projects are not added."
)
BODIES_OUT = message("EU bodies, which pass money on, are left out.")
BODIES_IN = message("EU bodies, which pass money on, are included.")
RECIPIENT_COLUMNS = {
    "beneficiary": message("Recipient"),
    "country_label": message("Country"),
    "stage_label": message("Stage"),
    "amount_eur": message("Broad, euros"),
    "strict_eur": message("Strict, euros"),
    "entries": message("Lines"),
}

NOTHING = {
    "ai_series": message("Nothing that is AI in these programmes belongs to a year."),
    "ai_lines": message("Nothing at this stage is labelled as AI in this choice."),
    "recipients": message("No line of AI money in this choice names who receives it."),
    "recipient_years": message("No amount in this release names who receives it."),
}
NOTHING_WHY = message(
    "This does not mean zero: the lists that we hold say no more. Choose other programmes, years or countries."
)

# --- the list

LISTED = plural(
    "{number}\u00a0project or commitment of {known}", "{number}\u00a0projects and commitments of {known}"
)
LIST_WHY = message(
    "The largest EU contribution first, {size} at a time; by itself those that are AI, as “AI reading” under "
    "More choices says. Each name opens its page. Payments of recovery plans are never added to grants."
)
COUNTRY_KNOWN = message(
    "A country finds lines that name a recipient there; the CORDIS files read here name none."
)
NO_PROJECT = message("No project or commitment fits this choice.")
NO_PROJECT_WHY = plural(
    "This release lists {number}\u00a0of them. Programme, year, country and reading must all match.",
    "This release lists {number}\u00a0of them. Programme, year, country and reading must all match.",
)
LIST_NAME = message("Projects and commitments")
WHOLE_LIST = message("The whole list, {number} rows")
LIST_COLUMNS = {
    "name": message("Project"),
    "programme_label": message("Programme"),
    "part": message("Part"),
    "topic": message("Topic"),
    "call_year": message("Year"),
    "eu_contribution_eur": message("EU contribution"),
    "reading": message("Reading"),
    "rule": message("Rule that matched"),
}
PAGE_OF = message("Page {page} of {pages}")
PREVIOUS, NEXT = message("Previous"), message("Next")
RECIPIENT_LIST = message("Recipients by size")
CLICK_RECIPIENT = message("Each name opens what is known of it.")


def item_label(by: str, item: str | None, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """One group of lines in words. by: one of DIMENSIONS. labels: code → label, for codes of vocabularies."""
    if formatting.is_missing(item) or not item:
        return say(NOT_NAMED, locale)
    if by == "part":
        return part(item, locale)
    if by == "rule":
        return rule(item, locale)
    return labels.get(item, item)


def part(code: str, locale: str = ENGLISH) -> str:
    """A part of a programme: its name and its code, where the name is known."""
    return say(PART, locale, name=say(PARTS[code], locale), code=code) if code in PARTS else code


def rule(code: object, locale: str = ENGLISH) -> str:
    """The rule of the definition of AI that matched, in words; "" for none."""
    if formatting.is_missing(code):
        return ""
    return say(RULES[str(code)], locale) if code in RULES else str(code)


def reading(code: str, locale: str = ENGLISH) -> str:
    """The reading of AI of one line."""
    return say(READINGS[code], locale) if code in READINGS else code


def both(broad: Decimal | None, strict: Decimal | None, locale: str = ENGLISH) -> str:
    """A sum in both readings: "€1.1 bn, strict €785 M"."""
    amount = formatting.euros(broad, locale=locale)
    if broad is None:
        return amount
    if strict is None or not strict:
        return say(BROAD_ALONE, locale, broad=amount)
    if strict == broad:
        return say(STRICT_ALONE, locale, broad=amount)
    return say(BOTH, locale, broad=amount, strict=formatting.euros(strict, locale=locale))


def largest(rows: pd.DataFrame) -> dict[Any, Any] | None:
    """The row with the largest amount; None if no amount is known. rows: amount_eur."""
    known = [row for row in frame_rows.records(rows) if row["amount_eur"] is not None]
    return max(known, key=lambda row: row["amount_eur"], default=None)


def series_title(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The largest year of what is furthest on. rows: of queries.ai_project_sums.series."""
    first = rows[(rows["programme"] == rows["programme"].iat[0]) & (rows["stage"] == rows["stage"].iat[0])]
    top = largest(first)
    if top is None:
        return say(SERIES_NONE, locale)
    return say(
        SERIES_TITLE,
        locale,
        programme=top["programme_label"],
        amount=formatting.euros(top["amount_eur"], locale=locale),
        stage=top["stage_label"],
        year=int(top["year"]),
    )


def coverage(
    rows: pd.DataFrame, labels: Mapping[str, str], stages: Mapping[str, str], locale: str = ENGLISH
) -> str:
    """How many entries belong to a year, by programme and stage. rows: of ai_project_sums.series_coverage."""
    parts = [
        say(
            COVERED,
            locale,
            programme=labels[row["programme"]],
            stage=stages[row["stage"]],
            known=int(row["entries_with_year"]),
            all=int(row["entries"]),
        )
        for row in frame_rows.records(rows)
        if row["entries_with_year"]
    ]
    return say(COVERAGE, locale, parts="; ".join(parts)) if parts else ""


def lines_title(rows: pd.DataFrame, by: str, stage: str, locale: str = ENGLISH) -> str:
    """The largest group that is named. rows: of ai_project_sums.lines, with item_label. stage: its label."""
    named = largest(rows[rows["item"].notna()])
    if named is None:
        top = largest(rows)
        amount = formatting.euros(top["amount_eur"] if top else None, locale=locale)
        return say(LINES_TITLE_UNNAMED, locale, stage=stage, amount=amount)
    fields = {"stage": stage, "amount": formatting.euros(named["amount_eur"], locale=locale)}
    title: Message = LINES_TITLE_YEAR if by == "year" else LINES_TITLE
    return say(title, locale, item=str(named["item_label"]), **fields)


def lists(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """From which lists projects come, and how many. rows: title, projects."""
    if rows.empty:
        return say(NOT_LISTED, locale)
    parts = [
        say(LIST_OF, locale, title=row["title"], number=int(row["projects"]))
        for row in frame_rows.records(rows)
    ]
    return say(LISTED_FROM, locale, lists="; ".join(parts))


def project_name(row: Mapping[Any, Any]) -> str:
    """What a project is called: its acronym, which the subjects of FTS hold too, else its title, else its
    number.
    """
    names = (row["acronym"], row["title"], row["project_id"])
    name = next(str(name) for name in names if not formatting.is_missing(name) and name)
    of_subject = SUBJECT.match(name)
    return of_subject["acronym"] if of_subject else name


def headline_name(row: Mapping[Any, Any]) -> str:
    """The same, short enough for a headline."""
    return shorten(project_name(row), LONGEST_NAME, placeholder="…")


def project_list(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """A page of the list as readers see it. rows: of queries.projects.listed."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        name=[shorten(project_name(row), LONGEST_IN_LIST, placeholder="…") for row in records],
        part=[
            "" if row["programme_part"] is None else part(row["programme_part"], locale) for row in records
        ],
        call_year=["" if row["call_year"] is None else str(int(row["call_year"])) for row in records],
        reading=[reading(row["ai_scope"], locale) for row in records],
        rule=[rule(row["ai_rule"], locale) for row in records],
    )
    return table(shown, LIST_COLUMNS, euros=("eu_contribution_eur",), locale=locale)
