"""The Compare page: two to six countries side by side. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd

from pages.parts import figures
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.text import comparison as text
from pages.parts.text import euros_by_country, formatting, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views.euros import entries_behind
from pipelines import frame_rows
from pipelines.queries import comparison as ask
from pipelines.queries import euros
from pipelines.queries.choice import Choice
from pipelines.queries.release_answers import ReleaseData

DEFAULT = ("FR", "IT")
LEAST, MOST = 2, 6


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the address of the Compare page."""
    return [
        Parameter("country", tuple(answers.labels("countries")), DEFAULT, several=True),
        Parameter("stage", tuple(answers.labels("stages")), ("committed",)),
        Parameter("basis", tuple(answers.labels("bases")), ("eu-contribution",)),
    ]


def _choice(values: Values) -> Choice:
    return Choice(stage=values["stage"][0], basis=values["basis"][0], located=True, bodies="out")


def _names(answers: ReleaseData, values: Values, locale: str) -> list[str]:
    labels = answers.labels("countries", locale)
    return [formatting.country(code, labels[code], locale) for code in values["country"]]


class Words(NamedTuple):
    """What the page says beside its figure. options: word of the address → code → label. number: how many
    countries are chosen; is_comparable: neither too few nor too many.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    number: int
    is_comparable: bool


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figure."""
    number = len(values["country"])
    is_comparable = LEAST <= number <= MOST
    rows = _rows(answers, values, locale) if 1 <= number <= MOST else []
    headline = text.headline(rows, locale) if rows else say(text.TOO_FEW, locale)
    answer = Answer(headline, say(text.STANDFIRST, locale), text.title(rows, locale) if rows else "")
    labels = answers.labels("countries", locale)
    options = {
        "country": {code: formatting.country(code, label, locale) for code, label in labels.items()},
        "stage": answers.labels("stages", locale),
        "basis": answers.labels("bases", locale),
    }
    return Words(answer, options, number, is_comparable)


def _rows(answers: ReleaseData, values: Values, locale: str) -> list[dict[str, object]]:
    rows = frame_rows.records(answers.read(ask.countries, _choice(values), values["country"]))
    return [
        {**row, "country_label": formatting.country(row["country"], row["country_label"], locale)}
        for row in rows
    ]


def compare(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Small multiples of the chosen countries; None if none or more than six are chosen."""
    if not 1 <= len(values["country"]) <= MOST:
        return None
    chosen = _choice(values)
    records = _rows(answers, values, locale)
    rows = pd.DataFrame(records, dtype=object)
    credit, total = answers.read(euros.credit, chosen), answers.row(euros.totals, chosen)
    union = answers.read(euros.union_size)
    title = text.title(records, locale)
    is_lacking = any(row[measure] is None for row in records for measure in text.PANELS)
    kind = answers.labels("stages", locale)[chosen.stage], answers.labels("bases", locale)[chosen.basis]

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCH, locale))] if is_lacking else []

    subtitle = say(
        text.SUBTITLE,
        locale,
        countries=formatting.listed(_names(answers, values, locale), locale=locale),
        stage=kind[0],
        basis=kind[1],
    )
    columns = {name: say(column, locale) for name, column in text.COLUMNS.items()}
    return Figure(
        name="compare",
        title=title,
        subtitle=subtitle,
        alt=tables.alt(title, subtitle, *text.alt(records, locale), locale=locale),
        source=formatting.paragraph(
            tables.credit_line(credit, total, locale=locale),
            *(euros_by_country.denominators(rows, union, per, locale) for per in ("person", "gdp")),
        ),
        rows=rows,
        draw=functools.partial(figures.compare, rows, locale=locale),
        table=_table(rows, columns, locale),
        numbers=tuple(name for column, name in columns.items() if column != "country_label"),
        sources=(
            *tables.sources(credit, locale),
            *(source for per in ("person", "gdp") for source in euros_by_country.sources(union, per, locale)),
        ),
        key=key,
        questions=((ask.countries, chosen, values["country"]),),
        taken_off=(ask.removed, chosen, values["country"]),
        values=tuple(_value(chosen, row, locale) for row in records if row["amount_eur"] is not None),
    )


def _value(chosen: Choice, row: dict[Any, Any], locale: str) -> Value:
    measures = [text.worded(row[name], name, locale) for name in text.PANELS if name != "amount_eur"]
    titles = [say(text.PANELS[name], locale) for name in text.PANELS if name != "amount_eur"]
    question = entries_behind(chosen, country=row["country"], is_removed=False)
    said = text.worded(row["amount_eur"], "amount_eur", locale)
    return Value(str(row["country_label"]), said, question, tuple(zip(titles, measures, strict=True)))


def _table(rows: pd.DataFrame, columns: dict[str, str], locale: str) -> pd.DataFrame:
    shown = rows.copy()
    for name in ("eur_per_person", "percent_of_gdp", "percent_of_countries"):
        shown[name] = [text.worded(value, name, locale) for value in rows[name]]
    shown["population"] = [
        formatting.no_data(locale) if value is None else formatting.whole(value, locale)
        for value in rows["population"]
    ]
    for name in ("amount_eur", "gdp_eur"):
        shown[name] = [
            formatting.no_data(locale) if value is None else formatting.plain_euros(value, locale)
            for value in rows[name]
        ]
    return tables.table(shown, columns, locale=locale)
