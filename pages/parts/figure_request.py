"""One figure as somebody asks for it: figure, choice, release, address of the site and locale.

Pages, API, images, embeds and bundles use it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pages.parts import finished_figure
from pages.parts.design_tokens import Theme, Width
from pages.parts.figure_model import Figure, Value
from pages.parts.finished_figure import Exhibit
from pages.parts.images import sheet
from pages.parts.sharing import links, underlying_entries
from pages.parts.text import overlaps
from pages.parts.text import ui as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import FinishedDrawing
from pages.parts.url_state import Parameter, Values
from pages.parts.views import FIGURES, View
from pipelines import as_of_days, frame_rows
from pipelines.queries.release_answers import ReleaseData

Choice = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class FigureRequest:
    """A figure of a release with a choice. values: word of the address → codes, for every word of its page.

    site: the address of the site, without a slash at its end. is_frozen: the address names its release.
    """

    name: str
    answers: ReleaseData
    values: Values
    site: str = ""
    is_frozen: bool = False
    locale: str = ENGLISH

    @property
    def view(self) -> View:
        """Where the figure stands, and how it is made."""
        return FIGURES[self.name]

    @cached_property
    def parameters(self) -> list[Parameter]:
        """The words of the address of its page."""
        return parameters(self.answers, self.view.page, self.locale)

    @cached_property
    def choice(self) -> Choice:
        """What is chosen of that on which the figure depends; equal for two requests that show the same
        figure.
        """
        return tuple(
            (parameter.name, tuple(self.values.get(parameter.name, parameter.default)))
            for parameter in self.view.obeyed(self.parameters)
        )

    def figure(self) -> Figure | None:
        """The figure, shared with everybody who asks for the same; None if the choice holds nothing."""

        def make() -> Figure | None:
            if self.answers.is_empty:
                return None
            presets = {parameter.name: parameter.default for parameter in self.parameters}
            return self.view.make(self.answers, {**presets, **dict(self.choice)})

        return finished_figure.FIGURES_MADE.get(
            (self.answers.identity, self.locale, self.name, self.choice), make
        )

    def exhibit(self, theme: Theme, width: Width) -> Exhibit | None:
        """The figure as a reader sees it, made once for all of them; None if the choice holds nothing."""

        def make() -> Exhibit | None:
            figure = self.figure()
            return finished_figure.made(figure, theme, width, self.locale) if figure else None

        key = (self.answers.identity, self.locale, self.name, self.choice, theme, width)
        return finished_figure.EXHIBITS.get(key, make)

    def drawing(self, theme: Theme, width: Width) -> FinishedDrawing:
        """The drawing alone. Raises LookupError if the choice holds nothing."""
        exhibit = self.exhibit(theme, width)
        if exhibit is None:
            raise LookupError(say(text.NOTHING_FITS, self.locale, figure=self.name))
        return exhibit.drawing

    def numbers(self) -> list[Value]:
        """The numbers of the figure with the entries behind them; none if the choice holds nothing."""
        figure = self.figure()
        return figure.every_value() if figure else []

    def entries_behind(self) -> int:
        """How many ledger entries stand behind the figure."""
        figure = self.figure()
        key = ("entries behind", self.name, self.choice)
        return finished_figure.kept_words(
            self.answers, key, lambda: underlying_entries.number(figure, self.answers) if figure else 0
        )

    def taken_off(self) -> tuple[str, ...]:
        """What the sums of the figure leave out because it is counted twice: first how much, then each amount
        in a sentence with reason and document. Empty if nothing is left out.
        """
        figure = self.figure()
        question = figure.taken_off if figure else ()
        if not question:
            return ()

        def make() -> tuple[str, ...]:
            rows = self.answers.read(*question)
            told = (overlaps.removed_sentence(row, self.locale) for row in frame_rows.records(rows))
            return (overlaps.beside(rows, self.locale), *told) if len(rows) else ()

        key = ("taken off", self.name, self.choice)
        return finished_figure.kept_words(self.answers, key, make, self.locale)

    # --- addresses and names

    def permalink(self, is_frozen: bool = True) -> str:
        """The address of the page that shows the figure with this choice, whether or not the choice leaves
        anything to draw.
        """
        name = self.answers.release_id
        release = name if is_frozen else as_of_days.of_current(name)
        return links.permalink(self.site, self.view.page, self.parameters, self.values, release)

    def file(self, extension: str, folder: str = "figures", **drawn: str | Sequence[str]) -> str:
        """The address of a file of the figure, on this site."""
        return self._address(f"{folder}/{self.name}.{extension}", drawn)

    def entries(self, extension: str, **more: str) -> str:
        """The address of a file of the ledger entries behind the figure, on this site."""
        return self._address(f"figures/{self.name}/ledger.{extension}", more)

    def readme(self) -> str:
        """The address, on this site, of the text that says what the files hold and how they are cited."""
        return self._address(f"figures/{self.name}/readme.txt", {})

    def _address(self, path: str, more: Mapping[str, str | Sequence[str]]) -> str:
        return f"/api/v1/{path}?{links.query(self.parameters, self.values, self.answers.release_id, **more)}"

    def choice_name(self) -> str:
        """The choice in the names of files."""
        return links.choice_name(self.view.obeyed(self.parameters), self.values)

    def choice_words(self) -> str:
        """The choice as a reader would say it."""
        return links.choice_words(self.answers, self.view, self.values, self.locale)

    def stem(self, *marks: str) -> str:
        """The name of a file of the figure with this choice, without its ending."""
        return links.stem(self.name, self.answers.release_id, self.choice_name(), *marks)

    def notes(self) -> sheet.Notes:
        """What stands under the drawing in an image."""
        return links.notes(self.site, self.view, self.answers, self.parameters, self.values)


def parameters(answers: ReleaseData, page: str, locale: str = ENGLISH) -> list[Parameter]:
    """The words of the address of a page with figures, the same list for every reader of a release.

    Raises KeyError for another page.
    """
    view = _BY_PAGE[page]
    return list(
        finished_figure.kept_words(
            answers, ("parameters", page), lambda: tuple(view.parameters(answers)), locale
        )
    )


_BY_PAGE = {view.page: view for view in FIGURES.values()}
