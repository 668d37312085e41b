"""Euros of one stage and one basis: envelopes with what is counted twice, years, headings."""

from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.drawing import Drawing
from pages.parts.figures.common import (
    HATCH_SHARE,
    amount,
    house,
    hover,
    label,
    require,
    require_one_kind_of_euros,
    tick_words,
    ticks,
)
from pages.parts.style import TOKENS, Theme, Width, contrast, hatch, ink_on, programme_colour, tint
from pages.parts.text import formatting


def envelopes(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, is_gross: bool = False) -> Drawing:
    """One bar per envelope: filled = counted, outlined in the colour of its container = removed.

    Gross fills the outlines.

    rows: label (of the bar, in order of first appearance), programme (whose colour the part has: its
        own, or the container's if removed),
    stage, basis, amount_eur (Decimal or None), is_removed, entries, entries_unknown; several rows of one
    label stand end to end.
    Raises ValueError if a column is missing, there are no rows, or they hold more than one stage or basis:
    such euros do not add.
    """
    require(
        rows, "label", "programme", "stage", "basis", "amount_eur", "is_removed", "entries", "entries_unknown"
    )
    stage, basis = require_one_kind_of_euros(rows)
    names = list(dict.fromkeys(rows["label"]))
    sums = {
        name: sum(
            (float(a) for a in map(amount, rows.loc[rows["label"] == name, "amount_eur"]) if a is not None),
            0.0,
        )
        for name in names
    }
    highest = max(sums.values()) or 1.0
    figure = house(theme, 40 * len(names) + 12, barmode="stack", margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest], visible=False)
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=names,
        ticklabelstandoff=8,
        showgrid=False,
    )
    if width == "narrow":
        figure.update_yaxes(tickfont={"size": 13})
    for place, name in enumerate(names):
        parts = rows[rows["label"] == name].to_dict("records")
        start = 0.0
        for part in parts:
            value = amount(part["amount_eur"])
            length = HATCH_SHARE[width] * highest if value is None else float(value)
            _part(figure, place, start, length, part, theme, is_gross, f"{stage} · {basis}")
            start += length
        _value(figure, place, start, parts, highest, theme, is_gross)
    return figure


def _part(
    figure: Drawing,
    place: int,
    start: float,
    length: float,
    part: dict[str, Any],
    theme: Theme,
    is_gross: bool,
    kind: str,
) -> None:
    colour = programme_colour(part["programme"], theme)
    is_outline = part["is_removed"] and not is_gross
    value = amount(part["amount_eur"])
    filled = {
        "color": colour,
        "line": {"width": 0 if not part["is_removed"] else 1.5, "color": TOKENS[theme].background},
    }
    outlined = {"color": tint(colour, 0.16), "line": {"width": 1.5, "color": colour}}
    said = formatting.euros(value, part.get("qualifier") or "exact")
    removed = (
        "counted above, removed" if is_outline else "counted more than once" if part["is_removed"] else ""
    )
    figure.add_bar(
        orientation="h",
        x=[length],
        y=[place],
        base=[start],
        width=[0.52],
        marker=hatch(theme) if value is None else outlined if is_outline else filled,
        hovertemplate=hover(part["label"], said, removed, kind),
    )


def _value(
    figure: Drawing,
    place: int,
    end: float,
    parts: list[dict[str, Any]],
    highest: float,
    theme: Theme,
    is_gross: bool,
) -> None:
    known = [a for a in (amount(part["amount_eur"]) for part in parts) if a is not None]
    unknown = len(known) < len(parts) or any(part["entries_unknown"] for part in parts)
    if not known:
        text = label(formatting.NOT_PUBLISHED, theme, is_quiet=True)
    elif all(part["is_removed"] for part in parts) and not is_gross:
        text = label(f"{formatting.euros(-sum(known, Decimal(0)))} counted above", theme, is_quiet=True)
    else:
        said = formatting.euros(
            sum(known, Decimal(0)), "at-least" if unknown else parts[0].get("qualifier") or "exact"
        )
        colour = programme_colour(parts[0]["programme"], theme)
        ink = ink_on(colour) if len(parts) == 1 and end > 0.7 * highest else None
        if ink:
            text = label(said, theme, is_bold=True, colour=ink)
            figure.add_annotation(x=end, y=place, text=text, xanchor="right", yanchor="middle", xshift=-9)
            return
        text = label(said, theme, is_bold=True)
    if end > 0.7 * highest:
        figure.update_xaxes(range=[0, highest * 1.3])
    figure.add_annotation(x=end, y=place, text=text, xanchor="left", yanchor="middle", xshift=8)


def years(rows: pd.DataFrame, theme: Theme, width: Width = "wide") -> Drawing:
    """Stacked bars per year, one colour per programme, the largest at the bottom, its name at the right end.

    rows: programme (code), programme_label, year (int), stage, basis, amount_eur (EUR, Decimal or None),
        entries, entries_unknown; what is counted
    twice already removed. A missing part is a hatched cap of fixed height, and ≥ stands before the total.
    Raises ValueError if a column is missing, there are no rows, or they hold more than one stage or basis:
    such euros do not add.
    """
    require(
        rows,
        "programme",
        "programme_label",
        "year",
        "stage",
        "basis",
        "amount_eur",
        "entries",
        "entries_unknown",
    )
    stage, basis = require_one_kind_of_euros(rows)
    known = rows.astype({"year": int, "entries_unknown": int}).assign(
        euros=[float(a) if (a := amount(value)) is not None else 0.0 for value in rows["amount_eur"]]
    )
    order = (
        known.groupby("programme")["euros"].sum().sort_values(ascending=False, kind="stable").index.tolist()
    )
    span = list(range(int(known["year"].min()), int(known["year"].max()) + 1))
    totals = {year: known.loc[known["year"] == year, "euros"].sum() for year in span}
    marks = ticks(max(totals.values()))
    top = marks[-1] * 1.06
    right = 0.14 if width == "wide" else 0.22
    figure = house(
        theme, 340 if width == "wide" else 320, barmode="stack", bargap=0.5 if width == "wide" else 0.4
    )
    figure.update_layout(margin={"l": 0, "r": 0, "t": 20, "b": 6})
    figure.update_xaxes(
        range=[span[0] - 0.5, span[-1] + 0.5 + len(span) * right],
        tickvals=span,
        ticktext=[str(year) for year in span],
        showgrid=False,
    )
    if len(span) > 8 and width == "narrow":
        figure.update_xaxes(ticktext=[f"’{year % 100:02d}" for year in span])
    figure.update_xaxes(tickfont={"color": TOKENS[theme].text, "size": 14 if width == "wide" else 13})
    figure.update_yaxes(
        range=[0, top],
        tickvals=marks,
        ticktext=tick_words(marks),
        showgrid=True,
        gridcolor=TOKENS[theme].border,
    )
    figure.update_yaxes(tickfont={"color": TOKENS[theme].muted, "size": 13}, ticklabelstandoff=4)
    for programme in order:
        own = known[(known["programme"] == programme) & (known["euros"] > 0)]
        figure.add_bar(
            x=own["year"].tolist(),
            y=own["euros"].tolist(),
            width=0.48 if width == "wide" else 0.6,
            marker={
                "color": programme_colour(programme, theme),
                "line": {"color": TOKENS[theme].background, "width": 1.5},
            },
            hovertemplate=[
                hover(
                    f"{row.programme_label}, {row.year}",
                    formatting.euros(amount(row.amount_eur)),
                    f"{stage} · {basis}",
                    f"{row.entries} entries",
                )
                for row in own.itertuples()
            ],
        )
    for year in span:
        _top(
            figure,
            year,
            totals[year],
            known[known["year"] == year],
            top,
            theme,
            width,
            is_crowded=len(span) > 6,
        )
    _names(figure, known, order, span, top, theme, width)
    return figure


def _top(
    figure: Drawing,
    year: int,
    total: float,
    rows: pd.DataFrame,
    top: float,
    theme: Theme,
    width: Width,
    is_crowded: bool,
) -> None:
    """The total over a year, with a hatched cap under it if a part of it is not published."""
    unknown = rows[(rows["entries_unknown"] > 0) | rows["amount_eur"].isna()]
    if rows.empty:
        return
    end = total
    if not unknown.empty:
        cap = HATCH_SHARE[width] * top
        names = formatting.listed(sorted(set(unknown["programme_label"])))
        figure.add_bar(
            x=[year],
            y=[cap],
            base=[total],
            width=0.48 if width == "wide" else 0.6,
            marker=hatch(theme),
            hovertemplate=hover(f"{names}, {year}", formatting.NOT_PUBLISHED),
        )
        if width == "wide" and not is_crowded:
            text = label(formatting.NOT_PUBLISHED, theme, size=12)
            figure.add_annotation(
                x=year, y=end + cap / 2, text=text, yanchor="middle", bgcolor=TOKENS[theme].background
            )
        end += cap
    amounts = [a for a in map(amount, rows["amount_eur"]) if a is not None]
    if amounts:
        said = formatting.euros(
            sum(amounts, Decimal(0)), "at-least" if not unknown.empty else "exact", decimals=1
        )
        short = (
            said
            if width == "wide" and not (is_crowded and len(said) > 9)
            else said.replace("€", "")
            .removesuffix(f"{formatting.NBSP}bn")
            .removesuffix(f"{formatting.NBSP}M")
        )
        text = label(short, theme, size=14 if width == "wide" else 13, is_bold=True)
        figure.add_annotation(
            x=year, y=end, text=text, yanchor="bottom", yshift=3, bgcolor=TOKENS[theme].background
        )


def _names(
    figure: Drawing,
    rows: pd.DataFrame,
    order: list[str],
    span: list[int],
    top: float,
    theme: Theme,
    width: Width,
) -> None:
    """The names of the programmes at the right end, each at the height of its last segment, pushed apart
    where they would touch.
    """
    least = 0.12 if width == "wide" else 0.14
    places: list[tuple[float, str]] = []
    start = 0.0
    for programme in order:
        own = rows[(rows["programme"] == programme) & (rows["euros"] > 0)]
        at_end = float(own.loc[own["year"] == span[-1], "euros"].sum())
        middle = start + at_end / 2
        start += at_end
        if not own.empty:
            places.append((max(middle, places[-1][0] + least * top) if places else middle, programme))
    for middle, programme in places:
        name = str(rows.loc[rows["programme"] == programme, "programme_label"].iloc[0]).replace(" ", "\n", 1)
        colour = programme_colour(programme, theme)
        ink = colour if contrast(colour, TOKENS[theme].background) >= 3 else TOKENS[theme].text
        text = label(name, theme, size=14 if width == "wide" else 13, is_bold=True, colour=ink).replace(
            "\n", "<br>"
        )
        figure.add_annotation(
            x=span[-1] + (0.29 if width == "wide" else 0.36),
            y=middle,
            text=text,
            align="left",
            xanchor="left",
            yanchor="middle",
        )
