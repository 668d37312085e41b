"""Frames of the Euros page → words and bars. Pure; the sums come from the queries."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.figure import Source
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.messages import message, plural, say
from pages.parts.text.tables import table
from pipelines.queries.euros import Choice

PRICES = {
    "current": message("current prices"),
    "constant-2018": message("2018 prices by the fixed 2 % deflator of the EU budget"),
}
WHOLE = message("Whole envelopes, {stage} · {basis}, current prices.")
WHOLE_OF = message("Whole envelopes of {programmes}, {stage} · {basis}, current prices.")
EVERYTHING = message("Everything published, {stage} · {basis}, current prices.")
EVERYTHING_OF = message("Everything published of {programmes}, {stage} · {basis}, current prices.")
LEVEL = message("Amounts of the level “{level}”, {stage} · {basis}, current prices.")
LEVEL_OF = message("Amounts of the level “{level}” of {programmes}, {stage} · {basis}, current prices.")
REMOVED = plural("{amount} removed, {number}\u00a0overlap.", "{amount} removed, {number}\u00a0overlaps.")
NOTHING_REMOVED = message("Nothing is removed.")
NET = message("Gross {gross} − removed {removed} = net {net}")
NO_AMOUNT = message("No amount is published.")
DEFLATOR_TITLE = message("Deflator")
DEFLATOR = message("{year:d}: {rate}, with 2018 = 1. {note} {publisher}: {address}")
DEFLATOR_SOURCE = message("{publisher}, the deflator of the EU budget")
IN_FULL = message("In full")
CALCULATED = message("Calculated as")
IN_2018_PRICES = message("{amount} in 2018 prices")
DEFLATED = message("{current} in current prices ÷ {rate} = {constant} in 2018 prices")
CONVERTED = message(". In {currency}: {amount} at the ECB rate of {day}, €1 = {rate} {currency}.")
BAR = message("{name}: {amount}")
BAR_INSIDE = message("{name}: {amount}, already inside another")
IS_REMOVED, IS_COUNTED = message("removed"), message("counted")
ENVELOPE_COLUMNS = {
    "programme_label": message("Programme"),
    "initiative_label": message("Initiative"),
    "counted": message("In net"),
    "amount_eur": message("Euros"),
    "entries": message("Entries"),
}
REMOVED_COLUMNS = {
    "heading": message("Entry removed"),
    "contained_in": message("Contained in"),
    "amount_eur": message("Euros"),
    "reason": message("Why"),
    "publisher": message("Said by"),
}
LEFT_OUT = message("Amounts of another stage, basis or price level are left out.")
INVESTEU_LEFT_OUT = message(
    "InvestEU’s guarantee is left out: it covers and is not spent. Amounts in 2018 prices are left out."
)
YEARS_LEFT_OUT = message("A year without a published amount is hatched or missing; that does not mean zero.")
YEARS_REMOVED = message(
    "{amount} in current prices removed, already inside other amounts: {headings}. "
    "A year without a published amount is hatched or missing; that does not mean zero."
)
MOST_HEADINGS = 4  # that a line names
YEAR = message("{year:d} {programme}: {amount}")
LARGEST_HEADING = message("The largest named part is {heading}, {amount}")


def subtitle(
    choice: Choice, total: Mapping[str, Any], labels: Mapping[str, str], about: str, locale: str = ENGLISH
) -> str:
    """What is measured: level, stage, basis, prices.

    about: what filled and outlined parts mean, if something is contained in something else.
    """
    fields: dict[str, Any] = {"stage": total["stage"], "basis": labels[total["basis"]]}
    if choice.programme:
        fields["programmes"] = [labels[code] for code in choice.programme]
    if choice.level == "whole":
        template = WHOLE_OF if choice.programme else WHOLE
    elif not choice.level:
        template = EVERYTHING_OF if choice.programme else EVERYTHING
    else:
        fields["level"] = labels.get(choice.level, choice.level)
        template = LEVEL_OF if choice.programme else LEVEL
    measured = say(template, locale, **fields)
    return f"{measured} {about}".strip() if total["removed_eur"] else measured


def prices_labels(locale: str = ENGLISH) -> dict[str, str]:
    """The prices that can be chosen: code → label."""
    return {code: say(label, locale) for code, label in PRICES.items()}


def prices(code: str, locale: str = ENGLISH) -> str:
    """The prices of amounts in words. code: a key of PRICES."""
    return say(PRICES[code], locale)


def removed_words(total: Mapping[str, Any], overlaps: int, locale: str = ENGLISH) -> str:
    """The badge: how much is removed, by how many overlaps."""
    if not total["removed_eur"]:
        return say(NOTHING_REMOVED, locale)
    amount = formatting.euros(total["removed_eur"], locale=locale)
    return say(REMOVED, locale, amount=amount, number=overlaps)


def net_line(total: Mapping[str, Any], locale: str = ENGLISH) -> str:
    """The sum that leads to the net, in millions to follow it."""
    if total["gross_eur"] is None:
        return say(NO_AMOUNT, locale)
    parts = {name: formatting.euros_in_millions(total[f"{name}_eur"], locale) for name in _PARTS}
    return say(NET, locale, **parts)


def exact_line(total: Mapping[str, Any], locale: str = ENGLISH) -> str:
    """The sum that leads to the net, to the cent, for a card."""
    parts = {name: formatting.euros_in_full(total[f"{name}_eur"], locale) for name in _PARTS}
    return say(NET, locale, **parts)


_PARTS = ("gross", "removed", "net")


def deflated(
    constant: Decimal | None, current: Decimal | None, deflator: Mapping[Any, Any], locale: str = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """How an amount in 2018 prices came about, for its card. deflator: a row of queries.euros.deflators."""
    rate = formatting.exact(deflator["rate"], locale)
    by = (
        say(DEFLATOR_TITLE, locale),
        say(
            DEFLATOR,
            locale,
            year=int(deflator["year"]),
            rate=rate,
            note=deflator["note"],
            publisher=deflator["publisher"],
            address=deflator["source_url"],
        ),
    )
    if constant is None or current is None:
        return (by,)
    shown = formatting.euros_in_full(constant, locale)
    return (
        (say(IN_FULL, locale), say(IN_2018_PRICES, locale, amount=shown)),
        (
            say(CALCULATED, locale),
            say(
                DEFLATED,
                locale,
                current=formatting.euros_in_full(current, locale),
                rate=rate,
                constant=shown,
            ),
        ),
        by,
    )


def deflator_source(deflator: Mapping[Any, Any], locale: str = ENGLISH) -> Source:
    """The document of the deflator."""
    words = say(DEFLATOR_SOURCE, locale, publisher=deflator["publisher"])
    return Source("", words, deflator["tier_label"], deflator["source_url"])


def converted(total: Mapping[str, Any], rates: pd.DataFrame, currency: str, locale: str = ENGLISH) -> str:
    """The net in another currency at the newest ECB rate, which is shown with its day; nothing for euros.

    It follows the sum that leads to the net, as a sentence of its own.
    """
    newest = next((row for row in rates.to_dict("records") if row["quote"] == currency), None)
    if newest is None or total["net_eur"] is None:
        return ""
    return say(
        CONVERTED,
        locale,
        currency=currency,
        amount=formatting.short_amount(total["net_eur"] * newest["rate"], 1, locale),
        day=newest["period_start"],
        rate=formatting.exact(newest["rate"], locale),
    )


def bars(
    rows: pd.DataFrame, removed: pd.DataFrame, labels: Mapping[str, str], is_gross: bool
) -> pd.DataFrame:
    """Rows of queries.euros.envelopes as parts of bars: one bar per programme, one per initiative, the
    largest first.

    A removed part has the colour of the programme that contains it. Unless gross is shown, parts inside their
    own programme's bar are left out of it.
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


def bar_words(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """The bars as words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            BAR_INSIDE if row.is_removed else BAR,
            locale,
            name=labels[row.initiative or row.programme],
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in rows.itertuples()
    )


def envelope_table(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the envelopes."""
    named = rows.assign(
        programme_label=rows["programme"].map(labels),
        initiative_label=[labels.get(code, "") if code else "" for code in rows["initiative"]],
        counted=[say(IS_REMOVED if is_removed else IS_COUNTED, locale) for is_removed in rows["is_removed"]],
    )
    return table(named, ENVELOPE_COLUMNS, euros=("amount_eur",), locale=locale)


def removed_table(removed: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The overlap ledger as readers see it."""
    return table(removed, REMOVED_COLUMNS, euros=("amount_eur",), locale=locale)


def left_out(choice: Choice, locale: str = ENGLISH) -> str:
    """What the figure cannot hold, and why."""
    return say(INVESTEU_LEFT_OUT if choice.basis == "eu-contribution" else LEFT_OUT, locale)


def years_left_out(removed: pd.DataFrame, locale: str = ENGLISH) -> str:
    """What the years leave out, with its sum and the programmes that contain it."""
    amounts = [amount for amount in removed["amount_eur"] if amount is not None]
    if not amounts:
        return say(YEARS_LEFT_OUT, locale)
    return say(
        YEARS_REMOVED,
        locale,
        amount=formatting.euros_in_millions(sum(amounts, Decimal(0)), locale),
        headings=[str(heading) for heading in removed["heading"][:MOST_HEADINGS]],
    )


def yearly(choice: Choice) -> Choice:
    """The same choice, of amounts that belong to one year."""
    return choice if choice.level == "line" else replace(choice, level="year")


def year_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The years as words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            YEAR,
            locale,
            year=int(row.year),
            programme=row.programme_label,
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in rows.itertuples()
    )


def headings_title(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The largest part that a document names."""
    largest = max(rows.itertuples(), key=lambda row: row.amount_eur)
    amount = formatting.euros(largest.amount_eur, locale=locale)
    return say(LARGEST_HEADING, locale, heading=largest.heading, amount=amount)
