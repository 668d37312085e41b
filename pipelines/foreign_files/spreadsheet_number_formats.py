"""What a number format of a spreadsheet shows beside a stored number, and by what it divides it. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from pipelines.foreign_files.money_words import read_cell

# The countries of the crowns, by the code of the language in a format such as [$kr-41D].
_CROWNS = {"41d": "SEK", "81d": "SEK", "406": "DKK", "414": "NOK", "814": "NOK", "40f": "ISK"}
_RAISED = {
    **dict(zip("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    **dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)),
}
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
RAISED_SIGNS = frozenset((*_RAISED.values(), *_LOWERED.values()))
STRUCK = "\u0336"  # the stroke that Unicode lays over a letter


@dataclass(frozen=True)
class NumberFormat:
    """What a format says. scale: it shows the number divided by this. text: what it writes beside it.

    currency: a code that it names by itself, whatever its sign.
    """

    code: str
    scale: Decimal = Decimal(1)
    text: str = ""
    currency: str = ""
    is_percent: bool = False

    @property
    def says_something(self) -> bool:
        """Whether it says anything of the amount that its digits do not."""
        said = read_cell(self.text)
        return self.scale != 1 or self.is_percent or bool(self.currency or said.units or said.currencies)


def read_format(code: str) -> NumberFormat:
    """The meaning of a format code as XLSX and XLS have it, by its section for positive numbers."""
    text: list[str] = []
    digits: list[str] = []
    currency = ""
    at = 0
    while at < len(code):
        char = code[at]
        if char == ";":
            break
        if char == '"':
            end = code.find('"', at + 1)
            end = len(code) if end < 0 else end
            text.append(code[at + 1 : end])
            at = end
        elif char == "[":
            end = code.find("]", at)
            end = len(code) if end < 0 else end
            inner = code[at + 1 : end]
            if inner.startswith("$"):
                sign, _, locale = inner[1:].partition("-")
                text.append(f" {sign} ")
                if sign.casefold().strip(". ") == "kr":
                    currency = _CROWNS.get(locale.casefold().lstrip("0")[-3:], "")
            at = end
        elif char == "\\":
            text.append(code[at + 1 : at + 2])
            at += 1
        elif char in "_*":
            at += 1
            text.append(" ")
        elif char in "0#?.,%":
            digits.append(char)
        else:
            text.append(char)
        at += 1
    shape = "".join(digits)
    commas = re.search(r"[0#?](,+)(?![0#?])", shape)
    said = " ".join(re.sub(r"\b(General|Standard|d+|m+|y+|h+|s+|AM/PM)\b", " ", "".join(text)).split())
    return NumberFormat(code, Decimal(1000) ** len(commas[1]) if commas else Decimal(1), said, currency, "%" in shape)  # fmt: skip


def raised(text: str) -> str:
    """A text that stands raised, in the raised letters of Unicode: never digits of a number."""
    return "".join(_RAISED.get(char, char) for char in text)


def lowered(text: str) -> str:
    """A text that stands lowered, in the lowered digits of Unicode."""
    return "".join(_LOWERED.get(char, char) for char in text)


def struck(text: str) -> str:
    """A text that is struck through, each letter with a stroke over it."""
    return "".join(char + STRUCK for char in text)
