"""Questions about published lines that are AI: by year, by what they are for, by who receives them.

Each reading of AI is counted once by itself: the broad one holds the strict one, so they are never added.
Lines of CORDIS have no year of their own where the files give no day of signature: they belong to the year
of their call, which the code of the topic names.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import overlaps, supplied_inputs
from pipelines.queries.ai_readings import AI_READINGS
from pipelines.queries.choice import LEDGER, Choice, conditions
from pipelines.queries.documents import credit_of_rows

PROJECT = schema.projects
DIMENSIONS = ("part", "programme", "topic", "year", "country", "beneficiary", "rule")
"""What lines can be grouped by."""


def name_code(name: ColumnElement[Any]) -> ColumnElement[Any]:
    """The code of a name in addresses: small letters and digits without accents, parted by hyphens."""
    plain = func.regexp_replace(func.lower(func.strip_accents(name)), r"[^\p{L}\p{N}]+", "-", "g")
    return func.trim(plain, "-")


def call_year(topic: ColumnElement[Any]) -> ColumnElement[Any]:
    """The year of a call, from the code of a topic, as in HORIZON-CL4-2023-HUMAN-01; missing if it names
    none.
    """
    return cast(func.nullif(func.regexp_extract(topic, "-(20[0-9][0-9])(-|$)", 1), ""), Integer)


def _columns() -> dict[str, ColumnElement[Any]]:
    """What a line is grouped by: dimension → column of the ledger joined to its project."""
    return {
        "part": PROJECT.c.programme_part,
        "programme": LEDGER.c.programme,
        "topic": PROJECT.c.topic,
        "year": cast(func.coalesce(LEDGER.c.year, PROJECT.c.year, call_year(PROJECT.c.topic)), Integer),
        "country": func.coalesce(LEDGER.c.country, PROJECT.c.country),
        "beneficiary": LEDGER.c.beneficiary,
        "rule": PROJECT.c.ai_rule,
    }


def _conditions(choice: Choice, years: tuple[int, ...]) -> list[ColumnElement[bool]]:
    found = conditions(choice)
    if years:
        found.append(_columns()["year"].in_(years))
    return found


def _counted(choice: Choice, years: tuple[int, ...], by_year: bool = False) -> FromClause:
    """The entries of a choice in each reading of AI, with what of them is counted. by_year: counted inside
    each year.
    """
    entries = _entries(choice, years, by_year, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"lines {by_year} {years} {choice}")


@lru_cache(maxsize=8)
def _entries(choice: Choice, years: tuple[int, ...], by_year: bool, _is_given: bool) -> CTE:
    columns = _columns()
    place = LEDGER.c.stage + "/" + LEDGER.c.programme if by_year else LEDGER.c.stage
    place = place + "/" + func.coalesce(cast(columns["year"], String), "-") if by_year else place
    readings = {"strict": LEDGER.c.ai_scope == "strict", "broad": LEDGER.c.ai_scope.in_(AI_READINGS)}
    parts = [
        select(
            LEDGER.c.entry_id,
            LEDGER.c.stage,
            LEDGER.c.basis,
            LEDGER.c.level,
            LEDGER.c.amount_eur,
            *(cast(column, String).label(f"of_{name}") for name, column in columns.items()),
            literal(reading).label("reading"),
            (place + ("/" + reading)).label("choice"),
        )
        .select_from(LEDGER.outerjoin(PROJECT, PROJECT.c.project_id == LEDGER.c.project_id))
        .where(*_conditions(choice, years), is_of_it)
        for reading, is_of_it in readings.items()
    ]
    return parts[0].union_all(*parts[1:]).cte("lines_of_readings")


def _sums(rows: FromClause) -> list[ColumnElement[Any]]:
    """amount_eur of the broad reading, strict_eur of the strict one (0 if it has no entry), entries and
    entries_unknown of the broad one.
    """
    broad = rows.c.reading == "broad"
    strict = func.sum(rows.c.counted_eur).filter(~broad)
    return [
        cast(func.sum(rows.c.counted_eur).filter(broad), EURO).label("amount_eur"),
        cast(case((func.count().filter(~broad) == 0, 0), else_=strict), EURO).label("strict_eur"),
        func.count().filter(broad).label("entries"),
        (func.count().filter(broad) - func.count(rows.c.amount_eur).filter(broad)).label("entries_unknown"),
    ]


def series(choice: Choice) -> Select[Any]:
    """AI by programme, stage and year: programme, programme_label, stage, stage_label, basis, year,
    amount_eur (broad reading), strict_eur, entries, entries_unknown.

    What belongs to no year is left out; see `series_coverage`.
    """
    rows, stage, programme = _counted(choice, (), True), schema.stages, schema.programmes
    year = cast(rows.c.of_year, Integer)
    return (
        select(
            rows.c.of_programme.label("programme"),
            programme.c.label.label("programme_label"),
            rows.c.stage,
            stage.c.label.label("stage_label"),
            rows.c.basis,
            year.label("year"),
            *_sums(rows),
        )
        .join(stage, stage.c.code == rows.c.stage)
        .join(programme, programme.c.code == rows.c.of_programme)
        .where(~rows.c.is_removed, rows.c.of_year.is_not(None))
        .group_by(
            rows.c.of_programme,
            programme.c.label,
            programme.c.position,
            rows.c.stage,
            stage.c.label,
            stage.c.position,
            rows.c.basis,
            rows.c.of_year,
        )
        .order_by(programme.c.position, stage.c.position.desc(), year)
    )


def series_coverage(choice: Choice) -> Select[Any]:
    """How much of what is AI belongs to a year, one row per programme and stage: programme, stage, entries
    (broad reading), entries_with_year, without_year_eur (the largest amount that belongs to no year).
    """
    rows = _counted(choice, (), True)
    with_year = rows.c.of_year.is_not(None)
    return (
        select(
            rows.c.of_programme.label("programme"),
            rows.c.stage,
            func.count().label("entries"),
            func.count(rows.c.of_year).label("entries_with_year"),
            cast(func.max(rows.c.amount_eur).filter(~with_year), EURO).label("without_year_eur"),
        )
        .where(rows.c.reading == "broad", ~rows.c.is_removed)
        .group_by(rows.c.of_programme, rows.c.stage)
        .order_by(rows.c.of_programme, rows.c.stage)
    )


def behind_series(choice: Choice) -> Select[Any]:
    """The entries behind the sums of `series`: as `behind_lines`."""
    return _behind(_counted(choice, (), True))


def lines(choice: Choice, by: str, years: tuple[int, ...] = ()) -> Select[Any]:
    """AI by one dimension, the largest first: item (code or name; missing where the files name none), stage,
    basis, amount_eur (broad reading), strict_eur, entries, entries_unknown.

    by: one of DIMENSIONS. choice: with one stage. years: of the line or of its call.
    """
    rows = _counted(choice, years)
    item = rows.c[f"of_{by}"]
    found = (
        select(item.label("item"), rows.c.stage, rows.c.basis, *_sums(rows))
        .where(~rows.c.is_removed)
        .group_by(item, rows.c.stage, rows.c.basis)
    )
    amount = func.coalesce(func.sum(rows.c.counted_eur).filter(rows.c.reading == "broad"), 0)
    return found.order_by(item if by == "year" else amount.desc(), item)


def behind_lines(choice: Choice, years: tuple[int, ...] = ()) -> Select[Any]:
    """The entries behind the sums of `lines`: entry_id, reading, stage, is_removed, of_part
    and the other dimensions.
    """
    return _behind(_counted(choice, years))


def behind_recipients(choice: Choice, years: tuple[int, ...] = ()) -> Select[Any]:
    """The entries behind the sums of `recipients`: entry_id, reading, stage, is_removed, name_code."""
    rows = _counted(choice, years)
    own = (rows.c.entry_id, rows.c.reading, rows.c.stage, rows.c.is_removed)
    return select(*own, name_code(rows.c.of_beneficiary).label("name_code"))


def _behind(rows: FromClause) -> Select[Any]:
    own = (rows.c.entry_id, rows.c.reading, rows.c.stage, rows.c.is_removed)
    return select(*own, *(rows.c[f"of_{name}"] for name in DIMENSIONS))


def recipients(choice: Choice, years: tuple[int, ...] = ()) -> Select[Any]:
    """Who receives what is AI, stage by stage, the largest first: name_code, beneficiary, country, stage,
    stage_label, basis, amount_eur (broad reading), strict_eur, entries, entries_unknown.

    Names that differ in spaces, signs and accents alone are one recipient.
    """
    rows, stage = _counted(choice, years), schema.stages
    named = name_code(rows.c.of_beneficiary)
    amount = func.coalesce(func.sum(rows.c.counted_eur).filter(rows.c.reading == "broad"), 0)
    return (
        select(
            named.label("name_code"),
            func.min(rows.c.of_beneficiary).label("beneficiary"),
            func.min(rows.c.of_country).label("country"),
            rows.c.stage,
            stage.c.label.label("stage_label"),
            rows.c.basis,
            *_sums(rows),
        )
        .join(stage, stage.c.code == rows.c.stage)
        .where(~rows.c.is_removed, rows.c.of_beneficiary.is_not(None))
        .group_by(named, rows.c.stage, stage.c.label, stage.c.position, rows.c.basis)
        .order_by(stage.c.position, amount.desc(), named)
    )


def credit(choice: Choice, years: tuple[int, ...] = (), is_named: bool = False) -> Select[Any]:
    """The documents behind lines that are AI: as `documents.credit_of_rows`. is_named: of those with a
    recipient.
    """
    named = LEDGER.c.beneficiary.is_not(None) if is_named else true()
    found = (
        select(LEDGER)
        .select_from(LEDGER.outerjoin(PROJECT, PROJECT.c.project_id == LEDGER.c.project_id))
        .where(*_conditions(choice, years), LEDGER.c.ai_scope.in_(AI_READINGS), named)
    )
    return credit_of_rows(found.subquery())


def years_known() -> Select[Any]:
    """The years of lines and projects that are AI: year."""
    year = _columns()["year"]
    ledger = (
        select(year.label("year"))
        .select_from(LEDGER.outerjoin(PROJECT, PROJECT.c.project_id == LEDGER.c.project_id))
        .where(LEDGER.c.ai_scope.in_(AI_READINGS), LEDGER.c.superseded_on.is_(None), year.is_not(None))
    )
    return select(ledger.distinct().subquery()).order_by("year")


def _named() -> FromClause:
    """Every naming of a recipient: in the ledger, which can be added, and as a partner of a project, whose
    share is inside the project's amount: name_code, name, is_partner, and what is said of it.
    """
    entry, part = LEDGER, schema.participations
    lines_of_ledger = select(
        name_code(entry.c.beneficiary).label("name_code"),
        entry.c.beneficiary.label("name"),
        literal(False).label("is_partner"),
        entry.c.entry_id,
        entry.c.project_id,
        entry.c.heading,
        entry.c.programme,
        entry.c.stage,
        entry.c.basis,
        cast(func.coalesce(entry.c.year, PROJECT.c.year, call_year(PROJECT.c.topic)), Integer).label("year"),
        entry.c.country,
        cast(null(), String).label("role"),
        entry.c.amount_eur,
        entry.c.qualifier,
        entry.c.ai_scope,
        entry.c.source_url,
    )
    lines_of_ledger = lines_of_ledger.select_from(
        entry.outerjoin(PROJECT, PROJECT.c.project_id == entry.c.project_id)
    ).where(entry.c.beneficiary.is_not(None), entry.c.superseded_on.is_(None))
    partners = select(
        name_code(part.c.name),
        part.c.name,
        literal(True),
        cast(null(), String),
        part.c.project_id,
        func.coalesce(PROJECT.c.acronym, PROJECT.c.title),
        PROJECT.c.programme,
        literal("contracted"),
        literal("eu-contribution"),
        cast(func.coalesce(PROJECT.c.year, call_year(PROJECT.c.topic)), Integer),
        part.c.country,
        part.c.role,
        part.c.net_eu_contribution_eur,
        literal("exact"),
        PROJECT.c.ai_scope,
        PROJECT.c.source_url,
    )
    partners = partners.select_from(part.outerjoin(PROJECT, PROJECT.c.project_id == part.c.project_id)).where(
        part.c.name.is_not(None)
    )
    return lines_of_ledger.union_all(partners).subquery("named")


def beneficiaries() -> Select[Any]:
    """Every recipient that a line or a project names, by name: name_code, name, country, lines."""
    named = _named()
    return (
        select(
            named.c.name_code,
            func.min(named.c.name).label("name"),
            func.min(named.c.country).label("country"),
            func.count().label("lines"),
        )
        .where(named.c.name_code != "")
        .group_by(named.c.name_code)
        .order_by(named.c.name_code)
    )


def of_beneficiary(code: str) -> Select[Any]:
    """Every line and project that names a recipient, the newest first: name_code, name, is_partner, entry_id,
    project_id, heading, programme, programme_label, stage, stage_label, basis, year, country, role,
    amount_eur, qualifier, ai_scope, source_url, publisher.

    is_partner: its share is part of the amount of a project, and never added to lines.
    """
    named, programme, stage, document = _named(), schema.programmes, schema.stages, schema.documents
    return (
        select(
            named,
            programme.c.label.label("programme_label"),
            stage.c.label.label("stage_label"),
            document.c.publisher,
        )
        .outerjoin(programme, programme.c.code == named.c.programme)
        .outerjoin(stage, stage.c.code == named.c.stage)
        .outerjoin(document, document.c.source_url == named.c.source_url)
        .where(named.c.name_code == code)
        .order_by(
            named.c.is_partner,
            named.c.year.desc().nulls_last(),
            named.c.amount_eur.desc().nulls_last(),
            named.c.project_id,
            named.c.entry_id,
        )
    )


def recipient_years(code: str = "") -> Select[Any]:
    """What recipients are named for, by stage, basis, programme and year: programme, programme_label, stage,
    stage_label, basis, basis_label, year, amount_eur (counted once), entries, entries_unknown.

    code: of one recipient; "" for all that are named. Shares of partners are left out.
    """
    rows = _counted_of(code)
    programme, stage, basis = schema.programmes, schema.stages, schema.bases
    keys = (
        rows.c.programme,
        programme.c.label.label("programme_label"),
        rows.c.stage,
        stage.c.label.label("stage_label"),
        rows.c.basis,
        basis.c.label.label("basis_label"),
        rows.c.year,
    )
    return (
        select(
            *keys,
            cast(func.sum(rows.c.counted_eur), EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .join(programme, programme.c.code == rows.c.programme)
        .join(stage, stage.c.code == rows.c.stage)
        .join(basis, basis.c.code == rows.c.basis)
        .where(~rows.c.is_removed)
        .group_by(*(key.element if hasattr(key, "element") else key for key in keys), stage.c.position)
        .order_by(stage.c.position.desc(), rows.c.basis, rows.c.programme, rows.c.year.desc().nulls_last())
    )


def behind_recipient(code: str = "") -> Select[Any]:
    """The entries behind `recipient_years`: entry_id, programme, stage, basis, year, is_removed."""
    rows = _counted_of(code)
    return select(
        rows.c.entry_id, rows.c.programme, rows.c.stage, rows.c.basis, rows.c.year, rows.c.is_removed
    )


def _counted_of(code: str) -> FromClause:
    entries = _entries_of(code, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"recipient {code}")


@lru_cache(maxsize=8)
def _entries_of(code: str, _is_given: bool) -> CTE:
    is_one = name_code(LEDGER.c.beneficiary) == code if code else LEDGER.c.beneficiary.is_not(None)
    year = cast(func.coalesce(LEDGER.c.year, PROJECT.c.year, call_year(PROJECT.c.topic)), Integer)
    may_be_added = conditions(Choice(stage="", basis="", tracked=False))
    return (
        select(
            LEDGER.c.entry_id,
            LEDGER.c.programme,
            LEDGER.c.stage,
            LEDGER.c.basis,
            year.label("year"),
            LEDGER.c.amount_eur,
            (LEDGER.c.stage + "/" + LEDGER.c.basis).label("choice"),
        )
        .select_from(LEDGER.outerjoin(PROJECT, PROJECT.c.project_id == LEDGER.c.project_id))
        .where(and_(*may_be_added), is_one)
        .cte("entries_of_recipient")
    )


def removed(choice: Choice, years: tuple[int, ...] = (), by_year: bool = False) -> Select[Any]:
    """What is removed of the broad reading of some lines, and why: as `overlaps.removed_of`. by_year: counted
    inside each year, as in `series`.
    """
    rows = _counted(choice, years, by_year)
    return overlaps.removed_of(select(rows).where(rows.c.reading == "broad").subquery("broad"))


def removed_of_recipient(code: str = "") -> Select[Any]:
    """What is removed of the sums of `recipient_years`, and why: as `overlaps.removed_of`."""
    return overlaps.removed_of(_counted_of(code))


def credit_of(code: str = "") -> Select[Any]:
    """The documents that name a recipient in the ledger: as `documents.credit_of_rows`. code: as for
    `recipient_years`.
    """
    is_one = name_code(LEDGER.c.beneficiary) == code if code else LEDGER.c.beneficiary.is_not(None)
    chosen = select(LEDGER).where(*conditions(Choice(stage="", basis="", tracked=False)), is_one)
    return credit_of_rows(chosen.subquery())
