"""Who pays whom? Money from funder to programme, initiative and kind of site, each euro once."""

from pages.parts.text import flows as flows_text
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import flows

with page("flows") as figure_page:
    choices, words = figure_page.choices, figure_page.words(flows.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    with filters.row():
        choices.many(
            "initiative",
            say(text.INITIATIVE),
            words.options["initiative"],
            say(flows_text.EVERY_INITIATIVE),
        )
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.one("basis", say(text.BASIS), words.options["basis"])
        choices.one(
            "node",
            say(flows_text.FOLLOW),
            words.options["node"],
            none=say(flows_text.NO_NODE),
            is_only_labelled=True,
        )
        choices.segments("detail", say(flows_text.DETAIL), words.options["detail"])
    if words.nothing:
        page_shell.empty(
            *words.nothing,
            [
                (say(flows_text.NO_NODE), choices.setter(node="")),
                (
                    say(flows_text.OTHER_STAGE),
                    choices.setter(stage="programmed", basis="eu-contribution", node=""),
                ),
                (say(text.RESET), choices.reset),
            ],
            "flows",
        )
    else:
        figure_page.figure("flows")
        exhibit = figure_page.exhibit("flows")
        if exhibit:
            page_shell.section(say(flows_text.AS_TABLE), level=3)
            components.twin(exhibit.table, alt=exhibit.alt, numbers=exhibit.numbers, key="flows_table")
