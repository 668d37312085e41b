"""What machines can ask for: ten lists, each with its filters, its question and the meaning of its columns.

Values only.

The routes, the OpenAPI description, the catalogue and the tests are all made from this list; no resource is
named anywhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Table, extract, select
from sqlalchemy.sql.selectable import FromClause

from pages.http.column_docs import Described, of_select
from pages.parts.sharing.underlying_entries import together
from pages.parts.text import api as text
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views import euros
from pipelines import schema
from pipelines.queries import sites as site_questions
from pipelines.queries import timeline as timeline_questions
from pipelines.queries.choice import Choice
from pipelines.queries.euros import entries, sums
from pipelines.queries.release_answers import ReleaseData

Filters = Mapping[str, ColumnElement[Any]]


class Resource(NamedTuple):
    """One list. filters: the parameters of its address. rows: choice → question.

    meanings: what a parameter does, where its name does not say it.
    """

    name: str
    title: str
    meaning: str
    filters: Callable[[ReleaseData], list[Parameter]]
    rows: Callable[[ReleaseData, Values], Select[Any]]
    example: Mapping[str, str]

    def columns(self, answers: ReleaseData) -> list[Described]:
        """Its columns, in their order."""
        return of_select(
            self.rows(answers, {parameter.name: parameter.default for parameter in self.filters(answers)})
        )


MEANINGS = {name: say(meaning) for name, meaning in text.PARAMETERS.items()}


def _present(answers: ReleaseData, column: ColumnElement[Any]) -> tuple[str, ...]:
    """The values that a column has in this release: in the order of its vocabulary if it has one."""
    values = answers.read(
        select(column.label("value")).where(column.is_not(None)).distinct().order_by(column)
    )["value"]
    keys: Any = getattr(column, "foreign_keys", ())
    vocabulary = next(
        (key.column.table.name for key in keys if key.column.table.info.get("kind") == "vocabulary"), None
    )
    if vocabulary:
        return tuple(answers.labels(vocabulary))
    return tuple(str(value) for value in values)


def _parameters(answers: ReleaseData, filters: Filters) -> list[Parameter]:
    return [Parameter(name, _present(answers, column), several=True) for name, column in filters.items()]


def _narrowed(question: Select[Any], filters: Filters, values: Values) -> Select[Any]:
    for name, column in filters.items():
        if chosen := values.get(name):
            question = question.where(
                column.in_(
                    [int(value) for value in chosen] if isinstance(column.type, Integer) else list(chosen)
                )
            )
    return question


def _list(
    name: str,
    table: Table,
    filters: Filters,
    example: Mapping[str, str],
    question: Select[Any] | None = None,
) -> Resource:
    """A list of the rows of a table, or of a question about it, filtered by columns.

    A table comes in the order of its key.
    """
    whole = select(table) if question is None else question
    return Resource(
        name,
        say(text.LISTS[name]),
        table.comment or "",
        lambda answers: _parameters(answers, filters),
        lambda _answers, values: _narrowed(whole, filters, values),
        example,
    )


# --- euros and the ledger: what the Euros page adds, and the entries behind it

LEDGER = schema.ledger
_LEDGER_FILTERS: Filters = {
    "programme": LEDGER.c.programme,
    "initiative": LEDGER.c.initiative,
    "funder": LEDGER.c.funder,
    "stage": LEDGER.c.stage,
    "basis": LEDGER.c.basis,
    "level": LEDGER.c.level,
    "country": LEDGER.c.country,
    "site": LEDGER.c.site_id,
    "year": LEDGER.c.year,
    "ai_scope": LEDGER.c.ai_scope,
}
_NET = ("1", "0")


def _euros_parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Euros page's address, with more values of each at once, and its count said as net=1 or
    net=0.
    """
    page = {parameter.name: parameter for parameter in euros.parameters(answers)}
    narrow = {name: _LEDGER_FILTERS[name] for name in ("funder", "country", "year")}
    return [
        replace(page["stage"], several=True),
        replace(page["basis"], several=True),
        page["programme"],
        page["initiative"],
        *_parameters(answers, narrow),
        page["level"],
        Parameter("net", _NET, ("1",)),
    ]


def _choices(answers: ReleaseData, values: Values) -> list[Choice]:
    """One choice of the Euros page for each stage and basis: overlaps are removed inside each only."""
    defaults = {parameter.name: parameter.default for parameter in _euros_parameters(answers)}
    full = {name: tuple(values.get(name) or default) for name, default in defaults.items()}
    return [
        euros.choice(answers, {**full, "stage": (stage,), "basis": (basis,)})
        for stage in full["stage"] or tuple(answers.labels("stages"))
        for basis in full["basis"] or tuple(answers.labels("bases"))
    ]


def _sums(answers: ReleaseData, values: Values) -> Select[Any]:
    is_gross = values["net"] == ("0",)
    questions = [sums(choice, is_gross) for choice in _choices(answers, values)]
    return together(questions, "stage", "basis", "programme", "initiative")


def _ledger_rows(answers: ReleaseData, values: Values) -> Select[Any]:
    if not values["net"]:
        return _narrowed(select(LEDGER), _LEDGER_FILTERS, values)
    is_gross = values["net"] == ("0",)
    questions = [entries(choice, is_gross) for choice in _choices(answers, values)]
    rows = together(questions, "entry_id").subquery()
    others = {
        name: rows.c[column.name] for name, column in _LEDGER_FILTERS.items() if name in ("site", "ai_scope")
    }
    return _narrowed(
        select(LEDGER).join(rows, rows.c.entry_id == LEDGER.c.entry_id).order_by(LEDGER.c.entry_id),
        others,
        values,
    )


EUROS = Resource(
    "euros",
    say(text.LISTS["euros"]),
    say(text.EUROS_MEANING),
    _euros_parameters,
    _sums,
    {"stage": "programmed", "basis": "eu-contribution", "net": "1"},
)
ENTRIES = Resource(
    "ledger",
    say(text.LISTS["ledger"]),
    say(text.LEDGER_MEANING),
    lambda answers: [*_parameters(answers, _LEDGER_FILTERS), Parameter("net", _NET)],
    _ledger_rows,
    {"programme": "digital-europe", "stage": "programmed"},
)

_IN_WORDS = (
    "programme",
    "initiative",
    "funder",
    "stage",
    "basis",
    "level",
    "qualifier",
    "country",
    "ai_scope",
    "confidence",
)


def _in_words() -> Select[Any]:
    """The ledger, each of its codes with the label beside it, in the order of its key."""
    columns: list[ColumnElement[Any]] = []
    joined: FromClause = LEDGER
    for column in LEDGER.columns:
        columns.append(column)
        if column.name in _IN_WORDS:
            (key,) = column.foreign_keys
            words = key.column.table.alias(f"{column.name}_words")
            joined = joined.outerjoin(words, words.c[key.column.name] == column)
            columns.append(words.c.label.label(f"{column.name}_label"))
    return select(*columns).select_from(joined).order_by(LEDGER.c.entry_id)


# --- the other lists

_site, _event, _flow, _project = schema.sites, schema.milestones, schema.flows, schema.projects
_call, _part_of = schema.calls, schema.participations
_whole, _part = LEDGER.alias("container"), LEDGER.alias("contained")
_edges = (
    select(
        schema.overlaps,
        _whole.c.heading.label("container_heading"),
        _whole.c.amount_eur.label("container_eur"),
        _part.c.heading.label("contained_heading"),
        _part.c.amount_eur.label("contained_eur"),
    )
    .join(_whole, _whole.c.entry_id == schema.overlaps.c.container_entry_id)
    .join(_part, _part.c.entry_id == schema.overlaps.c.contained_entry_id)
    .order_by(schema.overlaps.c.container_entry_id, schema.overlaps.c.contained_entry_id)
)

RESOURCES = {
    resource.name: resource
    for resource in (
        EUROS,
        ENTRIES,
        _list(
            "entries",
            LEDGER,
            _LEDGER_FILTERS,
            {"programme": "digital-europe", "stage": "programmed"},
            _in_words(),
        )._replace(meaning=say(text.ENTRIES_MEANING)),
        _list(
            "sites",
            _site,
            {
                "kind": _site.c.kind,
                "status": _site.c.status,
                "country": _site.c.country,
                "site": _site.c.site_id,
            },
            {"kind": "ai-factory", "country": "IT"},
            site_questions.sites(),
        ),
        _list(
            "milestones",
            _event,
            {
                "initiative": _event.c.initiative,
                "programme": _event.c.programme,
                "country": _event.c.country,
                "site": _event.c.site_id,
                "event": _event.c.event,
                "year": extract("year", _event.c.dated_on).cast(Integer),
            },
            {"initiative": "ai-factories"},
            timeline_questions.milestones(),
        ),
        _list(
            "flows",
            _flow,
            {
                "stage": _flow.c.stage,
                "basis": _flow.c.basis,
                "from_node": _flow.c.from_node,
                "to_node": _flow.c.to_node,
            },
            {"stage": "programmed"},
        ),
        _list(
            "overlaps",
            schema.overlaps,
            {
                "programme": _whole.c.programme,
                "initiative": _whole.c.initiative,
                "stage": _whole.c.stage,
                "basis": _whole.c.basis,
            },
            {"programme": "digital-europe"},
            _edges,
        ),
        _list(
            "projects",
            _project,
            {
                "programme": _project.c.programme,
                "country": _project.c.country,
                "year": _project.c.year,
                "status": _project.c.status,
                "ai_scope": _project.c.ai_scope,
            },
            {"programme": "horizon-europe"},
        ),
        _list(
            "calls",
            _call,
            {"programme": _call.c.programme, "status": _call.c.status, "ai_scope": _call.c.ai_scope},
            {"programme": "horizon-europe"},
        ),
        _list("participations", _part_of, {"country": _part_of.c.country}, {"country": "CA"}),
    )
}
