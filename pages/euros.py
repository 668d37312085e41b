"""Where is the money in the EU budget?

Envelopes gross and net, the overlap ledger, years, and how envelopes are divided.
"""

from pages.parts.text import countries
from pages.parts.text import euros as euros_text
from pages.parts.text import pages as text
from pages.parts.text.messages import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import euros

with page("euros") as figure_page:
    choices, words = figure_page.choices, figure_page.words(euros.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    with filters.row():
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.one("basis", say(text.BASIS), words.options["basis"])
        choices.many("programme", say(text.PROGRAMME), words.options["programme"], say(text.EU_PROGRAMMES))
        choices.many(
            "initiative", say(text.INITIATIVE), words.options["initiative"], say(text.ALL_INITIATIVES)
        )
        choices.one("level", say(text.LEVEL), {**words.options["level"], **text.labels(text.LEVELS)})
        choices.one("currency", say(text.CURRENCY), {"EUR": say(text.EUROS_ONLY)})
        choices.segments("count", say(text.COUNT), euros.COUNTS)
        choices.segments("prices", say(text.PRICES), euros.PRICES)
        choices.segments("per", say(text.PER), countries.labels())

    if words.nothing:
        strong, sentence, ways = words.nothing
        offered = [(label, choices.setter(**change)) for label, change in ways]
        page_shell.empty(strong, sentence, [*offered, (say(text.RESET), choices.reset)], "euros")
    else:
        badge, sum_line = words.sum_line
        page_shell.line(sum_line, badge)
        figure_page.numbers(say(text.ORIGIN_OF_SUMS), words.sums, euros.total_values, "envelopes", "totals")
        figure_page.figure("envelopes")
        if words.removed is not None:
            page_shell.section(say(text.OVERLAPS), level=3)
            components.twin(
                words.removed,
                alt=say(text.OVERLAPS),
                numbers=[say(euros_text.REMOVED_COLUMNS["amount_eur"])],
                key="overlaps",
            )
            components.download_csv(
                say(text.DOWNLOAD_OVERLAPS),
                lambda: euros.removed_csv(figure_page.answers, figure_page.values),
                figure_page.file_name("overlaps"),
                key="csv_overlaps",
            )
    if words.set_aside is not None:
        page_shell.section(say(text.SET_ASIDE), say(text.SET_ASIDE_WHY), level=3)
        components.twin(
            words.set_aside,
            alt=say(text.SET_ASIDE),
            numbers=[say(euros_text.SET_ASIDE_COLUMNS["amount_eur"])],
            key="set_aside",
        )
        components.download_csv(
            say(text.DOWNLOAD_SET_ASIDE),
            lambda: euros.set_aside_csv(figure_page.answers, figure_page.values),
            figure_page.file_name("set-aside"),
            key="csv_set_aside",
        )
    for name in ("years", "headings", "countries"):
        figure_page.figure(name, has_gap=True)
