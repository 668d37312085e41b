"""The countries that the chosen euros can be traced to: euros, euros per person, shares of GDP. Pure."""

import functools
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any

import pandas as pd
from sqlalchemy import Select

from pages.parts import figures
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.filter_labels import only
from pages.parts.text import euros_by_country as text
from pages.parts.text import formatting, headlines, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views.euros import choice, entries_behind, labels
from pipelines import frame_rows
from pipelines.queries import euros as ask
from pipelines.queries import provenance
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData


def _located(chosen: Choice) -> Choice:
    """The same choice, of entries that name a country.

    A whole programme never does, so all published amounts take its place.
    """
    return replace(chosen, level="" if chosen.level == "whole" else chosen.level, located=True)


def _limits(answers: ReleaseData, chosen: Choice, is_included: bool, locale: str) -> str:
    """What the countries hold beyond the sums of the page, and what of EU bodies. chosen: with the bodies
    that the figure counts.
    """
    bodies = answers.read(ask.countries, replace(chosen, bodies="only"))
    has_unknown = bool(answers.row(ask.unnamed, chosen, "BE")["entries"])
    beyond = None
    if not (chosen.programme or chosen.initiative):
        beyond = answers.row(ask.beyond, chosen)["net_eur"]
    set_aside = answers.read(ask.set_aside, chosen)
    return formatting.paragraph(
        text.beyond_words(beyond, locale),
        text.body_words(bodies, is_included, has_unknown, locale),
        say(text.BIDS, locale) if "bid" in set(set_aside["level"]) else "",
    )


def countries(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Bars per country. None if no chosen entry names a country."""
    is_included, per = values["bodies"] == ("in",), values["per"][0]
    chosen = replace(_located(choice(answers, values)), bodies="" if is_included else "out")
    limits = only(answers, values, "programme", "initiative", locale=locale)
    return of_choice("countries", answers, chosen, per, limits, locale)


def of_choice(
    name: str, answers: ReleaseData, chosen: Choice, per: str, limits: str, locale: str = ENGLISH
) -> Figure | None:
    """Bars per country of the located entries of a choice, under the name of a figure. limits: what narrows
    the choice, in words.
    """
    is_included = not chosen.bodies
    rows = answers.read(ask.countries, chosen)
    if rows.empty:
        return None
    rows = _ordered(rows, text.MEASURES[per])
    union, credit, total = (
        answers.read(ask.union_size),
        answers.read(ask.credit, chosen),
        answers.row(ask.totals, chosen),
    )
    records = frame_rows.records(rows)
    drawn = rows.assign(
        measure=rows[text.MEASURES[per]],
        measure_words=[text.measure_words(row, per, locale) for row in records],
        derivation=[text.derivation_words(row, per, locale) for row in records],
    )
    measures = list(drawn["measure"].dropna())
    middle = text.worded(median(measures) if measures else None, per, locale)
    title = headlines.countries(drawn, per, middle, locale)
    has_hatch = bool(drawn["measure"].head(figures.MOST_COUNTRIES["wide"]).isna().any())
    columns = text.table_columns(per, locale)

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCHES[per], locale))] if has_hatch else []

    return Figure(
        name=name,
        title=title,
        subtitle=formatting.paragraph(
            text.subtitle(chosen, per, labels(answers), locale),
            _limits(answers, chosen, is_included, locale),
            limits,
        ),
        alt=tables.alt(title, limits, text.country_words(drawn, locale), locale=locale),
        source=formatting.paragraph(
            tables.credit_line(credit, total, locale=locale), text.denominators(rows, union, per, locale)
        ),
        rows=rows,
        draw=functools.partial(figures.countries, drawn, locale=locale),
        table=_table(rows, per, locale),
        numbers=tuple(title for name, title in columns.items() if name != "country_label"),
        sources=(*tables.sources(credit, locale), *text.sources(union, per, locale)),
        key=key,
        questions=((ask.countries, chosen),),
        taken_off=(ask.removed, chosen),
        values=(
            *_over_all(chosen, drawn, per, locale),
            *(_of_country(chosen, row, union, per, locale) for row in frame_rows.records(drawn)),
        ),
    )


def _over_all(chosen: Choice, drawn: pd.DataFrame, per: str, locale: str) -> list[Value]:
    """The numbers of the title: the sum of all countries, where euros are shown, and the median, if there are
    two at least.
    """
    measures = list(drawn["measure"].dropna())
    if not measures:
        return []
    middle = Value(
        text.median_label(len(measures), per, locale),
        text.worded(median(measures), per, locale),
        None,
        text.median_facts(len(measures), len(drawn) - len(measures), locale),
        number=functools.partial(ask.countries, chosen),
    )
    medians = [middle] if len(measures) > 1 else []
    if per != "country":
        return medians
    return [
        Value(
            say(text.EVERY_COUNTRY, locale),
            formatting.euros(sum(measures, Decimal(0)), decimals=1, locale=locale),
            entries_behind(chosen, is_removed=False),
            number=functools.partial(ask.totals, chosen),
        ),
        *medians,
    ]


def _of_country(chosen: Choice, row: dict[Any, Any], union: pd.DataFrame, per: str, locale: str) -> Value:
    words = row["measure_words"]
    value = Value(
        row["country_label"],
        words if per == "country" else text.derived(words, row["derivation"], locale),
        entries_behind(chosen, country=row["country"], is_removed=False),
        text.divisor(row, union, per, locale),
    )
    if not value.facts:
        return value
    number = functools.partial(_row_of, chosen, row["country"])
    return value._replace(sources=tuple(text.sources(union, per, locale)), number=number)


def _row_of(chosen: Choice, country: str) -> Select[Any]:
    return provenance.matching_rows(ask.countries(chosen), country=country)


def _ordered(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The largest measure first, those without one last."""
    sizes = [Decimal("-Infinity") if formatting.is_missing(value) else value for value in rows[measure]]
    order = sorted(range(len(rows)), key=lambda index: (-sizes[index], index))
    return rows.iloc[order].reset_index(drop=True)


def _table(rows: pd.DataFrame, per: str, locale: str) -> pd.DataFrame:
    """The table twin: every country, with the denominator of its measure."""
    shown = rows
    if text.MEASURES[per] in text.COLUMNS[per]:
        measure = text.MEASURES[per]
        shown = rows.assign(**{measure: [text.cell(value, per, locale) for value in rows[measure]]})
    if per == "person":
        shown["population"] = [
            formatting.no_data(locale) if formatting.is_missing(value) else formatting.whole(value, locale)
            for value in rows["population"]
        ]
    euros = ("amount_eur", "gdp_eur") if per == "gdp" else ("amount_eur",)
    return tables.table(shown, text.table_columns(per, locale), euros=euros, locale=locale)
