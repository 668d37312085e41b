"""A progress that a person watches in the terminal: one bar for each piece of work, on standard error."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn


class Bars:
    """Draws a bar for each label that it hears of.

    Use as a context; where standard error is no terminal, one line for each label.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console, disable=not self._console.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for task in self._tasks.values():
                self._progress.update(task, total=1, completed=1)
        self._progress.stop()

    def step(self, label: str, done: int, total: int) -> None:
        """Moves the bar of the label; the bars before it are full."""
        if label not in self._tasks:
            if self._progress.disable:
                self._console.print(f"… {label}", highlight=False)
            for task in self._tasks.values():
                self._progress.update(task, total=1, completed=1)
            self._tasks[label] = self._progress.add_task(label, total=None)
        is_count = label.startswith(("downloading", "writing"))
        self._progress.update(
            self._tasks[label], total=(total or None) if is_count else None, completed=done if is_count else 0
        )
