"""The frame that all pages share: question and release, headline, standfirst, notices, footer, and the answer
when something breaks.

Streamlit is allowed here; data is not: every function gets words that are ready to be shown and escapes them.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from pages.parts.design_tokens import TOKENS
from pages.parts.page_registry import SITE, Entry, page_at
from pages.parts.sharing import contact
from pages.parts.text import formatting
from pages.parts.text import ui as text
from pages.parts.text.translation import Message, say
from pages.parts.text.where_we_looked import two_dates
from pages.parts.ui import day_control, search_box, session_release, theme_and_width
from pages.parts.ui.theme_and_width import theme
from pipelines import as_of_days

CSS = Path(__file__).with_name("page_shell.css")
LOGOS = Path(__file__).parents[3] / "static"
logger = logging.getLogger("tracker.pages")

BACK, ONWARD = "arrow_back", "arrow_forward"  # icons
Kind = Literal["moved", "old", "unknown", "error"]


class Release(NamedTuple):
    """What the frame says of the release that a page reads: its id, the day it was compiled, the day of its
    newest source, the id of the current one. day: on which it is looked at, if that is an earlier one.
    first: the day of its first amount, if nothing is known of the day that is looked at.
    """

    name: str
    known_on: date
    newest_source: date | None
    current: str
    day: date | None = None
    first: date | None = None

    @property
    def spelt(self) -> str:
        """Its id and the day as readers see them."""
        return formatting.spelt(as_of_days.View(self.name, self.day).name)


@contextmanager
def page(entry: Entry, release: Release | None) -> Iterator[None]:
    """Everything around a page: title, logo, look, the line with its question and release above, the footer
    below.

    An error inside the page becomes a sentence with a reference; the trace goes to the log of the server
    only.
    """
    title = say(text.PAGE_TITLE, page=entry.title, site=SITE)
    st.set_page_config(page_title=title, page_icon=str(LOGOS / "icon.svg"), layout="wide")
    st.logo(str(LOGOS / f"logo-{theme()}.svg"), size="large", link=None)
    st.html(CSS)
    with st.container(horizontal_alignment="center"), st.container(width=1120, key="sheet"):
        heading = say(text.RELEASE, release=release.spelt) if release else say(text.NO_RELEASE)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="strip"):
            st.html(
                f'<div class="t-strip"><span>{escape(entry.question)}</span><span>{escape(heading)}</span></div>',
                width="stretch",
            )
            search_box.draw(entry.path)
        with _past(release, entry) if release else nullcontext():
            try:
                yield
            except Exception as error:
                apologise(error)
        # Not in a `finally`: a run that gives way to the next one would leave the foot in the middle of the
        # page.
        if release:
            day_control.draw(entry.path, release.day, release.known_on)
        st.html(_footer(release))
        theme_and_width.watch()


def _address() -> dict[str, list[str]]:
    """All that the address says, with what this visit began with."""
    return {**session_release.address_words(), **session_release.kept_words()}


@contextmanager
def _past(release: Release, entry: Entry) -> Iterator[None]:
    """Says above the page that this is not the current release, or not the present day, with the way to the
    same page and choice there.

    The page writes its choice into the address while it is drawn: the ways follow. They load the page anew,
    which begins another visit.
    """
    notes: list[tuple[str, Message, str]] = []  # sentence, words of the way, what the way leaves out
    if release.day:
        sentence = say(text.ON_A_DAY, day=release.day, release=formatting.spelt(release.name))
        notes.append((sentence, text.BACK_TO_TODAY, session_release.DAY))
    if release.name != release.current:
        spelt = {"release": formatting.spelt(release.name), "current": formatting.spelt(release.current)}
        notes.append((say(text.OLDER, **spelt), text.READ_CURRENT, session_release.RELEASE))
    slots = [st.empty() for _ in notes]

    def draw(address: dict[str, list[str]]) -> None:
        for slot, (sentence, label, left_out) in zip(slots, notes, strict=True):
            words = {name: values for name, values in address.items() if name != left_out}
            way = f"./{entry.path}{f'?{urlencode(words, doseq=True)}' if words else ''}"
            with slot:
                notice("old", sentence, way=(say(label), way))

    before = _address()
    draw(before)
    yield
    if (after := _address()) != before:
        draw(after)


def nothing_yet(entry: Entry, release: Release) -> None:
    """In the place of a page, before the first amount: that nothing is known yet; the way to its day."""
    if release.day is None or release.first is None:
        raise ValueError(release)
    headline(say(text.NOTHING_YET, day=release.day), say(text.NOTHING_YET_WHY, first=release.first))
    words = {**_address(), session_release.DAY: [release.first.isoformat()]}
    lead_on(say(text.FIRST_DAY, first=release.first), f"./{entry.path}?{urlencode(words, doseq=True)}")


def headline(sentence: str, standfirst: str) -> None:
    """Today's answer as the h1 of the page, and at most three short sentences on what it does not cover."""
    st.html(f'<h1 class="t-head">{escape(sentence)}</h1>')
    st.html(f'<p class="t-stand">{escape(standfirst)}</p>')


def section(title: str, subtitle: str = "", level: Literal[2, 3] = 2) -> None:
    """A heading inside a page, h2 or h3, with a quiet line under it."""
    below = f'<p class="t-sub">{escape(subtitle)}</p>' if subtitle else ""
    st.html(f'<h{level} class="t-title">{escape(title)}</h{level}>{below}')


def line(sentence: str, strong: str = "") -> None:
    """A quiet line, such as the sum that leads to a net; `strong` stands before it in bold."""
    bold = f"<b>{escape(strong)}</b> " if strong else ""
    st.html(f'<p class="t-line t-quiet">{bold}{escape(sentence)}</p>')


def onward(label: str, path: str) -> None:
    """A link to another page, by its address in the table of contents."""
    entry = page_at(path)
    if entry is None:
        raise ValueError(path)
    st.page_link(entry.script, label=label, icon=":material/arrow_forward:")


def way(path: str, **words: str | Sequence[str]) -> str:
    """The address of a page with a choice, on the release and day that a link named, as seen from any
    page.
    """
    kept = {name: values[-1] for name, values in session_release.kept_words().items()}
    chosen = urlencode({**words, **kept}, doseq=True)
    return f"./{path}{f'?{chosen}' if chosen else ''}"


def back(label: str, address: str) -> None:
    """The way back from the page of one thing to all of them. address: as `way` gives it."""
    st.html(
        f'<p class="t-line t-back"><a class="t-on" href="{escape(address, quote=True)}" target="_self">'
        f'<span class="t-icon" aria-hidden="true">{BACK}</span><span>{escape(label)}</span></a></p>'
    )


def lead_on(label: str, address: str) -> None:
    """A link to the page of one thing. address: as `way` gives it."""
    st.html(
        f'<p class="t-line t-back"><a class="t-on" href="{escape(address, quote=True)}" target="_self">'
        f'<span>{escape(label)}</span><span class="t-icon" aria-hidden="true">{ONWARD}</span></a></p>'
    )


def gap() -> None:
    """The space between two figures."""
    st.html('<div class="t-gap"></div>')


NOTICES = {
    "moved": ("history", "accent", "note_ground"),
    "old": ("inventory_2", "accent", "note_ground"),
    "unknown": ("link_off", "warning", "warning_ground"),
    "error": ("error", "error", "error_ground"),
}


def notice(
    kind: Kind,
    sentence: str,
    more: Sequence[tuple[str, Sequence[str]]] = (),
    way: tuple[str, str] | None = None,
) -> None:
    """A sentence above the headline: a value that moved, an old release, a parameter that was ignored, an
    error.

    more: further sentences, each with the lines that stand under it. way: words and address of a link at the
        end of the sentence.

    The sentence may hold what a stranger put into a link. It is therefore HTML of ours with the words
    escaped, not st.warning, whose Markdown makes a link of every address.
    """
    icon, ink, ground = NOTICES[kind]
    tokens = TOKENS[theme()]
    link = f' <a href="{escape(way[1])}" target="_self">{escape(way[0])}</a>' if way else ""
    below = "".join(
        (f"<p>{escape(lead)}</p>" if lead else "")
        + (f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else "")
        for lead, lines in more
    )
    st.html(
        f'<div class="t-notice" role="{"alert" if kind == "error" else "status"}" style="color:{getattr(tokens, ink)};background:{getattr(tokens, ground)}">'
        f'<span class="t-icon" aria-hidden="true">{icon}</span><div><p>{escape(sentence)}{link}</p>{below}</div></div>'
    )


def notices(sentences: Sequence[str]) -> None:
    """What in the link could not be followed, one sentence each."""
    for sentence in sentences:
        notice("unknown", sentence)


def empty(strong: str, sentence: str, ways_on: list[tuple[str, Callable[[], None]]], key: str) -> None:
    """The place of a figure whose choice holds nothing: what excludes what, how much lies elsewhere, and
    buttons that change one filter each.

    ways_on: label and callback of each button; a callback sets st.session_state. key: name of the figure,
        unique on the page.
    """
    with st.container(border=True, key=f"empty_{key}"):
        st.html(
            f'<div role="status" style="line-height:1.5"><b>{escape(strong)}</b> {escape(sentence)}</div>'
        )
        with st.container(horizontal=True, gap="small"):
            for number, (label, callback) in enumerate(ways_on):
                st.button(label, key=f"way_{key}_{number}", on_click=callback)


def apologise(error: Exception) -> bool:
    """Shows a polite sentence with a reference and writes the trace to the server's log under it.

    True: Streamlit shows nothing of its own.
    """
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    logger.error("Reference %s", reference, exc_info=error)
    notice("error", say(text.UNFINISHED, reference=reference))
    return True


def _footer(release: Release | None) -> str:
    named = session_release.kept_words()
    kept = f"?{urlencode(named, doseq=True)}" if named else ""
    known_on = (
        f"{escape(release.spelt)}<br>{escape(say(text.PRICES, dates=two_dates(release.newest_source, release.known_on)))}"
        if release
        else escape(say(text.NO_RELEASE_YET))
    )
    data, about = (
        f'<a href="./{path}{escape(kept)}">{escape(say(label))}</a>'
        for path, label in (("data", text.DATA), ("about", text.ABOUT))
    )
    blocks = (
        (SITE, escape(say(text.INDEPENDENT))),
        (say(text.THIS_RELEASE), known_on),
        (say(text.USE_IT), _with_links(text.LICENCE, data=data)),
        (say(text.WRONG), _contact(about)),
    )
    inside = "".join(
        f'<div><h2 class="t-name">{escape(name)}</h2><p>{block}</p></div>' for name, block in blocks
    )
    return f'<footer class="t-foot">{inside}</footer>'


def _contact(about: str) -> str:
    """Where known gaps are listed, and whom to tell, if TRACKER_CONTACT names somebody. about: a link."""
    address = contact.address()
    if not address:
        return _with_links(text.GAPS, about=about)
    sentence = text.GAPS_AND_PAGE if address.startswith("https://") else text.GAPS_AND_MAIL
    link = f'<a href="{escape(contact.link(), quote=True)}">{escape(address)}</a>'
    return _with_links(sentence, address=link, about=about)


def _with_links(sentence: Message, **links: str) -> str:
    """A sentence as HTML. links: by the name of their field, as HTML."""
    marks = {name: f"\ue000{name}\ue000" for name in links}
    html = escape(say(sentence, **marks))
    for name, link in links.items():
        html = html.replace(marks[name], link)
    return html
