"""Frames of the Euros page → words and bars. Pure; the sums come from the queries."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.figure import Source
from pages.parts.text import formatting
from pages.parts.text.tables import table
from pipelines.queries.euros import Choice

PRICES = {
    "current": "current prices",
    "constant-2018": "2018 prices by the fixed 2 % deflator of the EU budget",
}


def subtitle(choice: Choice, total: Mapping[str, Any], labels: Mapping[str, str], about: str) -> str:
    """What is measured: level, stage, basis, prices. about: what filled and outlined parts mean, if something is contained in something else."""
    level = labels.get(choice.level, choice.level)
    what = (
        "Whole envelopes"
        if choice.level == "whole"
        else "Everything published"
        if not choice.level
        else f"Amounts of the level “{level}”"
    )
    if choice.programme:
        what += f" of {formatting.listed([labels[code] for code in choice.programme])}"
    return f"{what}, {total['stage']} · {labels[total['basis']]}, current prices. {about if total['removed_eur'] else ''}".strip()


def removed_words(total: Mapping[str, Any], overlaps: int) -> str:
    """The badge: how much is removed, by how many overlaps."""
    return (
        f"{formatting.euros(total['removed_eur'])} removed, {formatting.count(overlaps, 'overlap')}."
        if total["removed_eur"]
        else "Nothing is removed."
    )


def net_line(total: Mapping[str, Any]) -> str:
    """The sum that leads to the net, in millions to follow it."""
    parts = (formatting.euros_in_millions(total[name]) for name in ("gross_eur", "removed_eur", "net_eur"))
    return (
        "Gross {} − removed {} = net {}".format(*parts)
        if total["gross_eur"] is not None
        else "No amount is published."
    )


def exact_line(total: Mapping[str, Any]) -> str:
    """The sum that leads to the net, to the cent, for a card."""
    gross, removed, net = (
        formatting.plain_euros(total[f"{name}_eur"]) for name in ("gross", "removed", "net")
    )
    return f"Gross €{gross} − removed €{removed} = net €{net}"


def deflated(
    constant: Decimal | None, current: Decimal | None, deflator: Mapping[Any, Any]
) -> tuple[tuple[str, str], ...]:
    """How an amount in 2018 prices came about, for its card. deflator: a row of queries.euros.deflators."""
    rate = f"{deflator['rate'].normalize():f}"
    by = (
        "Deflator",
        f"{deflator['year']}: {rate}, with 2018 = 1. {deflator['note']} {deflator['publisher']}: {deflator['source_url']}",
    )
    if constant is None or current is None:
        return (by,)
    amount = f"€{formatting.plain_euros(constant)} in 2018 prices"
    return (
        ("In full", amount),
        ("Calculated as", f"€{formatting.plain_euros(current)} in current prices ÷ {rate} = {amount}"),
        by,
    )


def deflator_source(deflator: Mapping[Any, Any]) -> Source:
    """The document of the deflator."""
    return Source(
        "",
        f"{deflator['publisher']}, the deflator of the EU budget",
        deflator["tier_label"],
        deflator["source_url"],
    )


def converted(total: Mapping[str, Any], rates: pd.DataFrame, currency: str) -> str:
    """The net in another currency at the newest ECB rate, which is shown with its day; nothing for euros."""
    found = [row for row in rates.to_dict("records") if row["quote"] == currency]
    if not found or total["net_eur"] is None:
        return ""
    rate, day = found[0]["rate"], formatting.day(found[0]["period_start"])
    return f". In {currency}: {formatting.euros(total['net_eur'] * rate, decimals=1).replace('€', '')} at the ECB rate of {day}, €1 = {rate.normalize():f} {currency}."


def bars(
    rows: pd.DataFrame, removed: pd.DataFrame, labels: Mapping[str, str], is_gross: bool
) -> pd.DataFrame:
    """Rows of queries.euros.envelopes as parts of bars: one bar per purse, one per initiative, the largest first.

    A removed part has the colour of the purse that contains it. Unless gross is shown, parts inside their own purse's bar are left out of it.
    """
    if not is_gross:
        rows = rows[
            ~(
                rows["is_removed"].astype(bool)
                & rows["initiative"].isna()
                & rows["programme"].isin(rows[~rows["is_removed"].astype(bool)]["programme"])
            )
        ]
    shown = rows.assign(label=[labels[row.initiative or row.programme] for row in rows.itertuples()])
    size = (
        shown.assign(size=[float(amount or 0) for amount in shown["amount_eur"]])
        .groupby("label")["size"]
        .sum()
    )
    own = shown.groupby("label")["is_removed"].all()
    order = sorted(size.index, key=lambda label: (bool(own[label]), -size[label]))
    container = (
        dict(zip(removed["programme"], removed["contained_in_programme"], strict=True))
        if len(removed)
        else {}
    )
    shown["programme"] = [
        container.get(row.programme, row.programme) if row.is_removed else row.programme
        for row in shown.itertuples()
    ]
    shown["place"] = shown["label"].map({label: place for place, label in enumerate(order)})
    return shown.sort_values(["place", "is_removed", "programme"], kind="stable").reset_index(drop=True)


def bar_words(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """The bars as words, for those who cannot see the drawing."""
    return "; ".join(
        f"{labels[row.initiative or row.programme]}: {formatting.euros(row.amount_eur)}{', already inside another' if row.is_removed else ''}"
        for row in rows.itertuples()
    )


def envelope_table(rows: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """The table twin of the envelopes."""
    named = rows.assign(
        purse=rows["programme"].map(labels),
        umbrella=[labels.get(code, "") if code else "" for code in rows["initiative"]],
        counted=["removed" if gone else "counted" for gone in rows["is_removed"]],
    )
    columns = {
        "purse": "Programme",
        "umbrella": "Initiative",
        "counted": "In net",
        "amount_eur": "Euros",
        "entries": "Entries",
    }
    return table(named, columns, euros=("amount_eur",))


def removed_table(removed: pd.DataFrame) -> pd.DataFrame:
    """The overlap ledger as readers see it."""
    columns = {
        "heading": "Entry removed",
        "contained_in": "Contained in",
        "amount_eur": "Euros",
        "reason": "Why",
        "publisher": "Said by",
    }
    return table(removed, columns, euros=("amount_eur",))


def left_out(choice: Choice) -> str:
    """What the figure cannot hold, and why."""
    if choice.basis == "eu-contribution":
        return "InvestEU’s guarantee is left out: it covers and is not spent. Amounts in 2018 prices are left out."
    return "Amounts of another stage, basis or price level are left out."


def years_left_out(removed: pd.DataFrame) -> str:
    """What the years leave out, with its sum and the purses that contain it."""
    missing = "A year without a published amount is hatched or missing; that does not mean zero."
    known = [amount for amount in removed["amount_eur"] if amount is not None]
    if not known:
        return missing
    names = formatting.listed([str(heading) for heading in removed["heading"][:4]])
    return f"{formatting.euros_in_millions(sum(known, Decimal(0)))} in current prices removed, already inside other amounts: {names}. {missing}"


def yearly(choice: Choice) -> Choice:
    """The same choice, of amounts that belong to one year."""
    return choice if choice.level == "line" else replace(choice, level="year")


def year_words(rows: pd.DataFrame) -> str:
    """The years as words."""
    return "; ".join(
        f"{row.year} {row.programme_label}: {formatting.euros(row.amount_eur)}" for row in rows.itertuples()
    )


def headings_title(rows: pd.DataFrame) -> str:
    """The largest part that a document names."""
    largest = max(rows.itertuples(), key=lambda row: row.amount_eur)
    return f"The largest named part is {largest.heading}, {formatting.euros(largest.amount_eur)}"
