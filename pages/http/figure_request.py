"""The figure that an address asks for, with its choice and release: read here for the API, images, packs and
embeds.
"""

from collections.abc import Collection

from starlette.requests import Request

from pages.http.request_params import Problem, answers, chosen, wanted_release, word
from pages.parts.figure import Figure
from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.images import sheet
from pages.parts.sharing import links
from pages.parts.style import Theme
from pages.parts.views import FIGURES


def read_figure_request(request: Request, more: Collection[str] = ()) -> FigureRequest:
    """What an address picks. more: words of the address that the caller reads itself.

    Raises Problem: 404 for an unknown figure or release, 400 for an unknown parameter or value.
    """
    name = str(request.path_params["figure"])
    view = FIGURES.get(name)
    if view is None:
        raise Problem(
            404,
            "There is no such figure",
            f"“{name}” is not a figure of this site.",
            {"figure": sorted(FIGURES)},
        )
    release = wanted_release(request)
    asked = answers(release)
    values = chosen(request, parameters(asked, view.page), more)
    return FigureRequest(name, asked, values, links.home(str(request.base_url)), release is not None)


def figure_of(asked: FigureRequest) -> Figure:
    """The figure of a request. Raises Problem 422 if its choice holds nothing."""
    figure = asked.figure()
    if figure is None:
        raise Problem(
            422,
            "The choice is empty",
            f"Nothing fits this choice: {asked.choice_words()}. Choose less narrowly; the page says what lies elsewhere.",
        )
    return figure


def theme(request: Request) -> Theme:
    """The theme that an address asks for; light if it is silent."""
    return "dark" if word(request, "theme", sheet.THEMES) == "dark" else "light"
