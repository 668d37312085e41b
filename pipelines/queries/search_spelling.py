"""How typed words are compared: without case, accents and alphabets, and by how they sound. Pure."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "þ": "th", "ħ": "h",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ё": "e", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ј": "j", "љ": "lj", "њ": "nj",
    "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
"""Letters without a plain one inside them: of Latin alphabets, of Greek and of Cyrillic ones."""

_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("tsch|tch", "c"),
        ("sch|sh|sz|ś", "s"),
        ("cz|ch(?=[eiy])", "c"),
        ("ch|ck|kh|q|c(?![eiy])", "k"),
        ("ph", "f"),
        ("th", "t"),
        ("ae|ai", "e"),
        ("oe", "o"),
        ("ue|ou", "u"),
        ("ie|[yj]", "i"),
        ("w", "v"),
        ("x", "ks"),
        ("[zc]", "s"),
        (r"(.)\1+", r"\1"),
    )
)
_WORD = re.compile(r"[^\W_]+")
_SOUNDING = re.compile(r"[ckhpqtsxyjwz]|ae|ai|oe|ue|ou|ie|(.)\1|c")


@lru_cache(maxsize=1 << 16)
def plain(text: str) -> str:
    """A text without case, accents and other alphabets: Łódź and ŁÓDŹ are lodz, Αθηνά is athina."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_LETTERS.get(char, char) for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The plain words of a text, in their order; letters and digits only."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """How a plain word is heard, roughly: lodz and lodsch are both lods."""
    if _SOUNDING.search(word):
        for pattern, heard in _SOUNDS:
            word = pattern.sub(heard, word)
    return word
