"""Questions about projects and commitments one by one: a page of the list at a time, and one with its lines
and partners.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, or_, select

from pipelines import schema
from pipelines.queries.ai_project_sums import call_year, name_code

PROJECT = schema.projects
PAGE_SIZE = 50  # rows of the list on a page


def year_of() -> ColumnElement[Any]:
    """The year of a project: as published, else that of its call."""
    return cast(func.coalesce(PROJECT.c.year, call_year(PROJECT.c.topic)), Integer)


def _conditions(
    readings: tuple[str, ...],
    programmes: tuple[str, ...],
    countries: tuple[str, ...],
    years: tuple[int, ...],
) -> list[ColumnElement[bool]]:
    """What a choice leaves. A country is that of the coordinator, or of a beneficiary of the line."""
    found: list[ColumnElement[bool]] = []
    if readings:
        found.append(PROJECT.c.ai_scope.in_(readings))
    if programmes:
        found.append(PROJECT.c.programme.in_(programmes))
    if years:
        found.append(year_of().in_(years))
    if countries:
        entry, part = schema.ledger, schema.participations
        of_lines = select(entry.c.project_id).where(
            entry.c.country.in_(countries), entry.c.project_id.is_not(None)
        )
        of_partners = select(part.c.project_id).where(part.c.country.in_(countries))
        found.append(
            or_(
                PROJECT.c.country.in_(countries),
                PROJECT.c.project_id.in_(of_lines),
                PROJECT.c.project_id.in_(of_partners),
            )
        )
    return found


def number(
    readings: tuple[str, ...] = (),
    programmes: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    years: tuple[int, ...] = (),
) -> Select[Any]:
    """How many projects a choice leaves, and how many of them have no amount: projects, projects_unknown."""
    sums: list[ColumnElement[Any]] = [
        func.count().label("projects"),
        (func.count() - func.count(PROJECT.c.eu_contribution_eur)).label("projects_unknown"),
    ]
    return select(*sums).select_from(PROJECT).where(*_conditions(readings, programmes, countries, years))


def listed(
    readings: tuple[str, ...] = (),
    programmes: tuple[str, ...] = (),
    countries: tuple[str, ...] = (),
    years: tuple[int, ...] = (),
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Select[Any]:
    """One page of the list, the largest EU contribution first: the columns of projects, call_year (the year
    of the line, else of its call), programme_label. page: from 1.
    """
    programme = schema.programmes
    return (
        select(PROJECT, year_of().label("call_year"), programme.c.label.label("programme_label"))
        .join(programme, programme.c.code == PROJECT.c.programme)
        .where(*_conditions(readings, programmes, countries, years))
        .order_by(PROJECT.c.eu_contribution_eur.desc().nulls_last(), PROJECT.c.project_id)
        .limit(size)
        .offset(size * (page - 1))
    )


def lists() -> Select[Any]:
    """Which lists the projects come from, the longest first: title, retrieved_on, projects."""
    source = schema.sources
    return (
        select(source.c.title, source.c.retrieved_on, func.count().label("projects"))
        .join(PROJECT, PROJECT.c.source_id == source.c.source_id)
        .group_by(source.c.source_id, source.c.title, source.c.retrieved_on)
        .order_by(func.count().desc(), source.c.source_id)
    )


def identities() -> Select[Any]:
    """Every project: project_id, name (acronym, else title)."""
    name = func.coalesce(PROJECT.c.acronym, PROJECT.c.title, PROJECT.c.project_id)
    return select(PROJECT.c.project_id, name.label("name")).order_by(PROJECT.c.project_id)


def project(project_id: str) -> Select[Any]:
    """One project: as `listed`."""
    programme, source = schema.programmes, schema.sources
    return (
        select(
            PROJECT,
            year_of().label("call_year"),
            programme.c.label.label("programme_label"),
            source.c.title.label("source_title"),
            source.c.retrieved_on,
        )
        .join(programme, programme.c.code == PROJECT.c.programme)
        .join(source, source.c.source_id == PROJECT.c.source_id)
        .where(PROJECT.c.project_id == project_id)
    )


def lines_of(project_id: str) -> Select[Any]:
    """Who receives what of a project, the largest first: name, role, country, amount_eur, is_partner, stage,
    source_url, code (of the name in addresses). Lines of the ledger come before partners, whose share is
    inside the project's amount.
    """
    entry, part = schema.ledger, schema.participations
    lines = select(
        entry.c.beneficiary.label("name"),
        literal(None).label("role"),
        entry.c.country,
        entry.c.amount_eur,
        literal(False).label("is_partner"),
        entry.c.stage,
        entry.c.source_url,
    ).where(entry.c.project_id == project_id, entry.c.superseded_on.is_(None))
    partners = select(
        part.c.name,
        part.c.role,
        part.c.country,
        part.c.net_eu_contribution_eur,
        literal(True),
        literal("contracted"),
        literal(None),
    ).where(part.c.project_id == project_id)
    both = lines.union_all(partners).subquery("both")
    return select(both, name_code(both.c.name).label("code")).order_by(
        both.c.is_partner, both.c.amount_eur.desc().nulls_last(), both.c.name
    )


def programmes_with_lines() -> Select[Any]:
    """The programmes that have projects, calls or lines that are AI: programme."""
    entry, call = schema.ledger, schema.calls
    every = (
        select(PROJECT.c.programme)
        .union(
            select(call.c.programme).where(call.c.programme.is_not(None)),
            select(entry.c.programme).where(
                entry.c.ai_scope.in_(("strict", "broad")), entry.c.basis == "eu-contribution"
            ),
        )
        .subquery()
    )
    return select(every.c.programme).order_by(every.c.programme)
