"""Texts of questions, compiled once for all choices of one shape, and filled in for each. Pure.

Two choices have one shape if they choose in the same columns, and two lists of codes if both are empty or
neither is. To make a text takes SQLAlchemy ten times as long as to fill it in.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines import files
from pipelines.queries.choice import Choice
from pipelines.queries.supplied_inputs import code_mark

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


class Code(str):
    """A chosen code that a question only compares with cells. Empty: nothing is chosen."""

    __slots__ = ()


class Codes(tuple[str, ...]):
    """Chosen codes, of which a question only asks whether a cell is one of them."""

    __slots__ = ()


def _mark(column: str) -> str:
    return f"\u27e8{column}\u27e9"


def shapes(values: Sequence[Hashable]) -> tuple[Hashable, ...]:
    """What a question is given, with a mark in the place of each chosen code and year."""
    return tuple(_shape(value, f"value {place}") for place, value in enumerate(values))


def _shape(value: Hashable, name: str) -> Hashable:
    if isinstance(value, Codes):
        return Codes((_mark(name),)) if value else value
    if isinstance(value, Code):
        return Code(_mark(name)) if value else value
    if not isinstance(value, Choice):
        return value
    codes = {column: _mark(column) for column in _CODES if getattr(value, column)}
    lists = {column: (_mark(column),) for column in _LISTS if getattr(value, column)}
    return replace(value, **codes, **lists, year=(_YEAR,) if value.year else ())  # type: ignore[arg-type]


def fill(template: str, values: Sequence[Hashable]) -> str:
    """The text that was made for the shapes of some values, with their codes and years instead of the
    marks.
    """
    for place, value in enumerate(values):
        if isinstance(value, Codes | Code):
            codes = (value,) if isinstance(value, Code) else value
            template = _filled_list(template, f"value {place}", codes)
        elif isinstance(value, Choice):
            for column in _CODES:
                template = template.replace(f"'{_mark(column)}'", _literal(getattr(value, column)))
            for column in _LISTS:
                template = _filled_list(template, column, getattr(value, column))
            template = template.replace(str(_YEAR), ", ".join(map(str, value.year)))
    return template


def _filled_list(template: str, name: str, codes: Sequence[str]) -> str:
    return template.replace(f"'{_mark(name)}'", ", ".join(map(_literal, codes)))


def fill_plan(template: Plan, values: Sequence[Hashable]) -> Plan:
    """The same for a plan. Its tables are named after the entries in them."""
    sql, tables = fill(template.sql, values), {}
    for name, entries in template.tables.items():
        filled = fill(entries, values)
        own = f"counted_{files.sha256(filled)[:16]}"
        sql = sql.replace(name, own)
        tables[own] = filled
    return Plan(sql, tables, template.columns)


def fill_codes(text: str, codes: Callable[[str, str], Sequence[str]]) -> str:
    """A text with codes instead of the marks of `supplied_inputs.code_mark`. codes: vocabulary and flag →
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
