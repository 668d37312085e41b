"""Rows compared by numbers are the same rows that are the same by their texts."""

import random
from collections import defaultdict

import duckdb
import numpy as np
import pyarrow as pa

from pipelines.file_schemas import BUDGET_LINE
from pipelines.intake.row_fingerprints import RowFingerprints, groups_of, quantiles, repeats, rows_known_to

COLUMNS = ("programme", "heading", "amount_eur", "note")


def marks_of(rows: list[dict[str, str | None]]) -> RowFingerprints:
    """Rows in the columns of the template, in two pieces."""
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in BUDGET_LINE})
    half = len(rows) // 2
    return RowFingerprints(pa.concat_tables([table.slice(0, half), table.slice(half)]))


def some_rows(number: int) -> list[dict[str, str | None]]:
    """Rows of few words, so that many are the same."""
    chance = random.Random(20)
    words = {
        "programme": ["digital-europe", None],
        "heading": ["A", "B", None, "a"],
        "amount_eur": ["5", "5.00", "7.50", "-3", None, "tbc"],
        "note": [None, "A", "5"],
    }
    return [{name: chance.choice(words[name]) for name in COLUMNS} for _ in range(number)]


def test_two_rows_have_one_fingerprint_where_their_words_and_amounts_are_the_same() -> None:
    rows = some_rows(400)
    marks = marks_of(rows).mark(*COLUMNS).tolist()
    by_words = defaultdict(set)
    for row, mark in zip(rows, marks, strict=True):
        amount = "5" if row["amount_eur"] == "5.00" else row["amount_eur"]
        by_words[row["programme"], row["heading"], amount, row["note"]].add(mark)
    assert all(len(found) == 1 for found in by_words.values())
    assert len(set(marks)) == len(by_words) > 50


def test_each_repeated_row_names_the_first_of_its_like() -> None:
    lines = marks_of([{"heading": one} for one in ("A", "B", "A", None, "A", "B", None)])
    every = np.ones(7, dtype=bool)
    assert repeats(groups_of(lines.mark("heading"), every, 2)) == {2: 0, 4: 0, 5: 1, 6: 3}
    assert repeats(groups_of(lines.mark("heading"), every, 3)) == {2: 0, 4: 0}
    assert repeats(groups_of(lines.mark("heading"), every, 4)) == {}
    assert repeats(groups_of(lines.mark("heading"), np.array([False] + [True] * 6), 2)) == {4: 2, 5: 1, 6: 3}


def test_quantiles_are_those_that_the_database_gives() -> None:
    rows = some_rows(300)
    lines = marks_of(rows)
    sizes = np.abs(lines.cents) / 100
    groups = groups_of(lines.mark("heading"), lines.good, 3, order_by=sizes)
    kept = pa.table({"heading": lines.table["heading"], "size": sizes}).filter(pa.array(lines.good))
    for share in (0.5, 0.75):
        of_database = duckdb.sql(
            f"select quantile_cont(size, {share}) from kept group by heading having count(*) >= 3"  # noqa: S608
        ).fetchall()
        assert sorted(quantiles(groups, sizes[groups.positions], share).tolist()) == sorted(
            one for (one,) in of_database
        )
    assert len(kept) > 100


def test_rows_are_known_to_the_ledger_where_all_their_words_are() -> None:
    lines = marks_of([{"programme": "rrf", "heading": one} for one in ("Work", "WORK", "Other", None)])
    ledger = pa.table({"programme": ["rrf", "cef"], "heading": ["work", "x"]})
    names = [("programme", "programme"), ("heading", "heading")]
    assert rows_known_to(lines, ledger, names).tolist() == [True, True, False, False]
    with_empty = pa.table({"programme": ["rrf", "cef"], "heading": ["work", None]})
    assert rows_known_to(lines, with_empty, names).tolist() == [True, True, False, True]
