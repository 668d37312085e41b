"""A release as one zip that anyone can keep, read and check without this code. Reads only."""

import io
import zipfile
from pathlib import Path

import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from pipelines import releases
from pipelines.schema import metadata

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def export(release_id: str, target: Path, store: Path | None = None) -> None:
    """Write tracker.duckdb, every table as Parquet and CSV, the data dictionary, the manifest and a README. Raises NoRelease, FileExistsError."""
    folder = releases.folder(release_id, store)
    unfinished = target.with_name(f".{target.name}.part")
    if target.exists():
        raise FileExistsError(f"{target} is already there. Choose another name, or delete it first.")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as bundle:
        _add(bundle, "README.md", readme(release_id))
        _add(bundle, "data-dictionary.csv", dictionary())
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                _add(bundle, path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted((folder / "parquet").glob("*.parquet")):
            text = io.BytesIO()
            arrow_csv.write_csv(parquet.read_table(path), text)
            _add(bundle, f"csv/{path.stem}.csv", text.getvalue())
    unfinished.replace(target)


def _add(bundle: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    """With a fixed time, so that the same release gives the same zip."""
    bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


def dictionary() -> str:
    """Every column of every table as CSV: table, column, type, unit, may be missing, meaning."""
    lines = ["table,column,type,unit,may_be_missing,meaning"]
    for table in metadata.sorted_tables:
        for column in table.columns:
            cells = (
                table.name,
                column.name,
                str(column.type),
                column.info["unit"],
                "yes" if column.nullable else "no",
                column.comment or "",
            )
            lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"


def readme(release_id: str) -> str:
    """What is in the bundle and how to use and cite it."""
    tables = "\n".join(f"- `{table.name}`: {table.comment}" for table in metadata.sorted_tables if not table.info)
    return f"""# EU AI funding tracker, release {release_id}

Independent. Not an official EU site. Data: CC BY 4.0 ({LICENCE}); sources keep their own licences, see the table `sources`.

Cite as: EU AI funding tracker, release {release_id}.

- `tracker.duckdb`: every table, for DuckDB 1.5 or newer
- `parquet/`, `csv/`: the same tables as files. Euros are exact decimals; an empty cell means not published, never zero
- `data-dictionary.csv`: every column with type, unit and meaning
- `manifest.json`: rows and fingerprints (sha256) of the Parquet files, sums per stage and basis, laws

Never add amounts of different stage or basis, and use `overlap_paths` to leave out what another amount already contains.

{tables}
"""
