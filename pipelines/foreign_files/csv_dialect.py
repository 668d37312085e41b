"""Text → records: finds the delimiter, and reads on after quotation marks that nobody closed or doubled.

A record is numbered as a spreadsheet shows it: a cell with line breaks is one row, an empty line is a row
too.
"""

import csv
import io
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
BATCH = 20_000
FIELD = 1_000_000
SAMPLE = 200_000
LONGEST = 2_000  # lines of one record
STRAY = ("stray-quote", "holds a quotation mark that neither begins nor ends its cell")

Problem = tuple[str, int, str, str, int]
Sink = Callable[[Sequence[Sequence[str]], int], None]


@dataclass(frozen=True)
class Dialect:
    """What parts the cells, why we think so, and what else could.

    first_line: how many lines stand above that say so themselves (sep=;).
    """

    delimiter: str
    why: str
    alternatives: tuple[str, ...] = ()
    sep_line: bool = False


def find_dialect(sample: str, is_known: Callable[[str], bool], fixed: str = "") -> Dialect:
    """The dialect of a text, judged by its beginning. is_known: whether a title is one that we know."""
    first = sample.partition("\n")[0].strip("\r\ufeff").strip('"')
    if first.lower().startswith("sep=") and len(first) == 5:
        return Dialect(first[4], f"the first line says {first}", sep_line=True)
    if fixed:
        return Dialect(fixed, "the recipe or the answer says so")
    scores = {mark: _score(sample, mark, is_known) for mark in MARKS}
    order = sorted(scores, key=lambda mark: -scores[mark])
    best = order[0]
    if scores[best] <= 0:
        return Dialect(",", "no mark parts the lines into the same number of cells")
    others = tuple(mark for mark in order[1:] if scores[mark] > 0.9 * scores[best])
    return Dialect(best, f"the {MARKS[best]} parts the lines most evenly", others)


def _score(sample: str, mark: str, is_known: Callable[[str], bool]) -> float:
    """How evenly a mark parts the first lines into cells; titles that we know count for it."""
    csv.field_size_limit(FIELD)
    rows = []
    try:
        for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=mark), 400):
            rows.append(row)
    except csv.Error:
        pass
    if len(sample) >= SAMPLE:
        rows = rows[:-1]
    widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    if not widths:
        return 0.0
    usual = statistics.mode(sorted(widths, reverse=True))
    if usual == 1:
        wide = [width for width in widths if width > 1]
        usual = statistics.mode(wide) if wide else 1
    even = sum(width == usual for width in widths) / len(widths)
    words = max((sum(is_known(cell) for cell in row) for row in rows[:30] if len(row) > 1), default=0)
    torn = sum(cell.count('"') % 2 for row in rows for cell in row) / max(1, len(rows))
    return 0.0 if usual == 1 else even * (1 - 0.5 / usual) + 0.15 * min(words, 8) - min(0.5, torn)


def read_records(
    open_text: Callable[[], TextIO], dialect: Dialect, sink: Sink, is_even: bool = False
) -> list[Problem]:
    """Give all records to the sink, in batches with the number of the first.

    Gives what is wrong with their quotes.

    is_even: all records should have the same number of cells; where they have not, their quotes are
    repaired as well. An empty batch numbered 0 tells the sink to begin anew.
    """
    csv.field_size_limit(FIELD)
    try:
        with open_text() as stream:
            if dialect.sep_line:
                stream.readline()
            reader = csv.reader(stream, delimiter=dialect.delimiter, strict=True)
            widths = _read_strictly(reader, 1 + dialect.sep_line, sink)
        if not is_even or len(widths - {0}) <= 1:
            return []
    except csv.Error:
        pass
    sink((), 0)
    with open_text() as stream:
        text = stream.read()
    return _repaired(text, dialect, sink, is_even)


def read_head(sample: str, dialect: Dialect, rows: int) -> list[list[str]]:
    """The first records of a text, as far as they can be read without repair."""
    csv.field_size_limit(FIELD)
    stream = io.StringIO(sample, newline="")
    if dialect.sep_line:
        stream.readline()
    head: list[list[str]] = []
    with suppress(csv.Error):
        for record in islice(csv.reader(stream, delimiter=dialect.delimiter), rows):
            head.append(record)
    return head


def _read_strictly(reader: Iterator[list[str]], first: int, sink: Sink) -> set[int]:
    """Give the records to the sink. Gives the numbers of cells that they have."""
    number = first
    widths: set[int] = set()
    while batch := list(islice(reader, BATCH)):
        sink(batch, number)
        number += len(batch)
        widths.update(map(len, batch))
    return widths


def _repaired(text: str, dialect: Dialect, sink: Sink, is_even: bool) -> list[Problem]:
    """Read on after a wrong quotation mark.

    Where every cell of a record is quoted, marks inside its texts do no harm. Else the line that opened
    the mark is read as it stands, and the next line begins a new record.
    """
    lines = _lines(text)
    problems: list[Problem] = []
    batch: list[list[str]] = []
    usual = (_first_width if is_even else _usual_width)(lines[:200], dialect.delimiter)
    line_index, number, first = int(dialect.sep_line), 1 + dialect.sep_line, 1 + dialect.sep_line
    while line_index < len(lines):
        record, used, problem = _next_record(lines, line_index, dialect.delimiter, usual)
        if problem:
            literal = next(
                csv.reader([lines[line_index]], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE), []
            )
            cells = record if used > 1 else literal
            where = next((at for at, cell in enumerate(cells) if _is_odd(cell, used > 1)), 0)
            problems.append((problem[0], number, cells[where][:200].strip("\r\n"), problem[1], where))
        batch.append(record)
        line_index += used
        number += 1
        if len(batch) == BATCH:
            sink(batch, first)
            batch, first = [], number
    if batch:
        sink(batch, first)
    return problems


def _is_odd(cell: str, is_read: bool) -> bool:
    """Whether a cell holds the wrong mark: any, once it is read; before, one that opens it and never
    closes."""
    return '"' in cell if is_read else cell.startswith('"') and cell.count('"') % 2 == 1


def _lines(text: str) -> list[str]:
    """The physical lines, with their ends, parted as the csv module parts them."""
    return list(io.StringIO(text, newline=""))


def _usual_width(lines: Sequence[str], mark: str) -> int:
    """How many cells most lines have, quotes or not."""
    counts = Counter(width for line in lines if (width := len(_literal(line, mark))) > 1)
    return counts.most_common(1)[0][0] if counts else 1


def _first_width(lines: Sequence[str], mark: str) -> int:
    """How many cells the first line has that has several: the header of a table whose rows are all alike."""
    return next((width for line in lines if (width := len(_literal(line, mark))) > 1), 1)


def _literal(line: str, mark: str) -> list[str]:
    """The cells of a line, its quotation marks read as letters where they do not close."""
    try:
        return next(csv.reader([line], delimiter=mark, strict=True), [])
    except csv.Error:
        return next(csv.reader([line], delimiter=mark, quoting=csv.QUOTE_NONE), [])


def _next_record(
    lines: Sequence[str], line_index: int, mark: str, usual: int
) -> tuple[list[str], int, tuple[str, str] | None]:
    """The record that begins in a line, how many lines it takes, and what is wrong with it."""
    line = lines[line_index]
    if '"' not in line:
        return next(csv.reader([line], delimiter=mark), []), 1, None
    feed = _Counted(lines, line_index)
    try:
        record = next(csv.reader(feed, delimiter=mark, strict=True), [])
        # a mark that is closed by the opening mark of a later cell swallows whole rows and leaves a
        # row of another width
        if (
            feed.used == 1
            or len(record) == usual
            or not _swallows(lines[line_index + 1 : line_index + feed.used], mark, usual)
        ):
            return record, feed.used, None
    except csv.Error:
        pass
    if quoted := _quoted_record(lines, line_index, mark, usual):
        return *quoted, STRAY
    try:
        lenient = next(csv.reader([line], delimiter=mark, strict=False), [])
        if lenient and not any(cell.endswith(("\n", "\r")) for cell in lenient) and len(lenient) == usual:
            return lenient, 1, STRAY
    except csv.Error:
        pass
    return _opened(line, mark), 1, ("unclosed-quote", "opens a quotation mark that is never closed")


def _quoted_record(
    lines: Sequence[str], line_index: int, mark: str, usual: int
) -> tuple[list[str], int] | None:
    """The record that begins in a line and has all its cells quoted, and how many lines it takes.

    None if no such record begins there. It ends with a quotation mark at the end of a line before one that
    begins
    with such a mark, and a cell ends at mark, delimiter, mark: so other marks may stand in its texts.
    """
    if usual < 2 or not lines[line_index].startswith('"'):
        return None
    last = line_index
    while not (
        lines[last].rstrip("\r\n").endswith('"')
        and (last + 1 == len(lines) or lines[last + 1].startswith('"'))
    ):
        last += 1
        if last == len(lines) or last - line_index > LONGEST:
            return None
    cells = "".join(lines[line_index : last + 1]).rstrip("\r\n")[1:-1].split(f'"{mark}"')
    return (
        ([cell.replace('""', '"') for cell in cells], last + 1 - line_index) if len(cells) == usual else None
    )


def _opened(line: str, mark: str) -> list[str]:
    """The cells of a line with a quotation mark that is not closed: without it they stand where they
    belong."""
    cells = next(csv.reader([line], delimiter=mark, quoting=csv.QUOTE_NONE), [])
    return [cell[1:] if cell.startswith('"') and cell.count('"') == 1 else cell for cell in cells]


def _swallows(inner: Sequence[str], mark: str, usual: int) -> bool:
    """Whether one of the lines inside a cell looks like a row of its own."""
    return any(line.count(mark) >= usual - 1 for line in inner)


class _Counted:
    """Feeds lines to the csv reader and counts how many it took."""

    def __init__(self, lines: Sequence[str], line_index: int) -> None:
        self.lines, self.line_index, self.used = lines, line_index, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.line_index + self.used >= len(self.lines) or self.used > LONGEST:
            raise StopIteration
        self.used += 1
        return self.lines[self.line_index + self.used - 1]
