"""Countries side by side: one bar each, of euros, euros per person or a share of GDP."""

from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch
from pages.parts.figures.common import (
    HATCH_SHARE,
    amount,
    house,
    hover,
    label,
    require,
    require_one_kind_of_euros,
)
from pages.parts.text import euros_by_country as text
from pages.parts.text import tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

MOST_COUNTRIES: dict[Width, int] = {"wide": 27, "narrow": 15}


def countries(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
    """One bar per country in the order given; a hatched one where the measure is missing; those below 0 and
    those too many stand in the table.

    rows: country_label, stage, basis, measure (Decimal or None: what is drawn), measure_words, derivation
        (how the measure came about, in words).
    Raises ValueError if a column is missing, there are no rows, or they hold more than one stage or basis:
    such euros do not compare.
    """
    require(rows, "country_label", "stage", "basis", "measure", "measure_words", "derivation")
    kind = tables.stage_basis(*require_one_kind_of_euros(rows), locale)
    shown = frame_rows.records(rows.head(MOST_COUNTRIES[width]))
    highest = (
        max((float(value) for row in shown if (value := amount(row["measure"])) is not None), default=0.0)
        or 1.0
    )
    left_over = len(rows) - len(shown)
    figure = house(theme, 25 * len(shown) + (34 if left_over else 8), margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest * (1.16 if width == "wide" else 1.4)], visible=False)
    figure.update_yaxes(
        range=[len(shown) + (0.6 if left_over else -0.5), -0.5],
        tickvals=list(range(len(shown))),
        ticktext=[row["country_label"] for row in shown],
        ticklabelstandoff=8,
        showgrid=False,
    )
    has_measure = [amount(row["measure"]) is not None for row in shown]
    lengths = [
        max(float(row["measure"]), 0.0) if is_measured else HATCH_SHARE[width] * highest
        for row, is_measured in zip(shown, has_measure, strict=True)
    ]
    for is_measured, marker in (
        (True, {"color": TOKENS[theme].accent, "line": {"width": 0}}),
        (False, hatch(theme)),
    ):
        bars = [index for index, state in enumerate(has_measure) if state is is_measured]
        if bars:
            figure.add_bar(
                orientation="h",
                x=[lengths[index] for index in bars],
                y=bars,
                width=0.66,
                marker=marker,
                hovertemplate=[
                    hover(row["country_label"], row["measure_words"], row["derivation"], kind)
                    for row in (shown[index] for index in bars)
                ],
            )
    notes: list[dict[str, Any]] = [
        {
            "x": length,
            "y": index,
            "text": label(
                row["measure_words"], theme, size=13, is_bold=is_measured, is_quiet=not is_measured
            ),
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 7,
        }
        for index, (row, length, is_measured) in enumerate(zip(shown, lengths, has_measure, strict=True))
    ]
    if left_over:
        rest = say(text.MORE_COUNTRIES, locale, number=left_over)
        notes.append(
            {
                "x": 0,
                "xref": "paper",
                "y": len(shown),
                "text": label(rest, theme, size=13, is_quiet=True),
                "xanchor": "left",
                "yanchor": "middle",
            }
        )
    # All at once: each one that is added by itself would have all earlier ones checked again.
    figure.update_layout(annotations=notes)
    return figure
