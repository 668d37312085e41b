"""A source with anything wrong in it stops the build with letters, all at once; the current release stays
(`Small.refusal` sees to that).
"""

import csv
import hashlib
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.file_schemas import SHAPES
from pipelines.findings import Finding, Refused
from pipelines.source_reader import (
    Source,
    read_columns,
    read_reference,
    read_sources,
    source_folders,
    vocabularies,
)
from tests.conftest import Small
from tests.paths import DATA

ENTRIES = ("envelopes", "entries.csv")
FILE = "envelopes/entries.csv"


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, "\n".join(map(str, findings))
    return findings[0]


# --- cells: each has file, row, column, value, what is wrong and what to do


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value", "code", "remedy"),
    [
        ("amount_eur", "8168000000.005", "third-decimal", "to the cent"),
        ("amount_eur", "8168000000,00", "not-euros", "with a point before the cents"),
        ("amount_eur", "8,168,000,000.00", "not-euros", "digits only"),
        ("amount_eur", "1 000", "not-euros", "digits only"),
        ("amount_eur", "1E+06", "not-euros", "digits only"),
        ("amount_eur", "€ 5", "not-euros", "digits only"),
        ("amount_eur", "NaN", "not-euros", "digits only"),
        ("amount_eur", "٥", "not-euros", "digits only"),
        ("amount_eur", "(500)", "not-euros", "digits only"),
        ("amount_eur", "tbc", "not-euros", "digits only"),
        ("stage", "programed", "unknown-word", "Did you mean “programmed”?"),
        ("programme", "digital-europ", "unknown-word", "Did you mean “digital-europe”?"),
        ("basis", "EU-contribution", "unknown-word", "Did you mean “eu-contribution”?"),
        ("country", "Germany", "unknown-word", "data/reference/countries.csv"),
        ("year", "26", "not-a-year", "four digits"),
        ("year", "1026", "not-a-year", "four digits"),
        ("period_start", "01/02/2026", "not-a-day", "YYYY-MM-DD"),
        ("period_start", "2026-02-30", "not-a-day", "YYYY-MM-DD"),
        ("dated_on", "spring 2026", "not-a-date", "YYYY-Qn"),
        ("dated_on", "2026-13", "not-a-date", "YYYY-MM"),
        ("rate", "about 25", "not-a-number", "digits"),
        ("source_url", "javascript:alert(1)", "not-an-address", "https://"),
        ("source_url", "www.europa.eu", "not-an-address", "https://"),
        ("source_url", "https://user@europa.eu/x", "not-an-address", "https://"),
        ("source_url", "", "required-missing", "Fill it in"),
        ("heading", "", "required-missing", "Fill it in"),
        ("heading", "Digital\u200bEurope", "hidden-character", "Type the text anew"),
        ("heading", "Digital\u202eEurope", "hidden-character", "Type the text anew"),
        ("note", "a\x07b", "hidden-character", "Type the text anew"),
        ("note", "a\x00b", "hidden-character", "Type the text anew"),
        ("heading", " Digital Europe", "stray-space", "Delete the space"),
        ("heading", "Digital Europe\u00a0", "stray-space", "Delete the space"),
    ],
)
def test_a_wrong_cell_is_a_letter(small: Small, column: str, value: str, code: str, remedy: str) -> None:
    row = small.row_of(*ENTRIES, entry_key="digital-europe-total-2023")
    small.change(*ENTRIES, row, **{column: value})
    found = only(small.refusal())
    assert (found.code, found.file, found.row, found.column, found.value) == (code, FILE, row, column, value)
    remedy = remedy.replace("YYYY-Qn", "YYYY-Q3")
    assert remedy in found.remedy
    said = str(found)
    assert said.startswith(f"error: {FILE}, row {row}, {column}: ")
    assert "\u202e" not in said and "\x07" not in said and "\x00" not in said


def test_a_wrong_flag_and_a_wrong_count_are_letters(small: Small) -> None:
    small.change("milestones", "milestones.csv", 3, is_planned="yes")
    small.change("overview", "ladder_steps.csv", 2, position="1.5")
    assert {(found.code, found.row, found.column) for found in small.refusal()} == {
        ("not-a-flag", 3, "is_planned"),
        ("not-a-count", 2, "position"),
    }


def test_a_long_value_is_shown_short(small: Small) -> None:
    small.change(*ENTRIES, 2, stage="x" * 5000)
    assert len(str(only(small.refusal()))) < 400


def test_all_findings_of_all_files_come_at_once(small: Small) -> None:
    small.change(*ENTRIES, 2, amount_eur="1.005", stage="programed")
    small.change(*ENTRIES, 5, year="26")
    small.change("sites", "sites.csv", 3, lat="north")
    small.replace("flows", "source.toml", 'licence = "CC BY 4.0"\n', "")
    small.replace("rates", "rates.csv", "1.0324", "1,0324")
    found = small.refusal()
    assert [(finding.file, finding.row, finding.column) for finding in found] == [
        (FILE, 2, "stage"),
        (FILE, 2, "amount_eur"),
        (FILE, 5, "year"),
        ("flows/source.toml", 0, "licence"),
        ("rates/rates.csv", next(f.row for f in found if f.file == "rates/rates.csv"), ""),
        ("sites/sites.csv", 3, "lat"),
    ]


@pytest.mark.slow
def test_three_thousand_wrong_rows_are_all_found(small: Small) -> None:
    row = small.rows(*ENTRIES)[0] | {"stage": "programed"}
    small.write_rows(*ENTRIES, [row | {"entry_key": f"a-{number}"} for number in range(3000)])
    assert [
        finding.row
        for finding in small.refusal()
        if finding.code == "unknown-word" and finding.column == "stage"
    ] == list(range(2, 3002))


# --- rules between cells


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"amount_eur": "", "note": ""}, "amount-missing", "amount_eur"),
        ({"confidence": "calculated", "formula": ""}, "formula-missing", "formula"),
        ({"superseded_on": "2026-01-20", "superseded_by": ""}, "successor-missing", "superseded_on"),
        (
            {"superseded_on": "", "superseded_by": "envelopes:horizon-europe-total"},
            "day-missing",
            "superseded_by",
        ),
        ({"currency": "CZK", "amount_original": "1000", "rate": ""}, "rate-missing", "currency"),
    ],
)
def test_cells_that_need_each_other(small: Small, cells: dict[str, str], code: str, column: str) -> None:
    row = small.row_of(*ENTRIES, entry_key="digital-europe-total-2023")
    small.change(*ENTRIES, row, **cells)
    found = only(small.refusal())
    assert (found.code, found.file, found.row, found.column) == (code, FILE, row, column)


def test_a_line_of_the_template_needs_a_year_or_a_date_and_an_amount_or_a_note(small: Small) -> None:
    small.change("template", "lines.csv", 2, year="", dated_on="")
    small.change("template", "lines.csv", 3, amount_eur="", note="")
    assert [(found.code, found.row) for found in small.refusal()] == [
        ("date-missing", 2),
        ("amount-missing", 3),
    ]


def test_a_key_that_stands_twice_names_both_rows(small: Small) -> None:
    row = small.add(*ENTRIES, like=2)
    found = only(small.refusal())
    assert (found.code, found.row, found.column, found.value) == (
        "duplicate-key",
        row,
        "entry_key",
        small.rows(*ENTRIES)[0]["entry_key"],
    )
    assert "row 2" in found.problem


def test_a_key_that_stands_twice_in_two_files_of_a_source_is_a_letter_too(small: Small) -> None:
    content = small.path(*ENTRIES).read_bytes()
    small.path("envelopes", "more.csv").write_bytes(content)
    toml = small.path("envelopes").read_text(encoding="utf-8")
    toml += f'\n[file."more.csv"]\nshape = "entry"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
    small.path("envelopes").write_text(toml, encoding="utf-8")
    found = small.refusal()
    assert {(finding.code, finding.file) for finding in found} == {("duplicate-key", "envelopes/more.csv")}
    assert f"stands in {FILE}, row 2, too." in found[0].problem


def test_a_site_that_two_sources_give_is_a_letter(small: Small) -> None:
    shutil.copytree(small.path("sites").parent, small.data / "sources" / "sites-too")
    found = small.refusal()
    assert [(finding.code, finding.file, finding.row, finding.column) for finding in found] == [
        *(("duplicate-key", "sites-too/sites.csv", row, "site_id") for row in (2, 3, 4)),
        *(("duplicate-key", "sites-too/call_states.csv", row, "call") for row in (2, 3)),
    ]


def test_sums_that_stand_twice_are_refused_too(small: Small) -> None:
    small.add("published-sums", "sums.csv", like=2)
    found = only(small.refusal())
    assert (found.code, found.file) == ("declaration-broken", "table ledger")


@pytest.mark.parametrize(
    ("source", "file", "row", "column", "value"),
    [
        ("site-funding", "entries.csv", 2, "site_id", "nowhere"),
        ("template", "lines.csv", 2, "site", "nowhere"),
        ("milestones", "milestones.csv", 2, "site_id", "nowhere"),
        ("milestones", "promises.csv", 2, "site_id", "nowhere"),
        ("envelopes", "claims.csv", 2, "site_id", "nowhere"),
        ("sites", "sites.csv", 2, "part_of", "nowhere"),
        ("envelopes", "overlaps.csv", 2, "container", "envelopes:nothing"),
        ("envelopes", "overlaps.csv", 2, "contained", "envelopes:nothing"),
        ("envelopes", "overlap_rules.csv", 2, "container", "envelopes:nothing"),
        ("envelopes", "claims.csv", 2, "entry_id", "envelopes:nothing"),
        ("overview", "ladder_steps.csv", 2, "entries", "envelopes:nothing"),
        ("overview", "funder_totals.csv", 2, "entries", "envelopes:nothing"),
        ("envelopes", "stated_totals.csv", 2, "members", "envelopes:nothing"),
    ],
)
def test_a_name_of_nothing_is_a_letter(
    small: Small, source: str, file: str, row: int, column: str, value: str
) -> None:
    small.change(source, file, row, **{column: value})
    found = only(small.refusal())
    assert (found.code, found.file, found.row, found.column, found.value) == (
        "unknown-reference",
        f"{source}/{file}",
        row,
        column,
        value,
    )
    assert found.remedy


def test_a_successor_that_is_not_there_is_a_letter(small: Small) -> None:
    row = small.row_of(*ENTRIES, entry_key="digital-europe-total-2021")
    small.change(*ENTRIES, row, superseded_by="envelopes:nothing")
    assert ("unknown-reference", row, "superseded_by") in [
        (found.code, found.row, found.column) for found in small.refusal()
    ]


# --- columns and files


def test_an_unknown_column_is_named_with_the_nearest(small: Small) -> None:
    small.replace(*ENTRIES, "amount_eur", "amount_euro")
    assert [(found.code, found.row, found.column) for found in small.refusal()] == [
        ("unknown-column", 1, "amount_euro"),
        ("column-missing", 1, "amount_eur"),
    ]
    assert "Did you mean “amount_eur”?" in small.refusal()[0].remedy


def test_a_missing_column_is_named_with_the_columns_there_must_be(small: Small) -> None:
    rows = [{name: value for name, value in row.items() if name != "funder"} for row in small.rows(*ENTRIES)]
    small.write_rows(*ENTRIES, rows)
    found = only(small.refusal())
    assert (found.code, found.file, found.row, found.column) == ("column-missing", FILE, 1, "funder")
    assert "entry_key, programme, initiative, funder" in found.remedy


def test_a_doubled_column_is_named(small: Small) -> None:
    lines = small.path("flows", "flows.csv").read_text(encoding="utf-8").splitlines()
    small.write(
        "flows",
        "flows.csv",
        "\n".join(f"{line},note" if not place else f"{line}," for place, line in enumerate(lines)).encode(),
    )
    found = only(small.refusal())
    assert (found.code, found.file, found.row, found.column) == (
        "column-doubled",
        "flows/flows.csv",
        1,
        "note",
    )


def test_a_changed_file_is_named_with_its_new_fingerprint(small: Small) -> None:
    path = small.path("flows", "flows.csv")
    path.write_bytes(
        path.read_bytes()
        .replace(b"InvestAI", b"investAI", 1)
        .replace(b"150000000000.00", b"150000000001.00", 1)
    )
    found = only(small.refusal())
    assert (found.code, found.file) == ("checksum-differs", "flows/flows.csv")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in found.remedy


@pytest.mark.parametrize(("name", "expected"), [("rows", "27"), ("amount_eur", '"1.00"')])
def test_a_failed_expectation_says_what_was_read_and_what_was_expected(
    small: Small, name: str, expected: str
) -> None:
    toml = small.path("envelopes").read_text(encoding="utf-8")
    before = next(line for line in toml.splitlines() if line.startswith(f"{name} = "))
    small.replace("envelopes", "source.toml", before, f"{name} = {expected}")
    found = only(small.refusal())
    assert (found.code, found.file, found.column) == ("expectation-failed", FILE, name)
    assert found.value in before and expected.strip('"') in found.problem


def test_a_file_that_is_named_but_not_there(small: Small) -> None:
    small.path("flows", "flows.csv").unlink()
    found = only(small.refusal())
    assert (found.code, found.file) == ("file-missing", "flows/flows.csv")


def test_a_file_that_is_there_but_not_named(small: Small) -> None:
    small.path("flows", "forgotten.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    found = only(small.refusal())
    assert (found.code, found.file) == ("file-undeclared", "flows/forgotten.csv")
    assert '[file."forgotten.csv"]' in found.remedy


@pytest.mark.parametrize(
    "damage", [b'title = "unclosed\n', b"\xff\xfe", b"[file\n", b'title = "a"\ntitle = "b"\n']
)
def test_a_source_toml_that_cannot_be_read(small: Small, damage: bytes) -> None:
    small.path("flows").write_bytes(damage)
    found = only(small.refusal())
    assert (found.code, found.file) == ("toml-unreadable", "flows/source.toml")


def test_a_source_toml_that_says_too_little_or_something_unknown(small: Small) -> None:
    small.path("rates").write_text('[file."rates.csv"]\nshape = "rat"\nsha265 = "0"\n', encoding="utf-8")
    found = small.refusal()
    assert [(finding.code, finding.column) for finding in found] == [
        ("required-missing", "title"),
        ("required-missing", "publisher"),
        ("required-missing", "licence"),
        ("toml-unknown-word", "sha265"),
        ("unknown-shape", "shape"),
    ]
    assert "Did you mean “rate”?" in found[-1].remedy
    assert "Did you mean “sha256”?" in found[-2].remedy


@pytest.mark.parametrize(
    "toml",
    [
        'title = "t"\npublisher = "p"\nlicence = "l"\nfile = "rates.csv"\n',
        'title = "t"\npublisher = "p"\nlicence = "l"\n[file]\n"rates.csv" = "rate"\n',
        'title = "t"\npublisher = "p"\nlicence = "l"\n[file."rates.csv"]\nshape = 3\n',
    ],
    ids=["file is no table", "a file is no table", "shape is a number"],
)
def test_a_source_toml_of_the_wrong_form_is_a_letter_and_no_accident(small: Small, toml: str) -> None:
    small.path("rates").write_text(toml, encoding="utf-8")
    assert {finding.file.split("/")[0] for finding in small.refusal()} == {"rates"}


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("retrieved_on = 2026-11-23", 'retrieved_on = "yesterday"', "not-a-day", "retrieved_on"),
        ("rows = 7", 'rows = "seven"', "expectation-unknown", "rows"),
        ('shape = "flow"', 'shape = "flow"\ndelimiter = ";;"', "toml-wrong-form", "delimiter"),
        ('shape = "flow"', 'shape = "flow"\ncolumns = ["a"]', "toml-wrong-form", "columns"),
        ('shape = "flow"', 'shape = "flow"\nignored = "a"', "toml-wrong-form", "ignored"),
    ],
)
def test_a_word_of_source_toml_of_the_wrong_form_is_named(
    small: Small, old: str, new: str, code: str, column: str
) -> None:
    small.replace("flows", "source.toml", old, new)
    found = only(small.refusal())
    assert (found.file.split("/")[0], found.code, found.column) == ("flows", code, column)


def test_an_expectation_of_an_unknown_column_is_a_letter(small: Small) -> None:
    small.replace("flows", "source.toml", "rows = 7", "rows = 7\namont_eur = 1")
    assert [(finding.file, finding.column) for finding in small.refusal()] == [
        ("flows/flows.csv", "amont_eur")
    ]


def test_a_file_that_is_not_utf8_says_from_which_row(small: Small) -> None:
    content = small.path("flows", "flows.csv").read_bytes().split(b"\n")
    content[3] = content[3] + "Zürich".encode("cp1252")
    small.write("flows", "flows.csv", b"\n".join(content))
    found = only(small.refusal())
    assert (found.code, found.row) == ("not-utf8", 4)


def test_a_ragged_row_says_how_many_cells_it_has(small: Small) -> None:
    lines = small.path("flows", "flows.csv").read_text(encoding="utf-8").splitlines()
    lines[2] += ",and more"
    lines[4] = lines[4].split(",")[0]
    small.write("flows", "flows.csv", "\n".join(lines).encode() + b"\n")
    found = small.refusal()
    assert [(finding.code, finding.row) for finding in found] == [("ragged-row", 3), ("ragged-row", 5)]
    assert found[0].problem == "has 15 cells, the header has 14."


def test_a_quotation_mark_that_is_not_closed(small: Small) -> None:
    small.write("flows", "flows.csv", small.path("flows", "flows.csv").read_bytes() + b'"open,')
    found = only(small.refusal())
    assert (found.code, found.file) == ("csv-unreadable", "flows/flows.csv")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"PK\x03\x04" + bytes(40),
        b"<html><body>No</body></html>",
    ],
)
def test_what_is_no_csv_is_refused(small: Small, content: bytes) -> None:
    small.write("flows", "flows.csv", content)
    assert {finding.file for finding in small.refusal()} == {"flows/flows.csv"}


@pytest.mark.slow
def test_a_file_without_its_last_line_end_and_with_other_line_ends_reads_the_same(small: Small) -> None:
    content = small.path("flows", "flows.csv").read_bytes()
    small.write("flows", "flows.csv", b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    assert small.build().is_new


# --- reference lists


def test_a_wrong_reference_list_stops_the_build(small: Small) -> None:
    path = small.data / "reference" / "programmes.csv"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace(",eu-budget,", ",eu-buget,", 1)
        .replace("CEF Digital", " CEF Digital", 1),
        encoding="utf-8",
    )
    found = small.refusal()
    assert {(finding.code, finding.file) for finding in found} >= {
        ("unknown-word", "reference/programmes.csv")
    }


def test_a_code_that_stands_twice_in_a_list_stops_the_build(small: Small) -> None:
    path = small.data / "reference" / "stages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    found = only(small.refusal())
    assert (found.code, found.file, found.row) == ("duplicate-key", "reference/stages.csv", len(lines) + 1)


def test_a_missing_reference_list_is_a_letter(small: Small) -> None:
    (small.data / "reference" / "stages.csv").unlink()
    assert "reference/stages.csv" in {finding.file for finding in small.refusal()}


# --- files that are not ours

FOREIGN = """Programm;Finanzierung;Stand;Art;Betrag;Jahr;Titel;Quelle;Bemerkung;Interne Nr.
Horizont Europa;;zugesagt;EU-Beitrag;12353000000,00;2023;Horizont Europa 2023;https://www.earto.eu/earto-memo-2023-eu-budget/;;17
Digitales Europa;;zugesagt;EU-Beitrag;;2024;Digitales Europa 2024;https://www.earto.eu/earto-memo-2023-eu-budget/;"nicht; veröffentlicht";18
"""
HOW = """
title = "Foreign"
publisher = "Somebody else"
licence = "CC BY 4.0"
[file."zusagen.csv"]
shape = "budget_line"
sha256 = "{sha256}"
delimiter = ";"
decimal = ","
ignored = ["Interne Nr.", "Finanzierung"]
[file."zusagen.csv".columns]
Programm = "programme"
Stand = "stage"
Art = "basis"
Betrag = "amount_eur"
Jahr = "year"
Titel = "heading"
Quelle = "source_url"
Bemerkung = "note"
[file."zusagen.csv".words.programme]
"Horizont Europa" = "horizon-europe"
"Digitales Europa" = "digital-europe"
[file."zusagen.csv".words.stage]
zugesagt = "committed"
[file."zusagen.csv".words.basis]
EU-Beitrag = "eu-contribution"
"""


def foreign(folder: Path, text: str = FOREIGN) -> Source:
    folder.mkdir()
    content = text.encode()
    (folder / "zusagen.csv").write_bytes(content)
    (folder / "source.toml").write_text(
        HOW.format(sha256=hashlib.sha256(content).hexdigest()), encoding="utf-8"
    )
    words = vocabularies(read_reference(DATA / "reference"))
    return read_sources(source_folders(folder.parent), words)[0]


def test_a_foreign_file_is_read_by_what_its_source_toml_says(tmp_path: Path) -> None:
    table = foreign(tmp_path / "fremd").files[0].table
    assert table.column_names == list(SHAPES["budget_line"].cells)
    first, second = table.to_pylist()
    assert {name: value for name, value in first.items() if value is not None} == {
        "programme": "horizon-europe",
        "stage": "committed",
        "basis": "eu-contribution",
        "amount_eur": "12353000000.00",
        "year": "2023",
        "heading": "Horizont Europa 2023",
        "source_url": "https://www.earto.eu/earto-memo-2023-eu-budget/",
    }
    assert (second["amount_eur"], second["note"]) == (None, "nicht; veröffentlicht")


def test_a_foreign_column_that_is_neither_mapped_nor_ignored_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        foreign(tmp_path / "fremd", FOREIGN.replace("Interne Nr.", "Aktenzeichen"))
    assert [(found.code, found.column) for found in refused.value.findings] == [
        ("unknown-column", "Aktenzeichen")
    ]


@pytest.mark.parametrize("amount", ["12.353.000.000,00", "12353000000.00", "12.353"])
def test_points_in_a_file_with_decimal_commas_are_never_guessed_at(tmp_path: Path, amount: str) -> None:
    with pytest.raises(Refused) as refused:
        foreign(tmp_path / "fremd", FOREIGN.replace("12353000000,00", amount))
    assert [(found.code, found.row, found.column, found.value) for found in refused.value.findings] == [
        ("mixed-decimals", 2, "amount_eur", amount)
    ]


# --- any rows

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(SHAPES["entry"].cells, TEXT)), max_size=6))
def test_rows_that_were_written_are_read_as_they_were(rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(SHAPES["entry"].cells), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    findings: list[Finding] = []
    columns = read_columns(text.getvalue().encode(), SHAPES["entry"].cells, {}, findings)
    assert findings == []
    assert columns is not None
    assert columns == {name: [row[name] or None for row in rows] for name in SHAPES["entry"].cells}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reading_without_a_finding(content: bytes) -> None:
    findings: list[Finding] = []
    columns = read_columns(content, SHAPES["flow"].cells, {}, findings)
    assert (columns is None) == bool(findings)
