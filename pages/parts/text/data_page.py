"""What the Data page says about the tables of a release, from their declaration and the manifest.

Pure, but for reading a table's file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as parquet
from sqlalchemy import Table

from pages.parts.sharing.csv_export import csv_bytes
from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines.schema import metadata

FIRST = (
    "ledger",
    "overlaps",
    "sites",
    "milestones",
    "promises",
    "projects",
    "calls",
    "flows",
    "claims",
    "sources",
    "documents",
)

HEADLINE = plural(
    "Download the one entry of the ledger, with its source.",
    "Download all {number} entries of the ledger, each with its source.",
)
STANDFIRST = message("Releases never change, so a figure can be checked years later.")
THIS_RELEASE, CITE = message("This release"), message("Cite it")
LICENCES = message(
    "Data: CC BY 4.0. Sources keep their own licences; each is named under About. Not an official EU site."
)
WANTED = message("Take everything with you")
WANTED_TEXT = message(
    "Every published amount as one row, codes with their labels. An empty amount means not published, never "
    "zero."
)
ALL_AS_CSV, ALL_AS_XLSX = message("All amounts as CSV"), message("All amounts as XLSX")
ALL_AS_BUNDLE = message("The whole release as one zip")
ONE_TABLE = message("One table")
ONE_TABLE_WHY = message("Euros are exact to the cent. An empty amount means not published, never zero.")
TABLE = message("Table")
TABLE_ROWS = plural("{meaning} {number}\u00a0row.", "{meaning} {number}\u00a0rows.")
AS_CSV, AS_PARQUET = message("Download as CSV"), message("Download as Parquet")
README = message("README and citation")
COLUMNS_OF = message("Columns of {table}")
FOR_MACHINES = message("For programs and feed readers")
ALL_TABLES = message("All tables")
ALL_TABLES_WHY = message("What is in the release, table by table.")
EVERYTHING_TEXT = message(
    "One zip holds the DuckDB database, every table as Parquet and CSV, the dictionary, the question "
    "of every figure, the change log, checksums "
    "and a copy of the pages that opens without a server. Anyone can check its sums offline: "
    "python -m pipelines verify FILE.zip."
)
FACTS = {
    "release": message("Release"),
    "known_on": message("Compiled on"),
    "sources": message("Sources"),
    "tables": message("Tables"),
    "laws": message("Checks passed"),
}
LAWS_KEPT = message("{kept} of {all}")
DICTIONARY_COLUMNS = {
    "column": message("Column"),
    "unit": message("Unit"),
    "is_optional": message("Optional"),
    "meaning": message("Meaning"),
}
YES, NO = message("yes"), message("no")
TABLE_COLUMNS = {
    "table": message("Table"),
    "rows": message("Rows"),
    "comment": message("What it holds"),
}
OPENAPI = message("What the API can do (OpenAPI)")
FIGURES = message("All figures (JSON)")
SQL = message("SQL, an example")
CATALOGUE = message("Catalogue (DCAT-AP)")
FEED = message("What changed (Atom)")


def tables(manifest: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of the release, those that readers ask for most first."""
    names = sorted(
        manifest["tables"], key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name)
    )
    return {name: metadata.tables[name] for name in names if name in metadata.tables}


def table_labels(tables: Mapping[str, Table]) -> dict[str, str]:
    """Table → its name in words."""
    return {name: name.removeprefix("mart_").replace("_", " ") for name in tables}


def facts(manifest: Mapping[str, Any], release_id: str, locale: str = ENGLISH) -> list[tuple[str, str]]:
    """What the release says of itself: title and value."""
    kept = sum(1 for breaking_rows in manifest["laws"].values() if not breaking_rows)
    values = {
        "release": release_id,
        "known_on": manifest["known_on"],
        "sources": formatting.whole(len(manifest["sources"]), locale),
        "tables": formatting.whole(len(manifest["tables"]), locale),
        "laws": say(LAWS_KEPT, locale, kept=kept, all=len(manifest["laws"])),
    }
    return [(say(title, locale), values[name]) for name, title in FACTS.items()]


def dictionary(described: Table, locale: str = ENGLISH) -> pd.DataFrame:
    """Column, unit, whether it may be missing, meaning."""
    rows = [
        {
            "column": column.name,
            "unit": column.info["unit"],
            "is_optional": say(YES if column.nullable else NO, locale),
            "meaning": column.comment or "",
        }
        for column in described.columns
    ]
    return table(pd.DataFrame(rows), DICTIONARY_COLUMNS, locale=locale)


def overview(tables: Mapping[str, Table], manifest: Mapping[str, Any], locale: str = ENGLISH) -> pd.DataFrame:
    """Every table with its rows and meaning."""
    rows = [
        {
            "table": name,
            "rows": formatting.whole(manifest["tables"][name]["rows"], locale),
            "comment": described.comment or "",
        }
        for name, described in tables.items()
    ]
    return table(pd.DataFrame(rows, columns=list(TABLE_COLUMNS)), TABLE_COLUMNS, locale=locale)


def csv(path: Path) -> bytes:
    """A table of the release as CSV, with nothing in it that a spreadsheet would run."""
    return csv_bytes(parquet.read_table(path).to_pandas(date_as_object=True))


def wanted_links(release_id: str, locale: str = ENGLISH) -> list[tuple[str, str]]:
    """Label and address, seen from a page, of the three files that most people want."""
    return [
        (say(ALL_AS_CSV, locale), f"./api/v1/entries.csv?release={release_id}"),
        (say(ALL_AS_XLSX, locale), f"./api/v1/entries.xlsx?release={release_id}"),
        (say(ALL_AS_BUNDLE, locale), f"./api/v1/bundle.zip?release={release_id}"),
    ]


def machine_links(release_id: str, locale: str = ENGLISH) -> list[tuple[str, str]]:
    """Label and address, seen from a page, of what programs and feed readers follow."""
    question = "select+stage%2C+count%28*%29+from+ledger+group+by+1"
    return [
        (say(OPENAPI, locale), "./api/v1/openapi.json"),
        (say(FIGURES, locale), f"./api/v1/figures.json?release={release_id}"),
        (say(SQL, locale), f"./api/v1/sql?query={question}&release={release_id}"),
        (say(CATALOGUE, locale), "./catalog.jsonld"),
        (say(FEED, locale), "./feed.atom"),
    ]
