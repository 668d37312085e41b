"""What was promised where? Map with its list, and the card of one site."""

import streamlit as st

from pages.parts.text import pages as text
from pages.parts.text.messages import say
from pages.parts.ui import components, filters, page_shell, site_details
from pages.parts.ui.figure_page import page
from pages.parts.views import sites

with page("sites") as figure_page:
    choices, words = figure_page.choices, figure_page.words(sites.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    figure_page.numbers(say(text.ORIGIN_OF_NUMBERS), words.numbers, sites.answer_values, "sites", "headline")
    with filters.row():
        choices.pills("kind", say(text.KIND), words.options["kind"])
        choices.many("status", say(text.STATUS), words.options["status"], say(text.ALL_STATUSES))
        choices.many("country", say(text.COUNTRY), words.options["country"], say(text.ALL_COUNTRIES))

    if not words.ids:
        page_shell.empty(
            say(text.NO_SITE),
            say(text.NO_SITE_WHY, number=words.known),
            [
                (say(text.ALL_STATUSES), choices.setter(status="")),
                (say(text.ALL_COUNTRIES), choices.setter(country="")),
                (say(text.RESET), choices.reset),
            ],
            "sites",
        )
    else:
        left, right = st.columns([7, 5], gap="medium")
        with left:
            clicked = figure_page.figure("sites", is_clickable=True)
        with right:
            page_shell.section(say(text.SITES_LISTED, number=len(words.ids)), say(text.CHOOSE_ROW))
            chosen_rows = components.twin(
                words.listed,
                alt=say(text.LIST_OF_SITES),
                numbers=site_details.list_numbers(),
                widths=site_details.list_widths(),
                key="site_list",
                height=560,
                is_clickable=True,
            )
        choices.pick("site", words.ids[chosen_rows[0]] if chosen_rows else clicked[0][0] if clicked else "")

    if chosen := choices.values["site"]:
        with st.container(border=True, key="site_card"):
            site_details.show(figure_page.answers, chosen[0])
            st.button(say(text.CLOSE_CARD), on_click=choices.setter(site=""), key="close_card")
