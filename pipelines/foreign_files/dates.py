"""Days as people write them → YYYY-MM-DD.

One way of writing per column; where day and month could change places, both readings are given.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.foreign_files.amounts import UNREAD
from pipelines.foreign_files.grid import mask
from pipelines.row_checks import Fault

FORMATS = ("Y-m-d", "d.m.Y", "m/d/Y", "Ymd", "serial-1900", "serial-1904")
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_EPOCHS = {"serial-1900": date(1899, 12, 30), "serial-1904": date(1904, 1, 1)}
_MONTHS = (
    "jan january januar janvier gennaio enero janeiro januari tammikuu jaanuar janvāris sausis sausio "
    "styczeń stycznia leden ledna január januára siječanj siječnja ianuarie януари ιανουάριος "
    "ιανουαρίου jannar eanáir gener gen ene sty led tammi gener",
    "feb february februar février fevrier febbraio febrero fevereiro februari helmikuu veebruar "
    "februāris vasaris vasario luty lutego únor února február februára veljača veljače februarie "
    "февруари φεβρουάριος φεβρουαρίου frar feabhra febrer fév févr fev helmi",
    "mar march märz maerz mars marzo março marco maart marts maaliskuu märts kovas kovo marzec marca "
    "březen března marec marec március ožujak ožujka martie март μάρτιος μαρτίου marzu márta març mrt "
    "maalis",
    "apr april avril aprile abril april huhtikuu aprill aprīlis balandis balandžio kwiecień kwietnia "
    "duben dubna apríl apríla április travanj travnja aprilie април απρίλιος απριλίου april aibreán "
    "avr abr huhti kwi",
    "may mai maj mei maggio mayo maio toukokuu mai maijs gegužė gegužės maj maja květen května máj "
    "mája május svibanj svibnja mai май μάιος μαΐου mejju bealtaine maig mag touko",
    "jun june juni juin giugno junio junho juni kesäkuu juuni jūnijs birželis birželio czerwiec "
    "czerwca červen června jún júna június lipanj lipnja iunie юни ιούνιος ιουνίου ġunju meitheamh "
    "juny giu kesä cze",
    "jul july juli juillet luglio julio julho juli heinäkuu juuli jūlijs liepa liepos lipiec lipca "
    "červenec července júl júla július srpanj srpnja iulie юли ιούλιος ιουλίου lulju iúil juliol lug "
    "juil heinä lip",
    "aug august août aout agosto augustus augusti elokuu august augusts rugpjūtis rugpjūčio sierpień "
    "sierpnia srpen srpna augusta augusztus kolovoz kolovoza август αύγουστος αυγούστου awwissu lúnasa "
    "agost ago elo sie",
    "sep sept september septembre settembre septiembre setembro september syyskuu september septembris "
    "rugsėjis rugsėjo wrzesień września září septembra szeptember rujan rujna septembrie септември "
    "σεπτέμβριος σεπτεμβρίου settembru meán setembre set syys wrz",
    "oct october oktober octobre ottobre octubre outubro oktober lokakuu oktoober oktobris spalis "
    "spalio październik października říjen října október októbra listopad-hr octombrie октомври "
    "οκτώβριος οκτωβρίου ottubru deireadh octubre okt out ott loka paź",
    "nov november novembre noviembre novembro marraskuu novembris lapkritis lapkričio listopad "
    "listopada novembra studeni studenoga noiembrie ноември νοέμβριος νοεμβρίου novembru samhain "
    "novembre marras lis",
    "dec december dezember décembre decembre dicembre diciembre dezembro joulukuu detsember decembris "
    "gruodis gruodžio grudzień grudnia prosinec prosince december decembra prosinac prosinca decembrie "
    "декември δεκέμβριος δεκεμβρίου diċembru nollaig desembre dez dic déc joulu gru",
)  # fmt: skip
MONTHS = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}

NOT_A_DAY = Fault("not-a-day", "is not a day of the calendar.", "Write YYYY-MM-DD, as 2026-11-24.")
YEAR_ONLY = Fault(
    "not-a-day",
    "is a year and no day.",
    "Write the day, or map this column to year instead of dated_on, if it holds years.",
)
IMPOSSIBLE = Fault(
    "impossible-date", "is not a day of the calendar.", "Write the day that the source gives, as 2026-11-24."
)
AMBIGUOUS = Fault(
    "ambiguous-date", "can be read in two ways.", "Say whether day or month comes first in this column."
)
WITH_TIME = Fault("date-with-time", "holds a time of day.", "Write the day only, as 2026-11-24.")
SHORT_YEAR = Fault("short-year", "has a year of two digits.", "Write the year with four digits.")


@dataclass
class Days:
    """A column of days, read.

    values: YYYY-MM-DD; a cell that cannot be read stands as written behind UNREAD and has its fault.

    format: how the column writes its days. choices: where two readings are possible, the format → how a
    few cells would be read.
    """

    values: pa.ChunkedArray
    format: str = ""
    faults: dict[str, Fault] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    changed: list[tuple[str, str]] = field(default_factory=list)
    changes: int = 0


def read_days(column: pa.ChunkedArray, fixed: str = "") -> Days:
    """Read a column of days. fixed: the format, if recipe or answer say it."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    empty = mask(pc.fill_null(pc.equal(column, ""), True))
    if (mask(pc.match_substring_regex(column, _ISO)) | empty).all():
        return _read_values(column, "Y-m-d")
    counts = {row["values"]: row["counts"] for row in pc.value_counts(column).to_pylist() if row["values"]}
    if fixed:
        return _read_values(column, fixed)
    votes: Counter[str] = Counter()
    for text, number in counts.items():
        readings = _formats(text.strip())
        for name in readings:
            votes[name] += number
        if len(readings) == 1:
            votes[readings[0]] += number * 1000
    if not votes:
        return _read_values(
            column, "d.m.Y" if any(re.match(r"\d{1,2}[./]\d", text) for text in counts) else "Y-m-d"
        )
    best, score = votes.most_common(1)[0]
    rivals = [name for name in votes if name != best and votes[name] == score]
    if {best, *rivals} == {"d.m.Y", "m/d/Y"}:
        unsure = _read_values(column, "?")
        for name in ("d.m.Y", "m/d/Y"):
            read = _read_values(column, name)
            unsure.choices[name] = ", ".join(f"{before} as {after}" for before, after in read.changed[:3])
        return unsure
    return _read_values(column, best)


def _formats(text: str) -> list[str]:
    """The formats in which a text is a possible day."""
    return [name for name in FORMATS if name != "serial-1904" and isinstance(_read(text, name), date)]


def _read_values(column: pa.Array, name: str) -> Days:
    read = Days(pa.chunked_array([column]), "" if name == "?" else name)
    texts: dict[str, str | None] = {}
    counts: Mapping[str, int] = {
        row["values"]: row["counts"] for row in pc.value_counts(column).to_pylist() if row["values"]
    }
    for text, number in counts.items():
        stripped = text.strip()
        if not stripped:
            texts[text] = None
            continue
        day = _read(stripped, name)
        if isinstance(day, date):
            texts[text] = day.isoformat()
            if texts[text] != text:
                read.changes += number
                read.changed.append((text, day.isoformat()))
        else:
            read.faults[text] = day
            texts[text] = UNREAD + text
    keys = pa.array(list(texts), pa.string())
    values = pa.array([texts[key] for key in texts], pa.string())
    read.values = pa.chunked_array([values.take(pc.index_in(column, keys))])
    return read


def _read(text: str, name: str) -> date | Fault:
    """A day, read in a format, or what is wrong with it.

    Written-out months and ISO days can be read in every format.
    """
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?P<time>[T ]\d{1,2}:\d{2}.*)?", text, re.ASCII)
    if iso:
        if iso["time"] and not re.fullmatch(r"[T ]0{1,2}:00(:00(\.0+)?)?", iso["time"]):
            return WITH_TIME
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    return _worded(text) or _PARSERS.get(name, _unsure)(text)


def _worded(text: str) -> date | Fault | None:
    """A day whose month is a word: 24 November 2026, November 24, 2026, 24-nov-2026."""
    match = re.fullmatch(
        r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.|º|-a)?[ .\-/]*(?:de |d['’])?)?([^\W\d_]+)\.?,?[ .\-/]*(?:(\d{1,2}),? +)?(?:de |del )?(\d{4}|\d{2})\.?",
        text,
    )
    month = MONTHS.get(match[2].casefold()) if match else None
    if not match or not month or not (match[1] or match[3]) or (match[1] and match[3]):
        return None
    if len(match[4]) == 4:
        return _day(int(match[4]), month, int(match[1] or match[3]))
    # behind day and month two digits can only be the year: 09-Mar-11
    return _day(_century(int(match[4])), month, int(match[1])) if match[1] else SHORT_YEAR


def _ordered(day_first: bool) -> Callable[[str], date | Fault]:
    def read(text: str) -> date | Fault:
        match = re.fullmatch(
            r"(\d{1,2})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{4}|\d{2})\.?(?P<time> +\d{1,2}:\d{2}.*)?",
            text,
            re.ASCII,
        )
        if not match or (not day_first and "." in text):
            year_first = re.fullmatch(r"(\d{4})[./](\d{1,2})[./](\d{1,2})\.?", text, re.ASCII)
            return (
                _day(int(year_first[1]), int(year_first[2]), int(year_first[3]))
                if year_first
                else _only_year(text)
            )
        if match["time"] and not re.fullmatch(r" +0{1,2}:00(:00)?", match["time"]):
            return WITH_TIME
        day, month = (int(match[1]), int(match[2])) if day_first else (int(match[2]), int(match[1]))
        year = int(match[3])
        if len(match[3]) == 2:
            return SHORT_YEAR if not 1 <= month <= 12 else _day(_century(year), month, day)
        return _day(year, month, day)

    return read


def _unsure(text: str) -> date | Fault:
    one, other = _ordered(True)(text), _ordered(False)(text)
    if isinstance(one, date) and isinstance(other, date):
        return one if one == other else Fault("ambiguous-date", f"can be {one} or {other}.", AMBIGUOUS.remedy)
    return one if isinstance(one, date) else other


def _compact(text: str) -> date | Fault:
    match = re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", text, re.ASCII)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else NOT_A_DAY


def _serial(name: str) -> Callable[[str], date | Fault]:
    def read(text: str) -> date | Fault:
        match = re.fullmatch(r"([1-9]\d{4})(?:\.0+)?", text, re.ASCII)
        return (
            _EPOCHS[name] + timedelta(days=int(match[1])) if match and int(match[1]) < 73_050 else NOT_A_DAY
        )

    return read


def _iso_only(text: str) -> date | Fault:
    return _ordered(True)(text) if re.match(r"\d{4}[./]", text) else _only_year(text)


def _century(year: int) -> int:
    """The year that two digits mean: 69 is 2069, 70 is 1970."""
    return 2000 + year if year < 70 else 1900 + year


def _only_year(text: str) -> Fault:
    """What is wrong with a text that is no day: it may be a year."""
    return YEAR_ONLY if re.fullmatch(r"(19|20)\d\d", text) else NOT_A_DAY


def _day(year: int, month: int, day: int) -> date | Fault:
    try:
        return date(year, month, day)
    except ValueError:
        return IMPOSSIBLE


_PARSERS: Mapping[str, Callable[[str], date | Fault]] = {
    "Y-m-d": _iso_only,
    "d.m.Y": _ordered(True),
    "m/d/Y": _ordered(False),
    "Ymd": _compact,
    "serial-1900": _serial("serial-1900"),
    "serial-1904": _serial("serial-1904"),
}


def year_of(text: str) -> str | None:
    """The year of a written year or day; None if there is none, or more than one."""
    years = sorted(set(re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", text)))
    # 2024/2025 is one budget year, named by the year in which it begins
    pair = re.search(r"(?<!\d)((?:19|20)\d\d)\s?[/–-]\s?((?:19|20)\d\d)(?!\d)", text)
    if pair and len(years) == 2 and int(pair[2]) == int(pair[1]) + 1:
        return str(pair[1])
    if len(years) == 1:
        return str(years[0])
    compact = re.fullmatch(r"((?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", text.strip())
    return compact[1] if compact else None
