"""What does a country get, from whom, and what does it pay?

One state with everything that is known of it, beside its neighbours; or all of them.
"""

from pages.parts.text import countries as text
from pages.parts.text import euros_by_country as measure_text
from pages.parts.text.translation import say
from pages.parts.ui import country_details, filters, page_shell
from pages.parts.ui.figure_page import page
from pages.parts.views import countries

with page("countries") as figure_page:
    choices, words = figure_page.choices, figure_page.words(countries.words)
    if figure_page.values["country"]:
        page_shell.back(say(text.ALL_COUNTRIES), page_shell.way("countries"))
    page_shell.headline(words.headline, words.standfirst)
    with filters.row():
        choices.one("country", say(text.COUNTRY), words.options["country"], say(text.ALL_COUNTRIES))
        choices.many("kind", say(text.KIND), words.options["kind"], say(text.ALL_KINDS))
        choices.segments("per", say(text.PER), measure_text.labels())
        with filters.more("countries", choices.changed("stage", "basis", "beside")):
            choices.one("stage", say(text.STAGE), words.options["stage"])
            choices.one("basis", say(text.BASIS), words.options["basis"])
            choices.many("beside", say(text.BESIDE), words.options["country"], say(text.NEIGHBOURS))
    if figure_page.values["country"]:
        country_details.show_state(figure_page, words)
    else:
        country_details.show_all(figure_page, words)
