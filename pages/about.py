"""Can I trust it?

Method, definitions plain and official, sources, data quality, rival figures, corrections, accessibility.
"""

import streamlit as st

from pages.parts.sharing import contact
from pages.parts.text import about as about_text
from pages.parts.text import tables
from pages.parts.ui import filters, page_shell, release_cache, widgets
from pages.parts.url_state import Parameter
from pipelines.queries import about, overview

answers = release_cache.answers()
choices = filters.Controls("about", [Parameter("words", tuple(about_text.VOCABULARIES), ("stages",))])
page_shell.notices(choices.notices)
laws = answers.read(about.laws)
tiers = answers.read(about.tiers)
page_shell.headline(
    about_text.headline(laws),
    "Every amount is one row with its document. Each overlap is recorded with who says so. What is unknown is shown as not published.",
)

page_shell.section(
    "The laws of money",
    "Each law is a question to the database. A release is published only if every answer is: no row breaks it.",
)
widgets.wrapped(
    about_text.laws_table(laws),
    alt="The laws of money and the rows that break them",
    numbers=["Breaking rows"],
)

page_shell.gap()
page_shell.section("How well are the figures supported?", about_text.tiers_subtitle(tiers))
widgets.wrapped(
    about_text.tiers_table(tiers),
    alt="Figures by how well they are supported",
    numbers=["Figures", "Share", "Without amount"],
)
confidences = answers.read(about.confidences)
widgets.wrapped(
    tables.table(confidences, {"confidence_label": "Amount", "plain": "What it means", "entries": "Figures"}),
    alt="Figures by how the amount came about",
    numbers=["Figures"],
)
dossier = dict(zip(*(answers.read(about.dossier)[name] for name in ("outcome", "rows")), strict=True))
page_shell.line(about_text.dossier_words(dossier))

page_shell.gap()
page_shell.section("What the words mean", "Each word twice: plainly, and as the law or institution says it.")
with filters.row():
    name = choices.one("words", "Words for", about_text.vocabulary_labels())
widgets.wrapped(
    tables.table(
        answers.read(about.vocabulary, name),
        {"label": "Word", "plain": "Plainly", "official": "Officially", "source_url": "Where"},
    ),
    alt=f"What the words for {about_text.vocabulary_labels()[name]} mean",
)

page_shell.gap()
page_shell.section(
    "Who else says what", "Where sources disagree, one figure is used and the other stays here beside it."
)
claims = answers.read(about.claims)
widgets.wrapped(
    tables.table(
        claims,
        {
            "subject": "Subject",
            "said": "What else is said",
            "publisher": "By",
            "tier_label": "Kind of source",
            "resolution": "What is used, and why",
        },
    ),
    alt="Rival figures",
)

page_shell.gap()
page_shell.section(
    "The article that started it",
    "What was reported in February 2025, and the same figures read from this release.",
)
widgets.wrapped(
    about_text.article_table(answers.read(about.article)),
    alt="The founding article against the ledger",
    numbers=["Stated", "Found"],
)

page_shell.gap()
page_shell.section("Sources", "Where the rows of this release come from.")
widgets.wrapped(
    tables.table(
        answers.read(about.sources),
        {
            "title": "Source",
            "publisher": "Publisher",
            "retrieved_on": "Known on",
            "licence": "Licence",
            "rows": "Rows",
            "entries": "Amounts",
            "note": "Note",
        },
        days=("retrieved_on",),
    ),
    alt="Sources",
    numbers=["Rows", "Amounts"],
)

page_shell.gap()
page_shell.section(
    "What changed",
    "Figures that moved, were corrected or replaced, the newest first. Replaced figures stay in the ledger.",
)
widgets.items(tables.changes(answers.read(overview.changes)))

page_shell.gap()
page_shell.section("Something wrong?")
page_shell.line(
    f"{contact.words()} Every number opens a card, whose “Report an error” holds the lines that say which number is meant."
)
if contact.address():
    label = "Open the page for corrections" if contact.link().startswith("https://") else "Write a mail"
    st.link_button(label, contact.link())
page_shell.section("Accessibility")
st.markdown(about_text.ACCESSIBILITY)
page_shell.section("Privacy")
st.markdown(about_text.PRIVACY)
choices.finish()
