"""The anatomy of a figure, always in this order: title, subtitle, key, drawing, source line, export row. Also totals, lists and tables.

Streamlit is allowed here; data comes as words, figures and frames that are ready to be shown.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import exports, frame
from pages.parts.figure import Figure, Item, Mark, Source, Total
from pages.parts.style import TOKENS, Theme, Width

FIGURE_SPACE = "\u2007"
CONFIG = {"displayModeBar": False, "topojsonURL": "/app/static/topojson/", "scrollZoom": False, "doubleClick": False}

SHAPES = {
    "circle": '<circle cx="8" cy="8" r="5.6"/>',
    "triangle-up": '<path d="M8 2.2 14.2 13.4H1.8z"/>',
    "diamond": '<path d="M8 1.4 14.6 8 8 14.6 1.4 8z"/>',
    "square": '<path d="M2.6 2.6h10.8v10.8H2.6z"/>',
    "pentagon": '<path d="M8 1.8 14.2 6.3 11.8 13.6H4.2L1.8 6.3z"/>',
    "bar": '<path d="M1 4h14v8H1z"/>',
    "hatch": '<path d="M1.5 1.5h13v13h-13z"/><path d="M1.5 8 8 1.5M1.5 14.5l13-13M8 14.5 14.5 8" />',
}


def picture(mark: Mark, theme: Theme) -> str:
    """A shape as a data: address. Streamlit strips inline <svg>, so shapes are backgrounds."""
    tokens = TOKENS[theme]
    ink = tokens.hatch if mark.shape == "hatch" else mark.colour or tokens.text
    fill = ink if mark.is_filled and mark.shape != "hatch" else "none"
    width = 1.2 if mark.shape == "hatch" else 2
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="{fill}" stroke="{ink}" stroke-width="{width}">{SHAPES[mark.shape]}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _mark(mark: Mark, theme: Theme) -> str:
    return f'<i class="t-mark" style="background-image:url({picture(mark, theme)})"></i>'


def show(figure: Figure, release_id: str, is_clickable: bool = False) -> list[Any]:
    """Draws a whole figure, with its table and files, and gives back the customdata of the marks that the reader clicked (if is_clickable)."""
    theme = frame.theme()
    keys = "".join(f"<li>{_mark(mark, theme)}<span>{escape(mark.meaning)}</span></li>" for mark in figure.key(theme))
    list_of_keys = f'<ul class="t-key">{keys}</ul>' if keys else ""
    st.html(f'<h2 class="t-title">{escape(figure.title)}</h2><p class="t-sub">{escape(figure.subtitle)}</p>{list_of_keys}')
    clicked: list[Any] = []
    widths: tuple[Width, Width] = ("wide", "narrow")
    for width in widths:
        with st.container(key=f"{width}_{figure.name}"):
            chart: Any = st.plotly_chart(
                figure.draw(theme, width),
                theme=None,
                config=CONFIG,
                alt=figure.alt,
                key=f"chart_{width}_{figure.name}",
                on_select="rerun" if is_clickable else "ignore",
                selection_mode="points",
            )
            if is_clickable:
                clicked += [point["customdata"] for point in chart["selection"]["points"] if "customdata" in point]
    st.html(f'<p class="t-source"><b>Sources</b> {escape(figure.source)}</p>')
    _export_row(figure, release_id)
    return clicked


def _export_row(figure: Figure, release_id: str) -> None:
    name = figure.name
    with st.container(horizontal=True, gap="small", key=f"row_{name}"):
        with st.popover("Download", type="tertiary", key=f"pop_download_{name}"):
            download_csv("CSV", exports.csv(figure.rows, release_id), f"eu-ai-{name}-{release_id}.csv", key=f"csv_{name}")
            frame.line("What is shown, with codes and plain euros, release and licence. UTF-8.")
        if figure.sources:
            with st.popover("Sources", type="tertiary", key=f"pop_sources_{name}"):
                sources_list(figure.sources)
        with st.popover("Table", type="tertiary", key=f"pop_table_{name}"):
            twin(figure.table, alt=f"The same as a table: {figure.alt}", numbers=figure.numbers, key=f"twin_{name}")


def _source(source: Source) -> str:
    address = escape(source.url, quote=True)
    words = (
        f'<a href="{address}" rel="noopener noreferrer" target="_blank">{escape(source.words)}</a>'
        if source.url.startswith("http")
        else escape(source.words)
    )
    number = f"{escape(source.number)} · " if source.number else ""
    return f'<li><span class="t-when">{number}{escape(source.tier)}</span>{words}</li>'


def download_csv(label: str, make: Callable[[], bytes], file_name: str, key: str) -> None:
    """A button that makes a CSV when it is clicked and does not run the page again."""
    st.download_button(label, make, file_name=file_name, mime="text/csv", key=key, on_click="ignore")


def twin(
    rows: pd.DataFrame,
    *,
    alt: str,
    key: str,
    numbers: Sequence[str] = (),
    widths: Mapping[str, int] | None = None,
    height: int | None = None,
    is_clickable: bool = False,
) -> list[int]:
    """A table that scrolls in itself; gives back the numbers of the rows chosen (if is_clickable).

    widths: pixels of columns that must not take what their words ask for. All cells are text; `numbers` are right-aligned and padded, so that sorting by a click orders them by size. "not published" is written out.
    """
    shown = rows.astype("string").fillna("")
    for column in numbers:
        longest = shown[column].where(shown[column].str.contains(r"\d"), "").str.len().max()
        shown[column] = shown[column].str.rjust(int(longest or 0), FIGURE_SPACE)
    columns = {
        column: st.column_config.TextColumn(column, alignment="right" if column in numbers else "left", width=(widths or {}).get(column))
        for column in shown.columns
    }
    table: Any = st.dataframe(
        shown,
        hide_index=True,
        column_config=columns,
        alt=alt,
        key=key,
        height=height or "auto",
        on_select="rerun" if is_clickable else "ignore",
        selection_mode="single-row",
    )
    return list(table["selection"]["rows"]) if is_clickable else []


def totals(cards: Sequence[Total]) -> None:
    """Totals side by side, never added: a line in the colour of who pays, the value, stage and basis, and its limits in one sentence."""
    inside = "".join(
        f'<div class="t-total" style="border-top-color:{card.colour}"><h3 class="t-name">{escape(card.name)}</h3>'
        f'<div class="t-value">{escape(card.value)}</div><div class="t-what">{escape(card.what)}</div>'
        f'<div class="t-quiet">{escape(card.limits)}</div></div>'
        for card in cards
    )
    st.html(f'<div class="t-totals">{inside}</div>')


def items(lines: Sequence[Item]) -> None:
    """A list of events or changes."""
    due = _mark(Mark("hatch", "due, not confirmed"), frame.theme())
    inside = "".join(
        f'<li><span class="t-when">{due if line.is_due else ""}{escape(line.when)}</span>{escape(line.text)}{f" <b>{escape(line.strong)}</b>" if line.strong else ""}</li>'
        for line in lines
    )
    st.html(f'<ul class="t-list">{inside}</ul>')


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and values, such as the host and the machine of a site."""
    inside = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    st.html(f'<dl class="t-facts">{inside}</dl>')


def not_published(strong: str, text: str) -> None:
    """A box that says what no source publishes, where we looked, and that this does not mean zero."""
    mark = _mark(Mark("hatch", ""), frame.theme()).replace('class="t-mark"', 'class="t-mark" aria-hidden="true"')
    st.html(
        f'<div class="t-box"><div style="display:flex;gap:.5rem;align-items:center">{mark}<b>{escape(strong)}</b></div>'
        f'<p class="t-source" style="margin-top:.25rem">{escape(text)}</p></div>'
    )


def download_file(label: str, path: Path, file_name: str, key: str) -> None:
    """A button that reads a file when it is clicked and does not run the page again."""
    st.download_button(label, path.read_bytes, file_name=file_name, mime="application/octet-stream", key=key, on_click="ignore")


def sources_list(sources: Sequence[Source]) -> None:
    """The documents behind something, each with how well it supports a figure."""
    st.html(f'<ul class="t-list">{"".join(_source(source) for source in sources)}</ul>')


def wrapped(rows: pd.DataFrame, *, alt: str, numbers: Sequence[str] = ()) -> None:
    """A table of sentences: cells wrap, `numbers` are right-aligned, addresses become links. For text; figures have `twin`."""
    head = "".join(f'<th scope="col"{" class=t-num" if column in numbers else ""}>{escape(column)}</th>' for column in rows.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=t-num' if column in numbers else ''}>{_cell(value)}</td>" for column, value in zip(rows.columns, row, strict=True)
        )
        + "</tr>"
        for row in rows.astype("string").fillna("").itertuples(index=False)
    )
    st.html(
        f'<div class="t-scroll" role="region" aria-label="{escape(alt, quote=True)}" tabindex="0">'
        f'<table class="t-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(value: str) -> str:
    if value.startswith(("https://", "http://")):
        return f'<a href="{escape(value, quote=True)}" rel="noopener noreferrer" target="_blank">source</a>'
    return escape(value)
