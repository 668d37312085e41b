"""The table of contents: every page with its address, file, title, question and description; the staff page
stands beside the public ones.

The navigation, the raw HTML and the answer 404 are all made from this list; no page is named anywhere else.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SITE = "EU AI funding tracker"


class Entry(NamedTuple):
    """One page: `path` is its address without the slash ("" is the first page), `file` lies beside app.py."""

    path: str
    file: str
    title: str
    question: str
    description: str

    @property
    def script(self) -> Path:
        """The file that Streamlit runs."""
        return ROOT / self.file


PAGES = (
    Entry(
        "",
        "pages/overview.py",
        "Overview",
        "How much of the €200 bn is real?",
        "Europe’s AI money from the headline to the site: what is announced, programmed, committed, contracted and paid, with every source.",
    ),
    Entry(
        "euros",
        "pages/euros.py",
        "Euros",
        "Which programme, when, at what stage?",
        "EU money for AI by programme, year and stage, gross and net: what is counted twice is removed and listed.",
    ),
    Entry(
        "sites",
        "pages/sites.py",
        "Sites",
        "Where, and what was promised there?",
        "AI factories, antennas, gigafactory bids, supercomputers and quantum computers on a map and as a list, with their euros.",
    ),
    Entry(
        "timeline",
        "pages/timeline.py",
        "Timeline",
        "Are they on time?",
        "Milestones of Europe’s AI machines from 2018 to 2033: each promised date as it was stated at the time, and what came of it.",
    ),
    Entry(
        "data",
        "pages/downloads.py",
        "Data",
        "Give me everything",
        "Every figure of the tracker as a file, with its sources, its licence and the meaning of each column.",
    ),
    Entry(
        "about",
        "pages/about.py",
        "About",
        "Can I trust it?",
        "How the tracker counts: definitions, sources, known gaps, corrections and the laws that every release obeys.",
    ),
)


STAFF = Entry(
    "staff",
    "pages/staff.py",
    "Staff",
    "Staff · what will the public see if I accept this file?",
    "For staff who sign in: from a spreadsheet to a public release, and back.",
)


def page_at(path: str, among: Sequence[Entry] = PAGES) -> Entry | None:
    """The page at an address such as "/euros", or None if there is none. among: the pages of the face that is
    shown.
    """
    return next((page for page in among if page.path == path.strip("/")), None)
