"""The box of the search, on every page. What is typed there is looked up on the page of the search."""

import streamlit as st

from pages.parts.page_registry import page_at
from pages.parts.text import search as text
from pages.parts.text.translation import say
from pages.parts.ui import session_release

KEY = "search_box"
_ASKED = "search_asked"
_SHOWN = "search_shown"
PATH = "search"


def _ask() -> None:
    st.session_state[_ASKED] = st.session_state[KEY].strip()


def draw(path: str) -> None:
    """Draws the box, and goes to the results when something was typed. path: of the page that is shown."""
    if path == PATH:
        question = st.query_params.get("q", "")
        if question != st.session_state.get(_SHOWN):
            st.session_state[_SHOWN] = st.session_state[KEY] = question
    st.text_input(
        say(text.BOX),
        key=KEY,
        type="search",
        placeholder=say(text.PLACEHOLDER),
        icon=":material/search:",
        label_visibility="collapsed",
        width=280,
        max_chars=200,
        on_change=_ask,
    )
    if question := st.session_state.pop(_ASKED, ""):
        st.session_state[_SHOWN] = question
        page = page_at(PATH)
        if page is not None:
            st.switch_page(page.script, query_params={"q": question, **session_release.named()})
