"""The fonts of the images: as files for the browser that draws them, and as CSS with the letters inside it
for SVG files. Reads and writes font files.

Chromium and other browsers use them, in <img> too. Programs that know no @font-face take a font of their own,
for which `text_metrics` leaves room.
Run as `python -m pages.parts.images.fonts files SOURCE FOLDER` or `… css FOLDER`: the path of the fontconfig
file, or the rules, on stdout.
"""

import base64
import io
import sys
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# The letters of the EU's languages that are written in Latin, and the signs of the site. Others come from the
# fonts of whoever opens the file.
LETTERS = (
    "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x218, 0x219, 0x21A, 0x21B)))
    + "–—‘’‚“”„†•…‰‹›€→←−≈≤≥\u2007\u2009\u202f"
)


class Face(NamedTuple):
    """One font of the images: file, name in the drawings, the weights in use."""

    file: str
    family: str
    weights: tuple[int, ...]


FACES = (
    Face("SourceSansVF-Upright.ttf", "Source Sans", (400, 700)),
    Face(
        "SourceSerifVariable-Roman.ttf", "Source Serif", (700,)
    ),  # titles and the name of the site, which are bold
)


def house_fonts(source: Path, folder: Path) -> Path:
    """The two fonts of the images, Streamlit's own (SIL Open Font License 1.1), in the format that a system
    takes, and the fontconfig file that names them.

    They are made from the installed package, so that no font file is kept or passed on with the tracker.
    """
    for name in ("SourceSansVF-Upright", "SourceSerifVariable-Roman"):
        font = TTFont(next(source.glob(f"{name}*.woff2")), recalcBBoxes=False)
        font.flavor = None
        for record in font["GSUB"].table.FeatureList.FeatureRecord:
            if (
                record.FeatureTag == "liga"
            ):  # a joined fi would be one strange sign for whoever searches or copies the text of a PDF
                record.Feature.LookupListIndex = []
        for axis in font["fvar"].axes:
            if axis.axisTag == "opsz":  # the system would take the letters that are drawn for footnotes
                axis.minValue = axis.maxValue = axis.defaultValue
                for instance in font["fvar"].instances:
                    instance.coordinates[axis.axisTag] = axis.defaultValue
        font.save(folder / f"{name}.ttf")
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{escape(str(folder))}</dir><cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    return config


def css(folder: Path) -> str:
    """The rules @font-face of all fonts, about 47 kB. Takes a second.

    folder: where `house_fonts` has put them. Raises OSError if they are not there.
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


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["files", source, folder]:
            print(house_fonts(Path(source), Path(folder)))
        case ["css", folder]:
            print(css(Path(folder)))
