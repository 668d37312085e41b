"""Figures, tested by their data and words: nothing is drawn that was not given, nothing is added that does
not add.
"""

import itertools
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from pages.parts import figures as parts
from pages.parts.design_tokens import TOKENS, Theme, Width
from pages.parts.figures.common import ticks
from pages.parts.promise_delays import slips as slips_of
from pages.parts.text.promise_delays import month_words
from pages.parts.unvalidated_plotly import Drawing
from pipelines.partial_dates import read_partial_date

THEMES: tuple[Theme, Theme] = ("light", "dark")
WIDTHS: tuple[Width, Width] = ("wide", "narrow")
M = Decimal(1_000_000)
TODAY = date(2026, 11, 23)


def checked(draw: Callable[..., Drawing]) -> Callable[..., go.Figure]:
    """The drawing as a Plotly figure: Plotly refuses what it would not draw."""
    return lambda *values, **named: draw(*values, **named).figure()


figures = SimpleNamespace(
    MOST_COUNTRIES=parts.MOST_COUNTRIES,
    **{name: checked(getattr(parts, name)) for name in parts.__all__ if name != "MOST_COUNTRIES"},
)


def frame(rows: list[tuple[Any, ...]], columns: str) -> pd.DataFrame:
    """As the reader gives it: every column holds objects, None where something is missing."""
    return pd.DataFrame(rows, columns=columns.split()).astype(object).where(lambda cells: cells.notna(), None)


LADDER = frame(
    [
        (
            "announced",
            "investment-mobilised",
            "InvestAI",
            "investment to be mobilised",
            200_000 * M,
            "exact",
            1,
            0,
            False,
            "1",
        ),
        (
            "announced",
            "investment-mobilised",
            "AI gigafactories",
            "investment to be mobilised",
            20_000 * M,
            "exact",
            1,
            0,
            True,
            "2",
        ),
        (
            "programmed",
            "total-cost",
            "19 AI factories",
            "EU and national",
            2_600 * M,
            "over",
            1,
            0,
            False,
            "3",
        ),
        (
            "paid",
            "eu-contribution",
            "Paid to beneficiaries",
            "EU contribution",
            None,
            "exact",
            1,
            1,
            False,
            None,
        ),
    ],
    "stage basis label basis_label amount_eur qualifier entries entries_unknown is_of_which reference",
)
ENVELOPES = frame(
    [
        ("Horizon Europe", "horizon-europe", "programmed", "eu-contribution", 93_500 * M, False, 1, 0),
        ("CEF Digital", "cef-digital", "programmed", "eu-contribution", 2_065 * M, False, 1, 0),
        ("EuroHPC JU", "horizon-europe", "programmed", "eu-contribution", 1_660 * M, True, 1, 0),
        ("EuroHPC JU", "cef-digital", "programmed", "eu-contribution", 320 * M, True, 1, 0),
    ],
    "label programme stage basis amount_eur is_removed entries entries_unknown",
)
AI = frame(
    [
        ("programmed", "programmed", "eu-contribution", "strict", 4_264 * M, 2, 0),
        ("programmed", "programmed", "eu-contribution", "broad", 6_604 * M, 4, 1),
        ("contracted", "contracted", "eu-contribution", "broad", None, 1, 1),
    ],
    "stage stage_label basis reading amount_eur entries entries_unknown",
)
YEARS = frame(
    [
        ("horizon-europe", "Horizon Europe", 2024, "programmed", "eu-contribution", 12_800 * M, 1, 0),
        ("digital-europe", "Digital Europe", 2024, "programmed", "eu-contribution", 1_300 * M, 1, 0),
        ("horizon-europe", "Horizon Europe", 2025, "programmed", "eu-contribution", 12_700 * M, 1, 0),
        ("digital-europe", "Digital Europe", 2025, "programmed", "eu-contribution", None, 1, 1),
    ],
    "programme programme_label year stage basis amount_eur entries entries_unknown",
)
HEADINGS = YEARS.assign(heading=["Climate", "Skills", "Health", "Chips"])
COUNTRIES = frame(
    [
        (
            "Luxembourg",
            "committed",
            "eu-contribution",
            Decimal("689.85"),
            "€689.85",
            "€476.7 M ÷ 691,000 people",
        ),
        ("Italy", "committed", "eu-contribution", Decimal("0.10"), "€0.10", "€5.9 M ÷ 58.9 million people"),
        ("Norway", "committed", "eu-contribution", None, "no data", "€8.1 M"),
    ],
    "country_label stage basis measure measure_words derivation",
)
SITES = frame(
    [
        ("it4lia", "IT4LIA", "ai-factory", "AI factory", "open", True, 44.49, 11.34, "Bologna", "IT"),
        (
            "lumi",
            "LUMI AI Factory",
            "ai-factory",
            "AI factory",
            "selected",
            False,
            64.2,
            27.7,
            "Kajaani",
            "FI",
        ),
        (
            "nokia",
            "Finnish bid",
            "gigafactory",
            "gigafactory bid",
            "only a bid",
            False,
            64.2,
            27.7,
            "Kajaani",
            "FI",
        ),
        (
            "telekom",
            "Deutsche Telekom",
            "gigafactory",
            "gigafactory bid",
            "only a bid",
            False,
            None,
            None,
            None,
            "DE",
        ),
    ],
    "site_id name kind kind_label status_label is_open lat lon city country",
)


def promise(key: str, dates: list[str], happened: str | None = None) -> list[tuple[Any, ...]]:
    done = tuple(read_partial_date(happened) or ()) if happened else (None, None, None)
    return [
        (key, number, key.title(), *(read_partial_date(text) or ()), *done)
        for number, text in enumerate(dates, start=1)
    ]


PROMISES = frame(
    [
        *promise("call", ["2025-12", "2026-03", "2026-05", "2026-07"]),
        *promise("pharos", ["2025-04"]),
        *promise("lumi-ai", ["2026-12", "2027-Q2"]),
        *promise("hammerhai", ["2026-12", "2027"]),
        *promise("it4lia", ["2026-12", "2026-12-31"]),
        *promise("daedalus", ["2026-11-30"]),
        *promise("jupiter", ["2025-09", "2025-10"], "2025-11-07"),
    ],
    "promise_id statement title promised_on promised_until promised_precision happened_on happened_until happened_precision",
)
MILESTONES = frame(
    [
        (date(2018, 6, 14), date(2018, 6, 14), "day", "agreement", "Finland signs", False, None),
        (date(2026, 7, 1), date(2026, 9, 30), "quarter", "call opens", "Gigafactory call", True, "call"),
        (date(2033, 1, 1), date(2033, 12, 31), "year", "other", "The joint undertaking ends", True, None),
    ],
    "dated_on dated_until date_precision event_label title is_planned promise_id",
)

FLOWS = frame(
    [
        ("funder", "eu-budget", "EU budget", "horizon-europe", "Horizon Europe", 100 * M),
        ("funder", "eu-budget", "EU budget", "digital-europe", "Digital Europe", 50 * M),
        ("programme", "horizon-europe", "Horizon Europe", "none", "No initiative named", 60 * M),
        ("programme", "horizon-europe", "Horizon Europe", "eurohpc-ju", "EuroHPC JU", 40 * M),
        ("programme", "digital-europe", "Digital Europe", "eurohpc-ju", "EuroHPC JU", 50 * M),
        ("initiative", "none", "No initiative named", "rest", "Not allocated", 60 * M),
        ("initiative", "eurohpc-ju", "EuroHPC JU", "rest", "Not allocated", 70 * M),
        ("initiative", "eurohpc-ju", "EuroHPC JU", "supercomputer", "Supercomputer", 20 * M),
        ("kind", "supercomputer", "Supercomputer", "lumi", "LUMI", 15 * M),
        ("kind", "supercomputer", "Supercomputer", "leonardo", "Leonardo", 5 * M),
    ],
    "layer from_node from_label to_node to_label amount_eur",
).assign(stage="programmed", basis="eu-contribution")

COMPARED = frame(
    [
        ("France", 200 * M, Decimal("2.9"), Decimal("0.007"), Decimal(40)),
        ("Italy", 100 * M, Decimal("1.7"), Decimal("0.005"), Decimal(20)),
        ("Moldova", None, None, None, None),
    ],
    "name amount_eur eur_per_person percent_of_gdp percent_of_eu",
).assign(stage="committed", basis="eu-contribution")
PANELS = {
    "amount_eur": "Euros",
    "eur_per_person": "Euros per person",
    "percent_of_gdp": "% of GDP",
    "percent_of_eu": "% of the EU’s total",
}
for measure in PANELS:
    COMPARED[f"{measure}_said"] = ["a great many euros", "some", "no data"]

DRAWINGS = {
    "compare": lambda theme, width: parts.compare(COMPARED, theme, width, panels=PANELS),
    "flows": lambda theme, width: parts.flows(FLOWS, theme, width),
    "ladder": lambda theme, width: parts.ladder(LADDER, theme, width),
    "ai": lambda theme, width: parts.ai(AI, theme, width),
    "envelopes": lambda theme, width: parts.envelopes(ENVELOPES, theme, width),
    "gross": lambda theme, width: parts.envelopes(ENVELOPES, theme, width, is_gross=True),
    "years": lambda theme, width: parts.years(YEARS, theme, width),
    "headings": lambda theme, width: parts.headings(HEADINGS, theme, width),
    "countries": lambda theme, width: parts.countries(COUNTRIES, theme, width),
    "sites": lambda theme, width: parts.sites_map(SITES, theme, width, chosen="it4lia", named=["lumi"]),
    "timeline": lambda theme, width: parts.timeline(slips_of(PROMISES, TODAY), TODAY, theme, width),
    "milestones": lambda theme, width: parts.milestones(MILESTONES, TODAY, theme, width),
}
DRAWN = {name: checked(draw) for name, draw in DRAWINGS.items()}


def said(figure: go.Figure) -> str:
    return " | ".join(annotation.text for annotation in figure.layout.annotations)


def hatched(figure: go.Figure) -> list[go.Bar]:
    return [bar for bar in figure.data if isinstance(bar, go.Bar) and bar.marker.pattern.shape]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", DRAWN)
def test_each_figure_is_drawn_in_both_themes_and_widths(name: str, theme: Theme, width: Width) -> None:
    figure = DRAWN[name](theme, width)
    assert figure.data and figure.layout.height and not figure.layout.title.text
    assert figure.to_json() == DRAWN[name](theme, width).to_json()


@pytest.mark.parametrize("name", DRAWN)
def test_the_finished_json_is_what_plotly_itself_would_write(name: str) -> None:
    drawing = DRAWINGS[name]("light", "wide")
    assert json.loads(drawing.to_json()) == json.loads(drawing.figure().to_json())
    assert drawing.finished().to_plotly_json() == json.loads(drawing.to_json())


def test_readings_of_ai_stand_side_by_side_and_what_has_no_amount_is_hatched() -> None:
    figure = DRAWN["ai"]("light", "wide")
    assert figure.layout.barmode == "overlay", "readings are never put on one another"
    assert [bar.x[0] for bar in figure.data[:2]] == [float(4_264 * M), float(6_604 * M)]
    assert len({bar.y[0] for bar in figure.data}) == len(figure.data) == 3
    assert len(hatched(figure)) == 1
    assert "€4.3" in said(figure) and "≥" in said(figure) and "not published" in said(figure)


def test_bands_are_as_wide_as_their_money_and_leave_a_node_as_wide_as_they_enter_it() -> None:
    figure = DRAWN["flows"]("light", "wide")
    wide = [
        max(band.y) - min(band.y) if len(set(band.y)) == 2 else band.y[-1] - band.y[0] for band in figure.data
    ]
    assert len(figure.data) == len(FLOWS)
    bands = {
        band.text.replace("<b>", "").replace("</b>", ""): width
        for band, width in zip(figure.data, wide, strict=True)
    }
    per_euro = bands["EU budget<br>Horizon Europe<br>€100\u00a0M"] / 100
    for name, width in bands.items():
        euros = float(name.split("€")[1].removesuffix("\u00a0M"))
        assert width == pytest.approx(per_euro * euros, rel=0.02), name
    nodes = {shape.x0: 0.0 for shape in figure.layout.shapes}
    for shape in figure.layout.shapes:
        nodes[shape.x0] += shape.y1 - shape.y0
    first, *_ = (nodes[x] for x in sorted(nodes))
    assert first == pytest.approx(150 * per_euro, rel=0.02)
    assert "LUMI" in said(figure) and "Not allocated" in said(figure)


@pytest.mark.parametrize("width", WIDTHS)
def test_compared_countries_have_one_scale_in_each_panel_and_no_data_is_hatched(width: Width) -> None:
    figure = DRAWN["compare"]("light", width)
    known = [bar for bar in figure.data if not bar.marker.pattern.shape]
    assert len(known) == len(hatched(figure)) == 4
    assert [bar.x[0] / bar.x[1] for bar in known[:1]] == [2]
    assert said(figure).count("no data") == 4


def test_names_beside_nodes_of_one_layer_never_overlap() -> None:
    notes = DRAWN["flows"]("light", "wide").layout.annotations
    by_layer: dict[float, list[float]] = {}
    for note in notes:
        by_layer.setdefault(note.x, []).append(note.y)
    for places in by_layer.values():
        ordered = sorted(places)
        assert all(after - before >= 18 for before, after in itertools.pairwise(ordered))


@pytest.mark.parametrize("draw", [figures.envelopes, figures.years, figures.headings])
@pytest.mark.parametrize("column", ["stage", "basis"])
def test_euros_of_several_stages_or_bases_are_never_put_on_one_another(draw: Any, column: str) -> None:
    rows = ENVELOPES if draw is figures.envelopes else HEADINGS
    mixed = rows.assign(**{column: ["one", *["another"] * (len(rows) - 1)]})
    with pytest.raises(ValueError, match="do not add"):
        draw(mixed, "light")


@pytest.mark.parametrize(
    "draw", [figures.ladder, figures.envelopes, figures.years, figures.headings, figures.sites_map]
)
def test_an_empty_or_foreign_frame_is_refused_in_words(draw: Any) -> None:
    with pytest.raises(ValueError, match="lack the columns"):
        draw(pd.DataFrame({"x": [1]}), "light")
    rows = {figures.ladder: LADDER, figures.envelopes: ENVELOPES, figures.sites_map: SITES}.get(
        draw, HEADINGS
    )
    with pytest.raises(ValueError, match="nothing to draw"):
        draw(rows.iloc[:0], "light")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_ladder_step_without_amount_is_hatched_and_not_zero(width: Width) -> None:
    figure = figures.ladder(LADDER, "light", width)
    assert [bar.x[0] for bar in figure.data[:3]] == [200_000e6, 20_000e6, 2_600e6]
    assert len(hatched(figure)) == 1 and hatched(figure)[0].x[0] > 0
    assert (
        "none found" in said(figure)
        and "over €2.6\u00a0bn" in said(figure)
        and "of which AI gigafactories" in said(figure)
    )


def test_a_ladder_without_any_amount_is_all_hatch() -> None:
    unknown = LADDER.assign(amount_eur=None)
    assert len(hatched(figures.ladder(unknown, "light"))) == len(unknown)


def test_net_outlines_what_is_counted_above_and_gross_fills_it() -> None:
    net, gross = (figures.envelopes(ENVELOPES, "light", is_gross=is_gross) for is_gross in (False, True))
    assert "−€2.0\u00a0bn counted above" in said(net) and "counted above" not in said(gross)
    assert [bar.x[0] for bar in net.data] == [bar.x[0] for bar in gross.data]
    assert net.data[2].marker.color.startswith("rgba") and gross.data[2].marker.color == "#0F3489"
    assert net.data[3].base[0] == net.data[2].x[0]


def test_an_envelope_without_amount_says_so() -> None:
    figure = figures.envelopes(ENVELOPES.assign(amount_eur=[93_500 * M, None, 1_660 * M, 320 * M]), "light")
    assert "not published" in said(figure) and len(hatched(figure)) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_year_with_a_missing_part_has_a_hatched_cap_and_at_least(width: Width) -> None:
    figure = figures.years(YEARS, "light", width)
    assert len(hatched(figure)) == 1 and hatched(figure)[0].x[0] == 2025
    assert "≥\u00a0" in said(figure) and said(figure).count("≥") == 1
    assert "14.1" in said(figure) and "Horizon<br>Europe" in said(figure)
    assert (
        sum(bar.y[-1] for bar in figure.data if not bar.marker.pattern.shape and bar.x[-1] == 2024) == 1_300e6
    )


def test_areas_of_headings_are_as_large_as_their_amounts_and_do_not_overlap() -> None:
    (bars,) = figures.headings(HEADINGS, "light").data
    edges = [
        (x - wide / 2, x + wide / 2, base, base + high)
        for x, wide, base, high in zip(bars.x, bars.width, bars.base, bars.y, strict=True)
    ]
    known = (
        HEADINGS.dropna(subset="amount_eur")
        .sort_values("amount_eur", ascending=False)["amount_eur"]
        .map(float)
        .tolist()
    )
    sizes = sorted(((right - left) * (bottom - top) for left, right, top, bottom in edges), reverse=True)
    assert [size / sizes[0] for size in sizes] == pytest.approx([value / known[0] for value in known])
    for one, other in itertools.combinations(edges, 2):
        assert (
            min(one[1], other[1]) <= max(one[0], other[0]) + 1e-9
            or min(one[3], other[3]) <= max(one[2], other[2]) + 1e-9
        )


def test_a_heading_without_room_for_its_name_is_named_below_and_no_name_is_cut() -> None:
    names = ["Climate", "Skills", "Objective 4: advanced digital skills", "Chips"]
    rows = HEADINGS.assign(heading=names, amount_eur=[12_800 * M, 1_300 * M, 20 * M, 900 * M])
    wide = figures.headings(rows, "light")
    assert "Not named in the drawing: Objective 4: advanced digital skills, €20\u00a0M." in said(wide)
    assert wide.layout.margin.b > 15 and "Climate<br>€12.8\u00a0bn" in said(wide)
    long = rows.assign(
        heading=["Widening participation and strengthening the European research area", *names[1:]]
    )
    narrow = said(figures.headings(long, "light", "narrow"))
    assert "…" not in narrow and "<b>Widening participation and strengthening the</b></span><br>" in narrow


def test_the_day_of_today_is_written_where_there_is_room() -> None:
    for rows, side in ((MILESTONES, "right"), (MILESTONES.iloc[1:], "left")):
        for width in WIDTHS:
            figure = figures.milestones(rows, TODAY, "light", width)
            (today,) = [note for note in figure.layout.annotations if "Nov" in note.text]
            assert today.xanchor == side and (today.xshift < 0) == (side == "right")


def test_sites_of_one_place_stand_side_by_side_and_those_without_a_place_are_not_drawn() -> None:
    figure = figures.sites_map(SITES, "light")
    points = {
        row[0]: (x, y)
        for trace in figure.data
        for row, x, y in zip(trace.customdata, trace.lon, trace.lat, strict=True)
    }
    assert set(points) == {"it4lia", "lumi", "nokia"}
    assert (
        points["nokia"][0] - points["lumi"][0] == pytest.approx(1) and points["lumi"][1] == points["nokia"][1]
    )
    assert sum(x for x, _ in (points["lumi"], points["nokia"])) / 2 == pytest.approx(27.7)


def test_an_open_site_is_filled_and_a_bid_is_not() -> None:
    symbols = {
        trace.customdata[0][0]: trace.marker.symbol for trace in figures.sites_map(SITES, "light").data
    }
    assert symbols == {"it4lia": "circle", "lumi": "circle-open", "nokia": "diamond-open"}


def test_an_unknown_kind_of_site_is_refused() -> None:
    with pytest.raises(ValueError, match="No shape"):
        figures.sites_map(SITES.assign(kind="castle"), "light")


def test_the_word_at_the_right_says_how_far_a_promise_moved() -> None:
    found = {slip.promise_id: (slip.state, slip.word) for slip in slips_of(PROMISES, TODAY)}
    assert found == {
        "call": ("due", "+7 months, not confirmed"),
        "pharos": ("due", "not confirmed"),
        "lumi-ai": ("moved", "+3 to 6 months"),
        "hammerhai": ("moved", "up to +12 months"),
        "it4lia": ("kept", "no change"),
        "daedalus": ("alone", "no earlier date"),
        "jupiter": ("done", "done 7\u00a0Nov\u00a02025, +2 months"),
    }


def test_a_period_that_may_hold_the_first_date_has_perhaps_moved() -> None:
    """Promised for June 2026, now for 2026: not certainly later, so its headline does not count it."""
    assert month_words(0, 6, is_later=False) == "perhaps +6 months"
    assert month_words(0, 12, is_later=True) == "up to +12 months"


def test_the_timeline_runs_from_due_by_slip_to_done() -> None:
    order = [slip.promise_id for slip in slips_of(PROMISES, TODAY)]
    assert order == ["call", "pharos", "hammerhai", "lumi-ai", "daedalus", "it4lia", "jupiter"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_date_that_passed_without_evidence_is_hatched_until_today(width: Width) -> None:
    figure = figures.timeline(slips_of(PROMISES, TODAY), TODAY, "light", width)
    (bars,) = hatched(figure)
    assert len(bars.y) == 2
    beside = " ".join(text for trace in figure.data for text in trace.text or ())
    assert "23\u00a0Nov\u00a02026" in said(figure) and "‹" in said(figure), (
        "the hatch goes on before the axis"
    )
    assert ("since Apr 2025" in said(figure)) == (width == "wide") != ("since Apr 2025" in beside), (
        "in the hatch only where it has room"
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hatch_ends_at_the_newest_source_and_what_came_later_was_not_looked_at(width: Width) -> None:
    until = date(2026, 6, 25)
    slips = slips_of(PROMISES, TODAY, until=until)
    states = {slip.promise_id: (slip.state, slip.word) for slip in slips}
    assert states["call"] == ("unseen", "+7 months, not looked at yet")
    assert states["pharos"] == ("due", "not confirmed")
    figure = figures.timeline(slips, TODAY, "light", width, until=until)
    (bars,) = hatched(figure)
    assert len(bars.y) == 1
    (begin,), (length,) = bars.base, bars.x
    assert date.fromisoformat(begin) + timedelta(milliseconds=length) == until
    assert "newest source 25\u00a0Jun\u00a02026" in said(figure)
    assert "compiled 23\u00a0Nov\u00a02026" in said(figure)


@pytest.mark.parametrize("width", WIDTHS)
def test_words_that_a_line_would_cross_stand_on_a_ground_of_their_own(width: Width) -> None:
    until = TODAY - timedelta(days=48)
    figure = figures.timeline(slips_of(PROMISES, TODAY, until=until), TODAY, "light", width, until=until)
    on_ground = {
        words.y: words.bgcolor for words in figure.layout.annotations if "not confirmed" in words.text
    }
    assert on_ground and all(colour == TOKENS["light"].background for colour in on_ground.values())
    assert not any("not confirmed" in str(trace.text) for trace in figure.data)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_line_that_began_before_the_axis_has_an_arrow_at_its_edge(width: Width) -> None:
    rows = frame(
        [*promise("old", ["2024-12", "2026-01", "2026-12"]), *promise("new", ["2026-10", "2026-12"])],
        " ".join(PROMISES.columns),
    )
    figure = figures.timeline(slips_of(rows, TODAY), TODAY, "light", width)
    (arrows,) = [
        trace
        for trace in figure.data
        if isinstance(trace, go.Scatter) and trace.marker.symbol == "arrow-left"
    ]
    assert [str(x) for x in arrows.x] == [str(figure.layout.xaxis.range[0])] and len(arrows.y) == 1


def test_each_milestone_is_one_point_and_each_kind_of_point_has_its_meaning() -> None:
    happened, planned, due = figures.milestones(MILESTONES, TODAY, "light").data
    assert (len(happened.x), len(planned.x), len(due.x)) == (1, 1, 1)
    assert len({trace.marker.symbol for trace in (happened, planned, due)}) == 3


@pytest.mark.parametrize("highest", [1, 7, 13.9e9, 14.1e9, 200e9, 999e6, 3.3e5])
def test_ticks_are_few_round_and_reach_the_highest(highest: float) -> None:
    found = ticks(highest)
    assert 3 <= len(found) <= 5 and found[0] == 0 and found[-1] >= highest and found[-2] < highest


def test_what_a_source_writes_cannot_become_markup() -> None:
    figure = figures.ladder(LADDER.assign(label='<a href="http://x">x</a>'), "light")
    assert "<a" not in figure.to_json() and "<a" not in said(figure)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_country_without_a_denominator_is_hatched_and_those_too_many_are_counted(width: Width) -> None:
    figure = figures.countries(COUNTRIES, "light", width)
    assert len(hatched(figure)) == 1 and "no data" in said(figure)
    most = figures.MOST_COUNTRIES[width]
    many = figures.countries(pd.concat([COUNTRIES] * 20, ignore_index=True), "light", width)
    assert sum(
        len(bars.x) for bars in many.data
    ) == most and f"{60 - most}\u00a0more countries are in the table." in said(many)
