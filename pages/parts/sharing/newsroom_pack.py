"""The newsroom pack: one zip with a figure's images, data, caption, alternative text, sources and licence,
citations and link. Pure.
"""

import io
import zipfile
from collections.abc import Mapping

from pages.parts.figure_model import Figure
from pages.parts.images.sheet import Notes
from pages.parts.page_registry import SITE
from pages.parts.sharing import citations, readme
from pages.parts.text import citations_and_readmes as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.formatting import named
from pages.parts.text.translation import say
from pipelines.queries.release_answers import ReleaseData

IMAGES = say(text.PACK_IMAGES)


def pack(
    figure: Figure,
    answers: ReleaseData,
    link: str,
    notes: Notes,
    files: Mapping[str, bytes],
    about: str,
    choice: str = "",
    lacking: str = "",
    locale: str = ENGLISH,
) -> bytes:
    """The zip. files: images and data, name → bytes. about: the text of its README.

    choice: as in the names of files.

    lacking: why images are missing, if any are; the pack then says so in a file of its own.
    """
    release_id = answers.release_id
    texts = {
        "README.txt": about,
        "caption.txt": say(
            text.CAPTION,
            locale,
            title=figure.title,
            subtitle=figure.subtitle,
            site=SITE,
            release=named(release_id, locale),
            source=figure.source,
        ),
        "alternative-text.txt": f"{figure.alt}\n",
        "sources-and-licence.txt": _sources(figure, notes, locale),
        "citation.txt": f"{citations.citation(figure.title, release_id, link, locale)}\n",
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
        for name, content_of_text in texts.items():
            archive.writestr(name, content_of_text)
    return out.getvalue()


def _sources(figure: Figure, notes: Notes, locale: str) -> str:
    named = readme.source_list(figure, locale)
    return say(text.SOURCES_AND_LICENCE, locale, sources=named, licence=notes.licence)
