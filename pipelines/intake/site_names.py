"""The names of sites in a file → their ids. Pure."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, shown
from pipelines.foreign_files.grid import Grid, at, mask
from pipelines.foreign_files.header_words import plain
from pipelines.intake.header_matching import guess_columns
from pipelines.intake.recipe_result import Block
from pipelines.intake.table_layout import Layout
from pipelines.row_checks import Vocabularies

_NEAR = 0.6


def names_of_sites(words: Vocabularies) -> dict[str, str]:
    """Id → name, of the sites that are published. words: as read_vocabularies gives them."""
    return dict(one.partition(": ")[::2] for one in words.get("site_names", ()))


def with_site_ids(file: str, grid: Grid, block: Block, words: Vocabularies) -> tuple[Block, list[Finding]]:
    """The block with the ids of sites in the place of their names, and a note for each name."""
    names = names_of_sites(words)
    column = block.table["site"]
    if not names or column.null_count == len(column):
        return block, []
    ids: dict[str, set[str]] = {}
    for site, name in names.items():
        ids.setdefault(plain(name), set()).add(site)
        ids.setdefault(plain(site), set()).add(site)
    strange = (word for word in pc.unique(column).to_pylist() if word and word not in names)
    found = {word: next(iter(sites)) for word in strange if len(sites := ids.get(plain(word), set())) == 1}
    if not found:
        return block, []
    positions = pc.index_in(column, pa.array(list(found), pa.string()))
    known = pa.array(list(found.values()), pa.string()).take(positions.combine_chunks())
    replaced = pc.if_else(pc.is_valid(positions), known, column)
    table = block.table.set_column(block.table.column_names.index("site"), "site", replaced)
    return replace(block, table=table), list(_notes(file, grid, block, found))


def _notes(file: str, grid: Grid, block: Block, found: dict[str, str]) -> Iterator[Finding]:
    column_index = block.column_indices.get("site", -1)
    for word, site in found.items():
        first = int(np.flatnonzero(mask(pc.equal(block.table["site"], word)))[0])
        yield make_finding(
            "word-replaced",
            file,
            f"is read as {shown(site)}.",
            row=int(grid.numbers[block.rows[first]]) if column_index >= 0 else 0,
            column="site",
            column_index=column_index,
            value=word,
        )


def columns_of_places(grid: Grid, layout: Layout, words: Callable[[], Vocabularies]) -> frozenset[int]:
    """Columns whose titles sound like ours of the site and whose cells name none: towns, regions, post codes.

    Empty before the first release, when no site is known.
    """
    titled = [index for index, guess in guess_columns(layout.titles).items() if guess.column == "site"]
    if not titled or not (names := names_of_sites(words())):
        return frozenset()
    sites = {plain(word) for pair in names.items() for word in pair}
    return frozenset(
        index
        for index in titled
        if sites.isdisjoint(plain(cell) for cell in set(at(grid.column(index), layout.rows)) if cell)
    )


def nearest_site(value: str, words: Vocabularies) -> str:
    """The question whether the site with the nearest id or name is meant, with both; or nothing."""
    names = names_of_sites(words) or {site: site for site in words["site"]}
    by_word = {plain(word): site for site, name in names.items() for word in (site, name)}
    near = difflib.get_close_matches(plain(value), list(by_word), n=1, cutoff=_NEAR)
    if not near:
        return ""
    site = by_word[near[0]]
    return f"Did you mean {shown(site)}{f' ({names[site]})' if names[site] != site else ''}? "
