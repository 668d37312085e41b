"""Things side by side: one panel for each measure, each with one scale for all of them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch
from pages.parts.figures import text_metrics
from pages.parts.figures.common import (
    HATCH_SHARE,
    amount,
    house,
    hover,
    label,
    require,
    require_one_kind_of_euros,
)
from pages.parts.text.cldr import ENGLISH
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

ROW, HEAD, SPACE = 40, 34, 18  # pixels: of a row, of the title of a panel, between two panels
COLUMNS: dict[Width, int] = {"wide": 2, "narrow": 1}
GAP = 0.06  # between two columns of panels, as a share of the width
AXIS: dict[Width, int] = {"wide": 420, "narrow": 320}  # pixels of a panel where it is narrowest


def compare(
    rows: pd.DataFrame,
    theme: Theme,
    width: Width = "wide",
    *,
    panels: Mapping[str, str],
    locale: str = ENGLISH,
) -> Drawing:
    """A panel of bars for each measure, in the order of the rows; hatched where a measure is missing.

    rows: name, stage, basis; of each measure its value (Decimal or None) and, as `<measure>_said`, its words.
    panels: measure → title. Raises ValueError if a column is missing, there are no rows, or they hold more
    than one stage or basis.
    """
    require(rows, "name", "stage", "basis", *panels, *(f"{measure}_said" for measure in panels))
    require_one_kind_of_euros(rows)
    shown = frame_rows.records(rows)
    columns = COLUMNS[width]
    lines = -(-len(panels) // columns)
    panel = HEAD + ROW * len(shown) + SPACE
    figure = house(theme, panel * lines, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    notes: list[dict[str, Any]] = []
    for number, (measure, title) in enumerate(panels.items()):
        line, column = divmod(number, columns)
        left = column * (1 / columns + GAP / 2)
        own = "" if number == 0 else str(number + 1)
        x, y = f"x{own}", f"y{own}"
        values = [amount(row[measure]) for row in shown]
        said = [str(row[f"{measure}_said"]) for row in shown]
        highest = max((float(value) for value in values if value is not None and value > 0), default=1.0)
        lengths = [_length(value, highest, width) for value in values]
        figure.update_layout(
            **{
                f"xaxis{own}": {
                    "domain": [left, left + 1 / columns - GAP / 2],
                    "range": [0, highest * _reach(lengths, said, highest, width)],
                    "visible": False,
                    "anchor": y,
                },
                f"yaxis{own}": {
                    "domain": [1 - (line + 1) / lines, 1 - line / lines],
                    "range": [len(shown) - 0.5 + SPACE / ROW, -0.5 - HEAD / ROW],
                    "visible": False,
                    "anchor": x,
                },
            }
        )
        for is_known, marker in (
            (True, {"color": TOKENS[theme].accent, "line": {"width": 0}}),
            (False, hatch(theme)),
        ):
            bars = [place for place, value in enumerate(values) if (value is not None) is is_known]
            if bars:
                figure.add_bar(
                    orientation="h",
                    x=[lengths[place] for place in bars],
                    y=[place + 0.18 for place in bars],
                    width=0.34,
                    xaxis=x,
                    yaxis=y,
                    marker=marker,
                    hovertemplate=[hover(shown[place]["name"], said[place], title) for place in bars],
                )
        notes.append({**_at(0, -0.5 - HEAD / ROW / 2, x, y), "text": label(title, theme, is_bold=True)})
        for place, value in enumerate(values):
            notes.append({**_at(0, place - 0.2, x, y), "text": label(shown[place]["name"], theme, size=13)})
            words = label(said[place], theme, size=13, is_bold=value is not None)
            notes.append({**_at(lengths[place], place + 0.18, x, y), "text": words, "xshift": 6})
    figure.update_layout(annotations=notes)
    return figure


def _length(value: Any, highest: float, width: Width) -> float:
    return HATCH_SHARE[width] * highest if value is None else max(0.0, float(value))


def _reach(lengths: list[float], said: list[str], highest: float, width: Width) -> float:
    """How much longer the axis is than the longest bar, so that the words at the end of each have room."""
    taken = [text_metrics.width(words, 13) * text_metrics.HOUSE_BOLD + 12 for words in said]
    needed = [
        length / highest / (1 - min(room / AXIS[width], 0.8))
        for length, room in zip(lengths, taken, strict=True)
    ]
    return max(1.05, *needed)


def _at(x: float, y: float, xref: str, yref: str) -> dict[str, Any]:
    return {"x": x, "y": y, "xref": xref, "yref": yref, "xanchor": "left", "yanchor": "middle"}
