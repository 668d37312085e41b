"""What the cells of a column are, whatever its title says: money, a rate, another number, a day or words.

Judged by some hundred of them.
"""

import re
from collections.abc import Sequence

import numpy as np

from pipelines.foreign_files.amount_grammar import SHORTENED, SPACES, evidence, take_apart
from pipelines.foreign_files.amounts import without_mark
from pipelines.foreign_files.dates import year_of
from pipelines.foreign_files.grid import Grid, at
from pipelines.foreign_files.header_words import plain
from pipelines.foreign_files.money_words import is_unit_column, read_title
from pipelines.intake.header_matching import guess_columns
from pipelines.intake.table_layout import Layout, is_year_title

LOOKED_AT = 400
_ENOUGH = 0.8
_ENOUGH_TITLED = 1 / 3  # where the title names amounts, a few cells that are none hide no column
_RATE = re.compile(
    r"%|\b(rate|percent\w*|per cent|proportion|share|index|satz|\w*satzes|kofinanzierungss\w*|anteil\w*|quote|prozent\w*|taux|pourcentage|tasso|percentuale"
    r"|quota|tasa|porcentaje|taxa|percentagem|procent\w*|sats|andel|osuus|mira|sazba|podil|stopa|odstotek|delez|arany|rata|pondere|ποσοστο|дял)\b"
)
_NO_MONEY = re.compile(
    r"\b(id|nr|no|num|number|numero|\w*nummer|lfd|code|kod|kodas|cod|codice|codigo|kennziffer|plz|post\w*|zip|cap|cp|year|jahr|annee|anno|ano|jaar|rok|ar"
    r"|count|anzahl|population|priorit\w*|prioritat\w*|phone|tel\w*|latitude|longitude|lat|lon|lng|distance|area|index|seq|rang|rank|ico|cif|nif|siret|siren"
    r"|oib|nip|regon|vat|interventions?\w*|kategorie\w*|category|nuts\w*)\b"
)

_YEAR_WORD = re.compile(
    r"\b(year|jahr|haushaltsjahr|annee|anno|ano|jaar|rok|ar|vuosi|aasta|gads|metai|godina|leto|ev|an|sena|bliain|ετος|година)\b"
)


def column_kinds(grid: Grid, layout: Layout) -> tuple[str, ...]:
    """For each column money, rate, year, number, day, words, or nothing at all where it holds no cell."""
    rows = layout.rows
    if len(rows) > LOOKED_AT:
        rows = rows[np.linspace(0, len(rows) - 1, LOOKED_AT).astype(np.int64)]
    titled = {
        column_index
        for column_index, guess in guess_columns(layout.titles).items()
        if guess.column == "amount_eur" and guess.score >= 0.75
    }
    return tuple(
        _kind(
            title,
            [cell.strip() for cell in at(grid.column(column_index), rows) if cell and cell.strip()],
            column_index in titled,
        )
        for column_index, title in enumerate(layout.titles)
    )


def _kind(title: str, cells: Sequence[str], names_amounts: bool) -> str:
    if not cells:
        return ""
    if is_unit_column(title, cells):
        return "words"
    enough = _ENOUGH_TITLED if names_amounts else _ENOUGH
    name = plain(re.sub(r"(?<=\w)-\s+(?=[a-zß-ž])", "", title))
    is_dated = is_year_title(title) or (
        year_of(title) is not None and not _NO_MONEY.search(_YEAR_WORD.sub(" ", name))
    )
    parts = [part for cell in cells if (part := take_apart(without_mark(cell.removesuffix("%")))) and evidence(part.core)]  # fmt: skip
    shortened = sum(bool(SHORTENED.fullmatch(cell)) for cell in cells)
    if shortened and len(parts) + shortened >= enough * len(cells):
        return "money"
    if len(parts) < enough * len(cells):
        days = sum(bool(re.match(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", cell)) for cell in cells)
        if days >= _ENOUGH * len(cells):
            return "day"
        # the column of a year is one of amounts, even if its cells cannot be read: each is then told of
        with_digits = sum(any(char.isdigit() for char in cell) for cell in cells)
        return "money" if is_dated and with_digits >= _ENOUGH * len(cells) else "words"
    cores = [re.sub(rf"[{SPACES}]", "", part.core) for part in parts]
    are_whole = all(core.isdigit() for core in cores)
    sizes = sorted(
        float(
            re.sub(r"\D", "", core)
            if core.isdigit()
            else re.sub(r"[.,](?=.*[.,])", "", core).replace(",", ".").replace("'", "") or 0
        )
        for core in cores
        if re.fullmatch(r"[\d.,']+", core)
    ) or [0.0]
    largest, middle = sizes[-1], sizes[len(sizes) // 2]
    if sum(cell.endswith("%") for cell in cells) * 2 > len(cells) or (
        largest <= 100 and _RATE.search(f"{name} {title.casefold()}")
    ):
        return "rate"
    if is_dated and not all(1900 <= size <= 2100 for size in sizes):
        return "money"
    if largest <= 1 and not are_whole and not names_amounts:
        return "rate"
    if any(part.currency for part in parts) or read_title(title).currencies:
        return "money"
    if are_whole and all(1900 <= size <= 2100 for size in sizes) and all(len(core) == 4 for core in cores):
        return "year"
    if _NO_MONEY.search(name):
        return "number"
    if are_whole and (
        sizes == sorted({float(size) for size in range(int(sizes[0]), int(sizes[0]) + len(sizes))})
    ):
        return "number"
    # numbers that all have as many digits are keys rather than amounts
    if are_whole and len(cores) > 10 and len({len(core) for core in cores}) == 1:
        return "number"
    return "money" if middle >= 100 or (not are_whole and largest >= 100) else "number"
