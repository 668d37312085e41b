"""The card of one site: euros by funder and stage, promise and fact, who, and what others say.

Also its line in the list of sites.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.figure import Item, Source
from pages.parts.text import formatting
from pages.parts.text.tables import table
from pages.parts.ui import page_shell, widgets
from pipelines.queries import sites as ask
from pipelines.queries.release_data import ReleaseData

WIDTHS = {"Site": 165, "in": 38, "Status": 100, "€ M": 95}


def site_list(rows: pd.DataFrame) -> pd.DataFrame:
    """The short list beside the map."""
    total = [_millions(row.total_eur, row.total_qualifier) for row in rows.itertuples()]
    return pd.DataFrame(
        {"Site": rows["name"], "in": rows["country"], "Status": rows["status_label"], "€ M": total},
        dtype="string",
    )


def site_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The table twin of the map."""
    columns = {
        "name": "Site",
        "kind_label": "Kind",
        "city": "City",
        "country_label": "Country",
        "status_label": "Status",
        "host_entity": "Host",
        "total_eur": "Total, euros",
        "total_stage": "Stage of the total",
    }
    return table(rows, columns, euros=("total_eur",))


def places(rows: pd.DataFrame) -> str:
    """The sites of the map by country, for those who cannot see it: "Italy: IT4LIA (AI factory, open); Pharos
    ….".
    """
    return " ".join(
        f"{country}: {'; '.join(f'{row.name} ({row.kind_label}, {row.status_label})' for row in own.itertuples(index=False))}."
        for country, own in rows.sort_values("country_label", kind="stable").groupby("country_label")
    )


def show(answers: ReleaseData, site_id: str) -> None:
    """Draws the card of a site."""
    rows = answers.read(ask.sites)
    site = rows[rows["site_id"] == site_id].to_dict("records")[0]
    today, euros, events, claims, inside = (
        answers.known_on,
        answers.read(ask.euros, site_id),
        answers.read(ask.site_milestones, site_id),
        answers.read(ask.claims, site_id),
        answers.read(ask.inside, site_id),
    )
    place = ", ".join(part for part in (site["city"], site["country_label"]) if part)
    since = f"open since {_when(site, 'operational')}" if site["is_open"] else site["status_label"]
    page_shell.line(f"{site['kind_label']} · {place}{' · ' + site['wave'] if site['wave'] else ''} · {since}")
    page_shell.section(_title(site, today))
    left, middle, right = st.columns(3, gap="medium")
    with left:
        page_shell.section("Euros", level=3)
        widgets.facts(
            [
                (_what(row), formatting.euros(row["amount_eur"], row["qualifier"]))
                for row in euros.to_dict("records")
            ]
        )
        paid = "paid" in set(euros["stage"])
        limits = [] if paid else ["No payment figure is published."]
        if euros["is_inside"].any():
            limits.append("Of which: inside a figure above, do not add.")
        if len(inside):
            limits.append(f"Holds the money of {formatting.listed(list(inside['name']))}.")
        if site["part_of"]:
            limits.append("Its money is inside another site’s total: do not add.")
        calculated = sorted({str(row) for row in euros[euros["confidence"] == "calculated"]["formula"]})
        if calculated:
            limits.append(f"Own arithmetic: {'; '.join(calculated)}.")
        page_shell.line(" ".join(limits))
    with middle:
        page_shell.section("Promise and fact", level=3)
        widgets.items(
            [
                Item(
                    ("planned, " if row["is_planned"] else "")
                    + formatting.moment(row["dated_on"], row["date_precision"]),
                    row["title"],
                    is_due=bool(row["is_planned"]) and row["dated_until"] < today,
                )
                for row in events.to_dict("records")
            ]
            or [Item("", "No milestone is known.")]
        )
    with right:
        page_shell.section("Who", level=3)
        widgets.facts(_who(site))
    if len(claims):
        page_shell.section("Who else says what", level=3)
        widgets.items(
            [
                Item(row["publisher"], f"{row['said']} {row['resolution']}")
                for row in claims.to_dict("records")
            ]
        )
    page_shell.section("Sources", level=3)
    widgets.sources_list(_sources(site, euros))
    if site["note"]:
        page_shell.line(site["note"])


def _title(site: dict[str, Any], today: date) -> str:
    if site["is_open"]:
        return f"{site['name']}: open since {_when(site, 'operational')}"
    if site["expected_operational_on"]:
        passed = ", not confirmed" if site["expected_operational_until"] < today else ""
        return f"{site['name']}: {site['status_label']}, due {_when(site, 'expected_operational')}{passed}"
    return f"{site['name']}: {site['status_label']}"


def _when(site: dict[str, Any], name: str) -> str:
    return formatting.moment(site[f"{name}_on"], site[f"{name}_precision"])


def _what(row: dict[str, Any]) -> str:
    """What the entry is called, without the name of the site before it, and its stage."""
    heading = str(row["heading"]).split(": ", 1)[-1]
    return f"{'Of which: ' + heading if row['is_inside'] else heading[:1].upper() + heading[1:]}, {row['stage_label']}"


def _millions(amount: Decimal | None, qualifier: str | None) -> str:
    """A total for the short list: "430", "up to 5,000", "not published"."""
    if amount is None:
        return formatting.NOT_PUBLISHED
    return formatting.bare_millions(amount, qualifier or "exact")


def _who(site: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Host", site["host_entity"] or formatting.NOT_PUBLISHED),
        ("Countries", (site["participating_countries"] or site["country"]).replace(";", ", ")),
        (
            "Selected",
            _when(site, "selected")
            if site["selected_on"]
            else "not selected"
            if site["status"] == "announced"
            else "date not found",
        ),
        ("Machine", site["system_name"] or formatting.NOT_PUBLISHED),
        ("Accelerators", site["accelerators"] or formatting.NOT_PUBLISHED),
        (
            "Peak speed",
            f"{site['peak_pflops']:,g}{formatting.NBSP}petaflops"
            if site["peak_pflops"]
            else formatting.NOT_PUBLISHED,
        ),
        (
            "Power",
            f"{site['power_mw']:,g}{formatting.NBSP}MW" if site["power_mw"] else formatting.NOT_PUBLISHED,
        ),
    ]


def _sources(site: dict[str, Any], euros: pd.DataFrame) -> list[Source]:
    found = {
        row["source_url"]: Source("", row["publisher"], row["tier_label"], row["source_url"])
        for row in euros.to_dict("records")
    }
    found.setdefault(site["source_url"], Source("", "about the site", "", site["source_url"]))
    return list(found.values())
