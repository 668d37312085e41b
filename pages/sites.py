"""Where, and what was promised there? Map with its list, and the card of one site."""

import streamlit as st

from pages.parts.text import formatting
from pages.parts.ui import (
    figure_block,
    filters,
    number_details,
    page_shell,
    release_cache,
    site_details,
    widgets,
)
from pages.parts.views import sites as view
from pipelines.queries import sites as ask

answers = release_cache.answers()
choices = filters.Controls("sites", view.parameters(answers))
page_shell.notices(choices.notices)
figure_block.moved_since(answers, choices.values, "sites")
answer = view.answer(answers)
page_shell.headline(answer.headline, answer.standfirst)
number_details.menu(
    "Where these numbers come from",
    view.answer_values(answers),
    answers,
    figure_block.address("sites", answers, choices.values),
    "headline",
)
with filters.row():
    choices.pills("kind", "Kind", view.kinds(answers))
    choices.many("status", "Status", answers.labels("site_statuses"), "All statuses")
    choices.many("country", "Country", answers.labels("countries"), "All countries")

chosen = choices.values["site"][0] if choices.values["site"] else ""
figure = view.sites(answers, choices.values)
if figure is None:
    text = f"{formatting.count(len(answers.read(ask.sites())), 'site')} are known in all. Kinds, statuses and countries must all fit."
    ways = [
        ("All statuses", choices.setter(status="")),
        ("All countries", choices.setter(country="")),
        ("Reset", choices.reset),
    ]
    page_shell.empty("No site fits the choice.", text, ways, "sites")
else:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        clicked = figure_block.show(figure, answers, choices.values, is_clickable=True)
    with right:
        page_shell.section(
            f"The same {formatting.count(len(figure.rows), 'site')} as a list",
            "Choose a row to open its card.",
        )
        listed = widgets.twin(
            site_details.site_list(figure.rows),
            alt="The sites as a list",
            numbers=["€ M"],
            widths=site_details.WIDTHS,
            key="site_list",
            height=560,
            is_clickable=True,
        )
    selected = figure.rows["site_id"].iloc[listed[0]] if listed else clicked[0][0] if clicked else ""
    if selected and selected not in (chosen, st.session_state.get("site_picked")):
        choices.choose("site", selected)
        chosen = selected
    st.session_state["site_picked"] = selected

if chosen:
    site = answers.read(ask.sites()).set_index("site_id", drop=False).loc[chosen].to_dict()
    with st.container(border=True, key="site_card"):
        site_details.show(
            site,
            answers.known_on,
            answers.read(ask.euros(chosen)),
            answers.read(ask.site_milestones(chosen)),
            answers.read(ask.claims(chosen)),
            answers.read(ask.inside(chosen)),
        )
        st.button("Close the card", on_click=choices.setter(site=""), key="close_card")
choices.finish()
