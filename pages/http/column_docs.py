"""What the columns of an answer mean: from the declaration of the tables, and here for those that only a
question makes. Pure.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, Numeric, Select, String, Table
from sqlalchemy.types import TypeEngine

from pages.parts.promise_delays import OUTCOMES
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pipelines.column_factories import EURO
from pipelines.schema import metadata


class Described(NamedTuple):
    """One column of an answer: kind is text, euros, decimal, number, integer, boolean or day."""

    name: str
    kind: str
    unit: str
    meaning: str
    is_optional: bool = True


KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (String, "text"),
    (Boolean, "boolean"),
    (Date, "day"),
    (Double, "number"),
    (Numeric, "decimal"),
    (BigInteger, "integer"),
    (Integer, "integer"),
)
ARROW = {
    "text": pa.string(),
    "euros": pa.decimal128(18, 2),
    "decimal": pa.decimal128(24, 8),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "day": pa.date32(),
}

# Columns that no table has: a question makes them.
MADE = {
    name: Described(name, kind, unit, say(text.MADE_COLUMNS[name]), is_optional)
    for name, kind, unit, is_optional in (
        ("amount_eur", "euros", "EUR", True),
        ("gross_eur", "euros", "EUR", True),
        ("removed_eur", "euros", "EUR", True),
        ("net_eur", "euros", "EUR", True),
        ("entries", "integer", "count", False),
        ("entries_unknown", "integer", "count", False),
        ("entries_removed", "integer", "count", False),
        ("is_removed", "boolean", "true or false", False),
        ("level", "text", "code of levels", False),
        ("reading", "text", "text", False),
        ("stage_label", "text", "text", True),
        ("programme_label", "text", "text", True),
        ("initiative_label", "text", "text", True),
        ("funder_label", "text", "text", True),
        ("basis_label", "text", "text", True),
        ("level_label", "text", "text", True),
        ("qualifier_label", "text", "text", True),
        ("ai_scope_label", "text", "text", True),
        ("confidence_label", "text", "text", True),
        ("kind_label", "text", "text", True),
        ("status_label", "text", "text", True),
        ("country_label", "text", "text", True),
        ("event_label", "text", "text", True),
        ("tier_label", "text", "text", True),
        ("is_open", "boolean", "true or false", False),
        ("total_eur", "euros", "EUR", True),
        ("total_qualifier", "text", "code of qualifiers", True),
        ("total_stage", "text", "code of stages", True),
        ("site_name", "text", "text", True),
        ("city", "text", "text", True),
        ("place", "text", "text", True),
        ("publisher", "text", "text", True),
        ("heading", "text", "text", True),
        ("container_heading", "text", "text", True),
        ("container_eur", "euros", "EUR", True),
        ("contained_heading", "text", "text", True),
        ("contained_eur", "euros", "EUR", True),
        ("contained_in", "text", "text", False),
        ("contained_in_id", "text", "text", False),
        ("contained_in_programme", "text", "code of programmes", False),
        ("contained_in_eur", "euros", "EUR", True),
        ("contained_in_qualifier", "text", "code of qualifiers", True),
        ("contained_in_stage", "text", "code of stages", False),
        ("contained_in_basis", "text", "code of bases", False),
        ("entry_eur", "euros", "EUR", True),
        ("counted_split", "text", "text", True),
        ("relation", "text", "text", False),
        ("published_lines", "integer", "count", False),
        ("name", "text", "text", False),
        ("outcome", "text", "text", False),
        ("promises", "integer", "count", False),
        ("restated", "integer", "count", False),
        ("alone", "integer", "count", False),
        ("restatements", "integer", "count", False),
        ("slipped", "integer", "count", False),
        ("days_least", "integer", "days", True),
        ("days_most", "integer", "days", True),
        *((code, "integer", "count", False) for code in OUTCOMES),
        ("is_member", "boolean", "true or false", False),
        ("population", "integer", "persons", True),
        ("population_year", "integer", "year", True),
        ("eur_per_person", "decimal", "EUR per person", True),
        ("gdp_eur", "euros", "EUR", True),
        ("gdp_year", "integer", "year", True),
        ("percent_of_gdp", "decimal", "percent", True),
        ("strict_eur", "euros", "EUR", True),
        ("is_bid", "boolean", "true or false", False),
        ("item", "text", "text", True),
        ("name_code", "text", "text", False),
        ("state", "text", "text", False),
        ("calls", "integer", "count", False),
        ("ai_calls", "integer", "count", False),
        ("ai_calls_unknown", "integer", "count", False),
        ("lines", "integer", "count", False),
        ("layer", "text", "text", False),
        ("from_label", "text", "text", False),
        ("to_label", "text", "text", False),
        ("percent_of_total", "decimal", "percent", True),
        ("percent_of_countries", "decimal", "percent", True),
        ("percent_of_eu", "decimal", "percent", True),
        ("eu_eur", "euros", "EUR", True),
        ("percent_of_all", "decimal", "percent", True),
        ("all_eur", "euros", "EUR", True),
        ("constant_eur", "euros", "EUR", True),
        ("dateless_eur", "euros", "EUR", True),
        ("currency", "text", "text", True),
        ("rate_year", "integer", "year", True),
        ("unit", "text", "text", False),
        ("units_said", "text", "text", True),
        ("units", "decimal", "count", True),
        ("units_high", "decimal", "count", True),
        ("eur_per_unit", "decimal", "EUR", True),
        ("eur_per_unit_low", "decimal", "EUR", True),
        ("rate_day", "day", "day", True),
        ("currency_amount", "decimal", "number", True),
        ("release", "text", "text", False),
        ("as_of", "text", "day as year-month-day", True),
        ("licence", "text", "text", False),
    )
}


def of_select(select: Select[Any]) -> list[Described]:
    """The columns of a question, in the order in which it gives them."""
    described = []
    for column in select.selected_columns:
        declared = getattr(column, "element", column)
        if column.name in MADE and not (
            isinstance(declared, Column) and declared.name == column.name and declared.comment
        ):
            described.append(MADE[column.name])
        elif isinstance(declared, Column) and declared.comment:
            described.append(_of_column(declared, column.name))
        else:
            described += of_names([column.name])
    return described


def of_names(names: Sequence[str]) -> list[Described]:
    """The columns of a figure by their names: a name means what it means in the table that has most of the
    names. Text if no table has it.
    """
    tables = sorted(metadata.sorted_tables, key=lambda table: -len(set(names) & set(table.columns.keys())))
    return [MADE[name] if name in MADE else _of_name(name, tables) for name in names]


def _of_name(name: str, tables: Sequence[Table]) -> Described:
    for table in tables:
        if name in table.columns and table.columns[name].comment:
            return _of_column(table.columns[name], name)
    return Described(
        name, "euros" if name.endswith("_eur") else "text", "EUR" if name.endswith("_eur") else "text", ""
    )


def _of_column(column: Column[Any], name: str) -> Described:
    is_money = isinstance(column.type, Numeric) and column.type.scale == EURO.scale
    kind = "euros" if is_money else next(kind for sql, kind in KINDS if isinstance(column.type, sql))
    return Described(
        str(name), kind, column.info.get("unit", ""), column.comment or "", bool(column.nullable)
    )


def arrow(rows: pd.DataFrame, columns: Sequence[Described] | None = None) -> pa.Table:
    """Rows of a figure as an Arrow table: euros stay exact, days are days, missing is missing."""
    described = columns or of_names(list(rows.columns))
    return pa.table(
        [pa.array(_cells(rows[column.name]), ARROW[column.kind]) for column in described],
        schema=pa.schema([pa.field(column.name, ARROW[column.kind]) for column in described]),
    )


def _cells(column: pd.Series) -> list[Any]:
    return [None if cell is None or cell is pd.NaT or cell != cell else cell for cell in column.tolist()]
