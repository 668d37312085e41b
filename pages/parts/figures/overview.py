"""The funding ladder: one bar per step from announced to paid, on one scale.

The steps are compared, never added.
"""

from typing import Any

import pandas as pd

from pages.parts.drawing import Drawing
from pages.parts.figures.common import HATCH_SHARE, amount, house, hover, label, require
from pages.parts.style import TOKENS, Theme, Width, hatch, ink_on, stage_colour
from pages.parts.text import formatting


def ladder(rows: pd.DataFrame, theme: Theme, width: Width = "wide") -> Drawing:
    """Bars from €0 to the highest step; a step without published amount is a hatched block of fixed size and
    the words.

    rows: mart_ladder in its order; stage, basis (codes), label, basis_label, amount_eur (Decimal or None),
        qualifier, entries, entries_unknown,
    is_of_which; optional reference (number of the source in the source line) and decimals (to tell like
    amounts apart). One row a step; stages and bases may differ.
    Raises ValueError if a column is missing or there are no rows.
    """
    require(
        rows,
        "stage",
        "basis",
        "label",
        "basis_label",
        "amount_eur",
        "qualifier",
        "entries",
        "entries_unknown",
        "is_of_which",
    )
    steps = rows.to_dict("records")
    highest = (
        max(
            (float(value) for step in steps if (value := amount(step["amount_eur"])) is not None), default=1.0
        )
        or 1.0
    )
    figure = house(
        theme, (47 if width == "wide" else 70) * len(steps) + 6, margin={"l": 0, "r": 0, "t": 0, "b": 6}
    )
    figure.update_xaxes(range=[0, highest], domain=[0.375, 1] if width == "wide" else [0, 1], visible=False)
    figure.update_yaxes(range=[len(steps) - 0.5, -0.5], visible=False)
    for place, step in enumerate(steps):
        _bar(figure, place, step, highest, theme, width)
        if width == "wide":
            _columns(
                figure, place, step, theme, is_first=place == 0 or steps[place - 1]["stage"] != step["stage"]
            )
        else:
            text = f"{label(_name(step), theme, is_bold=True)}<br>{label(_kind(step), theme, size=13, is_quiet=True)}"
            figure.add_annotation(
                x=0, xref="paper", y=place - 0.47, text=text, align="left", xanchor="left", yanchor="top"
            )
    return figure


def _name(step: dict[str, Any]) -> str:
    name = str(step["label"])
    return name if not step["is_of_which"] or name.startswith("of which") else f"of which {name}"


def _kind(step: dict[str, Any]) -> str:
    return f"{step['stage']} · {step['basis_label']}"


def _reference(step: dict[str, Any]) -> str:
    return f"[{step['reference']}]" if step.get("reference") else ""


def _columns(figure: Drawing, place: int, step: dict[str, Any], theme: Theme, is_first: bool) -> None:
    """The stage once per group, and name over basis; a hairline where the stage changes."""
    if is_first:
        text = label(str(step["stage"]).capitalize(), theme, size=15, is_bold=True)
        figure.add_annotation(x=0, xref="paper", y=place, text=text, xanchor="left", yanchor="middle")
        if place:
            line = {"color": TOKENS[theme].border, "width": 1}
            figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=place - 0.5, y1=place - 0.5, line=line)
    text = f"{label(_name(step), theme, is_bold=True)}<br>{label(step['basis_label'], theme, size=13, is_quiet=True)}"
    figure.add_annotation(
        x=0.106, xref="paper", y=place, text=text, align="left", xanchor="left", yanchor="middle"
    )


def _bar(
    figure: Drawing, place: int, step: dict[str, Any], highest: float, theme: Theme, width: Width
) -> None:
    value = amount(step["amount_eur"])
    is_wide = width == "wide"
    length = HATCH_SHARE[width] * highest if value is None else float(value)
    colour = stage_colour(step["stage"], theme)
    said = formatting.euros(value, step["qualifier"], step.get("decimals"))
    middle = place if is_wide else place + 0.2
    figure.add_bar(
        orientation="h",
        x=[length],
        y=[middle],
        width=[0.43 if is_wide else 0.26],
        marker=hatch(theme) if value is None else {"color": colour, "line": {"width": 0}},
        hovertemplate=hover(_name(step), said, _kind(step), _entries(step)),
    )
    reference = f" {label(_reference(step), theme, size=12, is_quiet=True)}"
    text = (
        label(said, theme, is_quiet=True)
        if value is None
        else label(said, theme, size=15, is_bold=True) + reference
    )
    if value is not None and length > 0.62 * highest and is_wide and (ink := ink_on(colour)):
        inside = f"{label(said, theme, size=15, is_bold=True, colour=ink)} {label(_reference(step), theme, size=12, colour=ink)}"
        figure.add_annotation(x=length, y=middle, text=inside, xanchor="right", yanchor="middle", xshift=-8)
    elif value is not None and length > 0.62 * highest:
        figure.add_annotation(
            x=1, xref="paper", y=place - 0.25, text=text, xanchor="right", yanchor="bottom", yshift=-13
        )
    else:
        figure.add_annotation(x=length, y=middle, text=text, xanchor="left", yanchor="middle", xshift=8)


def _entries(step: dict[str, Any]) -> str:
    entries = formatting.count(int(step["entries"]), "entry", "entries")
    return f"{entries}, {step['entries_unknown']} without amount" if step["entries_unknown"] else entries
