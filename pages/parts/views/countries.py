"""The Countries page: one state with everything that is known of it, beside its neighbours; or all. Pure."""

from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa

from pages.parts import filter_labels
from pages.parts.figure_model import Figure, Source
from pages.parts.finished_figure import as_text
from pages.parts.text import countries as text
from pages.parts.text import euros_by_country as country_text
from pages.parts.text import formatting, projects, site_payers, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Parameter, Values
from pages.parts.views import euros_by_country, timeline
from pages.parts.views.site_payers import asked
from pipelines import frame_rows
from pipelines.neighbouring_countries import neighbours
from pipelines.queries import ai_project_sums, site_money
from pipelines.queries import host_countries as ask
from pipelines.queries import sites as site_questions
from pipelines.queries import timeline as timeline_questions
from pipelines.queries.choice import Choice
from pipelines.queries.compiled_sql import Code, Codes
from pipelines.queries.release_answers import ReleaseData

STAGES = ("announced", "programmed", "committed", "contracted")
BASES = ("total-cost", "eu-contribution", "national-contribution")
MOST_RECIPIENTS = 10


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Countries page's address."""
    every = tuple(answers.labels("countries"))
    return [
        Parameter("country", every),
        Parameter("kind", tuple(answers.labels("site_kinds")), several=True),
        Parameter("stage", STAGES, ("programmed",)),
        Parameter("basis", BASES, ("total-cost",)),
        Parameter("per", tuple(country_text.PER), ("person",)),
        Parameter("beside", every, several=True),
    ]


def shown_beside(values: Values) -> tuple[str, ...]:
    """The countries that are compared: the chosen one and its neighbours, or those that are named beside it;
    none means all.
    """
    own, others = tuple(values["country"]), tuple(values["beside"])
    if own and not others:
        others = neighbours(own[0])
    return tuple(dict.fromkeys((*own, *others)))


def state_size(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Euros per person, share of GDP or euros of a state beside others. None if no entry names any."""
    chosen = Choice(
        stage=values["stage"][0],
        basis=values["basis"][0],
        country=shown_beside(values),
        located=True,
        bodies="out",
    )
    limits = filter_labels.only(answers, {"country": chosen.country}, "country", locale=locale)
    figure = euros_by_country.of_choice("state_size", answers, chosen, values["per"][0], limits, locale)
    own = next(iter(values["country"]), "")
    if figure is None or own not in set(figure.rows["country"]):
        return figure
    labels = filter_labels.labels(answers, "country", locale)
    title = text.beside_title(figure.rows, own, values["per"][0], labels, locale)
    return replace(figure, title=title, alt=figure.alt.replace(figure.title, title, 1))


class Words(NamedTuple):
    """The Countries page beside its figures, for one state or for all.

    options: word of the address → code → label. facts, sites, pledges, recipients, promises: of one state;
    ids, codes: what the rows of sites and recipients lead to. not_shown: what the comparison does not name.
    """

    headline: str
    standfirst: str
    options: dict[str, dict[str, str]]
    facts: list[tuple[str, str]]
    sites: pa.Table
    ids: list[str]
    amounts: pa.Table
    amount_ids: list[str]
    pledges: pa.Table
    recipients: pa.Table
    codes: list[str]
    promises: pa.Table
    not_shown: str
    sources: list[Source]
    states: pa.Table
    states_codes: list[str]


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its figures."""
    labels = filter_labels.labels(answers, "country", locale)
    code = next(iter(values["country"]), "")
    options = {
        "country": labels,
        "kind": answers.labels("site_kinds", locale),
        "stage": {stage: formatting.sentence(answers.labels("stages", locale)[stage]) for stage in STAGES},
        "basis": {basis: formatting.sentence(answers.labels("bases", locale)[basis]) for basis in BASES},
    }
    kinds = Codes(values["kind"])
    every = answers.read(ask.states, kinds)
    every = every.assign(country_label=[labels[country] for country in every["country"]])
    listed = as_text(text.list_of_states(every, locale))
    nothing = pa.table({})
    if not code:
        chosen = [label for kind, label in options["kind"].items() if kind in kinds]
        headline, standfirst = text.headline_of_all(every, chosen, locale), say(text.STANDFIRST_ALL, locale)
        return Words(
            headline, standfirst, options, [], nothing, [], nothing, [], nothing, nothing, [], nothing, "", [],
            listed, list(every["country"]),
        )  # fmt: skip
    country = Codes((code,))
    sites = answers.read(site_questions.sites, kinds, (), country)
    stage_labels = answers.labels("stages", locale)
    sites = sites.assign(total_stage_label=[stage_labels.get(stage, "") for stage in sites["total_stage"]])
    paid = answers.read(site_money.payers, kinds, (), country, "")
    amounts = answers.read(site_money.amounts, *asked(values))
    pledged = answers.read(site_money.pledges, Code(code))
    named, codes = _recipients(answers, code, locale)
    promised = (timeline_questions.promises, (), country)
    _, slips = timeline.kept_or_slipped(answers, promised, locale)
    row = answers.row(site_money.country, Code(code))
    return Words(
        text.headline(labels[code], sites, paid, bool(kinds), locale),
        text.standfirst(sites, locale),
        options,
        text.facts(row, sites, answers.read(site_money.states_to_eurohpc), locale),
        as_text(text.site_table(sites, locale)),
        list(sites["site_id"]),
        as_text(site_payers.amount_table(amounts, locale)),
        list(amounts["site_id"]),
        as_text(site_payers.pledge_table(pledged, locale)),
        named,
        codes,
        as_text(text.promise_table(slips, locale)),
        _not_shown(answers, values, labels, locale),
        [
            Source("", source["publisher"], "", source["source_url"])
            for source in frame_rows.records(amounts.drop_duplicates("source_url"))
        ],
        listed,
        list(every["country"]),
    )


def _recipients(answers: ReleaseData, code: str, locale: str) -> tuple[pa.Table, list[str]]:
    """The largest recipients of a country at each stage, and the code of each."""
    chosen = Choice(stage="", basis="eu-contribution", country=(code,), tracked=False, bodies="out")
    rows: Any = (
        answers.read(ai_project_sums.recipients, chosen, ())
        .groupby("stage", sort=False)
        .head(MOST_RECIPIENTS)
    )
    columns = {name: title for name, title in projects.RECIPIENT_COLUMNS.items() if name != "country_label"}
    shown = tables.table(rows, columns, euros=("amount_eur", "strict_eur"), locale=locale)
    return as_text(shown), list(rows["name_code"])


def _not_shown(answers: ReleaseData, values: Values, labels: dict[str, str], locale: str) -> str:
    """Which of the compared countries the figure does not name; "" if it names all."""
    figure = state_size(answers, values, locale)
    named = set(figure.rows["country"]) if figure else set()
    missing = [labels[country] for country in shown_beside(values) if country not in named]
    if not missing:
        return ""
    return say(text.NOT_SHOWN, locale, names=formatting.listed(missing, "and", locale), number=len(missing))
