"""Are they on time?

Promised dates as they were stated against what came of them, and every milestone since 2018.
"""

from pages.parts.text import pages as text
from pages.parts.text import promise_league as league_text
from pages.parts.text import timeline as timeline_text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import promise_league, timeline

with page("timeline") as figure_page:
    choices, words = figure_page.choices, figure_page.words(timeline.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    figure_page.numbers(
        say(text.ORIGIN_OF_NUMBERS), words.numbers, timeline.answer_values, "promises", "headline"
    )
    with filters.row():
        choices.segments("show", say(text.SHOW), timeline_text.show_labels())
        choices.many(
            "initiative", say(text.INITIATIVE), words.options["initiative"], say(text.ALL_INITIATIVES)
        )
        choices.many("country", say(text.COUNTRY), words.options["country"], say(text.ALL_COUNTRIES))
        choices.many("event", say(text.EVENT), words.options["event"], say(text.ALL_EVENTS))

    if figure_page.figure("promises") is None:
        page_shell.empty(
            say(text.NO_PROMISE),
            say(text.NO_PROMISE_WHY, number=words.promises),
            [(say(text.RESET), choices.reset)],
            "promises",
        )

    page_shell.gap()
    page_shell.section(say(league_text.SECTION), say(league_text.WHY))
    with filters.row("league"):
        choices.one("year", say(league_text.YEAR), words.options["year"], say(league_text.ANY_YEAR))
        choices.segments("year_of", say(league_text.YEAR_MEANS), words.options["year_of"])
        choices.segments("by", say(league_text.GROUP_BY), words.options["by"])
    if figure_page.figure("slips") is None:
        page_shell.empty(
            say(league_text.NO_PROMISE),
            say(league_text.NO_PROMISE_WHY, number=words.promises_chosen),
            [(say(league_text.ANY_YEAR), choices.setter(year="")), (say(text.RESET), choices.reset)],
            "slips",
        )
    else:
        with components.unfolded(say(league_text.STATEMENTS), "statements") as is_open:
            if is_open:
                told = figure_page.words(promise_league.statements)
                components.link_table(told, [""] * len(told), alt=say(league_text.STATEMENTS))

    page_shell.gap()
    if figure_page.figure("milestones") is not None:
        components.twin(words.listed, alt=say(text.LIST_OF_MILESTONES), key="milestone_list", height=520)
    else:
        page_shell.empty(
            say(text.NO_MILESTONE),
            say(text.NO_MILESTONE_WHY, number=words.milestones),
            [
                (say(text.SINCE_2018), choices.setter(show="all")),
                (say(text.RESET), choices.reset),
            ],
            "milestones",
        )
