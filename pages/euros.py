"""Where is the money in the EU budget?

What of it is AI; then programme totals gross and net, the overlap ledger, years, parts and countries.
"""

from pages.parts.text import ai_share as ai_text
from pages.parts.text import euros_by_country
from pages.parts.text import euros_page as euros_text
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import ai, euros

MORE = ("basis", "level", "count", "prices", "currency", "per", "bodies")

with page("euros") as figure_page:
    choices, words = figure_page.choices, figure_page.words(euros.words)
    page_shell.headline(*figure_page.words(ai.lead))
    with filters.row():
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.many("programme", say(text.PROGRAMME), words.options["programme"], say(text.EU_PROGRAMMES))
        choices.many(
            "initiative", say(text.INITIATIVE), words.options["initiative"], say(text.ALL_INITIATIVES)
        )
        with filters.more("euros", choices.changed(*MORE)):
            choices.one("basis", say(text.BASIS), words.options["basis"])
            choices.one("level", say(text.LEVEL), {**words.options["level"], **text.labels(text.LEVELS)})
            choices.segments("count", say(text.COUNT), euros.COUNTS)
            choices.segments("prices", say(text.PRICES), euros.PRICES)
            choices.one("currency", say(text.CURRENCY), {"EUR": say(text.EUROS_ONLY)})
            choices.segments("per", say(text.PER), euros_by_country.labels())
            choices.segments("bodies", say(text.BODIES), euros_by_country.body_labels())

    figure_page.figure("ai")
    with components.unfolded(say(ai_text.YEARS), "ai_years") as is_open:
        if is_open and (ai_years := figure_page.words(ai.years)) is None:
            page_shell.line(say(ai_text.NO_YEARS))
        elif is_open:
            page_shell.line(say(ai_text.YEARS_WHY))
            components.twin(
                ai_years,
                alt=say(ai_text.YEARS),
                numbers=[say(ai_text.YEAR_COLUMNS["amount_eur"]), say(ai_text.YEAR_COLUMNS["entries"])],
                key="ai_years",
            )
            components.download_csv(
                say(ai_text.DOWNLOAD_YEARS),
                lambda: ai.years_csv(figure_page.answers, figure_page.values),
                figure_page.file_name("ai-years"),
                key="csv_ai_years",
            )
    page_shell.gap()
    page_shell.section(words.answer.headline, words.answer.standfirst)
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
