"""The Sites page: what can be chosen, its answer, and the map. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import Theme, kind_colour, kind_symbol
from pages.parts.figure_model import Figure, Mark, Source, Value
from pages.parts.finished_figure import as_text, spoken
from pages.parts.text import formatting, headlines, tables
from pages.parts.text import sites as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.translation import Message, say
from pages.parts.text.where_we_looked import two_dates
from pages.parts.url_state import Parameter, Values
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries import sites as ask
from pipelines.queries.compiled_sql import Codes
from pipelines.queries.release_answers import ReleaseData


def parameters(answers: ReleaseData) -> list[Parameter]:
    """The words of the Sites page's address."""
    sites = answers.read(ask.sites)
    hosts = set(sites["country"])
    return [
        Parameter(
            "kind",
            tuple(answers.labels("site_kinds")),
            ("ai-factory", "antenna", "gigafactory"),
            several=True,
        ),
        Parameter("status", tuple(answers.labels("site_statuses")), several=True),
        Parameter(
            "country", tuple(code for code in answers.labels("countries") if code in hosts), several=True
        ),
        Parameter("site", tuple(sites["site_id"])),
    ]


def answer(answers: ReleaseData, locale: str = ENGLISH) -> Answer:
    """Headline and standfirst: they speak of all sites, whatever is chosen."""
    dates = two_dates(answers.newest_source, answers.known_on, locale)
    return headlines.sites(answers.read(ask.sites), dates, locale)


class Words(NamedTuple):
    """What the Sites page says beside its map.

    numbers: those of the headline, each in one line. options: word of the address → code → label. known: how
    many sites there are in all. listed: the chosen sites as a short list, and ids: of its rows.
    """

    answer: Answer
    numbers: list[str]
    options: dict[str, dict[str, str]]
    known: int
    listed: pa.Table
    ids: list[str]


def words(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Words:
    """Everything that the page says beside its map."""
    chosen = rows(answers, values)
    short_list = text.site_list(chosen, locale)
    return Words(
        answer(answers, locale),
        spoken(answer_values(answers, locale=locale)),
        {
            "kind": kinds(answers, locale),
            "status": answers.labels("site_statuses"),
            "country": filter_labels.labels(answers, "country", locale),
        },
        len(answers.read(ask.sites)),
        as_text(short_list, (short_list.columns[-1],)),
        list(chosen["site_id"]),
    )


def answer_values(answers: ReleaseData, _values: Values | None = None, locale: str = ENGLISH) -> list[Value]:
    """The numbers of the headline: the sites that they count, with the document of each."""
    every = frame_rows.records(answers.read(ask.sites))
    factories = [site for site in every if site["kind"] == "ai-factory"]
    bids = [site for site in every if site["kind"] == "gigafactory"]
    is_open, chosen = (
        [site for site in factories if site["is_open"]],
        [site for site in bids if site["status"] != "announced"],
    )

    def counted(
        label: Message, kind: str, listed: list[dict[Any, Any]], among: list[dict[Any, Any]], how: Message
    ) -> Value:
        sources = tuple(Source("", site["name"], "", site["source_url"]) for site in listed or among)
        return Value(
            say(label, locale),
            say(text.COUNTED, locale, number=len(listed), all=len(among)),
            facts=text.counted_how(how, listed, locale),
            sources=sources,
            number=functools.partial(provenance.matching_rows, ask.sites(), kind=kind),
        )

    return [
        counted(text.OPEN_FACTORIES, "ai-factory", is_open, factories, text.OPEN_HOW),
        counted(text.CHOSEN_GIGAFACTORIES, "gigafactory", chosen, bids, text.CHOSEN_HOW),
    ]


def rows(answers: ReleaseData, values: Values) -> pd.DataFrame:
    """The sites that fit: queries.sites.sites."""
    return answers.read(ask.sites, *(Codes(values[name]) for name in ("kind", "status", "country")))


def kinds(answers: ReleaseData, locale: str = ENGLISH) -> dict[str, str]:
    """Kinds with how many sites each has."""
    numbers = answers.read(ask.sites)["kind"].value_counts().to_dict()
    return text.kind_labels(answers.labels("site_kinds"), numbers, locale)


def sites(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """The map, with the list as its table. None if no site fits."""
    shown, labels = rows(answers, values), answers.labels("site_kinds")
    if shown.empty:
        return None
    chosen = values["site"][0] if values["site"] else None
    is_open = shown["is_open"].astype(bool)
    narrowed = tuple(Codes(values[name]) for name in ("kind", "status", "country"))
    credit = answers.read(ask.credit, *narrowed)
    limits = filter_labels.only(answers, values, "status", "country", locale=locale)

    def key(theme: Theme) -> list[Mark]:
        present = [code for code in labels if code in set(shown["kind"])]
        return [
            Mark(
                kind_symbol(code, True),
                formatting.sentence(labels[code]),
                kind_colour(code, theme),
                is_filled=bool(is_open[shown["kind"] == code].any()),
            )
            for code in present
        ]

    return Figure(
        name="sites",
        title=headlines.sites_title(shown, labels, locale),
        subtitle=formatting.paragraph(
            text.subtitle(len(shown), int(shown["lat"].notna().sum()), locale), limits
        ),
        alt=formatting.paragraph(
            say(text.MAP_OF, locale, number=len(shown)), limits, text.places(shown, locale)
        ),
        source=text.sources_line(credit, locale),
        rows=shown,
        draw=functools.partial(
            figures.sites_map, shown, chosen=chosen, named=tuple(shown[is_open]["site_id"]), locale=locale
        ),
        table=text.site_table(shown, locale),
        numbers=(say(text.EUROS, locale),),
        sources=tuple(tables.sources(credit, locale)),
        key=key,
        questions=((ask.sites, *narrowed),),
        values=tuple(
            Value(
                say(text.TOTAL_COST, locale, site=row.name),
                formatting.euros(row.total_eur, row.total_qualifier or "exact", locale=locale),
                functools.partial(provenance.total_of_site, row.site_id),
                known=functools.partial(provenance.of_site, row.site_id),
            )
            for row in frame_rows.rows(shown)
        ),
    )
