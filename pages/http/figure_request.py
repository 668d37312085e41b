"""The figure that an address asks for, with its choice and release: read here for the API, images, packs and
embeds.
"""

from collections.abc import Collection

from starlette.requests import Request

from pages.http.request_params import Problem, answers, chosen, wanted_release, word
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure
from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.images import sheet
from pages.parts.sharing import links
from pages.parts.text import http as text
from pages.parts.text.translation import say
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
            say(text.NO_FIGURE),
            say(text.NO_FIGURE_NAMED, name=name),
            {"figure": sorted(FIGURES)},
        )
    release = wanted_release(request)
    data = answers(release)
    values = chosen(request, parameters(data, view.page), more)
    is_frozen = bool(request.query_params.get("release"))
    return FigureRequest(name, data, values, links.home(str(request.base_url)), is_frozen)


def figure_of(request: FigureRequest) -> Figure:
    """The figure of a request. Raises Problem 422 if its choice holds nothing."""
    figure = request.figure()
    if figure is None:
        raise Problem(
            422,
            say(text.CHOICE_EMPTY, request.locale),
            say(text.CHOICE_EMPTY_WHAT, request.locale, choice=request.choice_words()),
        )
    return figure


def theme(request: Request) -> Theme:
    """The theme that an address asks for; light if it is silent."""
    return "dark" if word(request, "theme", sheet.THEMES) == "dark" else "light"
