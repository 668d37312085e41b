"""Who pays for sites, stage by stage: of one site, of one state, of all that are chosen. Pure."""

import functools
from typing import Any

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import Theme, funder_colour
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.figures.bars import MOST_BARS
from pages.parts.finished_figure import as_text
from pages.parts.text import formatting, projects, tables
from pages.parts.text import site_payers as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import bars
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries import site_money as ask
from pipelines.queries.compiled_sql import Code, Codes
from pipelines.queries.release_answers import ReleaseData

Asked = tuple[Codes, Codes, Codes, Code]


def asked(values: Values) -> Asked:
    """What the questions about money of sites take of an address."""
    kinds, statuses, countries = (Codes(values.get(word, ())) for word in ("kind", "status", "country"))
    return kinds, statuses, countries, Code(next(iter(values.get("site", ())), ""))


def site_payers(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Who pays for the chosen sites, or for one. None if no amount is for them."""
    return _payers("site_payers", answers, values, ("kind", "status", "country", "site"), locale)


def state_payers(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Who pays for the sites of a state. None if no amount is for them."""
    return _payers("state_payers", answers, values, ("country", "kind"), locale)


def _payers(
    name: str, answers: ReleaseData, values: Values, obeyed: tuple[str, ...], locale: str
) -> Figure | None:
    question = asked({word: values.get(word, ()) for word in obeyed})
    rows = answers.read(ask.payers, *question)
    if rows.empty:
        return None
    records = frame_rows.records(rows)
    drawn = pd.DataFrame(
        {
            "group": [text.group(row, locale) for row in records],
            "name": [text.name(row, locale) for row in records],
            "amount": rows["amount_eur"],
            "inner": None,
            "said": [text.said(row, locale) for row in records],
            "more": [tables.stage_basis(row["stage"], row["basis"], locale) for row in records],
            "colour": rows["funder"],
        },
        dtype=object,
    )
    limits = _limits(answers, values, obeyed, locale)
    title = text.title(rows, _of(answers, values, obeyed, locale), locale)
    credit = answers.read(ask.credit, *question)
    total = {column: rows[column].sum() for column in ("entries", "entries_unknown")}
    has_hatch = bool(rows["amount_eur"].head(MOST_BARS["wide"]).isna().any())

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCH, locale))] if has_hatch else []

    in_words = "; ".join(
        say(projects.NAMED_AMOUNT, locale, name=bars.full_name(row, locale), amount=row["said"])
        for row in frame_rows.records(drawn)
    )
    return Figure(
        name=name,
        title=title,
        subtitle=formatting.paragraph(
            say(text.SUBTITLE, locale), say(text.BIDS, locale) if bool(rows["is_bid"].any()) else "", limits
        ),
        alt=tables.alt(title, limits, in_words, locale=locale),
        source=tables.credit_line(credit, total, locale=locale),
        rows=rows,
        draw=functools.partial(figures.bars, drawn, colour_of=funder_colour, locale=locale),
        table=text.payer_table(rows, locale),
        numbers=tuple(
            say(text.COLUMNS[column], locale) for column in ("amount_eur", "entries", "entries_unknown")
        ),
        sources=tuple(tables.sources(credit, locale)),
        key=key,
        questions=((ask.payers, *question),),
        taken_off=(ask.removed, *question),
        values=tuple(
            _value(question, row, bars.full_name(bar, locale), locale)
            for row, bar in list(zip(records, frame_rows.records(drawn), strict=True))[: bars.MOST_VALUES]
        ),
    )


def _value(question: Asked, row: dict[Any, Any], label: str, locale: str) -> Value:
    said = formatting.euros(row["amount_eur"], row["qualifier"], locale=locale)
    if row["is_bid"]:
        return Value(label, said, functools.partial(provenance.by_ids, row["entry_id"]))
    cells = {column: row[column] for column in ("stage", "basis", "funder")}
    return Value(
        label,
        said,
        provenance.entries_with(ask.behind_payers, *question, is_removed=False, **cells),
        number=provenance.rows_with(ask.payers, *question, is_bid=False, **cells),
    )


def _of(answers: ReleaseData, values: Values, obeyed: tuple[str, ...], locale: str) -> str:
    """What the money is for, in words: one site, sites in one state, or all that are chosen."""
    if "site" in obeyed and values.get("site"):
        return filter_labels.labels(answers, "site", locale)[values["site"][0]]
    if "site" not in obeyed and values.get("country"):
        country = filter_labels.labels(answers, "country", locale)[values["country"][0]]
        return say(text.SITES_IN, locale, country=country)
    return say(text.SITES, locale)


def _limits(answers: ReleaseData, values: Values, obeyed: tuple[str, ...], locale: str) -> str:
    """The choice in words. One site says all of it."""
    if "site" in obeyed and values.get("site"):
        return filter_labels.only(answers, values, "site", locale=locale)
    narrowing = tuple(word for word in ("kind", "status", "country") if word in obeyed)
    return filter_labels.only(answers, values, *narrowing, locale=locale)


def amounts(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> tuple[pa.Table, list[str]]:
    """Every amount of the chosen sites as a table, and the site of each row."""
    rows = answers.read(ask.amounts, *asked(values))
    return as_text(text.amount_table(rows, locale)), list(rows["site_id"])
