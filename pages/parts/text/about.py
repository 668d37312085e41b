"""The words of the About page, and its tables. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.tables import table

VOCABULARIES = {
    "stages": "stages",
    "bases": "bases",
    "programmes": "programmes",
    "initiatives": "initiatives",
    "funders": "funders",
    "levels": "levels",
    "qualifiers": "qualifiers",
    "confidences": "how an amount came about",
    "source_tiers": "kinds of source",
    "ai_scopes": "readings of AI",
    "site_kinds": "kinds of site",
    "site_statuses": "status of a site",
    "milestone_events": "kinds of event",
    "indicators": "what countries are measured by",
}

ACCESSIBILITY = """The site is built to WCAG 2.2, level AA. Every figure has a text alternative and a table with the same numbers, colours are never the only
carrier, and everything can be reached with the keyboard. Known limits: labels of Streamlit’s own menus are in English only, and marks inside a chart
cannot be reached one by one with the keyboard; the table beside each chart holds them all."""

PRIVACY = """No page asks anything from another host. No usage statistics are collected, and no cookie is set but the one that protects forms."""


def headline(laws: pd.DataFrame) -> str:
    """A release is published only if every law holds; the headline counts them."""
    return f"All {formatting.number(len(laws))} laws of money hold in this release."


def laws_table(laws: pd.DataFrame) -> pd.DataFrame:
    """Number, law, rows that break it."""
    numbered = laws.assign(number=[name.split("_")[1].lstrip("0") for name in laws["law"]])
    return table(numbered, {"number": "No", "title": "Law", "breaking_rows": "Breaking rows"})


def tiers_subtitle(tiers: pd.DataFrame) -> str:
    """Share of figures that rest on law, institutions, hosts or governments, with its denominator."""
    total = int(tiers["entries"].sum())
    firm = int(
        tiers[tiers["tier_label"].isin(["EU law or institution", "host or government"])]["entries"].sum()
    )
    unknown = int(tiers["entries_unknown"].sum())
    share = formatting.percent(Decimal(firm), Decimal(total)) if total else "none"
    return f"{share} of {formatting.count(total, 'curated figure')} rest on EU law, institutions, hosts or governments; {unknown} have no published amount."


def tiers_table(tiers: pd.DataFrame) -> pd.DataFrame:
    """Kind of source, figures, share of all figures, those without amount."""
    total = Decimal(int(tiers["entries"].sum()))
    shared = tiers.assign(
        share=[formatting.percent(Decimal(int(entries)), total) for entries in tiers["entries"]]
    )
    return table(
        shared,
        {
            "tier_label": "Kind of source",
            "plain": "What it means",
            "entries": "Figures",
            "share": "Share",
            "entries_unknown": "Without amount",
        },
    )


def dossier_words(outcomes: Mapping[str, Any]) -> str:
    """What became of the rows of the research."""
    total = sum(outcomes.values())
    parts = [
        f"{number:,} {outcome.replace('-', ' ')}"
        for outcome, number in sorted(outcomes.items(), key=lambda pair: -pair[1])
    ]
    return f"Of {total:,} researched rows, {formatting.listed(parts)}. Merged and left-out rows keep their reason in a table under Data."


def article_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Statement, stated, found, dollars as quoted and at the dated rate, what came later."""
    shown = rows.assign(
        stated_words=[_said(row["stated"], row["unit"]) for row in rows.to_dict("records")],
        found_words=[_said(row["found"], row["unit"]) for row in rows.to_dict("records")],
        dollars=[_dollars(row) for row in rows.to_dict("records")],
    )
    columns = {
        "statement": "What it said",
        "stated_words": "Stated",
        "found_words": "Found",
        "dollars": "Dollars",
        "later": "What came later",
    }
    return table(shown, columns)


def _said(value: Any, unit: str) -> str:
    if value is None:
        return formatting.NOT_PUBLISHED
    return formatting.euros(value) if unit == "EUR" else f"{value:,.0f}" if unit != "year" else f"{value:.0f}"


def _dollars(row: Mapping[Any, Any]) -> str:
    if row["usd_quoted"] is None:
        return ""
    quoted, at_rate = (
        formatting.euros(row[name]).replace("€", "$") for name in ("usd_quoted", "usd_at_ecb_rate")
    )
    return f"{quoted} quoted; {at_rate} at the ECB rate of {formatting.short_day(row['rate_on'])}"
