"""Where, and what was promised there? Map with its list, and the card of one site."""

import streamlit as st

from pages.parts import anatomy, card, controls, exhibit, frame, number_card, reader, words
from pages.parts.views import sites as view
from pipelines.queries import sites as ask

answers = reader.answers()
choices = controls.Controls("sites", view.parameters(answers))
frame.notices(choices.notices)
exhibit.moved_since(answers, choices.values, "sites")
answer = view.answer(answers)
frame.headline(answer.headline, answer.standfirst)
number_card.menu(
    "Where these numbers come from",
    view.answer_values(answers),
    answers,
    exhibit.address("sites", answers, choices.values),
    "headline",
)
with controls.row():
    choices.pills("kind", "Kind", view.kinds(answers))
    choices.many("status", "Status", answers.labels("site_statuses"), "All statuses")
    choices.many("country", "Country", answers.labels("countries"), "All countries")

chosen = choices.values["site"][0] if choices.values["site"] else ""
figure = view.sites(answers, choices.values)
if figure is None:
    text = f"{words.count(len(answers.read(ask.sites())), 'site')} are known in all. Kinds, statuses and countries must all fit."
    ways = [
        ("All statuses", choices.setter(status="")),
        ("All countries", choices.setter(country="")),
        ("Reset", choices.reset),
    ]
    frame.empty("No site fits the choice.", text, ways, "sites")
else:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        clicked = exhibit.show(figure, answers, choices.values, is_clickable=True)
    with right:
        frame.section(
            f"The same {words.count(len(figure.rows), 'site')} as a list", "Choose a row to open its card."
        )
        listed = anatomy.twin(
            card.site_list(figure.rows),
            alt="The sites as a list",
            numbers=["€ M"],
            widths=card.WIDTHS,
            key="site_list",
            height=560,
            is_clickable=True,
        )
    picked = figure.rows["site_id"].iloc[listed[0]] if listed else clicked[0][0] if clicked else ""
    if picked and picked not in (chosen, st.session_state.get("site_picked")):
        choices.choose("site", picked)
        chosen = picked
    st.session_state["site_picked"] = picked

if chosen:
    site = answers.read(ask.sites()).set_index("site_id", drop=False).loc[chosen].to_dict()
    with st.container(border=True, key="site_card"):
        card.show(
            site,
            answers.known_on,
            answers.read(ask.euros(chosen)),
            answers.read(ask.site_milestones(chosen)),
            answers.read(ask.claims(chosen)),
            answers.read(ask.inside(chosen)),
        )
        st.button("Close the card", on_click=choices.setter(site=""), key="close_card")
choices.finish()
