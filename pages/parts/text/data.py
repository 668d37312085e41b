"""What the Data page says about the tables of a release, from their declaration and the manifest. Pure, but for reading a table's file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as parquet
from sqlalchemy import Table

from pages.parts.sharing.csv_export import csv_bytes
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

EVERYTHING = (
    "One zip holds the DuckDB database, every table as Parquet and CSV, the dictionary, the question of every figure, the change log, checksums "
    "and a copy of the pages that opens without a server. What is in it can be added up again, offline: python -m pipelines verify FILE.zip."
)


def tables(manifest: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of the release, those that readers ask for most first."""
    names = sorted(
        manifest["tables"], key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name)
    )
    return {name: metadata.tables[name] for name in names if name in metadata.tables}


def table_labels(known: Mapping[str, Table]) -> dict[str, str]:
    """Table → its name in words."""
    return {name: name.removeprefix("mart_").replace("_", " ") for name in known}


def facts(manifest: Mapping[str, Any], release_id: str) -> list[tuple[str, str]]:
    """What the release says of itself."""
    kept = sum(1 for broken in manifest["laws"].values() if not broken)
    return [
        ("Release", release_id),
        ("Known on", manifest["known_on"]),
        ("Sources", str(len(manifest["sources"]))),
        ("Tables", str(len(manifest["tables"]))),
        ("Laws kept", f"{kept} of {len(manifest['laws'])}"),
    ]


def dictionary(table: Table) -> pd.DataFrame:
    """Column, unit, whether it may be missing, meaning."""
    return pd.DataFrame(
        [
            {
                "Column": column.name,
                "Unit": column.info["unit"],
                "May be missing": "yes" if column.nullable else "no",
                "Meaning": column.comment or "",
            }
            for column in table.columns
        ]
    )


def overview(known: Mapping[str, Table], manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Every table with its rows and meaning."""
    lines = [
        {"Table": name, "Rows": f"{manifest['tables'][name]['rows']:,}", "What it holds": table.comment or ""}
        for name, table in known.items()
    ]
    return pd.DataFrame(lines)


def csv(path: Path) -> bytes:
    """A table of the release as CSV, with nothing in it that a spreadsheet would run."""
    return csv_bytes(parquet.read_table(path).to_pandas(date_as_object=True))


def bundle_links(release_id: str) -> list[tuple[str, str]]:
    """Label and address, seen from a page, of the whole release."""
    return [("Release bundle (zip)", f"./api/v1/bundle.zip?release={release_id}")]


def machine_links(release_id: str) -> list[tuple[str, str]]:
    """Label and address, seen from a page, of what programs and feed readers follow."""
    return [
        ("What the API can do (OpenAPI)", "./api/v1/openapi.json"),
        ("All figures (JSON)", f"./api/v1/figures.json?release={release_id}"),
        (
            "SQL, an example",
            f"./api/v1/sql?query=select+stage%2C+count%28*%29+from+ledger+group+by+1&release={release_id}",
        ),
        ("Catalogue (DCAT-AP)", "./catalog.jsonld"),
        ("What changed (Atom)", "./feed.atom"),
    ]
