"""Questions about calls for proposals: open, coming and closed, with budgets that are counted once.

A budget that several topics of one call give may be one and the same: `budget_once_eur` counts it once, as a
lower bound. The state of a call is judged on a day, by its own dates and its status in the newest list.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, column, func, literal, select, values

from pipelines import schema
from pipelines.column_factories import EURO
from pipelines.queries.ai_readings import AI_READINGS

CALL = schema.calls
STATES = ("open", "coming", "closed")
SHOWN_ALWAYS = ("horizon-europe", "digital-europe")
FORTHCOMING = "Forthcoming"  # the portal's word


def state_on(day: date) -> ColumnElement[Any]:
    """The state of a call on a day: open, coming or closed."""
    is_to_come = and_(CALL.c.status == FORTHCOMING, func.coalesce(CALL.c.opens_on > day, literal(True)))
    return case((CALL.c.closes_on < day, "closed"), (is_to_come, "coming"), else_="open")


def calls(day: date, programmes: tuple[str, ...] = (), states: tuple[str, ...] = ()) -> Select[Any]:
    """Calls by programme and state: programme, programme_label, state, calls, ai_calls (broad reading),
    ai_calls_unknown (of these, without a budget), budget_once_eur (of AI calls, broad reading, a lower
    bound; 0 where there is none), strict_eur (of these, strict reading).

    A programme of SHOWN_ALWAYS has each state, also where no call is listed.
    """
    rows = select(CALL, state_on(day).label("state")).subquery("rows")
    programme = schema.programmes
    shown = (
        select(programme.c.code, programme.c.label, programme.c.position)
        .where(programme.c.code.in_(select(CALL.c.programme)) | programme.c.code.in_(SHOWN_ALWAYS))
        .subquery("shown")
    )
    state = (
        values(column("state", String), column("place", CALL.c.budget_topics.type), name="states")
        .data([(code, place) for place, code in enumerate(STATES)])
        .alias("states")
    )
    is_ai = rows.c.ai_scope.in_(AI_READINGS)
    strict = rows.c.ai_scope == "strict"
    found: Select[Any] = (
        select(
            shown.c.code.label("programme"),
            shown.c.label.label("programme_label"),
            state.c.state,
            func.count(rows.c.call_id).label("calls"),
            func.count(rows.c.call_id).filter(is_ai).label("ai_calls"),
            func.count(rows.c.call_id).filter(is_ai, rows.c.budget_eur.is_(None)).label("ai_calls_unknown"),
            _once(rows.c.budget_once_eur, is_ai).label("budget_once_eur"),
            _once(rows.c.budget_once_eur, strict).label("strict_eur"),
        )
        .select_from(shown.join(state, literal(True)))
        .outerjoin(rows, and_(rows.c.programme == shown.c.code, rows.c.state == state.c.state))
        .group_by(shown.c.code, shown.c.label, shown.c.position, state.c.state, state.c.place)
        .order_by(state.c.place, shown.c.position)
    )
    if programmes:
        found = found.where(shown.c.code.in_(programmes))
    if states:
        found = found.where(state.c.state.in_(states))
    return found


def _once(budget: ColumnElement[Any], wanted: ColumnElement[bool]) -> ColumnElement[Any]:
    """The sum of budgets; 0 where no call is wanted, missing where none of them has a budget."""
    number, amount = func.count().filter(wanted), func.sum(budget).filter(wanted)
    return cast(case((number == 0, 0), else_=amount), EURO)


def listed(day: date, programmes: tuple[str, ...] = (), states: tuple[str, ...] = ()) -> Select[Any]:
    """One row per call, AI first, then the next to close: the columns of calls, state, programme_label."""
    programme, state = schema.programmes, state_on(day)
    found = (
        select(CALL, state.label("state"), programme.c.label.label("programme_label"))
        .outerjoin(programme, programme.c.code == CALL.c.programme)
        .order_by(
            CALL.c.ai_scope.in_(AI_READINGS).desc(),
            case((state == "open", 0), (state == "coming", 1), else_=2),
            CALL.c.closes_on.nulls_last(),
            CALL.c.call_id,
        )
    )
    if programmes:
        found = found.where(CALL.c.programme.in_(programmes))
    return found.where(state.in_(states)) if states else found


def lists() -> Select[Any]:
    """How far the lists go: calls, first_listed_on, last_listed_on."""
    sums: list[ColumnElement[Any]] = [
        func.count().label("calls"),
        func.min(CALL.c.first_listed_on).label("first_listed_on"),
        func.max(CALL.c.last_listed_on).label("last_listed_on"),
    ]
    return select(*sums).select_from(CALL)


def list_sources() -> Select[Any]:
    """Where the lists of calls come from: publisher, title, url, retrieved_on."""
    source = schema.sources
    return (
        select(source.c.publisher, source.c.title, source.c.url, source.c.retrieved_on)
        .where(source.c.source_id.in_(select(CALL.c.source_id)))
        .order_by(source.c.source_id)
    )
