"""A release as one zip that anyone can keep, read and check without this code. Reads only.

The same release and code give the same bytes, whoever asks for them: times are fixed, names are in order.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from sqlalchemy import Boolean, Column, Date, Double, Integer, Numeric, Table

from pipelines import file_writers, files, releases
from pipelines.build_views import generated_views
from pipelines.bundle import static_site
from pipelines.bundle.static_site import Exhibit
from pipelines.engines import duckdb_engine
from pipelines.errors import NotPossible
from pipelines.schema import metadata

SITE = "EU AI funding tracker"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CHECKSUMS = "checksums.sha256"
_TIME = (1980, 1, 1, 0, 0, 0)
_BATCH = 16_384
_TYPES = ((Boolean, "boolean"), (Date, "date"), (Double, "number"), (Numeric, "number"), (Integer, "integer"))


def export(
    release_id: str, target: Path, store: Path | None = None, exhibits: Iterable[Exhibit] = ()
) -> None:
    """Write the bundle. exhibits: the figures that stand in it; the tables stand in it without them too.

    Raises NoRelease, NotPossible if the target is there already, OSError.
    """
    folder = releases.folder(release_id, store)
    if target.exists():
        raise NotPossible(f"{target} is already there. Choose another name, or delete it first.")
    with files.replacing(target) as unfinished:
        _write(unfinished, folder, release_id, list(exhibits))


def _write(path: Path, folder: Path, release_id: str, exhibits: Sequence[Exhibit]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tables = {
        table: _columns(folder, table) for table in metadata.sorted_tables if table.name in manifest["tables"]
    }
    digests: dict[str, tuple[str, int]] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:

        def add(name: str, pieces: Iterable[bytes]) -> None:
            digest, size = hashlib.sha256(), 0
            about = zipfile.ZipInfo(name, _TIME)
            about.external_attr = 0o644 << 16  # whoever unpacks it may put it on a server
            about.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
            with bundle.open(about, "w", force_zip64=True) as stream:
                for piece in pieces:
                    stream.write(piece)
                    digest.update(piece)
                    size += len(piece)
            digests[name] = (digest.hexdigest(), size)

        add("README.md", [readme(release_id, tables).encode()])
        add("CITATION.cff", [citation(release_id, manifest["known_on"]).encode()])
        add("CHANGELOG.md", [_changelog(folder, release_id).encode()])
        add("data-dictionary.csv", [dictionary(tables).encode()])
        for name in ("manifest.json", "tracker.duckdb"):
            add(name, files.pieces(folder / name))
        for table in tables:
            file = folder / "parquet" / f"{table.name}.parquet"
            add(f"parquet/{table.name}.parquet", files.pieces(file))
            add(f"csv/{table.name}.csv", _csv(file))
        for path_of_sql in duckdb_engine.sql_files().values():
            add(f"sql/{path_of_sql.name}", [path_of_sql.read_bytes()])
        for view, select in generated_views().items():
            add(f"sql/{view}.sql", [f"{select}\n".encode()])
        for exhibit in exhibits:
            add(f"sql/figures/{exhibit.name}.sql", [_questions(exhibit).encode()])
        for name, content in static_site.pages(folder / "parquet", release_id, manifest, exhibits).items():
            add(f"html/{name}", [content.encode()])
        add(
            "datapackage.json",
            [file_writers.json(datapackage(release_id, manifest, tables, _sources(folder), digests))],
        )
        listed = "".join(f"{digest}  {name}\n" for name, (digest, _size) in sorted(digests.items()))
        add(CHECKSUMS, [listed.encode()])


def _columns(folder: Path, table: Table) -> list[Column[Any]]:
    """The declared columns of a table that the release has: an older one may lack some."""
    there = parquet.read_schema(folder / "parquet" / f"{table.name}.parquet").names
    return [column for column in table.columns if column.name in there]


def _csv(path: Path) -> Iterator[bytes]:
    file = parquet.ParquetFile(path)
    return file_writers.csv(file.schema_arrow, file.iter_batches(_BATCH))


def _sources(folder: Path) -> list[dict[str, str]]:
    rows = parquet.read_table(
        folder / "parquet" / "sources.parquet", columns=["title", "publisher", "url"]
    ).to_pylist()
    return [
        {"title": f"{row['publisher']}: {row['title']}", **({"path": row["url"]} if row["url"] else {})}
        for row in rows
    ]


def _questions(exhibit: Exhibit) -> str:
    """What a figure asks, with its title and what it measures."""
    about = "".join(
        f"-- {' '.join(line.split())}\n"
        for line in (f"{exhibit.name}: {exhibit.title}", exhibit.subtitle, f"Page: {exhibit.page}")
    )
    return "\n".join([about, *(f"{sql};\n" for sql in exhibit.sql)])


# --- what explains it


def datapackage(
    release_id: str,
    manifest: Mapping[str, Any],
    tables: Mapping[Table, Iterable[Column[Any]]],
    sources: list[dict[str, str]],
    digests: Mapping[str, tuple[str, int]],
) -> dict[str, Any]:
    """The bundle as a Frictionless Data Package: each CSV with the types, meanings and keys of its
    declaration.
    """
    table_names = {table.name for table in tables}
    resources = []
    for table, columns in tables.items():
        digest, size = digests[f"csv/{table.name}.csv"]
        resources.append(
            {
                "name": table.name,
                "path": f"csv/{table.name}.csv",
                "description": table.comment,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": size,
                "hash": f"sha256:{digest}",
                "schema": {
                    "fields": [_field(column) for column in columns],
                    "missingValues": [""],
                    "primaryKey": [column.name for column in table.primary_key],
                    **({"foreignKeys": keys} if (keys := _foreign_keys(columns, table_names)) else {}),
                },
            }
        )
    return {
        "name": "eu-ai-funding-tracker",
        "id": release_id,
        "title": f"{SITE}, release {release_id}",
        "description": "Europe’s public money for artificial intelligence, amount by amount, each with "
        "stage, basis, source and overlaps.",
        "version": release_id,
        "created": f"{manifest['known_on']}T00:00:00Z",
        "keywords": ["artificial intelligence", "European Union", "public funding"],
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": LICENCE}],
        "contributors": [{"title": SITE, "role": "publisher"}],
        "sources": sources,
        "resources": resources,
    }


def _field(column: Column[Any]) -> dict[str, Any]:
    kind = next((kind for sql, kind in _TYPES if isinstance(column.type, sql)), "string")
    constraints = {"required": True} if not column.nullable else {}
    return {
        "name": str(column.name),
        "type": kind,
        "description": f"{column.comment} Unit: {column.info['unit']}.",
        **({"constraints": constraints} if constraints else {}),
    }


def _foreign_keys(columns: Iterable[Column[Any]], table_names: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "fields": [str(column.name)],
            "reference": {"resource": key.column.table.name, "fields": [str(key.column.name)]},
        }
        for column in columns
        for key in column.foreign_keys
        if key.column.table.name in table_names
    ]


def dictionary(tables: Mapping[Table, Iterable[Column[Any]]] | None = None) -> str:
    """Every column of every table as CSV: table, column, type, unit, may be missing, meaning.

    tables: what is declared, if not named.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "column", "type", "unit", "may_be_missing", "meaning"])
    for table, columns in (tables or {table: table.columns for table in metadata.sorted_tables}).items():
        for column in columns:
            missing = "yes" if column.nullable else "no"
            writer.writerow(
                [
                    table.name,
                    column.name,
                    str(column.type),
                    column.info["unit"],
                    missing,
                    column.comment or "",
                ]
            )
    return text.getvalue()


def citation(release_id: str, known_on: str) -> str:
    """CITATION.cff, version 1.2.0."""
    return f"""cff-version: 1.2.0
message: "If you use these data, cite the release."
type: dataset
title: "{SITE}"
version: "{release_id}"
date-released: {known_on}
license: CC-BY-4.0
authors:
  - name: "{SITE}"
abstract: "Europe's public money for artificial intelligence, amount by amount, each with stage, basis, \
source and overlaps. Not an official EU dataset."
keywords:
  - artificial intelligence
  - European Union
  - public funding
"""


def _changelog(folder: Path, release_id: str) -> str:
    """What changed for a reader, the newest first."""
    rows = parquet.read_table(folder / "parquet" / "changes.parquet").to_pylist()
    rows.sort(key=lambda row: (row["changed_on"], row["change_id"]), reverse=True)
    lines = []
    for row in rows:
        before, source = (
            (f"{row['before']} → " if row["before"] else ""),
            (f" <{row['source_url']}>" if row["source_url"] else ""),
        )
        lines.append(
            f"- {row['changed_on']} ({row['kind']}): {row['subject']}: {before}{row['after']}. "
            f"{row['reason']}{source}"
        )
    return f"# What changed, as known in release {release_id}\n\n" + "\n".join(lines) + "\n"


def readme(release_id: str, tables: Iterable[Table] = tuple(metadata.sorted_tables)) -> str:
    """What is in the bundle and how to use and cite it."""
    listed = "\n".join(f"- `{table.name}`: {table.comment}" for table in tables if not table.info)
    return f"""# {SITE}, release {release_id}

Independent. Not an official EU site. Data: CC BY 4.0 ({LICENCE}); sources keep their own licences, see the \
table `sources`.

Cite as: {SITE}, release {release_id}.

- `html/index.html`: the main tables and every figure as a table, to read in a browser without a server
- `tracker.duckdb`: every table, for DuckDB 1.5 or newer
- `parquet/`, `csv/`: the same tables as files. Euros are exact decimals; an empty cell means not \
published, never zero. {file_writers.HARMLESS}
- `datapackage.json`: the CSV files as a Frictionless Data Package; `frictionless validate \
datapackage.json` checks them
- `data-dictionary.csv`: every column with type, unit and meaning
- `sql/`: how each table is made from the sources, and the eleven laws that it obeys; `sql/figures/`: what \
each figure of the site asks when nothing is chosen on its page
- `CHANGELOG.md`: what changed for a reader, when and why; `CITATION.cff`: how to cite
- `manifest.json`: rows and fingerprints (sha256) of the Parquet files, sums per stage and basis, laws
- `{CHECKSUMS}`: fingerprints of all files; `sha256sum -c {CHECKSUMS}` checks them

Never add amounts of different stage or basis, and use `overlap_paths` to leave out what another amount \
already contains.

With the code of the tracker, `python -m pipelines verify` followed by the name of this zip adds up every \
headline number again from the ledger.

{listed}
"""
