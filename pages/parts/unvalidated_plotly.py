"""A drawing: what Plotly draws, as plain values, and as finished JSON. Pure.

Plotly's own `Figure` checks every value whenever one is added, which takes longer than everything else that a
page does. The checks are therefore
made once, by the tests, and not for every reader: a test makes a Plotly figure of each drawing.
"""

import copy
from collections.abc import Mapping
from typing import Any

import orjson
import plotly.graph_objects as go
import plotly.io

from pages.parts.design_tokens import Theme, template

_TEMPLATES: dict[Theme, dict[str, Any]] = {
    theme: template(theme).to_plotly_json() for theme in ("light", "dark")
}


class FinishedDrawing:
    """A drawing as JSON, which does not change any more. traces, layout: JSON texts; height: in pixels."""

    __slots__ = ("height", "layout", "traces")

    def __init__(self, traces: bytes, layout: bytes, height: int) -> None:
        self.traces, self.layout, self.height = traces, layout, height

    @property
    def json(self) -> str:
        """The whole as Plotly reads it."""
        return f'{{"data":{self.traces.decode()},"layout":{self.layout.decode()}}}'

    def to_plotly_json(self) -> dict[str, Any]:
        """The whole as plain values, a copy for the caller to change."""
        return {"data": orjson.loads(self.traces), "layout": orjson.loads(self.layout)}

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.traces) + len(self.layout) + 200

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FinishedDrawing) and (self.traces, self.layout) == (
            other.traces,
            other.layout,
        )

    def __hash__(self) -> int:
        return hash((self.traces, self.layout))


class Drawing:
    """A drawing while it is made, with those commands of a Plotly figure that the figures of the house use.

    traces, layout: as in Plotly's JSON. Values that are None are left out.
    """

    def __init__(self, theme: Theme, height: int, **layout: Any) -> None:
        self.traces: list[dict[str, Any]] = []
        self.layout: dict[str, Any] = {"template": _TEMPLATES[theme], "height": height, **_stated(layout)}

    def add_bar(self, **trace: Any) -> None:
        """Add bars."""
        self._add("bar", trace)

    def add_scatter(self, **trace: Any) -> None:
        """Add points or lines."""
        self._add("scatter", trace)

    def add_scattergeo(self, **trace: Any) -> None:
        """Add points on a map."""
        self._add("scattergeo", trace)

    def _add(self, kind: str, trace: Mapping[str, Any]) -> None:
        self.traces.append({**_stated(trace), "type": kind})

    def add_annotation(self, **note: Any) -> None:
        """Add words at a place."""
        self.layout.setdefault("annotations", []).append(_stated(note))

    def add_shape(self, **shape: Any) -> None:
        """Add a line or an area that stands for no data."""
        self.layout.setdefault("shapes", []).append(_stated(shape))

    def update_layout(self, **changes: Any) -> None:
        """Change parts of the layout; a part with parts of its own keeps those that are not named."""
        _merge(self.layout, changes)

    def update_xaxes(self, **changes: Any) -> None:
        """Change the horizontal axis."""
        _merge(self.layout, {"xaxis": changes})

    def update_yaxes(self, **changes: Any) -> None:
        """Change the vertical axis."""
        _merge(self.layout, {"yaxis": changes})

    def update_geos(self, **changes: Any) -> None:
        """Change the map."""
        _merge(self.layout, {"geo": changes})

    def finished(self) -> FinishedDrawing:
        """The drawing as JSON."""
        return FinishedDrawing(
            _as_json("data", self.traces), _as_json("layout", self.layout), int(self.layout["height"])
        )

    def to_json(self) -> str:
        """The drawing as Plotly reads it."""
        return self.finished().json

    def to_plotly_json(self) -> dict[str, Any]:
        """The drawing as plain values, a copy for the caller to change."""
        return copy.deepcopy({"data": self.traces, "layout": self.layout})

    def figure(self) -> go.Figure:
        """The drawing as a Plotly figure. Raises ValueError if Plotly would refuse a part of it."""
        return go.Figure(self.to_plotly_json())


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that are None."""
    return {name: value for name, value in values.items() if value is not None}


def _merge(part: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in _stated(changes).items():
        own = part.get(name)
        if isinstance(own, dict) and isinstance(value, Mapping):
            _merge(own, value)
        else:
            part[name] = value


def _as_json(name: str, part: object) -> bytes:
    """One part of a figure as Plotly writes it: days as text, signs that a page could take for markup spelt
    out.
    """
    whole: str = plotly.io.to_json({name: part}, validate=False, remove_uids=False)
    return whole.removeprefix(f'{{"{name}":')[:-1].encode()
