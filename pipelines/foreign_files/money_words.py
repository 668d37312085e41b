"""What a text says of the unit and the currency of amounts, by the words of data/reference/money_words.csv.

Pure, but for the list, which is read once.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pipelines import reference
from pipelines.foreign_files.header_words import known_titles, plain

FACTORS = {
    "cent": Decimal("0.01"),
    "one": Decimal(1),
    "hundred": Decimal(100),
    "thousand": Decimal(1_000),
    "ten-thousand": Decimal(10_000),
    "hundred-thousand": Decimal(100_000),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
ANY_CROWN = "kr"  # the crown of Denmark, Sweden, Norway or Iceland: the word does not say which
_OWN = {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "ß": "ss", "ı": "i", "œ": "oe"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"(?<=10)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_TOKEN = re.compile(
    r"\d+(?:[ .,'’\u00a0\u202f]?\d{3})*|[^\W\d_]+|[€£$¥¢%₺₴₽₪₩₹^*×]|['’`´](?=\d)|us\$|c\$|a\$", re.UNICODE
)
_EXPONENT = re.compile(r"\b10\s?(?:\^|\*\*|e\+?|exp)\s?([369]|12)\b|\b1?e\+?0?([369]|12)\b")
_HUNDREDTH = re.compile(r"(?<![\d.,])0[.,]01(?![\d.,])")  # 0.01 EUR
_SEGMENTS = re.compile(r"[()\[\]{}|;:\n\r/,]| [-–—] ")
_STAGES = ("planned", "committed", "actual", "paid")
_MOST_WORDS = 4  # of one phrase in the list
# In an attached word such as TEUR or EURm, what may stand beside a code of a currency.
_ATTACHED = ("thous", "thsd", "mill", "mrde", "tsd", "ths", "tds", "tis", "tys", "mio", "mln", "mrd", "mld", "bln", "mds", "mia", "mn", "bn", "md", "mm", "k", "t", "m", "g", "b", "c", "e")  # fmt: skip
_LETTERS = {"g": "billion", "b": "billion", "c": "cent"}  # a unit beside a currency, or a mark: it is asked
_MULTIPLIERS = frozenset(map(Decimal, (100, 1_000, 10_000, 100_000)))
_ALIKE = 0.85  # of their letters, of two words that may be one
_OF = frozenset(("of", "de", "di", "d", "do", "da"))


@dataclass(frozen=True)
class MoneyWords:
    """What a text says of its amounts.

    units: for each unit that it speaks of, the factors that this can mean; several where the word means
    different things in different languages. currencies: codes, or kr. unknown: what stands beside these
    words and is not known. is_rate: it speaks of a share or of money per head, not of amounts.
    is_only: it holds nothing but such words. is_aside: it holds nothing but words that stand beside them.
    """

    units: tuple[frozenset[Decimal], ...] = ()
    currencies: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    is_rate: bool = False
    is_only: bool = False
    is_aside: bool = False

    @property
    def factors(self) -> frozenset[Decimal]:
        """All factors that the text can mean; empty where it speaks of no unit."""
        return frozenset().union(*self.units)

    @property
    def factor(self) -> Decimal | None:
        """The one factor that the text means; None where it means none, or where it can mean several."""
        return next(iter(self.factors)) if len(self.factors) == 1 and not self.unknown else None


@dataclass(frozen=True)
class _Word:
    """What a phrase of the list means."""

    factors: frozenset[Decimal] = frozenset()
    currencies: frozenset[str] = frozenset()
    is_aside: bool = False
    is_rate: bool = False
    needs_company: bool = False


@dataclass(frozen=True)
class _Token:
    text: str
    word: _Word | None
    segment: int
    is_number: bool = False


def fold(text: str) -> str:
    """A text as words of money are compared: without case and accents, with its signs."""
    lower = _POWER.sub(r"^\1", unicodedata.normalize("NFC", text)).translate(_RAISED).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(char))
    return "".join(_OWN.get(char, char) for char in bare)


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"[ .,'’\u00a0\u202f]", "", token) if token[0].isdigit() else token for token in _TOKEN.findall(fold(text)))  # fmt: skip


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[dict[tuple[str, ...], _Word], dict[str, _Word]]:
    """Phrases and stems of the list → what they mean."""
    phrases: dict[tuple[str, ...], _Word] = {}
    stems: dict[str, _Word] = {}
    beside: set[tuple[str, ...]] = set()
    for row in reference.read_rows("money_words"):
        meaning = row["meaning"]
        for text in row["words"].split(";"):
            key = _words_of(text.rstrip("*"))
            if meaning == "beside":
                beside.add(key)
                continue
            if not key or meaning in ("currency-title", "unit-title", *_STAGES):
                continue
            word = _Word(
                frozenset({FACTORS[meaning]} if meaning in FACTORS else ()),
                frozenset({meaning} if meaning.isalpha() and (meaning.isupper() or meaning == ANY_CROWN) else ()),
                meaning == "aside",
                meaning == "rate",
            )  # fmt: skip
            if text.endswith("*") and len(key) == 1:
                stems[key[0]] = _joined(stems.get(key[0]), word)
            else:
                phrases[key] = _joined(phrases.get(key), word)
    for key in beside & phrases.keys():
        phrases[key] = replace(phrases[key], needs_company=True)
    return phrases, stems


def _joined(one: _Word | None, other: _Word) -> _Word:
    if one is None:
        return other
    return _Word(
        one.factors | other.factors,
        one.currencies | other.currencies,
        one.is_aside or other.is_aside,
        one.is_rate or other.is_rate,
    )


@lru_cache(maxsize=1)
def column_words() -> dict[str, str]:
    """The plain title of a column that names currencies or units → currency or unit."""
    return {
        plain(word): row["meaning"].removesuffix("-title")
        for row in reference.read_rows("money_words")
        if row["meaning"].endswith("-title")
        for word in row["words"].split(";")
    }


def is_unit_column(title: str, cells: Iterable[str]) -> bool:
    """Whether a title names units or currencies and its cells are nothing else, such as “1 000 EUR”."""
    return plain(title) in column_words() and all(read_cell(cell).is_only for cell in set(cells))


@lru_cache(maxsize=1)
def _stage_words() -> dict[str, str]:
    return {
        plain(word): row["meaning"]
        for row in reference.read_rows("money_words")
        if row["meaning"] in _STAGES
        for word in row["words"].split(";")
    }


def stage_word(title: str) -> str:
    """Which step of money a title speaks of: planned, committed, actual, paid; empty if not just one."""
    padded = f" {plain(title)} "
    found = {meaning for word, meaning in _stage_words().items() if f" {word} " in padded}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=1)
def _title_words() -> frozenset[str]:
    """Every single word of the titles that we know."""
    return frozenset(word for words in known_titles().values() for title in words for word in title.split())


def _single(token: str) -> _Word | None:
    """What a word alone means: by the list, by its stem, or as a unit attached to a currency."""
    phrases, stems = _vocabulary()
    if (token,) in phrases:
        return phrases[token,]
    stem = next((stems[token[:size]] for size in range(len(token), 3, -1) if token[:size] in stems), None)
    if stem:
        return stem
    for unit in _ATTACHED:
        rest = token.removeprefix(unit) if token.startswith(unit) else token.removesuffix(unit) if token.endswith(unit) else ""  # fmt: skip
        word = phrases.get((rest,)) if len(rest) >= 3 or rest == ANY_CROWN else None
        if rest and word and word.currencies:
            if unit in _LETTERS:
                return _Word(frozenset({FACTORS[_LETTERS[unit]], FACTORS["one"]}), word.currencies)
            factors = phrases[unit,].factors if (unit,) in phrases else frozenset({FACTORS["billion"]})
            return _Word(factors, word.currencies)
    return None


def _power_of_ten(digits: str) -> Decimal | None:
    """1000 and more as digits, or zeros alone: what a number means that stands for a unit."""
    if re.fullmatch(r"10{3,12}", digits):
        return Decimal(digits)
    if re.fullmatch(r"(000){1,4}", digits):
        return Decimal(10 ** len(digits))
    return None


def _tokens(text: str) -> list[_Token]:
    """The words and numbers of a text, each with its meaning and the segment that it stands in."""
    phrases, _ = _vocabulary()
    tokens: list[_Token] = []
    # AmountMEUR is two words
    folded = fold(re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", text))
    folded = _EXPONENT.sub(lambda match: str(10 ** int(match[1] or match[2])), folded)
    folded = _HUNDREDTH.sub("cent", folded)
    # a comma or a slash parts segments unless it stands between digits
    marked = re.sub(r"(?<=\d)[,](?=\d)", "\u00a0", folded)
    for segment, part in enumerate(_SEGMENTS.split(marked.replace("_", " "))):
        words = list(_words_of(part))
        at = 0
        while at < len(words):
            size = next(
                (size for size in range(min(_MOST_WORDS, len(words) - at), 1, -1) if tuple(words[at : at + size]) in phrases),
                1,
            )  # fmt: skip
            text_of = " ".join(words[at : at + size])
            if size > 1:
                tokens.append(_Token(text_of, phrases[tuple(words[at : at + size])], segment))
            elif words[at][0].isdigit():
                power = _power_of_ten(words[at])
                tokens.append(_Token(text_of, _Word(frozenset({power})) if power else None, segment, True))
            elif words[at] in ("'", "’", "`", "´", "^", "*", "×"):
                pass
            else:
                tokens.append(_Token(text_of, _single(words[at]), segment))
            at += size
    return _multiplied(tokens)


def _multiplied(tokens: Iterable[_Token]) -> list[_Token]:
    """The tokens with thousands of millions as the one unit that they are."""
    found: list[_Token] = []
    for token in tokens:
        size = 2 if len(found) > 1 and found[-1].text in _OF else 1
        product = _product(found[-size], token) if len(found) >= size else None
        if product:
            text = " ".join(one.text for one in (*found[-size:], token))
            found[-size:] = [_Token(text, product, token.segment)]
        else:
            found.append(token)
    return found


def _product(one: _Token, other: _Token) -> _Word | None:
    """What a word for a hundred or a thousand means before one for a million or more; else None."""
    if one.segment != other.segment or one.word is None or other.word is None or one.word.currencies:
        return None
    times = one.word.factors & _MULTIPLIERS
    if not times or not other.word.factors or min(other.word.factors) < FACTORS["million"]:
        return None
    return _Word(
        frozenset(factor * count for factor in other.word.factors for count in times), other.word.currencies
    )


def _is_money(token: _Token) -> bool:
    return token.word is not None and bool(token.word.factors or token.word.currencies)


def _is_aside(token: _Token) -> bool:
    return token.word is not None and token.word.is_aside


def _is_short(token: _Token) -> bool:
    """Whether a word is so short, or means so many things, that it needs a currency or an empty segment."""
    word = token.word
    is_word = len(token.text) > 2 or not token.text.isalpha()
    return word is not None and (word.needs_company or not is_word)


# Words that lead to a unit: in thousands, σε χιλιάδες, v tisících.
_LEADS = frozenset(("in", "en", "em", "v", "ve", "w", "u", "i", "σε", "в", "у", "ne", "x"))


def read_title(text: str) -> MoneyWords:
    """What a title says; what stands beside its words for money and is not known is told as well."""
    return _read(tuple(_tokens(text)), is_prose=False)


def read_line(text: str) -> MoneyWords:
    """What a line beside the table says of the amounts in it.

    An amount that is told in it (7.6 billion euros) is no unit of the table. unknown: words that stand where
    a unit stands, before a currency.
    """
    units: list[frozenset[Decimal]] = []
    currencies: set[str] = set()
    unknown: list[str] = []
    for line in re.split(r"[\n\r]|(?<=[^\W\d]{5})[.!?](?=\s)|(?<=\d{4})[.!?](?=\s)", text):
        found = _read(tuple(_tokens(line)), is_prose=True)
        units += found.units
        currencies |= found.currencies
        unknown += found.unknown
    return MoneyWords(tuple(units), frozenset(currencies), tuple(dict.fromkeys(unknown)))


def read_cell(text: str) -> MoneyWords:
    """What a cell of a column of units or currencies says. is_only: it says nothing else."""
    tokens = _tokens(text)
    found = _read(tuple(tokens), is_prose=False, every=True)
    known = bool(tokens) and all(
        token.word is not None and (_is_money(token) or token.word.is_aside or token.word.is_rate) for token in tokens
    )  # fmt: skip
    is_aside = bool(tokens) and all(token.word is not None and token.word.is_aside for token in tokens)
    has_any = any(_is_money(token) or (token.word and token.word.is_rate) for token in tokens)
    return MoneyWords(
        found.units, found.currencies, found.unknown, found.is_rate, known and has_any, is_aside
    )


def _read(tokens: Sequence[_Token], is_prose: bool, every: bool = False) -> MoneyWords:
    by_segment: dict[int, list[_Token]] = {}
    for token in tokens:
        by_segment.setdefault(token.segment, []).append(token)
    units: list[frozenset[Decimal]] = []
    currencies: set[str] = set()
    unknown: list[str] = []
    is_rate = False
    alone = [bool(group) and all(token.word is not None for token in group) for group in by_segment.values()]
    groups = list(by_segment.values())
    for number, group in enumerate(groups):
        is_alone = alone[number] and any(_is_money(token) for token in group)
        for at, token in enumerate(group):
            word = token.word
            if word is None:
                continue
            is_rate |= word.is_rate
            near = [group[other] for other in (at - 1, at + 1) if 0 <= other < len(group)]
            behind_aside = at >= 2 and _is_aside(group[at - 1])
            beside = any(_is_money(other) for other in near) or (behind_aside and _is_money(group[at - 2]))
            is_last = at == len(group) - 1
            counts = every or is_alone or beside or not _is_short(token)
            if word.currencies and (counts or (is_last and not word.is_aside)):
                currencies |= word.currencies
            told = (
                at > 0
                and group[at - 1].is_number
                and group[at - 1].word is None
                and group[at - 1].text != "1"
            )
            lead = at > 0 and _is_aside(group[at - 1]) and not token.is_number
            with_currency = any(other.word is not None and other.word.currencies for other in group)
            if (
                word.factors
                and not told
                and counts
                and (not is_prose or is_alone or beside or lead or with_currency)
            ):
                units.append(word.factors)
        unknown += _unknown_in_line(group) if is_prose else _unknown(group, is_bracket=number > 0)
    return MoneyWords(tuple(units), frozenset(currencies), tuple(dict.fromkeys(unknown)), is_rate)


def _unknown(group: Sequence[_Token], is_bracket: bool) -> list[str]:
    """The words beside money words of a segment that are not known and may be a unit."""
    if not any(_is_money(token) and not (_is_short(token) and len(group) > 2) for token in group):
        return []
    found = []
    for at, token in enumerate(group):
        if token.word is not None or token.text in _title_words() or re.fullmatch(r"(19|20)\d\d", token.text):
            continue
        near = [group[other] for other in (at - 1, at + 1) if 0 <= other < len(group)]
        beside = any(_is_money(other) for other in near)
        if token.is_number:
            if beside and len(token.text) >= 2:
                found.append(token.text)
        elif (
            (is_bracket and len(group) <= 4)
            or (beside and at > 0 and len(token.text) <= 5)
            or (beside and at > 1 and group[at - 1].text in _LEADS)
            or (beside and _is_like_a_unit(token.text))
        ):
            found.append(token.text)
    return found


def _unknown_in_line(group: Sequence[_Token]) -> list[str]:
    """The words of a line that are not known and stand before a currency, behind “in” or like a unit."""
    found = []
    for at, token in enumerate(group):
        if token.word is not None or token.is_number or token.text in _title_words():
            continue
        behind = [one for one in group[at + 1 :] if one.text not in _OF]
        is_led = at > 0 and group[at - 1].text in _LEADS
        is_amount = len(behind) > 1 and behind[1].is_number
        if behind and behind[0].word and behind[0].word.currencies and not is_amount and (is_led or _is_like_a_unit(token.text)):  # fmt: skip
            found.append(token.text)
    return found


@lru_cache(maxsize=1 << 10)
def _is_like_a_unit(word: str) -> bool:
    """Whether a word that is not known is written nearly as a word for a unit."""
    return bool(difflib.get_close_matches(word, _unit_words(), n=1, cutoff=_ALIKE))


@lru_cache(maxsize=1)
def _unit_words() -> list[str]:
    """The single words for units that are long enough to be known by most of their letters."""
    phrases, stems = _vocabulary()
    singles = {words[0]: word for words, word in phrases.items() if len(words) == 1} | stems
    return [text for text, word in singles.items() if word.factors and len(text) > 4]


def spoken_units(factors: Iterable[Decimal]) -> str:
    """Factors as a sentence names them: 1,000 or 1,000,000."""
    return " or ".join(f"{factor:,f}" for factor in sorted(factors))
