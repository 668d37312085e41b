"""The Euros page: what can be chosen, its answer, and its figures: programme totals with the overlap ledger,
years, headings. Pure.
"""

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from sqlalchemy import Select

from pages.parts import figures
from pages.parts.design_tokens import Theme
from pages.parts.figure_model import Figure, Mark, Value
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text, spoken
from pages.parts.sharing import csv_export
from pages.parts.text import euros_by_country, formatting, headlines, tables
from pages.parts.text import euros_page as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import say
from pages.parts.text.where_we_looked import no_payment_in
from pages.parts.url_state import Parameter, Values
from pages.parts.views.searched_sources import search
from pipelines import frame_rows
from pipelines.queries import about, provenance
from pipelines.queries import euros as ask
from pipelines.queries.choice import CODES, EU_BASES, Choice, fits, without_codes
from pipelines.queries.release_answers import ReleaseData

# In English, for rooms that do not ask for the language of their reader yet.
COUNTS, PRICES, LEVELS = text.count_labels(), text.price_labels(), text.level_labels()


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Euros page's address."""
    return [
        Parameter("stage", tuple(answers.labels("stages")), ("programmed",)),
        Parameter("basis", tuple(answers.labels("bases")), ("eu-contribution",)),
        Parameter("programme", tuple(answers.labels("programmes")), several=True),
        Parameter("initiative", tuple(answers.labels("initiatives")), several=True),
        Parameter("level", (*text.LEVELS, *summable(answers)), ("envelopes",)),
        Parameter("count", tuple(text.COUNTS), ("net",)),
        Parameter("prices", tuple(text.PRICES), ("current",)),
        Parameter("per", tuple(euros_by_country.PER), ("country",)),
        Parameter("bodies", tuple(euros_by_country.BODIES), ("out",)),
        Parameter("currency", ("EUR", *answers.read(ask.rates)["quote"]), ("EUR",)),
    ]


def summable(answers: ReleaseData) -> dict[str, str]:
    """Levels whose amounts may be added, with their labels."""
    rows = answers.read(about.vocabulary, "levels")
    return {row.code: row.label for row in frame_rows.rows(rows) if row.is_summable}


def choice(answers: ReleaseData, values: Values) -> Choice:
    """The entries that an address stands for.

    “Programme totals first” falls back to everything where no programme total is published.
    """
    level = values["level"][0]
    chosen = Choice(
        stage=values["stage"][0],
        basis=values["basis"][0],
        level="" if level in text.LEVELS else level,
        programme=tuple(values["programme"]),
        initiative=tuple(values["initiative"]),
        funder=tuple(values.get("funder", ())),
        country=tuple(values.get("country", ())),
        year=tuple(int(year) for year in values.get("year", ())),
    )
    if level == "envelopes" and "whole" in available(answers, chosen, "level"):
        return replace(chosen, level="whole")
    return chosen


def available(answers: ReleaseData, chosen: Choice, *columns: str) -> Counter[Any]:
    """How many entries each value of a column, or of some columns together, would leave, all else as chosen.

    One question gives it for all choices of the page.
    """
    programmes = frame_rows.rows(answers.read(about.vocabulary, "programmes"))
    tracked = {row.code for row in programmes if row.is_tracked}
    entries: Counter[Any] = Counter()
    for cells in frame_rows.records(answers.read(ask.available, without_codes(chosen), *CODES)):
        if fits(chosen, cells, tracked, columns):
            found = tuple(cells[column] for column in columns)
            entries[found if len(found) > 1 else found[0]] += cells["entries"]
    return entries


def labels(answers: ReleaseData) -> dict[str, str]:
    """Code → label of levels, programmes, initiatives, stages, bases and countries."""
    return {
        name: label
        for each in ("countries", "levels", "programmes", "initiatives", "stages", "bases")
        for name, label in answers.labels(each).items()
    }


def removed_csv(answers: ReleaseData, values: Values) -> bytes:
    """What is removed and why, as a file."""
    return csv_export.csv(answers.read(ask.removed, choice(answers, values)), answers.release_id)()


def set_aside_csv(answers: ReleaseData, values: Values) -> bytes:
    """What fits the choice and is never added, as a file."""
    aside = answers.read(ask.set_aside, _everything(choice(answers, values)))
    return csv_export.csv(aside, answers.release_id)()


def taken_off(answers: ReleaseData, chosen: Choice) -> pd.DataFrame:
    """What is removed of a choice and why: rows of queries.euros.removed."""
    return _where_removed(answers, ask.removed, chosen)


def _where_removed(
    answers: ReleaseData, question: Callable[[Choice], Select[Any]], chosen: Choice
) -> pd.DataFrame:
    """The rows of a question about what is removed, which has none where nothing is."""
    sums = answers.row(ask.totals, chosen)
    is_any = sums["entries_removed"] or sums["removed_eur"]
    return answers.read(question, chosen) if is_any else answers.empty(question, chosen)


class Words(NamedTuple):
    """What the Euros page says beside its figures.

    options: word of the address → code → label. nothing: what to say where nothing is chosen, and what to
    offer. sum_line: as `sum_line`. sums: the sums of the page, each in one line. removed: what is counted
    twice, as a table. set_aside: what fits the choice and is never added, as a table.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    nothing: tuple[str, str, list[tuple[str, dict[str, str]]]] | None
    sum_line: tuple[str, str]
    sums: list[str]
    removed: pa.Table | None
    set_aside: pa.Table | None


def options(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> dict[str, dict[str, str]]:
    """What can be chosen: word of the address → code → label, which says what would leave nothing."""
    found = {
        word: dict(choice_labels(answers, values, vocabulary, word, locale))
        for word, vocabulary in (
            ("stage", "stages"),
            ("basis", "bases"),
            ("programme", "programmes"),
            ("initiative", "initiatives"),
        )
    }
    levels = {code: say(text.ONLY_LEVEL, locale, level=label) for code, label in summable(answers).items()}
    return {**found, "level": {**text.level_labels(locale), **levels}}


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figures."""
    is_empty = not total(answers, values)["entries"]
    chosen = choice(answers, values)
    removed, aside = (
        taken_off(answers, chosen),
        answers.read(ask.set_aside, _everything(chosen)),
    )
    return Words(
        answer(answers, values, locale),
        options(answers, values, locale),
        nothing(answers, values, locale) if is_empty else None,
        ("", "") if is_empty else sum_line(answers, values, locale),
        spoken(total_values(answers, values, locale)),
        as_text(text.removed_table(removed, locale), (say(text.EUROS, locale),)) if len(removed) else None,
        as_text(text.set_aside_table(aside, labels(answers), locale), (say(text.EUROS, locale),))
        if len(aside)
        else None,
    )


def total(answers: ReleaseData, values: Values) -> dict[Any, Any]:
    """Gross, removed and net of what is chosen: a row of queries.euros.totals."""
    return answers.row(ask.totals, choice(answers, values))


def answer(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Answer:
    """Headline and standfirst."""
    chosen = choice(answers, values)
    return headlines.euros(
        found(answers, chosen),
        _scope(answers, chosen, locale),
        labels(answers),
        values["count"] == ("gross",),
        text.kind_of_sum(chosen),
        not chosen.initiative,
        no_payment_in(
            text.scope(chosen, labels(answers), locale),
            labels(answers)[chosen.basis],
            search(answers),
            locale,
        ),
        locale,
    )


def _scope(answers: ReleaseData, chosen: Choice, locale: str) -> str:
    """What a choice looks into, in words; of payments, for which of its programmes there are any."""
    of, named = text.scope(chosen, labels(answers), locale), labels(answers)
    if chosen.stage != "paid":
        return of
    programmes = dict.fromkeys(answers.read(ask.envelopes, chosen)["programme"])
    if set(programmes) <= set(chosen.programme):
        return of
    return say(text.PAID_SCOPE, locale, scope=of, programmes=[named[code] for code in programmes])


def found(answers: ReleaseData, chosen: Choice) -> headlines.EurosFound:
    """What is known of a choice."""
    return headlines.EurosFound(
        answers.row(ask.totals, chosen),
        taken_off(answers, chosen),
        answers.read(ask.readings, chosen),
        _where_removed(answers, ask.splits, chosen),
        len(answers.read(ask.set_aside, _everything(chosen))),
    )


def _everything(chosen: Choice) -> Choice:
    """The same choice, at every level: what is never added has levels of its own."""
    return replace(chosen, level="")


def sum_line(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> tuple[str, str]:
    """The badge (what is removed, by how many overlaps) and the sum that leads to the net, in another
    currency and beside the size of the Union.
    """
    sums = total(answers, values)
    overlaps = len(taken_off(answers, choice(answers, values)))
    in_currency, per_size = _beside(answers, values, sums, locale)
    line = formatting.paragraph(text.net_line(sums, locale), in_currency, per_size)
    return text.removed_words(sums, overlaps, locale), line


def _beside(answers: ReleaseData, values: Values, sums: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """The net in another currency, and beside the size of the Union: a sentence each, "" if not chosen."""
    return (
        text.converted(sums, answers.read(ask.rates), values["currency"][0], locale),
        euros_by_country.of_union(sums["net_eur"], answers.read(ask.union_size), values["per"][0], locale),
    )


def total_values(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> list[Value]:
    """The sums of the headline and of the line under it: net, gross and what is removed; one sum where no
    overlap is recorded. Empty without any.
    """
    chosen, sums = choice(answers, values), total(answers, values)
    if sums["gross_eur"] is None:
        return []
    in_full, *beside = text.sum_facts(sums, *_beside(answers, values, sums, locale), locale)
    number = functools.partial(ask.totals, chosen)
    if not sums["removed_eur"]:
        return [
            Value(
                say(text.ONE_SUM, locale),
                formatting.euros(sums["gross_eur"], locale=locale),
                entries_behind(chosen),
                (in_full, text.nothing_twice(locale), *beside),
                number=number,
            )
        ]
    return [
        Value(
            say(text.COUNTED_ONCE, locale),
            formatting.euros(sums["net_eur"], decimals=1, locale=locale),
            entries_behind(chosen, is_removed=False),
            (in_full, *beside),
            number=number,
        ),
        Value(
            say(text.INCLUDING_DOUBLE, locale),
            formatting.euros(sums["gross_eur"], decimals=1, locale=locale),
            entries_behind(chosen),
            (in_full, text.counted_twice(sums, locale)),
            number=number,
        ),
        Value(
            say(text.TAKEN_OFF, locale),
            formatting.euros(sums["removed_eur"], locale=locale),
            entries_behind(chosen, is_removed=True),
            (in_full, text.taken_off(locale)),
            number=number,
        ),
    ]


def entries_behind(chosen: Choice, **cells: object) -> provenance.EntriesWith:
    """What makes the question for the chosen entries with these cells."""
    return provenance.entries_with(ask.behind, chosen, **cells)


def envelopes(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Bars per programme and initiative; what is counted twice is outlined, or filled if gross is chosen.

    None if nothing is chosen.
    """
    chosen, sums, named = choice(answers, values), total(answers, values), labels(answers)
    if not sums["entries"]:
        return None
    rows, credit = answers.read(ask.envelopes, chosen), answers.read(ask.credit, chosen)
    removed = taken_off(answers, chosen)
    title, is_gross = answer(answers, values, locale).title, values["count"] == ("gross",)
    parts = say(text.FILLED if is_gross else text.OUTLINED, locale)
    return Figure(
        name="envelopes",
        title=title,
        subtitle=formatting.paragraph(
            text.subtitle(chosen, sums, named, parts, locale),
            only(answers, values, "initiative", locale=locale),
        ),
        alt=tables.alt(
            title,
            only(answers, values, "programme", "initiative", locale=locale),
            text.bar_words(rows, named, locale),
            locale=locale,
        ),
        source=tables.credit_line(credit, sums, text.left_out(chosen, locale), locale),
        rows=rows,
        draw=functools.partial(
            figures.envelopes,
            text.bars(rows, removed, named, is_gross),
            is_gross=is_gross,
            locale=locale,
        ),
        table=text.envelope_table(rows, named, locale),
        numbers=(say(text.EUROS, locale),),
        sources=tuple(tables.sources(credit, locale)),
        questions=((ask.envelopes, chosen), (ask.removed, chosen)),
        taken_off=(ask.removed, chosen),
        values=tuple(
            Value(
                text.bar_name(named, row.programme, row.initiative, bool(row.is_removed), locale),
                formatting.euros(row.amount_eur, locale=locale),
                entries_behind(
                    chosen,
                    programme=row.programme,
                    initiative=row.initiative,
                    is_removed=bool(row.is_removed),
                ),
            )
            for row in frame_rows.rows(rows)
        ),
    )


def years(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Stacked bars per year of what belongs to one year. None if no entry does."""
    chosen, prices = text.yearly(choice(answers, values)), values["prices"][0]
    question = (ask.years, chosen, prices == "constant-2018")
    rows = answers.read(*question)
    if rows.empty:
        return None
    credit, sums, removed = (
        answers.read(ask.credit, chosen),
        answers.row(ask.totals, chosen),
        taken_off(answers, chosen),
    )
    title, has_unpublished = headlines.years(rows, locale), bool(rows["entries_unknown"].any())
    limits = only(answers, values, "programme", "initiative", locale=locale)

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", say(text.YEARS_HATCH, locale))] if has_unpublished else []

    return Figure(
        name="years",
        title=title,
        subtitle=formatting.paragraph(text.years_subtitle(chosen, prices, labels(answers), locale), limits),
        alt=tables.alt(title, limits, text.year_words(rows, locale), locale=locale),
        source=tables.credit_line(credit, sums, text.years_left_out(removed, locale), locale),
        rows=rows,
        draw=functools.partial(figures.years, rows, locale=locale),
        table=text.year_table(rows, locale),
        numbers=(say(text.EUROS, locale),),
        sources=tuple(tables.sources(credit, locale)),
        key=key,
        questions=(question,),
        taken_off=(ask.removed, chosen),
        values=_year_values(answers, chosen, rows, prices == "constant-2018", locale),
    )


def _year_values(
    answers: ReleaseData, chosen: Choice, rows: pd.DataFrame, is_constant: bool, locale: str
) -> tuple[Value, ...]:
    """The bars by year and programme. is_constant: in 2018 prices; each then says from which amount and by
    which deflator it came about.
    """
    current, deflators = answers.read(ask.years, chosen), answers.read(ask.deflators)
    amounts = {(row.programme, row.year): row.amount_eur for row in frame_rows.rows(current)}
    by_year = {row["year"]: row for row in frame_rows.records(deflators)}
    label = text.YEAR_VALUE_2018 if is_constant else text.YEAR_VALUE
    plain = tuple(
        Value(
            say(label, locale, programme=row.programme_label, year=int(row.year)),
            formatting.euros(row.amount_eur, locale=locale),
            entries_behind(chosen, programme=row.programme, year=int(row.year), is_removed=False),
            number=functools.partial(_row_of_year, chosen, is_constant, row.programme, int(row.year)),
        )
        for row in frame_rows.rows(rows)
    )
    if not is_constant:
        return tuple(value._replace(number=None) for value in plain)
    return tuple(
        value._replace(
            prices=say(text.IN_PRICES_OF_2018, locale),
            facts=text.deflated(row.amount_eur, amounts[row.programme, row.year], by_year[row.year], locale),
            sources=(text.deflator_source(by_year[row.year], locale),),
        )
        for value, row in zip(plain, frame_rows.rows(rows), strict=True)
    )


def _row_of_year(chosen: Choice, is_constant: bool, programme: str, year: int) -> Select[Any]:
    rows = ask.years(chosen, is_constant=is_constant)
    return provenance.matching_rows(rows, programme=programme, year=year)


def headings(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """How each programme is divided. None if no document divides one."""
    chosen, named = choice(answers, values), labels(answers)
    rows = answers.read(ask.headings, chosen)
    if rows.empty:
        return None
    rows = rows.assign(programme_label=rows["programme"].map(named))
    limits = only(answers, values, "programme", "initiative", locale=locale)
    sources = tables.sources(answers.read(ask.credit_of, tuple(rows["entry_id"])), locale)
    return Figure(
        name="headings",
        title=text.headings_title(rows, locale),
        subtitle=formatting.paragraph(text.headings_subtitle(chosen, named, locale), limits),
        alt=formatting.paragraph(
            say(text.PARTS, locale, number=len(rows)), limits, text.heading_words(rows, locale)
        ),
        source=text.heading_sources(sources, len(rows), locale),
        rows=rows,
        draw=functools.partial(figures.headings, rows, locale=locale),
        table=text.heading_table(rows, locale),
        numbers=(say(text.EUROS, locale),),
        sources=tuple(sources),
        questions=((ask.headings, chosen),),
        values=tuple(
            Value(
                str(row.heading),
                formatting.euros(row.amount_eur, locale=locale),
                functools.partial(provenance.by_ids, row.entry_id),
            )
            for row in frame_rows.rows(rows)
        ),
    )


def choice_labels(
    answers: ReleaseData, values: Values, vocabulary: str, column: str, locale: str = ENGLISH
) -> Mapping[str, str]:
    """Labels of a choice that say which of them would leave nothing."""
    chosen = _everything(choice(answers, values))
    if column in ("programme", "initiative"):
        chosen = replace(chosen, tracked=False)
    present = available(answers, chosen, column)
    return {
        code: label if code in present else say(text.NONE_LEFT, locale, label=label)
        for code, label in answers.labels(vocabulary).items()
    }


def nothing(
    answers: ReleaseData, values: Values, locale: str = ENGLISH
) -> tuple[str, str, list[tuple[str, dict[str, str]]]]:
    """What to say and offer when nothing is chosen: a sentence, what lies elsewhere, and changes of one
    parameter each with their labels.
    """
    chosen, stages, bases = choice(answers, values), answers.labels("stages"), answers.labels("bases")
    elsewhere = available(answers, _everything(chosen), "stage", "basis")
    is_here = (chosen.stage, chosen.basis) in elsewhere
    ways = [(say(text.SHOW_ALL_LEVELS, locale), {"level": "all"})] if is_here else []
    most = [key for key, _ in elsewhere.most_common() if key != (chosen.stage, chosen.basis)]
    ways += [
        (say(text.SHOW, locale, label=bases[basis]), {"basis": basis, "level": "envelopes"})
        for basis in [basis for stage, basis in most if stage == chosen.stage][:1]
    ]
    ways += [
        (say(text.SHOW, locale, label=stages[stage]), {"stage": stage, "level": "envelopes"})
        for stage in [stage for stage, basis in most if basis == chosen.basis][:1]
    ]
    others = 0
    if chosen.basis not in EU_BASES and not (chosen.programme or chosen.initiative):
        payers = available(answers, replace(_everything(chosen), tracked=False), "programme")
        programmes, others = answers.labels("programmes"), payers.total()
        ways += [
            (say(text.SHOW, locale, label=programmes[code]), {"programme": code, "level": "envelopes"})
            for code, _ in payers.most_common(1)
        ]
    number = elsewhere.total()
    scope = text.scope(chosen, labels(answers), locale)
    if chosen.basis == "investment-mobilised":
        return say(text.HOPED_FOR, locale), say(text.HOPED_FOR_WHY, locale), ways
    if set_aside := len(answers.read(ask.set_aside, _everything(chosen))):
        return (
            say(
                text.NOTHING_TO_ADD,
                locale,
                scope=scope,
                stage=stages[chosen.stage],
                basis=bases[chosen.basis],
            ),
            say(headlines.NOTHING_TO_ADD_WHY, locale, number=set_aside),
            ways,
        )
    if chosen.stage == "paid":
        since = say(text.ELSEWHERE, locale, number=number) if number else ""
        unpaid = no_payment_in(scope, bases[chosen.basis], search(answers), locale)
        return unpaid, formatting.paragraph(say(text.NOT_ZERO, locale), since), ways
    where = text.ELSEWHERE_LEVEL if is_here else text.ELSEWHERE
    if others and not is_here:
        where, number = text.OTHER_PAYERS, others
    return (
        say(text.NO_MATCH, locale, scope=scope, stage=stages[chosen.stage], basis=bases[chosen.basis]),
        say(where, locale, number=number) if number else say(text.NOWHERE, locale),
        ways,
    )
