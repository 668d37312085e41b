"""Who gets more? Two to six countries side by side, each measure on one scale."""

from pages.parts.text import comparison as comparison_text
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import comparison

with page("compare") as figure_page:
    choices, words = figure_page.choices, figure_page.words(comparison.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    with filters.row():
        choices.many(
            "country", say(comparison_text.CHOOSE), words.options["country"], say(comparison_text.CHOOSE)
        )
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.one("basis", say(text.BASIS), words.options["basis"])
    if not words.is_comparable:
        page_shell.empty(
            say(comparison_text.TOO_FEW),
            say(comparison_text.TOO_FEW_WHY, number=words.number),
            [(say(comparison_text.RESET), choices.reset)],
            "compare",
        )
    figure_page.figure("compare")
    if exhibit := figure_page.exhibit("compare"):
        components.twin(exhibit.table, alt=exhibit.alt, numbers=exhibit.numbers, key="compare_table")
