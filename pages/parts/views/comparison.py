"""The Compare page: two to six countries, programmes, initiatives or sites side by side. Pure."""

import functools
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Select

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Source, Value
from pages.parts.text import comparison as text
from pages.parts.text import euros_by_country, euros_page, formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views.euros import entries_behind
from pipelines import frame_rows
from pipelines.queries import comparison as ask
from pipelines.queries import compute_cost, euros, provenance, sites
from pipelines.queries.choice import Choice
from pipelines.queries.compiled_sql import Code, Codes
from pipelines.queries.release_answers import ReleaseData

DEFAULTS = {
    "country": ("FR", "IT"),
    "programme": ("digital-europe", "horizon-europe"),
    "initiative": ("ai-factories", "eurohpc-ju"),
    "site": ("jupiter", "euroqcs-spain"),
}
USUAL = {
    "country": {"stage": "committed", "basis": "eu-contribution"},
    "programme": {"stage": "committed", "basis": "eu-contribution"},
    "initiative": {"stage": "programmed", "basis": "eu-contribution"},
    "site": {"stage": "programmed", "basis": "total-cost"},
}
"""The stage and kind of euro at which most things of a kind have an amount: where a choice of it begins."""

DEFLATORS = {"constant-2018": euros.DEFLATOR, "gdp-2018": euros.GDP_DEFLATOR}
LEAST, MOST, MOST_WAYS = 2, 6, 3
COLUMN = {"country": "country", "programme": "programme", "initiative": "initiative", "site": "site_id"}
LABEL = {**{what: f"{what}_label" for what in COLUMN}, "site": "site_name"}
Asked = tuple[Callable[..., Select[Any]], tuple[Hashable, ...]]


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the address of the Compare page."""
    allowed = {
        "country": tuple(answers.labels("countries")),
        "programme": tuple(answers.labels("programmes")),
        "initiative": tuple(answers.labels("initiatives")),
        "site": tuple(answers.read(sites.sites)["site_id"]),
    }
    things = [
        Parameter(what, codes, tuple(code for code in DEFAULTS[what] if code in codes), several=True)
        for what, codes in allowed.items()
    ]
    return [
        Parameter("what", tuple(text.WHAT), ("country",)),
        *things,
        Parameter("stage", tuple(answers.labels("stages")), ("committed",)),
        Parameter("basis", tuple(answers.labels("bases")), ("eu-contribution",)),
        Parameter("prices", tuple(text.PRICES), ("current",)),
        Parameter("currency", ("EUR", *answers.read(euros.rates)["quote"]), ("EUR",)),
        Parameter("unit", compute_cost.UNITS, ("accelerator",)),
    ]


def _choice(what: str, values: Values) -> Choice:
    """The entries that may be compared. Of countries those of all: each is a part of them."""
    chosen = Choice(stage=values["stage"][0], basis=values["basis"][0])
    match what:
        case "country":
            return replace(chosen, located=True, bodies="out")
        case "programme":
            return replace(chosen, programme=tuple(values[what]))
        case "initiative":
            return replace(chosen, initiative=tuple(values[what]))
    return chosen


def _asked(what: str, values: Values) -> Asked:
    """The question of a figure and what it is given."""
    chosen, codes = _choice(what, values), Codes(values[what])
    currency = "" if values["currency"] == ("EUR",) else values["currency"][0]
    money = (DEFLATORS.get(values["prices"][0], ask.NONE), Code(currency))
    match what:
        case "country":
            return ask.countries, (chosen, codes, *money)
        case "site":
            return ask.sites, (codes, Code(chosen.stage), Code(chosen.basis), *money)
        case "programme":
            return ask.programmes, (chosen, *money)
    return ask.initiatives, (chosen, *money)


def _rows(answers: ReleaseData, what: str, values: Values, locale: str) -> list[dict[Any, Any]]:
    """The rows of a figure, each with its name."""
    question, given = _asked(what, values)
    rows = frame_rows.records(answers.read(question, *given))
    labels = filter_labels.labels(answers, "country", locale) if what == "country" else {}
    return [{**row, "name": labels.get(row[COLUMN[what]], row[LABEL[what]])} for row in rows]


def _panels(what: str, values: Values) -> tuple[str, ...]:
    """The measures that are drawn."""
    own = text.COUNTRY_PANELS if what == "country" else text.OTHER_PANELS
    constant = ("constant_eur",) if values["prices"] != ("current",) else ()
    currency = ("currency_amount",) if values["currency"] != ("EUR",) else ()
    return (*own, *constant, *currency)


class Nothing(NamedTuple):
    """What to say where none of the compared has an amount. ways: label, and choices, of each way on."""

    strong: str
    sentence: str
    ways: list[tuple[str, dict[str, str]]]


class Words(NamedTuple):
    """What the page says beside its figure. options: word of the address → code → label. number: how many
    are chosen; is_comparable: neither too few nor too many. nothing: None if there is an amount.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    number: int
    is_comparable: bool
    nothing: Nothing | None


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figure."""
    what = values["what"][0]
    number = len(values[what])
    rows = _rows(answers, what, values, locale) if 1 <= number <= MOST else []
    kind = _kind(answers, values, locale)
    headline = text.headline(what, rows, *kind, locale) if rows else say(text.TOO_FEW[what], locale)
    title = text.title(what, rows, locale) if rows else ""
    labels = {name: filter_labels.labels(answers, name, locale) for name in text.WHAT}
    options = {
        **labels,
        "what": {code: say(label, locale) for code, label in text.WHAT.items()},
        "stage": answers.labels("stages", locale),
        "basis": answers.labels("bases", locale),
        "prices": {code: say(label, locale) for code, label in text.PRICES.items()},
    }
    is_nothing = bool(rows) and all(row["amount_eur"] is None and not text.is_several(row) for row in rows)
    return Words(
        Answer(headline, say(text.STANDFIRSTS[what], locale), title),
        options,
        number,
        LEAST <= number <= MOST,
        _nothing(answers, what, values, rows, kind, locale) if is_nothing else None,
    )


def _kind(answers: ReleaseData, values: Values, locale: str) -> tuple[str, str]:
    """The labels of stage and basis."""
    stages, bases = answers.labels("stages", locale), answers.labels("bases", locale)
    return stages[values["stage"][0]], bases[values["basis"][0]]


def _nothing(
    answers: ReleaseData,
    what: str,
    values: Values,
    rows: list[dict[Any, Any]],
    kind: tuple[str, str],
    locale: str,
) -> Nothing:
    """No amount: at which other stages there are some."""
    found = frame_rows.records(answers.read(ask.published, COLUMN[what], Codes(values[what])))[:MOST_WAYS]
    ways = [
        (
            say(
                text.KIND_OF_EURO,
                locale,
                stage=formatting.sentence(row["stage_label"]),
                basis=row["basis_label"],
            ),
            {"stage": row["stage"], "basis": row["basis"]},
        )
        for row in found
    ]
    strong = say(text.NOTHING, locale, stage=kind[0], basis=kind[1], names=text.names(rows))
    why = say(text.NOTHING_WHY, locale, number=len(ways)) if ways else say(text.NOTHING_AT_ALL, locale)
    return Nothing(strong, why, ways)


def compare(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The chosen countries side by side; None if none or more than six are chosen."""
    return _compared("compare", "country", answers, values, locale)


def compare_programmes(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The chosen programmes side by side; None if none or more than six are chosen."""
    return _compared("compare_programmes", "programme", answers, values, locale)


def compare_initiatives(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The chosen initiatives side by side; None if none or more than six are chosen."""
    return _compared("compare_initiatives", "initiative", answers, values, locale)


def compare_sites(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The chosen sites side by side; None if none or more than six are chosen."""
    return _compared("compare_sites", "site", answers, values, locale)


FIGURE_OF = {
    "country": "compare",
    "programme": "compare_programmes",
    "initiative": "compare_initiatives",
    "site": "compare_sites",
}


def _compared(name: str, what: str, answers: ReleaseData, values: Values, locale: str) -> Figure | None:
    if not 1 <= len(values[what]) <= MOST:
        return None
    question, given = _asked(what, values)
    records, panels = _rows(answers, what, values, locale), _panels(what, values)
    prices = values["prices"][0]
    deflators: list[dict[Any, Any]] = []
    if prices in DEFLATORS:
        deflators = frame_rows.records(answers.read(euros.deflators, DEFLATORS[prices]))
    stage, basis = _kind(answers, values, locale)
    title = text.title(what, records, locale)
    is_lacking = any(row[measure] is None for row in records for measure in panels)

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCH, locale))] if is_lacking else []

    subtitle = formatting.paragraph(
        say(text.SUBTITLE, locale, names=text.names(records), stage=stage, basis=basis),
        "" if what == "country" else say(text.COUNTRIES_ALONE, locale),
        text.other_money(records, prices, deflators, locale),
    )
    titles = {measure: text.panel_title(measure, records, locale) for measure in panels}
    drawn = pd.DataFrame(
        [
            {
                **{column: row[column] for column in ("name", "stage", "basis", *panels)},
                **{f"{measure}_said": text.worded(row, measure, locale) for measure in panels},
            }
            for row in records
        ],
        dtype=object,
    )
    sizes = ("population", "gdp_eur", "entries") if what == "country" else ("entries", "entries_unknown")
    columns = {**titles, **{column: say(text.COLUMNS[column], locale) for column in sizes}}
    thing = say(text.THING[what], locale)
    table = pd.DataFrame(
        {
            thing: text.names(records),
            **{
                heading: [text.cell(row, column, locale) for row in records]
                for column, heading in columns.items()
            },
        },
        dtype=object,
    )
    credit, total = _credit(answers, what, values, records)
    union = answers.read(euros.union_size) if what == "country" else pd.DataFrame()
    rows = answers.read(question, *given)
    per = ("person", "gdp") if what == "country" else ()
    return Figure(
        name=name,
        title=title,
        subtitle=subtitle,
        alt=tables.alt(title, subtitle, *text.alt(records, panels, locale), locale=locale),
        source=formatting.paragraph(
            tables.credit_line(credit, total, locale=locale),
            text.whole(what, records, locale),
            *(euros_by_country.denominators(rows, union, measure, locale) for measure in per),
        ),
        rows=rows,
        draw=functools.partial(figures.compare, drawn, panels=titles, locale=locale),
        table=table,
        numbers=tuple(columns.values()),
        sources=(
            *tables.sources(credit, locale),
            *(source for measure in per for source in euros_by_country.sources(union, measure, locale)),
            *_deflator_sources(deflators, locale),
        ),
        key=key,
        questions=((question, *given),),
        taken_off=_taken_off(what, values),
        values=tuple(
            _value(what, values, row, titles, locale) for row in records if row["amount_eur"] is not None
        ),
    )


def _taken_off(what: str, values: Values) -> tuple[Any, ...]:
    """The question for what is left out of the amounts."""
    chosen = _choice(what, values)
    match what:
        case "country":
            return ask.removed, chosen, Codes(values[what])
        case "site":
            return ask.removed_of_sites, Codes(values[what]), Code(chosen.stage), Code(chosen.basis)
    return ask.removed_of_each, what, chosen


def _deflator_sources(deflators: list[dict[Any, Any]], locale: str) -> list[Source]:
    """The document of the index, if one is used."""
    return [euros_page.deflator_source(deflators[-1], locale)] if deflators else []


def _credit(
    answers: ReleaseData, what: str, values: Values, records: list[dict[Any, Any]]
) -> tuple[pd.DataFrame, dict[Any, Any]]:
    """The documents behind the compared, and how many entries they give."""
    chosen = _choice(what, values)
    if what == "country":
        return answers.read(euros.credit, chosen), answers.row(euros.totals, chosen)
    total = {name: sum(row[name] for row in records) for name in ("entries", "entries_unknown")}
    if what == "site":
        kind = Code(chosen.stage), Code(chosen.basis)
        return answers.read(ask.credit_of_sites, Codes(values["site"]), *kind), total
    return answers.read(euros.credit, chosen), total


def _value(what: str, values: Values, row: dict[Any, Any], titles: dict[str, str], locale: str) -> Value:
    """The amount of one row, with its other measures and the entries behind it."""
    chosen = _choice(what, values)
    facts = tuple(
        (heading, text.worded(row, measure, locale))
        for measure, heading in titles.items()
        if measure != "amount_eur"
    )
    said = text.worded(row, "amount_eur", locale)
    match what:
        case "country":
            behind = entries_behind(chosen, country=row["country"], is_removed=False)
        case "site":
            given = Codes(values["site"]), Code(chosen.stage), Code(chosen.basis)
            behind = provenance.entries_with(
                ask.behind_sites, *given, chosen_id=row["site_id"], is_removed=False
            )
        case _:
            cells = {what: row[what], "is_removed": False}
            behind = provenance.entries_with(ask.behind, what, chosen, **cells)
    return Value(str(row["name"]), said, behind, facts)
