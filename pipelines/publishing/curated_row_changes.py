"""Rows of a release that are no figures of the ledger, and that would be other ones: sites, milestones,
promises, claims, facts and what else people write. Reads two releases; decides nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pipelines.file_schemas import SHAPES, key_columns, key_text, uploadable
from pipelines.release_diff import Comparison, RowChange

MOST = 200  # rows of one table
_NAMES = ("title", "name", "subject", "label", "publisher", "statement", "reason")
_QUIET = frozenset(("ledger", "changes"))


class RowEffect(NamedTuple):
    """A row that would be added, replaced, removed or changed.

    key: what tells it from every other row of its table. name: what people call it. cells: column, what it
    says now, what it would say; nothing is an empty text. reason: why it is replaced. is_of_file: whether the
    file does it.
    """

    table: str
    kind: Literal["added", "replaced", "removed", "changed"]
    key: str
    name: str
    cells: tuple[tuple[str, str, str], ...]
    reason: str
    is_of_file: bool


def tables() -> list[str]:
    """Every table that curated rows fill, but the ledger."""
    shapes = [SHAPES[name] for name in uploadable()]
    lists = (cell.fills for shape in shapes for cell in shape.cells.values() if cell.kind == "list")
    named = [*(fill.table for shape in shapes for fill in shape.fills), *lists]
    return [name for name in dict.fromkeys(named) if name not in _QUIET]


def changed_rows(
    comparison: Comparison, shape: str = "", keys: frozenset[str] = frozenset()
) -> Iterator[RowEffect]:
    """The rows that are not the same in both releases, table by table; a row that is replaced under another
    key stands once, as replaced.

    shape, keys: what the file holds; an empty shape where no file does it.
    """
    reasons = _reasons(comparison)
    own = SHAPES[shape].fills[0].table if shape else ""
    for table in tables():
        comparison.find_changes(table, only_shared=True)
        for change in comparison.rows(table, MOST):
            row = change.after or change.before or {}
            named = {name: _key(name, row) for name in shapes_of(table)}
            reason = next((reasons[one] for one in named.items() if one in reasons), "")
            is_replaced = bool(reason) and change.kind != "added"
            yield RowEffect(
                table,
                "replaced" if is_replaced else change.kind,
                key_text(map(str, change.key)),
                _name(change) or key_text(map(str, change.key)),
                tuple(_cells(change)),
                reason,
                table == own and (named[shape] in keys or is_replaced),
            )


def _key(shape: str, row: Mapping[str, Any]) -> str:
    """What tells a row of a table from every other of its shape."""
    return key_text(str(row.get(column)) for column in key_columns(shape).values())


def shapes_of(table: str) -> list[str]:
    """The curated shapes whose rows a table holds."""
    return [name for name in uploadable() if any(fill.table == table for fill in SHAPES[name].fills)]


def _reasons(comparison: Comparison) -> dict[tuple[str, str], str]:
    """Shape and key of every row that is replaced after and was not before → why."""
    if not comparison.has("replaced_rows"):
        return {}
    comparison.find_changes("replaced_rows", only_shared=True)
    return {
        (change.after["shape"], change.after["row_key"]): change.after["reason"]
        for change in comparison.rows("replaced_rows")
        if change.after
    }


def _name(change: RowChange) -> str:
    row = change.after or change.before or {}
    return next((str(row[name]) for name in _NAMES if row.get(name)), "")


def _cells(change: RowChange) -> Iterator[tuple[str, str, str]]:
    before, after = change.before or {}, change.after or {}
    for column in dict.fromkeys([*before, *after]):
        was, now = (_text(row.get(column)) for row in (before, after))
        if was != now:
            yield column, was, now


def _text(value: object) -> str:
    return "" if value is None else str(value)
