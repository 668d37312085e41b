"""Headings inside their programmes: areas on a wide window, bars on a phone."""

from decimal import Decimal
from textwrap import shorten, wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.parts import words
from pages.parts.figures.common import amount, house, hover, label, require, require_one_kind_of_euros
from pages.parts.style import TOKENS, Theme, Width, ink_on, programme_colour

NARROW_ROWS = 12


def headings(rows: pd.DataFrame, theme: Theme, width: Width = "wide") -> go.Figure:
    """A treemap of headings, the area is the amount; narrow: bars of the largest. Headings without amount cannot be drawn: the page counts them.

    rows: heading, programme (code), programme_label, stage, basis, amount_eur (Decimal or None); what is counted twice already removed.
    Raises ValueError if a column is missing, no row has an amount, or rows hold more than one stage or basis: such euros do not add.
    """
    require(rows, "heading", "programme", "programme_label", "stage", "basis", "amount_eur")
    kind = " · ".join(require_one_kind_of_euros(rows))
    known = [row for row in rows.to_dict("records") if (value := amount(row["amount_eur"])) is not None and value > 0]
    if not known:
        raise ValueError("There is nothing to draw: no heading has an amount.")
    known.sort(key=lambda row: (-row["amount_eur"], str(row["heading"])))
    return _areas(known, kind, theme) if width == "wide" else _bars(known, kind, theme)


def _short(row: dict[str, Any]) -> str:
    """The heading without the name of its programme, which stands over it."""
    return str(row["heading"]).removeprefix(str(row["programme_label"])).lstrip(" :,")


def _areas(known: list[dict[str, Any]], kind: str, theme: Theme) -> go.Figure:
    parents = {row["programme"]: str(row["programme_label"]) for row in known}
    sums = {code: sum((row["amount_eur"] for row in known if row["programme"] == code), Decimal(0)) for code in parents}
    fills = [programme_colour(row["programme"], theme) for row in known]
    inks = [ink_on(fill) or TOKENS[theme].text for fill in fills]
    figure = house(theme, 460, margin={"l": 0, "r": 0, "t": 0, "b": 0}, uniformtext={"minsize": 12, "mode": "hide"})
    figure.add_treemap(
        ids=[*parents, *(str(index) for index in range(len(known)))],
        labels=[*parents.values(), *("<br>".join(wrap(_short(row), 16)) for row in known)],
        parents=[*("" for _ in parents), *(row["programme"] for row in known)],
        values=[*(float(value) for value in sums.values()), *(float(row["amount_eur"]) for row in known)],
        branchvalues="total",
        text=[*(words.euros(value) for value in sums.values()), *(words.euros(row["amount_eur"]) for row in known)],
        texttemplate="%{label}<br>%{text}",
        hovertemplate=[
            *(hover(parents[code], words.euros(sums[code]), kind) for code in parents),
            *(hover(str(row["heading"]), words.euros(row["amount_eur"]), str(row["programme_label"]), kind) for row in known),
        ],
        marker={
            "colors": [*("rgba(0,0,0,0)" for _ in parents), *fills],
            "line": {"color": TOKENS[theme].background, "width": 1.5},
            "pad": {"t": 26, "l": 0, "r": 0, "b": 0},
        },
        textfont={"color": [*(TOKENS[theme].text for _ in parents), *inks], "size": [*(14 for _ in parents), *(13 for _ in known)]},
        tiling={"packing": "squarify", "pad": 3},
        pathbar={"visible": False},
    )
    return figure


def _bars(known: list[dict[str, Any]], kind: str, theme: Theme) -> go.Figure:
    shown = known[:NARROW_ROWS]
    highest = float(shown[0]["amount_eur"])
    figure = house(theme, 52 * len(shown) + (26 if len(known) > len(shown) else 6), margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest * 1.35], visible=False)
    figure.update_yaxes(range=[len(shown) - (0 if len(known) > len(shown) else 0.5), -0.5], visible=False)
    for place, row in enumerate(shown):
        said = words.euros(row["amount_eur"])
        colour = programme_colour(row["programme"], theme)
        text = f"{label(shorten(_short(row), 34, placeholder='…'), theme, size=13, is_bold=True)} {label(str(row['programme_label']), theme, size=12, is_quiet=True)}"
        told = hover(str(row["heading"]), said, str(row["programme_label"]), kind)
        figure.add_bar(
            orientation="h",
            x=[float(row["amount_eur"])],
            y=[place + 0.18],
            width=[0.34],
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=told,
        )
        figure.add_annotation(x=0, xref="paper", y=place - 0.44, text=text, xanchor="left", yanchor="top")
        figure.add_annotation(
            x=float(row["amount_eur"]), y=place + 0.18, text=label(said, theme, is_bold=True), xanchor="left", yanchor="middle", xshift=7
        )
    if len(known) > len(shown):
        rest = words.count(len(known) - len(shown), "more heading is", "more headings are")
        figure.add_annotation(
            x=0, xref="paper", y=len(shown) - 0.2, text=label(f"{rest} in the table.", theme, size=13, is_quiet=True), xanchor="left"
        )
    return figure
