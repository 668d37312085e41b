"""Hatched bars of an image as lines of their own: a browser writes a pattern into a PDF as pictures, large,
slow and blurred in print. Pure.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import pandas as pd


def as_lines(drawing: dict[str, Any], width: float, height: float) -> None:
    """Draw each "/" pattern of bars as lines at its place, so that every format has the same strokes.

    drawing: a Plotly figure as plain JSON. width, height: pixels of its plot area. Left as it is: a bar on an
        axis without a range,
    and a bar without a base where bars are stacked, because its place is only known to the browser.
    """
    traces: list[dict[str, Any]] = []
    for trace in drawing["data"]:
        traces.append(trace)
        pattern = trace.get("marker", {}).get("pattern")
        if trace["type"] != "bar" or not pattern or pattern["shape"] != "/":
            continue
        across, up = _Axis(drawing["layout"]["xaxis"], width), _Axis(drawing["layout"]["yaxis"], height)
        is_placed = "base" in trace or drawing["layout"].get("barmode") not in ("stack", "relative")
        if not (across.has_range and up.has_range and is_placed):
            continue
        del trace["marker"]["pattern"]
        x: list[float | None] = []
        y: list[float | None] = []
        for area in _areas(trace, across, up):
            for (x0, y0), (x1, y1) in _strokes(*area, pattern["size"]):
                x += [across.value(x0), across.value(x1), None]
                y += [up.value(y0), up.value(y1), None]
        line = {"color": pattern["fgcolor"], "width": pattern["solidity"] * pattern["size"]}
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": y,
                "line": line,
                "connectgaps": False,
                "hoverinfo": "skip",
            }
        )
    drawing["data"] = traces


class _Axis:
    """Pixels along an axis of a layout, from where its range begins, and the values there; dates are
    milliseconds.
    """

    def __init__(self, axis: dict[str, Any], room: float) -> None:
        self._is_date = axis.get("type") == "date"
        self.has_range = axis.get("range") is not None
        if self.has_range:
            low, high = axis.get("domain") or (0, 1)
            self._begin, end = (self.number(value) for value in axis["range"])
            self._pixels = room * (high - low) / (end - self._begin)

    def number(self, value: Any) -> float:
        return pd.Timestamp(value).timestamp() * 1000 if self._is_date else float(value)

    def pixel(self, number: float) -> float:
        return (number - self._begin) * self._pixels

    def value(self, pixel: float) -> float:
        return self._begin + pixel / self._pixels


def _areas(trace: dict[str, Any], across: _Axis, up: _Axis) -> Iterator[tuple[float, float, float, float]]:
    """Left, right, lower and upper edge of each bar of a trace, in pixels."""
    is_lying = trace.get("orientation") == "h"
    along, beside = (across, up) if is_lying else (up, across)
    lengths, positions = (trace["x"], trace["y"]) if is_lying else (trace["y"], trace["x"])
    number = len(lengths)
    for length, position, thick, base in zip(
        lengths, positions, _each(trace["width"], number), _each(trace.get("base", 0), number), strict=True
    ):
        start = along.number(base) if base else 0.0
        first, last = sorted((along.pixel(start), along.pixel(start + float(length))))
        low, high = sorted(
            (beside.pixel(float(position) - thick / 2), beside.pixel(float(position) + thick / 2))
        )
        yield (first, last, low, high) if is_lying else (low, high, first, last)


def _each(value: Any, number: int) -> list[Any]:
    """One value for each bar; Plotly takes one for all of them too."""
    return list(value) if isinstance(value, list | tuple) else [value] * number


def _strokes(
    left: float, right: float, low: float, high: float, size: float
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Begin and end of the lines that rise at 45° through an area, `size` pixels apart; they meet those of
    the areas beside it.
    """
    step = size * math.sqrt(2)
    for rise in itertools.takewhile(
        lambda at: at < high - left, (step * n for n in itertools.count(math.ceil((low - right) / step)))
    ):
        begin, end = max(left, low - rise), min(right, high - rise)
        if end > begin:
            yield (begin, begin + rise), (end, end + rise)
