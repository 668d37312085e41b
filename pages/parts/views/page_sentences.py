"""The sentences of the pages as they first show: headline, standfirst, and the title of each figure. Pure but
for the release that it opens.

Registered in pyproject.toml, so that a dry run can show which sentences a publication would change.
"""

from collections.abc import Callable
from pathlib import Path

from pages.parts.page_registry import PAGES
from pages.parts.text import staff as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, ai, comparison, countries, flows, overview, projects, sites, timeline
from pipelines.queries import overview as ask
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData


def of_release(release_id: str, store: Path) -> dict[str, str]:
    """Where it stands, in words → the sentence. Raises NoRelease."""
    return sentences(release_answers.opened(release_id, store))


LEADS: dict[str, Callable[[ReleaseData, Values, str], tuple[str, ...]]] = {
    "": overview.answer,
    "euros": ai.lead,
    "sites": lambda answers, _values, locale: sites.answer(answers, locale),
    "timeline": timeline.answer,
    "flows": lambda answers, values, locale: flows.words(answers, values, locale).answer,
    "compare": lambda answers, values, locale: comparison.words(answers, values, locale).answer,
    "countries": lambda answers, values, locale: countries.words(answers, values, locale)[:2],
    "projects": lambda answers, values, locale: projects.words(answers, values, locale)[:2],
}
"""Page → what makes headline and standfirst of a choice; what follows these two is left out."""


def lead(answers: ReleaseData, page: str, values: Values, locale: str = ENGLISH) -> tuple[str, str]:
    """Headline and standfirst of a page for a choice."""
    headline, standfirst = LEADS[page](answers, values, locale)[:2]
    return headline, standfirst


def sentences(answers: ReleaseData, locale: str = ENGLISH) -> dict[str, str]:
    """Where it stands, in words → the sentence: what a reader sees who has chosen nothing, and the headline
    of every ladder.
    """
    page_names = {page.path: page.title for page in PAGES}
    names, said = overview.names(answers), {}
    for path in LEADS:
        headline, standfirst = lead(answers, path, _first(answers, path), locale)
        said[say(text.HEADLINE_OF, locale, page=page_names[path])] = headline
        said[say(text.STANDFIRST_OF, locale, page=page_names[path])] = standfirst
    shown_first = _first(answers, "")["ladder"]
    for ladder in (code for code in answers.read(ask.ladders)["ladder"] if code not in shown_first):
        found = overview.answer(answers, {"ladder": (ladder,)}, locale)
        said[say(text.LADDER_SENTENCE, locale, page=page_names[""], ladder=names[ladder])] = found.headline
    for name, view in FIGURES.items():
        figure = view.make(answers, _first(answers, view.page), locale)
        said[say(text.FIGURE_TITLE_OF, locale, page=page_names[view.page], figure=name)] = (
            figure.title if figure else ""
        )
    return {where: sentence for where, sentence in said.items() if sentence}


def _first(answers: ReleaseData, page: str) -> Values:
    """What a page has chosen as long as nobody chooses."""
    view = next(view for view in FIGURES.values() if view.page == page)
    return {parameter.name: parameter.default for parameter in view.parameters(answers)}
