"""Where a number comes from: the entries behind it, document, file and row, overlaps, rival figures, formula, query, and a way to report an error.

`values` says what can be opened, `menu` lists it, `show` draws the card in a dialog.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st
from sqlalchemy import Select

from pages.parts import anatomy, frame, share, words
from pages.parts.answers import Answers, sql_of
from pages.parts.figure import Figure, Value
from pages.parts.queries import behind

SHOWN = 12  # entries that a card lists; more are counted


def values(figure: Figure) -> list[Value]:
    """The numbers of a figure. Where it names none, its table is taken row by row."""
    if figure.values:
        return list(figure.values)
    found = []
    first, *others = figure.table.columns
    said = figure.numbers[0] if figure.numbers else others[-1] if others else first
    urls = list(figure.rows["source_url"]) if "source_url" in figure.rows and len(figure.rows) == len(figure.table) else []
    for place, cells in enumerate(figure.table.astype("string").fillna("").to_dict("records")):
        facts = tuple((str(name), str(value)) for name, value in cells.items() if value and name not in (first, said))
        found.append(Value(str(cells[first]), str(cells[said]), None, facts, str(urls[place]) if urls else ""))
    return found


def menu(label: str, found: Sequence[Value], answers: Answers, link: str, key: str) -> None:
    """A word that lists the numbers; the one that is chosen opens its card."""
    named = [f"{value.label}: {value.said}" for value in found]
    chosen = st.menu_button(label, range(len(found)), format_func=lambda place: named[place], type="tertiary", key=f"card_{key}")
    if chosen is not None:
        show(found[chosen], answers, link)


@st.dialog("Where this number comes from", width="medium", icon=":material/fact_check:")
def show(value: Value, answers: Answers, link: str) -> None:
    """Draws the card. link: the permalink of the view that shows the number."""
    if value.question is None:
        anatomy.amount(value.said, value.label, "")
        anatomy.facts([*((name, text) for name, text in value.facts if text), ("Release", words.spelt(answers.release_id))])
        _ways(value, link, value.url, "", answers)
        return
    question = value.question()
    rows = answers.read(behind.entries(question)).to_dict("records")
    anatomy.amount(value.said, *_kind(rows))
    anatomy.facts([*_facts(value, rows), *_around(question, answers), ("Release", words.spelt(answers.release_id))])
    _ways(value, link, rows[0]["source_url"] if rows else "", sql_of(behind.entries(question)), answers)


def _kind(rows: list[dict[Any, Any]]) -> tuple[str, str]:
    """Stage and basis in bold, then prices and how the amounts came about."""
    kinds = list(dict.fromkeys(f"{row['stage_label']} · {row['basis_label']}" for row in rows))
    prices = list(dict.fromkeys(str(row["prices_label"]) for row in rows))
    confidences = list(dict.fromkeys(str(row["confidence_label"]) for row in rows))
    if not rows:
        return "No source gives an amount", "so that no entry stands behind it. It does not mean zero"
    return "; ".join(kinds), f"{words.listed(prices)}, {words.listed(confidences)}"


def _facts(value: Value, rows: list[dict[Any, Any]]) -> list[tuple[str, str]]:
    found = [("What it counts", value.label), *value.facts]
    if len(rows) == 1:
        row = rows[0]
        dated = f", {words.moment(row['dated_on'], row['dated_precision'])}" if row["dated_on"] else ""
        found += [
            ("Entry", str(row["heading"])),
            ("In full", f"€{words.plain_euros(row['amount_eur'])}" if row["amount_eur"] is not None else ""),
            ("Source", f"{row['publisher']}{dated}. {str(row['tier_label'])[:1].upper()}{str(row['tier_label'])[1:]}."),
            ("Calculated as", row["formula"]),
            ("Must be known", row["note"]),
            ("Retrieved", _retrieved(row)),
            ("Came in", came_in(row)),
        ]
        return [(name, str(text)) for name, text in found if text]
    if not rows:
        return found
    unknown = sum(row["amount_eur"] is None for row in rows)
    known = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
    found.append(("Entries", f"{len(rows)}, {unknown} without amount. {_sum(known)}"))
    for row in rows[:SHOWN]:
        dated = f", {words.moment(row['dated_on'], row['dated_precision'])}" if row["dated_on"] else ""
        formula = f" Calculated: {row['formula']}." if row["formula"] else ""
        found.append(
            (
                words.euros(row["amount_eur"], row["qualifier"]),
                f"{row['heading']}. {row['publisher']}{dated} ({row['tier_label']}). {_retrieved(row)}.{formula}",
            )
        )
    if len(rows) > SHOWN:
        found.append(("And", f"{len(rows) - SHOWN:,} more; all are among the ledger entries under Download."))
    return [*found, ("Came in", "; ".join(dict.fromkeys(map(came_in, rows))))]


def _sum(known: list[Decimal]) -> str:
    return f"They add up to €{words.plain_euros(sum(known, Decimal(0)))}." if len(known) > 1 else ""


def _retrieved(row: dict[Any, Any]) -> str:
    when = f"{words.day(row['retrieved_on'])}, " if row["retrieved_on"] else ""
    return f"{when}{row['source_file']} row {row['source_row']}, sha256 {row['sha256'][:4]}…{row['sha256'][-2:]}"


def came_in(row: dict[Any, Any]) -> str:
    """Whether it was uploaded, and who approved that."""
    if not row["approved_on"]:
        return "with the sources that the tracker is built from, not as an upload"
    return f"as the upload {row['origin']}, {words.day(row['retrieved_on'])}, approved on {words.day(row['approved_on'])} by {row['approved_by']}"


def _around(question: Select[Any], answers: Answers) -> list[tuple[str, str]]:
    """What is inside the entries and what they are inside of, then who says otherwise."""
    overlaps = answers.read(behind.overlaps(question)).to_dict("records")
    inside = [row for row in overlaps if row["is_inside"]]
    around = [row for row in overlaps if not row["is_inside"]]
    found = []
    if inside:
        found.append(("Inside it", f"{_named(inside)}: not added again."))
    if around:
        reasons = " ".join(dict.fromkeys(str(row["reason"]) for row in around))
        found.append(("Inside of", f"{_named(around)}: never added to {'it' if len(around) == 1 else 'them'}. {reasons}"))
    found += [
        ("Who says otherwise", f"{row['publisher']}: {row['said']} {row['resolution']}")
        for row in answers.read(behind.claims(question)).to_dict("records")
    ]
    return found


def _named(rows: list[dict[Any, Any]]) -> str:
    named = list(dict.fromkeys(f"{row['heading']} ({words.euros(row['amount_eur'], row['qualifier'])})" for row in rows))
    return words.listed([*named[:6], f"{len(named) - 6} more"] if len(named) > 6 else named)


def _ways(value: Value, link: str, url: str, sql: str, answers: Answers) -> None:
    """Open the source, cite, see the query, report an error."""
    with st.container(horizontal=True, gap="small"):
        if url.startswith("http"):
            st.link_button("Open source", url, icon=":material/open_in_new:")
        with st.popover("Copy citation", icon=":material/format_quote:"):
            st.code(share.citation(f"{value.label}: {value.said}", answers.release_id, link), language=None, wrap_lines=True)
        if sql:
            with st.popover("Show query", icon=":material/code:", type="tertiary"):
                st.code(sql, language="sql", wrap_lines=True)
        with st.popover("Report an error", icon=":material/flag:", type="tertiary"):
            frame.line("Send us these lines and what you found instead; the address that takes corrections stands under About.")
            st.code(report(value, link, answers.release_id), language=None, wrap_lines=True)


def report(value: Value, link: str, release_id: str) -> str:
    """The beginning of a message about a number that is wrong."""
    return (
        f"A number looks wrong: {value.label}: {value.said}\nWhere: {link}\nRelease: {release_id}\n"
        "What I found instead, and in which document:\n"
    )
