"""The newsroom pack: one zip with a figure's images, data, caption, alternative text, sources and licence, citations and link. Pure."""

import io
import zipfile
from collections.abc import Mapping

from pages.parts.figure import Figure
from pages.parts.images.sheet import Notes
from pages.parts.page_registry import SITE
from pages.parts.sharing import citations, readme
from pipelines.queries.release_data import ReleaseData

IMAGES = "PNG at twice the size for print and screens, SVG to edit, PDF for print. The alternative text is inside the files too."


def pack(
    figure: Figure,
    answers: ReleaseData,
    link: str,
    notes: Notes,
    files: Mapping[str, bytes],
    about: str,
    choice: str = "",
    lacking: str = "",
) -> bytes:
    """The zip. files: images and data, name → bytes. about: the text of its README. choice: as in the names of files.

    lacking: why images are missing, if any are; the pack then says so in a file of its own.
    """
    release_id = answers.release_id
    texts = {
        "README.txt": about,
        "caption.txt": f"{figure.title}. {figure.subtitle} Source: {SITE}, release {release_id}. {figure.source}\n",
        "alternative-text.txt": f"{figure.alt}\n",
        "sources-and-licence.txt": _sources(figure, notes),
        "citation.txt": f"{citations.citation(figure.title, release_id, link)}\n",
        "citation.bib": citations.bibtex(figure.name, figure.title, release_id, link, choice),
        "citation.csl.json": citations.csl(figure.name, figure.title, release_id, link, choice),
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
    named = readme.source_list(figure)
    return f"Sources: {named}\nLicence: {notes.licence}. Sources keep their own licences.\nIndependent. Not an official EU site.\n"
