"""Tells the rows of a grid apart: lines above the header, header, rows, totals, notes, blanks."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from pipelines.file_schemas import BUDGET_LINE
from pipelines.foreign_files.amount_grammar import take_apart
from pipelines.foreign_files.grid import Grid, Mask, mask, matching
from pipelines.foreign_files.header_words import plain
from pipelines.foreign_files.money_words import read_cell
from pipelines.intake.header_matching import guess_columns, is_known
from pipelines.intake.subtotal_rows import adds_up, sums_of_rows_above

LOOKED_AT = 120
# What a row of a sum begins with, in the languages of the EU; each is a whole word, or several.
_TOTAL_WORDS = (
    "total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum", "summe", "gesamt", "gesamtsumme", "gesamtbetrag", "insgesamt",
    "zwischensumme", "summa", "totalt", "totalen", "delsumma", "delsum", "i alt", "ialt", "totaal", "subtotaal", "totale", "totali", "subtotale",
    "totale generale", "totali generali", "total parziale", "total général", "sous total", "sous-total", "somme", "suma", "suma total", "total general",
    "total parcial", "total geral", "soma", "suma całkowita", "ogółem", "razem", "łącznie", "celkem", "celkově", "součet", "mezisoučet", "spolu", "súčet",
    "medzisúčet", "skupaj", "vsota", "vmesna vsota", "ukupno", "sveukupno", "međuzbroj", "zbroj", "összesen", "mindösszesen", "részösszeg", "yhteensä",
    "välisumma", "kokku", "vahesumma", "kopā", "pavisam", "iš viso", "viso", "tarpinė suma", "общо", "всичко", "междинна сума", "сума", "σύνολο",
    "γενικό σύνολο", "μερικό σύνολο", "tutaal", "totali kumulattivi", "iomlán", "fo-iomlán",
)  # fmt: skip
# capitals often bear no accents
_WORDS = sorted({*_TOTAL_WORDS, *map(plain, _TOTAL_WORDS)}, key=lambda word: (-len(word), word))
_TOTAL = re.compile(rf"^\W*(?:{'|'.join(re.escape(word) for word in _WORDS)})(?:\W|$)", re.IGNORECASE)
_ONLY_TOTAL = re.compile(rf"^\W*(?:{'|'.join(re.escape(word) for word in _WORDS)})\W*$", re.IGNORECASE)
_TOTAL_RE2 = rf"(?i)^[^\pL]*(?:{'|'.join(re.escape(word) for word in _WORDS)})(?:[^\pL]|$)"
_MERGE = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)")
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:\s?[/–-]\s?(?:\d\d|(?:19|20)\d\d))?", re.IGNORECASE)
_MOST_LINES = 4  # of a header


@dataclass(frozen=True)
class Layout:
    """What the rows of a grid are, by their index in the grid.

    header: the rows of the titles (none, one or several). titles: one per column. rows: the rows of the
    table, in order. odd: other rows below the header → what they are (blank, total, footer,
    header-repeated, merge-marker, second-table). preamble: rows above the header.
    """

    header: tuple[int, ...]
    titles: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    odd: dict[int, str] = field(default_factory=dict)
    preamble: tuple[int, ...] = ()
    is_template: bool = False
    heading_text: str = ""


def find_layout(grid: Grid, header_row: int = 0) -> Layout:
    """The layout of a sheet.

    header_row: the row of the titles as a spreadsheet shows it, if the recipe says so; -1 if there is
    none.
    """
    head = grid.head(LOOKED_AT)
    header = _header(head, grid, header_row)
    first = header[-1] + 1 if header else 0
    titles = _titles([head[index] for index in header], grid.width)
    above = tuple(
        index for index in range(header[0] if header else 0) if any(cell.strip() for cell in head[index])
    )
    odd = dict(_odd_rows(grid, first, [head[index] for index in header]))
    rows = np.array(
        [index for index in range(first, len(grid)) if index not in odd]
        if odd
        else np.arange(first, len(grid)),
        dtype=np.int64,
    )
    folded_titles = [" ".join(title.split()).casefold() for title in titles]
    is_template = (
        bool(header)
        and _resembles_template(folded_titles)
        and (_has_all(template_columns(titles)) or not _has_all(language_columns(titles)))
    )
    text = " ".join(cell for index in above for cell in head[index] if cell.strip())
    return Layout(header, titles, rows, odd, above, is_template, text)


def _resembles_template(titles: Sequence[str]) -> bool:
    """Whether a header is meant to be that of the template: it has half of our own names."""
    needed = {"programme", "stage", "basis", "amount_eur", "source_url"}
    named = {re.sub(r"[\s\-]+", "_", title) for title in titles}
    return len(named & needed) >= 3 and len(named & set(BUDGET_LINE)) >= 5


def _has_all(column_indices: Mapping[str, int]) -> bool:
    return all(name in column_indices for name in ("programme", "stage", "basis", "amount_eur", "source_url"))


def _header(head: Sequence[Sequence[str]], grid: Grid, fixed: int) -> tuple[int, ...]:
    if fixed == -1:
        return ()
    if fixed:
        return tuple(index for index in range(min(len(head), len(grid))) if int(grid.numbers[index]) == fixed)
    counts = [sum(bool(cell.strip()) for cell in row) for row in head]
    usual = (
        sorted(count for count in counts if count)[len([count for count in counts if count]) // 2]
        if any(counts)
        else 0
    )
    best, score = -1, 0.0
    for index, row in enumerate(head[: LOOKED_AT // 2]):
        value = _header_score(row, counts[index], usual, head[index + 1 : index + 20])
        if value > score + 0.25:
            best, score = index, value
    if best < 0:
        return ()
    if best + 1 < len(head) and _is_caption(head[best], head[best + 1]):
        best += 1
    lines = [best]
    while len(lines) < _MOST_LINES and lines[-1] + 2 < len(head):
        below = lines[-1] + 1
        joined = _joined_line([head[index] for index in lines])
        if not _is_second_line(joined, head[below], head[below + 1 : below + 11]):
            break
        lines.append(below)
    while len(lines) < _MOST_LINES and lines[0]:
        above = lines[0] - 1
        joined = _joined_line([head[index] for index in lines])
        if _is_caption(head[above], joined) or not _is_second_line(
            head[above], joined, head[lines[-1] + 1 : lines[-1] + 11]
        ):
            break
        lines.insert(0, above)
    return tuple(lines)


def _joined_line(lines: Sequence[Sequence[str]]) -> list[str]:
    """Several lines of a header as one: a cell is filled where any of them fills it."""
    return [" ".join(part for part in cells if part.strip()) for cells in zip(*lines, strict=False)]


def is_year_title(title: str) -> bool:
    """Whether a title is a year and nothing else: 2024, FY2024, 2024/25."""
    return bool(_YEAR.fullmatch(title.strip()))


def _are_year_titles(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the years of a row are titles: each stands once, and other things stand below them."""
    places = [column_index for column_index, cell in enumerate(row) if is_year_title(cell)]
    years = [row[column_index].strip() for column_index in places]
    words = [cell for cell in row if cell.strip() and not is_value(cell)]
    if not years or not words or len(set(years)) < len(years):
        return False
    under = [
        other[column_index].strip()
        for other in below
        for column_index in places
        if column_index < len(other) and other[column_index].strip()
    ]
    return bool(under) and sum(map(is_year_title, under)) * 4 < len(under)


def _header_score(row: Sequence[str], filled: int, usual: int, below: Sequence[Sequence[str]]) -> float:
    """How much a row looks like titles: texts that differ, words that we know, other things below."""
    cells = [cell.strip() for cell in row if cell.strip()]
    if filled < max(1, min(2, usual)) or filled < 0.5 * usual or not cells:
        return 0.0
    title_count = sum(is_known(cell) for cell in cells)
    has_years = _are_year_titles(row, below)

    def is_number(cell: str) -> bool:
        return is_value(cell) and not (has_years and is_year_title(cell))

    values = sum(map(is_number, cells))
    if values > max(0, len(cells) // 3) and not title_count:
        return 0.0
    long = sum(len(cell) > 250 for cell in cells)
    distinct = len(set(cells)) / len(cells)
    kinds = 0.0
    for column_index, cell in enumerate(row):
        if cell.strip() and not is_number(cell):
            under = [
                other[column_index]
                for other in below
                if column_index < len(other) and other[column_index].strip()
            ]
            kinds += bool(under) and sum(map(is_value, under)) > 0.6 * len(under)
    evidence_of_titles = title_count / len(cells) + min(1.0, kinds)
    if not evidence_of_titles:
        return 0.3 * distinct * min(1.0, filled / max(usual, 1)) if not long and not values else 0.0
    return (
        evidence_of_titles * distinct * min(1.0, filled / max(usual, 1))
        - 0.6 * values / len(cells)
        - long / len(cells)
    )


@lru_cache(maxsize=1 << 14)
def is_value(cell: str) -> bool:
    """Whether a cell is a number or a day rather than words."""
    text = cell.strip()
    return bool(text) and (
        take_apart(text) is not None
        or bool(re.fullmatch(r"[\d./\-: T]{6,}|[-–]?\d[\d.,\s]*%?|-?\d+([.,]\d+)?[eE][+-]?\d+", text))
    )


def _is_caption(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a line only stands above titles that name every column without it."""
    titles = [plain(cell) for cell in lower if cell.strip()]
    words = [column_index for column_index, cell in enumerate(upper) if cell.strip()]
    return (
        len(words) * 2 < len(titles) == len(set(titles))
        and all(lower[column_index].strip() for column_index in words)
        and not any(map(is_value, lower))
        and sum(is_known(cell) for cell in lower if cell.strip())
        > sum(is_known(cell) for cell in upper if cell.strip())
    )


def _is_second_line(upper: Sequence[str], lower: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether two lines make one header: the lower fills gaps of the upper, numbers stand below."""
    has_years = _are_year_titles([*lower, "x"], below)
    if any(is_value(cell) and not (has_years and is_year_title(cell)) for cell in lower) or not any(
        cell.strip() for cell in lower
    ):
        return False
    gaps = sum(not one.strip() and bool(other.strip()) for one, other in zip(upper, lower, strict=False))
    words = sum(bool(cell.strip()) for cell in upper)
    numbers = [column_index for column_index in range(len(lower)) if _mostly_values(below, column_index)]
    if (
        not numbers
        or not words
        or any(is_value(cell) and not _YEAR.fullmatch(cell.strip()) for cell in upper)
    ):
        return False
    empty_above_numbers = sum(not lower[column_index].strip() for column_index in numbers)
    units = sum(read_cell(cell).is_only for cell in lower if cell.strip())
    return empty_above_numbers == 0 and (
        (gaps >= 1 and words >= (1 if has_years else 2) and sum(bool(cell.strip()) for cell in lower) >= 2)
        or units > 0
    )


def _mostly_values(rows: Sequence[Sequence[str]], column_index: int) -> bool:
    cells = [row[column_index] for row in rows if column_index < len(row) and row[column_index].strip()]
    return bool(cells) and sum(map(is_value, cells)) > 0.6 * len(cells)


def _titles(lines: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """One title per column; of two lines, the upper holds until its next word."""
    if not lines:
        return tuple("" for _ in range(width))
    if len(lines) == 1:
        return tuple(
            lines[0][column_index].strip() if column_index < len(lines[0]) else ""
            for column_index in range(width)
        )
    carried = [""] * len(lines)
    titles = []
    for column_index in range(width):
        cells = [line[column_index].strip() if column_index < len(line) else "" for line in lines]
        for depth, cell in enumerate(cells[:-1]):
            if cell:
                # a new group ends the groups below it
                carried[depth:] = [cell, *[""] * (len(lines) - depth - 1)]
            elif not any(cells[depth + 1 :]):
                carried[depth:] = [""] * (len(lines) - depth)
        parts = [*carried[:-1], cells[-1]]
        titles.append(" – ".join(dict.fromkeys(part for part in parts if part)))
    return tuple(titles)


def _odd_rows(grid: Grid, first: int, header: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Rows below the header that are no rows of the table, each with what it is."""
    filled = grid.filled.copy()
    filled[:first] = 0
    below = filled[first:]
    yield from ((int(index), "blank") for index in np.flatnonzero(below == 0) + first)
    if not below.any():
        return
    usual = int(np.median(below[below > 0]))
    suspects = (filled > 0) & (filled <= max(1, int(usual * 0.7)))
    suspects |= _beginnings(grid, first)
    if header:
        suspects |= _like_header(grid, header[-1])
    suspects[:first] = False
    last_full = int(np.max(np.flatnonzero(filled >= max(2, int(usual * 0.7))), initial=first - 1))
    numeric = [column_index for column_index in range(grid.width) if _numeric(grid, column_index, first)]
    usual_texts = sum(
        grid.is_filled(column_index)[first:].mean() > 0.5
        for column_index in range(grid.width)
        if column_index not in numeric
    )
    sums = sums_of_rows_above(grid, first, numeric)
    suspects[list(sums)] = True
    for index in map(int, np.flatnonzero(suspects)):
        cells = [cell.strip() for cell in grid.row(index)]
        kind = _odd_kind(
            cells,
            header,
            index > last_full,
            usual,
            numeric,
            usual_texts,
            partial(adds_up, grid, first, index, numeric),
            _after_blank(filled, index, first),
        )
        if kind or index in sums:
            yield index, kind or "total"


def _after_blank(filled: npt.NDArray[np.int32], index: int, first: int) -> bool:
    return index > first and filled[index - 1] == 0


def _beginnings(grid: Grid, first: int) -> Mask:
    """Rows whose first cells begin with a word for a total, or with a mark that a merge left."""
    is_beginning = np.zeros(len(grid), dtype=bool)
    for column_index in range(min(grid.width, 12)):
        column = grid.column(column_index)
        sample = column.slice(first, 200).to_pylist()
        if not sample or sum(bool(cell) and is_value(cell) for cell in sample) > 0.9 * len(sample):
            continue
        # looking up words pays where they repeat
        likely = (
            pc.unique(column)
            if len(pc.unique(column.slice(first, 20_000))) * 3 < min(len(column), 20_000)
            else None
        )
        if likely is not None:
            hits = likely.filter(pc.fill_null(pc.match_substring_regex(likely, _TOTAL_RE2), False))
            is_beginning |= mask(pc.is_in(column, hits)) if len(hits) else False
        else:
            is_beginning |= mask(pc.match_substring_regex(column, _TOTAL_RE2))
    if grid.width:
        is_beginning |= matching(grid.column(0), r"^(<{7}|={7}|>{7}|\|{7})")
    return is_beginning


def begins_like_total(cell: str) -> bool:
    """Whether a cell begins with a word for a sum, in a language of the EU."""
    return bool(_TOTAL.match(cell))


def _like_header(grid: Grid, header: Sequence[str]) -> Mask:
    """Rows that begin like the header."""
    is_like = np.ones(len(grid), dtype=bool)
    for column_index in [column_index for column_index, cell in enumerate(header) if cell.strip()][:3]:
        is_like &= mask(pc.equal(grid.column(column_index), header[column_index]))
    return is_like


def _odd_kind(
    cells: Sequence[str],
    header: Sequence[Sequence[str]],
    is_after: bool,
    usual: int,
    numeric: Sequence[int],
    usual_texts: int,
    adds_up: Callable[[], bool],
    after_blank: bool,
) -> str:
    words = [(column_index, cell) for column_index, cell in enumerate(cells) if cell]
    if _MERGE.match(words[0][1]):
        return "merge-marker"
    if header and [plain(cell) for cell in cells] == [plain(cell) for cell in header[-1]]:
        return "header-repeated"
    has_number = any(cells[column_index] and is_value(cells[column_index]) for column_index in numeric)
    label = next((cell for column_index, cell in words if column_index not in numeric), "")
    few = len(words) <= max(2, int(usual * 0.7))
    if has_number and few and label and _TOTAL.match(label):
        return "total"
    # such a word in a row that is filled like the others may be a name: that it is a sum must be proven
    texts = [cell for column_index, cell in words if column_index not in numeric and not is_value(cell)]
    if (
        has_number
        and any(map(_ONLY_TOTAL.match, texts))
        and (len(texts) <= max(1, usual_texts // 2) or adds_up())
    ):
        return "total"
    if has_number and few and not texts and adds_up():
        return "total"
    if (
        after_blank
        and not has_number
        and len(words) >= 2
        and (
            sum(is_known(cell) for _, cell in words) >= 2
            or (numeric and len(words) >= 3 and all(cells[one] for one in numeric))
        )
        and not any(is_value(cell) for _, cell in words)
    ):
        return "second-table"
    # a unit below the first column is no number of it, even if it is written with digits
    is_unit = len(words) == 1 and words[0][0] == 0 and read_cell(words[0][1]).is_only
    if is_after and (is_unit or not has_number) and len(words) <= max(1, usual // 3):
        return "footer"
    return ""


def _numeric(grid: Grid, column_index: int, first: int) -> bool:
    cells = [
        cell for cell in grid.column(column_index).slice(first, 400).to_pylist() if cell and cell.strip()
    ]
    return bool(cells) and sum(map(is_value, cells)) > 0.7 * len(cells)


def template_columns(titles: Sequence[str]) -> dict[str, int]:
    """Our column → its place, in a header under our own names: their case, spaces and order do not matter."""
    column_of: dict[str, int] = {}
    for column_index, title in enumerate(titles):
        name = re.sub(r"[\s\-]+", "_", title.strip()).casefold()
        if name in BUDGET_LINE and name not in column_of:
            column_of[name] = column_index
    return column_of


def language_columns(titles: Sequence[str]) -> dict[str, int]:
    """Our column → its position, in a header whose titles are our words in another language."""
    column_of: dict[str, int] = {}
    for column_index, guess in guess_columns(titles).items():
        if guess.score >= 0.95:
            column_of.setdefault(guess.column, column_index)
    return column_of
