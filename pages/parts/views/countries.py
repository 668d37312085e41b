"""The countries that the chosen euros name, as euros, euros per person or shares of GDP. Pure."""

import functools
from dataclasses import replace
from decimal import Decimal
from statistics import median
from typing import Any

import pandas as pd

from pages.parts import figures
from pages.parts.figure import Figure, Mark, Value
from pages.parts.filter_labels import only
from pages.parts.style import Theme
from pages.parts.text import countries as countries_text
from pages.parts.text import formatting, headlines, tables
from pages.parts.url_state import Values
from pages.parts.views.euros import choice, labels
from pipelines.queries import euros as ask
from pipelines.queries import provenance
from pipelines.queries.euros import Choice
from pipelines.queries.release_data import ReleaseData, sql_of

WHICH = "Amounts that name a country, of the EU programmes or through an initiative. "
SEAT = "A line counts where its beneficiary has its seat: the EuroHPC JU sits in Luxembourg, other EU bodies in Belgium."
SOUGHT = " What a bid asks for counts as announced; nothing of it is granted."


def _located(found: Choice) -> Choice:
    """The same choice, of entries that name a country.

    A whole envelope never does, so all published amounts take its place.
    """
    return replace(found, level="" if found.level == "whole" else found.level, located=True)


def countries(answers: ReleaseData, values: Values) -> Figure | None:
    """Bars per country. None if no chosen entry names a country."""
    chosen, named, per = _located(choice(answers, values)), labels(answers), values["per"][0]
    found = answers.read(ask.countries, chosen)
    if found.empty:
        return None
    rows = _ordered(found, countries_text.MEASURES[per])
    union, credit, total = (
        answers.read(ask.union_size),
        answers.read(ask.credit, chosen),
        answers.row(ask.totals, chosen),
    )
    drawn = rows.assign(
        measure=rows[countries_text.MEASURES[per]],
        said=[countries_text.measure_words(row, per) for row in rows.to_dict("records")],
        told=[countries_text.derivation_words(row, per) for row in rows.to_dict("records")],
    )
    known = list(drawn["measure"].dropna())
    title = headlines.countries(drawn, per, countries_text.worded(median(known) if known else None, per))
    limits = only(answers, values, "programme", "initiative")
    has_unknown = bool(drawn["measure"].head(figures.MOST_COUNTRIES["wide"]).isna().any())

    def key(_theme: Theme) -> list[Mark]:
        meaning = {
            "country": "amount not published",
            "person": "amount or population not known",
            "gdp": "amount or GDP not known",
        }[per]
        return [Mark("hatch", f"{meaning}, length is not to scale")] if has_unknown else []

    return Figure(
        name="countries",
        title=title,
        subtitle=f"{countries_text.label(per)} by country, {chosen.stage} · {named[chosen.basis]}, current prices, net. {WHICH if not chosen.programme else ''}{SEAT}"
        + (SOUGHT if chosen.stage == "announced" else "")
        + limits,
        alt=f"{title}.{limits} {'; '.join(f'{row.country_label}: {row.said}' for row in drawn.itertuples())}",
        source=f"{tables.credit_line(credit, total)} {countries_text.denominators(rows, union, per)}".strip(),
        rows=rows,
        draw=functools.partial(figures.countries, drawn),
        table=_table(rows, per),
        numbers=("Euros", *countries_text.columns(per).values(), "Entries"),
        sources=(*tables.sources(credit), *countries_text.sources(union, per)),
        key=key,
        sql=(sql_of(ask.countries, chosen),),
        values=(
            *_over_all(chosen, drawn, per),
            *(_of_country(chosen, row, union, per) for row in drawn.to_dict("records")),
        ),
    )


def _over_all(chosen: Choice, drawn: pd.DataFrame, per: str) -> list[Value]:
    """The numbers of the title: the sum of all countries, where euros are shown, and the median."""
    known = list(drawn["measure"].dropna())
    if not known:
        return []
    many, lacking = formatting.count(len(known), "country", "countries"), len(drawn) - len(known)
    left_out = (
        f" {formatting.count(lacking, 'country', 'countries')} without one {'is' if lacking == 1 else 'are'} left out, not taken as zero."
        if lacking
        else ""
    )
    middle = Value(
        f"Median of {many}, {countries_text.label(per).lower() if per != 'gdp' else 'share of GDP'}",
        countries_text.worded(median(known), per),
        None,
        (("Calculated as", f"the middle of the known values of {many}, in order of size.{left_out}"),),
        number=functools.partial(ask.countries, chosen),
    )
    if per != "country":
        return [middle]
    here = sum(known, Decimal(0))
    everything = functools.partial(provenance.narrowed, ask.behind(chosen), is_removed=False)
    return [
        Value(
            "All that names a country",
            formatting.euros(here, decimals=1),
            everything,
            number=functools.partial(ask.totals, chosen),
        ),
        middle,
    ]


def _of_country(chosen: Choice, row: dict[Any, Any], union: pd.DataFrame, per: str) -> Value:
    value = Value(
        row["country_label"],
        row["said"] if per == "country" else f"{row['said']}: {row['told']}",
        functools.partial(provenance.narrowed, ask.behind(chosen), country=row["country"], is_removed=False),
        countries_text.divisor(row, union, per),
    )
    if not value.facts:
        return value
    number = functools.partial(provenance.matching_rows, ask.countries(chosen), country=row["country"])
    return value._replace(sources=tuple(countries_text.sources(union, per)), number=number)


def _ordered(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The largest measure first, those without one last."""
    size_of = [Decimal("-Infinity") if formatting.is_missing(value) else value for value in rows[measure]]
    order = sorted(range(len(rows)), key=lambda place: (-size_of[place], place))
    return rows.iloc[order].reset_index(drop=True)


def _table(rows: pd.DataFrame, per: str) -> pd.DataFrame:
    """The table twin: every country, with the denominator of its measure."""
    shown = rows.assign(
        **{
            name: [countries_text.cell(value, per) for value in rows[name]]
            for name in countries_text.COLUMNS[per]
            if name == countries_text.MEASURES[per]
        },
    )
    if per == "person":
        shown["population"] = [
            formatting.NO_DATA if formatting.is_missing(value) else f"{value:,.0f}"
            for value in rows["population"]
        ]
    columns = {
        "country_label": "Country",
        "amount_eur": "Euros",
        **countries_text.columns(per),
        "entries": "Entries",
    }
    return tables.table(shown, columns, euros=("amount_eur", "gdp_eur") if per == "gdp" else ("amount_eur",))
