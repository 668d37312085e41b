"""Frames of the Sites page → words, tables and source lines. Pure."""

from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import publishers, table
from pages.parts.text.translation import Message, message, plural, say
from pipelines import frame_rows

COUNTED_AS = message("Counted as")
COUNTED = message("{number} of {all}")
OPEN_FACTORIES = message("AI factories that offer services")
OPEN_HOW = message("AI factories with a status in which they serve users")
CHOSEN_GIGAFACTORIES = message("Gigafactory bids whose site has been chosen")
CHOSEN_HOW = message("gigafactory bids with a status other than announced")
PLACE_STATUS = message("{place}, {status}")
KIND_NUMBER = message("{kind} {number}")
PLACED = plural(
    "{placed} of {number}\u00a0site is on the map.", "{placed} of {number}\u00a0sites are on the map."
)
OTHERS = message("The others have no known location.")
FILLED = message("Filled: open. Outline: selected, under construction or a bid.")
MAP_OF = plural("Map of {number}\u00a0site.", "Map of {number}\u00a0sites.")
DOCUMENTS = plural(
    "{publishers}. {number}\u00a0document. Points are cities, not addresses. Map: Natural Earth.",
    "{publishers}. {number}\u00a0documents. Points are cities, not addresses. Map: Natural Earth.",
)
TOTAL_COST = message("{site}, total cost")
SITE_IN_WORDS = message("{site} ({kind}, {status})")
COUNTRY_IN_WORDS = message("{country}: {sites}.")
KIND_STATUS = message("{kind} · {status}")
CITY_COUNTRY = message("{city}, {country}")

LIST_COLUMNS = {
    "name": message("Site"),
    "country": message("Country"),
    "status_label": message("Status"),
    "millions": message("€ M"),
}
EUROS = message("Total, euros")
TABLE_COLUMNS = {
    "name": message("Site"),
    "total_eur": EUROS,
    "total_stage": message("Stage of the total"),
    "kind_label": message("Kind"),
    "status_label": message("Status"),
    "city": message("City"),
    "country_label": message("Country"),
    "host_entity": message("Host"),
}


def kind_labels(labels: dict[str, str], numbers: dict[Any, Any], locale: str = ENGLISH) -> dict[str, str]:
    """The kinds with how many sites each has: code → label. labels: code → label. numbers: code → sites."""
    return {
        code: say(KIND_NUMBER, locale, kind=formatting.sentence(label), number=int(numbers.get(code, 0)))
        for code, label in labels.items()
    }


def subtitle(sites: int, placed: int, locale: str = ENGLISH) -> str:
    """How many sites are on the map, and what its shapes mean. placed: sites with a known place."""
    on_the_map = say(PLACED, locale, placed=placed, number=sites)
    return formatting.paragraph(
        on_the_map, say(OTHERS, locale) if placed < sites else "", say(FILLED, locale)
    )


def sources_line(credit: pd.DataFrame, locale: str = ENGLISH) -> str:
    """Who published the documents behind the map, and how many they are. credit: queries.sites.credit."""
    return say(DOCUMENTS, locale, publishers=publishers(credit["publisher"], locale), number=len(credit))


def site_list(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The short list beside the map; its last column holds the millions."""
    millions = [_millions(row.total_eur, row.total_qualifier, locale) for row in frame_rows.rows(rows)]
    return table(rows.assign(millions=millions), LIST_COLUMNS, locale=locale)


def _millions(amount: Decimal | None, qualifier: str | None, locale: str) -> str:
    """A total for the short list: "430", "up to 5,000", "not published"."""
    if amount is None:
        return formatting.not_published(locale)
    return formatting.bare_millions(amount, qualifier or "exact", locale)


def site_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the map."""
    return table(rows, TABLE_COLUMNS, euros=("total_eur",), locale=locale)


def places(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The sites of the map by country, for those who cannot see it: "Italy: IT4LIA (AI factory, open)."."""
    by_country = rows.sort_values("country_label", kind="stable").groupby("country_label")
    return formatting.paragraph(
        *(
            say(
                COUNTRY_IN_WORDS,
                locale,
                country=str(country),
                sites="; ".join(
                    say(SITE_IN_WORDS, locale, site=row.name, kind=row.kind_label, status=row.status_label)
                    for row in frame_rows.rows(sites)
                ),
            )
            for country, sites in by_country
        )
    )


def counted_how(
    how: Message, sites: list[dict[Any, Any]], locale: str = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """How a number of the headline is counted, and each site in it with place and status.

    sites: rows of queries.sites.sites.
    """
    return (
        (say(COUNTED_AS, locale), say(how, locale)),
        *(
            (
                site["name"],
                say(
                    PLACE_STATUS,
                    locale,
                    place=site["city"] or site["country_label"],
                    status=site["status_label"],
                ),
            )
            for site in sites
        ),
    )


def place(city: object, country: object, locale: str = ENGLISH) -> str:
    """City and country, or the one that is known. city, country: text, or a missing cell."""
    parts = [str(part) for part in (city, country) if not formatting.is_missing(part)]
    return say(CITY_COUNTRY, locale, city=parts[0], country=parts[1]) if len(parts) == 2 else "".join(parts)
