"""A whole figure on a page: title, key, drawing, source line, and the export row with everything that can
leave the house.

Streamlit is allowed here. Files are links to the API, so that a button, a script and an editor's bookmark all
get the same.
"""

from typing import Any
from urllib.parse import urlsplit

import plotly.graph_objects as go
import streamlit as st

from pages.parts.figure_request import FigureRequest
from pages.parts.finished_figure import Exhibit, kept_words
from pages.parts.images import renderer
from pages.parts.images import sheet as image_sheet
from pages.parts.sharing import links, release_changes
from pages.parts.text import formatting
from pages.parts.ui import number_details, page_shell, widgets, window
from pages.parts.url_state import Values
from pipelines.queries import release_data
from pipelines.queries.release_data import ReleaseData

IMAGES = (
    ("PNG 1200×675", "png", {"size": "1200x675", "scale": "2"}),
    ("PNG square", "png", {"size": "1080x1080", "scale": "2"}),
    ("PNG as shown", "png", {"size": "as-shown", "scale": "2"}),
    ("SVG", "svg", {"size": "1200x675"}),
    ("PDF", "pdf", {"size": "1200x675"}),
)
PACKS = (
    ("Pack, 1200×675 and square", ("1200x675", "1080x1080")),
    ("Pack, as shown", ("as-shown",)),
    ("Pack, all sizes", ("1200x675", "1080x1080", "as-shown")),
)
NUMBERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("CSV", "csv", {}),
    ("CSV for Excel", "csv", {"dialect": "excel-eu"}),
    ("XLSX", "xlsx", {}),
    ("Parquet", "parquet", {}),
    ("JSON", "json", {}),
)
INSIDE = (
    "Images, XLSX, Parquet, JSON and packs say inside what they show, with the choice, licence and release. "
    "A CSV file holds rows alone: the README says the rest, with every source and what each column means."
)
NO_BROWSER = (
    "This server has no Chromium, so PNG, SVG and PDF cannot be made here, nor the images of the newsroom pack. "
    "The camera over the picture below saves it from your own browser, with title, sources and release, but without the alternative text inside the file."
)


def moved_since(answers: ReleaseData, current: str, values: Values, page: str) -> None:
    """On an older release: says which numbers of the page are different now, and why. current: the id of the
    current release.
    """
    if not current or current == answers.release_id:
        return
    choice = tuple((name, tuple(codes)) for name, codes in values.items())
    if banner := _moved(answers, release_data.opened(current), page, choice):
        page_shell.notice("moved", banner.lead, banner.more)


def _moved(
    then: ReleaseData, current: ReleaseData, page: str, choice: tuple[tuple[str, tuple[str, ...]], ...]
) -> release_changes.Banner | None:
    """Releases do not change, so that what lies between two of them is counted once."""
    return kept_words(
        then,
        ("moved since", current.identity, page, choice),
        lambda: release_changes.moved(then, current, page, dict(choice)),
    )


def show(asked: FigureRequest, is_clickable: bool = False, has_gap: bool = False) -> list[Any] | None:
    """Shows a whole figure, with its files, links, sources, numbers and table. has_gap: with the space
    between two figures above it.

    Gives the customdata of the marks that the reader clicked (if is_clickable), or None, and shows nothing,
    if the choice holds nothing.
    """
    theme, width = window.theme(), window.width()
    exhibit = asked.exhibit(theme, width)
    if exhibit is None:
        return None
    if has_gap:
        page_shell.gap()
    widgets.head(exhibit, theme)
    clicked = widgets.drawing(exhibit, width, is_clickable)
    widgets.source_line(exhibit.source)
    _around(asked, exhibit)
    return clicked


@st.fragment
def _around(asked: FigureRequest, exhibit: Exhibit) -> None:
    """Everything that can be opened under a figure.

    It runs by itself when something is opened, and makes only what is open.
    """
    name = exhibit.name
    with st.container(horizontal=True, gap="small", key=f"row_{name}"):
        with widgets.opened("Download", f"download_{name}") as is_open:
            if is_open:
                _downloads(asked, exhibit)
        with widgets.opened("Share", f"share_{name}") as is_open:
            if is_open:
                _share(asked, exhibit)
        if exhibit.sources:
            with widgets.opened("Sources", f"sources_{name}") as is_open:
                if is_open:
                    widgets.sources_list(exhibit.sources)
        number_details.menu("Numbers", exhibit.values, asked.numbers, asked, name)
        with widgets.opened("Table", f"table_{name}") as is_open:
            if is_open:
                widgets.twin(
                    exhibit.table,
                    alt=f"The same as a table: {exhibit.alt}",
                    numbers=exhibit.numbers,
                    key=f"twin_{name}",
                )


def _downloads(asked: FigureRequest, exhibit: Exhibit) -> None:
    theme = window.theme()
    if renderer.can_render():
        images = [
            (label, _from_page(asked.file(kind, **drawn, theme=theme))) for label, kind, drawn in IMAGES
        ]
        widgets.links("Image", images)
        packs = [
            (label, _from_page(asked.file("zip", "packs", size=sizes, theme=theme))) for label, sizes in PACKS
        ]
        widgets.links("Newsroom pack, one zip of images, data and texts", packs)
    else:
        page_shell.notice("old", NO_BROWSER)
        _browser_export(asked)
        widgets.links(
            "Newsroom pack, one zip of data and texts",
            [("Pack, without images", _from_page(asked.file("zip", "packs")))],
        )
    rows = formatting.count(exhibit.rows, "row")
    numbers = [(label, _from_page(asked.file(kind, **more))) for label, kind, more in NUMBERS]
    widgets.links(f"Numbers, {rows}", [*numbers, ("README and citation", _from_page(asked.readme()))])
    if behind := asked.entries_behind():
        found = [(label, _from_page(asked.entries(kind, **more))) for label, kind, more in NUMBERS]
        widgets.links(
            f"Ledger entries behind them, {formatting.count(behind, 'row')}", found, of="the ledger entries"
        )
    page_shell.line(INSIDE)


def _from_page(address: str) -> str:
    """An address on this site as seen from a page."""
    return f".{address}"


def _browser_export(asked: FigureRequest) -> None:
    """The sheet itself, for the reader's browser to save."""
    figure, theme = asked.figure(), window.theme()
    if figure is None:
        return
    sheet = image_sheet.sheet(figure, theme, "1200x675", asked.notes(), asked.drawing)
    saved = {
        "format": "png",
        "filename": asked.stem("1200x675", "dark" if theme == "dark" else ""),
        "width": sheet.width,
        "height": sheet.height,
        "scale": 2 * sheet.scale,
    }
    config = {
        **widgets.CONFIG,
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": saved,
    }
    drawn = go.Figure(sheet.figure)
    st.plotly_chart(
        drawn, theme=None, config=config, alt=figure.alt, key=f"sheet_{figure.name}", width=sheet.width
    )


def _share(asked: FigureRequest, exhibit: Exhibit) -> None:
    link, embed, text = st.tabs(["Link", "Embed", "Alternative text"])
    with link:
        page_shell.line("shows these figures, digit for digit, for as long as the release is kept.", "Frozen")
        st.code(asked.permalink(), language=None, wrap_lines=True)
        page_shell.line("shows what is current when it is opened.", "Live")
        st.code(asked.permalink(is_frozen=False), language=None, wrap_lines=True)
    chosen = (asked.site, exhibit, asked.parameters, asked.values)
    release = asked.answers.release_id
    with embed:
        page_shell.line("follows the current release and adapts its height.", "Live")
        st.code(links.embed_code(*chosen, None), language="html", wrap_lines=True)
        page_shell.line("stays as it is now.", "Frozen")
        st.code(links.embed_code(*chosen, release), language="html", wrap_lines=True)
        page_shell.line("for pages without frames and scripts.", "Image")
        st.code(links.image_code(*chosen, release, asked.view.page), language="html", wrap_lines=True)
    with text:
        page_shell.line("For readers who cannot see the drawing. It is inside every image file too.")
        st.code(exhibit.alt, language=None, wrap_lines=True)


def site() -> str:
    """The address of the site: as it is set, else scheme and host that the reader asked."""
    asked = urlsplit(st.context.url or "http://localhost:8501")
    return links.home(f"{asked.scheme}://{asked.netloc}")
