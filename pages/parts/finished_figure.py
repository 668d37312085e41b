"""An exhibit: a figure as one reader sees it, made once and shared by pages, embeds, images and files. Pure.

What is kept are texts, JSON and Arrow tables, because Python searches everything else for garbage after each
run of a page. Every key names the release and the language.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import pandas as pd
import pyarrow as pa

from pages.parts.design_tokens import Theme, Width
from pages.parts.figure_model import Figure, Mark, Source, Value
from pages.parts.text import ui as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.unvalidated_plotly import FinishedDrawing
from pipelines.queries.release_answers import ReleaseData
from pipelines.size_limited_cache import ByteCache, frame_size, size_of

FIGURE_SPACE = "\u2007"
VALUE_BYTES = 1_500  # of a number that can say where it comes from, with the questions that it can make
Words = TypeVar("Words")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure in one language, theme and width, as finished words, JSON and table.

    table: as readers see it, all cells text, `numbers` padded so that they sort by size. values: each number
        as a list of them says it.
    rows: how many rows the files of the figure have. is_net: whether its sums leave out what is
        counted twice.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    source: str
    key: tuple[Mark, ...]
    drawing: FinishedDrawing
    table: pa.Table
    numbers: tuple[str, ...]
    sources: tuple[Source, ...]
    values: tuple[str, ...]
    rows: int
    is_net: bool = False


def _figure_size(figure: Figure | None) -> int:
    """Bytes of a figure: its frames twice, because its drawing is made from another one, and its words and
    numbers.
    """
    if figure is None:
        return 0
    frames = frame_size(figure.rows) + frame_size(figure.table)
    words = size_of((figure.title, figure.subtitle, figure.alt, figure.source, figure.sources))
    return 2 * frames + words + VALUE_BYTES * len(figure.values)


EXHIBITS: ByteCache[Exhibit | None] = ByteCache(96 * 2**20, size_of)
"""Exhibits by release, figure, choice, locale, theme and width; None where a choice holds nothing."""

FIGURES_MADE: ByteCache[Figure | None] = ByteCache(16 * 2**20, _figure_size)
"""The newest figures with their numbers, for files, for opened numbers and for the other theme and width."""

WORDS: ByteCache[object] = ByteCache(24 * 2**20, size_of)
"""What a page says beside its figures."""


def made(figure: Figure, theme: Theme, width: Width, locale: str = ENGLISH) -> Exhibit:
    """The exhibit of a figure."""
    return Exhibit(
        name=figure.name,
        title=figure.title,
        subtitle=figure.subtitle,
        alt=figure.alt,
        source=figure.source,
        key=tuple(figure.key(theme)),
        drawing=figure.draw(theme, width).finished(),
        table=as_text(figure.table, figure.numbers),
        numbers=figure.numbers,
        sources=figure.sources,
        values=tuple(spoken(figure.every_value(), locale)),
        rows=len(figure.rows),
        is_net=bool(figure.taken_off),
    )


def spoken(values: Sequence[Value], locale: str = ENGLISH) -> list[str]:
    """Numbers as a list of them says each."""
    return [say(text.NUMBER, locale, label=value.label, number=value.said) for value in values]


def as_text(rows: pd.DataFrame, numbers: Sequence[str] = ()) -> pa.Table:
    """A table of words for readers: missing cells are empty, `numbers` are padded at the left, so that
    sorting them as words sorts them by size.
    """
    columns: dict[str, list[str]] = {
        name: [
            "" if value is None or value is pd.NA or value != value else str(value)
            for value in rows[name].tolist()
        ]
        for name in rows.columns
    }
    for name in numbers:
        longest = max((len(cell) for cell in columns[name] if any(map(str.isdigit, cell))), default=0)
        columns[name] = [cell.rjust(longest, FIGURE_SPACE) for cell in columns[name]]
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def kept_words(
    answers: ReleaseData, key: Hashable, make: Callable[[], Words], locale: str = ENGLISH
) -> Words:
    """Words that are the same for every reader of a release, made once. key: all that they depend on beside
    release and locale.

    make: gives words, numbers, Arrow tables, and tuples, mappings and dataclasses of them.
    """
    return cast(Words, WORDS.get((answers.identity, locale, key), make))
