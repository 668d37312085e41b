"""How much of the €200 bn is real? The funding ladder, four purses side by side, what is due, new and changed."""

import functools

import streamlit as st

from pages.parts import anatomy, controls, exports, figures, frame, headlines, reader, tables, vocabulary
from pages.parts.link import Parameter
from pages.parts.queries import overview as ask
from pages.parts.style import TOKENS, funder_colour

names = {**vocabulary.labels("programmes"), **vocabulary.labels("initiatives")}
codes = [code for code in names if code in set(reader.read(ask.ladders())["ladder"])]
choices = controls.Controls("overview", [Parameter("ladder", tuple(codes), ("investai",))])
frame.notices(choices.notices)

code = choices.values["ladder"][0]
steps = reader.read(ask.ladder(code))
entries = reader.read(ask.ladder_entries(code))
payments = int(reader.read(ask.payments())["entries"].iloc[0])
answer = headlines.overview(steps, payments, names[code])
frame.headline(answer.headline, answer.standfirst)

with controls.row():
    choices.one("ladder", "Ladder of", names)
numbered, sources = tables.numbered(steps, entries)
anatomy.figure(
    f"ladder-{code}",
    answer.title,
    f"{names[code]}. Each bar has its own stage and basis, so the bars are compared and never added.",
    functools.partial(figures.ladder, numbered),
    alt=f"Funding ladder of {names[code]}: " + "; ".join(tables.ladder_words(steps)),
    source=tables.source_line(sources, entries),
    key=[anatomy.Mark("hatch", "not published: no source gives an amount. It does not mean zero.")]
    if steps["amount_eur"].isna().any()
    else [],
    table=tables.ladder(steps),
    numbers=["Euros"],
    csv=exports.csv(steps, reader.release()),
    sources=sources,
)

frame.gap()
frame.section(
    "Four purses, side by side and never added", "They stand at different stages and overlap. A sum would count the same euro twice."
)
anatomy.totals(tables.purses(reader.read(ask.purses()), lambda purse: funder_colour(purse, frame.theme()) or TOKENS[frame.theme()].text))

frame.gap()
known_on = reader.known_on()
number = int(reader.read(ask.milestones())["milestones"].iloc[0])
for column, (title, lines, label, page) in zip(
    st.columns(4, gap="large"),
    [
        ("Due, not confirmed", tables.due(reader.read(ask.due(known_on, 3))), "All on the timeline", "timeline"),
        ("Next dates", tables.events(reader.read(ask.upcoming(known_on, 3))), "Promises and slips", "timeline"),
        ("Newest milestones", tables.events(reader.read(ask.newest(3))), f"All {number} milestones", "timeline"),
        ("What changed", tables.changes(reader.read(ask.changes(3))), "Everything that changed", "about"),
    ],
    strict=True,
):
    with column:
        frame.section(title)
        anatomy.items(lines)
        frame.onward(label, page)
choices.finish()
