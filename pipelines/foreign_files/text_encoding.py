"""What a file really is, and bytes → text: which encoding, why, and what else it could be.

Guesses are shown, never silent.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.foreign_files.header_words import known_titles, plain
from pipelines.foreign_files.letter_frequencies import NAMES, likelihood

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "an RTF document"),
)
# What to do with a file that is no table, where there is better advice than to export it again.
WAYS_OUT = {
    **dict.fromkeys(
        (what for _, what in _MAGIC if "archive" in what), "unpack it, and upload the file inside"
    ),
    "an XML spreadsheet of Excel 2003": "open it in a spreadsheet, and save it as .xlsx",
    "a flat OpenDocument spreadsheet": "open it in a spreadsheet, and save it as .ods or .xlsx",
    "a web page (HTML)": "whatever its name says: open it in a spreadsheet, and save it as .xlsx",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings with one byte per character, and what speaks against each before the file is looked at:
# spreadsheets save in those of Windows.
CANDIDATES = {
    "cp1252": 0.0,
    "cp1250": 0.0,
    "cp1253": 0.0,
    "cp1251": 0.0,
    "cp1257": 0.0,
    "iso-8859-15": 1.0,
    "iso-8859-2": 1.0,
    "iso-8859-7": 1.0,
    "iso-8859-13": 1.0,
    "iso-8859-5": 3.0,
    "iso-8859-16": 3.0,
    "iso-8859-4": 5.0,
    "iso-8859-3": 5.0,
    "mac-roman": 4.0,
    "cp852": 4.0,
    "cp850": 4.0,
    "cp737": 5.0,
    "cp866": 5.0,
    "cp775": 5.0,
    "mac-latin2": 5.0,
}
# Odds of 50 to 1, as a logarithm: below them nothing decides between two readings, and both are shown.
DECIDED = 4.0
_WORD = re.compile(r"\w*[^\x00-\x7f]\w*")
_ASCII = bytes(range(0x80))
BLOCK = 1 << 20


@dataclass(frozen=True)
class Encoding:
    """Which encoding a text file is read with, and why.

    alternatives: other encodings that give other letters and are nearly as likely, each with how it reads
    the words of the sample. problems: code, row, value, what is wrong.
    """

    name: str
    why: str
    is_certain: bool = True
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sample: tuple[str, ...] = ()
    problems: tuple[tuple[str, int, str, str], ...] = field(default=())


def real_kind(path: Path) -> str:
    """What the first bytes say that a file is: empty, text, zip, ole, or in words what it is instead."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        return "empty"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if head[8:12] == b"DUCK":
        return "a DuckDB database"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    text = head.replace(b"\x00", b"").lower()  # UTF-16 has zeros between its ASCII letters
    if (
        b"urn:schemas-microsoft-com:office:spreadsheet" in text and b"<workbook" in text
    ) or b'progid="excel.sheet"' in text:
        return "an XML spreadsheet of Excel 2003"
    if b"opendocument.spreadsheet" in text and b"<office:document" in text:
        return "a flat OpenDocument spreadsheet"
    if start.startswith(b"<") and re.search(
        rb"<(html|head|body|meta|style|script|form|div|table|tr|td)[\s>]", head.lower()
    ):
        return "a web page (HTML)"
    if start.startswith((b"<?xml", b"<!doctype")):
        return "an XML document"
    if re.match(rb'\{\s*("|\})|\[\s*(\{|\[|"|\])', start):
        return "a JSON document"
    return "text"


def find_encoding(path: Path, fixed: str = "") -> Encoding:
    """How to read the bytes of a text file. fixed: what the recipe or an answer says; it is tried first."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _checked(path, name, "the file begins with its byte order mark")
    if fixed:
        return _checked(
            path,
            codecs.lookup(fixed).name if fixed != "ascii" else "utf-8",
            "the recipe or the answer says so",
        )
    zeros = Counter(byte_index % 2 for byte_index, byte in enumerate(head) if byte == 0)
    # of UTF-16 the one half of all bytes is zero where the text is ASCII, and the other half never
    if sum(zeros.values()) > len(head) // 40 and min(zeros[0], zeros[1]) * 50 < sum(zeros.values()):
        return _checked(
            path,
            "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le",
            "its zero bytes stand where UTF-16 has them",
            is_certain=False,
        )
    utf8 = _checked(path, "utf-8", "all bytes are valid UTF-8")
    if not utf8.problems:
        return utf8 if utf8.sample else Encoding("utf-8", "all bytes are plain ASCII, which is UTF-8 too")
    return _eight_bit(path, utf8)


def _checked(path: Path, name: str, why: str, is_certain: bool = True) -> Encoding:
    """The encoding, tried on the whole file. A byte that does not fit is a problem with its row."""
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    keeps_ascii = name == "utf-8"
    seen, sample = 0, False
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK)
            pending = len(decoder.getstate()[0])
            if keeps_ascii and block and not pending and block.isascii():
                seen += len(block)
                continue
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                at = max(error.start - pending, 0)
                row = 1 + _line_breaks(path, seen) + block[:at].count(b"\n")
                byte_index = seen - pending + error.start
                is_end = not block or (
                    len(block) < BLOCK and len(block) - (error.start - pending) < 4 and not stream.read(1)
                )
                code = "cut-character" if is_end else "wrong-encoding"
                value = f"byte {byte_index + 1:,}: 0x{error.object[error.start]:02x}"
                return Encoding(
                    name,
                    why,
                    False,
                    problems=((code, row, value, f"is no character of {name}"),),
                    sample=("x",) if sample else (),
                )
            seen += len(block)
            sample = sample or not text.isascii()
            if not block:
                return Encoding(name, why, is_certain, sample=("x",) if sample else ())


def _line_breaks(path: Path, size: int) -> int:
    """How many line feeds stand in the first bytes of a file."""
    count = 0
    with path.open("rb") as stream:
        while size > 0 and (block := stream.read(min(size, BLOCK))):
            count, size = count + block.count(b"\n"), size - len(block)
    return count


def _eight_bit(path: Path, utf8: Encoding) -> Encoding:
    """The encoding with one byte per character in which the letters are those of one language of the EU."""
    sample = b"\n".join(_foreign_lines(path))
    valid = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]+", sample))
    high = len(re.findall(rb"[\x80-\xff]", sample))
    code, row, value, _ = utf8.problems[0]
    if code == "cut-character":
        return utf8
    if valid * 2 > (high - valid) * 0.5 and valid > 2 and valid * 4 > high:
        return Encoding(
            "utf-8",
            utf8.why,
            False,
            problems=(("mixed-encodings", row, value, "is not UTF-8, but most of the file is"),),
        )
    used = _bytes_used(path)
    spoken = _spoken(path)
    readings: dict[str, tuple[float, str]] = {}
    for name, against in CANDIDATES.items():
        read = _decoded(used, name)
        # what an ISO code page takes for control characters are letters of the one of Windows
        if read is not None and not re.search(r"[\x80-\x9f]", read):
            score, language = likelihood(sample.decode(name), spoken)
            readings[name] = (score - against, language)
    if not readings:
        return utf8
    order = sorted(readings, key=lambda name: -readings[name][0])
    best = order[0]
    score, language = readings[best]
    rivals: list[str] = []
    for name in order[1:]:
        differs = all(_decoded(used, name) != _decoded(used, other) for other in (best, *rivals))
        if differs and readings[name][0] > score - DECIDED:
            rivals.append(name)
    shown = _words_that_differ(sample, best, rivals)
    return Encoding(
        best,
        f"it is not UTF-8, and in {best} its letters are those of {language}",
        False,
        {name: tuple(word.decode(name, "replace") for word in shown) for name in rivals[:3]},
        tuple(word.decode(best, "replace") for word in shown),
    )


def _spoken(path: Path) -> frozenset[str]:
    """The languages in which most titles of the first lines are known.

    Only ASCII letters are compared. Empty if fewer than two titles are known.
    """
    with path.open("rb") as stream:
        head = stream.read(20_000).decode("ascii", "replace")
    cells = {plain(cell) for line in head.splitlines()[:30] for cell in re.split(r"[,;\t|]", line)}
    hits = Counter(
        {code: len(cells & words.keys()) for code, words in known_titles().items() if code in NAMES}
    )
    most = max(hits.values(), default=0)
    return (
        frozenset(NAMES[code] for code, number in hits.items() if number == most)
        if most >= 2
        else frozenset()
    )


def _bytes_used(path: Path) -> bytes:
    """The bytes beyond ASCII that a file holds, each once, in order."""
    seen: set[int] = set()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            seen |= set(block.translate(None, _ASCII))
    return bytes(sorted(seen))


def _decoded(used: bytes, encoding: str) -> str | None:
    """What the bytes are in an encoding; None if one of them is no character of it."""
    try:
        return used.decode(encoding)
    except UnicodeDecodeError:
        return None


def _words_that_differ(sample: bytes, best: str, rivals: Sequence[str]) -> tuple[bytes, ...]:
    """A few words of the sample, as bytes: words that the encodings to compare read otherwise."""
    words = dict.fromkeys(re.findall(rb"[\w\x80-\xff]*[\x80-\xff][\w\x80-\xff]*", sample))
    differing = [
        word
        for word in words
        if any(word.decode(name, "replace") != word.decode(best, "replace") for name in rivals)
    ]
    first = {
        name: next(word for word in differing if word.decode(name, "replace") != word.decode(best, "replace"))
        for name in rivals[:3]
    }
    return tuple(dict.fromkeys([*first.values(), *differing, *(() if rivals else words)]))[:3]


def _foreign_lines(path: Path) -> Iterator[bytes]:
    """Some lines with bytes beyond ASCII, from the whole file."""
    size = 0
    with path.open("rb") as stream:
        while size < 200_000 and (line := stream.readline(BLOCK)):
            if not line.isascii():
                size += len(line)
                yield line[:4000]
