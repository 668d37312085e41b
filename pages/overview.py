"""How much of the €200 bn is real?

The funding ladder, four funders side by side, what is due, new and changed.
"""

import streamlit as st

from pages.parts.ui import filters, page_shell, widgets, window
from pages.parts.ui.figure_page import page
from pages.parts.views import overview as view

with page("") as shown:
    said = shown.words(view.words, window.theme())
    page_shell.headline(said.answer.headline, said.answer.standfirst)
    with filters.row():
        shown.choices.one("ladder", "Ladder of", said.names)
    shown.figure("ladder")

    page_shell.gap()
    page_shell.section(
        "Four funders, side by side and never added",
        "They stand at different stages and overlap. A sum would count the same euro twice.",
    )
    widgets.totals(said.totals)
    shown.numbers("Where these totals come from", said.total_numbers, view.funder_values, "ladder", "funders")

    page_shell.gap()
    lists = [
        ("Due, not confirmed", said.due, "All on the timeline", "timeline"),
        ("Next dates", said.upcoming, "Promises and slips", "timeline"),
        ("Newest milestones", said.newest, f"All {said.milestones} milestones", "timeline"),
        ("What changed", said.changes, "Everything that changed", "about"),
    ]
    for column, (title, lines, label, path) in zip(st.columns(4, gap="large"), lists, strict=True):
        with column:
            page_shell.section(title)
            widgets.items(lines)
            page_shell.onward(label, path)
