"""The page about what is counted twice: which amount of an initiative or programme holds which, and what is
taken off a sum. Pure.
"""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures
from pages.parts.design_tokens import Theme, stage_colour
from pages.parts.figure_model import Figure, Mark, Source, Value
from pages.parts.figures.bars import MOST_BARS, drawn
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text
from pages.parts.text import formatting, tables
from pages.parts.text import overlaps as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views import euros, overview
from pages.parts.views.bars import MOST_VALUES
from pipelines import frame_rows
from pipelines.queries import euros as sums
from pipelines.queries import overlaps as ask
from pipelines.queries import provenance
from pipelines.queries.compiled_sql import Code
from pipelines.queries.release_answers import ReleaseData

OF_CHOICE = ("stage", "basis", "programme", "initiative", "level")
"""The words of the Euros page that say which sum is meant."""
PREFERRED = ("ai-continent", "investai")  # what the page speaks of first
OF_ONE_WHOLE = 4  # bars; the table has all
MOST_TOLD = 60  # pairs in sentences; the table and the files have all


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the address of the page."""
    ladders = next(found.allowed for found in overview.parameters(answers))
    first = next((code for code in PREFERRED if code in ladders), next(iter(ladders), ""))
    chosen = [found for found in euros.parameters(answers) if found.name in OF_CHOICE]
    return [Parameter("of", ladders, (first,) if first else ()), *chosen]


class Words(NamedTuple):
    """What the page says beside its figures. options: word of the address → code → label. nothing: what to
    say where the sum has nothing to take off. name: what the pairs are of.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    nothing: tuple[str, str] | None
    name: str


def _name(answers: ReleaseData, values: Values) -> str:
    code = next(iter(values["of"]), "")
    return overview.names(answers).get(code, code)


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figures."""
    name = _name(answers, values)
    nothing = None
    if answers.read(sums.removed, euros.choice(answers, values)).empty:
        entries = int(euros.total(answers, values)["entries"])
        nothing = (
            (
                say(text.NOTHING_TAKEN_OFF, locale),
                say(text.NOTHING_TAKEN_OFF_WHY, locale, number=entries),
            )
            if entries
            else (say(text.NO_AMOUNT, locale), say(text.NO_AMOUNT_WHY, locale))
        )
    return Words(
        text.nested_answer(_nested(answers, values), name, locale),
        {**euros.options(answers, values, locale), "of": overview.names(answers)},
        nothing,
        name,
    )


def _nested(answers: ReleaseData, values: Values) -> pd.DataFrame:
    return answers.read(ask.nested, Code(next(iter(values["of"]), "")))


def _labels(answers: ReleaseData) -> dict[str, str]:
    return {**answers.labels("stages"), **answers.labels("bases")}


def amounts_inside(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Which amount of an initiative or programme holds which. None if none is inside another."""
    rows = _nested(answers, values)
    if rows.empty:
        return None
    name, labels = _name(answers, values), _labels(answers)
    title = text.nested_answer(rows, name, locale).title
    sentences = [text.nested_sentence(row, labels, locale) for row in frame_rows.records(rows)]
    return _figure(
        "amounts_inside",
        rows,
        "amount_eur",
        title,
        say(text.SUBTITLE, locale, name=name, number=len(rows)),
        sentences,
        text.nested_table(rows, locale),
        (text.COLUMNS["whole_eur"], text.COLUMNS["part_eur"]),
        (ask.nested, Code(next(iter(values["of"]), ""))),
        locale,
    )


def counted_twice(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """What is taken off the sum of a choice, and why. None if nothing is."""
    chosen = euros.choice(answers, values)
    rows = answers.read(sums.removed, chosen)
    if rows.empty:
        return None
    labels = _labels(answers)
    subtitle = say(
        text.SUM_SUBTITLE, locale, number=len(rows), stage=labels[chosen.stage], basis=labels[chosen.basis]
    )
    limits = only(answers, values, "programme", "initiative", locale=locale)
    return _figure(
        "counted_twice",
        rows,
        "amount_eur",
        text.sum_title(rows, locale),
        f"{subtitle}{limits}",
        [text.removed_sentence(row, locale) for row in frame_rows.records(rows)],
        text.removed_table(rows, locale),
        tuple(text.SUM_COLUMNS[column] for column in ("part_eur", "amount_eur", "whole_eur")),
        (sums.removed, chosen),
        locale,
    )


def _figure(
    name: str,
    rows: pd.DataFrame,
    part: str,
    title: str,
    subtitle: str,
    sentences: list[str],
    table: pd.DataFrame,
    numbers: tuple[Any, ...],
    question: tuple[Any, ...],
    locale: str,
) -> Figure:
    """Pairs of a whole and what is inside it. part: the column of the amount in the dark part of a bar."""
    bars, left_out = text.drawn(rows, part, OF_ONE_WHOLE, locale)
    has_hatch = any(formatting.is_missing(row["amount"]) for row in drawn(bars, "wide"))
    records = frame_rows.records(rows)

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.HATCH, locale))] if has_hatch else []

    return Figure(
        name=name,
        title=title,
        subtitle=subtitle,
        alt=tables.alt(title, *sentences[: MOST_BARS["wide"]], locale=locale),
        source=say(
            text.SOURCES, locale, publishers=tables.publishers(rows["publisher"], locale), number=len(rows)
        ),
        rows=rows,
        draw=functools.partial(figures.bars, bars, others=left_out, colour_of=stage_colour, locale=locale),
        table=table,
        numbers=tuple(say(column, locale) for column in numbers),
        sources=_documents(records),
        key=key,
        questions=(question,),
        values=tuple(
            Value(
                text.pair_name(row, locale),
                said,
                functools.partial(provenance.by_ids, row["entry_id"]),
                ((say(text.BESIDE, locale), sentence),),
                (Source("", row["publisher"], row["tier_label"], row["source_url"]),),
            )
            for row, sentence, said in zip(records, sentences, _amounts(records, part, locale), strict=True)
            if row["entry_id"]
        )[:MOST_VALUES],
    )


def _amounts(records: list[dict[Any, Any]], part: str, locale: str) -> list[str]:
    return [formatting.euros(row[part], row.get("qualifier") or "exact", None, locale) for row in records]


def _documents(records: list[dict[Any, Any]]) -> tuple[Source, ...]:
    """The documents that say which amount includes which, each once."""
    return tuple(
        {
            row["source_url"]: Source("", row["publisher"], row["tier_label"], row["source_url"])
            for row in records
        }.values()
    )


def story(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> pa.Table:
    """The pairs of `amounts_inside` in a sentence each, with the address of the document."""
    labels = _labels(answers)
    rows = frame_rows.records(_nested(answers, values))
    sentences = [text.nested_sentence(row, labels, locale) for row in rows]
    return _told(sentences, rows, locale)


def sum_story(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> pa.Table:
    """The amounts of `counted_twice` in a sentence each, with the address of the document."""
    rows = frame_rows.records(answers.read(sums.removed, euros.choice(answers, values)))
    return _told([text.removed_sentence(row, locale) for row in rows], rows, locale)


def _told(sentences: list[str], rows: list[dict[Any, Any]], locale: str) -> pa.Table:
    if len(rows) > MOST_TOLD:
        more = say(text.MORE_IN_TABLE, locale, number=len(rows) - MOST_TOLD)
        sentences = [*sentences[:MOST_TOLD], more]
        rows = [*rows[:MOST_TOLD], {"source_url": ""}]
    titles = say(text.STORY, locale), say(text.COLUMNS["source_url"], locale)
    told = pd.DataFrame({titles[0]: sentences, titles[1]: [row["source_url"] for row in rows]}, dtype=object)
    return as_text(told)
