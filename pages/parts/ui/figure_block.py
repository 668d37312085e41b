"""A whole figure on a page: title, key, drawing, source line, and the export row with everything that can leave the house.

Streamlit is allowed here. Files are links to the API, so that a button, a script and an editor's bookmark all get the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import plotly.graph_objects as go
import streamlit as st

from pages.parts.figure import Figure
from pages.parts.images import renderer
from pages.parts.images import sheet as image_sheet
from pages.parts.sharing import figure_entries, links, release_changes
from pages.parts.text import formatting
from pages.parts.ui import number_details, page_shell, release_cache, widgets
from pages.parts.url_state import Values
from pages.parts.views import FIGURES
from pipelines import releases
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


def moved_since(answers: ReleaseData, values: Values, page: str) -> None:
    """On an older release: says which numbers of the page are different now, and why."""
    current = releases.current()
    if not current or current == answers.release_id:
        return
    choice = tuple((name, tuple(codes)) for name, codes in values.items())
    if banner := _moved(answers.release_id, current, page, choice):
        page_shell.notice("moved", banner.lead, banner.more)


@st.cache_data(max_entries=200, show_spinner=False)
def _moved(
    then: str, current: str, page: str, choice: tuple[tuple[str, tuple[str, ...]], ...]
) -> release_changes.Banner | None:
    """Releases do not change, so that what lies between two of them is counted once."""
    return release_changes.moved(
        release_cache.answers_of(then), release_cache.answers_of(current), page, dict(choice)
    )


def address(name: str, answers: ReleaseData, values: Values) -> str:
    """The permalink of the page of a figure with a choice, whether or not the choice leaves anything to draw."""
    view = FIGURES[name]
    return links.permalink(site(), view.page, view.parameters(answers), values, answers.release_id)


class Shared:
    """The addresses of one figure with one choice. values: the choice it was made from."""

    def __init__(self, figure: Figure, answers: ReleaseData, values: Values) -> None:
        self.figure, self.answers, self.values = figure, answers, values
        self.view = FIGURES[figure.name]
        self.parameters = self.view.parameters(answers)
        self.site = site()

    def permalink(self, is_frozen: bool = True) -> str:
        """The address of the page with this choice."""
        release = self.answers.release_id if is_frozen else None
        return links.permalink(self.site, self.view.page, self.parameters, self.values, release)

    def file(self, extension: str, folder: str = "figures", **drawn: str | Sequence[str]) -> str:
        """The address of a file, seen from a page."""
        return self._asked(f"{folder}/{self.figure.name}.{extension}", drawn)

    def entries(self, extension: str, **more: str) -> str:
        """The address of a file of the ledger entries behind the figure, seen from a page."""
        return self._asked(f"figures/{self.figure.name}/ledger.{extension}", more)

    def readme(self) -> str:
        """The address of the text that says what the files hold and how they are cited, seen from a page."""
        return self._asked(f"figures/{self.figure.name}/readme.txt", {})

    def _asked(self, path: str, more: Mapping[str, str | Sequence[str]]) -> str:
        return f"./api/v1/{path}?{links.query(self.parameters, self.values, self.answers.release_id, **more)}"

    def choice_name(self) -> str:
        """The choice in the names of files."""
        return links.choice_name(self.view.obeyed(self.parameters), self.values)

    def notes(self) -> image_sheet.Notes:
        """What stands under the drawing in an image."""
        return links.notes(self.site, self.view, self.answers, self.parameters, self.values)


def show(figure: Figure, answers: ReleaseData, values: Values, is_clickable: bool = False) -> list[Any]:
    """Draws a whole figure, with its files, links, sources, numbers and table. values: the choice it was made from.

    Gives the customdata of the marks that the reader clicked (if is_clickable).
    """
    theme = page_shell.theme()
    widgets.head(figure, theme)
    clicked = widgets.drawing(figure, theme, is_clickable)
    widgets.source_line(figure.source)
    shared, name = Shared(figure, answers, values), figure.name
    with st.container(horizontal=True, gap="small", key=f"row_{name}"):
        with st.popover("Download", type="tertiary", key=f"pop_download_{name}"):
            _downloads(shared)
        with st.popover("Share", type="tertiary", key=f"pop_share_{name}"):
            _share(shared)
        if figure.sources:
            with st.popover("Sources", type="tertiary", key=f"pop_sources_{name}"):
                widgets.sources_list(figure.sources)
        number_details.menu("Numbers", number_details.values(figure), answers, shared.permalink(), name)
        with st.popover("Table", type="tertiary", key=f"pop_table_{name}"):
            widgets.twin(
                figure.table,
                alt=f"The same as a table: {figure.alt}",
                numbers=figure.numbers,
                key=f"twin_{name}",
            )
    return clicked


def _downloads(shared: Shared) -> None:
    theme = page_shell.theme()
    if renderer.can_render():
        images = [(label, shared.file(kind, **drawn, theme=theme)) for label, kind, drawn in IMAGES]
        widgets.links("Image", images)
        packs = [(label, shared.file("zip", "packs", size=sizes, theme=theme)) for label, sizes in PACKS]
        widgets.links("Newsroom pack, one zip of images, data and texts", packs)
    else:
        page_shell.notice("old", NO_BROWSER)
        _browser_export(shared)
        widgets.links(
            "Newsroom pack, one zip of data and texts",
            [("Pack, without images", shared.file("zip", "packs"))],
        )
    rows = formatting.count(len(shared.figure.rows), "row")
    numbers = [(label, shared.file(kind, **more)) for label, kind, more in NUMBERS]
    widgets.links(f"Numbers, {rows}", [*numbers, ("README and citation", shared.readme())])
    if behind := figure_entries.number(shared.figure, shared.answers):
        found = [(label, shared.entries(kind, **more)) for label, kind, more in NUMBERS]
        widgets.links(
            f"Ledger entries behind them, {formatting.count(behind, 'row')}", found, of="the ledger entries"
        )
    page_shell.line(INSIDE)


def _browser_export(shared: Shared) -> None:
    """The sheet itself, for the reader's browser to save."""
    figure, theme = shared.figure, page_shell.theme()
    sheet = image_sheet.sheet(figure, theme, "1200x675", shared.notes())
    saved = {
        "format": "png",
        "filename": links.stem(
            figure.name,
            shared.answers.release_id,
            shared.choice_name(),
            "1200x675",
            "dark" if theme == "dark" else "",
        ),
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


def _share(shared: Shared) -> None:
    figure, release = shared.figure, shared.answers.release_id
    link, embed, text = st.tabs(["Link", "Embed", "Alternative text"])
    with link:
        page_shell.line("shows these figures, digit for digit, for as long as the release is kept.", "Frozen")
        st.code(shared.permalink(), language=None, wrap_lines=True)
        page_shell.line("shows what is current when it is opened.", "Live")
        st.code(shared.permalink(is_frozen=False), language=None, wrap_lines=True)
    chosen = (shared.site, figure, shared.parameters, shared.values)
    with embed:
        page_shell.line("follows the current release and adapts its height.", "Live")
        st.code(links.embed_code(*chosen, None), language="html", wrap_lines=True)
        page_shell.line("stays as it is now.", "Frozen")
        st.code(links.embed_code(*chosen, release), language="html", wrap_lines=True)
        page_shell.line("for pages without frames and scripts.", "Image")
        st.code(links.image_code(*chosen, release, shared.view.page), language="html", wrap_lines=True)
    with text:
        page_shell.line("For readers who cannot see the drawing. It is inside every image file too.")
        st.code(figure.alt, language=None, wrap_lines=True)


def site() -> str:
    """The address of the site: as it is set, else scheme and host that the reader asked."""
    asked = urlsplit(st.context.url or "http://localhost:8501")
    return links.home(f"{asked.scheme}://{asked.netloc}")
