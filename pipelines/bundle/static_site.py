"""The main tables of a release, and the figures of the site as tables, as plain HTML pages that open without
a server and stay readable for decades.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as parquet

Row = dict[str, Any]

STYLE = (
    ":root{color-scheme:light dark}body{font:1rem/1.5 Arial,sans-serif;max-width:72rem;margin:2rem "
    "auto;padding:0 1rem}h1,h2{font-family:Georgia,serif;"
    "font-weight:600}table{border-collapse:collapse;width:100%;margin:1rem "
    "0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;"
    "border-bottom:1px solid "
    "#8888}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}div{overflow-x:auto}"
)


class Section(NamedTuple):
    """A table.

    columns: name in the rows → heading. numbers: columns whose texts are numbers. before, after: what stands
    over and under it.
    """

    title: str
    columns: list[tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]
    numbers: Sequence[str] = ()
    before: str = ""
    after: str = ""


class Page(NamedTuple):
    """One page: file, title, what it says of its rows, and its sections."""

    file: str
    title: str
    about: str
    sections: list[Section]


class Exhibit(NamedTuple):
    """A figure of the site as its page first shows it.

    page: title of its page. columns, numbers, rows: its table as readers see it, and which columns hold
    numbers. sql: what it asks.
    """

    name: str
    page: str
    title: str
    subtitle: str
    source: str
    columns: Sequence[str]
    numbers: Sequence[str]
    rows: Sequence[Mapping[str, str]]
    sql: Sequence[str]


def pages(
    folder: Path, release_id: str, manifest: Mapping[str, Any], exhibits: Sequence[Exhibit]
) -> dict[str, str]:
    """File → HTML. folder: the Parquet files of the release."""
    read = _Tables(folder)
    made = [
        _figures(exhibits),
        *(make(read) for make in (_ladders, _funders, _euros, _totals, _sites, _milestones, _sources)),
    ]
    links = "".join(f'<li><a href="{page.file}">{page.title}</a>: {escape(page.about)}</li>' for page in made)
    kept = sum(1 for broken in manifest["laws"].values() if not broken)
    index = (
        f"<p>Compiled on {escape(manifest['known_on'])}. {kept} of {len(manifest['laws'])} laws of money "
        f"hold. Data: CC BY 4.0. Independent, not an official "
        f"EU site.</p><p>Never add amounts of different stage or basis. “Not published” never means "
        f"zero.</p><ul>{links}</ul>"
    )
    return {
        "index.html": _html("Europe’s money for artificial intelligence", release_id, index),
        **{page.file: _html(page.title, release_id, _body(page)) for page in made},
    }


class _Tables:
    """The tables of a release by name; one that the release does not have is empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> list[Row]:
        path = self._folder / f"{name}.parquet"
        return parquet.read_table(path).to_pylist() if path.is_file() else []

    def labels(self, *names: str) -> dict[str, str]:
        """Code → label of some vocabularies."""
        return {row["code"]: row["label"] for name in names for row in self(name)}


def _figures(exhibits: Sequence[Exhibit]) -> Page:
    sections = [
        Section(
            f"{exhibit.page}: {exhibit.title}",
            [(name, name) for name in exhibit.columns],
            exhibit.rows,
            exhibit.numbers,
            exhibit.subtitle,
            f"Sources: {exhibit.source} What it asks: sql/figures/{exhibit.name}.sql",
        )
        for exhibit in exhibits
    ]
    return Page(
        "figures.html",
        "Figures",
        "Every figure of the site as its page first shows it, as a table.",
        sections,
    )


def _ladders(read: _Tables) -> Page:
    named, steps = (
        read.labels("programmes", "initiatives"),
        sorted(read("mart_ladder"), key=lambda row: (row["ladder"], row["position"])),
    )
    columns = [
        ("stage", "Stage"),
        ("label", "Step"),
        ("basis_label", "What the euros are"),
        ("amount_eur", "Euros"),
        ("note", "Note"),
    ]
    codes = dict.fromkeys(row["ladder"] for row in steps)
    sections = [
        Section(named.get(code, code), columns, [row for row in steps if row["ladder"] == code])
        for code in codes
    ]
    return Page(
        "ladders.html",
        "Funding ladders",
        "From announced to paid. Steps are compared, never added.",
        sections,
    )


def _funders(read: _Tables) -> Page:
    named = read.labels("funders")
    rows = [
        {**row, "funder": named[row["purse"]]}  # the name that this column has in releases of every version
        for row in sorted(read("mart_purses"), key=lambda row: row["position"])
    ]
    columns = [
        ("funder", "Who pays"),
        ("stage", "Stage"),
        ("basis_label", "What the euros are"),
        ("amount_eur", "Euros"),
        ("limits", "What it does not say"),
    ]
    return Page("purses.html", "Four funders", "Side by side, never added.", [Section("", columns, rows)])


def _euros(read: _Tables) -> Page:
    named = read.labels("programmes", "initiatives", "bases")
    columns = [
        ("programme", "Programme"),
        ("initiative", "Initiative"),
        ("gross_eur", "Gross, euros"),
        ("removed_eur", "Removed, euros"),
        ("net_eur", "Net, euros"),
        ("entries", "Entries"),
        ("entries_unknown", "Not published"),
    ]
    order = {row["code"]: row["position"] for row in read("stages")}
    rows = sorted(
        read("mart_euros"),
        key=lambda row: (
            row["view"] != "whole",
            order[row["stage"]],
            row["basis"],
            row["programme"],
            row["initiative"],
        ),
    )
    sections = []
    for view, stage, basis in dict.fromkeys((row["view"], row["stage"], row["basis"]) for row in rows):
        here = [row for row in rows if (row["view"], row["stage"], row["basis"]) == (view, stage, basis)]
        total = {
            name: sum((row[name] for row in here if row[name] is not None), Decimal(0))
            for name in ("gross_eur", "removed_eur", "net_eur")
        }
        counts = {name: sum(row[name] for row in here) for name in ("entries", "entries_unknown")}
        shown = [
            {
                **row,
                "programme": named.get(row["programme"], row["programme"]),
                "initiative": ""
                if row["initiative"] == "-"
                else named.get(row["initiative"], row["initiative"]),
            }
            for row in here
        ]
        title = (
            f"{'Whole envelopes' if view == 'whole' else 'All levels that may be added'}: {stage} · "
            f"{named[basis]}"
        )
        sections.append(
            Section(title, columns, [*shown, {"programme": "Together", "initiative": "", **total, **counts}])
        )
    return Page(
        "euros.html",
        "Euros, gross and net",
        "By programme and initiative. Net leaves out what another amount already contains.",
        sections,
    )


def _totals(read: _Tables) -> Page:
    columns = [
        ("title", "What the total is of"),
        ("stage", "Stage"),
        ("basis", "Basis"),
        ("stated_eur", "Stated, euros"),
        ("parts_eur", "Sum of the parts, euros"),
        ("gap_eur", "Declared gap, euros"),
        ("source_url", "Source"),
    ]
    return Page(
        "totals.html",
        "Stated totals",
        "Totals over several programmes beside the sum of their parts.",
        [Section("", columns, read("stated_totals"))],
    )


def _sites(read: _Tables) -> Page:
    named = read.labels("site_kinds", "site_statuses", "countries")
    kinds = {row["code"]: row["position"] for row in read("site_kinds")}
    rows = [
        {**row, **{name: named[row[name]] for name in ("kind", "status", "country")}}
        for row in sorted(read("sites"), key=lambda row: (kinds[row["kind"]], row["name"]))
    ]
    columns = [
        ("name", "Site"),
        ("kind", "Kind"),
        ("status", "Status"),
        ("city", "City"),
        ("country", "Country"),
        ("selected_on", "Selected"),
        ("operational_on", "In service"),
        ("expected_operational_on", "Promised for"),
        ("source_url", "Source"),
    ]
    return Page(
        "sites.html",
        "Sites",
        "AI factories, antennas, gigafactory bids, supercomputers and quantum computers.",
        [Section("", columns, rows)],
    )


def _milestones(read: _Tables) -> Page:
    named = read.labels("milestone_events")
    rows = [
        {**row, "event": named[row["event"]], "state": "planned" if row["is_planned"] else "happened"}
        for row in sorted(read("milestones"), key=lambda row: (row["dated_on"], row["milestone_id"]))
    ]
    columns = [
        ("dated_on", "First day"),
        ("dated_until", "Last day"),
        ("event", "Event"),
        ("title", "What"),
        ("state", "State"),
        ("source_url", "Source"),
    ]
    return Page(
        "milestones.html",
        "Milestones",
        "What happened and what is planned. A date known to the month or year is a period.",
        [Section("", columns, rows)],
    )


def _sources(read: _Tables) -> Page:
    columns = [
        ("title", "Source"),
        ("publisher", "Publisher"),
        ("url", "Address"),
        ("retrieved_on", "Read on"),
        ("licence", "Licence"),
        ("entries", "Entries"),
    ]
    return Page(
        "sources.html", "Sources", "Where the figures come from.", [Section("", columns, read("sources"))]
    )


def _body(page: Page) -> str:
    return _paragraph(page.about) + "".join(_section(section) for section in page.sections)


def _section(section: Section) -> str:
    title = f"<h2>{escape(section.title)}</h2>" if section.title else ""
    return title + _paragraph(section.before) + _table(section) + _paragraph(section.after)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _table(section: Section) -> str:
    right = {
        name
        for name, _label in section.columns
        if name in section.numbers or any(_is_number(row.get(name)) for row in section.rows)
    }
    head = "".join(f"<th{_class(name in right)}>{escape(label)}</th>" for name, label in section.columns)
    body = "".join(
        "<tr>"
        + "".join(_cell(name, row.get(name), name in right) for name, _label in section.columns)
        + "</tr>"
        for row in section.rows
    )
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _class(is_right: bool) -> str:
    return ' class="n"' if is_right else ""


def _cell(name: str, value: Any, is_right: bool) -> str:
    if value is None:
        text = "not published" if name.endswith("_eur") else ""
    elif _is_number(value):
        text = f"{value:,}"
    else:
        text = escape(str(value))
        text = f'<a href="{text}">{text}</a>' if text.startswith(("http://", "https://")) else text
    return f"<td{_class(is_right)}>{text}</td>"


def _html(title: str, release_id: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><main><p><a href="index.html">EU AI funding tracker</a>, '
        f"release {escape(release_id)}</p>"
        f"<h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
