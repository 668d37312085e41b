"""What is counted twice? Which amount holds which, why, and who says so; and what is taken off a sum."""

from pages.parts.text import overlaps as overlaps_text
from pages.parts.text import pages as text
from pages.parts.text.translation import say
from pages.parts.ui import components, filters, page_shell
from pages.parts.ui.figure_page import FigurePage, page
from pages.parts.views import overlaps


def amounts_of_one_name(figure_page: FigurePage, words: overlaps.Words) -> None:
    """The pairs of an initiative or a programme, as figure and as sentences."""
    with filters.row():
        figure_page.choices.one("of", say(overlaps_text.OF), words.options["of"])
    if figure_page.figure("amounts_inside") is None:
        page_shell.empty(
            say(overlaps_text.NOTHING_NESTED),
            say(overlaps_text.NOTHING_NESTED_WHY, name=words.name),
            [(say(text.RESET), figure_page.choices.reset)],
            "amounts_inside",
        )
        return
    with components.unfolded(say(overlaps_text.STORY), "overlap_story") as is_open:
        if is_open:
            told = figure_page.words(overlaps.story)
            components.link_table(told, [""] * len(told), alt=say(overlaps_text.STORY))


def amounts_of_a_sum(figure_page: FigurePage, words: overlaps.Words) -> None:
    """What is taken off a sum, as figure and as sentences."""
    choices = figure_page.choices
    page_shell.section(say(overlaps_text.IN_A_SUM), say(overlaps_text.IN_A_SUM_WHY))
    with filters.row("sum"):
        choices.one("stage", say(text.STAGE), words.options["stage"])
        choices.one("basis", say(text.BASIS), words.options["basis"])
        choices.many("programme", say(text.PROGRAMME), words.options["programme"], say(text.EU_PROGRAMMES))
        choices.many(
            "initiative", say(text.INITIATIVE), words.options["initiative"], say(text.ALL_INITIATIVES)
        )
        choices.one("level", say(text.LEVEL), {**words.options["level"], **text.labels(text.LEVELS)})
    if words.nothing:
        page_shell.empty(*words.nothing, [(say(text.RESET), choices.reset)], "counted_twice")
        return
    figure_page.figure("counted_twice")
    with components.unfolded(say(overlaps_text.SUM_STORY), "sum_story") as is_open:
        if is_open:
            told = figure_page.words(overlaps.sum_story)
            components.link_table(told, [""] * len(told), alt=say(overlaps_text.SUM_STORY))


with page("overlaps") as figure_page:
    words = figure_page.words(overlaps.words)
    page_shell.headline(words.answer.headline, words.answer.standfirst)
    # Who comes from a sum sees that sum first.
    is_of_a_sum = figure_page.choices.changed(*overlaps.OF_CHOICE) > 0
    first, second = (
        (amounts_of_a_sum, amounts_of_one_name) if is_of_a_sum else (amounts_of_one_name, amounts_of_a_sum)
    )
    first(figure_page, words)
    page_shell.gap()
    second(figure_page, words)
