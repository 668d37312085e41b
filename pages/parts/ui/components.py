"""The parts of a figure on a page: title, subtitle, key, drawing, source line; `figure_block` puts them
together. Also totals, lists and tables.

Streamlit is allowed here; data comes as words, figures and frames that are ready to be shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.parts.design_tokens import Theme, Width
from pages.parts.figure_model import Item, Mark, Source, Total
from pages.parts.figures.legend_icons import picture
from pages.parts.finished_figure import Exhibit
from pages.parts.text import ui as text
from pages.parts.text.translation import say
from pages.parts.ui import plotly_json_chart, theme_and_width

CONFIG = {
    "displayModeBar": False,
    "topojsonURL": "/app/static/topojson/",
    "scrollZoom": False,
    "doubleClick": False,
}


def _mark(mark: Mark, theme: Theme) -> str:
    return f'<i class="t-mark" style="background-image:url({picture(mark, theme)})"></i>'


def head(exhibit: Exhibit, theme: Theme) -> None:
    """Title, subtitle and key of a figure."""
    keys = "".join(
        f"<li>{_mark(mark, theme)}<span>{escape(mark.meaning)}</span></li>" for mark in exhibit.key
    )
    list_of_keys = f'<ul class="t-key">{keys}</ul>' if keys else ""
    st.html(
        f'<h2 class="t-title">{escape(exhibit.title)}</h2><p class="t-sub">{escape(exhibit.subtitle)}</p>{list_of_keys}'
    )


def drawing(exhibit: Exhibit, width: Width, is_clickable: bool = False) -> list[Any]:
    """The drawing; gives the customdata of the marks that the reader clicked (if is_clickable)."""
    with st.container(key=f"{width}_{exhibit.name}"):
        key = f"chart_{width}_{exhibit.name}"
        chart = plotly_json_chart.show(exhibit.drawing, CONFIG, exhibit.alt, key, is_clickable)
    points = chart["selection"]["points"] if is_clickable else ()
    return [point["customdata"] for point in points if "customdata" in point]


@contextmanager
def opened(label: str, key: str) -> Iterator[bool]:
    """A word that opens a box; the block gets whether it is open, and fills it only then.

    Opening it runs the page, or the fragment, again.
    """
    with st.popover(label, type="tertiary", key=f"pop_{key}", on_change="rerun") as box:
        yield bool(box.open)


@contextmanager
def unfolded(label: str, key: str) -> Iterator[bool]:
    """A heading that unfolds what is under it; the block gets whether it is open, and fills it only then.

    To unfold it runs the page again.
    """
    with st.expander(label, key=f"fold_{key}", on_change="rerun") as box:
        yield bool(box.open)


def source_line(sources: str) -> None:
    """The line under a drawing that says where it comes from."""
    st.html(f'<p class="t-source"><b>{escape(say(text.SOURCES))}</b> {escape(sources)}</p>')


def links(title: str, addresses: Sequence[tuple[str, str]], of: str = "", is_download: bool = False) -> None:
    """Addresses side by side under a small heading, such as the files of a figure; they are followed without
    running the page again.

    addresses: label and address of each. of: what they are of, for those who hear them without the heading.
    is_download: the browser saves the file, also one that it could show.
    """
    names = [
        f' aria-label="{escape(say(text.NAMED_OF, label=label, of=of), quote=True)}"' if of else ""
        for label, _ in addresses
    ]
    saved = " download" if is_download else ""
    inside = "".join(
        f'<a class="t-button" href="{escape(address, quote=True)}"{name}{saved}>{escape(label)}</a>'
        for (label, address), name in zip(addresses, names, strict=True)
    )
    st.html(f'<h3 class="t-group">{escape(title)}</h3><div class="t-buttons">{inside}</div>')


def amount(number: str, strong: str, quiet: str) -> None:
    """A number as large as it is important, and what it is."""
    st.html(
        f'<div class="t-amount">{escape(number)}</div>'
        f'<p class="t-line"><b>{escape(strong)}</b>{f", {escape(quiet)}" if quiet else ""}</p>'
    )


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
    table: pa.Table,
    *,
    alt: str,
    key: str,
    numbers: Sequence[str] = (),
    widths: Mapping[str, int] | None = None,
    height: int | None = None,
    is_clickable: bool = False,
) -> list[int]:
    """A table that scrolls in itself; gives back the numbers of the rows chosen (if is_clickable).

    table: as `finished_figure.as_text` gives it. numbers: the columns that are right-aligned. widths: pixels
        of columns that must not take what their
    words ask for.
    """
    columns = {
        column: st.column_config.TextColumn(
            column, alignment="right" if column in numbers else "left", width=(widths or {}).get(column)
        )
        for column in table.column_names
    }
    chosen: Any = st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        alt=alt,
        key=key,
        height=height or "auto",
        on_select="rerun" if is_clickable else "ignore",
        selection_mode="single-row",
    )
    return list(chosen["selection"]["rows"]) if is_clickable else []


def totals(cards: Sequence[Total]) -> None:
    """Totals side by side, never added: a line in the colour of who pays, the value, stage and basis, and its
    limits in one sentence.
    """
    inside = "".join(
        f'<div class="t-total" style="border-top-color:{card.colour}"><h3 class="t-name">{escape(card.name)}</h3>'
        f'<div class="t-value">{escape(card.value)}</div><div class="t-what">{escape(card.what)}</div>'
        f'<div class="t-quiet">{escape(card.limits)}</div></div>'
        for card in cards
    )
    st.html(f'<div class="t-totals">{inside}</div>')


def items(lines: Sequence[Item]) -> None:
    """A list of events or changes."""
    due = _mark(Mark("hatch", ""), theme_and_width.theme())
    inside = "".join(
        f'<li><span class="t-when">{due if line.is_due else ""}{escape(line.when)}</span>{escape(line.text)}{f" <b>{escape(line.strong)}</b>" if line.strong else ""}</li>'
        for line in lines
    )
    st.html(f'<ul class="t-list">{inside}</ul>')


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and values, such as the host and the machine of a site."""
    inside = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in pairs)
    st.html(f'<dl class="t-facts">{inside}</dl>')


def download_file(label: str, path: Path, file_name: str, key: str) -> None:
    """A button that reads a file when it is clicked and does not run the page again."""
    st.download_button(
        label,
        path.read_bytes,
        file_name=file_name,
        mime="application/octet-stream",
        key=key,
        on_click="ignore",
    )


def sources_list(sources: Sequence[Source]) -> None:
    """The documents behind something, each with how well it supports a figure."""
    st.html(f'<ul class="t-list">{"".join(_source(source) for source in sources)}</ul>')


def wrapped(rows: pd.DataFrame, *, alt: str, numbers: Sequence[str] = ()) -> None:
    """A table of sentences: cells wrap, `numbers` are right-aligned, addresses become links.

    For text; figures have `twin`.
    """
    head = "".join(
        f'<th scope="col"{" class=t-num" if column in numbers else ""}>{escape(column)}</th>'
        for column in rows.columns
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=t-num' if column in numbers else ''}>{_cell(value)}</td>"
            for column, value in zip(rows.columns, row, strict=True)
        )
        + "</tr>"
        for row in rows.astype("string").fillna("").itertuples(index=False)
    )
    st.html(
        f'<div class="t-scroll" role="region" aria-label="{escape(alt, quote=True)}" tabindex="0">'
        f'<table class="t-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def link_table(
    rows: pa.Table, links: Sequence[str], *, alt: str, numbers: Sequence[str] = (), marked: str = ""
) -> None:
    """A table whose first column leads on: by mouse, touch and keyboard, in a new tab too, and on paper.

    rows: text alone. links: an address for each row, "" for none. numbers: its right-aligned columns.
    marked: the address of the row that is in bold.
    """
    head = "".join(
        f'<th scope="col"{" class=t-num" if name in numbers else ""}>{escape(name)}</th>'
        for name in rows.column_names
    )
    body = "".join(
        f"<tr{' class=t-marked' if link and link == marked else ''}>{_linked_cells(list(row.values()), link, numbers, rows.column_names)}</tr>"
        for row, link in zip(rows.to_pylist(), links, strict=True)
    )
    st.html(
        f'<div class="t-scroll" role="region" aria-label="{escape(alt, quote=True)}" tabindex="0">'
        f'<table class="t-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _linked_cells(cells: Sequence[str], link: str, numbers: Sequence[str], names: Sequence[str]) -> str:
    first = escape(cells[0])
    if link:
        first = f'<a href="{escape(link, quote=True)}" target="_self">{first}</a>'
    rest = "".join(
        f"<td{' class=t-num' if name in numbers else ''}>{_cell(cell)}</td>"
        for name, cell in zip(names[1:], cells[1:], strict=True)
    )
    return f"<td>{first}</td>{rest}"


def _cell(value: str) -> str:
    if value.startswith(("https://", "http://")):
        return f'<a href="{escape(value, quote=True)}" rel="noopener noreferrer" target="_blank">{escape(say(text.SOURCE))}</a>'
    return escape(value)
