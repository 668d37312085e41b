"""A whole figure on a page: title, key, drawing, source line, and the export row with everything that can
leave the house.

Streamlit is allowed here. Files are links to the API, so that a button, a script and an editor's bookmark all
get the same.
"""

from typing import Any
from urllib.parse import urlsplit

import plotly.graph_objects as go
import streamlit as st

from pages.parts.figure_model import Item
from pages.parts.figure_request import FigureRequest
from pages.parts.finished_figure import Exhibit, kept_words
from pages.parts.images import renderer
from pages.parts.images import sheet as image_sheet
from pages.parts.sharing import links, old_link_differences
from pages.parts.text import overlaps
from pages.parts.text import ui as text
from pages.parts.text.translation import Message, say
from pages.parts.ui import components, number_details, page_shell, theme_and_width
from pages.parts.url_state import Values
from pages.parts.views.overlaps import OF_CHOICE
from pipelines import as_of_days
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData

IMAGES = (
    (text.IMAGES["1200x675"], "png", {"size": "1200x675", "scale": "2"}),
    (text.IMAGES["square"], "png", {"size": "1080x1080", "scale": "2"}),
    (text.IMAGES["as-shown"], "png", {"size": "as-shown", "scale": "2"}),
    (text.IMAGES["svg"], "svg", {"size": "1200x675"}),
    (text.IMAGES["pdf"], "pdf", {"size": "1200x675"}),
)
PACKS = (
    (text.PACKS["two"], ("1200x675", "1080x1080")),
    (text.PACKS["as-shown"], ("as-shown",)),
    (text.PACKS["all"], ("1200x675", "1080x1080", "as-shown")),
)
MOST_SENTENCES = 20  # about what is counted twice, beside a figure
NUMBERS: tuple[tuple[Message, str, dict[str, str]], ...] = (
    (text.FILES["csv"], "csv", {}),
    (text.FILES["csv-excel"], "csv", {"dialect": "excel-eu"}),
    (text.FILES["xlsx"], "xlsx", {}),
    (text.FILES["parquet"], "parquet", {}),
    (text.FILES["json"], "json", {}),
)


def moved_since(answers: ReleaseData, current: str, values: Values, page: str) -> None:
    """On an older release: says which numbers of the page are different now, and why. current: the id of the
    current release.
    """
    if not current or current == answers.release_id or answers.view.day:
        return
    choice = tuple((name, tuple(codes)) for name, codes in values.items())
    if banner := _moved(answers, release_answers.opened(current), page, choice):
        page_shell.notice("moved", banner.lead, banner.more)


def _moved(
    then: ReleaseData, current: ReleaseData, page: str, choice: tuple[tuple[str, tuple[str, ...]], ...]
) -> old_link_differences.Banner | None:
    """Releases do not change, so that what lies between two of them is counted once."""
    return kept_words(
        then,
        ("moved since", current.identity, page, choice),
        lambda: old_link_differences.moved(then, current, page, dict(choice)),
    )


def show(request: FigureRequest, is_clickable: bool = False, has_gap: bool = False) -> list[Any] | None:
    """Shows a whole figure, with its files, links, sources, numbers and table. has_gap: with the space
    between two figures above it.

    Gives the customdata of the marks that the reader clicked (if is_clickable), or None, and shows nothing,
    if the choice holds nothing.
    """
    theme, width = theme_and_width.theme(), theme_and_width.width()
    exhibit = request.exhibit(theme, width)
    if exhibit is None:
        return None
    if has_gap:
        page_shell.gap()
    components.head(exhibit, theme)
    clicked = components.drawing(exhibit, width, is_clickable)
    components.source_line(exhibit.source)
    _around(request, exhibit)
    return clicked


@st.fragment
def _around(request: FigureRequest, exhibit: Exhibit) -> None:
    """Everything that can be opened under a figure.

    It runs by itself when something is opened, and makes only what is open.
    """
    name = exhibit.name
    with st.container(horizontal=True, gap="small", key=f"row_{name}"):
        with components.opened(say(text.DOWNLOAD), f"download_{name}") as is_open:
            if is_open:
                _downloads(request, exhibit)
        with components.opened(say(text.SHARE), f"share_{name}") as is_open:
            if is_open:
                _share(request, exhibit)
        if exhibit.sources:
            with components.opened(say(text.SOURCES), f"sources_{name}") as is_open:
                if is_open:
                    components.sources_list(exhibit.sources)
        number_details.menu(say(text.NUMBERS), exhibit.values, request.numbers, request, name)
        if exhibit.is_net:
            with components.opened(say(overlaps.BESIDE), f"twice_{name}") as is_open:
                if is_open:
                    _counted_twice(request)
        with components.opened(say(text.TABLE), f"table_{name}") as is_open:
            if is_open:
                components.twin(
                    exhibit.table,
                    alt=say(text.AS_TABLE, alt=exhibit.alt),
                    numbers=exhibit.numbers,
                    key=f"twin_{name}",
                )


def _counted_twice(request: FigureRequest) -> None:
    """What the sums leave out, amount by amount, and the page that tells all of it."""
    lead, *sentences = request.taken_off() or (say(overlaps.BESIDE_NOTHING),)
    page_shell.line(lead)
    if sentences:
        components.items([Item("", sentence) for sentence in sentences[:MOST_SENTENCES]])
    if len(sentences) > MOST_SENTENCES:
        page_shell.line(say(overlaps.BESIDE_MORE, number=len(sentences) - MOST_SENTENCES))
    codes = {
        name: codes
        for name, codes in request.values.items()
        if name in OF_CHOICE and codes and codes != ("",)
    }
    components.links(
        say(overlaps.BESIDE_ELSEWHERE), [(say(overlaps.WHOLE_STORY), page_shell.way("overlaps", **codes))]
    )


def _downloads(request: FigureRequest, exhibit: Exhibit) -> None:
    theme = theme_and_width.theme()
    if renderer.can_render():
        images = [
            (say(label), _from_page(request.file(kind, **drawn, theme=theme)))
            for label, kind, drawn in IMAGES
        ]
        components.links(say(text.IMAGE), images)
        packs = [
            (say(label), _from_page(request.file("zip", "packs", size=sizes, theme=theme)))
            for label, sizes in PACKS
        ]
        components.links(say(text.PACK), packs)
    else:
        page_shell.notice("old", say(text.NO_BROWSER))
        _browser_export(request)
        pack = _from_page(request.file("zip", "packs"))
        components.links(say(text.PACK_OF_DATA), [(say(text.PACK_WITHOUT_IMAGES), pack)])
    numbers = [(say(label), _from_page(request.file(kind, **more))) for label, kind, more in NUMBERS]
    readme = (say(text.README), _from_page(request.readme()))
    components.links(say(text.ROWS_OF_NUMBERS, number=exhibit.rows), [*numbers, readme], is_download=True)
    if entries_behind := request.entries_behind():
        entries = [(say(label), _from_page(request.entries(kind, **more))) for label, kind, more in NUMBERS]
        title = say(text.ROWS_OF_ENTRIES, number=entries_behind)
        components.links(title, entries, of=say(text.THE_ENTRIES), is_download=True)
    page_shell.line(say(text.INSIDE))


def _from_page(address: str) -> str:
    """An address on this site as seen from a page."""
    return f".{address}"


def _browser_export(request: FigureRequest) -> None:
    """The sheet itself, for the reader's browser to save."""
    figure, theme = request.figure(), theme_and_width.theme()
    if figure is None:
        return
    sheet = image_sheet.sheet(figure, theme, "1200x675", request.notes(), request.drawing)
    image = {
        "format": "png",
        "filename": request.stem("1200x675", "dark" if theme == "dark" else ""),
        "width": sheet.width,
        "height": sheet.height,
        "scale": 2 * sheet.scale,
    }
    config = {
        **components.CONFIG,
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": image,
    }
    drawn = go.Figure(sheet.figure)
    st.plotly_chart(
        drawn, theme=None, config=config, alt=figure.alt, key=f"sheet_{figure.name}", width=sheet.width
    )


def _share(request: FigureRequest, exhibit: Exhibit) -> None:
    link, embed, alternative = st.tabs([say(text.LINK), say(text.EMBED), say(text.ALTERNATIVE)])
    with link:
        page_shell.line(say(text.PERMANENT_LINK))
        st.code(request.permalink(), language=None, wrap_lines=True)
        page_shell.line(say(text.LIVE_LINK))
        st.code(request.permalink(is_frozen=False), language=None, wrap_lines=True)
    chosen = (request.site, exhibit, request.parameters, request.values)
    release = request.answers.release_id
    with embed:
        page_shell.line(say(text.LIVE_FRAME))
        st.code(links.embed_code(*chosen, as_of_days.of_current(release)), language="html", wrap_lines=True)
        page_shell.line(say(text.PERMANENT_FRAME))
        st.code(links.embed_code(*chosen, release), language="html", wrap_lines=True)
        page_shell.line(say(text.IMAGE_ALONE))
        st.code(links.image_code(*chosen, release, request.view.page), language="html", wrap_lines=True)
    with alternative:
        page_shell.line(say(text.ALTERNATIVE_WHAT))
        st.code(exhibit.alt, language=None, wrap_lines=True)


def site() -> str:
    """The address of the site: as it is set, else scheme and host that the reader asked."""
    address = urlsplit(st.context.url or "http://localhost:8501")
    return links.home(f"{address.scheme}://{address.netloc}")
