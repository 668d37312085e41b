"""The Overview: what can be chosen, its answer, and the funding ladder. Pure."""

import functools
from typing import NamedTuple

from pages.parts import figures
from pages.parts.figure import Figure, Item, Mark, Total, Value
from pages.parts.finished_figure import spoken
from pages.parts.style import TOKENS, Theme, funder_colour
from pages.parts.text import formatting, headlines, tables
from pages.parts.text.headlines import Answer
from pages.parts.url_state import Parameter, Values
from pipelines.queries import overview as ask
from pipelines.queries import provenance
from pipelines.queries.release_data import ReleaseData, sql_of


def names(answers: ReleaseData) -> dict[str, str]:
    """Code → name of everything that can have a ladder."""
    return {**answers.labels("programmes"), **answers.labels("initiatives")}


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Overview's address."""
    known = set(answers.read(ask.ladders)["ladder"])
    return [Parameter("ladder", tuple(code for code in names(answers) if code in known), ("investai",))]


def answer(answers: ReleaseData, values: Values) -> Answer:
    """Headline and standfirst."""
    code = values["ladder"][0]
    return headlines.overview(
        answers.read(ask.ladder, code), answers.row(ask.payments)["entries"], names(answers)[code]
    )


def ladder(answers: ReleaseData, values: Values) -> Figure:
    """From announced to paid: one bar per step, compared and never added."""
    code = values["ladder"][0]
    steps, entries = answers.read(ask.ladder, code), answers.read(ask.ladder_entries, code)
    numbered, sources = tables.numbered(steps, entries)
    name = names(answers)[code]
    has_unknown = bool(steps["amount_eur"].isna().any())

    def key(_theme: Theme) -> list[Mark]:
        return (
            [Mark("hatch", "not published: no source gives an amount. It does not mean zero.")]
            if has_unknown
            else []
        )

    return Figure(
        name="ladder",
        title=headlines.ladder_title(steps.to_dict("records")),
        subtitle=f"{name}. Each bar has its own stage and basis, so the bars are compared and never added. Current prices.",
        alt=f"Funding ladder of {name}: " + "; ".join(tables.ladder_words(numbered)),
        source=tables.source_line(sources, entries),
        rows=steps,
        draw=functools.partial(figures.ladder, numbered),
        table=tables.ladder(steps),
        numbers=("Euros",),
        sources=tuple(sources),
        key=key,
        sql=(sql_of(ask.ladder, code), sql_of(ask.ladder_entries, code)),
        values=tuple(
            Value(
                row["label"],
                formatting.euros(row["amount_eur"], row["qualifier"], row["decimals"]),
                functools.partial(provenance.of_step, code, row["position"]),
            )
            for row in numbered.to_dict("records")
        ),
    )


class Words(NamedTuple):
    """What the Overview says beside its ladder. totals, total_numbers: the four totals, and each in one line.
    lists: what is due, next, new and
    changed. milestones: how many there are.
    """

    answer: Answer
    names: dict[str, str]
    totals: list[Total]
    total_numbers: list[str]
    due: list[Item]
    upcoming: list[Item]
    newest: list[Item]
    changes: list[Item]
    milestones: int


def words(answers: ReleaseData, values: Values, theme: Theme) -> Words:
    """Everything that the page says beside its ladder."""
    today = answers.known_on
    totals = tables.funder_totals(
        answers.read(ask.funder_totals), lambda funder: funder_colour(funder, theme) or TOKENS[theme].text
    )
    return Words(
        answer(answers, values),
        names(answers),
        totals,
        spoken(funder_values(answers)),
        tables.due(answers.read(ask.due, today, 3)),
        tables.events(answers.read(ask.upcoming, today, 3)),
        tables.events(answers.read(ask.newest, 3)),
        tables.changes(answers.read(ask.changes, 3)),
        int(answers.row(ask.milestones)["milestones"]),
    )


def funder_values(answers: ReleaseData, _values: Values | None = None) -> list[Value]:
    """The four totals side by side, with the entries behind each."""
    return [
        Value(
            tables.funder_name(row),
            tables.funder_amount(row),
            functools.partial(provenance.of_funder, row["funder"]),
        )
        for row in answers.read(ask.funder_totals).to_dict("records")
    ]
