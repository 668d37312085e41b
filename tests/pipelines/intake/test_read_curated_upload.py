"""Files of curated rows: recognised by their header, read whatever they were written with, judged with cell
and remedy, all at once.
"""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from pipelines.file_schemas import SHAPES, upload_cells, uploadable
from pipelines.findings import Finding
from pipelines.foreign_files import file_reader
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.curated_checks import PUBLISHED
from pipelines.intake.read_upload import Reading, read
from pipelines.intake.validate import Verdict, judge
from pipelines.upload_templates import columns, csv_template, xlsx_template
from tests.paths import FIXTURES
from tests.pipelines.publishing.curated import AMOUNT, ROWS, SITE, table

WORDS = {
    **read_vocabularies(),
    "site": frozenset(("lumi-ai-factory", "it4lia")),
    "entry": frozenset(("envelopes:investai-total", "site-funding:it4lia-total")),
    f"{PUBLISHED}site": frozenset(("lumi-ai-factory", "it4lia")),
    f"{PUBLISHED}promise": frozenset(("gigafactory-call / 1",)),
    f"{PUBLISHED}entry": frozenset(("envelopes:investai-total",)),
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


def checked(folder: Path, content: bytes, name: str = "rows.csv", shape: str = "") -> tuple[Reading, Verdict]:
    path = folder / name
    path.write_bytes(content)
    reading = read(path, answers={"shape": shape} if shape else {})
    verdict = judge(reading, WORDS)
    assert verdict.rows_read == verdict.rows_accepted + verdict.rows_refused
    return reading, verdict


def told(findings: Iterable[Finding], severity: str = "error") -> list[tuple[str, str]]:
    return [(one.cell or one.column, one.code) for one in findings if one.severity == severity]


# --- recognised


@pytest.mark.parametrize("shape", sorted(ROWS))
def test_the_header_tells_the_kind_of_rows(tmp_path: Path, shape: str) -> None:
    reading, verdict = checked(tmp_path, table(shape, ROWS[shape]))
    assert (reading.shape, reading.is_template, reading.questions) == (shape, True, ())
    assert verdict.rows_read == 1


@pytest.mark.parametrize("shape", sorted(uploadable()))
def test_every_template_has_its_words_on_the_second_sheet_and_is_recognised(
    tmp_path: Path, shape: str
) -> None:
    content = xlsx_template(shape, {"site": [("it4lia", "IT4LIA")]})
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        assert book.sheet_names == [shape, "Allowed words", "Columns"]
        rows, second, third = (book.get_sheet_by_index(place).to_python() for place in range(3))
    assert rows == [list(upload_cells(shape))]
    words = {(row[0], row[1]) for row in second[1:]}
    for column in columns(shape, {"site": [("it4lia", "IT4LIA")]}):
        assert {word for name, word in words if name == column.name} == set(column.words)
    for name, cell in SHAPES[shape].cells.items():
        if cell.kind == "code":
            assert {word for column, word in words if column == name} == set(WORDS[cell.of])
        if cell.names == ("site",):
            assert (name, "it4lia") in words
    needed = {row[0]: row[1] for row in third[1:]}
    assert {name for name, said in needed.items() if said == "must be filled"} == {
        name for name, cell in SHAPES[shape].cells.items() if cell.required
    }
    for content, name in ((xlsx_template(shape), "t.xlsx"), (csv_template(shape), "t.csv")):
        reading, verdict = checked(tmp_path, content, name)
        assert reading.shape == shape
        assert ("A1", "no-rows") in told(verdict.findings) or "no-rows" in {
            one.code for one in verdict.findings
        }
        assert "several-sheets" not in {one.code for one in verdict.findings}


@pytest.mark.parametrize("path", sorted((FIXTURES / "uploads").glob("*.csv")), ids=lambda path: path.stem)
def test_no_budget_list_is_taken_for_anything_else(path: Path) -> None:
    assert read(path).shape == "budget_line"


def test_a_person_says_what_the_rows_are_where_the_header_does_not(tmp_path: Path) -> None:
    content = b"site_id,country\nmimer,SE\n"
    assert checked(tmp_path, content)[0].shape == "budget_line"
    reading, verdict = checked(tmp_path, content, shape="site")
    missing = {one.column for one in verdict.findings if one.code == "column-missing"}
    assert reading.shape == "site" and missing == {"name", "kind", "status", "source_url"}


# --- read


def test_cells_are_read_as_people_write_them(tmp_path: Path) -> None:
    row = SITE | {
        "kind": "AI factory",
        "status": " Selected ",
        "country": "Schweden",
        "lat": "58,41",
        "dated_on": "24.11.2026",
        "selected": "2025-Q1",
    }
    _, verdict = checked(tmp_path, table("site", row))
    assert told(verdict.findings) == []
    (read_row,) = verdict.rows.to_pylist()
    assert {
        name: read_row[name] for name in ("kind", "status", "country", "lat", "dated_on", "selected")
    } == {
        "kind": "ai-factory",
        "status": "selected",
        "country": "SE",
        "lat": "58.41",
        "dated_on": "2026-11-24",
        "selected": "2025-Q1",
    }
    assert {"word-replaced", "dates-restyled"} <= {one.code for one in verdict.findings}, (
        "what was changed is said"
    )


def test_a_workbook_with_its_own_days_numbers_and_flags(tmp_path: Path) -> None:
    row = ROWS["milestone"] | {"amount_eur": 1250000.5, "is_planned": False, "dated": date(2026, 9, 1)}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet, as_day = book.add_worksheet("milestone"), book.add_format({"num_format": "d mmm yyyy"})
        for column, (title, value) in enumerate(row.items()):
            sheet.write(0, column, title)
            sheet.write(1, column, value, *([as_day] if title == "dated" else []))
    _, verdict = checked(tmp_path, content.getvalue(), "m.xlsx")
    assert told(verdict.findings) == []
    (read_row,) = verdict.rows.to_pylist()
    assert (read_row["amount_eur"], read_row["is_planned"], read_row["dated"]) == (
        "1250000.5",
        "false",
        "2026-09-01",
    )


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-16", "\t"), ("cp1252", ";")],
    ids=["bom", "utf16", "semicolon"],
)
def test_encodings_and_delimiters_do_not_matter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = table("site", SITE | {"name": "Linköping"}).decode().replace(",", delimiter)
    reading, verdict = checked(tmp_path, text.encode(encoding))
    assert reading.shape == "site" and told(verdict.findings) == []
    assert verdict.rows["name"].to_pylist() == ["Linköping"]


def test_lines_above_the_header_other_orders_and_blank_rows_are_no_hindrance(tmp_path: Path) -> None:
    header = [title.upper().replace("_", " ") for title in reversed(SITE)]
    cells = list(reversed(SITE.values()))
    content = f"Our sites\n\n{','.join(header)}\n{','.join(cells)}\n\n{','.join(cells).replace('mimer', 'mimer2')}\n"
    reading, verdict = checked(tmp_path, content.encode())
    assert reading.shape == "site" and told(verdict.findings) == []
    assert verdict.rows["site_id"].to_pylist() == ["mimer", "mimer2"]
    assert verdict.rows["file_row"].to_pylist() == [4, 6]


# --- judged


def test_every_fault_of_every_row_is_told_at_once_with_its_cell(tmp_path: Path) -> None:
    rows = [
        SITE | {"site_id": "", "country": "Sweeden"},
        SITE | {"kind": "factory", "source_url": "example"},
        SITE | {"site_id": "x", "lat": "north", "part_of": "it4lya"},
        SITE | {"site_id": "x", "selected": "soon"},
        SITE | {"site_id": "lumi-ai-factory"},
        SITE | {"site_id": "y", "replaces": "it4li", "replaces_reason": "It moved."},
        SITE | {"site_id": "it4lia", "replaces": "it4lia"},
        SITE | {"site_id": "z", "replaces": "lumi-ai-factory", "replaces_reason": "Renamed."},
        SITE | {"site_id": "=cmd()", "note": "Call anna@example.org"},
    ]
    reading, verdict = checked(tmp_path, table("site", *rows))
    places = reading.curated.columns if reading.curated else {}
    letters = {
        name: chr(65 + place) if place < 26 else f"A{chr(39 + place)}" for name, place in places.items()
    }
    expected = {
        (f"{letters['site_id']}2", "required-missing"),
        (f"{letters['country']}2", "unknown-word"),
        (f"{letters['kind']}3", "unknown-word"),
        (f"{letters['source_url']}3", "not-an-address"),
        (f"{letters['lat']}4", "not-a-number"),
        (f"{letters['part_of']}4", "no-such-row"),
        (f"{letters['site_id']}5", "duplicate-key"),
        (f"{letters['selected']}5", "not-a-day"),
        (f"{letters['site_id']}6", "published-key"),
        (f"{letters['replaces']}7", "replaces-unknown"),
        (f"{letters['replaces']}8", "replaces-without-reason"),
        (f"{letters['replaces']}9", "replaces-other-name"),
        (f"{letters['site_id']}10", "formula-cell"),
    }
    assert set(told(verdict.findings)) == expected
    assert verdict.rows_accepted == 0
    by_code = {one.code: one for one in verdict.findings}
    assert "Did you mean “it4lia”?" in by_code["no-such-row"].remedy
    assert "Did you mean “it4lia”?" in by_code["replaces-unknown"].remedy
    assert "ai-factory, antenna" in by_code["unknown-word"].remedy or "AT" in by_code["unknown-word"].remedy
    assert all(one.problem and one.remedy for one in verdict.findings)
    assert "personal-data" in by_code


def test_allowed_words_stand_in_the_finding(tmp_path: Path) -> None:
    _, verdict = checked(tmp_path, table("site", SITE | {"status": "dreaming"}))
    (finding,) = [one for one in verdict.findings if one.code == "unknown-word"]
    assert all(word in finding.remedy for word in WORDS["site_statuses"]) and "data/" not in finding.remedy


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("1.234", "not-euros"),
        ("about 5", "not-euros"),
        ("5 million", "not-euros"),
        ("100 SEK", "not-euros"),
        ("1.005", "third-decimal"),
    ],
    ids=["two-readings", "word", "unit", "currency", "fine"],
)
def test_an_amount_that_is_not_plain_euros_is_never_guessed(tmp_path: Path, amount: str, code: str) -> None:
    _, verdict = checked(tmp_path, table("entry", AMOUNT | {"amount_eur": amount}))
    codes = {one.code for one in verdict.findings if one.column == "amount_eur" and one.severity == "error"}
    assert codes and verdict.rows_accepted == 0, [str(one) for one in verdict.findings]


def test_a_row_with_a_key_of_several_parts_is_replaced_by_it_as_one_text(tmp_path: Path) -> None:
    row = ROWS["promise"] | {"promise_id": "gigafactory-call", "replaces_reason": "Another day."}
    good = checked(tmp_path, table("promise", row | {"replaces": "gigafactory-call / 1"}))[1]
    assert told(good.findings) == []
    bad = checked(tmp_path, table("promise", row | {"replaces": "gigafactory-call"}))[1]
    assert [code for _, code in told(bad.findings)] == ["replaces-unknown"]


def test_two_rows_cannot_replace_the_same_one_and_a_reason_needs_a_row(tmp_path: Path) -> None:
    why = {"replaces": "envelopes:investai-total", "replaces_reason": "Raised."}
    rows = [
        AMOUNT | why,
        AMOUNT | why | {"entry_key": "other"},
        AMOUNT | {"entry_key": "third", "replaces_reason": "?"},
    ]
    _, verdict = checked(tmp_path, table("entry", *rows))
    assert [code for _, code in told(verdict.findings)] == ["replaces-unknown", "replaces-without-reason"]


def test_without_a_release_nothing_is_said_of_what_is_published(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(table("site", SITE | {"part_of": "nowhere", "site_id": "it4lia"}))
    assert told(judge(read(path), read_vocabularies(tmp_path / "no-store")).findings) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"site_id,name,kind,status,country,source_url\n",
        b'site_id,name,kind,status,country,source_url\n"mimer,Mimer\n',
        b"site_id,site_id,name,kind,status,country,source_url\na,b,c,ai-factory,selected,SE,https://example.org/\n",
        b"site_id,name,kind,status,country,source_url\nmimer,Mimer,ai-factory,selected,SE,https://example.org/,more,cells\n",
        b"site_id,name,kind,status,country,source_url\n\xff\xfe\x00",
        b"PK\x03\x04broken",
    ],
    ids=["empty", "header-alone", "open-quote", "title-twice", "ragged", "nul", "broken-workbook"],
)
def test_a_nasty_file_is_answered_with_findings_and_nothing_of_it_stands(
    tmp_path: Path, content: bytes
) -> None:
    _, verdict = checked(tmp_path, content)
    assert verdict.is_blocked
    assert all(one.problem and one.remedy for one in verdict.findings if one.severity == "error")


def test_many_faults_of_a_kind_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.limits.MAX_LISTED", 3)
    rows = [SITE | {"site_id": f"s{number}", "kind": "factory"} for number in range(10)]
    _, verdict = checked(tmp_path, table("site", *rows))
    assert sum(one.code == "unknown-word" for one in verdict.findings) == 3
    assert [one.problem[:7] for one in verdict.findings if one.code == "more-of-the-same"] == ["7 more "]


def test_persons_among_entries_are_asked_about_and_withheld(tmp_path: Path) -> None:
    names = ("Anna Example", "Example Institute", "Herr Muster", "Anna Example")
    rows = [AMOUNT | {"entry_key": f"award-{at}", "beneficiary": name} for at, name in enumerate(names)]
    content = table("entry", *rows)
    reading, verdict = checked(tmp_path, content)
    told_of = [one for one in verdict.findings if one.code == "natural-person"]
    assert [(one.value, one.row, one.severity) for one in told_of] == [
        ("Anna Example", 2, "warning"),
        ("Herr Muster", 4, "warning"),
    ]
    assert (verdict.persons, verdict.names_shown) == (("Anna Example", "Herr Muster"), ())
    shown = judge(reading, WORDS, show_names=["Herr Muster", "Example Institute"])
    assert shown.names_shown == ("Herr Muster",)
    assert [("second person" in one.problem) for one in shown.findings if one.code == "natural-person"] == [
        False,
        True,
    ]


@pytest.mark.parametrize("shape", ["budget_line", "entry", "site"])
def test_a_remedy_lists_all_allowed_words_or_says_where_they_stand(tmp_path: Path, shape: str) -> None:
    cells = upload_cells(shape)
    row = {name: "zzz" for name, cell in cells.items() if cell.kind == "code"}
    _, verdict = checked(tmp_path, table(shape, row), shape=shape)
    for name in row:
        words = WORDS[cells[name].of]
        (remedy,) = (
            one.remedy for one in verdict.findings if (one.column, one.code) == (name, "unknown-word")
        )
        if len(words) <= 40:
            assert all(word in remedy for word in words)
        else:
            assert f"{len(words)} words" in remedy and "Allowed words" in remedy and len(remedy) < 300
