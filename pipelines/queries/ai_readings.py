"""What is AI in a choice, at every stage, in two readings: choice → SQLAlchemy Select. Runs nothing."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select
from sqlalchemy.sql.selectable import CTE, FromClause

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries import overlaps, supplied_inputs
from pipelines.queries.choice import LEDGER, Choice, conditions, of_every_stage
from pipelines.queries.documents import credit_of_rows

AI_READINGS = ("strict", "broad")


def ai(choice: Choice) -> Select[Any]:
    """One row per stage and reading of AI of which there is an entry: stage, stage_label, basis, reading,
    amount_eur (counted once; missing if no amount is known), entries, entries_unknown.

    Whatever stage and level are chosen: a reading at a stage is one sum by itself. The broad reading holds
    the strict one; not-split and outside are the amounts with these labels, each counted once among
    themselves. Readings contain one another and are not added.
    """
    stages, rows = schema.stages, _of_readings(choice)
    return (
        select(
            rows.c.stage,
            stages.c.label.label("stage_label"),
            literal(choice.basis).label("basis"),
            rows.c.reading,
            cast(func.sum(rows.c.counted_eur), EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .join(stages, stages.c.code == rows.c.stage)
        .where(~rows.c.is_removed)
        .group_by(rows.c.stage, stages.c.label, stages.c.position, rows.c.reading)
        .order_by(stages.c.position, rows.c.reading.desc())
    )


def ai_years(choice: Choice) -> Select[Any]:
    """One row per stage, year and reading (strict, broad) of what is labelled as AI and belongs to one year,
    counted once inside each: year, stage, stage_label, reading, amount_eur, entries, entries_unknown.
    """
    stages = schema.stages
    rows = _of_readings(choice, is_by_year=True)
    return (
        select(
            rows.c.year,
            rows.c.stage,
            stages.c.label.label("stage_label"),
            rows.c.reading,
            cast(func.sum(rows.c.counted_eur), EURO).label("amount_eur"),
            func.count().label("entries"),
            (func.count() - func.count(rows.c.amount_eur)).label("entries_unknown"),
        )
        .join(stages, stages.c.code == rows.c.stage)
        .where(~rows.c.is_removed, rows.c.year.is_not(None), rows.c.reading.in_(AI_READINGS))
        .group_by(rows.c.year, rows.c.stage, stages.c.label, stages.c.position, rows.c.reading)
        .order_by(rows.c.year, stages.c.position, rows.c.reading.desc())
    )


def behind_ai(choice: Choice) -> Select[Any]:
    """The entries behind the sums of `ai`: entry_id, stage, reading, is_removed."""
    rows = _of_readings(choice)
    return select(rows.c.entry_id, rows.c.stage, rows.c.reading, rows.c.is_removed)


def removed(choice: Choice) -> Select[Any]:
    """What is removed of the broad reading at each stage, and why: as `overlaps.removed_of`."""
    rows = _of_readings(choice)
    return overlaps.removed_of(select(rows).where(rows.c.reading == "broad").subquery("broad"))


def ai_credit(choice: Choice) -> Select[Any]:
    """The documents behind what is labelled as AI: as `credit`."""
    labelled = LEDGER.c.ai_scope.in_(AI_READINGS)
    return credit_of_rows(select(LEDGER).where(*conditions(of_every_stage(choice)), labelled).subquery())


def _of_readings(choice: Choice, is_by_year: bool = False) -> FromClause:
    """The entries of a choice at every stage and level, by reading of AI, each with what of it is counted
    among those of the same stage and reading. is_by_year: and of the same year.
    """
    entries = _entries_by_reading(choice, is_by_year, supplied_inputs.is_given())
    return supplied_inputs.counted(entries, f"readings {is_by_year} {choice}")


@lru_cache(maxsize=8)
def _entries_by_reading(choice: Choice, is_by_year: bool, _is_given: bool) -> CTE:
    key = LEDGER.c.stage + "/" + cast(LEDGER.c.year, String) if is_by_year else LEDGER.c.stage
    chosen = conditions(of_every_stage(choice))
    of_reading = {
        "strict": LEDGER.c.ai_scope == "strict",
        "broad": LEDGER.c.ai_scope.in_(AI_READINGS),
        "not-split": LEDGER.c.ai_scope == "not-split",
        "outside": LEDGER.c.ai_scope == "outside",
    }
    parts = [
        select(
            LEDGER.c.entry_id,
            LEDGER.c.stage,
            LEDGER.c.year,
            LEDGER.c.amount_eur,
            literal(reading).label("reading"),
            (key + ("/" + reading)).label("choice"),
        ).where(*chosen, is_of_it)
        for reading, is_of_it in of_reading.items()
    ]
    return parts[0].union_all(*parts[1:]).cte("entries_of_readings")
