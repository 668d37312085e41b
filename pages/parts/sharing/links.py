"""Where a view can be found again: permalinks with every parameter and the release, addresses of files and
embeds, names of files. Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from pages.parts import filter_labels
from pages.parts.figure_model import Figure
from pages.parts.finished_figure import Exhibit
from pages.parts.images.sheet import Notes
from pages.parts.text import citations_and_readmes as text
from pages.parts.text import euros_by_country, timeline
from pages.parts.text import pages as pages_text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.formatting import spelt
from pages.parts.text.translation import say
from pages.parts.text.where_we_looked import two_dates
from pages.parts.url_state import Parameter, Values, write_link
from pages.parts.views import View, euros
from pipelines import as_of_days, files, settings
from pipelines.queries.release_answers import ReleaseData

LICENCE = say(text.LICENCE_OF_FIGURES)
DATA_FORMATS = ("csv", "xlsx", "parquet", "json")
LONGEST_CHOICE = 60  # letters of a choice in the name of a file


def control_labels(locale: str = ENGLISH) -> Mapping[str, Mapping[str, str]]:
    """The labels of codes that stand in no vocabulary: parameter → code → label, as the controls of the pages
    have them.
    """
    return {
        "level": pages_text.labels(pages_text.LEVELS, locale),
        "count": euros.COUNTS,
        "prices": euros.PRICES,
        "per": euros_by_country.labels(locale),
        "bodies": euros_by_country.body_labels(locale),
        "show": timeline.show_labels(locale),
    }


def home(asked: str) -> str:
    """The address of the site without a slash at its end: TRACKER_ADDRESS if it is set, else the scheme and
    host that were asked.
    """
    return settings.read(settings.SiteSettings).address or asked.rstrip("/")


def query(
    parameters: list[Parameter], values: Values, release_id: str | None, **more: str | Sequence[str]
) -> str:
    """Every parameter of a choice as the query of an address, with the release if it is to be frozen."""
    words: dict[str, Any] = dict(write_link(values, parameters, whole=True))
    return urlencode({**words, **as_of_days.words(release_id), **more}, doseq=True)


def permalink(
    site: str, page: str, parameters: list[Parameter], values: Values, release_id: str | None
) -> str:
    """The address of a view with every parameter.

    With a release it shows the same for ever; without, what is current.
    """
    return f"{site}/{page}?{query(parameters, values, release_id)}"


def short_link(site: str, page: str, parameters: list[Parameter], values: Values, release_id: str) -> str:
    """The address of a view inside an image: what differs from the preset choice, and the release; without
    scheme.
    """
    words = {**write_link(values, parameters), **as_of_days.words(release_id)}
    return f"{site.partition('://')[2] or site}/{page}?{urlencode(words, doseq=True)}"


def notes(site: str, view: View, answers: ReleaseData, parameters: list[Parameter], values: Values) -> Notes:
    """What stands under the drawing in an image."""
    release = answers.release_id
    return Notes(
        choice_words(answers, view, values),
        spelt(release),
        LICENCE,
        short_link(site, view.page, parameters, values, release),
        two_dates(answers.newest_source, answers.known_on),
    )


def embed_code(
    site: str, figure: Figure | Exhibit, parameters: list[Parameter], values: Values, release_id: str | None
) -> str:
    """What somebody pastes into a page of theirs: a frame that adapts its height, and the image for readers
    without scripts.
    """
    chosen = query(parameters, values, release_id)
    address, image = (
        f"{site}/embed/{figure.name}?{chosen}",
        f"{site}/api/v1/figures/{figure.name}.svg?{chosen}",
    )
    title, alt = escape(figure.title, quote=True), escape(figure.alt, quote=True)
    return (
        f'<iframe src="{escape(address)}" title="{title}" loading="lazy" '
        'style="width:100%;height:640px;border:0"></iframe>\n'
        "<script>addEventListener('message',function(e){"
        "document.querySelectorAll('iframe').forEach(function(f){"
        "if(f.contentWindow===e.source&&e.data&&e.data.euAiHeight)"
        "f.style.height=e.data.euAiHeight+'px'})})</script>\n"
        f'<noscript><a href="{escape(address)}"><img src="{escape(image)}" alt="{alt}" '
        'style="max-width:100%"></a></noscript>'
    )


def image_code(
    site: str,
    figure: Figure | Exhibit,
    parameters: list[Parameter],
    values: Values,
    release_id: str | None,
    page: str,
) -> str:
    """The variant for pages without frames and scripts: an image that links to its view."""
    chosen = query(parameters, values, release_id)
    link, image = f"{site}/{page}?{chosen}", f"{site}/api/v1/figures/{figure.name}.svg?{chosen}"
    return (
        f'<a href="{escape(link)}"><img src="{escape(image)}" alt="{escape(figure.alt, quote=True)}" '
        'style="max-width:100%"></a>'
    )


def file_name(figure: str, release_id: str, extension: str, *marks: str) -> str:
    """What a file is, in its name: site, figure, what it shows of it, release.

    marks: the choice first, then what else tells it from others.
    """
    return f"{stem(figure, release_id, *marks)}.{extension}"


def stem(figure: str, release_id: str, *marks: str) -> str:
    """The name of a file without its ending; also the key of a citation."""
    return "-".join(("eu-ai", figure, *(mark for mark in marks if mark), release_id))


def choice_name(parameters: Iterable[Parameter], values: Values) -> str:
    """A choice in the name of a file: the codes that differ from the preset choice, "" if none does.

    Different choices have different names, whatever the order of their codes. What is longer than
    LONGEST_CHOICE, or holds a sign that a disk may refuse, ends in a fingerprint of the whole.
    """
    every = list(parameters)
    codes = (
        _codes_in_name(parameter, values.get(parameter.name, parameter.default), every) for parameter in every
    )
    name = "_".join(filter(None, codes))
    safe = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    if safe == name and len(name) <= LONGEST_CHOICE:
        return name
    mark = files.sha256(name)[:8]
    return f"{safe[: LONGEST_CHOICE - 9].strip('-_')}-{mark}"


def _codes_in_name(parameter: Parameter, codes: tuple[str, ...], every: list[Parameter]) -> str:
    """The codes of one parameter; its name stands before a code that says nothing alone, or that another
    parameter has too.
    """
    if {*codes} == {*parameter.default}:
        return ""
    others = {code for other in every if other is not parameter for code in other.allowed}
    named = [
        f"{parameter.name}-{code}" if code in others or len(code) == 1 else code for code in sorted(codes)
    ]
    return "_".join(named) or f"any-{parameter.name}"


def choice_words(answers: ReleaseData, view: View, values: Values, locale: str = ENGLISH) -> str:
    """The choice as a reader would say it: "stage programmed; kind AI factory + antenna"; "everything" where
    nothing is narrowed.

    Only what the figure obeys: its page may let a reader choose more.
    """
    chosen = _chosen(answers, view.obeyed(view.parameters(answers)), values, locale)
    return "; ".join(chosen) or say(text.EVERYTHING, locale)


def choice_made(answers: ReleaseData, view: View, values: Values, locale: str = ENGLISH) -> str:
    """What differs from the preset choice of a page, as a reader would say it: "stage committed; every kind";
    "" if nothing does.
    """
    different = [
        parameter
        for parameter in view.parameters(answers)
        if tuple(values.get(parameter.name, parameter.default)) != parameter.default
    ]
    every = [
        say(text.EVERY, locale, parameter=parameter.name)
        for parameter in different
        if not values.get(parameter.name, parameter.default)
    ]
    return "; ".join([*_chosen(answers, different, values, locale), *every])


def _chosen(answers: ReleaseData, parameters: Iterable[Parameter], values: Values, locale: str) -> list[str]:
    """Each parameter that has codes, with their labels."""
    own = control_labels(locale)
    chosen = []
    for parameter in parameters:
        codes = values.get(parameter.name, parameter.default)
        if codes:
            labels = {
                **filter_labels.labels(answers, parameter.name, locale),
                **{
                    code: f"{label[:1].lower()}{label[1:]}"
                    for code, label in own.get(parameter.name, {}).items()
                },
            }
            words = " + ".join(labels.get(code, code) for code in codes)
            chosen.append(say(text.CHOSEN, locale, parameter=parameter.name, labels=words))
    return chosen
