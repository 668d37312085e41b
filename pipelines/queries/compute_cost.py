"""What machines cost per accelerator, petaflop and megawatt, where a source gives both."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
)

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import sites

KINDS = ("supercomputer", "gigafactory")  # sites with machines; quantum computers have other units
UNITS = ("accelerator", "petaflop", "megawatt")
NUMBER = Numeric(24, 8)
MEAN_RATE = "ecb_year_average"
NUMBERS = (r"(?:^|\s)([0-9][0-9,]*)", r"[0-9] to ([0-9][0-9,]*)")
"""How the number of accelerators is found in the words of its source, and the second number of a range: one
that stands for itself, unlike that in the name of a chip.
"""


def machines(unit: str) -> Select[Any]:
    """One row per supercomputer and gigafactory bid, the furthest stage first and in it the dearest; after
    them the machines on other continents, which are context: site_id, site_name, kind, kind_label, country,
    place (of the latter, which have no site_id, kind and country), stage, stage_label, amount_eur (the total
    cost as published), qualifier, entry_id; unit, units_said (as the source writes it), units, units_high (of
    a range), eur_per_unit, eur_per_unit_low (of a range); cost_usd, rate and rate_year of what was in
    dollars. Missing where a source gives no euros or no units.

    unit: a word of UNITS.
    """
    parts = _sites(unit).union_all(_elsewhere(unit)).subquery("parts")
    stage = schema.stages
    return (
        select(parts)
        .select_from(parts.outerjoin(stage, stage.c.code == parts.c.stage))
        .order_by(
            parts.c.site_id.is_(None),
            stage.c.position.desc().nulls_last(),
            parts.c.eur_per_unit.desc().nulls_last(),
            parts.c.site_name,
            parts.c.site_id,
        )
    )


def cost(unit: str, site_id: str) -> Select[Any]:
    """The cost of one unit at one site, one row: site_id, unit, units, eur_per_unit, eur_per_unit_low."""
    rows = machines(unit).order_by(None).subquery("machines")
    names = ("site_id", "unit", "units", "eur_per_unit", "eur_per_unit_low")
    return select(*(rows.c[name] for name in names)).where(rows.c.site_id == site_id)


def _sites(unit: str) -> Select[Any]:
    site, kind, stage = schema.sites, schema.site_kinds, schema.stages
    total = sites.own_totals()
    said, least, most = _units(unit)
    return (
        select(
            site.c.site_id,
            site.c.name.label("site_name"),
            site.c.kind,
            kind.c.label.label("kind_label"),
            site.c.country,
            cast(null(), String).label("place"),
            total.c.total_stage.label("stage"),
            stage.c.label.label("stage_label"),
            total.c.total_eur.label("amount_eur"),
            total.c.total_qualifier.label("qualifier"),
            total.c.entry_id,
            literal(str(unit)).label("unit"),
            said.label("units_said"),
            cast(least, NUMBER).label("units"),
            cast(most, NUMBER).label("units_high"),
            cast(case((least > 0, total.c.total_eur / least)), NUMBER).label("eur_per_unit"),
            cast(case((most > 0, total.c.total_eur / most)), NUMBER).label("eur_per_unit_low"),
            cast(null(), NUMBER).label("cost_usd"),
            cast(null(), NUMBER).label("rate"),
            cast(null(), Integer).label("rate_year"),
        )
        .select_from(site)
        .join(kind, kind.c.code == site.c.kind)
        .outerjoin(total, and_(total.c.site_id == site.c.site_id, total.c.place == 1))
        .outerjoin(stage, stage.c.code == total.c.total_stage)
        .where(site.c.kind.in_(KINDS))
    )


def _elsewhere(unit: str) -> Select[Any]:
    """Machines on other continents in the columns of `_sites`: dollars at the ECB's mean rate of the year in
    which the machine began to work. No source of them gives petaflops that can be compared.
    """
    there, rate = schema.machines_elsewhere, schema.rates
    units: ColumnElement[Any] = {
        "accelerator": cast(there.c.accelerators, NUMBER),
        "megawatt": cast(there.c.power_mw, NUMBER),
    }.get(unit, cast(null(), NUMBER))
    euros = cast(there.c.cost_usd / rate.c.rate, EURO)
    nothing = cast(null(), String)
    return (
        select(
            nothing,
            there.c.name,
            nothing,
            nothing,
            nothing,
            there.c.place,
            nothing,
            nothing,
            euros,
            literal("about"),
            nothing,
            literal(str(unit)),
            nothing,
            units,
            cast(null(), NUMBER),
            cast(case((units > 0, euros / units)), NUMBER),
            cast(null(), NUMBER),
            cast(there.c.cost_usd, NUMBER),
            cast(rate.c.rate, NUMBER),
            rate.c.year,
        )
        .select_from(there)
        .join(rate, rate.c.year == func.year(there.c.operational_on))
        .where(rate.c.rate_type == MEAN_RATE, rate.c.quote == "USD", units.is_not(None))
    )


def elsewhere_credit() -> Select[Any]:
    """The documents of the machines on other continents: publisher, tier, tier_label, source_url, licence,
    machines.
    """
    there, document, tier = schema.machines_elsewhere, schema.documents, schema.source_tiers
    source = schema.sources
    return (
        select(
            document.c.publisher,
            document.c.tier,
            tier.c.label.label("tier_label"),
            there.c.source_url,
            func.min(source.c.licence).label("licence"),
            func.count().label("machines"),
        )
        .join(document, document.c.source_url == there.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .outerjoin(source, source.c.url == there.c.source_url)
        .group_by(document.c.publisher, document.c.tier, tier.c.label, there.c.source_url)
        .order_by(there.c.source_url)
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
