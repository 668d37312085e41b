"""Hatches of images: strokes that fill their bars and nothing else, in every orientation and on an axis of
dates.
"""

import itertools
import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pages.parts.design_tokens import hatch
from pages.parts.images.vector_hatching import as_lines


def drawn(trace: dict[str, Any], **layout: Any) -> dict[str, Any]:
    """A drawing of one hatched bar in 200 × 100 pixels, after its hatch was made lines."""
    axes = {"xaxis": {"range": [0, 10]}, "yaxis": {"range": [0, 5]}}
    drawing = {"data": [{"type": "bar", "marker": hatch("light"), **trace}], "layout": {**axes, **layout}}
    as_lines(drawing, 200, 100)
    return drawing


def strokes(drawing: dict[str, Any]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Begin and end of the lines, in the values of the axes."""
    (_, lines) = drawing["data"]
    ends = list(zip(lines["x"], lines["y"], strict=True))
    assert ends[2::3] == [(None, None)] * (len(ends) // 3)
    return list(zip(ends[0::3], ends[1::3], strict=True))


@pytest.mark.parametrize(
    ("trace", "left", "right", "low", "high"),
    [
        ({"orientation": "h", "x": [4], "y": [2], "width": [1]}, 0, 4, 1.5, 2.5),
        ({"orientation": "h", "x": [4], "y": [2], "width": 1, "base": [3]}, 3, 7, 1.5, 2.5),
        ({"x": (5,), "y": (2,), "width": 2, "base": (1,)}, 4, 6, 1, 3),
    ],
)
def test_strokes_fill_their_bar_and_nothing_else(
    trace: dict[str, Any], left: float, right: float, low: float, high: float
) -> None:
    drawing = drawn(trace)
    assert (
        "pattern" not in drawing["data"][0]["marker"] and drawing["data"][0]["marker"]["line"]["width"] == 1
    )
    found = strokes(drawing)
    x = [end[0] for stroke in found for end in stroke]
    y = [end[1] for stroke in found for end in stroke]
    assert min(x) == pytest.approx(left) and max(x) == pytest.approx(right)
    assert min(y) == pytest.approx(low) and max(y) == pytest.approx(high)
    for (x0, y0), (x1, y1) in found:
        assert x1 > x0
        assert (y1 - y0) * 20 == pytest.approx((x1 - x0) * 20), "a pixel up for each pixel to the right"
    rises = sorted((y0 - x0) * 20 for (x0, y0), _ in found)
    run_in_worker = [(other - one) / math.sqrt(2) for one, other in itertools.pairwise(rises)]
    assert run_in_worker == pytest.approx([6.0] * len(run_in_worker)) and len(run_in_worker) > 5


def test_a_bar_over_days_is_hatched_on_a_turned_axis() -> None:
    days = {"type": "date", "range": ["2026-01-01", "2026-01-21"], "domain": [0.5, 1]}
    trace = {"orientation": "h", "x": [86_400_000 * 4], "base": ["2026-01-11"], "y": [1], "width": 1}
    found = strokes(drawn(trace, xaxis=days, yaxis={"range": [2.5, -0.5]}))
    begins = [datetime.fromtimestamp(end[0] / 1000, UTC).date() for stroke in found for end in stroke]
    assert (min(begins), max(begins)) == (date(2026, 1, 11), date(2026, 1, 15))
    assert all(end[1] < begin[1] for begin, end in found), "on an axis that counts downwards, up is less"


@pytest.mark.parametrize(
    ("trace", "layout"),
    [
        ({"x": [5], "y": [2], "width": [1]}, {"barmode": "stack"}),
        ({"x": [5], "y": [2], "width": [1]}, {"xaxis": {}}),
        ({"x": [5], "y": [2], "width": [1], "marker": {"color": "red"}}, {}),
    ],
)
def test_a_bar_whose_place_only_the_browser_knows_is_left_to_it(
    trace: dict[str, Any], layout: dict[str, Any]
) -> None:
    drawing = drawn(trace, **layout)
    assert len(drawing["data"]) == 1
    assert drawing["data"][0]["marker"] == trace.get("marker", hatch("light"))
