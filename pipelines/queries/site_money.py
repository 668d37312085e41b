"""Questions about the money of sites: who pays, at which stage, and every amount with its source.

Sums are counted once inside each stage and basis. Rival bids compete for the same money: each stands for
itself and is never added.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, null, or_, select
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import overlaps, supplied_inputs
from pipelines.queries.choice import COLUMNS, LEDGER, Choice, conditions
from pipelines.queries.documents import credit_of_rows

SITE = schema.sites
BID = "bid"  # the level of amounts that compete with one another
Codes = tuple[str, ...]


def _is_chosen(kinds: Codes, statuses: Codes, countries: Codes, site: str) -> ColumnElement[bool]:
    """Whether a site is chosen; the machines inside a chosen site are."""
    found: list[ColumnElement[bool]] = []
    if site:
        found.append(or_(SITE.c.site_id == site, SITE.c.part_of == site))
    else:
        for column, wanted in ((SITE.c.kind, kinds), (SITE.c.status, statuses), (SITE.c.country, countries)):
            if wanted:
                found.append(column.in_(wanted))
    return and_(literal(True), *found)


def _of_sites(kinds: Codes, statuses: Codes, countries: Codes, site: str) -> ColumnElement[bool]:
    chosen = select(SITE.c.site_id).where(_is_chosen(kinds, statuses, countries, site))
    return LEDGER.c.site_id.in_(chosen)


def _in_force(is_summable: bool) -> list[ColumnElement[bool]]:
    return conditions(Choice(stage="", basis="", tracked=False), is_summable=is_summable)


def _counted(kinds: Codes, statuses: Codes, countries: Codes, site: str) -> FromClause:
    entries = _entries(kinds, statuses, countries, site, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"sites {kinds} {statuses} {countries} {site}")


@lru_cache(maxsize=8)
def _entries(kinds: Codes, statuses: Codes, countries: Codes, site: str, _is_given: bool) -> CTE:
    of = (LEDGER.c.stage + "/" + LEDGER.c.basis).label("choice")
    chosen = _of_sites(kinds, statuses, countries, site)
    return select(*COLUMNS, of).where(*_in_force(True), chosen).cte("entries_of_sites")


def payers(kinds: Codes = (), statuses: Codes = (), countries: Codes = (), site: str = "") -> Select[Any]:
    """Who pays for the chosen sites, one row per stage, basis and funder, and one per rival bid, which is
    never added: is_bid, stage, stage_label, basis, basis_label, funder, funder_label, site_name (of a bid),
    amount_eur (counted once; missing if no amount is published), qualifier, entries, entries_unknown,
    entry_id and heading (of a bid).

    kinds, statuses, countries: empty tuples mean all. site: one site with the machines inside it, instead.
    """
    rows, stage, basis, funder = (
        _counted(kinds, statuses, countries, site),
        schema.stages,
        schema.bases,
        schema.funders,
    )
    labels = (stage.c.label.label("stage_label"), basis.c.label.label("basis_label"))
    sums = (
        select(
            literal(False).label("is_bid"),
            rows.c.stage,
            labels[0],
            rows.c.basis,
            labels[1],
            rows.c.funder,
            funder.c.label.label("funder_label"),
            cast(null(), String).label("site_name"),
            cast(func.sum(rows.c.counted_eur), EURO).label("amount_eur"),
            literal("exact").label("qualifier"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
            stage.c.position.label("stage_place"),
            basis.c.position.label("basis_place"),
            funder.c.position.label("funder_place"),
            cast(null(), String).label("entry_id"),
            cast(null(), String).label("heading"),
        )
        .select_from(rows)
        .join(stage, stage.c.code == rows.c.stage)
        .join(basis, basis.c.code == rows.c.basis)
        .join(funder, funder.c.code == rows.c.funder)
        .where(~rows.c.is_removed)
        .group_by(
            rows.c.stage,
            stage.c.label,
            stage.c.position,
            rows.c.basis,
            basis.c.label,
            basis.c.position,
            rows.c.funder,
            funder.c.label,
            funder.c.position,
        )
    )
    bids = (
        select(
            literal(True),
            LEDGER.c.stage,
            stage.c.label,
            LEDGER.c.basis,
            basis.c.label,
            LEDGER.c.funder,
            funder.c.label,
            SITE.c.name,
            LEDGER.c.amount_eur,
            LEDGER.c.qualifier,
            literal(1),
            literal(1) - func.count(LEDGER.c.amount_eur).over(partition_by=LEDGER.c.entry_id),
            stage.c.position,
            basis.c.position,
            funder.c.position,
            LEDGER.c.entry_id,
            LEDGER.c.heading,
        )
        .select_from(LEDGER)
        .join(SITE, SITE.c.site_id == LEDGER.c.site_id)
        .join(stage, stage.c.code == LEDGER.c.stage)
        .join(basis, basis.c.code == LEDGER.c.basis)
        .join(funder, funder.c.code == LEDGER.c.funder)
        .where(*_in_force(False), LEDGER.c.level == BID, _of_sites(kinds, statuses, countries, site))
    )
    both = sums.union_all(bids).subquery("both")
    shown = [column for column in both.c if not column.name.endswith("_place")]
    return select(*shown).order_by(
        both.c.is_bid,
        both.c.stage_place.desc(),
        both.c.basis_place,
        both.c.funder_place,
        both.c.amount_eur.desc().nulls_last(),
        both.c.entry_id,
    )


def behind_payers(
    kinds: Codes = (), statuses: Codes = (), countries: Codes = (), site: str = ""
) -> Select[Any]:
    """The entries behind the sums of `payers`: entry_id, stage, basis, funder, is_removed."""
    rows = _counted(kinds, statuses, countries, site)
    return select(rows.c.entry_id, rows.c.stage, rows.c.basis, rows.c.funder, rows.c.is_removed)


def removed(kinds: Codes = (), statuses: Codes = (), countries: Codes = (), site: str = "") -> Select[Any]:
    """What is removed of the sums of `payers`, and why: as `overlaps.removed_of`."""
    return overlaps.removed_of(_counted(kinds, statuses, countries, site))


def credit(kinds: Codes = (), statuses: Codes = (), countries: Codes = (), site: str = "") -> Select[Any]:
    """The documents behind `payers`: as `documents.credit_of_rows`."""
    may_be_shown = or_(and_(*_in_force(True)), and_(*_in_force(False), LEDGER.c.level == BID))
    chosen = select(LEDGER).where(may_be_shown, _of_sites(kinds, statuses, countries, site))
    return credit_of_rows(chosen.subquery())


def amounts(kinds: Codes = (), statuses: Codes = (), countries: Codes = (), site: str = "") -> Select[Any]:
    """Every amount in force of the chosen sites, site by site: site_id, site_name, kind_label, entry_id,
    heading, funder, funder_label, stage, stage_label, basis, basis_label, level, amount_eur, qualifier,
    dated_on, publisher, source_url.
    """
    stage, basis, funder, kind, document = (
        schema.stages,
        schema.bases,
        schema.funders,
        schema.site_kinds,
        schema.documents,
    )
    return (
        select(
            SITE.c.site_id,
            SITE.c.name.label("site_name"),
            kind.c.label.label("kind_label"),
            LEDGER.c.entry_id,
            LEDGER.c.heading,
            LEDGER.c.funder,
            funder.c.label.label("funder_label"),
            LEDGER.c.stage,
            stage.c.label.label("stage_label"),
            LEDGER.c.basis,
            basis.c.label.label("basis_label"),
            LEDGER.c.level,
            LEDGER.c.amount_eur,
            LEDGER.c.qualifier,
            LEDGER.c.dated_on,
            document.c.publisher,
            LEDGER.c.source_url,
        )
        .select_from(LEDGER)
        .join(SITE, SITE.c.site_id == LEDGER.c.site_id)
        .join(kind, kind.c.code == SITE.c.kind)
        .join(stage, stage.c.code == LEDGER.c.stage)
        .join(basis, basis.c.code == LEDGER.c.basis)
        .join(funder, funder.c.code == LEDGER.c.funder)
        .join(document, document.c.source_url == LEDGER.c.source_url)
        .where(LEDGER.c.superseded_on.is_(None), _is_chosen(kinds, statuses, countries, site))
        .order_by(
            kind.c.position,
            SITE.c.name,
            stage.c.position.desc(),
            basis.c.position,
            funder.c.position,
            LEDGER.c.entry_id,
        )
    )


def pledges(country: str) -> Select[Any]:
    """What a state itself puts up or promises, the furthest first: entry_id, heading, stage, stage_label,
    level, amount_eur, qualifier, dated_on, publisher, source_url.
    """
    entry, stage, document = LEDGER, schema.stages, schema.documents
    return (
        select(
            entry.c.entry_id,
            entry.c.heading,
            entry.c.stage,
            stage.c.label.label("stage_label"),
            entry.c.level,
            entry.c.amount_eur,
            entry.c.qualifier,
            entry.c.dated_on,
            document.c.publisher,
            entry.c.source_url,
        )
        .join(stage, stage.c.code == entry.c.stage)
        .join(document, document.c.source_url == entry.c.source_url)
        .where(
            entry.c.country == country,
            entry.c.funder == "member-states",
            entry.c.superseded_on.is_(None),
            entry.c.level != "line",
        )
        .order_by(stage.c.position.desc(), entry.c.amount_eur.desc().nulls_last(), entry.c.entry_id)
    )


def states_to_eurohpc() -> Select[Any]:
    """What all states together must put into EuroHPC: heading, amount_eur, qualifier, dated_on, publisher,
    source_url.
    """
    entry, document = LEDGER, schema.documents
    return (
        select(
            entry.c.heading,
            entry.c.amount_eur,
            entry.c.qualifier,
            entry.c.dated_on,
            document.c.publisher,
            entry.c.source_url,
        )
        .join(document, document.c.source_url == entry.c.source_url)
        .where(
            entry.c.initiative == "eurohpc-ju",
            entry.c.funder == "member-states",
            entry.c.level == "whole",
            entry.c.superseded_on.is_(None),
        )
        .order_by(entry.c.dated_on.desc().nulls_last(), entry.c.entry_id)
    )


def country(code: str) -> Select[Any]:
    """One country: code, label, official, is_member, is_eurohpc, population, population_year, gdp_eur,
    gdp_year, published_on (of the population), gdp_published_on.
    """
    found, size = schema.countries, schema.country_indicators
    measures = []
    for name in ("population", "gdp"):
        newest = (
            select(size.c.year, size.c.value, size.c.published_on, size.c.source_url)
            .where(size.c.country == code, size.c.indicator == name)
            .order_by(size.c.year.desc())
            .limit(1)
            .cte(f"newest_{name}")
        )
        measures.append(newest)
    people, output = measures
    return (
        select(
            found.c.code,
            found.c.label,
            found.c.official,
            found.c.is_member,
            found.c.is_eurohpc,
            people.c.value.label("population"),
            people.c.year.label("population_year"),
            cast(output.c.value, EURO).label("gdp_eur"),
            output.c.year.label("gdp_year"),
            people.c.published_on,
            output.c.published_on.label("gdp_published_on"),
        )
        .select_from(found.outerjoin(people, literal(True)).outerjoin(output, literal(True)))
        .where(found.c.code == code)
    )
