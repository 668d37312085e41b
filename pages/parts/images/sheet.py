"""A figure → the image that leaves the house: title, subtitle, key, drawing, sources, choice, licence,
release and link on one sheet. Pure.

The sheet is a Plotly figure; `renderer` makes a file of it, and what a file says of itself (title,
alternative text) is written into it here.
"""

import io
import itertools
import math
import re
import struct
import zlib
from collections.abc import Callable
from html import escape
from typing import Any, NamedTuple

from pypdf import PdfReader, PdfWriter

from pages.parts.design_tokens import FONT, TOKENS, Theme, Width
from pages.parts.figure_model import Figure, Mark
from pages.parts.figures import text_metrics
from pages.parts.figures.budget_headings import name_tiles
from pages.parts.figures.legend_icons import picture
from pages.parts.images.vector_hatching import as_lines
from pages.parts.page_registry import SITE
from pages.parts.unvalidated_plotly import FinishedDrawing

SERIF = "'Source Serif','Source Serif 4','Source Serif 4 Variable',Georgia,serif"
SIZES = {"1200x675": (1200, 675), "1080x1080": (1080, 1080), "as-shown": None}
FLAT = "'DejaVu Sans Condensed'"  # nearer in width to the fonts of the house than DejaVu Sans, where an SVG is opened without fonts
FORMATS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
THEMES: tuple[Theme, Theme] = ("light", "dark")

SQUEEZE: dict[Width, float] = {
    "wide": 0.8,
    "narrow": 1,
}  # how flat a drawing may become before the whole sheet is drawn smaller
CLOSEST = 0.5  # the same for rows of labels, as long as no label comes near another
GAP = 2  # pixels between two labels
LETTER = 0.45  # width of a letter of a tick as a share of its size, rather too wide than too narrow
NAME = 1.2  # letters of the name of the site as a share of the small ones
SPACING = 1.32  # height of a line as a share of the size of its letters


class Notes(NamedTuple):
    """What stands under a drawing beside its sources: the choice in words, the release as spelt, the licence,
    the short link, the dates of the newest source and of the release in words.
    """

    choice: str
    release: str
    licence: str
    link: str
    dates: str = ""


class Sheet(NamedTuple):
    """An image before it is rendered: the Plotly figure as plain JSON, its size in CSS pixels and the factor
    that brings it to its size as a file.
    """

    figure: dict[str, Any]
    width: int
    height: int
    scale: float


class _Type(NamedTuple):
    """Sizes of letters and the margin of a sheet."""

    title: float
    subtitle: float
    small: float
    margin: int


class _Line(NamedTuple):
    """One line of text: where it starts from the margin and from the top of its block, and how it looks."""

    x: float
    y: float
    text: str
    size: float
    ink: str
    family: str = FONT
    is_bold: bool = False


class _Block(NamedTuple):
    """Lines of text and marks, and the height that they need."""

    lines: list[_Line]
    marks: list[tuple[float, float, str]]
    height: float


def sheet(
    figure: Figure,
    theme: Theme,
    size: str,
    notes: Notes,
    kept: Callable[[Theme, Width], FinishedDrawing] | None = None,
) -> Sheet:
    """The sheet of a figure. size: a key of SIZES.

    A long drawing makes the sheet larger and its scale smaller.

    kept: gives the finished drawings of the figure, where they are kept. Raises KeyError for an unknown size.
    """
    draw = kept or (lambda ground, width: figure.draw(ground, width).finished())
    target = SIZES[size]
    if target is None:
        return _sheet(figure, theme, None, "wide", notes, draw)
    if target[0] != target[1]:
        return _sheet(figure, theme, target, "wide", notes, draw)
    # A square takes the narrow drawing, unless it is so long that the letters of the wide one are larger on
    # it.
    narrow = _sheet(figure, theme, target, "narrow", notes, draw)
    return (
        narrow
        if narrow.scale >= 1
        else max(narrow, _sheet(figure, theme, target, "wide", notes, draw), key=lambda made: made.scale)
    )


def _sheet(
    figure: Figure,
    theme: Theme,
    target: tuple[int, int] | None,
    drawn: Width,
    notes: Notes,
    draw: Callable[[Theme, Width], FinishedDrawing],
) -> Sheet:
    """The sheet with one of the two drawings. target: pixels to fill, None for the height that it needs."""
    drawing: dict[str, Any] = draw(theme, drawn).to_plotly_json()
    type_ = _Type(24, 16, 12.5, 26) if drawn == "narrow" else _Type(31, 18, 14, 40)
    natural = float(drawing["layout"]["height"])
    needed = _least_height(drawing["layout"], natural, drawn)
    width = 640 if drawn == "narrow" else min(1200, target[0] if target else 1200)
    while True:
        head, foot = _head(figure, theme, type_, width), _foot(figure, theme, type_, width, notes)
        around = head.height + foot.height
        if target is None:
            height, scale = math.ceil(natural + around), 1.0
            break
        height = width * target[1] // target[0]
        if height >= needed + around:
            scale = (target[0] + 0.01) / width  # a hair more, so that no pixel is lost to rounding
            break
        width += 16 if target[0] != target[1] else 20
    name_tiles(drawing["layout"], theme, width - 2 * type_.margin, height - around, scale)
    inner = _assemble(drawing["layout"], theme, type_, width, height, head, foot)
    as_lines(drawing, *inner)
    return Sheet(drawing, width, height, scale)


def _least_height(layout: dict[str, Any], natural: float, drawn: Width) -> float:
    """How flat a drawing may become.

    Wide rows of labels may move together until two of them come near each other.
    """
    axis = layout.get("yaxis", {})
    rows: dict[float, float] = {}  # place on the axis → height of the letters of the labels at the left
    for note in layout.get("annotations", ()):
        if note.get("xref") == "paper" and note.get("yref", "y") == "y":
            lines = str(note["text"]).split("<br>")
            rows[float(note["y"])] = max(rows.get(float(note["y"]), 0), len(lines) * SPACING * 14)
    if drawn == "narrow" or len(rows) < 2 or not axis.get("range"):
        return natural * SQUEEZE[drawn]
    margin = sum(float(layout.get("margin", {}).get(side) or 0) for side in "tb")
    places = sorted(rows)
    pitch = max(
        (max(rows[one], rows[other]) + GAP) / (other - one) for one, other in itertools.pairwise(places)
    )
    return max(natural * CLOSEST, margin + pitch * abs(float(axis["range"][0]) - float(axis["range"][1])))


def _head(figure: Figure, theme: Theme, type_: _Type, width: int) -> _Block:
    room = width - 2 * type_.margin
    lines, y = [], type_.margin - 0.2 * type_.title
    for text in text_metrics.lines(figure.title, room, type_.title, text_metrics.BOLD_SERIF):
        lines.append(_Line(0, y, text, type_.title, TOKENS[theme].text, SERIF, True))
        y += 1.22 * type_.title
    y += 0.3 * type_.subtitle
    for text in text_metrics.lines(figure.subtitle, room, type_.subtitle):
        lines.append(_Line(0, y, text, type_.subtitle, TOKENS[theme].muted))
        y += SPACING * type_.subtitle
    marks, y = _key(figure.key(theme), theme, type_, room, y + 0.4 * type_.subtitle, lines)
    return _Block(lines, marks, y + 0.8 * type_.subtitle)


def _key(
    key: list[Mark], theme: Theme, type_: _Type, room: float, y: float, lines: list[_Line]
) -> tuple[list[tuple[float, float, str]], float]:
    """The marks of the key from left to right; their words go to `lines`.

    A mark is its place and its picture.
    """
    marks: list[tuple[float, float, str]] = []
    x, step = 0.0, 1.5 * type_.small
    if not key:
        return marks, y - 0.4 * type_.subtitle
    beside = 1.45 * type_.small
    for mark in key:
        texts = text_metrics.lines(mark.meaning, room - beside, type_.small)
        length = beside + max((text_metrics.width(text, type_.small) for text in texts), default=0)
        if x and x + length > room:
            x, y = 0.0, y + step
        marks.append((x, y, picture(mark, theme)))
        for text in texts:
            lines.append(_Line(x + beside, y, text, type_.small, TOKENS[theme].text))
            y += step if text is not texts[-1] else 0
        x += length + 0.8 * type_.small
    return marks, y + step


def _foot(figure: Figure, theme: Theme, type_: _Type, width: int, notes: Notes) -> _Block:
    room = width - 2 * type_.margin
    paragraphs = [
        f"Sources: {figure.source}",
        f"Choice: {notes.choice}. {notes.dates}".rstrip(),
        " · ".join((f"Release {notes.release}", notes.licence, "not an official EU site")),
        notes.link,
    ]
    lines, y, step = [], 0.9 * type_.subtitle, SPACING * type_.small + 1
    for paragraph in paragraphs:
        for text in text_metrics.lines(paragraph, room, type_.small):
            lines.append(_Line(0, y, text, type_.small, TOKENS[theme].muted))
            y += step
    name = text_metrics.width(SITE, NAME * type_.small, text_metrics.BOLD_SERIF)
    if text_metrics.width(lines[-1].text, type_.small) + 2 * type_.small + name > room:
        y += 1.2 * step  # the name of the site stands below the link
    return _Block(lines, [], y + type_.margin - 0.5 * type_.small)


def _assemble(
    layout: dict[str, Any], theme: Theme, type_: _Type, width: int, height: int, head: _Block, foot: _Block
) -> tuple[float, float]:
    """Put head and foot into the margins of the drawing.

    Gives width and height that are left to the drawing itself.
    """
    own = {side: float(layout.get("margin", {}).get(side) or 0) for side in "lrtb"}
    left, bottom = _room_for_ticks(layout, own["b"])
    margin = {
        "l": type_.margin + own["l"] + left,
        "r": type_.margin + own["r"],
        "t": head.height + own["t"],
        "b": foot.height + own["b"] + bottom,
        "pad": 0,
        "autoexpand": False,
    }
    inner = (width - margin["l"] - margin["r"], height - margin["t"] - margin["b"])
    tokens = TOKENS[theme]
    layout |= {
        "width": width,
        "height": height,
        "margin": margin,
        "paper_bgcolor": tokens.background,
        "autosize": False,
    }

    def written(line: _Line, from_top: float, anchor: str = "left") -> dict[str, Any]:
        words = escape(line.text, quote=False)
        is_left = anchor == "left"
        return {
            "xref": "paper",
            "yref": "paper",
            "x": 0 if is_left else 1,
            "y": 1,
            "xshift": type_.margin + line.x - margin["l"] if is_left else margin["r"] - type_.margin,
            "yshift": margin["t"] - from_top,
            "text": f"<b>{words}</b>" if line.is_bold else words,
            "font": {"family": line.family, "size": line.size, "color": line.ink},
            "xanchor": anchor,
            "yanchor": "top",
            "align": anchor,
            "showarrow": False,
        }

    begin = height - foot.height
    last = foot.height - type_.margin + 0.5 * type_.small - SPACING * type_.small - 1
    name = _Line(0, last - 0.25 * type_.small, SITE, NAME * type_.small, tokens.text, SERIF, True)
    layout["annotations"] = [
        # Their anchor in the file too: in letters of another width, words begin or end where they should.
        *({"align": note.get("xanchor", "center"), **note} for note in layout.get("annotations", ())),
        *(written(line, line.y) for line in head.lines),
        *(written(line, begin + line.y) for line in foot.lines),
        written(name, begin + name.y, "right"),
    ]
    side = 1.05 * type_.small
    layout["images"] = [
        {
            "source": source,
            "xref": "paper",
            "yref": "paper",
            "x": (type_.margin + x - margin["l"]) / inner[0],
            "y": 1 + (margin["t"] - y - 0.22 * type_.small) / inner[1],
            "sizex": side / inner[0],
            "sizey": side / inner[1],
            "xanchor": "left",
            "yanchor": "top",
            "layer": "above",
        }
        for x, y, source in head.marks
    ]
    return inner


def _room_for_ticks(layout: dict[str, Any], own_bottom: float) -> tuple[float, float]:
    """What the labels of the axes need at the left and below: an automatic margin would move the head and the
    foot, and is taken away.
    """
    left = bottom = 0.0
    for name in [name for name in layout if name.startswith(("xaxis", "yaxis"))]:
        axis = layout[name]
        axis["automargin"] = False
        if axis.get("visible") is False or axis.get("tickvals") is None:
            continue
        if name.startswith("yaxis"):
            size = axis.get("tickfont", {}).get("size") or 14
            longest = max((len(str(text)) for text in axis.get("ticktext") or ()), default=0)
            left = max(left, longest * size * LETTER + float(axis.get("ticklabelstandoff") or 0) + 8)
        elif own_bottom < 20:
            bottom = 22.0
    return left, bottom


# --- what a file says of itself


def about(figure: Figure, notes: Notes, link: str) -> dict[str, str]:
    """What a file says of itself: title, alternative text with sources, licence, link, release."""
    return {
        "Title": f"{figure.title}. {figure.subtitle}",
        "Description": f"{figure.alt} Sources: {figure.source}",
        "Copyright": notes.licence,
        "Source": link,
        "Software": f"{SITE}, release {notes.release}",
    }


def described(content: bytes, kind: str, sheet_: Sheet, says: dict[str, str]) -> bytes:
    """A rendered image with its title, alternative text, licence and link written into it.

    kind: a key of FORMATS. says: what `about` gives. Raises ValueError for an unknown kind.
    """
    match kind:
        case "svg":
            return _described_svg(content.decode(), sheet_, says).encode()
        case "png":
            return _described_png(content, says)
        case "pdf":
            return _described_pdf(content, says)
    raise ValueError(f"“{kind}” is not a format of images. Formats: {', '.join(FORMATS)}.")


def _described_svg(svg: str, sheet_: Sheet, says: dict[str, str]) -> str:
    size = f'width="{int(sheet_.width * sheet_.scale)}" height="{int(sheet_.height * sheet_.scale)}"'
    svg = re.sub(
        r'width="[\d.]+" height="[\d.]+"',
        f'{size} role="img" aria-labelledby="about-title about-desc"',
        svg,
        count=1,
    )
    inside = (
        f'<title id="about-title">{escape(says["Title"])}</title><desc id="about-desc">{escape(says["Description"])}</desc>'
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<rdf:Description rdf:about=""><dc:title>{escape(says["Title"])}</dc:title><dc:rights>{escape(says["Copyright"])}</dc:rights>'
        f"<dc:source>{escape(says['Source'])}</dc:source><dc:publisher>{escape(says['Software'])}</dc:publisher>"
        "</rdf:Description></rdf:RDF></metadata>"
    )
    svg = re.sub(r"Arial, *sans-serif", f"Arial, {FLAT}, sans-serif", svg)
    return re.sub(r'(?<= d=")[^"]+', _in_hundredths, svg.replace(">", f">{inside}", 1))


def _in_hundredths(path: re.Match[str]) -> str:
    """A path in hundredths of a pixel: a browser writes coordinates in sixteen digits, and a map of them
    fills a megabyte.
    """
    return re.sub(r"(\.\d\d)\d+", r"\1", path[0])


def _described_png(png: bytes, says: dict[str, str]) -> bytes:
    """The words as iTXt chunks after the first chunk, which is always IHDR and 25 bytes long with its frame
    of 8.
    """
    end_of_header = 8 + 25
    chunks = b""
    for name, text in says.items():
        body = b"iTXt" + name.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
        chunks += struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:end_of_header] + chunks + png[end_of_header:]


def _described_pdf(pdf: bytes, says: dict[str, str]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    names: dict[str, Any] = {
        "/Title": says["Title"],
        "/Subject": says["Description"],
        "/Author": SITE,
        "/Keywords": f"{says['Copyright']}; {says['Source']}; {says['Software']}",
    }
    writer.add_metadata(names)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
