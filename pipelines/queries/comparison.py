"""Questions of the Compare page: countries, programmes, initiatives or sites side by side.

Each thing is counted once by itself, at one stage and basis. Two programmes may hold the same euros, so what
stands side by side is never added.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import euros, overlaps, site_money, supplied_inputs
from pipelines.queries.choice import COLUMNS, LEDGER, Choice, conditions
from pipelines.queries.compiled_sql import Code, Codes
from pipelines.queries.documents import credit_of_rows

Rows = Select[Any]
SHARE = Numeric(24, 8)
SITE = schema.sites
NONE = Code()
VOCABULARIES = {"programme": schema.programmes, "initiative": schema.initiatives}


def countries(choice: Choice, codes: Codes, deflator: Code = NONE, currency: Code = NONE) -> Rows:
    """One row per chosen country, in the order of the protocol: country, country_label, stage, basis,
    amount_eur, entries, population, population_year, eur_per_person, gdp_eur, gdp_year, percent_of_gdp;
    percent_of_countries, its part of what all countries of the choice have; percent_of_eu, its part of what
    the member states have together, which is eu_eur; and what `_beside` adds. Missing where nothing is known.

    deflator: the rate_type of the index that amounts are divided by, "" for current prices alone. currency:
    "" for euros alone.
    """
    country = schema.countries
    counted = euros.counted_entries(choice)
    found = euros.countries(choice).order_by(None).subquery("found")
    constant = _constant(counted, counted.c.country, deflator)
    people, output = euros.newest_indicator("population"), euros.newest_indicator("gdp")
    every = select(func.sum(found.c.amount_eur)).scalar_subquery()
    union = select(func.sum(found.c.amount_eur)).where(found.c.is_member).scalar_subquery()
    return (
        select(
            country.c.code.label("country"),
            country.c.label.label("country_label"),
            literal(choice.stage).label("stage"),
            literal(choice.basis).label("basis"),
            found.c.amount_eur,
            func.coalesce(found.c.entries, 0).label("entries"),
            cast(people.c.value, BigInteger).label("population"),
            people.c.year.label("population_year"),
            found.c.eur_per_person,
            cast(output.c.value, EURO).label("gdp_eur"),
            output.c.year.label("gdp_year"),
            found.c.percent_of_gdp,
            _share(found.c.amount_eur, every).label("percent_of_countries"),
            case((country.c.is_member, _share(found.c.amount_eur, union))).label("percent_of_eu"),
            cast(union, EURO).label("eu_eur"),
            *_beside(found.c.amount_eur, constant, currency),
        )
        .select_from(
            country.outerjoin(found, found.c.country == country.c.code)
            .outerjoin(constant, constant.c.code == country.c.code)
            .outerjoin(people, people.c.country == country.c.code)
            .outerjoin(output, output.c.country == country.c.code)
        )
        .where(country.c.code.in_(codes))
        .order_by(country.c.position)
    )


def programmes(choice: Choice, deflator: Code = NONE, currency: Code = NONE) -> Rows:
    """One row per chosen programme, in the order of the vocabulary: programme, programme_label, stage, basis,
    amount_eur (counted once inside it), entries, entries_unknown; percent_of_all, its part of all_eur, what
    is counted at this stage and basis in all programmes; and what `_beside` adds.
    """
    return _of_vocabulary("programme", choice, choice.programme, deflator, currency)


def initiatives(choice: Choice, deflator: Code = NONE, currency: Code = NONE) -> Rows:
    """The same for each chosen initiative: initiative, initiative_label in the place of the programme."""
    return _of_vocabulary("initiative", choice, choice.initiative, deflator, currency)


def _of_vocabulary(name: str, choice: Choice, codes: tuple[str, ...], deflator: Code, currency: Code) -> Rows:
    vocabulary, counted = VOCABULARIES[name], _counted(name, choice)
    found, constant = _sums(counted, counted.c[name]), _constant(counted, counted.c[name], deflator)
    whole = _whole(counted)
    return (
        select(
            vocabulary.c.code.label(name),
            vocabulary.c.label.label(f"{name}_label"),
            literal(choice.stage).label("stage"),
            literal(choice.basis).label("basis"),
            found.c.amount_eur,
            func.coalesce(found.c.entries, 0).label("entries"),
            func.coalesce(found.c.entries_unknown, 0).label("entries_unknown"),
            _share(found.c.amount_eur, whole).label("percent_of_all"),
            whole.label("all_eur"),
            *_beside(found.c.amount_eur, constant, currency),
        )
        .select_from(
            vocabulary.outerjoin(found, found.c.code == vocabulary.c.code).outerjoin(
                constant, constant.c.code == vocabulary.c.code
            )
        )
        .where(vocabulary.c.code.in_(codes))
        .order_by(vocabulary.c.position)
    )


def sites(
    codes: Codes,
    stage: Code,
    basis: Code,
    deflator: Code = NONE,
    currency: Code = NONE,
) -> Rows:
    """One row per chosen site with the machines inside it, by name: site_id, site_name, stage, basis,
    amount_eur (counted once inside it), is_bid, entries, entries_unknown; percent_of_all, its part of
    all_eur, what is counted for all sites; and what `_beside` adds.

    Rival bids are never added: a site without any other entry has the amount of its only bid, and none where
    its bid has several amounts. is_bid: the row is of a bid, which has no part of the whole.
    """
    counted = _counted_of_sites(codes, stage, basis)
    found, constant = _sums(counted, counted.c.chosen_id), _constant(counted, counted.c.chosen_id, deflator)
    bids = _bids(codes, stage, basis)
    whole = _whole(counted)
    is_bid = and_(found.c.code.is_(None), bids.c.code.is_not(None))
    amount = case((is_bid, bids.c.amount_eur), else_=found.c.amount_eur)
    entries = case((is_bid, bids.c.entries), else_=func.coalesce(found.c.entries, 0))
    unknown = case((is_bid, bids.c.entries_unknown), else_=func.coalesce(found.c.entries_unknown, 0))
    return (
        select(
            SITE.c.site_id,
            SITE.c.name.label("site_name"),
            literal(str(stage)).label("stage"),
            literal(str(basis)).label("basis"),
            cast(amount, EURO).label("amount_eur"),
            cast(is_bid, Boolean).label("is_bid"),
            entries.label("entries"),
            unknown.label("entries_unknown"),
            _share(found.c.amount_eur, whole).label("percent_of_all"),
            whole.label("all_eur"),
            *_beside(amount, constant, currency),
        )
        .select_from(
            SITE.outerjoin(found, found.c.code == SITE.c.site_id)
            .outerjoin(bids, bids.c.code == SITE.c.site_id)
            .outerjoin(constant, constant.c.code == SITE.c.site_id)
        )
        .where(SITE.c.site_id.in_(codes))
        .order_by(SITE.c.name, SITE.c.site_id)
    )


# --- what is counted


EACH, ALL = "each", "all"
"""Whether a counted row is of one of the compared, or of all that they are a part of."""


def _counted(name: str, choice: Choice) -> FromClause:
    """The entries of each chosen programme or initiative, counted once inside each; and beside them those of
    all programmes. scope: EACH or ALL.
    """
    entries = _entries(name, choice, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"each {name} {choice}")


@lru_cache(maxsize=8)
def _entries(name: str, choice: Choice, _is_given: bool) -> CTE:
    each = select(*COLUMNS, literal(EACH).label("scope"), LEDGER.c[name].label("choice"))
    every = select(*COLUMNS, literal(ALL), literal(ALL))
    whole = replace(choice, programme=(), initiative=(), tracked=False)
    return (
        each.where(*conditions(choice))
        .union_all(every.where(*conditions(whole)))
        .cte(f"entries_of_each_{name}")
    )


def _counted_of_sites(codes: Codes, stage: Code, basis: Code) -> FromClause:
    """The entries of each chosen site and of what is inside it, as chosen_id, counted once inside each; and
    beside them those of all sites. scope: EACH or ALL.
    """
    entries = _entries_of_sites(codes, stage, basis, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"each site {codes} {stage} {basis}")


@lru_cache(maxsize=8)
def _entries_of_sites(codes: Codes, stage: Code, basis: Code, _is_given: bool) -> CTE:
    chosen = SITE.alias("chosen")
    kind = and_(
        *conditions(Choice(stage="", basis="", tracked=False)),
        LEDGER.c.stage == stage,
        LEDGER.c.basis == basis,
    )
    own = chosen.c.site_id.label("chosen_id")
    each = (
        select(*COLUMNS, own, literal(EACH).label("scope"), chosen.c.site_id.label("choice"))
        .select_from(LEDGER)
        .join(SITE, SITE.c.site_id == LEDGER.c.site_id)
        .join(chosen, _is_of(chosen))
        .where(kind, chosen.c.site_id.in_(codes))
    )
    every = select(*COLUMNS, cast(null(), String), literal(ALL), literal(ALL)).where(
        kind, LEDGER.c.site_id.is_not(None)
    )
    return each.union_all(every).cte("entries_of_each_site")


def _whole(counted: FromClause) -> Any:
    """What is counted of all that the compared are a part of, in euros; missing if no amount is known."""
    amount = cast(func.sum(counted.c.counted_eur), EURO)
    return select(amount).where(~counted.c.is_removed, counted.c.scope == ALL).scalar_subquery()


def _is_of(chosen: FromClause) -> ColumnElement[bool]:
    """Whether a site is the chosen one or inside it."""
    return or_(SITE.c.site_id == chosen.c.site_id, SITE.c.part_of == chosen.c.site_id)


def _bids(codes: Codes, stage: Code, basis: Code) -> FromClause:
    """What the bid of each chosen site names: code, entries, entries_unknown, amount_eur (of its only entry;
    missing where there are several, which are never added).
    """
    number = func.count()
    return (
        select(
            LEDGER.c.site_id.label("code"),
            number.label("entries"),
            (number - func.count(LEDGER.c.amount_eur)).label("entries_unknown"),
            case((number == 1, func.max(LEDGER.c.amount_eur))).label("amount_eur"),
        )
        .where(
            *conditions(Choice(stage="", basis="", tracked=False), is_summable=False),
            LEDGER.c.level == site_money.BID,
            LEDGER.c.stage == stage,
            LEDGER.c.basis == basis,
            LEDGER.c.site_id.in_(codes),
        )
        .group_by(LEDGER.c.site_id)
        .subquery("bids")
    )


def _sums(counted: FromClause, code: ColumnElement[Any]) -> FromClause:
    """What is counted of each thing: code, amount_eur (missing if no amount is known), entries,
    entries_unknown.
    """
    return (
        select(
            code.label("code"),
            cast(func.sum(counted.c.counted_eur), EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(counted.c.amount_eur)).label("entries_unknown"),
        )
        .where(~counted.c.is_removed, counted.c.scope == EACH)
        .group_by(code)
        .subquery("found")
    )


def _constant(counted: FromClause, code: ColumnElement[Any], deflator: Code) -> FromClause:
    """What is counted of each thing in prices of 2018: code, constant_eur (missing unless the index has the
    year of each amount), dateless_eur (the amounts of which it has none). Both missing without an index.
    """
    index, amount = schema.rates, func.sum(counted.c.counted_eur)
    is_index = and_(index.c.rate_type == deflator, index.c.year == counted.c.year)
    by_year = (
        select(
            code.label("code"),
            cast(amount / index.c.rate, EURO).label("constant_eur"),
            cast(case((index.c.rate.is_(None), amount)), EURO).label("dateless_eur"),
        )
        .select_from(counted.outerjoin(index, is_index))
        .where(~counted.c.is_removed, *([counted.c.scope == EACH] if "scope" in counted.c else []))
        .group_by(code, counted.c.year, index.c.rate)
        .subquery("by_year")
    )
    dateless: ColumnElement[Any] = func.sum(by_year.c.dateless_eur)
    constant: ColumnElement[Any] = case((func.coalesce(dateless, 0) == 0, func.sum(by_year.c.constant_eur)))
    if not deflator:
        constant = dateless = null()
    return (
        select(
            by_year.c.code,
            cast(constant, EURO).label("constant_eur"),
            cast(dateless, EURO).label("dateless_eur"),
        )
        .group_by(by_year.c.code)
        .subquery("constant")
    )


def _beside(amount: ColumnElement[Any], constant: FromClause, currency: Code) -> list[ColumnElement[Any]]:
    """The amount in other money: constant_eur and dateless_eur as `_constant`; currency_amount, at the newest
    daily rate of the ECB for one euro, with currency, rate and rate_day. Missing for euros alone.
    """
    own = [constant.c.constant_eur, constant.c.dateless_eur]
    if not currency:
        return [
            *own,
            cast(null(), String).label("currency"),
            cast(null(), Numeric(18, 6)).label("rate"),
            cast(null(), Date).label("rate_day"),
            cast(null(), EURO).label("currency_amount"),
        ]
    newest = euros.rates().order_by(None).subquery("newest_rates")
    rate, day = (
        select(newest.c[name]).where(newest.c.quote == currency).scalar_subquery()
        for name in ("rate", "period_start")
    )
    return [
        *own,
        literal(str(currency)).label("currency"),
        rate.label("rate"),
        day.label("rate_day"),
        cast(amount * rate, EURO).label("currency_amount"),
    ]


def _share(amount: ColumnElement[Any], whole: Any) -> ColumnElement[Any]:
    return cast(case((whole != 0, 100 * amount / whole)), SHARE)


# --- what stands behind


def behind(name: str, choice: Choice) -> Rows:
    """The entries behind the amounts of programmes or initiatives: entry_id, the name, is_removed."""
    rows = _counted(name, choice)
    return select(rows.c.entry_id, rows.c[name], rows.c.is_removed).where(rows.c.scope == EACH)


def behind_sites(codes: Codes, stage: Code, basis: Code) -> Rows:
    """The entries behind the amounts of sites: entry_id, chosen_id, is_removed; bids too."""
    rows = _counted_of_sites(codes, stage, basis)
    bids = select(LEDGER.c.entry_id, LEDGER.c.site_id, literal(False)).where(
        *conditions(Choice(stage="", basis="", tracked=False), is_summable=False),
        LEDGER.c.level == site_money.BID,
        LEDGER.c.stage == stage,
        LEDGER.c.basis == basis,
        LEDGER.c.site_id.in_(codes),
    )
    own = select(rows.c.entry_id, rows.c.chosen_id, rows.c.is_removed).where(rows.c.scope == EACH)
    return select(own.union_all(bids).subquery("behind"))


def credit_of_sites(codes: Codes, stage: Code, basis: Code) -> Rows:
    """The documents behind the amounts of sites: as `documents.credit_of_rows`."""
    ids = select(behind_sites(codes, stage, basis).subquery().c.entry_id)
    return credit_of_rows(select(LEDGER).where(LEDGER.c.entry_id.in_(ids)).subquery())


def published(column: str, codes: Codes) -> Rows:
    """At which stages and of which kinds the chosen things have amounts, those with most of them first:
    stage, stage_label, basis, basis_label, things. column: of the ledger, such as programme or site_id.
    """
    stage, basis, level = schema.stages, schema.bases, schema.levels
    things = func.count(LEDGER.c[column].distinct())
    may_stand = or_(level.c.is_summable, LEDGER.c.level == site_money.BID)
    return (
        select(
            LEDGER.c.stage,
            stage.c.label.label("stage_label"),
            LEDGER.c.basis,
            basis.c.label.label("basis_label"),
            things.label("things"),
        )
        .select_from(LEDGER)
        .join(stage, stage.c.code == LEDGER.c.stage)
        .join(basis, basis.c.code == LEDGER.c.basis)
        .join(level, level.c.code == LEDGER.c.level)
        .where(
            LEDGER.c.superseded_on.is_(None),
            LEDGER.c.price_basis == "current",
            LEDGER.c.amount_eur.is_not(None),
            basis.c.is_summable,
            may_stand,
            LEDGER.c[column].in_(codes),
        )
        .group_by(
            LEDGER.c.stage, stage.c.label, stage.c.position, LEDGER.c.basis, basis.c.label, basis.c.position
        )
        .order_by(things.desc(), stage.c.position.desc(), basis.c.position)
    )


def removed(choice: Choice, codes: Codes) -> Rows:
    """What is removed of a choice and belongs to these countries, and why: as `overlaps.removed_of`."""
    rows = euros.removed(choice).order_by(None).subquery("removed")
    return (
        select(rows)
        .where(rows.c.country.in_(codes))
        .order_by(rows.c.amount_eur.desc().nulls_last(), rows.c.entry_id)
    )


def removed_of_each(name: str, choice: Choice) -> Rows:
    """What is removed inside each programme or initiative, and why: as `overlaps.removed_of`."""
    rows = _counted(name, choice)
    return overlaps.removed_of(select(rows).where(rows.c.scope == EACH).subquery("of_each"))


def removed_of_sites(codes: Codes, stage: Code, basis: Code) -> Rows:
    """What is removed inside each site, and why: as `overlaps.removed_of`."""
    rows = _counted_of_sites(codes, stage, basis)
    return overlaps.removed_of(select(rows).where(rows.c.scope == EACH).subquery("of_each"))
