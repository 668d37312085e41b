"""Texts of questions, compiled once for all choices of one shape, and filled in for each. Pure.

Two choices have one shape if they choose in the same columns. To make a text takes SQLAlchemy ten times as
long as to fill it in.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines import files
from pipelines.queries.choice import Choice
from pipelines.queries.precomputed_tables import code_mark

_CODES = ("stage", "basis", "level")
_LISTS = ("programme", "initiative", "funder", "country")
_YEAR = 999_000_001  # no year of a source
_CODES_OF = code_mark("(?P<vocabulary>[a-z_]+)", "(?P<flag>[a-z_]+)")
_CODE_MARK = re.compile(rf"\b(?P<column>(?!NOT\b)[\w.]+) IN \('{_CODES_OF}'\)")


class Plan(NamedTuple):
    """How a question is asked: its text, and name of a table of counted entries that it reads → the text that
    gives these entries. columns: of its rows.
    """

    sql: str
    tables: Mapping[str, str]
    columns: tuple[str, ...] = ()


def _mark(column: str) -> str:
    return f"\u27e8{column}\u27e9"


def shape(value: Hashable) -> Hashable:
    """A choice with a mark in the place of each chosen code and year; any other value as it is."""
    if not isinstance(value, Choice):
        return value
    codes = {column: _mark(column) for column in _CODES if getattr(value, column)}
    lists = {column: (_mark(column),) for column in _LISTS if getattr(value, column)}
    return replace(value, **codes, **lists, year=(_YEAR,) if value.year else ())  # type: ignore[arg-type]


def fill(template: str, choice: Choice) -> str:
    """The text that was made for the shape of a choice, with its codes and years instead of the marks."""
    for column in _CODES:
        template = template.replace(f"'{_mark(column)}'", _literal(getattr(choice, column)))
    for column in _LISTS:
        codes = ", ".join(map(_literal, getattr(choice, column)))
        template = template.replace(f"'{_mark(column)}'", codes)
    return template.replace(str(_YEAR), ", ".join(map(str, choice.year)))


def fill_plan(template: Plan, choice: Choice) -> Plan:
    """The same for a plan. Its tables are named after the entries in them."""
    sql, tables = fill(template.sql, choice), {}
    for name, entries in template.tables.items():
        filled = fill(entries, choice)
        own = f"counted_{files.sha256(filled)[:16]}"
        sql = sql.replace(name, own)
        tables[own] = filled
    return Plan(sql, tables, template.columns)


def fill_codes(text: str, codes: Callable[[str, str], Sequence[str]]) -> str:
    """A text with codes instead of the marks of `precomputed_tables.code_mark`. codes: vocabulary and flag →
    codes.

    DuckDB makes a table of a list after IN and joins it, which takes longer than to look into the list.
    """
    return _CODE_MARK.sub(
        lambda mark: (
            f"list_contains([{', '.join(map(_literal, codes(mark['vocabulary'], mark['flag'])))}], "
            f"{mark['column']})"
        ),
        text,
    )


def _literal(code: str) -> str:
    return "'" + code.replace("'", "''") + "'"
