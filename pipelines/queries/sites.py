"""Questions of the Sites page."""

from typing import Any

from sqlalchemy import CTE, Select, and_, func, literal, null, select, union_all

from pipelines import schema
from pipelines.queries.documents import PRECISIONS, newest_date

Rows = Select[Any]


def own_totals() -> CTE:
    """The totals of sites as published: site_id, entry_id, total_eur, total_qualifier, total_stage, place (1
    is the one that is shown).
    """
    entry = schema.ledger
    return (
        select(
            entry.c.site_id,
            entry.c.entry_id,
            entry.c.amount_eur.label("total_eur"),
            entry.c.qualifier.label("total_qualifier"),
            entry.c.stage.label("total_stage"),
            func.row_number()
            .over(
                partition_by=entry.c.site_id,
                order_by=(entry.c.amount_eur.desc().nulls_last(), entry.c.entry_id),
            )
            .label("place"),
        )
        .where(
            entry.c.site_id.is_not(None),
            entry.c.basis == "total-cost",
            entry.c.superseded_on.is_(None),
            entry.c.entry_id.like("%-total"),
        )
        .cte("total")
    )


def sites(
    kinds: tuple[str, ...] = (), statuses: tuple[str, ...] = (), countries: tuple[str, ...] = ()
) -> Rows:
    """One row per site: the columns of sites, labels, is_open, and total_eur: its own total cost as
    published, with qualifier and stage.

    Empty tuples mean all. The key of a site's own total ends in -total. total_eur is missing where no total
    is published; totals of sites inside other sites are never to be added.
    """
    site, kind, status, country = schema.sites, schema.site_kinds, schema.site_statuses, schema.countries
    total = own_totals()
    found = (
        select(
            site,
            kind.c.label.label("kind_label"),
            status.c.label.label("status_label"),
            status.c.is_open,
            country.c.label.label("country_label"),
            total.c.total_eur,
            total.c.total_qualifier,
            total.c.total_stage,
        )
        .join(kind, kind.c.code == site.c.kind)
        .join(status, status.c.code == site.c.status)
        .join(country, country.c.code == site.c.country)
        .outerjoin(total, and_(total.c.site_id == site.c.site_id, total.c.place == 1))
        .order_by(kind.c.position, site.c.selected_on.nulls_last(), site.c.name)
    )
    for column, wanted in ((site.c.kind, kinds), (site.c.status, statuses), (site.c.country, countries)):
        if wanted:
            found = found.where(column.in_(wanted))
    return found


def credit(
    kinds: tuple[str, ...] = (), statuses: tuple[str, ...] = (), countries: tuple[str, ...] = ()
) -> Rows:
    """The documents behind these sites, their euros and their milestones: publisher, tier, tier_label,
    source_url, dated_on (newest),
    dated_precision, entries (ledger entries of these sites that cite it); best supported first.
    """
    wanted = select(sites(kinds, statuses, countries).subquery().c.site_id)
    site, entry, event, document, tier = (
        schema.sites,
        schema.ledger,
        schema.milestones,
        schema.documents,
        schema.source_tiers,
    )
    parts = [
        select(
            site.c.source_url,
            site.c.dated_on,
            literal("day").label("dated_precision"),
            literal(0).label("entries"),
        ).where(site.c.site_id.in_(wanted)),
        select(entry.c.source_url, entry.c.dated_on, entry.c.dated_precision, literal(1)).where(
            entry.c.site_id.in_(wanted), entry.c.superseded_on.is_(None)
        ),
        select(event.c.source_url, null(), null(), literal(0)).where(event.c.site_id.in_(wanted)),
    ]
    cited = union_all(*parts).subquery()
    return (
        select(
            document.c.publisher,
            document.c.tier,
            tier.c.label.label("tier_label"),
            cited.c.source_url,
            *newest_date(cited.c.dated_on, cited.c.dated_precision),
            func.sum(cited.c.entries).label("entries"),
        )
        .join(document, document.c.source_url == cited.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .outerjoin(PRECISIONS, PRECISIONS.c.code == cited.c.dated_precision)
        .group_by(document.c.publisher, document.c.tier, tier.c.label, tier.c.position, cited.c.source_url)
        .order_by(tier.c.position, document.c.publisher, cited.c.source_url)
    )


def euros(site_id: str) -> Rows:
    """Every entry of one site in force: heading, funder, stage, basis, amount_eur, qualifier, confidence,
    formula, dated_on, publisher,
    source_url, note, is_inside: another entry of the site contains it.
    """
    entry, funder, basis, stage, document, tier = (
        schema.ledger,
        schema.funders,
        schema.bases,
        schema.stages,
        schema.documents,
        schema.source_tiers,
    )
    whole, path = schema.ledger.alias("whole"), schema.overlap_paths
    inside = (
        select(path.c.contained_entry_id.label("entry_id"))
        .join(whole, whole.c.entry_id == path.c.container_entry_id)
        .where(whole.c.site_id == site_id, whole.c.superseded_on.is_(None))
        .distinct()
        .cte("inside")
    )
    return (
        select(
            entry.c.entry_id,
            entry.c.heading,
            funder.c.label.label("funder_label"),
            entry.c.stage,
            stage.c.label.label("stage_label"),
            entry.c.basis,
            basis.c.label.label("basis_label"),
            entry.c.country,
            entry.c.amount_eur,
            entry.c.qualifier,
            entry.c.confidence,
            entry.c.formula,
            entry.c.dated_on,
            document.c.publisher,
            tier.c.label.label("tier_label"),
            entry.c.source_url,
            entry.c.note,
            inside.c.entry_id.is_not(None).label("is_inside"),
        )
        .outerjoin(inside, inside.c.entry_id == entry.c.entry_id)
        .join(funder, funder.c.code == entry.c.funder)
        .join(basis, basis.c.code == entry.c.basis)
        .join(stage, stage.c.code == entry.c.stage)
        .join(document, document.c.source_url == entry.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .where(entry.c.site_id == site_id, entry.c.superseded_on.is_(None))
        .order_by(
            entry.c.basis != "total-cost",
            stage.c.position,
            funder.c.position,
            entry.c.amount_eur.desc().nulls_last(),
            entry.c.entry_id,
        )
    )


def site_and_inside(site_id: str) -> Rows:
    """One site and the machines inside it: site_id."""
    site = schema.sites
    return (
        select(site.c.site_id)
        .where((site.c.site_id == site_id) | (site.c.part_of == site_id))
        .order_by(site.c.site_id)
    )


def inside(site_id: str) -> Rows:
    """The sites whose money is inside this one's."""
    return (
        select(schema.sites.c.site_id, schema.sites.c.name)
        .where(schema.sites.c.part_of == site_id)
        .order_by(schema.sites.c.name)
    )


def host_states(site_id: str) -> Rows:
    """Whether the states of a gigafactory bid signed what the newest call asks of a host state: country,
    country_label, has_signed, source_url; none for other kinds of site. The country of the site comes first.
    """
    site, state, country = schema.sites, schema.call_states, schema.countries
    named = func.list_contains(func.string_split(site.c.participating_countries, ";"), state.c.country)
    newest = select(func.max(state.c.call)).scalar_subquery()
    return (
        select(
            state.c.country, country.c.label.label("country_label"), state.c.has_signed, state.c.source_url
        )
        .join(site, (site.c.country == state.c.country) | named)
        .join(country, country.c.code == state.c.country)
        .where(site.c.site_id == site_id, site.c.kind == "gigafactory", state.c.call == newest)
        .order_by((site.c.country == state.c.country).desc(), country.c.position)
    )


def claims(site_id: str) -> Rows:
    """What other sources say about one site: said, amount_eur, publisher, tier, source_url, resolution."""
    claim, document = schema.claims, schema.documents
    mine = select(schema.ledger.c.entry_id).where(schema.ledger.c.site_id == site_id)
    return (
        select(claim, document.c.publisher)
        .join(document, document.c.source_url == claim.c.source_url)
        .where((claim.c.site_id == site_id) | claim.c.entry_id.in_(mine))
        .order_by(claim.c.claim_id)
    )
