"""What a figure and its surroundings are made of, as values.

Pure; `ui.figure_block` shows them on a page, exports write them into files.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Select

from pages.parts.design_tokens import Theme, Width
from pages.parts.unvalidated_plotly import Drawing
from pipelines import frame_rows
from pipelines.queries.release_answers import sql_of


class Mark(NamedTuple):
    """One line of a key: a shape, its colour ("" is the text colour), filled or outlined, and what it
    means."""

    shape: str
    meaning: str
    colour: str = ""
    is_filled: bool = True


class Source(NamedTuple):
    """One source of a figure: its number in the drawing, who published it and when, its tier in words, and
    its address.
    """

    number: str
    words: str
    tier: str
    url: str


class Value(NamedTuple):
    """One number that can say where it comes from: what it counts, how it reads, and what gives the question
    for the ledger entries behind it.

    facts: what else is known of it, such as what it was divided by. sources: documents besides those of the
        entries, such as that of a date.
    number: gives the question that the number itself answers, where it is not the plain sum of the entries.
        known: gives the question for all
    entries of what it speaks of, which are listed beside the number and never added to it. prices: of the
    number, where not those of the entries.
    """

    label: str
    said: str
    question: Callable[[], Select[Any]] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()
    number: Callable[[], Select[Any]] | None = None
    known: Callable[[], Select[Any]] | None = None
    prices: str = ""


class Total(NamedTuple):
    """One funder in the row of totals."""

    name: str
    value: str
    what: str
    limits: str
    colour: str


class Item(NamedTuple):
    """One line of a list: the date over it, the sentence, its bold end; `is_due` puts the hatch before the
    date.
    """

    when: str
    text: str
    strong: str = ""
    is_due: bool = False


def _no_key(_theme: Theme) -> list[Mark]:
    return []


@dataclass(frozen=True)
class Figure:
    """A whole figure: what it says, how it is drawn, and everything that stands behind it.

    name: unique on the site; also its file name. title: the finding. subtitle: what is measured (stage,
        basis, prices, net or gross, choice).
    alt: the figure in words. source: the source line. rows: the data with codes and plain euros, as files
        give them.
    table: the twin as readers see it; numbers: its right-aligned columns. draw: theme and width → drawing.
        key: theme → key of shapes.
    questions: those that the rows answer, each the function that makes it and what it is given.
    values: its numbers with the entries behind them; where there are none, its table is taken row by row.
    taken_off: of a figure whose sums leave out what is counted twice, the question for what is left out and
        why, as `queries.overlaps.removed_of` gives it: the function that makes it and what it is given.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    rows: pd.DataFrame
    draw: Callable[[Theme, Width], Drawing]
    table: pd.DataFrame
    numbers: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    key: Callable[[Theme], list[Mark]] = field(default=_no_key)
    questions: tuple[tuple[Any, ...], ...] = ()
    values: tuple[Value, ...] = ()
    taken_off: tuple[Any, ...] = ()

    @property
    def sql(self) -> tuple[str, ...]:
        """The texts of its questions, made when somebody asks for them."""
        return tuple(sql_of(*question) for question in self.questions)

    def every_value(self) -> list[Value]:
        """The numbers of the figure. Where it names none, its table is taken row by row."""
        if self.values:
            return list(self.values)
        found = []
        first, *others = self.table.columns
        said = self.numbers[0] if self.numbers else others[-1] if others else first
        urls = (
            list(self.rows["source_url"])
            if "source_url" in self.rows and len(self.rows) == len(self.table)
            else []
        )
        for place, cells in enumerate(frame_rows.records(self.table.astype("string").fillna(""))):
            facts = tuple(
                (str(name), str(value))
                for name, value in cells.items()
                if value and name not in (first, said)
            )
            sources = (Source("", "The document", "", str(urls[place])),) if urls else ()
            found.append(Value(str(cells[first]), str(cells[said]), None, facts, sources))
        return found
