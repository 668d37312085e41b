"""Bars with names: every row one bar to scale, a part in full colour, hatch for what is not published."""

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pages.parts.design_tokens import Theme, Width, funder_colour
from pages.parts.figures.bars import LINE, MOST_BARS, ROW, bars
from pages.parts.unvalidated_plotly import Drawing

WIDTHS: tuple[Width, Width] = ("wide", "narrow")


def rows(*amounts: tuple[str, str, int | None, int | None], colour: str = "") -> pd.DataFrame:
    """group, name, amount, inner."""
    return pd.DataFrame(
        [
            {
                "group": group,
                "name": name,
                "amount": None if amount is None else Decimal(amount),
                "inner": None if inner is None else Decimal(inner),
                "said": f"{amount} said",
                "more": "contracted · eu-contribution",
                "colour": colour,
            }
            for group, name, amount, inner in amounts
        ],
        dtype=object,
    ).where(lambda cells: cells.notna(), None)


def lengths(drawing: Drawing) -> list[float]:
    return [trace["x"][0] for trace in drawing.figure().to_plotly_json()["data"]]


def words(drawing: Drawing) -> str:
    return " ".join(note["text"] for note in drawing.layout["annotations"])


@pytest.mark.parametrize("width", WIDTHS)
def test_each_row_is_a_bar_and_its_part_one_over_it(width: Width) -> None:
    drawing = bars(rows(("", "A", 100, 40), ("", "B", 50, 0), ("", "C", 20, 20)), "light", width)
    assert lengths(drawing) == [100, 40, 50, 20]
    assert all(name in words(drawing) for name in ("A", "B", "C", "100 said"))


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_published_is_hatched_and_has_no_length_of_its_own(width: Width) -> None:
    drawing = bars(rows(("", "A", 100, None), ("", "B", None, None)), "dark", width)
    known, unknown = drawing.figure().data
    assert not known.marker.pattern.shape and unknown.marker.pattern.shape == "/"
    assert 0 < unknown.x[0] < known.x[0]


def test_groups_have_one_heading_each_and_share_one_scale() -> None:
    drawing = bars(
        rows(("Paid", "A", 10, None), ("Paid", "B", 5, None), ("Promised", "C", 20, None)), "light"
    )
    said = words(drawing)
    assert said.count("Paid") == said.count("Promised") == 1
    places = [trace["y"][0] for trace in drawing.traces]
    assert places == sorted(places) and len(set(places)) == 3


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_too_many_are_counted_and_not_dropped_in_silence(width: Width) -> None:
    many = rows(*(("", f"N{number}", number + 1, None) for number in range(MOST_BARS[width] + 3)))
    drawing = bars(many, "light", width, others=4)
    assert len(drawing.traces) == MOST_BARS[width]
    assert "7\u00a0more are in the table." in words(drawing)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_name_takes_a_second_line_and_keeps_clear_of_the_next(width: Width) -> None:
    name = "FRAUNHOFER GESELLSCHAFT ZUR FORDERUNG DER ANGEWANDTEN FORSCHUNG EV"
    drawing = bars(rows(("", name, 3, None), ("", "B", 3, None), ("", "C", 3, None)), "light", width)
    first, second, third = (trace["y"][0] for trace in drawing.traces)
    written = next(note for note in drawing.layout["annotations"] if "FRAUNHOFER" in note["text"])
    assert written["text"].count("<br>") == 1 and "FORSCHUNG EV" in written["text"]
    assert "…" not in words(drawing)
    further = second - first - (third - second)
    assert (further > 0) == (width == "wide") and written["y"] <= first
    assert drawing.layout["height"] > 3 * ROW[width] + LINE


def test_a_name_of_three_lines_ends_in_an_ellipsis_and_stands_whole_in_the_box() -> None:
    name = "INSTITUTE FOR THE ADVANCEMENT OF COMPUTING " * 4
    drawing = bars(rows(("", name, 3, None)), "light")
    assert "…" in words(drawing) and name not in words(drawing)
    assert name in drawing.traces[0]["hovertemplate"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_have_the_colour_of_who_pays(theme: Theme) -> None:
    drawing = bars(rows(("", "A", 3, None), colour="member-states"), theme, colour_of=funder_colour)
    assert drawing.traces[0]["marker"]["color"] == funder_colour("member-states", theme)


def test_a_frame_without_rows_or_columns_is_refused() -> None:
    empty: Any = rows(("", "A", 1, None)).head(0)
    with pytest.raises(ValueError, match=r"."):
        bars(empty, "light")
    with pytest.raises(ValueError, match="inner"):
        bars(rows(("", "A", 1, None)).drop(columns="inner"), "light")
