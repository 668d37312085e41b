"""The Euros page: what can be chosen, its answer, and its figures: envelopes with the overlap ledger, years,
headings. Pure.
"""

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from sqlalchemy import Select

from pages.parts import figures
from pages.parts.figure import Figure, Mark, Value
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text, spoken
from pages.parts.sharing import csv_export
from pages.parts.style import Theme
from pages.parts.text import countries, euros, formatting, headlines, tables
from pages.parts.text.headlines import Answer
from pages.parts.url_state import Parameter, Values
from pipelines.queries import about, provenance
from pipelines.queries import euros as ask
from pipelines.queries.euros import Choice
from pipelines.queries.release_data import ReleaseData, sql_of

COUNTS = {"net": "Net", "gross": "Gross"}
PRICES = {"current": "Current", "constant-2018": "2018 prices"}
LEVELS = {"envelopes": "Whole envelopes, else all", "all": "Everything published"}


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Euros page's address."""
    return [
        Parameter("stage", tuple(answers.labels("stages")), ("programmed",)),
        Parameter("basis", tuple(answers.labels("bases")), ("eu-contribution",)),
        Parameter("programme", tuple(answers.labels("programmes")), several=True),
        Parameter("initiative", tuple(answers.labels("initiatives")), several=True),
        Parameter("level", (*LEVELS, *summable(answers)), ("envelopes",)),
        Parameter("count", tuple(COUNTS), ("net",)),
        Parameter("prices", tuple(PRICES), ("current",)),
        Parameter("per", tuple(countries.PER), ("country",)),
        Parameter("currency", ("EUR", *answers.read(ask.rates)["quote"]), ("EUR",)),
    ]


def summable(answers: ReleaseData) -> dict[str, str]:
    """Levels whose amounts may be added, with their labels."""
    rows = answers.read(about.vocabulary, "levels")
    return {row.code: row.label for row in rows.itertuples() if row.is_summable}


def choice(answers: ReleaseData, values: Values) -> Choice:
    """The entries that an address stands for.

    “Whole envelopes” falls back to everything where no whole envelope is published.
    """
    level = values["level"][0]
    found = Choice(
        stage=values["stage"][0],
        basis=values["basis"][0],
        level="" if level in LEVELS else level,
        programme=tuple(values["programme"]),
        initiative=tuple(values["initiative"]),
        funder=tuple(values.get("funder", ())),
        country=tuple(values.get("country", ())),
        year=tuple(int(year) for year in values.get("year", ())),
    )
    if level == "envelopes" and "whole" in set(answers.read(ask.available, found, "level")["level"]):
        return replace(found, level="whole")
    return found


def labels(answers: ReleaseData) -> dict[str, str]:
    """Code → label of levels, programmes, initiatives and bases."""
    return {
        name: label
        for each in ("levels", "programmes", "initiatives", "bases")
        for name, label in answers.labels(each).items()
    }


def removed_csv(answers: ReleaseData, values: Values) -> bytes:
    """What is removed and why, as a file."""
    return csv_export.csv(answers.read(ask.removed, choice(answers, values)), answers.release_id)()


class Words(NamedTuple):
    """What the Euros page says beside its figures. options: word of the address → code → label. nothing: what
    to say where nothing is chosen,
    and what to offer. sum_line: as `sum_line`. sums: the sums of the page, each in one line. removed: what is
    counted twice, as a table.
    """

    answer: Answer
    options: dict[str, dict[str, str]]
    nothing: tuple[str, str, list[tuple[str, dict[str, str]]]] | None
    sum_line: tuple[str, str]
    sums: list[str]
    removed: pa.Table | None


def words(answers: ReleaseData, values: Values) -> Words:
    """Everything that the page says beside its figures."""
    options = {
        word: dict(counted(answers, values, vocabulary, word))
        for word, vocabulary in (
            ("stage", "stages"),
            ("basis", "bases"),
            ("programme", "programmes"),
            ("initiative", "initiatives"),
        )
    }
    options["level"] = {**LEVELS, **{code: f"Only: {label}" for code, label in summable(answers).items()}}
    is_empty = not total(answers, values)["entries"]
    removed = answers.read(ask.removed, choice(answers, values))
    return Words(
        answer(answers, values),
        options,
        nothing(answers, values) if is_empty else None,
        ("", "") if is_empty else sum_line(answers, values),
        spoken(total_values(answers, values)),
        as_text(euros.removed_table(removed), ("Euros",)) if len(removed) else None,
    )


def total(answers: ReleaseData, values: Values) -> dict[Any, Any]:
    """Gross, removed and net of what is chosen: a row of queries.euros.totals."""
    return answers.row(ask.totals, choice(answers, values))


def answer(answers: ReleaseData, values: Values) -> Answer:
    """Headline and standfirst."""
    chosen = choice(answers, values)
    removed = answers.read(ask.removed, chosen)
    return headlines.euros(
        total(answers, values),
        removed,
        labels(answers),
        values["count"] == ("gross",),
        chosen.level == "whole",
    )


def sum_line(answers: ReleaseData, values: Values) -> tuple[str, str]:
    """The badge (what is removed, by how many overlaps) and the sum that leads to the net, in another
    currency and beside the size of the Union
    too if they are chosen.
    """
    found = total(answers, values)
    in_other = euros.converted(found, answers.read(ask.rates), values["currency"][0])
    beside = countries.of_union(found["net_eur"], answers.read(ask.union_size), values["per"][0])
    return euros.removed_words(
        found, len(answers.read(ask.removed, choice(answers, values)))
    ), euros.net_line(found) + in_other + beside


def total_values(answers: ReleaseData, values: Values) -> list[Value]:
    """The sums of the headline and of the line under it: net, gross and what is removed; one sum where no
    overlap is recorded. Empty without any.
    """
    chosen, found = choice(answers, values), total(answers, values)
    if found["gross_eur"] is None:
        return []
    net, gross = (formatting.euros(found[name], decimals=1) for name in ("net_eur", "gross_eur"))
    removed = formatting.euros(found["removed_eur"])
    beside = (
        (
            "In another currency",
            euros.converted(found, answers.read(ask.rates), values["currency"][0]).strip(". "),
        ),
        (
            "Beside the Union",
            countries.of_union(found["net_eur"], answers.read(ask.union_size), values["per"][0]).strip(". "),
        ),
    )
    in_full = ("In full", euros.exact_line(found))
    number = functools.partial(ask.totals, chosen)
    if not found["removed_eur"]:
        once = ("Counted twice", "Nothing: no overlap is recorded among these entries.")
        return [
            Value(
                "Sum, net and gross",
                formatting.euros(found["gross_eur"]),
                functools.partial(_behind, chosen),
                (in_full, once, *beside),
                number=number,
            )
        ]
    whole = (
        "Counted twice",
        f"{removed} in it stands inside other chosen entries and is counted again. Counted once, it is {net}.",
    )
    gone = (
        "Why removed",
        "Another chosen entry already contains each of these. The overlap ledger under the figure says which, and who says so.",
    )
    return [
        Value(
            "Net, each euro counted once",
            net,
            functools.partial(_behind, chosen, is_removed=False),
            (in_full, *beside),
            number=number,
        ),
        Value(
            "Gross, overlaps counted more than once",
            gross,
            functools.partial(_behind, chosen),
            (in_full, whole),
            number=number,
        ),
        Value(
            "Removed from gross to give net",
            removed,
            functools.partial(_behind, chosen, is_removed=True),
            (in_full, gone),
            number=number,
        ),
    ]


def _behind(chosen: Choice, **cells: object) -> Select[Any]:
    """The question for the chosen entries with these cells."""
    return provenance.narrowed(ask.behind(chosen), **cells)


def envelopes(answers: ReleaseData, values: Values) -> Figure | None:
    """Bars per programme and initiative; what is counted twice is outlined, or filled if gross is chosen.

    None if nothing is chosen.
    """
    chosen, found, named = choice(answers, values), total(answers, values), labels(answers)
    if not found["entries"]:
        return None
    rows, removed, credit = (
        answers.read(question, chosen) for question in (ask.envelopes, ask.removed, ask.credit)
    )
    title, is_gross = answer(answers, values).title, values["count"] == ("gross",)
    parts = (
        "Gross: parts that another bar already contains are counted again."
        if is_gross
        else "Filled bars are counted. Outlined parts are already inside the bar of the same colour."
    )
    return Figure(
        name="envelopes",
        title=title,
        subtitle=euros.subtitle(chosen, found, named, parts) + only(answers, values, "initiative"),
        alt=f"{title}.{only(answers, values, 'programme', 'initiative')} {euros.bar_words(rows, named)}",
        source=tables.credit_line(credit, found, euros.left_out(chosen)),
        rows=rows,
        draw=functools.partial(
            figures.envelopes, euros.bars(rows, removed, named, is_gross), is_gross=is_gross
        ),
        table=euros.envelope_table(rows, named),
        numbers=("Euros",),
        sources=tuple(tables.sources(credit)),
        sql=(sql_of(ask.envelopes, chosen), sql_of(ask.removed, chosen)),
        values=tuple(
            Value(
                named[row.initiative or row.programme]
                + (f", {named[row.programme]}" if row.initiative else "")
                + (", removed" if row.is_removed else ""),
                formatting.euros(row.amount_eur),
                functools.partial(
                    _behind,
                    chosen,
                    programme=row.programme,
                    initiative=row.initiative,
                    is_removed=bool(row.is_removed),
                ),
            )
            for row in rows.itertuples()
        ),
    )


def years(answers: ReleaseData, values: Values) -> Figure | None:
    """Stacked bars per year of what belongs to one year. None if no entry does."""
    chosen, named, prices = euros.yearly(choice(answers, values)), labels(answers), values["prices"][0]
    question = (ask.years, chosen, prices == "constant-2018")
    rows = answers.read(*question)
    if rows.empty:
        return None
    credit, found, removed = (
        answers.read(ask.credit, chosen),
        answers.row(ask.totals, chosen),
        answers.read(ask.removed, chosen),
    )
    title, has_unknown = headlines.years(rows), bool(rows["entries_unknown"].any())
    limits = only(answers, values, "programme", "initiative")

    def key(_theme: Theme) -> list[Mark]:
        return [Mark("hatch", "amount not published, height is not to scale")] if has_unknown else []

    columns = {"year": "Year", "programme_label": "Programme", "amount_eur": "Euros", "entries": "Entries"}
    return Figure(
        name="years",
        title=title,
        subtitle=f"Amounts that belong to one year, {chosen.stage} · {named[chosen.basis]}, {euros.prices(prices)}, net.{limits}",
        alt=f"{title}.{limits} {euros.year_words(rows)}",
        source=tables.credit_line(credit, found, euros.years_left_out(removed)),
        rows=rows,
        draw=functools.partial(figures.years, rows),
        table=tables.table(rows, columns, euros=("amount_eur",)),
        numbers=("Euros",),
        sources=tuple(tables.sources(credit)),
        key=key,
        sql=(sql_of(*question),),
        values=_year_values(answers, chosen, rows, prices == "constant-2018"),
    )


def _year_values(
    answers: ReleaseData, chosen: Choice, rows: pd.DataFrame, is_constant: bool
) -> tuple[Value, ...]:
    """The bars by year and programme. is_constant: in 2018 prices; each then says from which amount and by
    which deflator it came about.
    """
    current, deflators = answers.read(ask.years, chosen), answers.read(ask.deflators)
    amounts = {(row.programme, row.year): row.amount_eur for row in current.itertuples()}
    by_year = {row["year"]: row for row in deflators.to_dict("records")}
    made = ask.years(chosen, is_constant=is_constant)
    plain = tuple(
        Value(
            f"{row.programme_label}, {row.year}",
            formatting.euros(row.amount_eur),
            functools.partial(_behind, chosen, programme=row.programme, year=int(row.year), is_removed=False),
            number=functools.partial(
                provenance.matching_rows, made, programme=row.programme, year=int(row.year)
            ),
        )
        for row in rows.itertuples()
    )
    if not is_constant:
        return tuple(value._replace(number=None) for value in plain)
    return tuple(
        value._replace(
            label=f"{value.label}, in 2018 prices",
            prices="2018 prices",
            facts=euros.deflated(row.amount_eur, amounts[row.programme, row.year], by_year[row.year]),
            sources=(euros.deflator_source(by_year[row.year]),),
        )
        for value, row in zip(plain, rows.itertuples(), strict=True)
    )


def headings(answers: ReleaseData, values: Values) -> Figure | None:
    """How each envelope is divided. None if no document divides one."""
    chosen, named = choice(answers, values), labels(answers)
    rows = answers.read(ask.headings, chosen)
    if rows.empty:
        return None
    rows = rows.assign(programme_label=rows["programme"].map(named))
    said = "; ".join(f"{row.heading}, {formatting.euros(row.amount_eur)}" for row in rows.itertuples())
    columns = {"programme_label": "Programme", "heading": "Heading", "amount_eur": "Euros"}
    limits = only(answers, values, "programme", "initiative")
    sources = tables.sources(answers.read(ask.credit_of, tuple(rows["entry_id"])))
    return Figure(
        name="headings",
        title=euros.headings_title(rows),
        subtitle=f"Each envelope as one document divides it, {chosen.stage} · {named[chosen.basis]}, current prices.{limits}",
        alt=f"{formatting.count(len(rows), 'heading')}.{limits} {said}",
        source=f"{'; '.join(source.words for source in sources)}. {formatting.count(len(rows), 'heading')}. What no document divides is not drawn.",
        rows=rows,
        draw=functools.partial(figures.headings, rows),
        table=tables.table(rows, columns, euros=("amount_eur",)),
        numbers=("Euros",),
        sources=tuple(sources),
        sql=(sql_of(ask.headings, chosen),),
        values=tuple(
            Value(
                str(row.heading),
                formatting.euros(row.amount_eur),
                functools.partial(provenance.by_ids, row.entry_id),
            )
            for row in rows.itertuples()
        ),
    )


def counted(answers: ReleaseData, values: Values, vocabulary: str, column: str) -> Mapping[str, str]:
    """Labels of a choice that say which of them would leave nothing."""
    chosen = replace(choice(answers, values), level="")
    if column == "programme":
        chosen = replace(chosen, tracked=False)
    known = set(answers.read(ask.available, chosen, column)[column])
    return {
        code: label if code in known else f"{label} (none)"
        for code, label in answers.labels(vocabulary).items()
    }


def nothing(answers: ReleaseData, values: Values) -> tuple[str, str, list[tuple[str, dict[str, str]]]]:
    """What to say and offer when nothing is chosen: a sentence, what lies elsewhere, and changes of one
    parameter each with their labels.
    """
    chosen, stages, bases = choice(answers, values), answers.labels("stages"), answers.labels("bases")
    elsewhere = answers.read(ask.available, replace(chosen, level=""), "stage", "basis")
    most = elsewhere.sort_values("entries", ascending=False)
    ways = [
        (f"Show {bases[code]}", {"basis": code, "level": "envelopes"})
        for code in most[most["stage"] == chosen.stage]["basis"].head(1)
    ]
    ways += [
        (f"Show {stages[code]}", {"stage": code, "level": "envelopes"})
        for code in most[most["basis"] == chosen.basis]["stage"].head(1)
    ]
    number = formatting.count(int(elsewhere["entries"].sum()), "entry exists", "entries exist")
    if chosen.basis == "investment-mobilised":
        text = "It is mostly other people’s money, and the figures overlap in ways that nobody publishes. The ladders of the Overview show each by itself."
        return "Investment to be mobilised is never added.", text, ways
    if chosen.stage == "paid":
        text = f"We looked until {formatting.day(answers.known_on)} and found no executed payment. This does not mean zero. {number} at other stages."
        return "No payment figure is published.", text, ways
    whose = "" if chosen.programme else " of the EU programmes"
    return (
        f"No entry{whose} is {stages[chosen.stage]} as {bases[chosen.basis]} in this choice.",
        f"{number} at other stages or bases with the same programmes.",
        ways,
    )
