"""Money from node to node: bands whose width is the amount, or one bar for each flow on a phone."""

import functools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from pages.parts.design_tokens import (
    CONTEXT,
    KINDS,
    TOKENS,
    Theme,
    Width,
    funder_colour,
    programme_colour,
    tint,
)
from pages.parts.figures.common import house, hover, label, require, require_one_kind_of_euros
from pages.parts.text import flows as text
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows
from pipelines.queries.money_flows import LAYERS, MIXED, NONE, REST

HEIGHT, GAP = 470, 8  # pixels: of the drawing, between two nodes
LINES = 38  # pixels of a node with two lines beside it
LINE = 18  # pixels of a site, with one line
NODE = 0.0125  # width of a node as a share of the drawing
LINK_STRENGTH = 0.38
CURVE = 24  # points of each edge of a band
MOST_NARROW = 18  # bars on a phone
NARROW_ROW = 46
PLAIN = (NONE, REST, MIXED)

Key = tuple[str, str]


class _Place(NamedTuple):
    """Where a node stands: left edge, and the pixels from the top at which it begins and ends."""

    x: float
    top: float
    bottom: float


def flows(rows: pd.DataFrame, theme: Theme, width: Width = "wide", *, locale: str = ENGLISH) -> Drawing:
    """Bands from layer to layer; on a narrow window one bar for each flow.

    rows: layer (of the source), from_node, from_label, to_node, to_label, stage, basis, amount_eur (Decimal).
    Raises ValueError if a column is missing, there are no rows, or they hold more than one stage or basis.
    """
    require(rows, "layer", "from_node", "from_label", "to_node", "to_label", "stage", "basis", "amount_eur")
    require_one_kind_of_euros(rows)
    shown = [row for row in frame_rows.records(rows) if row["amount_eur"] > 0]
    return _bands(shown, theme, locale) if width == "wide" else _bars(shown, theme, locale)


def _ends(row: Mapping[Any, Any]) -> tuple[Key, Key]:
    after = LAYERS[LAYERS.index(row["layer"]) + 1]
    return (row["layer"], row["from_node"]), (after, row["to_node"])


def _colours(rows: Sequence[Mapping[Any, Any]], theme: Theme) -> dict[Key, str]:
    """The colour of each node: those of the house; a site has that of its kind."""
    colours: dict[Key, str] = {}
    for row in rows:
        source, target = _ends(row)
        for key in (source, target):
            colours[key] = _colour(key, theme, colours[source] if key[0] == "site" else "")
    return colours


def _colour(key: Key, theme: Theme, of_kind: str) -> str:
    layer, code = key
    if code in PLAIN:
        return CONTEXT.on(theme)
    match layer:
        case "funder":
            return funder_colour(code, theme)
        case "programme":
            return programme_colour(code, theme)
        case "initiative":
            return TOKENS[theme].accent
        case "kind":
            return KINDS[code].on(theme) if code in KINDS else CONTEXT.on(theme)
    return of_kind


def _sizes(rows: Sequence[Mapping[Any, Any]]) -> dict[Key, Decimal]:
    """What passes through each node, EUR: what enters it, or leaves it where nothing does."""
    entering: dict[Key, Decimal] = defaultdict(Decimal)
    leaving: dict[Key, Decimal] = defaultdict(Decimal)
    for row in rows:
        source, target = _ends(row)
        leaving[source] += row["amount_eur"]
        entering[target] += row["amount_eur"]
    return {key: max(entering[key], leaving[key]) for key in dict.fromkeys([*leaving, *entering])}


def _places(sizes: Mapping[Key, Decimal], kinds: Mapping[Key, Key]) -> tuple[dict[Key, _Place], float, int]:
    """Where each node stands, the pixels of a euro, and the height of the drawing."""
    layers = [layer for layer in LAYERS if any(key[0] == layer for key in sizes)]
    columns: dict[str, list[Key]] = {}
    for layer in layers:
        rank = {key: place for keys in columns.values() for place, key in enumerate(keys)}
        keys = [key for key in sizes if key[0] == layer]
        columns[layer] = sorted(keys, key=functools.partial(_order, sizes=sizes, rank=rank, kinds=kinds))
    height = max(HEIGHT, 60 + max(sum(_slot(key) + GAP for key in keys) for keys in columns.values()))
    scale = _scale(columns, sizes, height)
    places: dict[Key, _Place] = {}
    for number, (layer, keys) in enumerate(columns.items()):
        x = (1 if number == len(layers) - 1 else number * _step(len(layers))) * (1 - NODE)
        used = sum(max(_slot(key), float(sizes[key]) * scale) for key in keys) + GAP * (len(keys) - 1)
        at = (height - used) / 2 if layer != layers[0] else 0.0
        for key in keys:
            thickness = float(sizes[key]) * scale
            slot = max(_slot(key), thickness)
            places[key] = _Place(x, at + (slot - thickness) / 2, at + (slot + thickness) / 2)
            at += slot + GAP
    return places, scale, height


def _step(layers: int) -> float:
    """From one layer to the next, as a share of the width: sites have room for their names before them."""
    return 0.22 if layers == len(LAYERS) else 1 / max(1, layers - 1)


def _slot(key: Key) -> int:
    """The least room of a node, in pixels."""
    return LINE if key[0] == "site" else LINES


def _order(
    key: Key, sizes: Mapping[Key, Decimal], rank: Mapping[Key, int], kinds: Mapping[Key, Key]
) -> tuple[bool, int, Decimal, Key]:
    """The largest node first, what is named before what is not; sites in the order of their kinds."""
    return (key[1] in PLAIN, rank[kinds[key]] if key in kinds else 0, -sizes[key], key)


def _scale(columns: Mapping[str, Sequence[Key]], sizes: Mapping[Key, Decimal], height: int) -> float:
    """The most pixels of a euro with which every layer fits into the height."""
    low, high = 0.0, height / max(float(sum(sizes[key] for key in keys)) for keys in columns.values())
    for _ in range(40):
        middle = (low + high) / 2
        is_fitting = all(
            sum(max(_slot(key), float(sizes[key]) * middle) for key in keys) + GAP * (len(keys) - 1) <= height
            for keys in columns.values()
        )
        low, high = (middle, high) if is_fitting else (low, middle)
    return low


def _bands(rows: Sequence[Mapping[Any, Any]], theme: Theme, locale: str) -> Drawing:
    sizes, colours = _sizes(rows), _colours(rows, theme)
    kinds = {target: source for source, target in map(_ends, rows) if target[0] == "site"}
    places, scale, height = _places(sizes, kinds)
    figure = house(theme, height, margin={"l": 0, "r": 0, "t": 2, "b": 2})
    figure.update_xaxes(range=[0, 1], visible=False)
    figure.update_yaxes(range=[height, 0], visible=False)
    leaving = {key: place.top for key, place in places.items()}
    entering = dict(leaving)
    ordered = sorted(rows, key=lambda row: (places[_ends(row)[0]].top, places[_ends(row)[1]].top))
    for row in ordered:
        source, target = _ends(row)
        thickness = float(row["amount_eur"]) * scale
        colour = colours[target] if source[0] not in ("programme",) else colours[source]
        if target[1] in PLAIN and source[0] != "programme":
            colour = CONTEXT.on(theme)
        start, end = places[source].x + NODE, places[target].x
        x, upper = _curve(start, end, leaving[source], entering[target])
        lower = [y + thickness for y in upper]
        figure.add_scatter(
            x=[*x, *reversed(x)],
            y=[*upper, *reversed(lower)],
            mode="lines",
            fill="toself",
            fillcolor=tint(colour, LINK_STRENGTH),
            line={"width": 0.75, "color": tint(colour, LINK_STRENGTH)},
            hoveron="fills",
            hoverinfo="text",
            text=hover(
                row["from_label"], row["to_label"], formatting.euros(row["amount_eur"], locale=locale)
            ).replace("<extra></extra>", ""),
        )
        leaving[source] += thickness
        entering[target] += thickness
    names = {
        key: name
        for row in rows
        for key, name in zip(_ends(row), (row["from_label"], row["to_label"]), strict=True)
    }
    figure.update_layout(
        shapes=[_node(places[key], colours[key]) for key in places],
        annotations=[
            _words(key, names[key], sizes[key], place, theme, locale) for key, place in places.items()
        ],
    )
    return figure


def _curve(start: float, end: float, before: float, after: float) -> tuple[list[float], list[float]]:
    """The upper edge of a band, from one node to the next."""
    steps = [number / (CURVE - 1) for number in range(CURVE)]
    eased = [(1 - math.cos(math.pi * step)) / 2 for step in steps]
    return (
        [round(start + (end - start) * step, 5) for step in steps],
        [round(before + (after - before) * share, 2) for share in eased],
    )


def _node(place: _Place, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": place.x,
        "x1": place.x + NODE,
        "y0": place.top,
        "y1": max(place.bottom, place.top + 1),
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "above",
    }


def _words(key: Key, name: str, size: Decimal, place: _Place, theme: Theme, locale: str) -> dict[str, Any]:
    """Name and amount beside a node, in two lines; of a site in one. In the layers of sites and their kinds
    they stand at the left.
    """
    is_left = key[0] in ("kind", "site")
    lines = (
        label(name, theme, size=13, is_bold=key[1] not in PLAIN),
        label(formatting.euros(size, locale=locale), theme, size=13),
    )
    return {
        "x": place.x if is_left else place.x + NODE,
        "y": (place.top + place.bottom) / 2,
        "text": ("\u2002" if key[0] == "site" else "<br>").join(lines),
        "align": "right" if is_left else "left",
        "xanchor": "right" if is_left else "left",
        "yanchor": "middle",
        "xshift": -7 if is_left else 7,
    }


def _bars(rows: Sequence[Mapping[Any, Any]], theme: Theme, locale: str) -> Drawing:
    shown, left_over = rows[:MOST_NARROW], max(0, len(rows) - MOST_NARROW)
    colours = _colours(rows, theme)
    longest = max((float(row["amount_eur"]) for row in shown), default=1.0)
    height = NARROW_ROW * (len(shown) + bool(left_over)) + 8
    figure = house(theme, height, margin={"l": 0, "r": 0, "t": 0, "b": 4})
    figure.update_xaxes(range=[0, longest * 1.34], visible=False)
    figure.update_yaxes(range=[len(shown) + (0.5 if left_over else -0.3), -0.7], visible=False)
    figure.add_bar(
        orientation="h",
        x=[float(row["amount_eur"]) for row in shown],
        y=list(range(len(shown))),
        width=0.32,
        marker={"color": [colours[_ends(row)[1]] for row in shown], "line": {"width": 0}},
        hovertemplate=[
            hover(row["from_label"], row["to_label"], formatting.euros(row["amount_eur"], locale=locale))
            for row in shown
        ],
    )
    notes: list[dict[str, Any]] = []
    for place, row in enumerate(shown):
        words = say(text.NARROW, locale, source=row["from_label"], target=row["to_label"])
        euros = formatting.euros(row["amount_eur"], locale=locale)
        above = {"x": 0, "y": place - 0.24, "xanchor": "left", "yanchor": "bottom"}
        beside = {
            "x": float(row["amount_eur"]),
            "y": place,
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 6,
        }
        notes.append({**above, "text": label(words, theme, size=13)})
        notes.append({**beside, "text": label(euros, theme, size=13, is_bold=True)})
    if left_over:
        more = say(text.MORE, locale, number=left_over)
        notes.append(
            {"x": 0, "y": len(shown), "text": label(more, theme, size=13, is_quiet=True), "xanchor": "left"}
        )
    figure.update_layout(annotations=notes)
    return figure
