"""What are you looking for? Everything by its name, and numbers by their size."""

from pages.parts.finished_figure import kept_words
from pages.parts.text import search as text
from pages.parts.text.translation import say
from pages.parts.ui import filters, page_shell, search_results, session_release
from pages.parts.views import search

answers = session_release.answers()
choices = filters.Controls("search", search.parameters(answers))
page_shell.notices(choices.notices)
values = dict(choices.values)
if wanted := "".join(values["number"]):
    search_results.number(answers, wanted, choices)
else:
    found = kept_words(answers, ("search", tuple(values.items())), lambda: search.results(answers, values))
    page_shell.headline(found.headline, found.standfirst)
    if found.checked:
        page_shell.section(say(text.NUMBERS))
        search_results.checked(found.checked)
        page_shell.gap()
    if found.kinds:
        if found.claim:
            page_shell.section(say(text.RESULTS))
        choices.pills("kind", say(text.KIND), found.kinds, is_only_labelled=True)
    search_results.listed(found, choices)
choices.finish()
