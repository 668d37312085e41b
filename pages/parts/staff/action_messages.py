"""Every action on the staff page: allowed anew on the server, and every failure that can be foreseen becomes
a sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts.text import staff as text
from pages.parts.text.translation import say
from pages.parts.ui import page_shell
from pipelines.errors import explain

_KEPT = "staff_said"
MOST_PROBLEMS = 10  # that a failed action shows


@contextmanager
def report_errors() -> Iterator[None]:
    """Show why an action could not be done. Nothing was changed then."""
    try:
        yield
    except Exception as error:
        explanation = explain(error, MOST_PROBLEMS)
        if explanation is None:
            raise
        for problem in explanation.problems:
            page_shell.notice("error", problem)
        if explanation.problems:
            page_shell.line(explanation.message)
        else:
            page_shell.notice("error", explanation.message)


def keep(sentence: str) -> None:
    """Keep a sentence for the next run of the page, which shows it once."""
    st.session_state[_KEPT] = sentence


def show_kept() -> None:
    """Show what the last action came to."""
    if sentence := st.session_state.pop(_KEPT, ""):
        page_shell.notice("moved", sentence)


def origin() -> str:
    """From where somebody acts, for the journal."""
    return st.context.ip_address or say(text.THIS_MACHINE)
