"""The table of contents: every page with its address, file, title, question and description; the staff page
stands beside the public ones.

The navigation, the raw HTML and the answer 404 are all made from this list; no page is named anywhere else.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pages.parts.text import pages as text
from pages.parts.text.pages import PageWords
from pages.parts.text.translation import say

ROOT = Path(__file__).parents[2]
SITE = say(text.SITE)


class Entry(NamedTuple):
    """One page: `path` is its address without the slash ("" is the first page), `file` lies beside app.py.

    is_listed: whether the navigation names it; the search is reached by its box. has_charts: whether it draws
    charts as soon as it opens, so that the browser may load Plotly while the server answers.
    """

    path: str
    file: str
    words: PageWords
    is_listed: bool = True
    has_charts: bool = True

    @property
    def script(self) -> Path:
        """The file that Streamlit runs."""
        return ROOT / self.file

    @property
    def title(self) -> str:
        """Its name in the navigation."""
        return say(self.words.title)

    @property
    def question(self) -> str:
        """The question that it answers."""
        return say(self.words.question)

    @property
    def description(self) -> str:
        """What is on it, for search engines and pasted links."""
        return say(self.words.description)


PAGES = (
    Entry("", "pages/overview.py", text.PAGES[""]),
    Entry("euros", "pages/euros.py", text.PAGES["euros"]),
    Entry("flows", "pages/flows.py", text.PAGES["flows"]),
    Entry("overlaps", "pages/overlaps.py", text.PAGES["overlaps"]),
    Entry("sites", "pages/sites.py", text.PAGES["sites"]),
    Entry("countries", "pages/countries.py", text.PAGES["countries"]),
    Entry("timeline", "pages/timeline.py", text.PAGES["timeline"]),
    Entry("projects", "pages/projects.py", text.PAGES["projects"]),
    Entry("compare", "pages/comparison.py", text.PAGES["compare"]),
    Entry("data", "pages/downloads.py", text.PAGES["data"], has_charts=False),
    Entry("about", "pages/about.py", text.PAGES["about"], has_charts=False),
    Entry("search", "pages/search.py", text.PAGES["search"], is_listed=False, has_charts=False),
)

STAFF = Entry("staff", "pages/staff.py", text.PAGES["staff"], has_charts=False)


def page_at(path: str, among: Sequence[Entry] = PAGES) -> Entry | None:
    """The page at an address such as "/euros", or None if there is none. among: the pages of the face that is
    shown.
    """
    return next((page for page in among if page.path == path.strip("/")), None)
