"""What the columns of an answer mean: from the declaration of the tables, and here for those that only a question makes. Pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, Numeric, Select, String, Table
from sqlalchemy.types import TypeEngine

from pipelines.columns import EURO
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
    column.name: column
    for column in (
        Described("amount_eur", "euros", "EUR", "The amount. Missing means not published, never zero."),
        Described("gross_eur", "euros", "EUR", "Sum of the chosen entries."),
        Described("removed_eur", "euros", "EUR", "Of these, what another chosen entry already contains."),
        Described("net_eur", "euros", "EUR", "gross_eur without removed_eur: no euro is counted twice."),
        Described("entries", "integer", "count", "Ledger entries behind the row.", False),
        Described(
            "entries_unknown", "integer", "count", "Of these, entries whose amount is not published.", False
        ),
        Described(
            "entries_removed",
            "integer",
            "count",
            "Of these, entries that another chosen entry already contains.",
            False,
        ),
        Described(
            "is_removed",
            "boolean",
            "true or false",
            "Whether another chosen entry already contains these.",
            False,
        ),
        Described(
            "level",
            "text",
            "code of levels",
            "The level that is added here, or “all” that may be added.",
            False,
        ),
        Described("stage_label", "text", "text", "The stage in words."),
        Described("programme_label", "text", "text", "The programme in words."),
        Described("kind_label", "text", "text", "The kind of site in words."),
        Described("status_label", "text", "text", "The status in words."),
        Described("country_label", "text", "text", "The country in words."),
        Described("event_label", "text", "text", "The kind of event in words."),
        Described("tier_label", "text", "text", "How well the source supports a figure, in words."),
        Described("is_open", "boolean", "true or false", "Whether the site serves users.", False),
        Described(
            "total_eur",
            "euros",
            "EUR",
            "The site's own total cost as published. Never to be added to totals of sites that it is part of.",
        ),
        Described("total_qualifier", "text", "code of qualifiers", "How exactly that total is stated."),
        Described("total_stage", "text", "code of stages", "Stage of that total."),
        Described("site_name", "text", "text", "Name of the site."),
        Described("city", "text", "text", "City of the site."),
        Described("place", "text", "text", "City and country of the site, or EU-wide."),
        Described("publisher", "text", "text", "Who published the document."),
        Described("heading", "text", "text", "What the source calls it."),
        Described("container_heading", "text", "text", "What the source calls entry A."),
        Described("container_eur", "euros", "EUR", "Amount of entry A."),
        Described("contained_heading", "text", "text", "What the source calls entry B."),
        Described("contained_eur", "euros", "EUR", "Amount of entry B."),
        Described(
            "is_member",
            "boolean",
            "true or false",
            "Whether the country is a member state of the European Union.",
            False,
        ),
        Described(
            "population",
            "integer",
            "persons",
            "Population on 1 January of population_year. Missing means that no source here gives it.",
        ),
        Described("population_year", "integer", "year", "Year of the population."),
        Described("eur_per_person", "decimal", "EUR per person", "amount_eur divided by population."),
        Described(
            "gdp_eur",
            "euros",
            "EUR",
            "GDP of gdp_year at current prices. Missing means that no source here gives it.",
        ),
        Described("gdp_year", "integer", "year", "Year of the GDP."),
        Described("percent_of_gdp", "decimal", "percent", "amount_eur as a percentage of gdp_eur."),
        Described("release", "text", "text", "The release that the row comes from.", False),
        Described("licence", "text", "text", "Licence and whom to name.", False),
    )
}


def of_select(select: Select[Any]) -> list[Described]:
    """The columns of a question, in the order in which it gives them."""
    found = []
    for column in select.selected_columns:
        declared = getattr(column, "element", column)
        if column.name in MADE and not (
            isinstance(declared, Column) and declared.name == column.name and declared.comment
        ):
            found.append(MADE[column.name])
        elif isinstance(declared, Column) and declared.comment:
            found.append(_of_column(declared, column.name))
        else:
            found += of_names([column.name])
    return found


def of_names(names: Sequence[str]) -> list[Described]:
    """The columns of a figure by their names: a name means what it means in the table that has most of the names. Text if no table has it."""
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
    """Rows of a figure, as objects, as an Arrow table: euros stay exact, days are days, missing is missing."""
    described = columns or of_names(list(rows.columns))
    return pa.table(
        [pa.array(_cells(rows[column.name]), ARROW[column.kind]) for column in described],
        schema=pa.schema([pa.field(column.name, ARROW[column.kind]) for column in described]),
    )


def _cells(column: pd.Series) -> list[Any]:
    return [None if cell is None or cell is pd.NaT or cell != cell else cell for cell in column.tolist()]
