"""Judges a packed file before anything else opens it: its parts, sizes, names and far cells."""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.parsers import expat

from pipelines.foreign_files import limits
from pipelines.foreign_files.limits import Limits
from pipelines.foreign_files.refusal import NotATable

_PIECE = 1 << 20
_OVERLAP = 1 << 10
# Cells in a far column or in the last row, unless they hold nothing: a cell that is only coloured lies
# nowhere.
_FAR = re.compile(rb"""\sr=["']([A-Z]{3}\d+|[S-Z][A-Z]\d+|[A-Z]{1,3}1048576)["'][^<>]*>\s*<(?!/)""")
_PERHAPS_FAR = re.compile(rb"""r=["'](?:[A-Z]{3}|[S-Z][A-Z]\d)""")
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)


@contextmanager
def open_archive(path: Path, allowed: Limits) -> Iterator[zipfile.ZipFile]:
    """A packed file whose parts are judged. Raises NotATable if it is damaged, locked, hostile or too large.

    What the block does with the archive may raise as zipfile does: that is a damaged file as well.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _judge(archive, allowed)
            yield archive
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise NotATable("workbook-damaged", "", f"cannot be unpacked: {error}") from None


def _judge(archive: zipfile.ZipFile, allowed: Limits) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > allowed.max_parts:
        raise NotATable(
            "too-many-parts",
            str(len(parts)),
            f"holds {len(parts):,} packed parts; the limit is {allowed.max_parts:,}",
        )
    if len(set(names)) != len(names):
        (twice, _), *_ = Counter(names).most_common(1)
        raise NotATable("workbook-damaged", twice, "holds two parts of the same name")
    for name in names:
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
            raise NotATable("workbook-hostile", name, "holds a part whose name leads out of the file")
    for part in parts:
        if part.flag_bits & 1:
            raise NotATable("workbook-locked", part.filename, "is protected by a password")
    if any("vbaproject" in name.lower() for name in names):
        raise NotATable("workbook-macros", "vbaProject.bin", "holds macros")
    _measure(sum(part.file_size for part in parts), sum(part.compress_size for part in parts) or 1, allowed)


def _measure(unpacked: int, packed: int, allowed: Limits) -> None:
    if unpacked > allowed.max_unpacked:
        size = limits.megabytes(unpacked)
        raise NotATable(
            "too-large-unpacked",
            size,
            f"would be {size} unpacked; the limit is {limits.megabytes(allowed.max_unpacked)}",
        )
    if unpacked > allowed.ratio_matters_from and unpacked > allowed.max_ratio * packed:
        ratio = f"{unpacked / packed:,.0f} : 1"
        raise NotATable(
            "too-tightly-packed", ratio, f"is packed {ratio}; the limit is {allowed.max_ratio} : 1"
        )


def read_pieces(archive: zipfile.ZipFile, part: str, allowed: Limits) -> Iterator[bytes]:
    """Unpack a part piece by piece and measure it as it comes: its stated size is not believed."""
    size = 0
    packed = archive.getinfo(part).compress_size or 1
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            _measure(size, packed, allowed)
            yield piece


def read_cells(archive: zipfile.ZipFile, part: str, allowed: Limits) -> Iterator[bytes]:
    """The pieces of a sheet of an XLSX. Raises NotATable at a cell that lies far outside any table.

    Readers of workbooks make room for all cells up to the farthest one, so that one far cell would take
    all memory.
    """
    tail = b""
    for piece in read_pieces(archive, part, allowed):
        text = tail + piece
        is_suspect = b"1048576" in text or _PERHAPS_FAR.search(text)
        for match in _FAR.finditer(text) if is_suspect else ():
            address = match[1].decode()
            column = column_number(address.rstrip("0123456789"))
            if column >= allowed.far_column or address.endswith(str(limits.LAST_ROW)):
                raise NotATable(
                    "far-cell",
                    address,
                    f"has a cell at {address}, far outside any table; the limit is "
                    f"{allowed.max_columns} columns",
                )
        tail = piece[-_OVERLAP:]
        yield piece


def column_number(letters: str) -> int:
    """A column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def make_parser(part: str) -> Any:
    """An XML parser that refuses document types.

    Entities could name files and addresses, or grow without end.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise NotATable("workbook-hostile", part, "declares a document type, which a spreadsheet never needs")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    return parser


def feed(pieces: Iterable[bytes], part: str, parser: Any) -> None:
    """Give a part to its parser. Raises NotATable where it is no XML."""
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NotATable("workbook-damaged", part, f"cannot be read: {error}") from None


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """Raise NotATable if a part of a workbook declares a document type.

    Declarations stand before the first tag.
    """

    class Begun(Exception):
        pass

    def begin(*_: object) -> None:
        raise Begun

    for part in archive.namelist():
        if not part.lower().endswith((".xml", ".rels")):
            continue
        parser = make_parser(part)
        parser.StartElementHandler = begin
        with archive.open(part) as stream:
            while block := stream.read(4096):
                try:
                    parser.Parse(block, False)
                except (Begun, expat.ExpatError):
                    break  # whoever needs a part that is no XML refuses it


def unpack(path: Path, folder: Path, allowed: Limits) -> list[Path]:
    """The files in a zip, each under its own name in the folder; hidden ones are left out.

    Raises NotATable if the zip is damaged, hostile or too large, FileExistsError if two files have the
    same name.
    """
    unpacked = []
    with open_archive(path, allowed) as archive:
        for member in archive.infolist():
            name = Path(member.filename).name
            if member.is_dir() or name.startswith(".") or "__MACOSX" in member.filename:
                continue
            with (folder / name).open("xb") as copy:
                for piece in read_pieces(archive, member.filename, allowed):
                    copy.write(piece)
            unpacked.append(folder / name)
    return unpacked


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip of files. A workbook is a zip as well, but one file to its reader."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except BROKEN:
        return True
    return not names & {"[Content_Types].xml", "content.xml"}
