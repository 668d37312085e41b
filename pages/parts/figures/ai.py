"""What is AI in some programmes: for each stage two bars, the strict and the broad reading."""

from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch, tint
from pages.parts.figures.common import HATCH_SHARE, amount, house, hover, label, require
from pages.parts.text import ai_share as text
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

PLACES = {"strict": -0.2, "broad": 0.2}  # of a bar beside the middle of its stage


def colour(reading: str, theme: Theme) -> str:
    """The colour of a reading: full for the strict one, pale for the broad one."""
    accent = TOKENS[theme].accent
    return accent if reading == "strict" else tint(accent, 0.45)


def ai(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
    """Two bars per stage, never added; hatched where no amount is published.

    rows: stage, stage_label, basis, reading (strict or broad), amount_eur (Decimal or None), entries,
    entries_unknown. Raises ValueError if a column is missing or there are no rows.
    """
    require(rows, "stage", "stage_label", "basis", "reading", "amount_eur", "entries", "entries_unknown")
    names = list(dict.fromkeys(rows["stage_label"]))
    shown = frame_rows.records(rows)
    highest = (
        max((float(value) for row in shown if (value := amount(row["amount_eur"])) is not None), default=0.0)
        or 1.0
    )
    figure = house(theme, 66 * len(names) + 12, barmode="overlay", margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest * (1.16 if width == "wide" else 1.45)], visible=False)
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[formatting.sentence(str(name)) for name in names],
        ticklabelstandoff=8,
        showgrid=False,
    )
    notes: list[dict[str, Any]] = []
    for row in shown:
        value, place = amount(row["amount_eur"]), names.index(row["stage_label"]) + PLACES[row["reading"]]
        length = HATCH_SHARE[width] * highest if value is None else max(float(value), 0.0)
        is_incomplete = value is not None and row["entries_unknown"]
        said = formatting.euros(value, "at-least" if is_incomplete else "exact", locale=locale)
        figure.add_bar(
            orientation="h",
            x=[length],
            y=[place],
            width=[0.34],
            marker=hatch(theme)
            if value is None
            else {"color": colour(row["reading"], theme), "line": {"width": 0}},
            hovertemplate=hover(
                text.value_label(row, locale),
                said,
                tables.stage_basis(str(row["stage"]), str(row["basis"]), locale),
            ),
        )
        notes.append(
            {
                "x": length,
                "y": place,
                "text": label(said, theme, size=13, is_bold=value is not None, is_quiet=value is None),
                "xanchor": "left",
                "yanchor": "middle",
                "xshift": 7,
            }
        )
    figure.update_layout(annotations=notes)
    return figure
