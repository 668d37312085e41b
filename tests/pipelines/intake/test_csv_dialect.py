"""Any rows in any dialect that we read come back the same to the cent; hostile files are refused quickly."""

import csv
import io
import json
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from typer import Typer
from typer.testing import CliRunner

from pipelines.cli.uploads import check
from pipelines.file_schemas import BUDGET_LINE
from pipelines.foreign_files import csv_quote_check, csv_reader, file_reader
from pipelines.foreign_files.header_words import known_titles
from pipelines.foreign_files.text_encoding import find_encoding
from pipelines.intake.annotated_workbook import marked_workbook
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import read
from pipelines.intake.validate import judge
from tests.paths import FIXTURES

UPLOADS = FIXTURES / "uploads"
WORDS = read_vocabularies()
LETTERS = {
    "cp1252": "Universität Köln señor façade",
    "cp1250": "Województwo Łódzkie dofinansowań część",
    "cp1253": "Πανεπιστήμιο Αθηνών και Ίδρυμα",
    "cp1251": "Софийски университет и институт",
    "utf-8": "Żółw Köln Αθήνα София",
    "utf-8-sig": "Université Straße",
    "utf-16": "Łódź Αθήνα",
    "iso-8859-2": "Vysoké učení technické v Brně, žádost",
}
DATES = {"Y-m-d": "%Y-%m-%d", "d.m.Y": "%d.%m.%Y", "d/m/Y": "%d/%m/%Y", "Ymd": "%Y%m%d"}
LANGUAGES = ("", "en", "de", "fr", "it", "es", "pl", "el", "bg", "cs", "sv", "hu", "lt")


def _first_titles(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for title, column in known_titles()[language].items():
        found.setdefault(column, title)
    return found


def _styled(amount: Decimal, decimal: str, grouped: bool) -> str:
    whole, _, cents = f"{amount:.2f}".partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if grouped:
        mark = {",": ".", ".": ","}[decimal]
        whole = f"{int(whole):,}".replace(",", mark)
    return f"{sign}{whole}{decimal}{cents}"


words = st.text("abcdefghij ,;|-'()&", min_size=1, max_size=20).map(lambda text: f"w{text}w")
lines = st.lists(
    st.tuples(
        words,
        st.decimals(Decimal("-99999999.99"), Decimal("9999999999.99"), places=2),
        st.dates(date(2021, 1, 13), date(2027, 12, 28)),
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda line: line[0],
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=lines,
    encoding=st.sampled_from(sorted(LETTERS)),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([",", "."]),
    grouped=st.booleans(),
    dates=st.sampled_from(sorted(DATES)),
    language=st.sampled_from(LANGUAGES),
    preamble=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_rows_in_any_dialect_read_back_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[tuple[str, Decimal, date]], encoding: str, delimiter: str, decimal: str,
    grouped: bool, dates: str, language: str, preamble: bool, end: str,
) -> None:  # fmt: skip
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)
    titles = {name: name for name in BUDGET_LINE}
    own = _first_titles(language) | {"source_url": "source_url"} if language else titles
    if all(title.encode(encoding, "ignore").decode(encoding) == title for title in own.values()):
        titles = own
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    if preamble:
        text.write(f"Commitments{end}")
    writer.writerow([titles[name] for name in BUDGET_LINE])
    for words_, amount, day in lines:
        cells = {
            "programme": "digital-europe", "stage": "committed", "basis": "eu-contribution", "amount_eur": _styled(amount, decimal, grouped),
            "heading": f"{words_} {LETTERS[encoding]}", "dated_on": day.strftime(DATES[dates]), "source_url": "https://example.org/list",
        }  # fmt: skip
        writer.writerow([cells.get(name, "") for name in BUDGET_LINE])
    path = tmp_path / "any.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    reading = read(path)
    verdict = judge(reading, WORDS)
    answers = {}
    if reading.encoding != encoding and encoding in reading.facts.get("encoding_alternatives", ()):
        # words of a few letters fit two code pages alike: then the file is never read without saying so
        assert "encoding-unsure" in {finding.code for finding in verdict.findings}
        answers["encoding"] = encoding
    if reading.questions:
        # a column in which day and month can all change places, or that holds one amount below a thousand,
        # may only be asked about
        answers |= {"dates": "d.m.Y" if dates.startswith("d") else dates, "decimal": decimal}
    if answers:
        verdict = judge(read(path, answers=answers), WORDS)
    assert verdict.rows_read == len(lines)
    assert verdict.rows_accepted == len(lines), [str(finding) for finding in verdict.findings]
    assert [Decimal(value) for value in verdict.rows["amount_eur"].to_pylist()] == [
        amount for _, amount, _ in lines
    ]
    assert verdict.rows["dated_on"].to_pylist() == [day.isoformat() for _, _, day in lines]
    assert verdict.rows["heading"].to_pylist() == [f"{words_} {LETTERS[encoding]}" for words_, _, _ in lines]
    assert verdict.sum_eur == sum(amount for _, amount, _ in lines)


SENTENCES = {
    "Województwo Łódzkie, dofinansowań część, źródło": "cp1250 iso-8859-2 cp852",
    "Vysoké učení technické v Brně, žádost příjemce": "cp1250 iso-8859-2 cp852 mac-latin2",
    "Žiadosť o nenávratný finančný príspevok, ľudské zdroje": "cp1250 iso-8859-2",
    "Költségvetési támogatás összege, műszaki fejlesztő": "cp1250 iso-8859-2 cp852",
    "Judeţul Iaşi, finanţare în sumă": "cp1250 iso-8859-2",
    "Višina sredstev, občina Črnomelj, žaga": "cp1250 iso-8859-2",
    "Universität Köln, Förderung der Straße": "cp1252 iso-8859-15 mac-roman cp850",
    "Université française, où l'élève règle le coût": "cp1252 iso-8859-15 mac-roman",
    "Presupuesto del año, ejecución, señor, subvención pública": "cp1252 iso-8859-15",
    "Operação, aprovação, não, região": "cp1252 iso-8859-15",
    "Università, città, perché, società": "cp1252 iso-8859-15",
    "Hämeen elinkeino-, liikenne- ja ympäristökeskus": "cp1252 iso-8859-15",
    "København, Ærø, beløb, støtte på": "cp1252 iso-8859-15",
    "Töötu õppekava, rühm, žürii, šokk": "cp1252 cp1257 iso-8859-15 iso-8859-4",
    "Paraiškų informacija, žemės ūkio įmonė, ąžuolas": "cp1257 iso-8859-13 iso-8859-4",
    "Pašvaldība, līdzfinansējums, Rīgas ģimene, ķēde": "cp1257 iso-8859-13",
    "Πανεπιστήμιο Αθηνών, ίδρυμα": "cp1253 iso-8859-7 cp737",
    "ΕΠΙΧΕΙΡΗΣΙΑΚΟ ΠΡΟΓΡΑΜΜΑ": "cp1253 iso-8859-7",
    "Софийски университет, област": "cp1251 iso-8859-5 cp866",
    "Ġenerali, ħwejjeġ, żewġ, ċentru": "iso-8859-3",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_tells_its_encoding(sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    for encoding in SENTENCES[sentence].split():
        content = f"a;b\n{sentence};1\n".encode(encoding)
        path.write_bytes(content)
        found = find_encoding(path)
        assert content.decode(found.name) == content.decode(encoding), (found.name, encoding)
        assert not found.is_certain


@pytest.mark.parametrize(
    ("word", "written", "other"),
    [("Caffè", "cp1252", "cp1250"), ("žába", "iso-8859-2", "cp1250"), ("ľad", "cp1250", "iso-8859-2"), ("pąk", "cp1250", "iso-8859-2"),
     ("Άδεια", "cp1253", "iso-8859-7")],
)  # fmt: skip
def test_where_nothing_decides_both_readings_are_shown_and_an_answer_settles_it(
    word: str, written: str, other: str, tmp_path: Path
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(f"heading,amount_eur\n{word},1\n".encode(written))
    reading = read(path)
    (question,) = [question for question in reading.questions if question.code == "encoding"]
    assert {written, other} <= set(question.choices)
    assert word in question.choices[written] and word not in question.choices[other]
    (finding,) = [finding for finding in reading.findings if finding.code == "encoding-unsure"]
    assert all(f"{name} reads" in finding.problem for name in question.choices)
    settled = read(path, answers={"encoding": written})
    assert settled.grid is not None and settled.grid.cell(1, 0) == word and not settled.questions


@pytest.mark.parametrize(
    ("windows", "iso"), [("cp1252", "iso-8859-15"), ("cp1250", "iso-8859-2"), ("cp1253", "iso-8859-7")]
)
def test_control_bytes_tell_the_windows_code_page(windows: str, iso: str, tmp_path: Path) -> None:
    """Even one such byte at the end of a large file: in an ISO code page it would be a control character."""
    path = tmp_path / "any.csv"
    word = {"cp1252": "Müller", "cp1250": "účet", "cp1253": "Ίδρυμα"}[windows]
    path.write_bytes(("a;b\n" + f"{word};1\n" * 60_000 + f"“{word}” – 5 €;2\n").encode(windows))
    found = find_encoding(path)
    assert found.name == windows and iso not in found.alternatives


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_its_mark(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(
        (
            "ΠΡΟΓΡΑΜΜΑ ΚΑΙ ΙΔΡΥΜΑ ΤΗΣ ΕΛΛΗΝΙΚΗΣ ΔΗΜΟΚΡΑΤΙΑΣ;amount_eur\n"
            + "Πανεπιστήμιο Αθηνών και Ίδρυμα;12\n" * 50
        ).encode(encoding)
    )
    reading = read(path)
    assert (
        reading.encoding == encoding
        and reading.grid is not None
        and reading.grid.row(1) == ["Πανεπιστήμιο Αθηνών και Ίδρυμα", "12"]
    )


def test_the_bad_file_of_the_journey_names_every_cell() -> None:
    verdict = judge(read(UPLOADS / "journey-j8.csv"), WORDS)
    told = {(finding.code, finding.cell) for finding in verdict.findings}
    assert {
        ("unknown-word", "D7"), ("outlier", "F9"), ("formula-cell", "K11"), ("unclosed-quote", "K13"), ("duplicate-row", "K16"), ("preamble", ""),
        ("amounts-restyled", "F3"), ("delimiter-assumed", ""),
    } <= told  # fmt: skip
    assert (verdict.rows_read, verdict.rows_accepted, verdict.rows_refused) == (13, 10, 3)
    assert any("“committed”" in finding.remedy for finding in verdict.findings if finding.cell == "D7")


def test_the_marked_workbook_is_the_file_with_its_findings(tmp_path: Path) -> None:
    reading = read(UPLOADS / "journey-j8.csv")
    verdict = judge(reading, WORDS)
    path = tmp_path / "marked.xlsx"
    path.write_bytes(marked_workbook(reading, verdict.findings))
    book = CalamineWorkbook.from_path(str(path))
    cells = book.get_sheet_by_name("file").to_python(skip_empty_area=False)
    assert (cells[6][3], cells[8][5], cells[10][10]) == ("comitted", "106.000.000,50", "=cmd")
    listed = book.get_sheet_by_name("findings").to_python()
    assert len(listed) == len(verdict.findings) + 1
    comments = zipfile.ZipFile(path).read("xl/comments1.xml").decode()
    assert all(f'ref="{finding.cell}"' in comments for finding in verdict.findings if finding.cell)


@pytest.mark.clock
@pytest.mark.parametrize("kind", ["spaces", "entities", "far", "quotes", "wide", "nested"])
def test_hostile_files_are_refused_within_five_seconds(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"{kind}.xlsx"
    start = time.monotonic()
    if kind in ("quotes", "wide"):
        path = path.with_suffix(".csv")
        path.write_text(
            'a,b\n"' + "x,y\n" * 200_000 if kind == "quotes" else "a," * 3_000_000, encoding="utf-8"
        )
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                "xl/workbook.xml",
                '<workbook xmlns:r="x"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
            )
            content = {
                "spaces": b"<worksheet>" + b" " * (200 * 1024 * 1024) + b"</worksheet>",
                "entities": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>',
                "far": b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
                "nested": b"<a>" * 400_000,
            }[kind]
            archive.writestr("xl/worksheets/sheet1.xml", content)
        start = time.monotonic()
    verdict = judge(read(path), WORDS)
    assert verdict.is_blocked
    assert time.monotonic() - start < 5


def test_check_prints_the_object_that_others_read() -> None:
    app = Typer()
    app.command()(check)
    bad = CliRunner().invoke(app, [str(UPLOADS / "journey-j8.csv"), "--json"])
    told = json.loads(bad.stdout)
    assert bad.exit_code == 1
    assert {
        "file",
        "sha256",
        "encoding",
        "delimiter",
        "decimal",
        "rows_read",
        "rows_accepted",
        "sum_eur",
        "findings",
    } <= set(told)
    assert (
        told["encoding"],
        told["delimiter"],
        told["decimal"],
        told["rows_read"],
        told["rows_accepted"],
    ) == ("utf-8", ";", ",", 13, 10)
    assert set(told["findings"][0]) == {
        "code",
        "severity",
        "row",
        "column",
        "cell",
        "value",
        "problem",
        "remedy",
    }
    good = CliRunner().invoke(app, [str(UPLOADS / "good.csv"), "--json"])
    assert (good.exit_code, json.loads(good.stdout)["sum_eur"]) == (0, "5015000.00")
    assert CliRunner().invoke(app, ["nowhere.csv"]).exit_code == 2
    assert CliRunner().invoke(app, [str(UPLOADS / "good.csv"), "--recipe", "unheard-of"]).exit_code == 2


def test_a_question_shows_both_sums_and_an_answer_settles_it() -> None:
    reading = read(UPLOADS / "ambiguous-number.csv")
    (question,) = reading.questions
    assert question.sums == {",": Decimal("6912"), ".": Decimal("6.912")}
    assert judge(read(UPLOADS / "ambiguous-number.csv", answers={"decimal": ","}), WORDS).sum_eur == 6912


SAME = [
    "good",
    "ragged-row",
    "blank-rows",
    "total-row",
    "unknown-word",
    "column-unknown",
    "preamble",
    "header-repeated",
]


@pytest.mark.parametrize("quoting", [csv.QUOTE_NONE, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize("name", [*SAME, "unclosed-quote", "stray-quote", "markup"])
def test_large_files_are_read_the_same_by_the_fast_way(
    name: str, quoting: Literal[0, 1, 2, 3], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)
    path = tmp_path / f"{name}.csv"
    text = (UPLOADS / f"{name}.csv").read_text(encoding="utf-8")
    if quoting == csv.QUOTE_NONE:
        text = text.replace('"', "")
    elif name in SAME:
        rewritten = io.StringIO(newline="")
        csv.writer(rewritten, quoting=quoting).writerows(csv.reader(io.StringIO(text, newline="")))
        text = rewritten.getvalue()
    path.write_text(text, encoding="utf-8", newline="")
    slow = judge(read(path), WORDS)
    monkeypatch.setattr(csv_reader, "FAST_FROM", 0)
    fast = judge(read(path), WORDS)
    assert (fast.findings, fast.rows_accepted, fast.rows.to_pylist()) == (
        slow.findings,
        slow.rows_accepted,
        slow.rows.to_pylist(),
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text('a,"\n\r', min_size=1, max_size=30))
def test_marks_that_are_called_regular_have_one_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(text.encode())
    monkeypatch.setattr(csv_quote_check, "BLOCK", 4)
    counted = csv_quote_check.count_lines(path, ",", 100)
    if counted is not None:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert "\r" not in text.replace("\r\n", "")
        assert counted.lines == text.count("\n") + (text[-1] != "\n")
        assert (
            counted.inner == sum(cell.count("\n") for row in rows for cell in row)
            and len(rows) + counted.inner == counted.lines
        )
        assert counted.width in (0, max(1, len(rows[0])))
