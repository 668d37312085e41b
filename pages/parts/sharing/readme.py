"""The text that travels beside the files of a figure or of a table: what they hold, every source, each column
with its unit, how cells are written, licence and citation. Pure.
"""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import Table

from pages.parts.figure_model import Figure
from pages.parts.images.sheet import Notes
from pages.parts.page_registry import SITE
from pages.parts.sharing import citations, underlying_entries
from pages.parts.text import citations_and_readmes as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.formatting import named
from pages.parts.text.translation import Message, say
from pages.parts.text.where_we_looked import two_dates
from pipelines import as_of_days, file_writers
from pipelines.queries.release_answers import ReleaseData
from pipelines.schema import ledger

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
CAVEAT = say(text.CAVEAT)

Column = tuple[str, str, str]  # name, unit, meaning


def of_figure(
    figure: Figure,
    answers: ReleaseData,
    site: str,
    link: str,
    notes: Notes,
    columns: Sequence[Column],
    images: str = "",
    locale: str = ENGLISH,
) -> str:
    """The text for one figure with one choice.

    site: the address of the site. link: where the choice is shown. columns: of the numbers, as CSV has them.
    images: what is to be said of images, where the text stands beside some.
    """
    plain, excel = file_writers.DIALECTS[""], file_writers.DIALECTS["excel-eu"]
    lines = (
        say(text.IMAGES, locale, images=images) if images else "",
        say(text.ROWS, locale, number=len(figure.rows)),
        say(text.FIGURE_FILES, locale, plain=plain, excel=excel),
        "\n",
        _cells(site, locale),
    )
    choice = say(text.CHOICE, locale, choice=notes.choice)
    release = _release(answers.release_id, answers.newest_source, answers.known_on, locale)
    return "\n".join(
        (
            say(text.FIGURE, locale, title=figure.title, subtitle=figure.subtitle),
            f"{choice}\n{release}{say(text.LINK, locale, link=link)}",
            say(text.IN_WORDS, locale, alt=figure.alt),
            say(text.SOURCES, locale, sources=source_list(figure, locale)),
            say(text.WRITTEN, locale, lines="".join(lines)),
            _columns(text.COLUMNS_OF_NUMBERS, columns, locale),
            _entries(figure, answers, locale),
            _licence(locale),
            say(
                text.CITE, locale, citation=citations.citation(figure.title, answers.release_id, link, locale)
            ),
        )
    )


def of_table(
    table: Table,
    rows: int,
    release_id: str,
    newest_source: date | None,
    known_on: date,
    site: str,
    link: str,
    locale: str = ENGLISH,
) -> str:
    """The text for one table of a release. rows: how many it has. link: the page that offers it."""
    sources = text.TABLE_SOURCES_NAMED if "source_url" in table.columns else text.TABLE_SOURCES
    files = say(text.TABLE_FILES, locale, plain=file_writers.DIALECTS[""])
    number = say(text.TABLE_ROWS, locale, number=rows)
    return "\n".join(
        (
            say(text.FIGURE, locale, title=table.name, subtitle=table.comment or ""),
            f"{number}\n{_release(release_id, newest_source, known_on, locale)}{say(text.LINK, locale, link=link)}",
            say(
                sources,
                locale,
                link=f"{site}/data?{urlencode({'table': 'sources', **as_of_days.words(release_id)})}",
            ),
            say(text.WRITTEN, locale, lines=f"{files}\n{_cells(site, locale)}"),
            _columns(text.COLUMNS, _of(table), locale),
            _licence(locale),
            say(text.CITE, locale, citation=citation(release_id, link, locale)),
        )
    )


def citation(release_id: str, link: str, locale: str = ENGLISH) -> str:
    """How to cite a release. link: the page that offers it."""
    return say(
        text.CITATION_OF_RELEASE,
        locale,
        site=SITE,
        release=named(release_id, locale),
        licence=LICENCE,
        link=link,
    )


def source_list(figure: Figure, locale: str = ENGLISH) -> str:
    """The source line, then every document behind the figure with its address."""
    lines = [f"{figure.source}\n"]
    for source in figure.sources:
        words = f"{source.number} {source.words}" if source.number else source.words
        if source.tier:
            lines.append(say(text.SOURCE_TIER, locale, words=words, tier=source.tier, address=source.url))
        else:
            lines.append(say(text.SOURCE, locale, words=words, address=source.url))
    return "".join(lines)


def _release(release_id: str, newest_source: date | None, known_on: date, locale: str) -> str:
    return say(
        text.RELEASE,
        locale,
        release=named(release_id, locale),
        dates=two_dates(newest_source, known_on, locale),
    )


def _cells(site: str, locale: str) -> str:
    """How a cell is written in each format."""
    return say(text.CELLS, locale, harmless=file_writers.HARMLESS, link=f"{site}/data")


def _columns(title: Message, columns: Sequence[Column], locale: str) -> str:
    lines = [
        say(text.COLUMN, locale, name=name, unit=unit, meaning=meaning) for name, unit, meaning in columns
    ]
    return f"{say(title, locale)}\n{''.join(lines)}"


def _entries(figure: Figure, answers: ReleaseData, locale: str) -> str:
    """The columns of the ledger entries, if there are any behind the figure."""
    if underlying_entries.of_figure(figure, answers) is not None:
        return _columns(text.COLUMNS_OF_ENTRIES, _of(ledger), locale)
    return say(text.NO_ENTRIES, locale)


def _of(table: Table) -> list[Column]:
    return [(str(column.name), column.info["unit"], column.comment or "") for column in table.columns]


def _licence(locale: str) -> str:
    return say(text.LICENCE, locale, licence=LICENCE, address=LICENCE_URL, site=SITE, caveat=CAVEAT)
