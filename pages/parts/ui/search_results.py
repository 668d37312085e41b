"""The results of a search on a page: things as links, numbers with the sentence that may be written."""

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from pages.parts.page_registry import page_at
from pages.parts.sharing import links
from pages.parts.text import search as text
from pages.parts.text.translation import say
from pages.parts.ui import figure_block, filters, number_details, page_shell, session_release
from pages.parts.views import search
from pages.parts.views.search import Checked, Result, Results, Way
from pipelines.queries.release_answers import ReleaseData

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def _link(label: str, way: Way, key: str) -> None:
    """A link inside the visit, or to another site."""
    page = page_at(way.page)
    if way.elsewhere or page is None:
        address = escape(way.elsewhere, quote=True)
        st.html(
            f'<p class="t-found"><a href="{address}" rel="noopener noreferrer" target="_blank">{escape(label)}</a></p>'
        )
        return
    words = {**way.words, **session_release.named()}
    st.page_link(page.script, label=_MARKDOWN.sub(r"\\\1", label), query_params=words)


def listed(found: Results, choices: filters.Controls) -> None:
    """The results one under the other; where there are none, what can be done."""
    if not found.results:
        _nothing(found, choices)
        return
    for place, result in enumerate(found.results):
        _result(result, place)
    if found.number > len(found.results):
        page_shell.line(say(text.BEST, number=len(found.results)))


def _result(result: Result, place: int) -> None:
    with st.container(key=f"result_{place}", gap=None):
        _link(result.thing.name, result.way, f"result_{place}")
        st.html(f'<p class="t-line t-quiet">{escape(result.line)}</p>')


def _nothing(found: Results, choices: filters.Controls) -> None:
    if found.kinds:
        all_kinds = (say(text.ALL_KINDS), choices.setter(kind=""))
        page_shell.empty(say(text.NOTHING_OF_KIND), "", [all_kinds], "search")
    elif not found.claim:
        page_shell.section(say(text.EXAMPLES), level=3)
        with st.container(horizontal=True, gap="small"):
            for example in text.EXAMPLE_QUESTIONS:
                _link(example, Way(search.PATH, {"q": example}), example)


def checked(amounts: Sequence[Checked]) -> None:
    """Published amounts near to a claim, each with the sentence that may be written."""
    for place, amount in enumerate(amounts):
        with st.container(key=f"result_number_{place}", gap=None):
            label = amount.amount.heading
            _link(say(text.NUMBER_LABEL, amount=amount.said, heading=label), amount.way, f"number_{place}")
            st.html(
                f'<p class="t-line t-quiet">{escape(amount.kind)}</p>'
                f'<p class="t-say">{escape(amount.sentence)} '
                f'<a href="{escape(amount.amount.source_url, quote=True)}" rel="noopener noreferrer" target="_blank">'
                f"{escape(say(text.OPEN_DOCUMENT))}</a></p>"
            )


def number(answers: ReleaseData, entry_id: str, choices: filters.Controls) -> None:
    """One published amount: where it comes from, and the sentence that may be written of it."""
    shown = search.number(answers, entry_id)
    if shown is None:
        page_shell.headline(say(text.NO_NUMBER), say(text.START_WHY))
        return
    value, sentence = shown
    page_shell.headline(value.label, sentence)
    values = {**choices.values, "q": (), "kind": ()}
    link = links.permalink(
        figure_block.site(), search.PATH, search.parameters(answers), values, answers.release_id
    )
    number_details.draw(value, answers, link)
