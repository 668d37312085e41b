"""Headings inside their programmes: areas on a wide window, bars on a phone."""

from decimal import Decimal
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, ink_on, programme_colour
from pages.parts.figures import text_metrics
from pages.parts.figures.common import amount, house, hover, label, require, require_one_kind_of_euros
from pages.parts.text import euros_page as text
from pages.parts.text import figure_refusals as refusals
from pages.parts.text import formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

NARROW_ROWS = 12
HEIGHT, HEAD = 440.0, 25.0  # of all areas together, and of the line over each programme, in pixels
LEAST_WIDTH = (
    736.0  # of a wide drawing on a page, on a tablet held upright: what has room in it has room in wider ones
)
LEAST_TILE = (110.0, 20.0)  # width and height of an area that holds words
LETTERS = (
    14.0,
    13.0,
    12.0,
)  # pixels of a name in its area, the first that fits; none is smaller on the finished sheet
PHONE = 310.0  # pixels of a narrow drawing
LINE = 1.3  # height of a line as a share of the size of its letters


class Tile(NamedTuple):
    """One area: its edges as shares of the width and in pixels from the top, and what it stands for."""

    left: float
    right: float
    top: float
    bottom: float
    row: dict[str, Any]


def headings(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
    """Areas of headings, band by band of their programmes; narrow: bars of the largest.

    Headings without amount cannot be drawn: the page counts them.

    rows: heading, programme (code), programme_label, stage, basis, amount_eur (Decimal or None); what is
        counted twice already removed.
    Raises ValueError if a column is missing, no row has an amount, or rows hold more than one stage or basis:
    such euros do not add.
    """
    require(rows, "heading", "programme", "programme_label", "stage", "basis", "amount_eur")
    kind = tables.stage_basis(*require_one_kind_of_euros(rows), locale)
    measured = [
        row
        for row in frame_rows.records(rows)
        if (value := amount(row["amount_eur"])) is not None and value > 0
    ]
    if not measured:
        raise ValueError(say(refusals.NO_AMOUNT))
    measured.sort(key=lambda row: (-row["amount_eur"], str(row["heading"])))
    draw = _areas if width == "wide" else _bars
    return draw(measured, kind, theme, locale)


def _short(row: dict[str, Any]) -> str:
    """The heading without the name of its programme, which stands over it, as a sentence begins."""
    return formatting.sentence(str(row["heading"]).removeprefix(str(row["programme_label"])).lstrip(" :,"))


def _areas(rows: list[dict[str, Any]], kind: str, theme: Theme, locale: str) -> Drawing:
    """One band a programme, as high as its sum, with its headings in it: flat areas have room for words where
    upright ones have none.
    """
    parents = {row["programme"]: str(row["programme_label"]) for row in rows}
    sums = {
        code: sum((row["amount_eur"] for row in rows if row["programme"] == code), Decimal(0))
        for code in parents
    }
    whole = sum(sums.values(), Decimal(0))
    tiles: list[Tile] = []
    heads: list[dict[str, Any]] = []
    top = 0.0
    for code in sorted(parents, key=lambda code: -sums[code]):
        heads.append(
            {
                "x": 0,
                "y": top + HEAD - 3,
                "text": label(parents[code], theme),
                "xanchor": "left",
                "yanchor": "bottom",
            }
        )
        bottom = top + HEAD + float(sums[code] / whole) * HEIGHT
        tiles += _tiled([row for row in rows if row["programme"] == code], (0.0, 1.0, top + HEAD, bottom))
        top = bottom
    fills = [programme_colour(tile.row["programme"], theme) for tile in tiles]
    figure = house(theme, round(top), margin={"l": 0, "r": 0, "t": 0, "b": 0}, barmode="overlay")
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(range=[top, 0], visible=False)
    figure.add_bar(
        x=[(tile.left + tile.right) / 2 for tile in tiles],
        width=[tile.right - tile.left for tile in tiles],
        base=[tile.top for tile in tiles],
        y=[tile.bottom - tile.top for tile in tiles],
        marker={"color": fills, "line": {"color": TOKENS[theme].background, "width": 2}},
        hovertemplate=[
            hover(
                str(tile.row["heading"]),
                formatting.euros(tile.row["amount_eur"], locale=locale),
                str(tile.row["programme_label"]),
                kind,
            )
            for tile in tiles
        ],
    )
    named = [
        [
            *tile[:4],
            _short(tile.row),
            formatting.euros(tile.row["amount_eur"], locale=locale),
            ink_on(fill) or TOKENS[theme].text,
        ]
        for tile, fill in zip(tiles, fills, strict=True)
    ]
    figure.update_layout(annotations=heads, meta={"tiles": named, "locale": locale})
    name_tiles(figure.layout, theme, LEAST_WIDTH)
    return figure


def _tiled(rows: list[dict[str, Any]], box: tuple[float, float, float, float]) -> list[Tile]:
    """Rows from the largest as areas of a box: halves of like sums beside one another; above one another
    where that leaves more room for words.

    box: left, right, top, bottom.
    """
    left, right, top, bottom = box
    if len(rows) == 1:
        return [Tile(left, right, top, bottom, rows[0])]
    amounts = [float(row["amount_eur"]) for row in rows]
    whole = sum(amounts)
    cut = min(range(1, len(rows)), key=lambda number: abs(sum(amounts[:number]) - whole / 2))
    share = sum(amounts[:cut]) / whole
    wide, high, less = (right - left) * LEAST_WIDTH, bottom - top, min(share, 1 - share)
    is_stacked = less * wide < LEAST_TILE[0] and less * high >= LEAST_TILE[1]
    if wide >= high and not is_stacked:
        middle = left + share * (right - left)
        return _tiled(rows[:cut], (left, middle, top, bottom)) + _tiled(
            rows[cut:], (middle, right, top, bottom)
        )
    middle = top + share * (bottom - top)
    return _tiled(rows[:cut], (left, right, top, middle)) + _tiled(rows[cut:], (left, right, middle, bottom))


def name_tiles(
    layout: dict[str, Any], theme: Theme, width: float, height: float | None = None, scale: float = 1.0
) -> None:
    """Write the names of headings into their areas, and those that have no room there into lines below the
    drawing.

    layout: of a drawing of headings as plain JSON, with or without names; any other is left as it is. Its
    meta holds the tiles and the language of the drawing. width, height: pixels that areas and lines have
    together; without a height they take what they need. scale: pixels of the finished sheet for each of them.
    """
    meta = layout.get("meta") or {}
    tiles, locale = meta.get("tiles"), meta.get("locale", ENGLISH)
    if not tiles:
        return
    total = layout["yaxis"]["range"][0]
    small = max(LETTERS[-1], LETTERS[-1] / scale)
    sizes = [size for size in LETTERS if size > small] + [small]
    reserved = 0.0
    while True:  # lines take height from the areas, which may then lose one more name
        names: list[dict[str, Any]] = []
        rest: list[str] = []
        stretch = 1.0 if height is None else (height - reserved) / total
        for left, right, top, bottom, name, shown, ink in tiles:
            room = ((right - left) * width - 8, (bottom - top) * stretch - 5)
            if fitting := _fitting(name, shown, room, sizes, locale):
                names.append({"x": left, "y": top, "xshift": 5, "yshift": -2, **_written(*fitting, ink)})
            else:
                rest.append(say(text.HEADING, locale, heading=name, amount=shown))
        unnamed = say(text.NOT_NAMED, locale, headings="; ".join(rest))
        below = text_metrics.lines(unnamed, width, small) if rest else []
        needed = len(below) * LINE * small + 10 if below else 0.0
        if needed <= reserved:
            break
        reserved = needed
    if below:
        names.append(
            {
                "x": 0,
                "xref": "paper",
                "y": 0,
                "yref": "paper",
                "yshift": -6,
                **_written(below, small, TOKENS[theme].muted),
            }
        )
    heads = [note for note in layout.get("annotations", ()) if note.get("yanchor") == "bottom"]
    layout["annotations"] = [*heads, *names]
    layout["margin"] = {**layout.get("margin", {}), "b": reserved}
    if height is None:
        layout["height"] = round(total + reserved)


def _written(lines: list[str], size: float, ink: str) -> dict[str, Any]:
    """Lines as a label that hangs from its place.

    The browser takes the distance of lines from the letters of the whole label.
    """
    return {
        "text": "<br>".join(escape(line, quote=False) for line in lines),
        "font": {"size": size, "color": ink},
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
    }


def _fitting(
    name: str, shown: str, room: tuple[float, float], sizes: list[float], locale: str
) -> tuple[list[str], float] | None:
    """Name and amount in lines that fit into an area, and the size of their letters. None if none fit.

    room: width and height in pixels. sizes: of letters, from the one that is liked most.
    """
    for size in sizes:
        widest = room[0] / text_metrics.HOUSE
        if any(text_metrics.width(word, size) > widest for word in (*name.split(" "), shown)):
            continue
        apart, in_one = (
            [*text_metrics.lines(name, min(widest, 26 * size), size), shown],
            text_metrics.lines(say(text.HEADING, locale, heading=name, amount=shown), widest, size),
        )
        for lines in (apart, in_one):
            if len(lines) * LINE * size <= room[1]:
                return lines, size
    return None


def _bars(rows: list[dict[str, Any]], kind: str, theme: Theme, locale: str) -> Drawing:
    shown = rows[:NARROW_ROWS]
    highest = float(shown[0]["amount_eur"])
    names = [wrap(_short(row), 46) for row in shown]
    heights = [34.0 + 18 * _lines(lines, row) for lines, row in zip(names, shown, strict=True)]
    total = sum(heights)
    left_over = len(rows) - len(shown)
    figure = house(theme, round(total) + (26 if left_over else 6), margin={"l": 0, "r": 0, "t": 0, "b": 6})
    figure.update_xaxes(range=[0, highest * 1.35], visible=False)
    figure.update_yaxes(range=[total + (20 if left_over else 0), 0], visible=False)
    top = 0.0
    for row, lines, height in zip(shown, names, heights, strict=True):
        euros = formatting.euros(row["amount_eur"], locale=locale)
        programme = label(str(row["programme_label"]), theme, size=12, is_quiet=True)
        parts = [label(line, theme, size=13, is_bold=True) for line in lines]
        words = "<br>".join(parts) + (" " if _lines(lines, row) == len(lines) else "<br>") + programme
        middle = top + height - 21
        figure.add_bar(
            orientation="h",
            x=[float(row["amount_eur"])],
            y=[middle],
            width=[18],
            marker={"color": programme_colour(row["programme"], theme), "line": {"width": 0}},
            hovertemplate=hover(str(row["heading"]), euros, str(row["programme_label"]), kind),
        )
        figure.add_annotation(
            x=0, xref="paper", y=top, text=words, xanchor="left", yanchor="top", align="left"
        )
        figure.add_annotation(
            x=float(row["amount_eur"]),
            y=middle,
            text=label(euros, theme, is_bold=True),
            xanchor="left",
            yanchor="middle",
            xshift=7,
        )
        top += height
    if left_over:
        rest = label(say(text.MORE_HEADINGS, locale, number=left_over), theme, size=13, is_quiet=True)
        figure.add_annotation(x=0, xref="paper", y=total, text=rest, xanchor="left", yanchor="top")
    return figure


def _lines(name: list[str], row: dict[str, Any]) -> int:
    """Lines of a name on a phone: its programme stands behind it where there is room, else below it."""
    whole = text_metrics.HOUSE_BOLD * text_metrics.width(
        name[-1], 13
    ) + text_metrics.HOUSE * text_metrics.width(f" {row['programme_label']}", 12)
    return len(name) + (whole > PHONE)
