"""The choice of another day, at the foot of every page: what was in force and known then.

The way to that day loads the page anew, because everything on it is another.
"""

from datetime import date
from html import escape
from urllib.parse import urlencode

import streamlit as st

from pages.parts.text import ui as text
from pages.parts.text.translation import say
from pages.parts.ui import components, session_release
from pipelines import as_of_days

EXAMPLE = date(2025, 2, 11)
"""The day that the control offers first: on which InvestAI was announced."""


@st.fragment
def draw(path: str, day: date | None, known_on: date) -> None:
    """The word that opens the choice of a day. path: of the page. day: that is looked at. known_on: of the
    release.
    """
    with components.opened(say(text.ANOTHER_DAY), f"day_{path or 'overview'}") as is_open:
        if is_open:
            _choose(path, day, known_on)


def _choose(path: str, day: date | None, known_on: date) -> None:
    st.html(f'<p class="t-line">{escape(say(text.ANOTHER_DAY_WHAT))}</p>')
    chosen = st.date_input(
        say(text.DAY),
        value=day or EXAMPLE,
        min_value=as_of_days.FIRST,
        max_value=known_on,
        format="YYYY-MM-DD",
        key=f"chosen_day_{path or 'overview'}",
    )
    if isinstance(chosen, date):
        words = {**session_release.address_words(), **session_release.kept_words()}
        words[session_release.DAY] = [chosen.isoformat()]
        way = f"./{path}?{urlencode(words, doseq=True)}"
        st.html(
            f'<p class="t-line t-back"><a class="t-on" href="{escape(way, quote=True)}" target="_self">'
            f"{escape(say(text.SHOW_DAY, day=chosen))}</a></p>"
        )
