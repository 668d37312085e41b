"""A finished drawing on a page, without Plotly reading and checking it again for every reader.

`st.plotly_chart` asks a figure for its values and writes them as JSON. This figure has its JSON already, and
hands the larger part of it over as it is.
A test shows that the browser gets what it would get for the same figure made by Plotly.
"""

from typing import Any

import orjson
import streamlit as st
from plotly.basedatatypes import BaseFigure

from pages.parts.unvalidated_plotly import FinishedDrawing


class FinishedFigure(BaseFigure):  # type: ignore[misc]
    """A Plotly figure as far as Streamlit looks at it: it can be asked for its values, and for nothing
    else."""

    def __init__(self, drawing: FinishedDrawing) -> None:
        self._drawing = drawing

    def to_dict(self) -> dict[str, Any]:
        """The traces, and the layout as finished JSON."""
        return {"data": orjson.loads(self._drawing.traces), "layout": orjson.Fragment(self._drawing.layout)}


def show(drawing: FinishedDrawing, config: dict[str, Any], alt: str, key: str, is_clickable: bool) -> Any:
    """The chart, as st.plotly_chart would draw it. Gives what the reader selected, if it is_clickable."""
    return st.plotly_chart(
        FinishedFigure(drawing),
        theme=None,
        config=config,
        alt=alt,
        key=key,
        height=drawing.height,
        on_select="rerun" if is_clickable else "ignore",
        selection_mode="points",
    )
