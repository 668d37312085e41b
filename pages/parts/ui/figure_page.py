"""What every page with figures begins and ends with: its release, the choices of its address, what could not
be followed, what has moved.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pages.parts.figure_model import Value
from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.finished_figure import Exhibit
from pages.parts.sharing import links
from pages.parts.ui import (
    answers_ahead,
    figure_block,
    filters,
    number_details,
    page_shell,
    session_release,
    theme_and_width,
)
from pages.parts.url_state import Values
from pipelines.queries.release_answers import ReleaseData

Words = TypeVar("Words")


@dataclass(frozen=True)
class FigurePage:
    """A page while it is shown. path: its address. choices: its filters; their values before this run drew
    any of them are `values`.
    """

    path: str
    answers: ReleaseData
    choices: filters.Controls
    values: Values

    def words(self, make: Callable[..., Words], *more: Hashable) -> Words:
        """What a view says beside its figures, made once for all readers of a release with this choice. more:
        what else it depends on.
        """
        if not more:
            answers_ahead.ahead.says(self.path, make)
        words: Words = answers_ahead.words_of(make, self.answers, self.values, *more)
        return words

    def request(self, name: str) -> FigureRequest:
        """A figure of this page with what is chosen now."""
        return FigureRequest(name, self.answers, dict(self.choices.values), figure_block.site())

    def figure(self, name: str, is_clickable: bool = False, has_gap: bool = False) -> list[Any] | None:
        """Show a figure; as `figure_block.show`."""
        answers_ahead.ahead.shows(self.path, name)
        return figure_block.show(self.request(name), is_clickable, has_gap)

    def exhibit(self, name: str) -> Exhibit | None:
        """A figure as this reader sees it, for what stands beside it; None if the choice holds nothing."""
        return self.request(name).exhibit(theme_and_width.theme(), theme_and_width.width())

    def file_name(self, name: str) -> str:
        """The name of a CSV file with the choice of this page, for what is no figure."""
        choice = links.choice_name(parameters(self.answers, self.path), self.choices.values)
        return links.file_name(name, self.answers.release_id, "csv", choice)

    def numbers(
        self,
        label: str,
        lines: Sequence[str],
        make: Callable[[ReleaseData, Values], Sequence[Value]],
        of: str,
        key: str,
    ) -> None:
        """A word that lists numbers outside the figures, and opens where each comes from.

        lines: each number as the list says it. of: the figure whose permalink they are cited with.
        """
        number_details.menu(label, lines, lambda: make(self.answers, self.values), self.request(of), key)


@contextmanager
def page(path: str) -> Iterator[FigurePage]:
    """A page with figures, around what is its own. path: its address."""
    answers_ahead.ahead.is_running()
    answers = session_release.answers()
    choices = filters.Controls(path or "overview", parameters(answers, path))
    answers_ahead.ahead.make_figures(
        path, answers, choices.values, theme_and_width.theme(), theme_and_width.width()
    )
    page_shell.notices(choices.notices)
    figure_block.moved_since(answers, session_release.current(), choices.values, path)
    yield FigurePage(path, answers, choices, dict(choices.values))
    choices.finish()
    answers_ahead.ahead.was_shown(path, answers)
