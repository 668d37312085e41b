"""The funding ladder: one bar per step from announced to paid, on one scale.

The steps are compared, never added.
"""

from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch, ink_on, stage_colour
from pages.parts.figures.bars import in_lines
from pages.parts.figures.common import HATCH_SHARE, amount, house, hover, label, require
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

ROOM: dict[Width, int] = {"wide": 270, "narrow": 320}  # pixels for the name of a step
ROW: dict[Width, int] = {"wide": 47, "narrow": 70}  # pixels of a step whose name takes one line
LINE = 18  # pixels of a further line


def ladder(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
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
    steps = frame_rows.records(rows)
    highest = (
        max(
            (float(value) for step in steps if (value := amount(step["amount_eur"])) is not None), default=1.0
        )
        or 1.0
    )
    names = [in_lines(tables.step_name(step, locale), ROOM[width]) for step in steps]
    further = max(map(len, names)) - 1  # lines of the longest name after its first
    row = ROW[width] + LINE * further
    figure = house(theme, row * len(steps) + 6, margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest], domain=[0.375, 1] if width == "wide" else [0, 1], visible=False)
    figure.update_yaxes(range=[len(steps) - 0.5, -0.5], visible=False)
    for index, step in enumerate(steps):
        _bar(figure, index, step, highest, theme, width, locale, LINE * further / row)
        name = "<br>".join(label(line, theme, is_bold=True) for line in names[index])
        if width == "wide":
            is_first = index == 0 or steps[index - 1]["stage"] != step["stage"]
            _columns(figure, index, step, theme, is_first, name)
        else:
            kind = label(_kind(step, locale), theme, size=13, is_quiet=True)
            figure.add_annotation(
                x=0,
                xref="paper",
                y=index - 0.47,
                text=f"{name}<br>{kind}",
                align="left",
                xanchor="left",
                yanchor="top",
            )
    return figure


def _stage(step: dict[str, Any]) -> str:
    """The stage of a step in words, if its frame has them."""
    return str(step.get("stage_label") or step["stage"])


def _kind(step: dict[str, Any], locale: str) -> str:
    return tables.stage_basis(_stage(step), step["basis_label"], locale)


def _reference(step: dict[str, Any]) -> str:
    return f"[{step['reference']}]" if step.get("reference") else ""


def _columns(
    figure: Drawing, index: int, step: dict[str, Any], theme: Theme, is_first: bool, name: str
) -> None:
    """The stage once per group, and name over basis; a hairline where the stage changes. name: as markup."""
    if is_first:
        stage = label(formatting.sentence(_stage(step)), theme, size=15, is_bold=True)
        figure.add_annotation(x=0, xref="paper", y=index, text=stage, xanchor="left", yanchor="middle")
        if index:
            line = {"color": TOKENS[theme].border, "width": 1}
            figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=index - 0.5, y1=index - 0.5, line=line)
    basis = label(step["basis_label"], theme, size=13, is_quiet=True)
    figure.add_annotation(
        x=0.106,
        xref="paper",
        y=index,
        text=f"{name}<br>{basis}",
        align="left",
        xanchor="left",
        yanchor="middle",
    )


def _bar(
    figure: Drawing,
    index: int,
    step: dict[str, Any],
    highest: float,
    theme: Theme,
    width: Width,
    locale: str,
    further: float,
) -> None:
    """One bar and its words. further: what the longest name adds to a step, as a share of its height."""
    value = amount(step["amount_eur"])
    is_wide = width == "wide"
    length = HATCH_SHARE[width] * highest if value is None else float(value)
    colour = stage_colour(step["stage"], theme)
    shown = tables.step_amount({**step, "amount_eur": value}, locale)
    middle = index if is_wide else index + 0.2 + further / 2
    thickness = (0.43 if is_wide else 0.26) * (1 - further)
    figure.add_bar(
        orientation="h",
        x=[length],
        y=[middle],
        width=[thickness],
        marker=hatch(theme) if value is None else {"color": colour, "line": {"width": 0}},
        hovertemplate=hover(
            tables.step_name(step, locale), shown, _kind(step, locale), tables.step_entries(step, locale)
        ),
    )
    reference = f" {label(_reference(step), theme, size=12, is_quiet=True)}"
    words = (
        label(shown, theme, is_quiet=True)
        if value is None
        else label(shown, theme, size=15, is_bold=True) + reference
    )
    if value is not None and length > 0.62 * highest and is_wide and (ink := ink_on(colour)):
        bold = label(shown, theme, size=15, is_bold=True, colour=ink)
        inside = f"{bold} {label(_reference(step), theme, size=12, colour=ink)}"
        figure.add_annotation(x=length, y=middle, text=inside, xanchor="right", yanchor="middle", xshift=-8)
    elif value is not None and length > 0.62 * highest:
        figure.add_annotation(
            x=1, xref="paper", y=middle - 0.45, text=words, xanchor="right", yanchor="bottom", yshift=-13
        )
    else:
        figure.add_annotation(x=length, y=middle, text=words, xanchor="left", yanchor="middle", xshift=8)
