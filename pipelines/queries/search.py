"""Everything that can be found by its name, and finding it: sites, countries, programmes, initiatives,
beneficiaries, projects, calls, documents and published amounts.

The questions are values; `found` asks them of a release and keeps the index of their answers.
"""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from babel import Locale
from sqlalchemy import (
    ColumnElement,
    Date,
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
    union_all,
)
from sqlalchemy.types import TypeEngine

from pipelines import frame_rows, reference, schema
from pipelines.column_factories import EURO
from pipelines.queries import ai_project_sums, euros, sites
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData
from pipelines.queries.search_index import Index, Name
from pipelines.queries.search_spelling import words

Rows = Select[Any]

KINDS = (
    "site",
    "country",
    "programme",
    "initiative",
    "beneficiary",
    "project",
    "call",
    "number",
    "document",
)
"""What can be found, in the order in which a choice offers it."""

_PREFERENCE = {"number": 0.93, "call": 0.92, "project": 0.95, "beneficiary": 0.94, "document": 0.8}
LOCALES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt",
    "nl", "pl", "pt", "ro", "sk", "sl", "sv", "is", "nb", "tr", "uk",
)  # fmt: skip
"""Languages whose names of countries are found: those of the EU and of its neighbours."""

SMALL_WORDS = frozenset(
    [
        "a",
        "al",
        "and",
        "d",
        "da",
        "das",
        "de",
        "degli",
        "dei",
        "del",
        "della",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "ed",
        "en",
        "et",
        "for",
        "fur",
        "i",
        "im",
        "in",
        "l",
        "la",
        "le",
        "les",
        "na",
        "of",
        "og",
        "the",
        "und",
        "van",
        "voor",
        "w",
        "y",
        "z",
        "za",
        "zu",
        "zur",
    ]
)
MOST = 50
LEAST_SCORE, LEAST_OF_BEST = 0.3, 0.6
_COLUMNS: Mapping[str, TypeEngine[Any]] = {
    "kind": String(),
    "code": String(),
    "name": String(),
    "beside": String(),
    "detail": String(),
    "country": String(),
    "programme": String(),
    "initiative": String(),
    "stage": String(),
    "basis": String(),
    "amount_eur": EURO,
    "qualifier": String(),
    "entries": Integer(),
    "link": String(),
    "dated_on": Date(),
}


class Thing(NamedTuple):
    """One thing that can be found.

    kind: of KINDS. code: its identity there. detail: its kind, topic or tier as a code, or the code of its
    name. amount_eur: how much, with stage, basis and qualifier; None where nothing is published. entries: how
    many lines or entries the amount is the sum of. link: the document.
    """

    kind: str
    code: str
    name: str
    beside: str = ""
    detail: str = ""
    country: str = ""
    programme: str = ""
    initiative: str = ""
    stage: str = ""
    basis: str = ""
    amount_eur: Decimal | None = None
    qualifier: str = ""
    entries: int = 0
    link: str = ""
    dated_on: date | None = None


class Hit(NamedTuple):
    """A thing that fits a question, and how well, from 0 to 1."""

    thing: Thing
    score: float


# --- the questions


def _row(kind: str, **cells: ColumnElement[Any]) -> Rows:
    """A select of the columns of a thing; what is not given is empty."""
    columns: list[ColumnElement[Any]] = [literal(kind).label("kind")]
    for name, of in list(_COLUMNS.items())[1:]:
        empty = literal(1) if name == "entries" else null()
        columns.append(cast(cells.get(name, empty), of).label(name))
    return select(*columns)


def _largest_whole(group: ColumnElement[Any], *first: ColumnElement[Any]) -> Any:
    """The whole that stands for a programme or initiative: its largest entry in force.

    first: what comes before size.
    """
    entry = schema.ledger
    place = func.row_number().over(
        partition_by=group, order_by=(*first, entry.c.amount_eur.desc(), entry.c.entry_id)
    )
    return (
        select(
            group.label("code"),
            entry.c.stage,
            entry.c.basis,
            entry.c.amount_eur,
            entry.c.qualifier,
            entry.c.source_url,
            entry.c.dated_on,
            place.label("place"),
        )
        .where(
            entry.c.level == "whole",
            entry.c.superseded_on.is_(None),
            entry.c.price_basis == "current",
            entry.c.amount_eur.is_not(None),
        )
        .subquery()
    )


def _sites() -> Rows:
    site = sites.sites().order_by(None).subquery()
    beside = func.concat_ws(" ", site.c.city, site.c.host_entity, site.c.kind_label, site.c.country_label)
    return _row(
        "site",
        code=site.c.site_id,
        name=site.c.name,
        beside=func.concat_ws(" ", func.replace(site.c.site_id, "-", " "), beside),
        detail=site.c.kind,
        country=site.c.country,
        stage=site.c.total_stage,
        basis=case((site.c.total_eur.is_not(None), literal("total-cost"))),
        amount_eur=site.c.total_eur,
        qualifier=site.c.total_qualifier,
    ).select_from(site)


def _vocabulary(kind: str, vocabulary: Any, whole: Any) -> Rows:
    return _row(
        kind,
        code=vocabulary.c.code,
        name=vocabulary.c.label,
        beside=func.concat_ws(" ", vocabulary.c.official, vocabulary.c.code),
        stage=whole.c.stage,
        basis=whole.c.basis,
        amount_eur=whole.c.amount_eur,
        qualifier=whole.c.qualifier,
        link=whole.c.source_url,
        dated_on=whole.c.dated_on,
    ).select_from(vocabulary.outerjoin(whole, and_(whole.c.code == vocabulary.c.code, whole.c.place == 1)))


def _beneficiaries() -> Rows:
    """Legal persons: those of the ledger and the partners of projects, each with its largest sum at one stage
    and basis.
    """
    entry, part, country = schema.ledger, schema.participations, schema.countries
    received = (
        select(
            entry.c.beneficiary.label("name"),
            entry.c.country,
            entry.c.stage,
            entry.c.basis,
            func.sum(entry.c.amount_eur).label("amount_eur"),
            func.count().label("entries"),
        )
        .where(
            entry.c.beneficiary.is_not(None),
            entry.c.superseded_on.is_(None),
            entry.c.level.in_(("line", "award")),
        )
        .group_by(entry.c.beneficiary, entry.c.country, entry.c.stage, entry.c.basis)
    )
    partners = (
        select(
            part.c.name,
            part.c.country,
            literal("contracted"),
            literal("eu-contribution"),
            func.sum(part.c.net_eu_contribution_eur),
            func.count(),
        )
        .where(part.c.name.is_not(None))
        .group_by(part.c.name, part.c.country)
    )
    both = union_all(received, partners).subquery()
    place = func.row_number().over(
        partition_by=(func.upper(both.c.name), both.c.country),
        order_by=(both.c.amount_eur.desc().nulls_last(), both.c.stage, both.c.basis),
    )
    known = select(both, place.label("place")).subquery()
    return (
        _row(
            "beneficiary",
            code=known.c.name,
            name=known.c.name,
            beside=country.c.label,
            detail=ai_project_sums.name_code(known.c.name),
            country=known.c.country,
            stage=known.c.stage,
            basis=known.c.basis,
            amount_eur=known.c.amount_eur,
            qualifier=literal("exact"),
            entries=known.c.entries,
        )
        .select_from(known.outerjoin(country, country.c.code == known.c.country))
        .where(known.c.place == 1)
    )


def _projects() -> Rows:
    project, entry = schema.projects, schema.ledger
    line = (
        select(
            entry.c.project_id,
            func.min(entry.c.heading).label("heading"),
            func.min(entry.c.stage).label("stage"),
            func.min(entry.c.basis).label("basis"),
            func.min(entry.c.source_url).label("source_url"),
        )
        .where(entry.c.project_id.is_not(None))
        .group_by(entry.c.project_id)
        .subquery()
    )
    return _row(
        "project",
        code=project.c.project_id,
        name=func.coalesce(project.c.acronym, project.c.title, line.c.heading, project.c.project_id),
        beside=func.concat_ws(
            " ", project.c.title, project.c.topic, func.replace(project.c.project_id, ":", " ")
        ),
        detail=project.c.ai_scope,
        country=project.c.country,
        programme=project.c.programme,
        stage=line.c.stage,
        basis=line.c.basis,
        amount_eur=project.c.eu_contribution_eur,
        qualifier=literal("exact"),
        link=func.coalesce(project.c.source_url, line.c.source_url),
    ).select_from(project.outerjoin(line, line.c.project_id == project.c.project_id))


def _calls() -> Rows:
    call = schema.calls
    return _row(
        "call",
        code=call.c.call_id,
        name=call.c.title,
        beside=func.concat_ws(" ", call.c.topic, call.c.call, call.c.call_title),
        detail=call.c.topic,
        programme=call.c.programme,
        amount_eur=call.c.budget_once_eur,
        qualifier=literal("exact"),
        link=call.c.link,
        dated_on=call.c.closes_on,
    ).select_from(call)


def _numbers() -> Rows:
    """Published amounts in force but for lines of lists, which are found by beneficiary and project."""
    entry, programme, initiative, stage = (
        schema.ledger,
        schema.programmes,
        schema.initiatives,
        schema.stages,
    )
    beside = func.concat_ws(
        " ", programme.c.label, initiative.c.label, stage.c.label, entry.c.year, entry.c.site_id
    )
    return (
        _row(
            "number",
            code=entry.c.entry_id,
            name=entry.c.heading,
            beside=beside,
            country=entry.c.country,
            programme=entry.c.programme,
            initiative=entry.c.initiative,
            stage=entry.c.stage,
            basis=entry.c.basis,
            amount_eur=entry.c.amount_eur,
            qualifier=entry.c.qualifier,
            link=entry.c.source_url,
            dated_on=entry.c.dated_on,
        )
        .select_from(
            entry.join(programme, programme.c.code == entry.c.programme)
            .join(stage, stage.c.code == entry.c.stage)
            .outerjoin(initiative, initiative.c.code == entry.c.initiative)
        )
        .where(entry.c.level != "line", entry.c.superseded_on.is_(None), entry.c.heading.is_not(None))
    )


def _documents() -> Rows:
    document, entry = schema.documents, schema.ledger
    cited = (
        select(
            entry.c.source_url, func.count().label("entries"), func.max(entry.c.dated_on).label("dated_on")
        )
        .group_by(entry.c.source_url)
        .subquery()
    )
    path = func.regexp_replace(document.c.source_url, "^https?://(www\\.)?|[?#].*$", "", "g")
    return _row(
        "document",
        code=document.c.source_url,
        name=document.c.publisher,
        beside=func.regexp_replace(path, "[^A-Za-z0-9]+", " ", "g"),
        detail=document.c.tier,
        entries=func.coalesce(cited.c.entries, 0),
        link=document.c.source_url,
        dated_on=cited.c.dated_on,
    ).select_from(document.outerjoin(cited, cited.c.source_url == document.c.source_url))


def things() -> Rows:
    """Everything that can be found but countries, a row each: the columns of `Thing`."""
    whole_of_programme = _largest_whole(
        schema.ledger.c.programme,
        schema.ledger.c.initiative.is_not(None),
        schema.ledger.c.basis != "eu-contribution",
    )
    whole_of_initiative = _largest_whole(schema.ledger.c.initiative)
    parts = (
        _sites(),
        _vocabulary("programme", schema.programmes, whole_of_programme),
        _vocabulary("initiative", schema.initiatives, whole_of_initiative),
        _beneficiaries(),
        _projects(),
        _calls(),
        _numbers(),
        _documents(),
    )
    every = union_all(*parts).subquery()
    return select(every).order_by(every.c.kind, every.c.code)


RECEIVED = Choice(stage="committed", basis="eu-contribution", located=True, bodies="out")
"""What a country got, as the search says it: EU contributions committed to recipients there."""


# --- finding


class Catalogue(NamedTuple):
    """What can be found in a release. names: their index. of_name: place of a
    name there → place of its thing."""

    things: tuple[Thing, ...]
    names: Index
    of_name: tuple[int, ...]


def _countries(answers: ReleaseData) -> list[Thing]:
    got = {row["country"]: row for row in frame_rows.records(answers.read(euros.countries, RECEIVED))}
    found = []
    for code, label in answers.labels("countries").items():
        thing = Thing("country", code, label, beside=code, country=code)
        if row := got.get(code):
            thing = thing._replace(
                stage=RECEIVED.stage,
                basis=RECEIVED.basis,
                amount_eur=row["amount_eur"],
                qualifier="exact",
                entries=int(row["entries"]),
            )
        found.append(thing)
    return found


def _thing(row: Mapping[Any, Any]) -> Thing:
    empty = {"amount_eur": None, "dated_on": None}
    cells: dict[str, Any] = {
        name: empty.get(name, "") if row[name] is None else row[name] for name in _COLUMNS
    }
    return Thing(**cells)


def _names_of(thing: Thing) -> list[str]:
    """The other names of a thing, in other languages."""
    if thing.kind == "call":
        return [thing.detail]
    if thing.kind != "country":
        return list(_other_names().get((thing.kind, thing.code), ()))
    codes = {"EL": "GR", "UK": "GB"}
    territory = codes.get(thing.code, thing.code)
    names = (Locale.parse(locale).territories.get(territory, "") for locale in LOCALES)
    return [name for name in dict.fromkeys(names) if name and name != thing.name]


@lru_cache(maxsize=1)
def _other_names() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in reference.read_rows("search_names"):
        if row["kind"] not in ("word", "place"):
            found.setdefault((row["kind"], row["code"]), []).extend(row["names"].split(";"))
    return found


def translations(kind: str = "word") -> list[list[str]]:
    """Words that mean the same in several languages; with the kind `place` the names of cities."""
    return [row["names"].split(";") for row in reference.read_rows("search_names") if row["kind"] == kind]


def initials(name: str) -> str:
    """The first letters of a name of three words and more, without its small words: dfki; "" of another."""
    long = [word for word in words(name) if word not in SMALL_WORDS]
    return "".join(word[0] for word in long) if len(long) >= 3 else ""


def catalogue_of(found: Collection[Thing]) -> Catalogue:
    """Things, ready to be found."""
    every = tuple(found)
    names: list[Name] = []
    of_name: list[int] = []
    for place, thing in enumerate(every):
        beside = f"{thing.beside} {initials(thing.name)}" if thing.kind == "beneficiary" else thing.beside
        for name in (thing.name, *_names_of(thing)):
            names.append(Name(name, beside))
            of_name.append(place)
    return Catalogue(every, Index(names, translations(), translations("place")), tuple(of_name))


_building = Lock()


@lru_cache(maxsize=4)
def _catalogue(answers: ReleaseData) -> Catalogue:
    rows = frame_rows.records(answers.read(things))
    return catalogue_of([*_countries(answers), *map(_thing, rows)])


def catalogue(answers: ReleaseData) -> Catalogue:
    """What can be found in a release, indexed once for all readers."""
    with _building:
        return _catalogue(answers)


def found(known: Catalogue, question: str, kinds: Collection[str] = (), most: int = MOST) -> list[Hit]:
    """The things that fit a question, the best first, at most `most`. kinds: of KINDS; empty means all."""
    best: dict[int, float] = {}
    for name in known.names.find(question, 4 * MOST if not kinds else len(known.of_name)):
        place = known.of_name[name.place]
        thing = known.things[place]
        if not kinds or thing.kind in kinds:
            score = name.score * _PREFERENCE.get(thing.kind, 1.0)
            best[place] = max(best.get(place, 0.0), score)
    top = max(best.values(), default=0.0)
    least = max(LEAST_SCORE, LEAST_OF_BEST * top)
    hits = [Hit(known.things[place], score) for place, score in best.items() if score >= least]
    return sorted(hits, key=_order)[:most]


def _order(hit: Hit) -> tuple[float, int, Decimal, str, str]:
    thing = hit.thing
    kind = KINDS.index(thing.kind)
    return (-round(hit.score, 3), kind, -(thing.amount_eur or Decimal(0)), thing.name, thing.code)
