"""What was promised where? Map with its list, who pays, and the page of one site."""

import streamlit as st

from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell, site_details
from pages.parts.ui.figure_page import page
from pages.parts.views import sites

with page("sites") as figure_page:
    choices = figure_page.choices
    if figure_page.values["site"]:
        site_details.show(figure_page)
    else:
        words = figure_page.words(sites.words)
        page_shell.headline(words.answer.headline, words.answer.standfirst)
        figure_page.numbers(
            say(text.ORIGIN_OF_NUMBERS), words.numbers, sites.answer_values, "sites", "headline"
        )
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
            with st.container(key="map_and_list"):
                left, right = st.columns([7, 5], gap="medium")
                with left:
                    clicked = figure_page.figure("sites", is_clickable=True)
                with right:
                    page_shell.section(say(text.SITES_LISTED, number=len(words.ids)), say(text.CHOOSE_SITE))
                    with st.container(height=560, border=False, key="site_list"):
                        ways = [page_shell.way("sites", site=site_id) for site_id in words.ids]
                        components.link_table(
                            words.listed,
                            ways,
                            alt=say(text.LIST_OF_SITES),
                            numbers=site_details.list_numbers(),
                        )
            figure_page.figure("site_payers", has_gap=True)
            figure_page.figure("site_promises", has_gap=True)
            if choices.pick("site", clicked[0][0] if clicked else ""):
                choices.finish()
                st.rerun()
