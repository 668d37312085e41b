"""Time: promised dates against the present ones and what happened, and all milestones since 2018."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd

from pages.parts.design_tokens import TOKENS, Theme, Width, hatch
from pages.parts.figures import text_metrics
from pages.parts.figures.common import house, hover, label, require
from pages.parts.promise_delays import COARSE, Slip
from pages.parts.text import figure_refusals as refusals
from pages.parts.text import formatting, promise_delays
from pages.parts.text import timeline as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows

LOOK_BACK = timedelta(days=400)
LEAST_PIXELS: dict[Width, float] = {
    "wide": 467,
    "narrow": 300,
}  # of the axis of promises on the smallest window


def timeline(
    slips: Sequence[Slip],
    today: date,
    theme: Theme,
    width: Width = "wide",
    *,
    until: date | None = None,
    locale: str = ENGLISH,
) -> Drawing:
    """One row a promise: open grey = promised earlier, filled = promised now, thick line = only a year, half
    or quarter was stated, diamond = happened, hatch = due and not confirmed; the slip in words at the right.
    Two lines: the newest source, where hatches end, and the day on which the release was compiled.

    slips: promise_delays.slips of the promises, in their order. today: the day of the release's knowledge.
    until: the day of its newest source; none if it is the same.
    Raises ValueError if there are none.
    """
    if not slips:
        raise ValueError(say(refusals.NO_DATE))
    start, end = _span(slips, today)
    is_wide = width == "wide"
    row = 36 if is_wide else 50
    top = 30 if until in (None, today) else 46
    figure = house(
        theme,
        row * len(slips) + top + 26,
        barmode="overlay",
        margin={"l": 0, "r": 0, "t": top, "b": 26},
        hovermode="closest",
    )
    figure.update_xaxes(
        type="date",
        range=[start.isoformat(), (end + (end - start) * (0.16 if is_wide else 0.5)).isoformat()],
        domain=[0.27, 1] if is_wide else [0, 1],
        **_year_ticks(start, end, is_wide, locale),
        showgrid=True,
        gridcolor=TOKENS[theme].border,
        tickfont={"size": 13, "color": TOKENS[theme].muted},
    )
    figure.update_yaxes(range=[len(slips) - 0.5, -0.5], visible=False)
    day_width = LEAST_PIXELS[width] / ((end - start).days * (1.16 if is_wide else 1.5))
    marks = _Marks()
    for index, slip in enumerate(slips):
        title = f"{label(slip.title, theme, is_bold=True)} {label(slip.place, theme, size=13, is_quiet=True)}"
        where = (
            {"y": index, "yanchor": "middle"}
            if is_wide
            else {"y": index - 0.4, "yanchor": "top", "bgcolor": TOKENS[theme].background}
        )
        marks.texts.append({"x": 0, "xref": "paper", "text": title, "xanchor": "left", **where})
        height = index if is_wide else index + 0.2
        _row(marks, height, slip, start, until or today, today, theme, day_width, locale)
    _draw(figure, marks, theme, is_wide)
    right = end + (end - start) * (0.16 if is_wide else 0.5)
    room = text_metrics.width(say(text.COMPILED, locale, day=formatting.short_day(today, locale)), 14) + 20
    texts, lines = _days(today, until, theme, locale, (right - today).days * day_width < room)
    marks.texts += texts
    border = {"color": TOKENS[theme].border, "width": 1}
    between = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": index - 0.5,
            "y1": index - 0.5,
            "line": border,
            "layer": "below",
        }
        for index in range(1, len(slips))
    ]
    # All at once: each one that is added by itself would have all earlier ones checked again.
    figure.update_layout(annotations=marks.texts, shapes=[*between, *lines])
    return figure


def _days(
    today: date, until: date | None, theme: Theme, locale: str, is_left: bool = False
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The words and lines of the days on which a release was compiled and its newest source was published.

    is_left: the words of the first stand at its left.
    """
    tokens = TOKENS[theme]
    marks = [(today, formatting.short_day(today, locale), tokens.accent, is_left)]
    if until and until != today:
        day = formatting.short_day(until, locale)
        marks = [
            (today, say(text.COMPILED, locale, day=marks[0][1]), tokens.accent, is_left),
            (until, say(text.NEWEST_SOURCE, locale, day=day), tokens.muted, is_left),
        ]
    texts = [
        {
            "x": day.isoformat(),
            "y": 1,
            "yref": "paper",
            "text": label(words, theme, is_bold=True, colour=colour),
            "yanchor": "bottom",
            "yshift": 4 if day == today else 20,
            "xanchor": "right" if at_left else "left",
            "xshift": -3 if at_left else 3,
        }
        for day, words, colour, at_left in marks
    ]
    lines = [
        {
            "type": "line",
            "x0": day,
            "x1": day,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"color": colour, "width": 1.5},
        }
        for day, _, colour, _ in marks
    ]
    return texts, lines


class _Marks:
    """The marks of all promises by their kind: a browser draws one trace of many marks much sooner than many
    traces of one.

    hatched: first day, days, height, hover box. lines: (earlier or now) → first day, last day, height.
    points: (earlier, now or done) → day, height, hover box. before: height, colour of an arrow at the left
    edge. words: day, height, text beside a point. texts: annotations, slower to draw, for what stands
    elsewhere or on a ground of its own.
    """

    def __init__(self) -> None:
        self.hatched: list[tuple[date, int, float, str]] = []
        self.lines: dict[str, list[tuple[date, date, float]]] = {"earlier": [], "now": []}
        self.points: dict[str, list[tuple[date, float, str]]] = {"earlier": [], "now": [], "done": []}
        self.before: list[tuple[float, str]] = []
        self.words: list[tuple[date, float, str]] = []
        self.texts: list[dict[str, Any]] = []


def _draw(figure: Drawing, marks: _Marks, theme: Theme, is_wide: bool) -> None:
    """One trace for each kind of mark, points above lines above hatches."""
    tokens = TOKENS[theme]
    if marks.hatched:
        begins, days, heights, boxes = zip(*marks.hatched, strict=True)
        figure.add_bar(
            orientation="h",
            base=[day.isoformat() for day in begins],
            x=[86_400_000 * number for number in days],
            y=heights,
            width=0.36 if is_wide else 0.26,
            marker=hatch(theme),
            hovertemplate=boxes,
        )
    for kind, line in (
        ("earlier", {"color": tokens.context, "width": 2}),
        ("now", {"color": tokens.text, "width": 4}),
    ):
        if lines := marks.lines[kind]:
            # None separates one line from the next
            x = [day for first, last, _ in lines for day in (first, last, None)]
            y = [end for _, _, height in lines for end in (height, height, None)]
            figure.add_scatter(x=x, y=y, mode="lines", line=line, connectgaps=False, hoverinfo="skip")
    shapes = {
        "earlier": {
            "symbol": "circle",
            "size": 9,
            "color": tokens.background,
            "line": {"width": 2, "color": tokens.context},
        },
        "now": {"symbol": "circle", "size": 10, "color": tokens.text},
        "done": {"symbol": "diamond", "size": 13, "color": tokens.accent},
    }
    for kind, marker in shapes.items():
        if marks.points[kind]:
            at, heights, boxes = zip(*marks.points[kind], strict=True)
            figure.add_scatter(x=at, y=heights, mode="markers", marker=marker, hovertemplate=boxes)
    if marks.before:
        heights, colours = zip(*marks.before, strict=True)
        arrow = {"symbol": "arrow-left", "size": 9, "color": colours}
        begin = [figure.layout["xaxis"]["range"][0]] * len(heights)
        figure.add_scatter(
            x=begin, y=heights, mode="markers", marker=arrow, hoverinfo="skip", cliponaxis=False
        )
    if marks.words:
        at, heights, texts = zip(*marks.words, strict=True)
        unseen = {"size": 16, "opacity": 0}
        figure.add_scatter(
            x=at,
            y=heights,
            text=texts,
            mode="markers+text",
            marker=unseen,
            textposition="middle right",
            hoverinfo="skip",
            cliponaxis=False,
        )


def _span(slips: Sequence[Slip], today: date) -> tuple[date, date]:
    """First and last day of the axis: no further back than LOOK_BACK before today; what is older starts at
    the edge.
    """
    days = [d.last for slip in slips for d in (*slip.earlier, slip.now)] + [
        slip.happened.first for slip in slips if slip.happened
    ]
    start = max(min([*days, today]), today - LOOK_BACK)
    return start - timedelta(days=15), max([*days, today]) + timedelta(days=5)


def _year_ticks(start: date, end: date, is_wide: bool, locale: str) -> dict[str, Any]:
    months = [date(year, month, 1) for year in range(start.year, end.year + 2) for month in (1, 7)]
    shown = [
        month
        for month in months
        if start <= month <= end + timedelta(days=20)
        and (is_wide or month.month == 1 or (end - start).days < 1100)
    ]
    words = [str(day.year) if day.month == 1 else formatting.month_name(day, locale) for day in shown]
    if shown and all(day.month != 1 for day in shown):
        words[0] = formatting.short_month(shown[0], locale)  # else no tick would name a year
    return {"tickvals": [day.isoformat() for day in shown], "ticktext": words}


def _row(
    marks: _Marks,
    y: float,
    slip: Slip,
    start: date,
    today: date,
    compiled: date,
    theme: Theme,
    day_width: float,
    locale: str,
) -> None:
    """The marks and words of one promise. day_width: pixels of a day. today, compiled: where lines stand."""
    past = [max(stated.last, start) for stated in slip.earlier]
    now = slip.happened.first if slip.happened else slip.now.last
    dates = (formatting.moment(d.first, d.precision, locale) for d in (*slip.earlier, slip.now))
    box = hover(slip.title, *(say(text.PROMISED, locale, when=when) for when in dates), slip.word)
    is_before = slip.state == "due" and now < start
    month = formatting.short_month(slip.now.last, locale)
    since = say(text.SINCE, locale, month=month) if is_before else ""
    is_inside = (today - start).days * day_width > text_metrics.width(since, 12) + 30
    if slip.state == "due":
        _due(marks, y, max(now, start), today, slip, since if is_inside else "", is_before, theme, locale)
    is_period = slip.happened is None and slip.now.precision in COARSE
    begin = max(slip.now.first, start) if is_period else now
    if past and min(past) < max(now, begin):
        marks.lines["earlier"].append((min(past), max(begin, min(past)) if is_period else now, y))
    if is_period and slip.state != "due":
        marks.lines["now"].append((begin, now, y))
    if not is_before and any(stated.last < start for stated in slip.earlier):
        marks.before.append((y, TOKENS[theme].context))
    elif not is_before and is_period and slip.now.first < start < now:
        marks.before.append((y, TOKENS[theme].text))
    marks.points["earlier"] += [(stated.last, y, box) for stated in slip.earlier if stated.last >= start]
    if now >= start:
        marks.points["done" if slip.happened else "now"].append((now, y, box))
    at = max([today] if slip.state == "due" else [now, start])
    words = _words(slip, theme, locale)
    words += label(f" {since}", theme, size=13) if since and not is_inside else ""
    end = at + timedelta(days=(text_metrics.width(f"{slip.word} {since}", 13) + 12) / day_width)
    if any(at < day <= end for day in (today, compiled)) or slip.happened:  # a line would cross the words
        where = {"x": at.isoformat(), "y": y, "xanchor": "left", "yanchor": "middle", "xshift": 12}
        marks.texts.append({**where, "text": words, "bgcolor": TOKENS[theme].background})
    else:
        marks.words.append((at, y, words))


def _words(slip: Slip, theme: Theme, locale: str) -> str:
    """The word at the right of a promise, with its months of delay in bold wherever they stand in it."""
    if not slip.most or slip.state not in ("due", "moved"):
        return label(slip.word, theme, size=13, is_quiet=slip.state in ("kept", "alone"))
    months = promise_delays.month_words(slip.least or 0, slip.most, slip.is_later, locale)
    before, _, after = slip.word.partition(months)
    quiet = [label(part, theme, size=13) if part else "" for part in (before, after)]
    return quiet[0] + label(months, theme, size=13, is_bold=True) + quiet[1]


def _due(
    marks: _Marks,
    y: float,
    begin: date,
    today: date,
    slip: Slip,
    since: str,
    is_before: bool,
    theme: Theme,
    locale: str,
) -> None:
    """The hatch from the date that has passed to today. is_before: it begins before the axis, and its left
    edge is open. since: words there.
    """
    when = formatting.moment(slip.now.first, slip.now.precision, locale)
    box = hover(slip.title, say(text.DUE, locale, when=when))
    marks.hatched.append((begin, (today - begin).days, y, box))
    if is_before:
        words = label("‹", theme, size=15, is_bold=True) + (
            label(f" {since}", theme, size=12) if since else ""
        )
        where = {"x": begin.isoformat(), "y": y, "xanchor": "left", "yanchor": "middle", "xshift": -1}
        marks.texts.append({**where, "text": words, "bgcolor": TOKENS[theme].background})


def milestones(
    rows: pd.DataFrame,
    today: date,
    theme: Theme,
    width: Width = "wide",
    *,
    until: date | None = None,
    locale: str = ENGLISH,
) -> Drawing:
    """All milestones as points, one row a kind of event: filled = happened, open = planned, crossed = its
    date has passed, not confirmed.

    rows: queries.timeline.dates; dated_on, dated_until, date_precision, event_label, title, is_planned,
        promise_id. Points stand in the middle of the stated period.
    today, until: as for `timeline`. Raises ValueError if a column is missing or there are no rows.
    """
    require(
        rows, "dated_on", "dated_until", "date_precision", "event_label", "title", "is_planned", "promise_id"
    )
    tokens = TOKENS[theme]
    is_wide = width == "wide"
    shown = rows.assign(first=pd.to_datetime(rows["dated_on"]), last=pd.to_datetime(rows["dated_until"]))
    shown = shown.assign(middle=shown["first"] + (shown["last"] - shown["first"]) / 2)
    names, numbers = list(dict.fromkeys(shown["event_label"])), shown["event_label"].value_counts()
    kinds = {name: index for index, name in enumerate(names)}
    states = pd.Series(
        [text.state(row, today, until) for row in frame_rows.records(rows)], index=rows.index, dtype=object
    )
    figure = house(
        theme,
        (30 if is_wide else 44) * len(names) + 56,
        margin={"l": 0, "r": 0, "t": 30 if until in (None, today) else 46, "b": 26},
        hovermode="closest",
    )
    first_year, last_year = int(shown["first"].dt.year.min()), int(shown["last"].dt.year.max())
    step = 1 if is_wide else 3
    marks = [date(year, 1, 1) for year in range(first_year, last_year + 2, step)]
    figure.update_xaxes(
        type="date",
        range=[
            date(first_year - 1, 11 if is_wide else 9, 1).isoformat(),
            date(last_year + 1, 3 if is_wide else 5, 1).isoformat(),
        ],
        domain=[0.2, 1] if is_wide else [0, 1],
        tickvals=[mark.isoformat() for mark in marks],
        ticktext=[str(mark.year) for mark in marks],
        showgrid=True,
        gridcolor=tokens.border,
        tickfont={"size": 13, "color": tokens.muted},
        ticklabelposition="outside right" if is_wide else "outside",
    )
    figure.update_yaxes(range=[len(names) - 0.5, -0.5], visible=False)
    for name, index in kinds.items():
        number = formatting.whole(int(numbers[name]), locale)
        words = f"{label(name, theme)} {label(number, theme, size=13, is_quiet=True)}"
        figure.add_annotation(
            x=0,
            xref="paper",
            y=index if is_wide else index - 0.28,
            text=words,
            xanchor="left",
            yanchor="middle",
            bgcolor=None if is_wide else tokens.background,
        )
    groups = (
        (
            states == "happened",
            {"symbol": "circle", "color": tokens.accent, "opacity": 0.75, "line": {"width": 0}},
        ),
        (
            states.isin(["planned", "unseen"]),
            {"symbol": "circle-open", "color": tokens.text, "line": {"width": 1.6}},
        ),
        (states == "due", {"symbol": "circle-x-open", "color": tokens.hatch, "line": {"width": 1.4}}),
    )
    for chosen, marker in groups:
        own = shown[chosen]
        figure.add_scatter(
            x=own["middle"].tolist(),
            y=[kinds[name] + (0 if is_wide else 0.18) for name in own["event_label"]],
            mode="markers",
            marker={**marker, "size": 9 if is_wide else 7},
            hovertemplate=[
                hover(
                    row.title,
                    formatting.moment(row.first.date(), row.date_precision, locale),
                    "" if states[index] == "happened" else say(text.STATES[states[index]], locale),
                )
                for index, row in zip(own.index, frame_rows.rows(own), strict=True)
            ],
        )
    begin, end = (pd.Timestamp(value) for value in figure.layout["xaxis"]["range"])
    is_left = pd.Timestamp(today) - begin > (end - begin) / 2
    notes, lines = _days(today, until, theme, locale, is_left)
    for line in lines:
        figure.add_shape(**line)
    for note in notes:
        figure.add_annotation(**note)
    return figure
