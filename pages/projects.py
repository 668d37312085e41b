"""What did Horizon and Digital Europe fund?

AI by year, by what it is for and by recipient, in two readings; calls; the list of projects, a page at a
time; and the page of one project or one recipient.
"""

from pages.parts.text import pages as page_text
from pages.parts.text import projects as text
from pages.parts.text.euros_by_country import body_labels
from pages.parts.text.translation import say
from pages.parts.ui import filters, page_shell, projects_page
from pages.parts.ui.figure_page import page
from pages.parts.views import projects

with page("projects") as figure_page:
    choices, values = figure_page.choices, figure_page.values
    if values.get("project"):
        projects_page.show_project(figure_page)
    elif values.get("beneficiary"):
        projects_page.show_recipient(figure_page)
    else:
        words = figure_page.words(projects.words)
        page_shell.headline(words.headline, words.standfirst)
        with filters.row():
            choices.many(
                "programme", say(page_text.PROGRAMME), words.options["programme"], say(text.ALL_PROGRAMMES)
            )
            if "year" in values:
                choices.many("year", say(text.YEAR), {}, say(text.ALL_YEARS))
            if "country" in values:
                choices.many(
                    "country", say(page_text.COUNTRY), words.options["country"], say(page_text.ALL_COUNTRIES)
                )
            choices.one("by", say(text.GROUP_BY), words.options["by"])
            choices.one("stage", say(text.STAGE), words.options["stage"])
            with filters.more("projects", choices.changed("bodies", "state", "reading")):
                choices.segments("bodies", say(text.BODIES), body_labels())
                choices.many("state", say(text.CALL_STATE), words.options["state"], say(text.ALL_STATES))
                choices.many("reading", say(text.READING), words.options["reading"], say(text.ALL_READINGS))
        projects_page.show_figures(figure_page)
        projects_page.show_calls(figure_page)
        projects_page.show_list(figure_page, words)
