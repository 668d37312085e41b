"""How a figure is cited: in plain words, for BibTeX, and as CSL-JSON. Pure."""

import json
from collections.abc import Mapping
from datetime import date

from pages.parts.page_registry import SITE
from pages.parts.sharing.links import stem
from pages.parts.text import citations_and_readmes as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.formatting import named
from pages.parts.text.translation import say


def citation(title: str, release_id: str, link: str, locale: str = ENGLISH) -> str:
    """How to cite a figure, in plain words."""
    return say(text.CITATION, locale, site=SITE, title=title, release=named(release_id, locale), link=link)


def bibtex(figure: str, title: str, release_id: str, link: str, choice: str = "") -> str:
    """How to cite a figure, for BibTeX.

    choice: as in the names of its files, so that two choices have two keys.
    """
    day = date.fromisoformat(release_id[:10])
    fields: Mapping[str, object] = {
        "title": f"{{{_tex(title)}}}",
        "author": f"{{{SITE}}}",
        "year": day.year,
        "month": day.month,
        "version": f"{{{named(release_id)}}}",
        "url": f"{{{link}}}",
        "note": "{CC BY 4.0}",
    }
    return (
        f"@misc{{{stem(figure, release_id, choice)},\n"
        + "".join(f"  {name} = {value},\n" for name, value in fields.items())
        + "}\n"
    )


def csl(figure: str, title: str, release_id: str, link: str, choice: str = "") -> str:
    """How to cite a figure, as CSL-JSON for Zotero and others. choice: as in the names of its files."""
    day = date.fromisoformat(release_id[:10])
    item = {
        "id": stem(figure, release_id, choice),
        "type": "dataset",
        "title": title,
        "author": [{"literal": SITE}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": named(release_id),
        "URL": link,
        "note": "CC BY 4.0",
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _tex(title: str) -> str:
    for sign in "&%#_$":
        title = title.replace(sign, f"\\{sign}")
    return title.replace("\u20ac", "{\\texteuro}").replace("\u00a0", "~")
