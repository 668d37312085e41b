"""The newsroom pack: one zip with a figure's images, data, caption, alternative text, sources and licence, citations and link. Pure."""

import io
import zipfile
from collections.abc import Mapping

from pages.parts import share
from pages.parts.contents import SITE
from pages.parts.figure import Figure
from pages.parts.imaging import Notes
from pipelines import formats


def pack(figure: Figure, release_id: str, link: str, notes: Notes, files: Mapping[str, bytes], lacking: str = "") -> bytes:
    """The zip. files: images and data, name → bytes. lacking: why images are missing, if any are; the pack then says so in a file of its own."""
    texts = {
        "README.txt": _readme(figure, release_id, link, notes, lacking),
        "caption.txt": f"{figure.title}. {figure.subtitle} Source: {SITE}, release {release_id}. {figure.source}\n",
        "alternative-text.txt": f"{figure.alt}\n",
        "sources-and-licence.txt": _sources(figure, notes),
        "citation.txt": f"{share.citation(figure.title, release_id, link)}\n",
        "citation.bib": share.bibtex(figure.name, figure.title, release_id, link),
        "citation.csl.json": share.csl(figure.name, figure.title, release_id, link),
        "link.txt": f"{link}\n",
    }
    if lacking:
        texts["IMAGES-ARE-MISSING.txt"] = f"{lacking}\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, text in texts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _sources(figure: Figure, notes: Notes) -> str:
    named = "".join(
        f"- {f'{source.number} ' if source.number else ''}{source.words} ({source.tier}): {source.url}\n" for source in figure.sources
    )
    return f"Sources: {figure.source}\n{named}\nLicence: {notes.licence}. Sources keep their own licences.\nIndependent. Not an official EU site.\n"


def _readme(figure: Figure, release_id: str, link: str, notes: Notes, lacking: str) -> str:
    rows = len(figure.rows)
    return (
        f"{figure.title}\n{figure.subtitle}\n\n"
        f"Choice: {notes.choice}.\n"
        f"Release: {release_id}. It never changes; the link shows the same figures for as long as it is kept.\n"
        f"Link: {link}\n\n"
        f"Images: {lacking or 'PNG at twice the size for print and screens, SVG to edit. The alternative text is inside the files too.'}\n"
        f"Data: {rows} rows, all that is drawn, as UTF-8 with commas. Euros are plain digits with two decimals; an empty cell means not published, never zero.\n"
        f"{formats.HARMLESS}\n"
    )
