"""Makes figures and words before a page asks for them.

While nobody waits: what readers of a page are likely to choose next. The first reader of a page shows what it
says; a thread then asks the same of its likely choices, so that texts of questions are compiled and answers
are there when the next reader wants them.

While a reader waits: the figures further down, beside the words and the figures at the top.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from pages.parts import choices_to_answer_ahead
from pages.parts.design_tokens import Theme, Width
from pages.parts.figure_request import FigureRequest, parameters
from pages.parts.finished_figure import kept_words
from pages.parts.url_state import Values
from pages.parts.views import FIGURES
from pipelines import settings
from pipelines.queries import search
from pipelines.queries.release_answers import ReleaseData

QUIET_SECONDS = 0.5
"""How long nobody must have opened or changed a page before the next choice is answered."""

logger = logging.getLogger(__name__)
_Words = Callable[[ReleaseData, Values], Any]


class Ahead:
    """The pages whose choices are answered ahead, one after the other, in a thread of their own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pages: SimpleQueue[tuple[str, ReleaseData]] = SimpleQueue()
        self._begun: set[Hashable] = set()
        self._words: dict[str, dict[str, _Words]] = {}
        self._shown: dict[str, dict[str, None]] = {}
        self._beside = ThreadPoolExecutor(1, "figures-beside")
        self._thread: threading.Thread | None = None
        self._last_run = clock()

    def start(self) -> None:
        """Begin to answer ahead. Called when the server is up; without it nothing is answered ahead."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="answers-ahead")
                self._thread.start()

    def says(self, path: str, make: _Words) -> None:
        """A page says this beside its figures."""
        self._words.setdefault(path, {})[f"{make.__module__}.{make.__qualname__}"] = make

    def shows(self, path: str, name: str) -> None:
        """A page shows this figure."""
        self._shown.setdefault(path, {})[name] = None

    def make_figures(
        self, path: str, answers: ReleaseData, values: Values, theme: Theme, width: Width
    ) -> None:
        """Begin to make what a page will show, from its last figure to its first, in a thread of its own: a
        question to the database leaves the other processor to the page. Whoever asks for a figure that is
        being made waits for it; a fault is told to whoever asks.
        """
        for name in reversed(self._shown.get(path, {})):
            self._beside.submit(FigureRequest(name, answers, dict(values)).exhibit, theme, width)

    def is_running(self) -> None:
        """A reader waits for a page."""
        self._last_run = self._clock()

    def was_shown(self, path: str, answers: ReleaseData) -> None:
        """A page was shown to a reader, who is likely to change it next."""
        self._last_run = self._clock()
        with self._lock:
            if self._thread is None or (key := (answers.identity, path)) in self._begun:
                return
            self._begun.add(key)
        self._pages.put((path, answers))

    def _make_searchable(self, answers: ReleaseData) -> None:
        """Make the index of the names of a release, once, so that no reader waits for it."""
        try:
            search.catalogue(answers)
        except Exception:
            logger.exception("The search was not made ready.")

    def _work(self) -> None:
        while True:
            path, answers = self._pages.get()
            self._make_searchable(answers)
            words = list(self._words.get(path, {}).values())
            for values in choices_to_answer_ahead.likely(parameters(answers, path)):
                while self._clock() - self._last_run < QUIET_SECONDS:
                    time.sleep(QUIET_SECONDS / 5)
                try:
                    answer(path, answers, values, words)
                except Exception:  # a reader who chooses the same is told what is wrong
                    logger.exception("No answer ahead for %s with %s.", path or "overview", dict(values))


def answer(path: str, answers: ReleaseData, values: Values, words: list[_Words]) -> None:
    """Make what a page says and its figures, as far as a drawing is not needed, and keep them."""
    for make in words:
        words_of(make, answers, values)
    for name, view in FIGURES.items():
        if view.page == path:
            FigureRequest(name, answers, dict(values)).figure()


def words_of(make: Callable[..., Any], answers: ReleaseData, values: Values, *more: Hashable) -> Any:
    """What a view says beside its figures, made once for all readers of a release with this choice.

    more: what else it depends on.
    """
    what = (make.__module__, make.__qualname__, tuple(values.items()), *more)
    return kept_words(answers, what, lambda: make(answers, values, *more))


ahead = Ahead()


def start() -> None:
    """Begin to answer ahead, unless a setting forbids it. Raises Misconfigured."""
    if settings.read(settings.SiteSettings).answers_ahead == "on":
        ahead.start()
