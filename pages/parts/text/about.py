"""The words of the About page, and its tables. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.pages import SITE
from pages.parts.text.tables import table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows

VOCABULARIES = {
    "stages": message("stages"),
    "bases": message("bases"),
    "programmes": message("programmes"),
    "initiatives": message("initiatives"),
    "funders": message("funders"),
    "levels": message("levels"),
    "qualifiers": message("qualifiers"),
    "confidences": message("how an amount came about"),
    "source_tiers": message("kinds of source"),
    "ai_scopes": message("readings of AI"),
    "site_kinds": message("kinds of site"),
    "site_statuses": message("status of a site"),
    "milestone_events": message("kinds of event"),
    "indicators": message("what countries are measured by"),
}
FIRM_TIERS = ("law-or-institution", "host-or-government")  # codes of source_tiers

ACCESSIBILITY_TEXT = message(
    "The site is built to WCAG 2.2, level AA. Every figure has a text alternative and a table with the "
    "same numbers, "
    "colours are never the only carrier, and everything can be reached with the keyboard. Known "
    "limits: labels of "
    "Streamlit’s own menus are in English only, and marks inside a chart cannot be reached one by one "
    "with the "
    "keyboard; the table beside each chart holds them all."
)
PRIVACY_TEXT = message(
    "No page asks anything from another host. No usage statistics are collected, and no cookie is set "
    "but the one that protects forms."
)
ACCESSIBILITY, PRIVACY = message("Accessibility"), message("Privacy")

HEADLINE = plural(
    "Every number passed our {spelt} check.", "Every number passed our {spelt} checks.", by="checks"
)
STANDFIRST = message(
    "Every amount is one row with its source document. Every overlap is recorded, with who says so. What "
    "nobody publishes is shown as not published."
)
METHOD, WHO = message("How we count"), message("Who makes this")
METHOD_TEXT = message(
    "We collect what the EU, its member states and its partners publish about their money for AI. Each "
    "published amount becomes one row, with its document, its date and the words that the source uses. What "
    "nobody publishes stays empty: “not published” never means zero.\n\n"
    "**How far the money has come.** Each amount has one stage: announced, programmed, committed, contracted "
    "or paid. The same euro passes through several of them, so we never add amounts of different stages. "
    "Nor do we add money of different kinds, such as EU grants, national money and guarantees.\n\n"
    "**Counted once.** One budget often sits inside another. We record every such overlap, with who says so, "
    "and count the euro once. Where a budget is divided in several ways, we count one of them and say which. "
    "Rival bids are listed and never added.\n\n"
    "**What is AI.** Most programmes mix AI with other things. An amount is AI by the strict reading if its "
    "source files it under AI, and by the broad reading also if it speaks of AI or of the computing that AI "
    "needs. If nobody splits an amount, we do not guess.\n\n"
    "**Dates.** Every promised date stays as it was first stated. If it passes without evidence, we call it "
    "unconfirmed, neither late nor done.\n\n"
    "**Checks.** Each release is tested against the rules below and never changes afterwards. Any figure can "
    "be opened down to its rows, its query and its sources, and checked next year."
)
WHO_WORDS = message(
    "The {site} is an independent open-source project, not an official EU site. Its code and its data are free to "
    "reuse. {contact}"
)
LAWS = message("What every number must pass")
LAWS_WHY = message("Each rule is tested on the data; a release with a single failure is not published.")
LAWS_ALT = message("The rules and the rows that fail them")
LAW_COLUMNS = {
    "number": message("No"),
    "title": message("Rule"),
    "breaking_rows": message("Rows that fail"),
}
SUPPORT = message("How well are the figures supported?")
TIERS = plural(
    "{share} of {number}\u00a0curated figure rest on EU law, institutions, hosts or governments; "
    "{unknown} have no published amount.",
    "{share} of {number}\u00a0curated figures rest on EU law, institutions, hosts or governments; "
    "{unknown} have no published amount.",
)
NO_TIERS = message("This release has no curated figure.")
TIER_COLUMNS = {
    "tier_label": message("Kind of source"),
    "plain": message("What it means"),
    "entries": message("Figures"),
    "share": message("Share"),
    "entries_unknown": message("Without amount"),
}
TIERS_ALT = message("Figures by how well they are supported")
FRESH = message("How fresh is it?")
NOT_LOOKED_AT = plural(
    "On {day}, {number}\u00a0row had not been looked at for {days}\u00a0days.",
    "On {day}, {number}\u00a0rows had not been looked at for {days}\u00a0days.",
)
ALL_LOOKED_AT = message(
    "On {day}, every source and every row of our own had been looked at within {days}\u00a0days."
)
PASSED = plural(
    "{number}\u00a0promised date has passed, and no source says that it was kept.",
    "{number}\u00a0promised dates have passed, and no source says that they were kept.",
)
NONE_PASSED = message("No promised date has passed without an answer.")
PRIMARY = message(
    "Of the figures in ladders that we composed, in totals and on the cards of sites, {shown} rest on primary documents: law, EU "
    "institutions, hosts or governments; of all figures in force, {all}."
)
PASSED_ALT, WEAK_ALT = (
    message("Promised dates that have passed"),
    message(
        "Figures in ladders that we composed, in totals and on cards that rest on press or weaker documents"
    ),
)
PASSED_COLUMNS = {
    "title": message("Promise"),
    "dated_until": message("Promised until"),
    "publisher": message("Who said it"),
    "source_url": message("Document"),
}
WEAK_COLUMNS = {
    "heading": message("Figure"),
    "amount_eur": message("Euros"),
    "tier_label": message("Kind of source"),
    "publisher": message("Publisher"),
    "source_url": message("Document"),
}
CONFIDENCE_COLUMNS = {
    "confidence_label": message("Amount"),
    "plain": message("What it means"),
    "entries": message("Figures"),
}
CONFIDENCES_ALT = message("Figures by how the amount came about")
OUTCOMES = {
    "carried": plural("{number} is included", "{number} are included"),
    "merged": plural("{number} was merged", "{number} were merged"),
    "left-out": plural("{number} was dropped", "{number} were dropped"),
}
OTHER_OUTCOME = message("{number} {outcome}")
RESEARCHED = plural(
    "Of {number} fact researched, {outcomes}. The reasons are in the data download.",
    "Of {number} facts researched, {outcomes}. The reasons are in the data download.",
)
WORDS = message("What the words mean")
WORDS_WHY = message("Each word in plain language, and as the law or institution puts it.")
WORDS_FOR = message("Words for")
WORD_COLUMNS = {
    "label": message("Word"),
    "plain": message("In plain language"),
    "official": message("Official wording"),
    "source_url": message("Source"),
}
WORDS_ALT = message("What the words for {words} mean")
DISAGREE = message("Where sources disagree")
DISAGREE_WHY = message("One figure is used; the other is kept here beside it.")
CLAIM_COLUMNS = {
    "subject": message("Subject"),
    "said": message("What else is said"),
    "publisher": message("By"),
    "tier_label": message("Kind of source"),
    "resolution": message("What is used, and why"),
}
CLAIMS_ALT = message("Rival figures")
ARTICLE = message("The article that started it")
ARTICLE_WHY = message("What was reported in February 2025, and the same figures read from this release.")
ARTICLE_ALT = message("The founding article against the ledger")
ARTICLE_COLUMNS = {
    "statement": message("What it said"),
    "stated_words": message("Stated"),
    "found_words": message("Found"),
    "dollars": message("Dollars"),
    "later": message("What came later"),
}
SOURCES = message("Sources")
SOURCES_WHY = message("Where the rows of this release come from.")
SOURCE_COLUMNS = {
    "title": message("Source"),
    "publisher": message("Publisher"),
    "retrieved_on": message("Known on"),
    "licence": message("Licence"),
    "rows": message("Rows"),
    "entries": message("Amounts"),
    "note": message("Note"),
}
CHANGES = message("What changed")
CHANGES_WHY = message(
    "Figures that moved, were corrected or replaced, the newest first. Replaced figures stay in the ledger."
)
WRONG = message("Something wrong?")
WRONG_WHY = message("{contact} Use “Report an error” on any number to copy a reference.")
OPEN_PAGE, WRITE_MAIL = message("Open the page for corrections"), message("Write an e-mail")
DOLLARS = message("{quoted} quoted; {at_rate} at the ECB rate of {day}")


def who(contact: str, locale: str = ENGLISH) -> str:
    """Who makes the site, and where to write. contact: a sentence."""
    return say(WHO_WORDS, locale, site=say(SITE, locale), contact=contact)


def vocabulary_labels(locale: str = ENGLISH) -> dict[str, str]:
    """The vocabularies that can be shown: table → what its words are for."""
    return {name: say(label, locale) for name, label in VOCABULARIES.items()}


def headline(laws: pd.DataFrame, locale: str = ENGLISH) -> str:
    """A release is published only if every law holds; the headline counts them."""
    return say(HEADLINE, locale, checks=len(laws), spelt=formatting.number(len(laws), locale))


def laws_table(laws: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Number, law, rows that break it."""
    numbered = laws.assign(number=[name.split("_")[1].lstrip("0") for name in laws["law"]])
    return table(numbered, LAW_COLUMNS, locale=locale)


def tiers_subtitle(tiers: pd.DataFrame, locale: str = ENGLISH) -> str:
    """Share of figures that rest on law, institutions, hosts or governments, with its denominator.

    tiers: rows of queries.about.tiers.
    """
    total = int(tiers["entries"].sum())
    if not total:
        return say(NO_TIERS, locale)
    firm = int(tiers[tiers["tier"].isin(FIRM_TIERS)]["entries"].sum())
    return say(
        TIERS,
        locale,
        share=formatting.percent(Decimal(firm), Decimal(total), locale),
        number=total,
        unknown=int(tiers["entries_unknown"].sum()),
    )


def tiers_table(tiers: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Kind of source, figures, share of all figures, those without amount."""
    total = Decimal(int(tiers["entries"].sum()))
    shared = tiers.assign(
        share=[formatting.percent(Decimal(int(entries)), total, locale) for entries in tiers["entries"]]
    )
    return table(shared, TIER_COLUMNS, locale=locale)


def fresh_words(
    old: int, passed: int, share: Mapping[str, Any], day: date, days: int, locale: str = ENGLISH
) -> str:
    """How fresh a release is on the day of its knowledge.

    old: rows that nobody has looked at for `days` days. passed: promised dates without an answer. share: the
    row of queries.freshness.primary_share.
    """
    return formatting.paragraph(
        say(NOT_LOOKED_AT, locale, number=old, day=day, days=days)
        if old
        else say(ALL_LOOKED_AT, locale, day=day, days=days),
        say(PASSED, locale, number=passed) if passed else say(NONE_PASSED, locale),
        say(
            PRIMARY,
            locale,
            shown=_percent(share["headlines_primary"], share["headlines"], locale),
            all=_percent(share["figures_primary"], share["figures"], locale),
        )
        if share["headlines"]
        else "",
    )


def _percent(part: Any, whole: Any, locale: str) -> str:
    return formatting.percent(Decimal(int(part)), Decimal(int(whole)), locale)


def dossier_words(outcomes: Mapping[str, Any], locale: str = ENGLISH) -> str:
    """What became of the rows of the research. outcomes: outcome → rows."""
    by_number = sorted(outcomes.items(), key=lambda pair: -pair[1])
    parts = [
        say(OUTCOMES[outcome], locale, number=int(rows))
        if outcome in OUTCOMES
        else say(OTHER_OUTCOME, locale, number=int(rows), outcome=outcome)
        for outcome, rows in by_number
    ]
    return say(RESEARCHED, locale, number=int(sum(outcomes.values())), outcomes=parts)


def article_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Statement, stated, found, dollars as quoted and at the dated rate, what came later."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        stated_words=[_quantity(row["stated"], row["unit"], locale) for row in records],
        found_words=[_quantity(row["found"], row["unit"], locale) for row in records],
        dollars=[_dollars(row, locale) for row in records],
    )
    return table(shown, ARTICLE_COLUMNS, locale=locale)


def _quantity(value: Any, unit: str, locale: str) -> str:
    """A number of the article in words. unit: EUR, year, or what is counted."""
    if value is None:
        return formatting.not_published(locale)
    if unit == "year":
        return str(int(value))
    return (
        formatting.euros(value, locale=locale) if unit == "EUR" else formatting.whole(Decimal(value), locale)
    )


def _dollars(row: Mapping[Any, Any], locale: str) -> str:
    """The dollars of a statement: as quoted, and at the dated rate; "" if it quotes none."""
    if row["usd_quoted"] is None:
        return ""
    return say(
        DOLLARS,
        locale,
        quoted=formatting.dollars(row["usd_quoted"], locale),
        at_rate=formatting.dollars(row["usd_at_ecb_rate"], locale),
        day=formatting.short_day(row["rate_on"], locale),
    )
