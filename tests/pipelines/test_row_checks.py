"""What may stand in a cell, and how a letter about it reads. Whole files are in test_source_reader.py."""

import re
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.file_schemas import SHAPES, Cell
from pipelines.findings import Finding, Refused, nearest, shown
from pipelines.row_checks import check_cell, check_expectations, check_key, check_table
from tests.paths import TESTS

WORDS = {"stages": frozenset({"announced", "programmed", "committed"})}
GOOD = {
    "text": ["a", "Grants – 5 %", "=HYPERLINK", "a\nb", "ﬀ"],
    "code": ["announced"],
    "euros": ["0", "0.0", "-5.25", "9999999999999999.99", "8168000000.00"],
    "decimal": ["1.0324", "-0.00000001", "7"],
    "number": ["-12.123456789012345", "64.227"],
    "day": ["2024-02-29"],
    "moment": ["2024-02-29", "2024-02", "2024-Q1", "2024-H2", "2024"],
    "year": ["1957", "2033"],
    "count": ["0", "123456789012345678"],
    "flag": ["true", "false"],
    "url": [
        "https://a.eu",
        "http://data.europa.eu/eli/reg/2026/150/oj",
        "https://www.a.eu/x?y=%C3%A9&z=1#part",
    ],
    "list": ["a;b", "a"],
}
BAD = {
    "code": ["Announced", "announced;programmed"],
    "euros": ["1.", ".5", "+1", "1.000", "12345678901234567", "1_000", "0x10", "inf", "５"],
    "decimal": ["1.123456789", "1,5", "1e3"],
    "number": ["north", "1.2.3", "1e3"],
    "day": ["2023-02-29", "2024-2-9", "20240229", "2024-W01-1"],
    "moment": ["2024-Q0", "2024-00", "about 2024"],
    "year": ["1899", "2100", "24", "2024-25"],
    "count": ["-1", "1.0", "²"],
    "flag": ["TRUE", "1", "ja"],
    "url": [
        "a.eu",
        "ftp://a.eu",
        "https://localhost",
        "https://a.eu/x y",
        "https://a:b@c.eu",
        "javascript:alert(1)",
        "//a.eu",
    ],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values]
)
def test_what_may_stand_in_a_cell(kind: str, value: str) -> None:
    assert check_cell(Cell(kind, "stages"), value, WORDS) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values]
)
def test_what_may_not_stand_in_a_cell(kind: str, value: str) -> None:
    fault = check_cell(Cell(kind, "stages"), value, WORDS)  # type: ignore[arg-type]
    assert fault is not None and fault.problem and fault.remedy


def test_every_kind_of_cell_is_tried_here() -> None:
    kinds = {cell.kind for shape in SHAPES.values() for cell in shape.cells.values()}
    assert kinds == set(GOOD)
    assert kinds - {"text", "list"} == set(BAD)


def test_an_empty_cell_is_missing_and_only_wrong_where_it_must_be_filled() -> None:
    assert check_cell(Cell("euros"), "", WORDS) is None
    fault = check_cell(Cell("euros", "", True), "", WORDS)
    assert fault is not None and fault.code == "required-missing"


@given(st.text(max_size=40), st.sampled_from(sorted(GOOD)))
def test_no_text_stops_the_judging(value: str, kind: str) -> None:
    check_cell(Cell(kind, "stages"), value, WORDS)  # type: ignore[arg-type]


@given(
    st.decimals(min_value=Decimal("-9999999999999999.99"), max_value=Decimal("9999999999999999.99"), places=2)
)
def test_every_amount_to_the_cent_may_stand(amount: Decimal) -> None:
    assert check_cell(Cell("euros"), f"{amount:.2f}", WORDS) is None


@given(st.text(max_size=200))
def test_a_shown_value_is_short_and_hides_nothing(value: str) -> None:
    said = shown(value)
    assert len(said) <= 60 * 6 + 2
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08]", said)


def test_the_nearest_word_is_offered_only_if_it_is_near() -> None:
    assert nearest("Comitted ", WORDS["stages"]) == "Did you mean “committed”? "
    assert nearest("zebra", WORDS["stages"]) == ""


def test_findings_come_in_the_order_of_the_rows() -> None:
    rows = {name: pa.array([None, None, None], pa.string()) for name in SHAPES["overlap"].cells}
    found = check_table("overlap", pa.table(rows), WORDS)
    assert [finding.row for finding in found if finding.code == "required-missing"] == [2] * 4 + [3] * 4 + [
        4
    ] * 4
    assert [finding.row for finding in found] == sorted(finding.row for finding in found)


def test_a_key_of_two_columns_is_doubled_only_if_both_are() -> None:
    table = pa.table({"ladder": ["a", "a", "b", "a"], "position": ["1", "2", "1", "1"]})
    assert [(finding.row, finding.value) for finding in check_key(SHAPES["ladder_step"].key, table)] == [
        (5, "a, 1")
    ]


def test_an_expected_sum_is_exact_to_the_cent() -> None:
    table = pa.table({"amount_eur": ["0.10", "0.20", None, "9999999999999999.99"]})
    assert check_expectations(table, {"rows": 4, "amount_eur": "10000000000000000.29"}) == []
    assert [found.value for found in check_expectations(table, {"amount_eur": "10000000000000000.30"})] == [
        "10000000000000000.29"
    ]


def test_a_refusal_holds_every_letter() -> None:
    findings = [
        Finding(
            code="a", file="f.csv", row=row, column="x", value="v", problem="is wrong.", remedy="Mend it."
        )
        for row in (2, 3)
    ]
    assert (
        str(Refused(findings))
        == "error: f.csv, row 2, x: “v” is wrong. Mend it.\nerror: f.csv, row 3, x: “v” is wrong. Mend it."
    )


def test_every_finding_of_a_source_is_provoked_by_a_test() -> None:
    code = "".join(
        (TESTS.parent / "pipelines" / name).read_text(encoding="utf-8")
        for name in ("row_checks.py", "source_reader.py", "build.py")
    )
    codes = set(re.findall(r'(?:Fault\(\s*|Finding\(\s*code=)"([a-z0-9-]+)"', code))
    tried = "".join(
        path.read_text(encoding="utf-8")
        for path in TESTS.rglob("test_*.py")
        if path.name != Path(__file__).name
    )
    assert len(codes) > 25
    assert sorted(code for code in codes if f'"{code}"' not in tried) == []
