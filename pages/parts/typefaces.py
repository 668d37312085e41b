"""The fonts of the images as CSS with the letters inside it, for SVG files: whoever opens one need not have them. Pure but for reading the fonts.

Chromium and other browsers use them, in <img> too. Programs that know no @font-face take a font of their own, for which `lettering` leaves room.
"""

import base64
import io
from pathlib import Path
from typing import NamedTuple

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# The letters of the EU's languages that are written in Latin, and the signs of the site. Others come from the fonts of whoever opens the file.
LETTERS = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B))) + "–—‘’‚“”„†•…‰‹›€→←−≈≤≥\u2007\u2009\u202f"
)


class Face(NamedTuple):
    """One font of the images: file, name in the drawings, the weights in use."""

    file: str
    family: str
    weights: tuple[int, ...]


FACES = (
    Face("SourceSansVF-Upright.ttf", "Source Sans", (400, 700)),
    Face("SourceSerifVariable-Roman.ttf", "Source Serif", (700,)),  # titles and the name of the site, which are bold
)


def css(folder: Path) -> str:
    """The rules @font-face of all fonts, about 47 kB. Takes a second.

    folder: where `renderer.house_fonts` has put them. Raises OSError if they are not there.
    """
    return "".join(_rules(folder, face) for face in FACES)


def _rules(folder: Path, face: Face) -> str:
    with TTFont(folder / face.file, lazy=True) as font:
        # Kerning would cost two thirds of the time and a third of the size for a few pairs of letters.
        for table in ("GSUB", "GPOS", "GDEF", "STAT", "MVAR", "BASE"):
            if table in font:
                del font[table]
        options = Options(hinting=False, name_IDs=[])
        options.drop_tables += ["GlyphOrder"]
        cutter = Subsetter(options)
        cutter.populate(text=LETTERS)
        cutter.subset(font)
        font.save(small := io.BytesIO())
    return "".join(_rule(small.getvalue(), face, weight) for weight in face.weights)


def _rule(small: bytes, face: Face, weight: int) -> str:
    font = TTFont(io.BytesIO(small))
    places = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    font = instantiateVariableFont(font, {**places, "wght": weight})
    font.flavor = "woff2"
    font.save(file := io.BytesIO())
    content = base64.b64encode(file.getvalue()).decode()
    return f'@font-face{{font-family:"{face.family}";font-weight:{weight};src:url(data:font/woff2;base64,{content}) format("woff2")}}'
