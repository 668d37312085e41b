"""Euros of one stage and one basis: programme totals with what is counted twice, and years."""

from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, contrast, hatch, ink_on, programme_colour, tint
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
from pages.parts.text import euros_page as text
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows


def envelopes(
    rows: pd.DataFrame,
    theme: Theme,
    width: Width = "wide",
    *,
    is_gross: bool = False,
    locale: str = ENGLISH,
) -> Drawing:
    """One bar per programme or initiative: filled = counted, outlined in its container's colour = removed.

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
    kind = tables.stage_basis(*require_one_kind_of_euros(rows), locale)
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
    for index, name in enumerate(names):
        parts = frame_rows.records(rows[rows["label"] == name])
        start = 0.0
        for part in parts:
            value = amount(part["amount_eur"])
            length = HATCH_SHARE[width] * highest if value is None else float(value)
            _part(figure, index, start, length, part, theme, is_gross, kind, locale)
            start += length
        _value(figure, index, start, parts, highest, theme, is_gross, locale)
    return figure


def _part(
    figure: Drawing,
    index: int,
    start: float,
    length: float,
    part: dict[str, Any],
    theme: Theme,
    is_gross: bool,
    kind: str,
    locale: str,
) -> None:
    colour = programme_colour(part["programme"], theme)
    is_outline = part["is_removed"] and not is_gross
    value = amount(part["amount_eur"])
    filled = {
        "color": colour,
        "line": {"width": 0 if not part["is_removed"] else 1.5, "color": TOKENS[theme].background},
    }
    outlined = {"color": tint(colour, 0.16), "line": {"width": 1.5, "color": colour}}
    shown = formatting.euros(value, part.get("qualifier") or "exact", locale=locale)
    removed = ""
    if part["is_removed"]:
        removed = say(text.COUNTED_ABOVE if is_outline else text.COUNTED_AGAIN, locale)
    figure.add_bar(
        orientation="h",
        x=[length],
        y=[index],
        base=[start],
        width=[0.52],
        marker=hatch(theme) if value is None else outlined if is_outline else filled,
        hovertemplate=hover(part["label"], shown, removed, kind),
    )


def _value(
    figure: Drawing,
    index: int,
    end: float,
    parts: list[dict[str, Any]],
    highest: float,
    theme: Theme,
    is_gross: bool,
    locale: str,
) -> None:
    amounts = [a for a in (amount(part["amount_eur"]) for part in parts) if a is not None]
    is_incomplete = len(amounts) < len(parts) or any(part["entries_unknown"] for part in parts)
    if not amounts:
        words = label(formatting.not_published(locale), theme, is_quiet=True)
    elif all(part["is_removed"] for part in parts) and not is_gross:
        removed = formatting.euros(-sum(amounts, Decimal(0)), locale=locale)
        words = label(say(text.TAKEN_OFF_ABOVE, locale, amount=removed), theme, is_quiet=True)
    else:
        shown = formatting.euros(
            sum(amounts, Decimal(0)),
            "at-least" if is_incomplete else parts[0].get("qualifier") or "exact",
            locale=locale,
        )
        colour = programme_colour(parts[0]["programme"], theme)
        ink = ink_on(colour) if len(parts) == 1 and end > 0.7 * highest else None
        if ink:
            words = label(shown, theme, is_bold=True, colour=ink)
            figure.add_annotation(x=end, y=index, text=words, xanchor="right", yanchor="middle", xshift=-9)
            return
        words = label(shown, theme, is_bold=True)
    if end > 0.7 * highest:
        figure.update_xaxes(range=[0, highest * 1.3])
    figure.add_annotation(x=end, y=index, text=words, xanchor="left", yanchor="middle", xshift=8)


def years(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
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
    kind = tables.stage_basis(*require_one_kind_of_euros(rows), locale)
    measured = [
        row | {"year": int(row["year"]), "euros": float(amount(row["amount_eur"]) or 0)}
        for row in frame_rows.records(rows)
    ]
    by_programme = _grouped(measured, "programme")
    order = sorted(sorted(by_programme), key=lambda code: -_euros(by_programme[code]))
    by_year = _grouped(measured, "year")
    span = list(range(min(by_year), max(by_year) + 1))
    totals = {year: _euros(by_year.get(year, [])) for year in span}
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
        figure.update_xaxes(ticktext=[formatting.short_year(year, locale) for year in span])
    figure.update_xaxes(tickfont={"color": TOKENS[theme].text, "size": 14 if width == "wide" else 13})
    figure.update_yaxes(
        range=[0, top],
        tickvals=marks,
        ticktext=tick_words(marks, locale),
        showgrid=True,
        gridcolor=TOKENS[theme].border,
    )
    figure.update_yaxes(tickfont={"color": TOKENS[theme].muted, "size": 13}, ticklabelstandoff=4)
    for programme in order:
        own = [row for row in by_programme[programme] if row["euros"] > 0]
        figure.add_bar(
            x=[row["year"] for row in own],
            y=[row["euros"] for row in own],
            width=0.48 if width == "wide" else 0.6,
            marker={
                "color": programme_colour(programme, theme),
                "line": {"color": TOKENS[theme].background, "width": 1.5},
            },
            hovertemplate=[
                hover(
                    say(text.YEAR_VALUE, locale, programme=row["programme_label"], year=row["year"]),
                    formatting.euros(amount(row["amount_eur"]), locale=locale),
                    kind,
                    say(text.YEAR_ENTRIES, locale, number=int(row["entries"])),
                )
                for row in own
            ],
        )
    for year in span:
        _top(
            figure,
            year,
            totals[year],
            by_year.get(year, []),
            top,
            theme,
            width,
            is_crowded=len(span) > 6,
            locale=locale,
        )
    _names(figure, [by_programme[code] for code in order], span, top, theme, width)
    return figure


def _grouped(rows: list[dict[str, Any]], column: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def _euros(rows: list[dict[str, Any]]) -> float:
    return sum((row["euros"] for row in rows), 0.0)


def _top(
    figure: Drawing,
    year: int,
    total: float,
    rows: list[dict[str, Any]],
    top: float,
    theme: Theme,
    width: Width,
    is_crowded: bool,
    locale: str,
) -> None:
    """The total over a year, with a hatched cap under it if a part of it is not published."""
    if not rows:
        return
    unpublished = [row for row in rows if row["entries_unknown"] > 0 or amount(row["amount_eur"]) is None]
    end = total
    if unpublished:
        cap = HATCH_SHARE[width] * top
        names = formatting.listed(sorted({row["programme_label"] for row in unpublished}), "and", locale)
        unpublished_year = say(text.YEAR_VALUE, locale, programme=names, year=year)
        figure.add_bar(
            x=[year],
            y=[cap],
            base=[total],
            width=0.48 if width == "wide" else 0.6,
            marker=hatch(theme),
            hovertemplate=hover(unpublished_year, formatting.not_published(locale)),
        )
        if width == "wide" and not is_crowded:
            words = label(formatting.not_published(locale), theme, size=12)
            figure.add_annotation(
                x=year, y=end + cap / 2, text=words, yanchor="middle", bgcolor=TOKENS[theme].background
            )
        end += cap
    amounts = [a for row in rows if (a := amount(row["amount_eur"])) is not None]
    if amounts:
        sum_of_year, qualifier = sum(amounts, Decimal(0)), "at-least" if unpublished else "exact"
        shown = formatting.euros(sum_of_year, qualifier, 1, locale)
        if width == "narrow" or (is_crowded and len(shown) > 9):
            shown = formatting.unitless(sum_of_year, qualifier, 1, locale)
        words = label(shown, theme, size=14 if width == "wide" else 13, is_bold=True)
        figure.add_annotation(
            x=year, y=end, text=words, yanchor="bottom", yshift=3, bgcolor=TOKENS[theme].background
        )


def _names(
    figure: Drawing,
    programmes: list[list[dict[str, Any]]],
    span: list[int],
    top: float,
    theme: Theme,
    width: Width,
) -> None:
    """The names of the programmes at the right end, each at the height of its last segment, pushed apart
    where they would touch.

    programmes: the rows of each, from the lowest segment up.
    """
    least = 0.12 if width == "wide" else 0.14
    heights: list[tuple[float, dict[str, Any]]] = []
    start = 0.0
    for rows in programmes:
        at_end = _euros([row for row in rows if row["year"] == span[-1]])
        middle = start + at_end / 2
        start += at_end
        if any(row["euros"] > 0 for row in rows):
            heights.append((max(middle, heights[-1][0] + least * top) if heights else middle, rows[0]))
    for middle, row in heights:
        name = str(row["programme_label"]).replace(" ", "\n", 1)
        colour = programme_colour(row["programme"], theme)
        ink = colour if contrast(colour, TOKENS[theme].background) >= 3 else TOKENS[theme].text
        words = label(name, theme, size=14 if width == "wide" else 13, is_bold=True, colour=ink).replace(
            "\n", "<br>"
        )
        figure.add_annotation(
            x=span[-1] + (0.29 if width == "wide" else 0.36),
            y=middle,
            text=words,
            align="left",
            xanchor="left",
            yanchor="middle",
        )
