"""Can I trust it?

Method, definitions plain and official, sources, data quality, rival figures, corrections, accessibility.
"""

from datetime import timedelta

import streamlit as st

from pages.parts.sharing import contact
from pages.parts.text import about as text
from pages.parts.text import formatting, tables
from pages.parts.text.translation import say
from pages.parts.text.where_we_looked import two_dates
from pages.parts.ui import components, filters, page_shell, session_release
from pages.parts.url_state import Parameter
from pipelines.queries import about, overview, stale_and_weak_sources

answers = session_release.answers()
choices = filters.Controls("about", [Parameter("words", tuple(text.VOCABULARIES), ("stages",))])
page_shell.notices(choices.notices)
laws = answers.read(about.laws)
tiers = answers.read(about.tiers)
page_shell.headline(
    text.headline(laws),
    formatting.paragraph(say(text.STANDFIRST), two_dates(answers.newest_source, answers.known_on)),
)

page_shell.section(say(text.METHOD))
st.markdown(say(text.METHOD_TEXT))
page_shell.section(say(text.WHO), level=3)
page_shell.line(text.who(contact.words()))
if contact.address():
    is_page = contact.link().startswith("https://")
    st.link_button(say(text.OPEN_PAGE if is_page else text.WRITE_MAIL), contact.link())

page_shell.gap()
with st.expander(say(text.LAWS)):
    page_shell.line(say(text.LAWS_WHY))
    components.wrapped(
        text.laws_table(laws), alt=say(text.LAWS_ALT), numbers=[say(text.LAW_COLUMNS["breaking_rows"])]
    )

with st.expander(say(text.SUPPORT)):
    page_shell.line(text.tiers_subtitle(tiers))
    components.wrapped(
        text.tiers_table(tiers),
        alt=say(text.TIERS_ALT),
        numbers=[say(text.TIER_COLUMNS[name]) for name in ("entries", "share", "entries_unknown")],
    )
    components.wrapped(
        tables.table(answers.read(about.confidences), text.CONFIDENCE_COLUMNS),
        alt=say(text.CONFIDENCES_ALT),
        numbers=[say(text.CONFIDENCE_COLUMNS["entries"])],
    )
    dossier = answers.read(about.dossier)
    page_shell.line(text.dossier_words(dict(zip(dossier["outcome"], dossier["rows"], strict=True))))

with st.expander(say(text.FRESH)):
    old, passed, weak = (
        answers.read(
            stale_and_weak_sources.unchecked, answers.today - timedelta(days=stale_and_weak_sources.DAYS)
        ),
        answers.read(stale_and_weak_sources.passed_promises, answers.today),
        answers.read(stale_and_weak_sources.weak_headlines),
    )
    share = answers.row(stale_and_weak_sources.primary_share)
    page_shell.line(
        text.fresh_words(len(old), len(passed), share, answers.today, stale_and_weak_sources.DAYS)
    )
    if len(passed):
        components.wrapped(
            tables.table(passed, text.PASSED_COLUMNS, days=("dated_until",)), alt=say(text.PASSED_ALT)
        )
    if len(weak):
        components.wrapped(
            tables.table(weak, text.WEAK_COLUMNS, euros=("amount_eur",)),
            alt=say(text.WEAK_ALT),
            numbers=[say(text.WEAK_COLUMNS["amount_eur"])],
        )

with st.expander(say(text.WORDS), expanded=choices.changed("words") > 0):
    page_shell.line(say(text.WORDS_WHY))
    with filters.row():
        name = choices.one("words", say(text.WORDS_FOR), text.vocabulary_labels())
    components.wrapped(
        tables.table(answers.read(about.vocabulary, name), text.WORD_COLUMNS),
        alt=say(text.WORDS_ALT, words=text.vocabulary_labels()[name]),
    )

with st.expander(say(text.DISAGREE)):
    page_shell.line(say(text.DISAGREE_WHY))
    components.wrapped(tables.table(answers.read(about.claims), text.CLAIM_COLUMNS), alt=say(text.CLAIMS_ALT))

with st.expander(say(text.ARTICLE)):
    page_shell.line(say(text.ARTICLE_WHY))
    components.wrapped(
        text.article_table(answers.read(about.article)),
        alt=say(text.ARTICLE_ALT),
        numbers=[say(text.ARTICLE_COLUMNS[name]) for name in ("stated_words", "found_words")],
    )

with st.expander(say(text.SOURCES)):
    page_shell.line(say(text.SOURCES_WHY))
    components.wrapped(
        tables.table(answers.read(about.sources), text.SOURCE_COLUMNS, days=("retrieved_on",)),
        alt=say(text.SOURCES),
        numbers=[say(text.SOURCE_COLUMNS[name]) for name in ("rows", "entries")],
    )

with st.expander(say(text.CHANGES)):
    page_shell.line(say(text.CHANGES_WHY))
    components.items(tables.changes(answers.read(overview.changes)))

page_shell.gap()
page_shell.section(say(text.WRONG))
page_shell.line(say(text.WRONG_WHY, contact=contact.words()))
page_shell.section(say(text.ACCESSIBILITY))
st.markdown(say(text.ACCESSIBILITY_TEXT))
page_shell.section(say(text.PRIVACY))
st.markdown(say(text.PRIVACY_TEXT))
choices.finish()
