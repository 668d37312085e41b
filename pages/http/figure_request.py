"""The figure that an address asks for, with its choice and release: shared by images, packs and embeds."""

from collections.abc import Collection
from typing import NamedTuple

from starlette.requests import Request

from pages.http import request_params
from pages.http.request_params import Problem, answers, chosen, wanted_release, word
from pages.parts.figure import Figure
from pages.parts.images import sheet
from pages.parts.sharing import links
from pages.parts.style import Theme
from pages.parts.url_state import Parameter
from pages.parts.views import FIGURES, View
from pipelines.queries.release_data import ReleaseData


class FigureRequest(NamedTuple):
    """A figure of a release as an address chooses it. is_frozen: the address names its release."""

    name: str
    view: View
    answers: ReleaseData
    parameters: list[Parameter]
    values: dict[str, tuple[str, ...]]
    site: str
    is_frozen: bool

    def figure(self) -> Figure:
        """The figure. Raises Problem 422 if the choice holds nothing."""
        figure = request_params.figure(self.answers, self.name, self.values)
        if figure is None:
            said = links.choice_words(self.answers, self.view, self.values)
            raise Problem(
                422,
                "The choice is empty",
                f"Nothing fits this choice: {said}. Choose less narrowly; the page says what lies elsewhere.",
            )
        return figure

    def permalink(self, is_frozen: bool = True) -> str:
        """The address of the page that shows the figure with this choice."""
        return links.permalink(
            self.site,
            self.view.page,
            self.parameters,
            self.values,
            self.answers.release_id if is_frozen else None,
        )

    def readme(self) -> str:
        """The address, on this site, of the text that says what the files of the figure hold."""
        return self._beside("readme.txt")

    def entries(self, extension: str) -> str:
        """The address, on this site, of the ledger entries behind the figure."""
        return self._beside(f"ledger.{extension}")

    def _beside(self, file: str) -> str:
        return f"/api/v1/figures/{self.name}/{file}?{links.query(self.parameters, self.values, self.answers.release_id)}"

    def choice_name(self) -> str:
        """The choice in the names of files."""
        return links.choice_name(self.view.obeyed(self.parameters), self.values)

    def stem(self, *marks: str) -> str:
        """The name of a file of the figure with this choice, without its ending."""
        return links.stem(self.name, self.answers.release_id, self.choice_name(), *marks)

    def notes(self) -> sheet.Notes:
        """What stands under the drawing in an image."""
        return links.notes(self.site, self.view, self.answers, self.parameters, self.values)


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
    parameters = view.parameters(asked)
    values = chosen(request, parameters, more)
    return FigureRequest(
        name, view, asked, parameters, values, links.home(str(request.base_url)), release is not None
    )


def theme(request: Request) -> Theme:
    """The theme that an address asks for; light if it is silent."""
    return "dark" if word(request, "theme", sheet.THEMES) == "dark" else "light"
