"""How much of the €200 bn is real? The funding ladder, four purses side by side, what is due, new and changed."""

import streamlit as st

from pages.parts.style import TOKENS, funder_colour
from pages.parts.text import tables
from pages.parts.ui import figure_block, filters, number_details, page_shell, release_cache, widgets
from pages.parts.views import overview as view
from pipelines.queries import overview as ask

answers = release_cache.answers()
choices = filters.Controls("overview", view.parameters(answers))
page_shell.notices(choices.notices)
figure_block.moved_since(answers, choices.values, "")
answer = view.answer(answers, choices.values)
page_shell.headline(answer.headline, answer.standfirst)
with filters.row():
    choices.one("ladder", "Ladder of", view.names(answers))
ladder = view.ladder(answers, choices.values)
figure_block.show(ladder, answers, choices.values)

page_shell.gap()
page_shell.section(
    "Four purses, side by side and never added",
    "They stand at different stages and overlap. A sum would count the same euro twice.",
)
theme = page_shell.theme()
widgets.totals(
    tables.purses(answers.read(ask.purses()), lambda purse: funder_colour(purse, theme) or TOKENS[theme].text)
)
link = figure_block.Shared(ladder, answers, choices.values).permalink()
number_details.menu("Where these totals come from", view.purse_values(answers), answers, link, "purses")

page_shell.gap()
today, number = answers.known_on, answers.row(ask.milestones())["milestones"]
lists = [
    ("Due, not confirmed", tables.due(answers.read(ask.due(today, 3))), "All on the timeline", "timeline"),
    ("Next dates", tables.events(answers.read(ask.upcoming(today, 3))), "Promises and slips", "timeline"),
    ("Newest milestones", tables.events(answers.read(ask.newest(3))), f"All {number} milestones", "timeline"),
    ("What changed", tables.changes(answers.read(ask.changes(3))), "Everything that changed", "about"),
]
for column, (title, lines, label, page) in zip(st.columns(4, gap="large"), lists, strict=True):
    with column:
        page_shell.section(title)
        widgets.items(lines)
        page_shell.onward(label, page)
choices.finish()
