"""The figures of the Euros page: envelopes with the overlap ledger, years, and how envelopes are divided."""

import functools
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts import anatomy, exports, figures, frame, headlines, money, reader, tables, words
from pages.parts.queries import euros as ask
from pages.parts.queries.euros import Choice

Labels = Mapping[str, str]


def envelopes(choice: Choice, total: dict[Any, Any], removed: pd.DataFrame, title: str, labels: Labels, is_gross: bool) -> None:
    """Bars per purse and initiative, what is counted twice outlined, and under them the list of what was removed and why."""
    rows, credit = reader.read(ask.envelopes(choice)), reader.read(ask.credit(choice))
    anatomy.figure(
        "envelopes",
        title,
        money.subtitle(choice, total, labels, "Filled bars are counted. Outlined parts are already inside the bar of the same colour."),
        functools.partial(figures.envelopes, money.bars(rows, removed, labels), is_gross=is_gross),
        alt=f"{title}. {money.bar_words(rows, labels)}",
        source=tables.credit_line(credit, total, money.left_out(choice)),
        table=money.envelope_table(rows, labels),
        numbers=["Euros"],
        csv=exports.csv(rows, reader.release()),
        sources=tables.sources(credit),
    )
    if len(removed):
        frame.section("Overlap ledger: what was removed and why", level=3)
        anatomy.twin(money.removed_table(removed), alt="What was removed and why", numbers=["Euros"], key="overlaps")
        anatomy.download_csv("Download the overlaps", exports.csv(removed, reader.release()), "eu-ai-overlaps.csv", key="csv_overlaps")


def years(choice: Choice, prices: str, labels: Labels) -> None:
    """Stacked bars per year of what belongs to one year; nothing if no entry does."""
    by_year = money.yearly(choice)
    rows = reader.read(ask.years(by_year, is_constant=prices == "constant-2018"))
    if rows.empty:
        return
    credit, total = reader.read(ask.credit(by_year)), reader.read(ask.totals(by_year)).iloc[0].to_dict()
    title = headlines.years(rows)
    frame.gap()
    anatomy.figure(
        "years",
        title,
        f"Amounts that belong to one year, {choice.stage} · {labels[choice.basis]}, {money.PRICES[prices]}, net.",
        functools.partial(figures.years, rows),
        alt=f"{title}. {money.year_words(rows)}",
        source=tables.credit_line(credit, total, money.years_left_out(reader.read(ask.removed(by_year)))),
        key=[anatomy.Mark("hatch", "amount not published, height is not to scale")] if rows["entries_unknown"].any() else [],
        table=tables.table(
            rows, {"year": "Year", "programme_label": "Programme", "amount_eur": "Euros", "entries": "Entries"}, euros=("amount_eur",)
        ),
        numbers=["Euros"],
        csv=exports.csv(rows, reader.release()),
        sources=tables.sources(credit),
    )


def headings(choice: Choice, labels: Labels) -> None:
    """A treemap of how each envelope is divided; nothing if no document divides one."""
    rows = reader.read(ask.headings(choice))
    if rows.empty:
        return
    rows = rows.assign(programme_label=rows["programme"].map(labels))
    frame.gap()
    anatomy.figure(
        "headings",
        money.headings_title(rows),
        f"Each envelope as one document divides it, {choice.stage} · {labels[choice.basis]}, current prices.",
        functools.partial(figures.headings, rows),
        alt=f"{words.count(len(rows), 'heading')}: "
        + "; ".join(f"{row.heading}, {words.euros(row.amount_eur)}" for row in rows.itertuples()),
        source=f"{words.listed(sorted(set(rows['publisher'])))}. {words.count(len(rows), 'heading')}. What no document divides is not drawn.",
        table=tables.table(rows, {"programme_label": "Programme", "heading": "Heading", "amount_eur": "Euros"}, euros=("amount_eur",)),
        numbers=["Euros"],
        csv=exports.csv(rows, reader.release()),
    )
