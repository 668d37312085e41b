"""What the figures share: an empty figure of the house, the check of a frame, labels, ticks."""

import math
from decimal import Decimal
from html import escape
from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width
from pages.parts.text import figure_refusals as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.formatting import axis, is_missing
from pages.parts.text.tables import stage_basis
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing

HATCH_SHARE: dict[Width, float] = {"wide": 0.06, "narrow": 0.085}
"""Length of a hatched bar, which stands for something unknown and is not to scale, as a share of the axis."""


def house(theme: Theme, height: int, **layout: Any) -> Drawing:
    """An empty drawing in the house's look.

    The template is written into it, so that it looks the same wherever it is drawn.
    """
    return Drawing(theme, height, **layout)


def require(rows: pd.DataFrame, *columns: str) -> None:
    """Raises ValueError if the frame lacks one of the columns or has no rows: an empty choice is explained by
    the page, not drawn.
    """
    missing = [column for column in columns if column not in rows.columns]
    if missing:
        raise ValueError(say(text.LACKING, columns=missing))
    if rows.empty:
        raise ValueError(say(text.EMPTY))


def require_one_kind_of_euros(rows: pd.DataFrame) -> tuple[str, str]:
    """The one stage and basis of rows whose amounts stand side by side or on one another.

    Raises ValueError if there are several: such euros do not add.
    """
    kinds = list(dict.fromkeys(zip(rows["stage"].tolist(), rows["basis"].tolist(), strict=True)))
    if len(kinds) > 1:
        listed = [stage_basis(stage, basis) for stage, basis in kinds]
        raise ValueError(say(text.DO_NOT_ADD, kinds=listed))
    return str(kinds[0][0]), str(kinds[0][1])


def amount(value: Any) -> Decimal | None:
    """A cell of an amount column: Decimal, or None where none is published."""
    return None if is_missing(value) else Decimal(value)


def ticks(highest: float) -> list[float]:
    """Three to five round values from 0 to the first at or above `highest`, for an axis."""
    if highest <= 0:
        return [0.0, 1.0]
    scale = 10.0 ** math.floor(math.log10(highest))
    step = next(
        step
        for step in (0.2 * scale, 0.25 * scale, 0.5 * scale, scale, 2 * scale, 2.5 * scale, 5 * scale)
        if highest / step <= 3.2
    )
    return [step * index for index in range(math.ceil(highest / step - 1e-9) + 1)]


def tick_words(values: list[float], locale: str = ENGLISH) -> list[str]:
    """Labels of an axis of euros: plain numbers, the unit on the top tick only ("€15 bn")."""
    return axis([Decimal(str(value)) for value in values], locale)


def label(
    words: str,
    theme: Theme,
    *,
    size: float = 14,
    is_bold: bool = False,
    is_quiet: bool = False,
    colour: str | None = None,
) -> str:
    """Text of the data for a Plotly label: escaped, sized, coloured."""
    ink = colour or (TOKENS[theme].muted if is_quiet else TOKENS[theme].text)
    inside = f"<b>{escape(words, quote=False)}</b>" if is_bold else escape(words, quote=False)
    return f'<span style="font-size:{size:g}px;color:{ink}">{inside}</span>'


def hover(*lines: str) -> str:
    """Lines of the data for a hover box; the first is bold."""
    first, *rest = (escape(line, quote=False) for line in lines if line)
    return "<br>".join((f"<b>{first}</b>", *rest)) + "<extra></extra>"
