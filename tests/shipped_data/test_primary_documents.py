"""Which figures of the shipped data rest on primary documents: law, institutions, governments and hosts."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.queries import stale_and_weak_sources
from pipelines.queries.release_answers import opened

IN_LADDERS_AND_TOTALS = """
    select count(*) filter (where document.tier in ('law-or-institution', 'host-or-government')), count(*)
    from ledger entry join documents document using (source_url)
    where entry.superseded_on is null and entry.amount_eur is not null and entry.level <> 'line'
      and entry.entry_id in (
        select entry_id from mart_ladder_entries join mart_ladder using (ladder, position) where not is_recorded
        union select entry_id from mart_purse_entries
        union select part.entry_id from stated_total_parts part
        join stated_totals total using (total_key) where total.superseded_on is null)
"""


def share(part: int, whole: int) -> Decimal:
    """Of a hundred figures, how many."""
    return Decimal(100) * part / whole


@pytest.mark.parametrize(
    ("primary", "counted", "least"),
    [("headlines_primary", "headlines", 75), ("figures_primary", "figures", 71)],
)
def test_so_many_of_a_hundred_figures_rest_on_primary_documents(
    primary: str, counted: str, least: int, release_id: str, shipped_store: Path
) -> None:
    row = opened(release_id, shipped_store).row(stale_and_weak_sources.primary_share)
    assert share(row[primary], row[counted]) >= least, row


def test_seven_of_eight_figures_in_ladders_and_totals_rest_on_primary_documents(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    found = connection.execute(IN_LADDERS_AND_TOTALS).fetchone()
    assert found is not None
    assert found[1] >= 50
    assert share(*found) >= 89, found


def test_the_press_is_never_put_before_a_primary_document(connection: duckdb.DuckDBPyConnection) -> None:
    """Where a figure has two documents and only the second is primary, the two stand in the wrong order."""
    rows = connection.execute(
        """
        select entry.entry_id, entry.source_url, entry.witness_url
        from ledger entry
        join documents first on first.source_url = entry.source_url
        join documents second on second.source_url = entry.witness_url
        where second.tier in ('law-or-institution', 'host-or-government')
          and first.tier not in ('law-or-institution', 'host-or-government')
          and entry.superseded_on is null and entry.amount_eur is not null
        """
    ).fetchall()
    assert rows == []


def test_two_documents_of_a_figure_are_two(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute("select entry_id from ledger where witness_url = source_url").fetchall()
    assert rows == []
