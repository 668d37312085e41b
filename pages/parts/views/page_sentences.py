"""The sentences of the pages as they first show: headline, standfirst, and the title of each figure. Pure but
for the release that it opens.

Registered in pyproject.toml, so that a dry run can show which sentences a publication would change.
"""

from pathlib import Path

from pages.parts.page_registry import PAGES
from pages.parts.text import staff as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.messages import say
from pages.parts.url_state import Values
from pages.parts.views import FIGURES, ai, comparison, countries, flows, overview, projects, sites, timeline
from pipelines.queries import overview as ask
from pipelines.queries import release_answers
from pipelines.queries.release_answers import ReleaseData


def of_release(release_id: str, store: Path) -> dict[str, str]:
    """Where it stands, in words → the sentence. Raises NoRelease."""
    return sentences(release_answers.opened(release_id, store))


def sentences(answers: ReleaseData, locale: str = ENGLISH) -> dict[str, str]:
    """Where it stands, in words → the sentence: what a reader sees who has chosen nothing, and the headline
    of every ladder.
    """
    page_names = {page.path: page.title for page in PAGES}
    names, said = overview.names(answers), {}
    leads = {
        "": overview.answer(answers, _first(answers, "ladder"), locale)[:2],
        "euros": ai.lead(answers, _first(answers, "ai"), locale),
        "sites": sites.answer(answers, locale)[:2],
        "timeline": timeline.answer(answers, _first(answers, "promises"), locale)[:2],
        "flows": flows.words(answers, _first(answers, "flows"), locale).answer[:2],
        "compare": comparison.words(answers, _first(answers, "compare"), locale).answer[:2],
        "countries": countries.words(answers, _first(answers, "state_payers"), locale)[:2],
        "projects": projects.words(answers, _first(answers, "ai_series"), locale)[:2],
    }
    for path, (headline, standfirst) in leads.items():
        said[say(text.HEADLINE_OF, locale, page=page_names[path])] = headline
        said[say(text.STANDFIRST_OF, locale, page=page_names[path])] = standfirst
    shown_first = _first(answers, "ladder")["ladder"]
    for ladder in (code for code in answers.read(ask.ladders)["ladder"] if code not in shown_first):
        found = overview.answer(answers, {"ladder": (ladder,)}, locale)
        said[say(text.LADDER_SENTENCE, locale, page=page_names[""], ladder=names[ladder])] = found.headline
    for name, view in FIGURES.items():
        figure = view.make(answers, _first(answers, name), locale)
        said[say(text.FIGURE_TITLE_OF, locale, page=page_names[view.page], figure=name)] = (
            figure.title if figure else ""
        )
    return {where: sentence for where, sentence in said.items() if sentence}


def _first(answers: ReleaseData, figure: str) -> Values:
    """What a page has chosen as long as nobody chooses."""
    return {parameter.name: parameter.default for parameter in FIGURES[figure].parameters(answers)}
