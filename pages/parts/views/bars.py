"""Rows of sums in both readings of AI → bars, their numbers and their words. Pure."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from pages.parts import figures
from pages.parts.design_tokens import TOKENS, Theme, Width, tint
from pages.parts.figure_model import Mark, Value
from pages.parts.figures.bars import MOST_BARS, PALE
from pages.parts.text import projects as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

MOST_VALUES = 18  # that say where they come from; the table has all
Draw = Callable[[Theme, Width], Drawing]


def both_readings(rows: pd.DataFrame, others: int = 0, locale: str = ENGLISH) -> Draw:
    """The drawing of sums in both readings. rows: group, name, more, amount_eur (broad), strict_eur.

    others: how many more stand in the table alone.
    """
    drawn = pd.DataFrame(
        {
            "group": rows["group"],
            "name": rows["name"],
            "amount": rows["amount_eur"],
            "inner": rows["strict_eur"],
            "said": [
                text.both(row["amount_eur"], row["strict_eur"], locale) for row in frame_rows.records(rows)
            ],
            "more": rows["more"],
            "colour": "",
        },
        dtype=object,
    )
    # Without a strict part the whole bar is broad, and therefore pale.
    drawn["inner"] = [
        0 if row["amount"] is not None and row["inner"] is None else row["inner"]
        for row in frame_rows.records(drawn)
    ]
    return functools.partial(figures.bars, drawn, others=others, locale=locale)


def key(rows: pd.DataFrame, locale: str = ENGLISH) -> Callable[[Theme], list[Mark]]:
    """The key of such bars. rows: amount_eur."""
    has_hatch = bool(rows["amount_eur"].head(MOST_BARS["wide"]).isna().any())

    def marks(theme: Theme) -> list[Mark]:
        accent = TOKENS[theme].accent
        shapes = [
            Mark("square", say(text.PALE, locale), tint(accent, PALE)),
            Mark("square", say(text.FULL, locale), accent),
        ]
        return [*shapes, Mark("hatch", say(text.HATCH, locale))] if has_hatch else shapes

    return marks


def in_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The bars in words. rows: group, name, amount_eur, strict_eur."""
    return "; ".join(
        say(
            text.NAMED_AMOUNT,
            locale,
            name=full_name(row, locale),
            amount=text.both(row["amount_eur"], row["strict_eur"], locale),
        )
        for row in frame_rows.records(rows.head(MOST_BARS["wide"]))
    )


def full_name(row: dict[Any, Any], locale: str = ENGLISH) -> str:
    """The name of a bar with the heading above it."""
    if not row["group"]:
        return str(row["name"])
    return say(text.NAMED_IN, locale, group=row["group"], name=row["name"])


def values(rows: pd.DataFrame, make: Callable[[dict[Any, Any]], Value]) -> list[Value]:
    """The numbers of the first rows; the table has all."""
    return [make(row) for row in frame_rows.records(rows.head(MOST_VALUES))]


def narrowed_numbers(years: Sequence[str]) -> tuple[int, ...]:
    """Years of an address as numbers."""
    return tuple(int(year) for year in years)
