"""How much room words take in an image, and where a line ends. Pure.

A file may be opened where its fonts are not known. DejaVu, which most free systems fall back to, is about the
widest font for text: what has room
in its letters has room in all others.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from textwrap import wrap

HOUSE, HOUSE_BOLD = 0.84, 0.9  # Source Sans as a share of the same words in DejaVu Sans, rather too wide


def _widths(**groups: str) -> Mapping[str, int]:
    return {letter: int(name[1:]) for name, letters in groups.items() for letter in letters}


# Hundredths of the size of the letters.
SANS = _widths(
    w28="'ijl", w30="IJ", w33=",. ·’\u00a0", w34="/:;\\|", w36="f-", w40="t()[]!", w42="r", w46='"', w50="*_–", w53="sz?“”", w55="c", w58="kFLvxy",
    w62="aoePTY", w64="bdghnpquES0123456789$€", w70="KAVBRXCZ", w76="UHNDG&", w80="OQw", w84="+<=>#~≥−", w87="M", w99="m%W", w100="@…",
)  # fmt: skip
BOLD_SERIF = _widths(
    w36="'j,. ·’|\u00a0", w38="/:;il", w45="-f!", w47="tIJ()[]", w53="_–\"*r", w58="szvy“”", w61="xc?", w65="ea", w70="okbdgpqL0123456789$€",
    w76="hnuZFYSTPEAVX", w84="CRBG+<=>#~≥−", w87="DKOQUw", w95="&NH%", w106="m@…", w112="MW",
)  # fmt: skip


def width(text: str, size: float, letters: Mapping[str, int] = SANS) -> float:
    """Pixels that a text takes at most. size: of the letters, in pixels. letters: SANS or BOLD_SERIF."""
    return _hundredths(text, letters is BOLD_SERIF) * size / 100


@lru_cache(maxsize=16_384)  # the same words are measured in every size and on every sheet
def _hundredths(text: str, is_bold_serif: bool) -> int:
    letters = BOLD_SERIF if is_bold_serif else SANS
    return sum(letters.get(letter, 87) for letter in text)


def lines(text: str, room: float, size: float, letters: Mapping[str, int] = SANS) -> list[str]:
    """A text in lines that are not wider than `room` pixels.

    A line ends at a space; an address ends one after &, ? or /.
    """
    broken: list[str] = []
    for word in _pieces(text):
        if broken and width((broken[-1] + word).rstrip(), size, letters) <= room:
            broken[-1] += word
        elif width(word.rstrip(), size, letters) <= room:
            broken.append(word)
        else:  # only what has neither a space nor a sign to end at
            broken += wrap(word, max(1, int(room * 100 / size / max(letters.values()))))
    return [line.rstrip() for line in broken]


def _pieces(text: str) -> list[str]:
    """Words with the space behind them; addresses in parts that end with &, ? or /."""
    words = re.findall(r"[^ ]+ *", text)
    return [
        piece
        for word in words
        for piece in (re.findall(r"[^&?/]*[&?/]+|[^&?/]+", word) if "=" in word or "//" in word else [word])
    ]
