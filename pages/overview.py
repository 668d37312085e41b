"""How much of the €200 bn is real? The funding ladder, four purses side by side, what is due, new and changed."""

import streamlit as st

from pages.parts import anatomy, controls, exhibit, frame, number_card, reader, tables
from pages.parts.style import TOKENS, funder_colour
from pages.parts.views import overview as view
from pipelines.queries import overview as ask

answers = reader.answers()
choices = controls.Controls("overview", view.parameters(answers))
frame.notices(choices.notices)
exhibit.moved_since(answers, choices.values, "")
answer = view.answer(answers, choices.values)
frame.headline(answer.headline, answer.standfirst)
with controls.row():
    choices.one("ladder", "Ladder of", view.names(answers))
ladder = view.ladder(answers, choices.values)
exhibit.show(ladder, answers, choices.values)

frame.gap()
frame.section(
    "Four purses, side by side and never added",
    "They stand at different stages and overlap. A sum would count the same euro twice.",
)
theme = frame.theme()
anatomy.totals(
    tables.purses(answers.read(ask.purses()), lambda purse: funder_colour(purse, theme) or TOKENS[theme].text)
)
link = exhibit.Shared(ladder, answers, choices.values).permalink()
number_card.menu("Where these totals come from", view.purse_values(answers), answers, link, "purses")

frame.gap()
today, number = answers.known_on, answers.row(ask.milestones())["milestones"]
lists = [
    ("Due, not confirmed", tables.due(answers.read(ask.due(today, 3))), "All on the timeline", "timeline"),
    ("Next dates", tables.events(answers.read(ask.upcoming(today, 3))), "Promises and slips", "timeline"),
    ("Newest milestones", tables.events(answers.read(ask.newest(3))), f"All {number} milestones", "timeline"),
    ("What changed", tables.changes(answers.read(ask.changes(3))), "Everything that changed", "about"),
]
for column, (title, lines, label, page) in zip(st.columns(4, gap="large"), lists, strict=True):
    with column:
        frame.section(title)
        anatomy.items(lines)
        frame.onward(label, page)
choices.finish()
