"""The page of one recipient, and of one project: what is known, from which lists. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.text import formatting, projects
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows

# --- one recipient

HEADLINE = message("{name}: {amount} {stage} ({basis}) in the lists read here")
HEADLINE_SHARES = plural(
    "{name} is partner in {number}\u00a0project; no line of money names it",
    "{name} is partner in {number}\u00a0projects; no line of money names it",
)
HEADLINE_UNKNOWN = message("{name} is named, but no amount is published")
STANDFIRST = plural("{number}\u00a0line of the lists names it.", "{number}\u00a0lines of the lists name it.")
NOT_ALL = message(
    "The lists are extracts of AI money, so other grants of it are missing. Companies and bodies are shown, "
    "never private persons."
)
ALL_RECIPIENTS = message("All recipients")
YEARS_TITLE = message("{name}: {amount} {stage} ({basis}), its largest sum of one kind")
YEARS_TITLE_ALL = message("Named recipients: {amount} {stage} ({basis}), the largest sum of one kind")
YEARS_TITLE_NONE = message("Named recipients: no amount is published")
YEARS_SUBTITLE = message(
    "Amounts that name a recipient, by programme and year, current prices, counted once inside each stage and "
    "basis. Stages and bases are never added to one another."
)
GROUP = message("{stage}, {basis}")
NAME_YEAR = message("{programme}, {year:d}")
NAME_NO_YEAR = message("{programme}, no year stated")
YEAR_COLUMNS = {
    "stage_label": message("Stage"),
    "basis_label": message("What the euros are"),
    "programme_label": message("Programme"),
    "year": message("Year"),
    "amount_eur": message("Euros"),
    "entries": message("Lines"),
}
HATCH = message("amount not published, length is not to scale")
LINES = message("Every line that names it")
LINE_COLUMNS = {
    "heading": message("For"),
    "programme_label": message("Programme"),
    "year": message("Year"),
    "role": message("Role"),
    "amount_eur": message("Euros"),
    "stage_label": message("Stage"),
    "counted": message("Counted"),
    "publisher": message("Publisher"),
    "source_url": message("Source"),
}
COUNTED, SHARE = message("a line of its own"), message("share of a project, not added")
RECIPIENT = message("recipient")
SOURCES = message("Sources")
DOWNLOAD = message("Download its lines")

# --- one project

ALL_PROJECTS = message("All projects")
PROJECT_HEADLINE = message("{name}: {amount} of EU money, {reading}")
PROJECT_PAYMENTS = message("{name}: {amount} reported for this project, {reading}")
READING_WORDS = {
    "strict": message("AI by the strict reading"),
    "broad": message("AI by the broad reading alone"),
    "not-split": message("AI among other things"),
    "outside": message("not AI"),
}
FACTS = {
    "programme": message("Programme"),
    "part": message("Part"),
    "topic": message("Topic"),
    "year": message("Year"),
    "period": message("Period"),
    "total": message("Total cost"),
    "rule": message("Why it counts as AI"),
    "list": message("List"),
    "number": message("Number"),
}
NO_TITLE = message("The files read here do not give its title.")
PERIOD = message("{first} to {last}")
LIST_OF = message("{title}, read on {day}")
YEAR_OF_CALL = message("{year:d}, the year of its call")
WHO = message("Who takes part, and what each receives")
NOBODY = message("The lists read here name no recipient of this project.")
PARTNER_COLUMNS = {
    "name": message("Name"),
    "role": message("Role"),
    "country_label": message("Country"),
    "amount_eur": message("Euros"),
}
OPEN_SOURCE = message("Its page at the publisher")


def recipient_headline(name: str, lines: pd.DataFrame, sums: pd.DataFrame, locale: str = ENGLISH) -> str:
    """What is known of a recipient. lines: of ai_project_sums.of_beneficiary. sums: of recipient_years."""
    top = _largest(sums)
    if top is not None:
        amount = formatting.euros(top["amount_eur"], locale=locale)
        kind = {"stage": top["stage_label"], "basis": top["basis_label"]}
        return say(HEADLINE, locale, name=name, amount=amount, **kind)
    if bool(lines["is_partner"].all()):
        return say(HEADLINE_SHARES, locale, name=name, number=int(lines["project_id"].nunique()))
    return say(HEADLINE_UNKNOWN, locale, name=name)


def _largest(sums: pd.DataFrame) -> dict[Any, Any] | None:
    """The largest sum at one stage and basis. sums: of queries.ai_project_sums.recipient_years."""
    by_kind: dict[tuple[str, str], dict[Any, Any]] = {}
    for row in frame_rows.records(sums):
        if row["amount_eur"] is not None:
            kind = by_kind.setdefault((row["stage"], row["basis"]), {**row, "amount_eur": 0})
            kind["amount_eur"] += row["amount_eur"]
    return max(by_kind.values(), key=lambda row: row["amount_eur"], default=None)


def years_title(name: str, sums: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The title of the figure. name: of one recipient, "" for all."""
    top = _largest(sums)
    if top is None:
        return say(YEARS_TITLE_NONE, locale)
    fields = {
        "amount": formatting.euros(top["amount_eur"], locale=locale),
        "stage": top["stage_label"],
        "basis": top["basis_label"],
    }
    if not name:
        return say(YEARS_TITLE_ALL, locale, **fields)
    return say(YEARS_TITLE, locale, name=name, **fields)


def year_name(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """Programme and year of a bar."""
    programme = formatting.sentence(str(row["programme_label"]))
    if row["year"] is None:
        return say(NAME_NO_YEAR, locale, programme=programme)
    return say(NAME_YEAR, locale, programme=programme, year=int(row["year"]))


def line_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Every line of a recipient. rows: of queries.ai_project_sums.of_beneficiary."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        year=["" if row["year"] is None else str(int(row["year"])) for row in records],
        role=[row["role"] or say(RECIPIENT, locale) for row in records],
        counted=[say(SHARE if row["is_partner"] else COUNTED, locale) for row in records],
    )
    return table(shown, LINE_COLUMNS, euros=("amount_eur",), locale=locale)


def project_headline(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """What a project is: its name, its money and its reading. row: of queries.projects.project."""
    template = PROJECT_PAYMENTS if row["programme"] == "rrf" else PROJECT_HEADLINE
    return say(
        template,
        locale,
        name=projects.headline_name(row),
        amount=formatting.euros(row["eu_contribution_eur"], locale=locale),
        reading=say(READING_WORDS[row["ai_scope"]], locale),
    )


def project_facts(row: Mapping[Any, Any], locale: str = ENGLISH) -> list[tuple[str, str]]:
    """Names and values of a project. row: of queries.projects.project."""
    unknown = formatting.not_published(locale)
    period = unknown
    if row["period_start"] is not None and row["period_end"] is not None:
        first, last = (formatting.day(row[name], locale) for name in ("period_start", "period_end"))
        period = say(PERIOD, locale, first=first, last=last)
    year = unknown
    if row["year"] is not None:
        year = str(int(row["year"]))
    elif row["call_year"] is not None:
        year = say(YEAR_OF_CALL, locale, year=int(row["call_year"]))
    values = {
        "programme": row["programme_label"],
        "part": projects.part(row["programme_part"], locale) if row["programme_part"] else unknown,
        "topic": row["topic"] or unknown,
        "year": year,
        "period": period,
        "total": formatting.euros(row["total_cost_eur"], locale=locale),
        "rule": projects.rule(row["ai_rule"], locale) or projects.reading(row["ai_scope"], locale),
        "list": say(LIST_OF, locale, title=row["source_title"], day=row["retrieved_on"])
        if row["retrieved_on"]
        else row["source_title"],
        "number": row["project_id"].partition(":")[2] or row["project_id"],
    }
    return [(say(title, locale), str(values[name])) for name, title in FACTS.items()]


def partner_table(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> pd.DataFrame:
    """Who receives what of a project. rows: of queries.projects.lines_of that name somebody."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        role=[row["role"] or say(RECIPIENT, locale) for row in records],
        country_label=[labels.get(row["country"], "") for row in records],
    )
    return table(shown, PARTNER_COLUMNS, euros=("amount_eur",), locale=locale)
