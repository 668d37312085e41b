"""Source folders and reference lists → tables of text, checked. Reads data/ and the store; opens no database.

A source is a folder with a source.toml that says what each file is and how to read it; every column is mapped
or ignored by name.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Boolean, Date, Integer, Table

from pipelines.file_schemas import SHAPES, Cell, key_text
from pipelines.findings import Finding, Refused, nearest
from pipelines.partial_dates import PartialDate, read_partial_date
from pipelines.row_checks import (
    Vocabularies,
    check_cells,
    check_expectations,
    check_key,
    check_table,
    is_day,
)
from pipelines.schema import metadata

_NEEDED = ("title", "publisher", "licence")
_FILE_WORDS: Mapping[str, type] = {
    "shape": str,
    "sha256": str,
    "delimiter": str,
    "decimal": str,
    "columns": dict,
    "ignored": list,
    "words": dict,
    "expect": dict,
}


@dataclass(frozen=True)
class SourceFile:
    """One checked file of a source. table: the columns of its shape as strings; a cell that is a moment
    stands as three columns.
    """

    name: str
    shape: str
    table: pa.Table


@dataclass(frozen=True)
class Source:
    """A folder of files, who published them, and what they hold. sha256: over source.toml and all files that
    it names.
    """

    source_id: str
    about: Mapping[str, str | None]
    files: tuple[SourceFile, ...]
    sha256: str


_ABOUT_DAYS = ("retrieved_on", "approved_on", "checked_on")
ABOUT = (
    "title",
    "publisher",
    "url",
    *_ABOUT_DAYS,
    "approved_by",
    "licence",
    "note",
    "import_no",
    "definition",
    "origin",
    "extract",
)


def read_sources(folders: Iterable[Path], words: Vocabularies) -> list[Source]:
    """All sources in the folders, checked. Raises Refused with every finding of every file."""
    findings: list[Finding] = []
    sources: list[Source] = []
    for folder in sorted(folders, key=lambda path: path.name):
        source, own = _read_source(folder, words)
        findings += own
        sources += [source] if source else []
    if not sources and not findings:
        findings.append(
            Finding(
                code="no-source",
                file="data/sources",
                problem="holds no folder with a source.toml.",
                remedy="Put the sources back.",
            )
        )
    findings += _doubles(sources)
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    return sources


def replaced_keys(sources: Iterable[Source]) -> dict[tuple[str, str], dict[str, tuple[str, int]]]:
    """The rows that uploads replaced: shape and source folder → key as text → the upload's file and row that
    say so.
    """
    found: dict[tuple[str, str], dict[str, tuple[str, int]]] = {}
    for source in sources:
        for file in (file for file in source.files if file.shape == "replacement"):
            for row, line in enumerate(file.table.to_pylist(), start=2):
                place = file.name, row
                found.setdefault((line["shape"], line["of_source"]), {})[line["row_key"]] = place
    return found


def _doubles(sources: Sequence[Source]) -> Iterator[Finding]:
    """Rows whose key stands in another file too, of any source unless keys of their shape are a source's
    own. A row that an upload replaced does not count.
    """
    first: dict[tuple[str | None, ...], tuple[str, int]] = {}
    replaced = replaced_keys(sources)
    for source in sources:
        for file in source.files:
            keys = SHAPES[file.shape].key
            gone = replaced.get((file.shape, source.source_id), {})
            scope = source.source_id if SHAPES[file.shape].is_key_of_source else ""
            for row, key in (
                enumerate(zip(*(file.table[name].to_pylist() for name in keys), strict=True), start=2)
                if keys
                else ()
            ):
                if key_text(key) in gone:
                    continue
                other, other_row = first.setdefault((file.shape, scope, *key), (file.name, row))
                if other != file.name:
                    value = ", ".join(part or "" for part in key)
                    remedy = "Delete one of them, or give each its own key."
                    yield Finding(
                        code="duplicate-key",
                        file=file.name,
                        row=row,
                        column=keys[0],
                        value=value,
                        problem=f"stands in {other}, row {other_row}, too.",
                        remedy=remedy,
                    )


def source_folders(*roots: Path) -> list[Path]:
    """Every folder below the roots that holds a source.toml."""
    return [toml.parent for root in roots for toml in sorted(root.glob("*/source.toml"))]


def _in_file(file: str, findings: Iterable[Finding]) -> list[Finding]:
    """Findings about the cells of a table, now with the file that they stand in."""
    return [replace(finding, file=file) for finding in findings]


def _read_source(folder: Path, words: Vocabularies) -> tuple[Source | None, list[Finding]]:
    """A source and what is wrong in it; no source if its source.toml cannot be read."""
    raw = (folder / "source.toml").read_bytes()
    try:
        about = tomllib.loads(raw.decode("utf-8"))
    except ValueError as error:
        unreadable = Finding(
            code="toml-unreadable",
            file=f"{folder.name}/source.toml",
            problem=f"cannot be read: {error}.",
            remedy="Mend the line that it names.",
        )
        return None, [unreadable]
    declared: dict[str, dict[str, Any]] = about.get("file", {})
    is_readable = isinstance(declared, dict) and all(isinstance(how, dict) for how in declared.values())
    findings = _in_file(f"{folder.name}/source.toml", _check_about(about, is_readable))
    if not is_readable:
        return None, findings
    for unlisted in sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix in (".csv", ".tsv") and path.name not in declared
    ):
        findings.append(
            Finding(
                code="file-undeclared",
                file=f"{folder.name}/{unlisted}",
                problem="is not named in source.toml.",
                remedy=f'Declare it with [file."{unlisted}"] in source.toml, or move it away.',
            )
        )
    digest = hashlib.sha256(raw)
    files = []
    for name, how in declared.items():
        file = f"{folder.name}/{name}"
        if not (folder / name).is_file():
            findings.append(
                Finding(
                    code="file-missing",
                    file=file,
                    problem="is named in source.toml but is not there.",
                    remedy="Put it there, or take it out.",
                )
            )
            continue
        content = (folder / name).read_bytes()
        digest.update(hashlib.sha256(content).digest())
        about_file: list[Finding] = []
        table = _read_file(content, how, words, about_file)
        findings += _in_file(file, about_file)
        if table is not None:
            files.append(SourceFile(file, how["shape"], table))
    text = {name: (None if about.get(name) is None else str(about[name])) for name in ABOUT}
    return Source(folder.name, text, tuple(files), digest.hexdigest()), findings


def _check_about(about: Mapping[str, Any], is_readable: bool) -> Iterator[Finding]:
    """What is wrong in a source.toml, apart from how each file is read. is_readable: whether [file] has its
    form.
    """
    imported = _imported_file(about["file"]) if is_readable and "file" in about else ""
    for name in (*_NEEDED, *(("url",) if imported else ())):
        if not about.get(name):
            yield Finding(
                code="required-missing", column=name, problem="is not given.", remedy=f'Write {name} = "…".'
            )
    for name in _ABOUT_DAYS:
        if (day := about.get(name)) is not None and not is_day(str(day)):
            yield Finding(
                code="not-a-day",
                column=name,
                value=str(day),
                problem="is not a day of the calendar.",
                remedy="Write YYYY-MM-DD.",
            )
    number = about.get("import_no")
    extract = about.get("extract")
    if extract is not None and not (isinstance(extract, str) and extract):
        yield Finding(
            code="toml-wrong-form",
            column="extract",
            value=str(extract),
            problem="does not say which lines of the list are here.",
            remedy='Write extract = "lines judged AI", or leave it out where the whole list is here.',
        )
    if number is not None and extract is not None:
        yield Finding(
            code="toml-wrong-form",
            column="extract",
            value=str(extract),
            problem="stands beside import_no, but an extract is older than every import of its list.",
            remedy="Take import_no out, or extract where the whole list is here.",
        )
    if number is None and extract is None and imported:
        yield Finding(
            code="import-number-missing",
            column="import_no",
            problem=f"is not given, but {imported} is a published list, of which the newest import counts.",
            remedy="Write import_no = 1; for a newer version of a list, a higher number than the older one has.",
        )
    if number is not None and (type(number) is not int or number < 1):
        yield Finding(
            code="not-a-count",
            column="import_no",
            value=str(number),
            problem="cannot be read as the number of an import.",
            remedy="Write a whole number from 1 on, without quotation marks.",
        )
    if not is_readable:
        yield Finding(
            code="toml-wrong-form",
            column="file",
            problem="does not say what each file is.",
            remedy='Write [file."name.csv"], and below it shape = "…" and sha256 = "…".',
        )


def _imported_file(declared: Mapping[str, Mapping[str, Any]]) -> str:
    """The first file whose shape is an imported one; empty text if none is."""
    shapes = ((name, SHAPES.get(str(how.get("shape")))) for name, how in declared.items())
    return next((name for name, shape in shapes if shape and shape.is_imported), "")


def _read_file(
    content: bytes, how: Mapping[str, Any], words: Vocabularies, findings: list[Finding]
) -> pa.Table | None:
    """The rows of a file in the columns of its raw table; None if it cannot be read. Adds to the findings."""
    shape = how.get("shape", "")
    for unknown in sorted(set(how) - set(_FILE_WORDS)):
        findings.append(
            Finding(
                code="toml-unknown-word",
                column=unknown,
                problem="is not a word of source.toml.",
                remedy=nearest(unknown, _FILE_WORDS),
            )
        )
    malformed = [
        name for name, kind in _FILE_WORDS.items() if name in how and not isinstance(how[name], kind)
    ]
    malformed += [
        name for name in ("delimiter", "decimal") if name not in malformed and len(how.get(name, ".")) != 1
    ]
    if malformed:
        remedy = "See how other sources write it."
        findings += [
            Finding(
                code="toml-wrong-form",
                column=name,
                value=str(how[name]),
                problem="is not of the right form.",
                remedy=remedy,
            )
            for name in malformed
        ]
        return None
    if shape not in SHAPES:
        remedy = f"{nearest(shape, SHAPES)}Shapes are {', '.join(sorted(SHAPES))}."
        findings.append(
            Finding(
                code="unknown-shape",
                column="shape",
                value=shape,
                problem="is not a shape.",
                remedy=remedy,
            )
        )
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != how.get("sha256"):
        problem = "is not the fingerprint in source.toml: the file was changed or damaged."
        remedy = f'If the change is meant, write sha256 = "{sha256}" in source.toml.'
        findings.append(Finding(code="checksum-differs", value=sha256, problem=problem, remedy=remedy))
        return None
    columns = read_columns(content, SHAPES[shape].cells, how, findings)
    if columns is None:
        return None
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    findings += check_table(shape, table, words)
    findings += check_expectations(table, how.get("expect", {}))
    return _with_moments(SHAPES[shape].cells, table)


def read_columns(
    content: bytes, cells: Mapping[str, Cell], how: Mapping[str, Any], findings: list[Finding]
) -> dict[str, list[str | None]] | None:
    """The cells of a CSV file under the names of our columns, empty cells as None.

    how: as a [file] of source.toml says it. Gives None if the header or the rows do not fit; then the reasons
        are
    added to the findings, without the name of the file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        findings.append(
            Finding(
                code="not-utf8",
                row=row,
                problem="is not UTF-8 text from this row on.",
                remedy="Save it as “CSV UTF-8”.",
            )
        )
        return None
    try:
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=how.get("delimiter", ","), strict=True)
        )
    except csv.Error as error:
        findings.append(
            Finding(
                code="csv-unreadable",
                problem=f"cannot be read as CSV: {error}.",
                remedy="Look for a quotation mark that is not closed.",
            )
        )
        return None
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    names = _our_names(header, cells, how, findings)
    if names is None:
        return None
    ragged = [number for number, row in enumerate(body, start=2) if len(row) != len(header)]
    for number in ragged:
        problem = f"has {len(body[number - 2])} cells, the header has {len(header)}."
        findings.append(
            Finding(
                code="ragged-row",
                row=number,
                problem=problem,
                remedy="Put cells that hold a delimiter into quotation marks.",
            )
        )
    if ragged:
        return None
    translate = how.get("words", {})
    point = how.get("decimal", ".")
    columns: dict[str, list[str | None]] = {name: [None] * len(body) for name in cells}
    mixed: list[tuple[int, str, str]] = []
    for position, name in names.items():
        translations = translate.get(name, {})
        values = [translations.get(row[position], row[position]) or None for row in body]
        if point != "." and cells[name].kind in ("euros", "decimal", "number"):
            mixed += [
                (row, name, value) for row, value in enumerate(values, start=2) if value and "." in value
            ]
            values = [value and value.replace(point, ".") for value in values]
        columns[name] = values
    for row, name, value in mixed:
        problem, remedy = (
            f"holds a point, but the decimals of this file are parted by “{point}”.",
            "Write it without a point.",
        )
        findings.append(
            Finding(
                code="mixed-decimals",
                row=row,
                column=name,
                value=value,
                problem=problem,
                remedy=remedy,
            )
        )
    return None if mixed else columns


def _our_names(
    header: list[str], cells: Mapping[str, Cell], how: Mapping[str, Any], findings: list[Finding]
) -> dict[int, str] | None:
    """Position in the row → our column; None if a column of the file is neither mapped nor ignored, or one of
    ours lacks.
    """
    theirs: Mapping[str, str] = how.get("columns", {})
    ignored = frozenset(how.get("ignored", ()))
    names = {
        position: theirs.get(title, title) for position, title in enumerate(header) if title not in ignored
    }
    problems = [
        Finding(
            code="unknown-column",
            row=1,
            column=title,
            problem="is a column that we do not know.",
            remedy=f"{nearest(title, cells)}Map it in [columns] or name it in `ignored`.",
        )
        for position, title in enumerate(header)
        if position in names and names[position] not in cells
    ]
    problems += [
        Finding(
            code="column-doubled",
            row=1,
            column=name,
            problem="stands twice in the header.",
            remedy="Delete or rename one of them.",
        )
        for name in sorted({name for name in names.values() if list(names.values()).count(name) > 1})
    ]
    problems += [
        Finding(
            code="column-missing",
            row=1,
            column=name,
            problem="is a column that this file must have.",
            remedy=f"The columns are {', '.join(cells)}.",
        )
        for name in cells
        if name not in names.values() and (cells[name].required or not theirs) and not cells[name].is_later
    ]
    findings += problems
    return None if problems else names


def moment_names(name: str) -> tuple[str, str, str]:
    """The three columns in which a moment stands: first day, last day, precision."""
    stem = name.removesuffix("_on")
    return f"{stem}_on", f"{stem}_until", f"{stem}_precision"


def shape_columns(shape: str) -> list[str]:
    """The columns of the raw table of a shape: its cells, with three columns for each moment."""
    return [
        column
        for name, cell in SHAPES[shape].cells.items()
        for column in (moment_names(name) if cell.kind == "moment" else (name,))
    ]


def _with_moments(cells: Mapping[str, Cell], table: pa.Table) -> pa.Table:
    columns: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell.kind != "moment":
            columns[name] = table[name]
            continue
        moments: list[PartialDate | None] = [
            read_partial_date(text) if text else None for text in table[name].to_pylist()
        ]
        first, last, precision = moment_names(name)
        columns[first] = pa.array([moment and moment.first.isoformat() for moment in moments], pa.string())
        columns[last] = pa.array([moment and moment.last.isoformat() for moment in moments], pa.string())
        columns[precision] = pa.array([moment and moment.precision for moment in moments], pa.string())
    return pa.table(columns)


# --- reference lists


def reference_tables() -> list[Table]:
    """The tables of a release that are filled from data/reference/<table>.csv as they stand."""
    return [
        table for table in metadata.sorted_tables if table.info.get("kind") in ("vocabulary", "reference")
    ]


def read_reference(folder: Path) -> dict[str, pa.Table]:
    """Table name → its rows as strings, `position` counted. Raises Refused with every finding."""
    findings: list[Finding] = []
    lists: dict[str, pa.Table] = {}
    for table in reference_tables():
        file = f"reference/{table.name}.csv"
        if not (folder / f"{table.name}.csv").is_file():
            findings.append(
                Finding(
                    code="file-missing",
                    file=file,
                    problem="is not there.",
                    remedy="Every list of data/reference/ is needed.",
                )
            )
            continue
        cells = {column.name: _cell_of(column) for column in table.columns if column.name != "position"}
        about_file: list[Finding] = []
        columns = read_columns((folder / f"{table.name}.csv").read_bytes(), cells, {}, about_file)
        findings += _in_file(file, about_file)
        if columns is not None:
            lists[table.name] = pa.table(
                {name: pa.array(values, pa.string()) for name, values in columns.items()}
            )
    if findings:
        raise Refused(findings)
    words = vocabularies(lists)
    for table in reference_tables():
        if rows := lists.get(table.name):
            file = f"reference/{table.name}.csv"
            cells = {column.name: _cell_of(column) for column in table.columns if column.name != "position"}
            keys = [column.name for column in table.primary_key]
            findings += _in_file(file, (*check_cells(cells, rows, words), *check_key(keys, rows)))
            if "position" in table.columns:
                lists[table.name] = rows.append_column(
                    "position", pa.array([str(position) for position in range(1, rows.num_rows + 1)])
                )
    if findings:
        raise Refused(findings)
    return lists


def vocabularies(lists: Mapping[str, pa.Table]) -> Vocabularies:
    """Vocabulary → its codes."""
    return {
        name: frozenset(filter(None, rows["code"].to_pylist()))
        for name, rows in lists.items()
        if "code" in rows.column_names
    }


def _cell_of(column: Any) -> Cell:
    required = not column.nullable
    for key in column.foreign_keys:
        return Cell("code", key.target_fullname.split(".")[0], required)
    if isinstance(column.type, Boolean):
        return Cell("flag", "", required)
    if isinstance(column.type, Date):
        return Cell("day", "", required)
    if isinstance(column.type, Integer):
        return Cell("count", "", required)
    return Cell("text", "", required)
