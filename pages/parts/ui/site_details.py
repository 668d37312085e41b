"""The page of one site: euros by funder and stage, promise and fact, who, and what others say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts.figure_model import Item, Source
from pages.parts.promise_delays import state_of_plan
from pages.parts.text import formatting
from pages.parts.text import site_page as page_text
from pages.parts.text import site_payers as payer_text
from pages.parts.text import sites as site_words
from pages.parts.text import timeline as timeline_words
from pages.parts.text import ui as text
from pages.parts.text.translation import Message, say
from pages.parts.text.where_we_looked import Search, no_payment
from pages.parts.ui import components, page_shell
from pages.parts.ui.figure_page import FigurePage
from pages.parts.views import searched_sources, site_page, timeline
from pipelines import frame_rows
from pipelines.queries import sites as site_questions
from pipelines.queries.release_answers import ReleaseData


def list_numbers() -> list[str]:
    """The titles of its columns that hold numbers."""
    return [say(site_words.LIST_COLUMNS["millions"])]


def show(page: FigurePage) -> None:
    """Draws the page of the site that is chosen."""
    answers, site_id = page.answers, page.values["site"][0]
    rows = answers.read(site_questions.sites)
    site = frame_rows.records(rows[rows["site_id"] == site_id])[0]
    euros, claims = (
        answers.read(question, site_id) for question in (site_questions.euros, site_questions.claims)
    )
    machines = tuple(answers.read(site_questions.site_and_inside, site_id)["site_id"])
    events = answers.read(*timeline.every_date(answers, machines))
    until = searched_sources.search(answers).until
    inside = answers.read(site_questions.inside, site_id)
    words = page.words(site_page.words)
    page_shell.back(say(page_text.ALL_SITES), page_shell.way("sites"))
    is_placed = not (formatting.is_missing(site["lat"]) or formatting.is_missing(site["lon"]))
    place = "" if is_placed else say(page_text.NO_PLACE)
    page_shell.headline(
        _title(site, answers.today, until), formatting.paragraph(_sentence(_subtitle(site)), place)
    )
    left, middle, right = st.columns(3, gap="medium")
    with left:
        page_shell.section(say(text.EUROS))
        components.facts([(_heading(row), _amount(row)) for row in frame_rows.records(euros)])
        page_shell.line(
            " ".join(_limits(site, euros, list(inside["name"]), searched_sources.search(answers)))
        )
    with middle:
        page_shell.section(say(text.PROMISE_AND_FACT))
        dates = [_event(row, answers.today, until) for row in frame_rows.records(events)]
        components.items(dates or [Item("", say(text.NO_MILESTONE))])
    with right:
        page_shell.section(say(text.WHO))
        components.facts([*_who(site, answers.labels("countries")), *_host_states(answers, site_id)])
        label = str(site["country_label"])
        country = page_shell.way("countries", country=site["country"])
        page_shell.lead_on(say(page_text.COUNTRY, country=label), country)
    if words.linked_ids:
        page_shell.section(say(page_text.LINKED))
        ways = [page_shell.way("sites", site=linked) for linked in words.linked_ids]
        components.link_table(words.linked, ways, alt=say(page_text.LINKED))
    page_shell.gap()
    name = str(site["name"])
    if page.figure("site_payers") is None:
        page_shell.empty(say(page_text.NO_EURO, name=name), say(page_text.NO_EURO_WHY), [], "site_payers")
    if words.amounts.num_rows:
        page_shell.section(say(payer_text.AMOUNTS), say(payer_text.AMOUNTS_WHY))
        amount = [say(payer_text.AMOUNT_COLUMNS["amount"])]
        nowhere = [""] * words.amounts.num_rows
        components.link_table(words.amounts, nowhere, alt=say(payer_text.AMOUNTS), numbers=amount)
    if page.figure("site_promises", has_gap=True) is None:
        page_shell.line(say(page_text.NO_PROMISE, name=name))
    if len(claims):
        page_shell.section(say(text.DISAGREE))
        components.items(
            [
                Item(
                    row["publisher"],
                    say(text.CLAIM_RESOLVED, claim=row["said"], resolution=row["resolution"]),
                )
                for row in frame_rows.records(claims)
            ]
        )
    page_shell.section(say(text.SOURCES))
    components.sources_list(_sources(site, euros))
    if site["note"]:
        page_shell.line(site["note"])


def _sentence(words: str) -> str:
    """A line as a sentence of its own."""
    return formatting.sentence(words if words.endswith(".") else f"{words}.")


def _subtitle(site: dict[str, Any]) -> str:
    """Kind, place, wave and status of a site in one line."""
    fields = {
        "kind": site["kind_label"],
        "place": ", ".join(part for part in (site["city"], site["country_label"]) if part),
        "status": say(text.OPEN_SINCE, when=_when(site, "operational"))
        if site["is_open"]
        else site["status_label"],
    }
    if site["wave"]:
        return say(text.SITE_LINE_WAVE, wave=str(site["wave"]), **fields)
    return say(text.SITE_LINE, **fields)


def _limits(site: dict[str, Any], euros: pd.DataFrame, inside: list[str], search: Search) -> list[str]:
    """What a reader must know before adding the euros of a site. inside: the sites whose money is in them.

    search: how far the release looked for payments.
    """
    limits = [] if "paid" in set(euros["stage"]) else [no_payment(site["name"], search)]
    if euros["is_inside"].any():
        limits.append(say(text.ALREADY_INCLUDED))
    if inside:
        limits.append(say(text.INCLUDES_SITES, sites=inside))
    if site["part_of"]:
        limits.append(say(text.INSIDE_ANOTHER))
    if formulas := sorted({str(row) for row in euros[euros["confidence"] == "calculated"]["formula"]}):
        limits.append(say(text.OUR_CALCULATION, formulas="; ".join(formulas)))
    return limits


def _event(row: dict[Any, Any], today: date, until: date | None) -> Item:
    """One line of promise and fact."""
    when = formatting.moment(row["dated_on"], row["date_precision"])
    state = timeline_words.state(row, today, until)
    said = when if state == "happened" else say(text.EVENT_STATES[state], when=when)
    return Item(said, row["title"], is_due=state == "due")


def _title(site: dict[str, Any], today: date, until: date | None) -> str:
    if site["is_open"]:
        return say(text.SITE_OPEN, name=site["name"], when=_when(site, "operational"))
    fields = {"name": site["name"], "status": site["status_label"]}
    if not site["expected_operational_on"]:
        return say(text.SITE_STATUS, **fields)
    has_passed = state_of_plan(site["expected_operational_until"], today, until) == "due"
    when = _when(site, "expected_operational")
    return say(text.SITE_DUE_PASSED if has_passed else text.SITE_DUE, when=when, **fields)


def _when(site: dict[str, Any], name: str) -> str:
    return formatting.moment(site[f"{name}_on"], site[f"{name}_precision"])


def _heading(row: dict[Any, Any]) -> str:
    """What the entry is called, without the name of the site before it, and its stage."""
    heading = str(row["heading"]).split(": ", 1)[-1]
    if row["is_inside"]:
        return say(text.OF_WHICH_STAGE, heading=heading, stage=row["stage_label"])
    return say(text.AMOUNT_STAGE, heading=formatting.sentence(heading), stage=row["stage_label"])


def _millions(amount: Decimal | None, qualifier: str | None) -> str:
    """A total for the short list: "430", "up to 5,000", "not published"."""
    if amount is None:
        return formatting.not_published()
    return formatting.bare_millions(amount, qualifier or "exact")


def _who(site: dict[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Who hosts a site, and with which machine. labels: code → name of the countries."""
    if site["selected_on"]:
        selected = _when(site, "selected")
    else:
        selected = say(text.NOT_SELECTED if site["status"] == "announced" else text.NO_DATE_FOUND)
    unknown = formatting.not_published()
    codes = [code.strip() for code in (site["participating_countries"] or site["country"]).split(";")]
    return [
        (say(text.HOST), site["host_entity"] or unknown),
        (say(text.COUNTRIES), formatting.listed([labels.get(code, code) for code in codes])),
        (say(text.SELECTED), selected),
        (say(text.MACHINE), site["system_name"] or unknown),
        (say(text.ACCELERATORS), site["accelerators"] or unknown),
        (say(text.SPEED), _measured(site["peak_pflops"], text.PETAFLOPS)),
        (say(text.POWER), _measured(site["power_mw"], text.MEGAWATTS)),
    ]


def _host_states(answers: ReleaseData, site_id: str) -> list[tuple[str, str]]:
    """Of a gigafactory bid: which of its states signed for the call, and which did not; else nothing."""
    rows = frame_rows.records(answers.read(site_questions.host_states, site_id))
    signed, others = (
        formatting.listed([row["country_label"] for row in rows if bool(row["has_signed"]) is wanted], "and")
        for wanted in (True, False)
    )
    if not rows:
        return []
    if signed and others:
        return [(say(text.IN_THE_CALL), say(text.SOME_SIGNED, signed=signed, others=others))]
    words = say(text.ALL_SIGNED, signed=signed) if signed else say(text.NONE_SIGNED, others=others)
    return [(say(text.IN_THE_CALL), words)]


def _amount(row: dict[Any, Any]) -> str:
    """The amount of an entry; where its source says that there is none, so, with the date."""
    if row["qualifier"] == formatting.NONE:
        return formatting.denied(row["dated_on"])
    return formatting.euros(row["amount_eur"], row["qualifier"])


def _measured(value: Any, unit: Message) -> str:
    """A measure of a machine with its unit. value: None if no source gives it."""
    if not value:
        return formatting.not_published()
    return say(unit, number=formatting.exact(Decimal(str(value))))


def _sources(site: dict[str, Any], euros: pd.DataFrame) -> list[Source]:
    sources = {
        row["source_url"]: Source("", row["publisher"], row["tier_label"], row["source_url"])
        for row in frame_rows.records(euros)
    }
    sources.setdefault(site["source_url"], Source("", say(text.ABOUT_THE_SITE), "", site["source_url"]))
    return list(sources.values())
