"""Bars under one another, each with its name: what is counted, and the part of it that is in full colour."""

import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch, tint
from pages.parts.figures import text_metrics
from pages.parts.figures.common import HATCH_SHARE, amount, house, hover, label, require
from pages.parts.text import tables as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

MOST_BARS: dict[Width, int] = {"wide": 22, "narrow": 14}
MOST_ROWS = 19  # bars and headings of a wide drawing under headings, whose images can still be read
NAMES: dict[Width, float] = {"wide": 0.36, "narrow": 0.0}  # of the width, for the names beside the bars
ROOM: dict[Width, int] = {"wide": 375, "narrow": 330}  # pixels for a name
HEADING: dict[Width, int] = {"wide": 900, "narrow": 310}  # pixels for a heading
AXIS: dict[Width, int] = {"wide": 410, "narrow": 320}  # pixels of the axis where it is shortest
ROW: dict[Width, int] = {"wide": 27, "narrow": 46}  # pixels of a bar
LINE, MOST_LINES = 18, 2  # pixels of a further line of a name; lines of a name
PALE = 0.45


def _accent(_code: str, theme: Theme) -> str:
    return TOKENS[theme].accent


def bars(
    rows: pd.DataFrame,
    theme: Theme,
    width: Width = "wide",
    *,
    others: int = 0,
    colour_of: Callable[[str, Theme], str] = _accent,
    locale: str = ENGLISH,
) -> Drawing:
    """One bar per row in the order given, under a heading where the group changes; hatched where no amount is
    published. Bars of different groups are compared, never added.

    rows: group (heading, "" for none), name, amount (Decimal or None: the length), inner (Decimal or None:
        the part in full colour; the rest is pale), said (at the end of the bar), more (for the hover box),
        colour (the code that colour_of takes). Those too many stand in the table.
    others: how many more stand in the table alone.
    Raises ValueError if a column is missing or there are no rows.
    """
    require(rows, "group", "name", "amount", "inner", "said", "more", "colour")
    shown = drawn(rows, width)
    left_over = len(rows) - len(shown) + others
    highest = (
        max((float(value) for row in shown if (value := amount(row["amount"])) is not None), default=0.0)
        or 1.0
    )
    notes: list[dict[str, Any]] = []
    places: list[float] = []
    place = 0.0
    above = 0.33 if width == "narrow" else 0.0  # of a row: the name stands over its bar on a phone
    heading = None
    for row in shown:
        if row["group"] and row["group"] != heading:
            heading = row["group"]
            place += 0.15 if places else 0.0
            titles = in_lines(str(heading), HEADING[width])
            over = (len(titles) - 1) * LINE / ROW[width]
            words = "<br>".join(label(line, theme, size=14, is_bold=True) for line in titles)
            notes.append(_note(0, place + over / 2, words, xref="paper"))
            place += 0.95 + over
        name = in_lines(str(row["name"]), ROOM[width])
        further = (len(name) - 1) * LINE / ROW[width]
        # On a phone the further lines push the bar down; beside the name it stands in their middle.
        bar_at = place + (further if width == "narrow" else further / 2)
        places.append(bar_at)
        middle = place + further / 2 - above
        words = "<br>".join(label(line, theme, size=14) for line in name)
        notes.append(_note(0, middle, words, xref="paper"))
        place += 1.0 + further
    if left_over:
        rest = say(text.MORE_BARS, locale, number=left_over)
        notes.append(_note(0, place, label(rest, theme, size=13, is_quiet=True), xref="paper"))
        place += 0.8
    figure = house(
        theme, round(ROW[width] * (place + 0.1)), barmode="overlay", margin={"l": 0, "r": 0, "t": 0, "b": 4}
    )
    figure.update_xaxes(
        range=[0, highest * _reach(shown, highest, width)], domain=[NAMES[width], 1], visible=False
    )
    figure.update_yaxes(range=[place - 0.4, -0.5], visible=False)
    for row, at in zip(shown, places, strict=True):
        bar = at + (0.12 if width == "narrow" else 0.0)
        _add_bar(figure, row, bar, highest, width, colour_of(str(row["colour"]), theme), hatch(theme))
        value = amount(row["amount"])
        length = HATCH_SHARE[width] * highest if value is None else max(float(value), 0.0)
        said = label(str(row["said"]), theme, size=13, is_bold=value is not None, is_quiet=value is None)
        notes.append(
            {"x": length, "y": bar, "text": said, "xanchor": "left", "yanchor": "middle", "xshift": 7}
        )
    figure.update_layout(annotations=notes)
    return figure


def drawn(rows: pd.DataFrame, width: Width) -> list[dict[Any, Any]]:
    """The first rows, as many as a drawing has room for. On a wide one a heading takes the room of a bar, so
    that its images can be read.
    """
    first = frame_rows.records(rows.head(MOST_BARS[width]))
    if width == "narrow" or not any(row["group"] for row in first):
        return first
    lines = itertools.accumulate(
        1 + (bool(row["group"]) and (number == 0 or row["group"] != first[number - 1]["group"]))
        for number, row in enumerate(first)
    )
    return [row for row, line in zip(first, lines, strict=True) if line <= MOST_ROWS]


def _reach(shown: list[dict[Any, Any]], highest: float, width: Width) -> float:
    """How much longer the axis is than the longest bar, so that what stands at the end of each has room."""
    axis = AXIS[width]

    def needed(row: dict[Any, Any]) -> float:
        value = amount(row["amount"])
        length = HATCH_SHARE[width] if value is None else max(float(value), 0.0) / highest
        words = text_metrics.width(str(row["said"]), 13) * text_metrics.HOUSE_BOLD + 14
        return length / (1 - min(words / axis, 0.85))

    return max(1.05, *map(needed, shown), 1.05)


def _add_bar(
    figure: Drawing,
    row: dict[Any, Any],
    place: float,
    highest: float,
    width: Width,
    ink: str,
    unknown: dict[str, Any],
) -> None:
    """One bar, with its part in full colour over it. ink: its colour. unknown: the marker of no amount."""
    value, inner = amount(row["amount"]), amount(row["inner"])
    thickness = 0.62 if width == "wide" else 0.36
    told = hover(str(row["name"]), str(row["said"]), str(row["more"]))
    if value is None:
        length, marker = HATCH_SHARE[width] * highest, unknown
    else:
        has_parts = inner is not None and inner < value
        length = max(float(value), 0.0)
        marker = {"color": tint(ink, PALE) if has_parts else ink, "line": {"width": 0}}
    figure.add_bar(
        orientation="h", x=[length], y=[place], width=[thickness], marker=marker, hovertemplate=told
    )
    if value is not None and inner is not None and 0 < inner < value:
        figure.add_bar(
            orientation="h",
            x=[float(inner)],
            y=[place],
            width=[thickness],
            marker={"color": ink, "line": {"width": 0}},
            hovertemplate=told,
        )


def _note(x: float, y: float, words: str, xref: str) -> dict[str, Any]:
    return {
        "x": x,
        "xref": xref,
        "y": y,
        "text": words,
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
    }


def in_lines(name: str, room: int) -> list[str]:
    """A name in two lines at most, of `room` pixels; what has no room in them ends in an ellipsis, and stands
    in full in box and table.
    """
    lines = text_metrics.lines(name, room / text_metrics.HOUSE, 14) or [""]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1].rstrip(' ,;-–')}…"]
