"""What stands on a page, as values: for each page the words of its address, its answer, and its figures by
name. Pure, so that pages, files, embeds and the API all show the same.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from pages.parts.figure_model import Figure
from pages.parts.text.cldr import ENGLISH
from pages.parts.url_state import Parameter, Values
from pages.parts.views import (
    ai,
    calls,
    comparison,
    compute_cost,
    countries,
    euros,
    euros_by_country,
    flows,
    overlaps,
    overview,
    projects,
    promise_league,
    recipient_and_project,
    site_page,
    site_payers,
    sites,
    timeline,
)
from pipelines.queries.release_answers import ReleaseData


class Make(Protocol):
    """Makes a figure of what an address chooses, in a language; None if the choice is empty."""

    def __call__(self, answers: ReleaseData, values: Values, locale: str = ENGLISH, /) -> Figure | None: ...


class View(NamedTuple):
    """One figure of the site: the address of its page, what can be chosen there, and how it is made from an
    address.

    obeys: the words of the address on which the figure depends; its page may have more.
    has_euros: whether ledger entries stand behind its values; figures of dates have none.
    """

    page: str
    parameters: Callable[[ReleaseData], list[Parameter]]
    make: Make
    obeys: tuple[str, ...]
    has_euros: bool = True

    def obeyed(self, parameters: Iterable[Parameter]) -> list[Parameter]:
        """Those of its page's words on which the figure depends."""
        return [parameter for parameter in parameters if parameter.name in self.obeys]


_CHOICE = ("stage", "basis", "programme", "initiative")
_MONEY = ("stage", "basis", "prices", "currency")  # of the Compare page


# In raw HTML and link previews the first figure of a page stands for it; old addresses count on which it is.
FIGURES: dict[str, View] = {
    "ladder": View("", overview.parameters, overview.ladder, ("ladder",)),
    "envelopes": View("euros", euros.parameters, euros.envelopes, (*_CHOICE, "level", "count")),
    "years": View("euros", euros.parameters, euros.years, (*_CHOICE, "level", "prices")),
    "headings": View("euros", euros.parameters, euros.headings, _CHOICE),
    "countries": View(
        "euros", euros.parameters, euros_by_country.countries, (*_CHOICE, "level", "per", "bodies")
    ),
    "ai": View("euros", euros.parameters, ai.ai, ("basis", "programme", "initiative")),
    "flows": View("flows", flows.parameters, flows.flows, ("stage", "basis", "initiative", "detail", "node")),
    "amounts_inside": View("overlaps", overlaps.parameters, overlaps.amounts_inside, ("of",)),
    "counted_twice": View("overlaps", overlaps.parameters, overlaps.counted_twice, overlaps.OF_CHOICE),
    "compare": View("compare", comparison.parameters, comparison.compare, ("country", *_MONEY)),
    "compare_programmes": View(
        "compare", comparison.parameters, comparison.compare_programmes, ("programme", *_MONEY)
    ),
    "compare_initiatives": View(
        "compare", comparison.parameters, comparison.compare_initiatives, ("initiative", *_MONEY)
    ),
    "compare_sites": View("compare", comparison.parameters, comparison.compare_sites, ("site", *_MONEY)),
    "compute_cost": View("compare", comparison.parameters, compute_cost.compute_cost, ("unit",)),
    "sites": View("sites", sites.parameters, sites.sites, ("kind", "status", "country", "site")),
    "site_payers": View(
        "sites", sites.parameters, site_payers.site_payers, ("kind", "status", "country", "site")
    ),
    "site_promises": View(
        "sites",
        sites.parameters,
        site_page.site_promises,
        ("kind", "status", "country", "site"),
        has_euros=False,
    ),
    "state_payers": View("countries", countries.parameters, site_payers.state_payers, ("country", "kind")),
    "state_size": View(
        "countries",
        countries.parameters,
        countries.state_size,
        ("country", "stage", "basis", "per", "beside"),
    ),
    "promises": View(
        "timeline", timeline.parameters, timeline.promises, ("initiative", "country"), has_euros=False
    ),
    "milestones": View(
        "timeline",
        timeline.parameters,
        timeline.milestones,
        ("show", "initiative", "country", "event"),
        has_euros=False,
    ),
    "slips": View(
        "timeline",
        timeline.parameters,
        promise_league.slips,
        ("initiative", "country", "year", "year_of", "by"),
        has_euros=False,
    ),
    "ai_series": View("projects", projects.parameters, projects.ai_series, ("programme",)),
    "ai_lines": View(
        "projects", projects.parameters, projects.ai_lines, ("stage", "by", "programme", "country", "year")
    ),
    "recipients": View(
        "projects", projects.parameters, projects.recipients, ("programme", "country", "year", "bodies")
    ),
    "calls": View("projects", projects.parameters, calls.calls, ("programme", "state"), has_euros=False),
    "recipient_years": View(
        "projects", projects.parameters, recipient_and_project.recipient_years, ("beneficiary",)
    ),
}
