"""Where, and what was promised there? Map with its list, and the card of one site."""

import streamlit as st

from pages.parts.text import formatting
from pages.parts.ui import filters, page_shell, site_details, widgets
from pages.parts.ui.figure_page import page
from pages.parts.views import sites as view

with page("sites") as shown:
    choices, said = shown.choices, shown.words(view.words)
    page_shell.headline(said.answer.headline, said.answer.standfirst)
    shown.numbers("Where these numbers come from", said.numbers, view.answer_values, "sites", "headline")
    with filters.row():
        choices.pills("kind", "Kind", said.options["kind"])
        choices.many("status", "Status", said.options["status"], "All statuses")
        choices.many("country", "Country", said.options["country"], "All countries")

    if not said.ids:
        page_shell.empty(
            "No site fits the choice.",
            f"{formatting.count(said.known, 'site')} are known in all. Kinds, statuses and countries must all fit.",
            [
                ("All statuses", choices.setter(status="")),
                ("All countries", choices.setter(country="")),
                ("Reset", choices.reset),
            ],
            "sites",
        )
    else:
        left, right = st.columns([7, 5], gap="medium")
        with left:
            clicked = shown.figure("sites", is_clickable=True)
        with right:
            page_shell.section(
                f"The same {formatting.count(len(said.ids), 'site')} as a list",
                "Choose a row to open its card.",
            )
            listed = widgets.twin(
                said.listed,
                alt="The sites as a list",
                numbers=["€ M"],
                widths=site_details.WIDTHS,
                key="site_list",
                height=560,
                is_clickable=True,
            )
        choices.pick("site", said.ids[listed[0]] if listed else clicked[0][0] if clicked else "")

    if chosen := choices.values["site"]:
        with st.container(border=True, key="site_card"):
            site_details.show(shown.answers, chosen[0])
            st.button("Close the card", on_click=choices.setter(site=""), key="close_card")
