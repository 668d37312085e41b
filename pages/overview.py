"""How much of the €200 bn is real?

The funding ladder, four funders side by side, dates that have passed, what is next, new and changed.
"""

import streamlit as st

from pages.parts.figure_model import Item
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell, theme_and_width
from pages.parts.ui.figure_page import page
from pages.parts.views import overview

with page("") as figure_page:
    words = figure_page.words(overview.words, theme_and_width.theme())
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    with filters.row():
        figure_page.choices.one("ladder", say(text.LADDER_OF), words.names)
    if figure_page.exhibit("ladder"):
        figure_page.figure("ladder")
        with components.unfolded(say(text.STEPS), "ladder_steps") as is_open:
            if is_open:
                steps = figure_page.words(overview.steps)
                components.link_table(
                    steps, [""] * len(steps), alt=say(text.STEPS), numbers=steps.column_names[1:2]
                )
    else:
        page_shell.line(say(text.NO_LADDER_YET))

    page_shell.gap()
    page_shell.section(say(text.FUNDERS), say(text.FUNDERS_WHY))
    components.totals(words.totals)
    figure_page.numbers(
        say(text.ORIGIN_OF_TOTALS), words.total_numbers, overview.funder_values, "ladder", "funders"
    )

    page_shell.gap()
    nothing = Item("", say(text.NOTHING_LISTED))
    lists = [
        (text.DUE, words.due, say(text.ALL_DUE), "timeline"),
        (text.NEXT_DATES, words.upcoming, say(text.ALL_DATES), "timeline"),
        (
            text.NEWEST_MILESTONES,
            words.newest,
            say(text.ALL_MILESTONES, number=words.milestones),
            "timeline",
        ),
    ]
    with st.container(key="lists"):
        columns = st.columns(4, gap="large")
    for column, (title, lines, label, path) in zip(columns, lists, strict=False):
        with column:
            page_shell.section(say(title))
            components.items(lines or [nothing])
            page_shell.onward(label, path)
    with columns[-1]:
        for title, changes in ((text.CHANGES, words.changes), (text.CORRECTIONS, words.corrections)):
            page_shell.section(say(title), changes.since)
            components.items(changes.lines or [nothing])
        page_shell.onward(say(text.ALL_CHANGES), "about")
