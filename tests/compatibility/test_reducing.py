"""The comparison itself: additions pass; a changed number, a lost column and a lost address do not."""

from typing import Any

from tests.compatibility import reducing

ROWS = [{"entry_id": "a", "amount_eur": "1.50"}, {"entry_id": "b", "amount_eur": "2.00"}]


def reduced(
    rows: list[dict[str, str]] = ROWS, pages: tuple[str, ...] = ("/x",), title: str = "€4.1 bn of €200 bn"
) -> Any:
    return {
        "table": reducing.reduce_rows(rows, ["amount_eur", "entry_id"]),
        "pages": [*pages],
        "title": {"numbers": reducing.numbers(title)},
    }


def test_more_rows_of_words_and_another_order_pass() -> None:
    later = [{**row, "added_later": "c"} for row in reversed(ROWS)]
    assert (
        reducing.lacking(reduced(), reduced(later, ("/y", "/x"), "In 3 steps: €200 bn, then €4.1 bn")) == []
    )


def test_a_changed_amount_fails() -> None:
    lines = reducing.lacking(reduced(), reduced([ROWS[0], {"entry_id": "b", "amount_eur": "2.01"}]))
    assert "table / sums / amount_eur: was '3.5', is '3.51'" in lines


def test_amounts_that_changed_places_fail() -> None:
    swapped = [{"entry_id": "a", "amount_eur": "2.00"}, {"entry_id": "b", "amount_eur": "1.50"}]
    assert [line.partition(":")[0] for line in reducing.lacking(reduced(), reduced(swapped))] == [
        "table / whole"
    ]


def test_a_lost_row_and_a_lost_column_fail() -> None:
    assert "table / rows: was 2, is 1" in reducing.lacking(reduced(), reduced(ROWS[:1]))
    without = [{"amount_eur": row["amount_eur"]} for row in ROWS]
    assert any(
        line.startswith("table / columns: lost") for line in reducing.lacking(reduced(), reduced(without))
    )


def test_a_lost_address_and_another_number_in_a_sentence_fail() -> None:
    lines = reducing.lacking(reduced(), reduced(pages=("/y",), title="€4.2 bn of €200 bn"))
    assert lines == ["pages: lost '/x'", "title / numbers: lost '4.1'"]


def test_numbers_are_read_in_whatever_words_and_spelling() -> None:
    assert reducing.numbers("Release 2026-11-27 · 5d0ef6a2ce: 3 rows moved, €1,234.50 in 2021–27") == [
        *("1234.50", "2021", "27", "3"),
    ]


def test_a_line_of_an_output_must_have_all_words_and_numbers() -> None:
    output = "ledger  a  amount_eur: 1.50 → 2.00\nledger  b  heading: x → y\n"
    assert reducing.lacking_lines([{"words": ["ledger", "a"], "numbers": ["1.50", "2.00"]}], output) == []
    assert len(reducing.lacking_lines([{"words": ["ledger", "b"], "numbers": ["2.00"]}], output)) == 1
