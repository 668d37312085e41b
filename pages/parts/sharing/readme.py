"""The text that travels beside the files of a figure or of a table: what they hold, every source, each column with its unit, how cells are
written, licence and citation. Pure.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Table

from pages.parts.figure import Figure
from pages.parts.images.sheet import Notes
from pages.parts.page_registry import SITE
from pages.parts.sharing import citations, figure_entries
from pages.parts.text import formatting
from pipelines import file_writers
from pipelines.queries.release_data import ReleaseData
from pipelines.schema import ledger

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
CAVEAT = "Independent. Not an official EU site. Never add amounts of different stage or basis. An empty amount means not published, never zero."
FIGURE_FILES = f"CSV: {file_writers.DIALECTS['']}. CSV {file_writers.DIALECTS['excel-eu']}. XLSX, Parquet and JSON hold the same rows with typed numbers and days."
TABLE_FILES = f"CSV: {file_writers.DIALECTS['']}. Parquet holds the same rows with typed numbers and days."

Column = tuple[str, str, str]  # name, unit, meaning


def of_figure(
    figure: Figure,
    answers: ReleaseData,
    site: str,
    link: str,
    notes: Notes,
    columns: Sequence[Column],
    images: str = "",
) -> str:
    """The text for one figure with one choice.

    site: the address of the site. link: where the choice is shown. columns: of the numbers, as CSV has them. images: what is to be said of
    images, where the text stands beside some.
    """
    rows = f"{formatting.count(len(figure.rows), 'row')}, all that is drawn."
    pictures = f"Images: {images}\n" if images else ""
    return "\n".join(
        (
            f"{figure.title}\n{figure.subtitle}\n",
            f"Choice: {notes.choice}.\n{_release(answers.release_id, answers.known_on)}Link: {link}\n",
            f"THE FIGURE IN WORDS\n{figure.alt}\n",
            f"SOURCES\n{source_list(figure)}",
            f"HOW THE FILES ARE WRITTEN\n{pictures}Numbers: {rows}\n{FIGURE_FILES}\n{_cells(site)}",
            _columns("COLUMNS OF THE NUMBERS (release and licence stand in CSV files only)", columns),
            _entries(figure, answers),
            _licence(),
            f"CITATION\n{citations.citation(figure.title, answers.release_id, link)}\n",
        )
    )


def of_table(table: Table, rows: int, release_id: str, known_on: date, site: str, link: str) -> str:
    """The text for one table of a release. rows: how many it has. link: the page that offers it."""
    documents = "Each row names its document in source_url. " if "source_url" in table.columns else ""
    return "\n".join(
        (
            f"{table.name}\n{table.comment}\n",
            f"Rows: {rows:,}, the whole table.\n{_release(release_id, known_on)}Link: {link}\n",
            f"SOURCES\n{documents}The tables sources and documents of the same release list every source and document with its address: "
            f"{site}/data?table=sources&release={release_id}\n",
            f"HOW THE FILES ARE WRITTEN\n{TABLE_FILES}\n{_cells(site)}",
            _columns("COLUMNS", _of(table)),
            _licence(),
            f"CITATION\n{citation(release_id, link)}\n",
        )
    )


def citation(release_id: str, link: str) -> str:
    """How to cite a release. link: the page that offers it."""
    return f"{SITE}, release {release_id}. Data under {LICENCE}. {link}"


def source_list(figure: Figure) -> str:
    """The source line, then every document behind the figure with its address."""
    named = "".join(
        f"- {f'{source.number} ' if source.number else ''}{source.words}{f' ({source.tier})' if source.tier else ''}: {source.url}\n"
        for source in figure.sources
    )
    return f"{figure.source}\n{named}"


def _release(release_id: str, known_on: date) -> str:
    return (
        f"Release: {release_id}. It never changes; the link shows the same figures for as long as it is kept.\n"
        f"Date of knowledge: {formatting.day(known_on)}. What was published later is not in it.\n"
    )


def _cells(site: str) -> str:
    """How a cell is written in each format."""
    return (
        "Euros are plain digits with two decimals. A day is written as year-month-day.\n"
        "An empty cell, null in JSON and Parquet, says that no source gives it or that it does not apply. "
        "An empty amount means not published, never zero.\n"
        f"{file_writers.HARMLESS}\n"
        f"What a code means stands in the table that the unit of its column names: {site}/data\n"
    )


def _columns(title: str, columns: Sequence[Column]) -> str:
    return f"{title}\n" + "".join(f"- {name} ({unit}): {meaning}\n" for name, unit, meaning in columns)


def _entries(figure: Figure, answers: ReleaseData) -> str:
    """The columns of the ledger entries, if there are any behind the figure."""
    if figure_entries.of_figure(figure, answers) is not None:
        return _columns("COLUMNS OF THE LEDGER ENTRIES BEHIND THE NUMBERS", _of(ledger))
    return "LEDGER ENTRIES\nNone stand behind this figure: its rows are dates, and each names its document.\n"


def _of(table: Table) -> list[Column]:
    return [(str(column.name), column.info["unit"], column.comment or "") for column in table.columns]


def _licence() -> str:
    return (
        f"LICENCE\n{LICENCE}, {LICENCE_URL}\nName the {SITE} and the release, and mark what you changed. Sources keep their own licences.\n"
        f"{CAVEAT}\n"
    )
