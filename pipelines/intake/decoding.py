"""What a file really is, and bytes → text: which encoding, why, and what else it could be. Guesses are shown, never silent."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = (
    "cp1252",
    "cp1250",
    "cp1253",
    "cp1251",
    "cp1257",
    "iso-8859-15",
    "iso-8859-2",
    "iso-8859-7",
    "iso-8859-5",
    "iso-8859-13",
    "mac-roman",
    "cp852",
)
_ALPHABETS = {
    "Bulgarian": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "Croatian and Slovenian": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Danish": "æøåéöäü",
    "Dutch": "éèëïóöüáàêç",
    "Estonian": "äõöüšž",
    "Finnish and Swedish": "åäöéü",
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüßé",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Hungarian": "áéíóöőúüű",
    "Irish": "áéíóú",
    "Italian": "àèéìíîòóùú",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Maltese": "ċġħżàèìòù",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "áâãàçéêíóôõúü",
    "Romanian": "ăâîșțşţ",
    "Spanish and Catalan": "áéíñóúüçàèïò",
}
# Lists of the whole EU mix languages; a mixture fits a little less well than one language.
_MIXTURES = {
    "several languages of western Europe": "àâäáãåæçèéêëíîïñóôöõøœßùûúüìòÿšž",
    "several languages of central Europe": "áâäąăćčçďđéęěëíîľĺłńňóôöőřŕśšşťţúůüűýźžżß",
}
_NEUTRAL = frozenset("–—‐‘’‚“”„…•€£°§«»·´`\xa0©®™ªº¿¡²³½¼¹±×µ‰")
_WORD = re.compile(r"\w*[^\x00-\x7f]\w*")
BLOCK = 1 << 20


@dataclass(frozen=True)
class Encoding:
    """Which encoding a text file is read with, and why. alternatives: others that are as likely. problems: code, row, value, what is wrong."""

    name: str
    why: str
    is_certain: bool = True
    alternatives: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()
    problems: tuple[tuple[str, int, str, str], ...] = field(default=())


def real_kind(path: Path) -> str:
    """What the first bytes say that a file is: empty, text, zip, ole, or in words what it is instead of a table."""
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
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
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
        return _checked(path, codecs.lookup(fixed).name if fixed != "ascii" else "utf-8", "the recipe or the answer says so")
    zeros = Counter(place % 2 for place, byte in enumerate(head) if byte == 0)
    if head and sum(zeros.values()) > len(head) // 5:
        return _checked(path, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "every second byte is zero", is_certain=False)
    found = _checked(path, "utf-8", "all bytes are valid UTF-8")
    if not found.problems:
        return found if found.sample else Encoding("utf-8", "all bytes are plain ASCII, which is UTF-8 too")
    return _eight_bit(path, found)


def _checked(path: Path, name: str, why: str, is_certain: bool = True) -> Encoding:
    """The encoding, tried on the whole file. A byte that does not fit is a problem with its row."""
    decoder = codecs.getincrementaldecoder(name)(errors="strict")
    lines, seen, sample = 1, 0, False
    with path.open("rb") as stream:
        while True:
            block = stream.read(BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                before = block[: max(error.start - pending, 0)]
                row = lines + before.count(b"\n")
                place = seen - pending + error.start
                is_end = not block or (len(block) < BLOCK and len(block) - (error.start - pending) < 4 and not stream.read(1))
                code = "cut-character" if is_end else "wrong-encoding"
                value = f"byte {place + 1:,}: 0x{error.object[error.start]:02x}"
                return Encoding(
                    name, why, False, problems=((code, row, value, f"is no character of {name}"),), sample=("x",) if sample else ()
                )
            lines += block.count(b"\n")
            seen += len(block)
            sample = sample or not text.isascii()
            if not block:
                return Encoding(name, why, is_certain, sample=("x",) if sample else ())


def _eight_bit(path: Path, utf8: Encoding) -> Encoding:
    """An encoding with one byte per character: the one in which the letters are those of one language of the EU."""
    sample = b"\n".join(_foreign_lines(path))
    valid = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]+", sample))
    high = len(re.findall(rb"[\x80-\xff]", sample))
    code, row, value, _ = utf8.problems[0]
    if code == "cut-character":
        return utf8
    if valid * 2 > (high - valid) * 0.5 and valid > 2 and valid * 4 > high:
        return Encoding("utf-8", utf8.why, False, problems=(("mixed-encodings", row, value, "is not UTF-8, but most of the file is"),))
    scores: dict[str, tuple[float, str, str]] = {}
    for name in CANDIDATES:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        score, language = _fit(text)
        scores[name] = (score, language, text)
    if not scores:
        return utf8
    from charset_normalizer import from_bytes  # slow to load, and seldom needed

    opinion = from_bytes(sample[:50_000], cp_isolation=[name.replace("-", "_") for name in scores]).best()
    favourite = opinion.encoding.replace("_", "-") if opinion else ""
    order = sorted(
        scores,
        key=lambda name: (-round(scores[name][0], 2), name != favourite and name not in ("cp1252", "cp1250"), CANDIDATES.index(name)),
    )
    best = order[0]
    score, language, text = scores[best]
    others = tuple(name for name in order[1:] if scores[name][0] > score - 0.03 and scores[name][2] != text)[:3]
    words = tuple(dict.fromkeys(_WORD.findall(text)))[:3]
    return Encoding(best, f"it is not UTF-8, and in {best} its letters are those of {language}", False, others, words)


def _foreign_lines(path: Path) -> Iterator[bytes]:
    """Some lines with bytes beyond ASCII, from the whole file."""
    size = 0
    with path.open("rb") as stream:
        while size < 200_000 and (line := stream.readline(BLOCK)):
            if not line.isascii():
                size += len(line)
                yield line[:4000]


def _fit(text: str) -> tuple[float, str]:
    """How well the letters beyond ASCII fit the best of the languages, from 0 to 1, and which it is."""
    counts = Counter(char.lower() for char in text if not char.isascii())
    total = sum(counts.values()) or 1
    neutral = sum(number for char, number in counts.items() if char in _NEUTRAL)
    best, language = 0.0, "no language that we know"
    for name, alphabet in _ALPHABETS.items():
        fitting = sum(number for char, number in counts.items() if char in alphabet)
        score = (fitting + 0.8 * neutral) / total
        if score > best:
            best, language = score, name
    for name, alphabet in _MIXTURES.items():
        fitting = sum(number for char, number in counts.items() if char in alphabet)
        score = 0.98 * (fitting + 0.8 * neutral) / total
        if score > best:
            best, language = score, name
    inside = len(re.findall(r"[A-Za-z][^\w\s\x00-\x7f’‘´–—·\xa0][A-Za-z]", text)) + len(re.findall(r"[\x80-\x9f]", text))
    mixed = len(re.findall(r"[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z]", text))
    shouted = len(re.findall(r"[a-z][^\x00-\x7f\W_]", text)) and sum(
        1 for match in re.finditer(r"[a-zà-ž]([^\x00-\x7f\W_])[a-zà-ž]", text) if match[1].isupper()
    )
    return best - min(1.0, 2.0 * (inside + shouted + mixed) / total), language
