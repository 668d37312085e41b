"""The Sites page: what can be chosen, its answer, and the map. Pure."""

import functools
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from pages.parts import figures
from pages.parts.figure import Figure, Mark, Source, Value
from pages.parts.filter_labels import only
from pages.parts.finished_figure import as_text, spoken
from pages.parts.style import Theme, kind_colour, kind_symbol
from pages.parts.text import formatting, headlines, tables
from pages.parts.text.headlines import Answer
from pages.parts.ui import site_details
from pages.parts.url_state import Parameter, Values
from pipelines.queries import overview, provenance
from pipelines.queries import sites as ask
from pipelines.queries.release_data import ReleaseData, sql_of


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


def answer(answers: ReleaseData) -> Answer:
    """Headline and standfirst: they speak of all sites, whatever is chosen."""
    newest = answers.read(overview.newest, 1)
    return headlines.sites(answers.read(ask.sites), newest["dated_on"].iloc[0] if len(newest) else None)


class Words(NamedTuple):
    """What the Sites page says beside its map. numbers: those of the headline, each in one line. options:
    word of the address → code → label.

    known: how many sites there are in all. listed: the chosen sites as a short list, and ids: of its rows.
    """

    answer: Answer
    numbers: list[str]
    options: dict[str, dict[str, str]]
    known: int
    listed: pa.Table
    ids: list[str]


def words(answers: ReleaseData, values: Values) -> Words:
    """Everything that the page says beside its map."""
    found = rows(answers, values)
    return Words(
        answer(answers),
        spoken(answer_values(answers)),
        {
            "kind": kinds(answers),
            "status": answers.labels("site_statuses"),
            "country": answers.labels("countries"),
        },
        len(answers.read(ask.sites)),
        as_text(site_details.site_list(found), ("€ M",)),
        list(found["site_id"]),
    )


def answer_values(answers: ReleaseData, _values: Values | None = None) -> list[Value]:
    """The numbers of the headline: the sites that they count, with the document of each."""
    every = answers.read(ask.sites).to_dict("records")
    factories = [site for site in every if site["kind"] == "ai-factory"]
    bids = [site for site in every if site["kind"] == "gigafactory"]
    is_open, chosen = (
        [site for site in factories if site["is_open"]],
        [site for site in bids if site["status"] != "announced"],
    )

    def counted(
        label: str, kind: str, listed: list[dict[Any, Any]], among: list[dict[Any, Any]], how: str
    ) -> Value:
        facts = (
            ("Counted as", how),
            *(
                (site["name"], f"{site['city'] or site['country_label']}, {site['status_label']}")
                for site in listed
            ),
        )
        sources = tuple(Source("", site["name"], "", site["source_url"]) for site in listed or among)
        return Value(
            label,
            f"{len(listed)} of {len(among)}",
            facts=facts,
            sources=sources,
            number=functools.partial(provenance.matching_rows, ask.sites(), kind=kind),
        )

    return [
        counted(
            "AI factories that offer services",
            "ai-factory",
            is_open,
            factories,
            "AI factories with a status in which they serve users",
        ),
        counted(
            "Gigafactory bids whose site has been chosen",
            "gigafactory",
            chosen,
            bids,
            "gigafactory bids with a status other than announced",
        ),
    ]


def rows(answers: ReleaseData, values: Values) -> pd.DataFrame:
    """The sites that fit: queries.sites.sites."""
    return answers.read(ask.sites, *(tuple(values[name]) for name in ("kind", "status", "country")))


def kinds(answers: ReleaseData) -> dict[str, str]:
    """Kinds with how many sites each has."""
    numbers = answers.read(ask.sites)["kind"].value_counts()
    return {
        code: f"{label[:1].upper()}{label[1:]} {numbers.get(code, 0)}"
        for code, label in answers.labels("site_kinds").items()
    }


def sites(answers: ReleaseData, values: Values) -> Figure | None:
    """The map, with the list as its table. None if no site fits."""
    found, named = rows(answers, values), answers.labels("site_kinds")
    if found.empty:
        return None
    chosen = values["site"][0] if values["site"] else None
    is_open = found["is_open"].astype(bool)
    number = formatting.count(len(found), "site")
    narrowed = tuple(tuple(values[name]) for name in ("kind", "status", "country"))
    credit, limits = answers.read(ask.credit, *narrowed), only(answers, values, "status", "country")

    def key(theme: Theme) -> list[Mark]:
        present = [code for code in named if code in set(found["kind"])]
        return [
            Mark(
                kind_symbol(code, True),
                named[code],
                kind_colour(code, theme),
                is_filled=bool(is_open[found["kind"] == code].any()),
            )
            for code in present
        ]

    return Figure(
        name="sites",
        title=headlines.sites_title(found, named),
        subtitle=f"{number}, {int(found['lat'].notna().sum())} with a known place. Filled: open. Outline: selected, being built or only bid.{limits}",
        alt=f"Map of {number}.{limits} {site_details.places(found)}",
        source=f"{tables.publishers(credit['publisher'])}. {formatting.count(len(credit), 'document')}. Points are cities, not addresses. Map: Natural Earth.",
        rows=found,
        draw=functools.partial(
            figures.sites_map, found, chosen=chosen, named=tuple(found[is_open]["site_id"])
        ),
        table=site_details.site_table(found),
        numbers=("Total, euros",),
        sources=tuple(tables.sources(credit)),
        key=key,
        sql=(sql_of(ask.sites, *narrowed),),
        values=tuple(
            Value(
                f"{row.name}, total cost",
                formatting.euros(row.total_eur, row.total_qualifier or "exact"),
                functools.partial(provenance.total_of_site, row.site_id),
                known=functools.partial(provenance.of_site, row.site_id),
            )
            for row in found.itertuples()
        ),
    )
