"""Who gets more? Two to six countries, programmes, initiatives or sites, each measure on one scale."""

from pages.parts.text import comparison as comparison_text
from pages.parts.text import compute_cost
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import comparison

with page("compare") as figure_page:
    choices, words = figure_page.choices, figure_page.words(comparison.words)
    what = figure_page.values["what"][0]
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    with filters.row():
        choices.segments("what", say(comparison_text.COMPARE), words.options["what"], comparison.USUAL)
        label = say(comparison_text.CHOOSE[what])
        choices.many(what, label, words.options[what], label)
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.one("basis", say(text.BASIS), words.options["basis"])
        with filters.more("compare", choices.changed("prices", "currency")):
            choices.segments("prices", say(text.PRICES), words.options["prices"])
            choices.one("currency", say(text.CURRENCY), {"EUR": say(text.EUROS_ONLY)})
    if not words.is_comparable:
        page_shell.empty(
            say(comparison_text.TOO_FEW[what]),
            say(comparison_text.TOO_FEW_WHY, number=words.number),
            [(say(comparison_text.RESET), choices.reset)],
            "compare",
        )
    elif words.nothing:
        ways = [(label, choices.setter(**kind)) for label, kind in words.nothing.ways]
        page_shell.empty(words.nothing.strong, words.nothing.sentence, ways, "compare_nothing")
    name = comparison.FIGURE_OF[what]
    figure_page.figure(name)
    if exhibit := figure_page.exhibit(name):
        components.twin(exhibit.table, alt=exhibit.alt, numbers=exhibit.numbers, key="compare_table")
    page_shell.gap()
    choices.segments("unit", say(compute_cost.UNIT), text.labels(compute_cost.UNITS))
    if figure_page.figure("compute_cost") is None:
        page_shell.empty(
            say(compute_cost.TITLES_NONE[choices.values["unit"][0]]),
            say(compute_cost.NOTHING_WHY),
            [],
            "compute_cost",
        )
