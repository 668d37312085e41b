"""Choice → SQLAlchemy Select. Values only: runs nothing, imports no Streamlit.

Here, and nowhere else in pages/, is said which entries belong to a figure and how they are added. Every sum
stays inside one stage and one basis.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import overlaps, supplied_inputs
from pipelines.queries.choice import COLUMNS, LEDGER, SHIPPED_SUMS, Choice, conditions
from pipelines.queries.compiled_sql import Code
from pipelines.queries.documents import credit_of_rows

PATHS = schema.overlap_paths
EDGES = schema.overlaps
SPLITS = schema.overlap_splits
DEFLATOR = Code("mff_deflator_index_2018")
GDP_DEFLATOR = Code("eu_gdp_deflator_index_2018")


def counted_entries(choice: Choice) -> FromClause:
    """The chosen entries, each with what of it is counted, as `double_counting.counted` says."""
    return supplied_inputs.counted(_entries(choice, supplied_inputs.is_given()), f"{choice}")


@lru_cache(maxsize=8)  # a question may read the entries of one choice twice
def _entries(choice: Choice, _is_given: bool) -> CTE:
    of = (LEDGER.c.stage + "/" + LEDGER.c.basis).label("choice")
    return select(*COLUMNS, of).where(*conditions(choice)).cte("entries")


def _pieces(choice: Choice) -> FromClause:
    """What is counted of the chosen entries, and what is not: an entry of which a part is counted is there
    twice, with the piece as `amount_eur`.
    """
    rows = counted_entries(choice)
    cut = and_(~rows.c.is_removed, rows.c.removed_eur != 0)
    kept = ("entry_id", "programme", "initiative", "stage", "basis", "year", "country")
    whole = [rows.c[name] for name in kept]
    amount = case((rows.c.is_removed, rows.c.amount_eur), else_=rows.c.counted_eur).label("amount_eur")
    return (
        select(*whole, rows.c.is_removed, amount)
        .union_all(select(*whole, literal(True), rows.c.removed_eur).where(cut))
        .subquery("pieces")
    )


def _amounts(rows: FromClause) -> list[ColumnElement[Any]]:
    """Gross, removed and net euros of some rows, with how many they are and how many have no amount."""
    nothing = literal(0)
    return [
        func.sum(rows.c.amount_eur).label("gross_eur"),
        func.sum(case((rows.c.amount_eur.is_not(None), rows.c.removed_eur), else_=nothing)).label(
            "removed_eur"
        ),
        func.sum(case((~rows.c.is_removed, rows.c.counted_eur))).label("net_eur"),
        func.count().label("entries"),
        (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        func.count(case((rows.c.is_removed, 1))).label("entries_removed"),
    ]


def totals(choice: Choice) -> Select[Any]:
    """One row: stage, basis, gross_eur, removed_eur, net_eur (EUR, current prices; missing if no entry has an
    amount), entries, entries_unknown,
    entries_removed.
    """
    rows = counted_entries(choice)
    return select(
        literal(choice.stage).label("stage"), literal(choice.basis).label("basis"), *_amounts(rows)
    ).select_from(rows)


def readings(choice: Choice) -> Select[Any]:
    """One row per reading of AI (a code of ai_scopes) of which something is counted: ai_scope, net_eur,
    entries, entries_unknown. The net of all rows is the net of the choice.
    """
    rows = counted_entries(choice)
    return (
        select(
            rows.c.ai_scope,
            cast(func.sum(rows.c.counted_eur), EURO).label("net_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .where(~rows.c.is_removed)
        .group_by(rows.c.ai_scope)
        .order_by(rows.c.ai_scope)
    )


def envelopes(choice: Choice) -> Select[Any]:
    """One row per programme, initiative and whether it is removed: stage, basis, amount_eur, entries,
    entries_unknown.
    """
    rows = _pieces(choice)
    return (
        select(
            rows.c.programme,
            rows.c.initiative,
            rows.c.is_removed,
            rows.c.stage,
            rows.c.basis,
            func.sum(rows.c.amount_eur).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .group_by(rows.c.programme, rows.c.initiative, rows.c.is_removed, rows.c.stage, rows.c.basis)
        .order_by(rows.c.programme, rows.c.initiative, rows.c.is_removed)
    )


def sums(choice: Choice, is_gross: bool = False) -> Select[Any]:
    """One row per programme, initiative, stage and basis of which something is counted: amount_eur (gross, or
    net), level, gross_eur, removed_eur,
    net_eur, entries, entries_unknown, entries_removed. level: the level that was chosen, or "all" that may be
    added.
    """
    rows = counted_entries(choice)
    gross, removed, net, *counts = _amounts(rows)
    amounts = [cast(amount.element, EURO).label(amount.name) for amount in (gross, removed, net)]
    keys = (rows.c.programme, rows.c.initiative, rows.c.stage, rows.c.basis)
    found = (
        select(
            *keys,
            literal(choice.level or "all").label("level"),
            amounts[0 if is_gross else 2].element.label("amount_eur"),
            *amounts,
            *counts,
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return found if is_gross else found.having(func.count() > func.count(case((rows.c.is_removed, 1))))


def entries(choice: Choice, is_gross: bool = False) -> Select[Any]:
    """The chosen ledger entries themselves, in the order of their keys; without is_gross only those that no
    other chosen entry contains.
    """
    rows = counted_entries(choice)
    found = select(LEDGER).join(rows, rows.c.entry_id == LEDGER.c.entry_id).order_by(LEDGER.c.entry_id)
    return found if is_gross else found.where(~rows.c.is_removed)


def behind(choice: Choice) -> Select[Any]:
    """The chosen entries by what they are summed by: entry_id, programme, initiative, year, country,
    is_removed. An entry that is counted in part is there twice.
    """
    rows = _pieces(choice)
    return select(
        rows.c.entry_id, rows.c.programme, rows.c.initiative, rows.c.year, rows.c.country, rows.c.is_removed
    )


def years(choice: Choice, is_constant: bool = False) -> Select[Any]:
    """One row per programme and year of what has a year and is not contained in another: programme_label,
    stage, basis, price_basis,
    amount_eur, entries, entries_unknown. is_constant: in 2018 prices, by the fixed deflator of the EU's
    budget rules; else in current prices.
    """
    rows, programme, deflator = counted_entries(choice), schema.programmes, schema.rates
    index = func.max(deflator.c.rate) if is_constant else literal(1)
    found = (
        select(
            rows.c.programme,
            programme.c.label.label("programme_label"),
            rows.c.year,
            rows.c.stage,
            rows.c.basis,
            literal("constant-2018" if is_constant else "current").label("price_basis"),
            cast(func.sum(rows.c.counted_eur) / index, EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .join(programme, programme.c.code == rows.c.programme)
        .where(rows.c.year.is_not(None), ~rows.c.is_removed)
        .group_by(
            rows.c.programme, programme.c.label, programme.c.position, rows.c.year, rows.c.stage, rows.c.basis
        )
        .order_by(rows.c.year, programme.c.position)
    )
    if is_constant:
        return found.join(deflator, and_(deflator.c.rate_type == DEFLATOR, deflator.c.year == rows.c.year))
    return found


def headings(choice: Choice) -> Select[Any]:
    """How each envelope is divided, by the one document that divides most of it: entry_id, heading,
    programme, stage, basis, amount_eur,
    publisher.

    Two documents may divide the same envelope in two ways, so their parts never stand side by side. Where a
    document first names one part and
    then divides that, its parts are taken.
    """
    rows = counted_entries(replace(choice, level="part"))
    part, above, below, said_by = (
        rows.alias("part"),
        rows.alias("above"),
        rows.alias("below"),
        schema.documents,
    )
    together = and_(above.c.source_url == below.c.source_url, above.c.programme == below.c.programme)
    depths = (
        select(below.c.entry_id, func.count(PATHS.c.container_entry_id).label("depth"))
        .select_from(below)
        .outerjoin(above, and_(together, above.c.entry_id != below.c.entry_id))
        .outerjoin(
            PATHS,
            and_(
                PATHS.c.container_entry_id == above.c.entry_id, PATHS.c.contained_entry_id == below.c.entry_id
            ),
        )
        .group_by(below.c.entry_id)
        .cte("depths")
    )
    documents = (
        select(
            part.c.programme,
            part.c.source_url,
            func.count(case((depths.c.depth == 0, 1))).label("roots"),
            func.count(case((depths.c.depth == 1, 1))).label("children"),
            func.sum(case((depths.c.depth == 0, part.c.amount_eur), else_=literal(0))).label("divided_eur"),
        )
        .join(depths, depths.c.entry_id == part.c.entry_id)
        .where(part.c.amount_eur > 0)
        .group_by(part.c.programme, part.c.source_url)
        .cte("documents_of_parts")
    )
    best = select(
        documents,
        func.row_number()
        .over(
            partition_by=documents.c.programme,
            order_by=(documents.c.divided_eur.desc(), documents.c.source_url),
        )
        .label("place"),
    ).cte("best")
    wanted = case((and_(best.c.roots == 1, best.c.children > 1), 1), else_=0)
    return (
        select(
            part.c.entry_id,
            part.c.heading,
            part.c.programme,
            part.c.stage,
            part.c.basis,
            part.c.amount_eur,
            said_by.c.publisher,
        )
        .join(said_by, said_by.c.source_url == part.c.source_url)
        .join(depths, depths.c.entry_id == part.c.entry_id)
        .join(
            best,
            and_(
                best.c.programme == part.c.programme,
                best.c.source_url == part.c.source_url,
                best.c.place == 1,
            ),
        )
        .where(part.c.amount_eur > 0, depths.c.depth == wanted, best.c.roots + best.c.children > 1)
        .order_by(part.c.programme, part.c.amount_eur.desc(), part.c.entry_id)
    )


def countries(choice: Choice) -> Select[Any]:
    """One row per country of a choice that is located, what is contained in another left out, the largest
    first: country, country_label,
    is_member, stage, basis, amount_eur, entries, entries_unknown; its population and gdp_eur with their
    years, missing where no source gives
    them; eur_per_person and percent_of_gdp.
    """
    rows, country = counted_entries(choice), schema.countries
    people, output = newest_indicator("population"), newest_indicator("gdp")
    amount = func.sum(rows.c.counted_eur)
    return (
        select(
            rows.c.country,
            country.c.label.label("country_label"),
            country.c.is_member,
            rows.c.stage,
            rows.c.basis,
            cast(amount, EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
            cast(people.c.value, BigInteger).label("population"),
            people.c.year.label("population_year"),
            cast(amount / people.c.value, Numeric(24, 8)).label("eur_per_person"),
            cast(output.c.value, EURO).label("gdp_eur"),
            output.c.year.label("gdp_year"),
            cast(100 * amount / output.c.value, Numeric(24, 8)).label("percent_of_gdp"),
        )
        .join(country, country.c.code == rows.c.country)
        .outerjoin(people, people.c.country == rows.c.country)
        .outerjoin(output, output.c.country == rows.c.country)
        .where(~rows.c.is_removed)
        .group_by(
            rows.c.country,
            country.c.label,
            country.c.is_member,
            rows.c.stage,
            rows.c.basis,
            people.c.value,
            people.c.year,
            output.c.value,
            output.c.year,
        )
        .order_by(amount.desc().nulls_last(), rows.c.country)
    )


def beyond(choice: Choice) -> Select[Any]:
    """One row: net_eur and entries of what is counted of a choice outside the programmes that the initiatives
    draw on.
    """
    rows, programme = counted_entries(choice), schema.programmes
    sums: list[ColumnElement[Any]] = [
        cast(func.sum(rows.c.counted_eur), EURO).label("net_eur"),
        func.count().label("entries"),
    ]
    return (
        select(*sums)
        .select_from(rows)
        .join(programme, programme.c.code == rows.c.programme)
        .where(~rows.c.is_removed, ~programme.c.is_tracked)
    )


def unnamed(choice: Choice, country: str) -> Select[Any]:
    """One row: entries of a choice in a country that are sums of lines, so that they name no recipient."""
    rows = counted_entries(choice)
    return select(func.count().label("entries")).where(
        rows.c.country == country, rows.c.source_id == SHIPPED_SUMS, rows.c.amount_eur > 0
    )


@lru_cache(maxsize=4)  # a question may read an indicator twice
def newest_indicator(indicator: str) -> CTE:
    """The newest value of an indicator for each country: country, year, value."""
    known = schema.country_indicators
    place = func.row_number().over(partition_by=known.c.country, order_by=known.c.year.desc()).label("place")
    ranked = (
        select(known.c.country, known.c.year, known.c.value, place)
        .where(known.c.indicator == indicator)
        .subquery()
    )
    return (
        select(ranked.c.country, ranked.c.year, ranked.c.value)
        .where(ranked.c.place == 1)
        .cte(f"newest_{indicator}")
    )


def union_size() -> Select[Any]:
    """The denominators of the whole Union, one row per indicator: indicator, value (the sum over the member
    states), members (of which it is the
    sum), first_year, last_year, published_on, publisher, tier_label, source_url.
    """
    known, country = schema.country_indicators, schema.countries
    document, tier = schema.documents, schema.source_tiers
    newest = {name: newest_indicator(name) for name in ("population", "gdp")}
    parts = [
        select(literal(name).label("indicator"), rows.c.country, rows.c.year, rows.c.value)
        for name, rows in newest.items()
    ]
    both = parts[0].union_all(*parts[1:]).cte("both")
    return (
        select(
            both.c.indicator,
            func.sum(both.c.value).label("value"),
            func.count().label("members"),
            func.min(both.c.year).label("first_year"),
            func.max(both.c.year).label("last_year"),
            func.max(known.c.published_on).label("published_on"),
            func.min(document.c.publisher).label("publisher"),
            func.min(tier.c.label).label("tier_label"),
            func.min(known.c.source_url).label("source_url"),
        )
        .join(country, and_(country.c.code == both.c.country, country.c.is_member))
        .join(
            known,
            and_(
                known.c.country == both.c.country,
                known.c.indicator == both.c.indicator,
                known.c.year == both.c.year,
            ),
        )
        .join(document, document.c.source_url == known.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .group_by(both.c.indicator)
        .order_by(both.c.indicator.desc())
    )


def rates() -> Select[Any]:
    """The newest daily ECB rate of each currency: quote, rate (units per euro), period_start, source_url."""
    rate = schema.rates
    newest = (
        select(rate.c.quote, func.max(rate.c.period_start).label("newest"))
        .where(rate.c.rate_type == "ecb_daily")
        .group_by(rate.c.quote)
        .cte("newest")
    )
    return (
        select(rate.c.quote, rate.c.rate, rate.c.period_start, rate.c.source_url)
        .join(newest, and_(newest.c.quote == rate.c.quote, newest.c.newest == rate.c.period_start))
        .where(rate.c.rate_type == "ecb_daily")
        .order_by(rate.c.quote)
    )


def deflators(rate_type: Code = DEFLATOR) -> Select[Any]:
    """What amounts of a year are divided by to give 2018 prices, one row a year: year, rate, note,
    source_url, publisher, tier_label. rate_type: of the index.
    """
    rate, document, tier = schema.rates, schema.documents, schema.source_tiers
    return (
        select(
            rate.c.year,
            rate.c.rate,
            rate.c.note,
            rate.c.source_url,
            document.c.publisher,
            tier.c.label.label("tier_label"),
        )
        .join(document, document.c.source_url == rate.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .where(rate.c.rate_type == rate_type)
        .order_by(rate.c.year)
    )


def removed(choice: Choice) -> Select[Any]:
    """What is removed of a choice and why: as `overlaps.removed_of`."""
    return overlaps.removed_of(counted_entries(choice))


def splits(choice: Choice) -> Select[Any]:
    """One row per whole of which a choice counts one way of dividing it and leaves out others:
    whole_entry_id, whole (its heading), whole_programme, whole_eur, counted_split, left_out_split,
    removed_eur, entries.
    """
    rows, whole, ways = counted_entries(choice), LEDGER.alias("whole"), overlaps.ways_inside()
    keys = (rows.c.whole_entry_id, whole.c.heading, whole.c.programme, whole.c.amount_eur)
    return (
        select(
            rows.c.whole_entry_id,
            whole.c.heading.label("whole"),
            whole.c.programme.label("whole_programme"),
            whole.c.amount_eur.label("whole_eur"),
            rows.c.counted_split,
            ways.c.split.label("left_out_split"),
            cast(func.sum(rows.c.removed_eur), EURO).label("removed_eur"),
            func.count().label("entries"),
        )
        .join(whole, whole.c.entry_id == rows.c.whole_entry_id)
        .join(
            ways,
            and_(
                ways.c.container_entry_id == rows.c.whole_entry_id,
                ways.c.contained_entry_id == rows.c.entry_id,
            ),
        )
        .where(rows.c.counted_split.is_not(None))
        .group_by(*keys, rows.c.counted_split, ways.c.split)
        .order_by(whole.c.heading, rows.c.whole_entry_id, ways.c.split)
    )


def set_aside(choice: Choice) -> Select[Any]:
    """The entries that fit a choice but are never added, because of what their level is (rival bids, payment
    appropriations, ambitions for each year, differences) or their basis: the columns of the ledger. Those of
    an initiative are among them also where none is chosen.
    """
    return (
        select(LEDGER)
        .where(*conditions(choice, is_summable=False))
        .order_by(LEDGER.c.level, LEDGER.c.amount_eur.desc().nulls_last(), LEDGER.c.entry_id)
    )


def credit(choice: Choice) -> Select[Any]:
    """The documents behind the chosen entries: publisher, tier, tier_label, source_url, dated_on (newest),
    entries; best supported first.
    """
    rows = counted_entries(choice)
    return credit_of_rows(rows)


def credit_of(entry_ids: tuple[str, ...]) -> Select[Any]:
    """The documents behind some entries: as `credit`."""
    return credit_of_rows(select(LEDGER).where(LEDGER.c.entry_id.in_(entry_ids)).subquery())


def available(choice: Choice, *columns: str) -> Select[Any]:
    """How many entries each value of these columns would leave, all else as chosen: the columns, entries.

    For controls that say what is empty.
    """
    values = [LEDGER.c[column] for column in columns]
    return (
        select(*values, func.count().label("entries"))
        .where(*conditions(choice, columns))
        .group_by(*values)
        .order_by(*values)
    )
