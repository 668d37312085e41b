"""What a finished database is written out as, and what its manifest says of it: tables, sums, laws."""

from pathlib import Path
from typing import Any

import duckdb

from pipelines import files
from pipelines.engines import duckdb_engine
from pipelines.schema import metadata

_SUMS = """
    select stage, basis, count(*), count(*) - count(amount_eur), sum(amount_eur)
    from ledger group by stage, basis order by stage, basis
"""


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Any]:
    """Write every declared table as Parquet into a folder, and give what the manifest says of the content:
    tables with rows and fingerprints, sums per stage and basis, laws, engine.
    """
    (folder / "parquet").mkdir()
    tables = {}
    for table in metadata.sorted_tables:
        path = folder / "parquet" / f"{table.name}.parquet"
        duckdb_engine.write_parquet(connection, table, path)
        tables[table.name] = {
            "rows": duckdb_engine.rows(connection, table.name),
            "sha256": files.file_sha256(path),
        }
    return {
        "tables": tables,
        "sums": [
            {
                "stage": stage,
                "basis": basis,
                "entries": entries,
                "entries_unknown": unknown,
                "amount_eur": amount and str(amount),
            }
            for stage, basis, entries, unknown, amount in connection.execute(_SUMS).fetchall()
        ],
        "laws": dict(connection.execute("select law, breaking_rows from laws order by law").fetchall()),
        "engine": f"duckdb {duckdb.__version__}",
    }
