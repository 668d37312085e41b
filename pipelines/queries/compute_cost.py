"""What machines cost per accelerator, petaflop and megawatt, where a source gives both."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Select, and_, case, cast, func, literal, null, select

from pipelines import schema
from pipelines.queries import sites

KINDS = ("supercomputer", "gigafactory")  # sites with machines; quantum computers have other units
UNITS = ("accelerator", "petaflop", "megawatt")
NUMBER = Numeric(24, 8)
NUMBERS = (r"(?:^|\s)([0-9][0-9,]*)", r"[0-9] to ([0-9][0-9,]*)")
"""How the number of accelerators is found in the words of its source, and the second number of a range: one
that stands for itself, unlike that in the name of a chip.
"""


def machines(unit: str) -> Select[Any]:
    """One row per supercomputer and gigafactory bid, the furthest stage first and in it the dearest: site_id,
    site_name, kind, kind_label, country, stage, stage_label, amount_eur (its own total cost as published),
    qualifier, entry_id; unit, units_said (as the source writes it), units, units_high (of a range), and
    eur_per_unit, eur_per_unit_low (of a range). Missing where a source gives no euros or no units.

    unit: a word of UNITS.
    """
    site, kind, stage = schema.sites, schema.site_kinds, schema.stages
    total = sites.own_totals()
    said, least, most = _units(unit)
    cost = cast(case((least > 0, total.c.total_eur / least)), NUMBER)
    return (
        select(
            site.c.site_id,
            site.c.name.label("site_name"),
            site.c.kind,
            kind.c.label.label("kind_label"),
            site.c.country,
            total.c.total_stage.label("stage"),
            stage.c.label.label("stage_label"),
            total.c.total_eur.label("amount_eur"),
            total.c.total_qualifier.label("qualifier"),
            total.c.entry_id,
            literal(str(unit)).label("unit"),
            said.label("units_said"),
            cast(least, NUMBER).label("units"),
            cast(most, NUMBER).label("units_high"),
            cost.label("eur_per_unit"),
            cast(case((most > 0, total.c.total_eur / most)), NUMBER).label("eur_per_unit_low"),
        )
        .select_from(site)
        .join(kind, kind.c.code == site.c.kind)
        .outerjoin(total, and_(total.c.site_id == site.c.site_id, total.c.place == 1))
        .outerjoin(stage, stage.c.code == total.c.total_stage)
        .where(site.c.kind.in_(KINDS))
        .order_by(stage.c.position.desc().nulls_last(), cost.desc().nulls_last(), site.c.name, site.c.site_id)
    )


def _units(unit: str) -> tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]:
    """How many units a site has: as the source writes it, the number, and the higher one of a range."""
    site = schema.sites
    if unit == "accelerator":
        said = site.c.accelerators
        first, second = (_number(said, pattern) for pattern in NUMBERS)
        return said, first, second
    column = site.c.peak_pflops if unit == "petaflop" else site.c.power_mw
    return cast(null(), schema.sites.c.accelerators.type), column, cast(null(), NUMBER)


def _number(said: ColumnElement[Any], pattern: str) -> ColumnElement[Any]:
    """The number that a pattern finds in words; missing if there is none."""
    return cast(func.nullif(func.replace(func.regexp_extract(said, pattern, 1), ",", ""), ""), NUMBER)
