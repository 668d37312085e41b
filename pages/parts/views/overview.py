"""The Overview: what can be chosen, its answer, and the funding ladder. Pure."""

import functools

from pages.parts import figures
from pages.parts.figure import Figure, Mark, Value
from pages.parts.style import Theme
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
    known = set(answers.read(ask.ladders())["ladder"])
    return [Parameter("ladder", tuple(code for code in names(answers) if code in known), ("investai",))]


def answer(answers: ReleaseData, values: Values) -> Answer:
    """Headline and standfirst."""
    code = values["ladder"][0]
    return headlines.overview(
        answers.read(ask.ladder(code)), answers.row(ask.payments())["entries"], names(answers)[code]
    )


def ladder(answers: ReleaseData, values: Values) -> Figure:
    """From announced to paid: one bar per step, compared and never added."""
    code = values["ladder"][0]
    steps, entries = answers.read(ask.ladder(code)), answers.read(ask.ladder_entries(code))
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
        sql=(sql_of(ask.ladder(code)), sql_of(ask.ladder_entries(code))),
        values=tuple(
            Value(
                row["label"],
                formatting.euros(row["amount_eur"], row["qualifier"], row["decimals"]),
                functools.partial(provenance.of_step, code, row["position"]),
            )
            for row in numbered.to_dict("records")
        ),
    )


def purse_values(answers: ReleaseData) -> list[Value]:
    """The four totals side by side, with the entries behind each."""
    return [
        Value(
            tables.purse_name(row),
            tables.purse_amount(row),
            functools.partial(provenance.of_purse, row["purse"]),
        )
        for row in answers.read(ask.purses()).to_dict("records")
    ]
