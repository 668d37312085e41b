"""The makers of columns: they fix type, unit and check of a column together, so that a column is spelt once.

Imports SQLAlchemy only. `schema.py` is their only caller.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, ForeignKey, Integer, Numeric, String

EURO = Numeric(18, 2)


def words(name: str, meaning: str, **more: Any) -> Column[Any]:
    """Text for people or identities; `optional=True` allows it to be missing."""
    return _column(name, String(), "text", meaning, more)


def code(name: str, meaning: str, of: str, **more: Any) -> Column[Any]:
    """A word of the vocabulary table `of` (data/reference/<of>.csv)."""
    return _column(name, String(), f"code of {of}", meaning, more, ForeignKey(f"{of}.code"))


def euros(name: str, meaning: str, **more: Any) -> Column[Any]:
    """Euros, exact to the cent. Always optional: missing is not zero."""
    return _column(name, EURO, "EUR", meaning, {"optional": True} | more)


def day(name: str, meaning: str, **more: Any) -> Column[Any]:
    """A calendar day."""
    return _column(name, Date(), "day", meaning, more)


def year(name: str, meaning: str, **more: Any) -> Column[Any]:
    """A calendar year."""
    return _column(name, Integer(), "year", meaning, {"autoincrement": False} | more)


def count(name: str, meaning: str, **more: Any) -> Column[Any]:
    """How many of something."""
    return _column(name, BigInteger(), "count", meaning, {"autoincrement": False} | more)


def number(name: str, unit: str, meaning: str, **more: Any) -> Column[Any]:
    """A measured number that is not money, with its unit."""
    return _column(name, Double(), unit, meaning, more)


def decimal(name: str, unit: str, meaning: str, **more: Any) -> Column[Any]:
    """An exact number that is not an amount of euros: a rate, an amount in another currency, a deflator."""
    return _column(name, Numeric(24, 8), unit, meaning, more)


def flag(name: str, meaning: str, **more: Any) -> Column[Any]:
    """Yes or no."""
    return _column(name, Boolean(), "true or false", meaning, more)


def _column(
    name: str, kind: Any, unit: str, meaning: str, more: dict[str, Any], *keys: ForeignKey
) -> Column[Any]:
    optional = more.pop("optional", False)
    return Column(name, kind, *keys, nullable=optional, comment=meaning, info={"unit": unit}, **more)


def later_name_of(older: str, column: Column[Any]) -> Column[Any]:
    """A column that an older release has under another name, from where its values are then read."""
    column.info["older_name"] = older
    return column


def key(**more: Any) -> dict[str, Any]:
    """Marks a column as part of the primary key."""
    return {"primary_key": True} | more
