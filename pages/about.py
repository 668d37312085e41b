"""Can I trust it? Method, definitions plain and official, sources, data quality, rival figures, corrections, accessibility."""

import streamlit as st

from pages.parts import anatomy, contact, controls, frame, method, reader, tables
from pages.parts.link import Parameter
from pipelines.queries import about, overview

answers = reader.answers()
choices = controls.Controls("about", [Parameter("words", tuple(method.VOCABULARIES), ("stages",))])
frame.notices(choices.notices)
laws = answers.read(about.laws())
tiers = answers.read(about.tiers())
frame.headline(
    method.headline(laws),
    "Every amount is one row with its document. Each overlap is recorded with who says so. What is unknown is shown as not published.",
)

frame.section(
    "The laws of money",
    "Each law is a question to the database. A release is published only if every answer is: no row breaks it.",
)
anatomy.wrapped(
    method.laws_table(laws), alt="The laws of money and the rows that break them", numbers=["Breaking rows"]
)

frame.gap()
frame.section("How well are the figures supported?", method.tiers_subtitle(tiers))
anatomy.wrapped(
    method.tiers_table(tiers),
    alt="Figures by how well they are supported",
    numbers=["Figures", "Share", "Without amount"],
)
confidences = answers.read(about.confidences())
anatomy.wrapped(
    tables.table(confidences, {"confidence_label": "Amount", "plain": "What it means", "entries": "Figures"}),
    alt="Figures by how the amount came about",
    numbers=["Figures"],
)
dossier = dict(zip(*(answers.read(about.dossier())[name] for name in ("outcome", "rows")), strict=True))
frame.line(method.dossier_words(dossier))

frame.gap()
frame.section("What the words mean", "Each word twice: plainly, and as the law or institution says it.")
with controls.row():
    name = choices.one("words", "Words for", method.VOCABULARIES)
anatomy.wrapped(
    tables.table(
        answers.read(about.vocabulary(name)),
        {"label": "Word", "plain": "Plainly", "official": "Officially", "source_url": "Where"},
    ),
    alt=f"What the words for {method.VOCABULARIES[name]} mean",
)

frame.gap()
frame.section(
    "Who else says what", "Where sources disagree, one figure is used and the other stays here beside it."
)
claims = answers.read(about.claims())
anatomy.wrapped(
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

frame.gap()
frame.section(
    "The article that started it",
    "What was reported in February 2025, and the same figures read from this release.",
)
anatomy.wrapped(
    method.article_table(answers.read(about.article())),
    alt="The founding article against the ledger",
    numbers=["Stated", "Found"],
)

frame.gap()
frame.section("Sources", "Where the rows of this release come from.")
anatomy.wrapped(
    tables.table(
        answers.read(about.sources()),
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

frame.gap()
frame.section(
    "What changed",
    "Figures that moved, were corrected or replaced, the newest first. Replaced figures stay in the ledger.",
)
anatomy.items(tables.changes(answers.read(overview.changes())))

frame.gap()
frame.section("Something wrong?")
frame.line(
    f"{contact.words()} Every number opens a card, whose “Report an error” holds the lines that say which number is meant."
)
if contact.address():
    label = "Open the page for corrections" if contact.link().startswith("https://") else "Write a mail"
    st.link_button(label, contact.link())
frame.section("Accessibility")
st.markdown(method.ACCESSIBILITY)
frame.section("Privacy")
st.markdown(method.PRIVACY)
choices.finish()
