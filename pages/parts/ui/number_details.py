"""Where a number comes from: the entries behind it, document, file and row, overlaps, rival figures, formula,
query, and a way to report an error.

`menu` lists the numbers that can be opened, `details` makes the words of a card, `show` draws it in a dialog.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st
from sqlalchemy import Select

from pages.parts.figure import Source, Value
from pages.parts.figure_request import FigureRequest
from pages.parts.sharing import citations, contact
from pages.parts.text import formatting
from pages.parts.ui import page_shell, widgets
from pipelines.queries import provenance
from pipelines.queries.release_data import ReleaseData, sql_of

SHOWN = 12  # entries that a card lists; more are counted
OPENED = 40  # documents that a card lists


def menu(
    label: str, said: Sequence[str], make: Callable[[], Sequence[Value]], asked: FigureRequest, key: str
) -> None:
    """A word that lists numbers; the one that is chosen opens its card. Nothing where there are none.

    said: each number as the list says it. make: gives the numbers in the same order. asked: the view that
        shows them.
    """
    if not said:
        return
    chosen = st.menu_button(
        label, range(len(said)), format_func=lambda place: said[place], type="tertiary", key=f"card_{key}"
    )
    if chosen is not None:
        show(make()[chosen], asked.answers, asked.permalink())


@st.dialog("Where this number comes from", width="medium", icon=":material/fact_check:")
def show(value: Value, answers: ReleaseData, link: str) -> None:
    """Draws the card. link: the permalink of the view that shows the number."""
    said = details(value, answers)
    widgets.amount(value.said, *said.kind)
    widgets.facts([*said.facts, ("Release", formatting.spelt(answers.release_id))])
    _ways(value, link, said, answers)


class Details(NamedTuple):
    """What a card says of a number: what it is (in bold, then quietly), its facts, its documents, and its
    queries with what each gives.
    """

    kind: tuple[str, str]
    facts: list[tuple[str, str]]
    sources: list[Source]
    queries: list[tuple[str, str]]


def details(value: Value, answers: ReleaseData) -> Details:
    """Everything that a card says, before it is drawn."""
    queries = [("The number", sql_of(value.number()))] if value.number else []
    if value.question is None:
        facts = [(name, text) for name, text in value.facts if text]
        return Details((value.label, ""), facts, distinct(value.sources), queries)
    question = value.question()
    rows = answers.read(provenance.entries(question)).to_dict("records")
    everything = value.known() if value.known else question
    known = answers.read(provenance.entries(everything)).to_dict("records") if value.known else []
    beside = [row for row in known if row["entry_id"] not in {row["entry_id"] for row in rows}]
    has_nested = len(rows) > 1 and not answers.read(provenance.nested(question)).empty
    queries.append(
        (
            "The entries behind it" if rows else "The entries that are known",
            sql_of(provenance.entries(question if rows else everything)),
        )
    )
    facts = [
        *_facts(value, rows, has_nested),
        *_beside(beside),
        *_around(question if rows else everything, everything, answers),
    ]
    return Details(
        _kind(value, rows), facts, distinct([*map(_document, [*rows, *beside]), *value.sources]), queries
    )


def distinct(sources: Sequence[Source]) -> list[Source]:
    """Each document once."""
    return list(
        {source.url: source for source in reversed(sources) if source.url.startswith("http")}.values()
    )[::-1]


def _document(row: dict[Any, Any]) -> Source:
    return Source("", f"{row['publisher']}{_dated(row)}", row["tier_label"], row["source_url"])


def _dated(row: dict[Any, Any]) -> str:
    return f", {formatting.moment(row['dated_on'], row['dated_precision'])}" if row["dated_on"] else ""


def _kind(value: Value, rows: list[dict[Any, Any]]) -> tuple[str, str]:
    """Stage and basis in bold, then prices and how the amounts came about."""
    amounts = f"{formatting.listed(_each(rows, 'prices_label'))}, {formatting.listed(_each(rows, 'confidence_label'))}"
    if not rows:
        return "No source gives this amount", "so that no entry stands behind it. It does not mean zero"
    return "; ".join(
        dict.fromkeys(map(_stage_basis, rows))
    ), f"{value.prices}, calculated; the entries: {amounts}" if value.prices else amounts


def _each(rows: list[dict[Any, Any]], column: str) -> list[str]:
    return list(dict.fromkeys(str(row[column]) for row in rows))


def _stage_basis(row: dict[Any, Any]) -> str:
    return f"{row['stage_label']} · {row['basis_label']}"


def _facts(value: Value, rows: list[dict[Any, Any]], has_nested: bool) -> list[tuple[str, str]]:
    found = [("What it counts", value.label), *((name, text) for name, text in value.facts if text)]
    if len(rows) == 1:
        row = rows[0]
        tier = str(row["tier_label"])
        found += [
            ("Entry", str(row["heading"])),
            ("Amount of the entry" if value.number else "In full", _in_full(row)),
            ("Source", f"{row['publisher']}{_dated(row)}. {tier[:1].upper()}{tier[1:]}."),
            ("Calculated as", row["formula"]),
            ("Must be known", row["note"]),
            ("Retrieved", _retrieved(row)),
            ("Came in", came_in(row)),
        ]
        return [(name, str(text)) for name, text in found if text]
    if not rows:
        return found
    found.append(("Entries", counted(rows, has_nested)))
    found += [_line(row, len(dict.fromkeys(map(_stage_basis, rows))) > 1) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        found.append(("And", f"{len(rows) - SHOWN:,} more; all are among the ledger entries under Download."))
    return [*found, ("Came in", "; ".join(dict.fromkeys(map(came_in, rows))))]


def _in_full(row: dict[Any, Any]) -> str:
    return (
        f"€{formatting.plain_euros(row['amount_eur'])} in {row['prices_label']}"
        if row["amount_eur"] is not None
        else ""
    )


def _line(row: dict[Any, Any], has_kind: bool) -> tuple[str, str]:
    """One entry among several."""
    kind = f" {_stage_basis(row)}." if has_kind else ""
    formula = f" Calculated: {row['formula']}." if row["formula"] else ""
    said = f"{row['heading']}.{kind} {row['publisher']}{_dated(row)} ({row['tier_label']}). {_retrieved(row)}.{formula}"
    return formatting.euros(row["amount_eur"], row["qualifier"]), said


def counted(rows: list[dict[Any, Any]], has_nested: bool) -> str:
    """How many entries there are, of which stage and basis, and their sum where they may be added: all of one
    stage, basis and prices, of a
    basis that is added at all, and none inside another (has_nested).
    """
    kinds = Counter(map(_stage_basis, rows))
    parts = [f"{number:,} {kind}" for kind, number in kinds.items()]
    unknown = sum(row["amount_eur"] is None for row in rows)
    said = f"{len(rows):,}{f': {formatting.listed(parts)}' if len(parts) > 1 else f', all {next(iter(kinds))}'}; {unknown or 'none'} without amount."
    known = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
    if len(parts) > 1:
        return f"{said} They differ in stage or basis, so they are not added."
    if has_nested:
        return f"{said} Some of them contain others, so that a plain sum would count euros twice."
    if len(_each(rows, "price_basis")) > 1 or not all(row["basis_is_summable"] for row in rows):
        return f"{said} They are not added."
    return (
        f"{said} They add up to €{formatting.plain_euros(sum(known, Decimal(0)))} in {rows[0]['prices_label']}."
        if len(known) > 1
        else said
    )


def _beside(rows: list[dict[Any, Any]]) -> list[tuple[str, str]]:
    """What else is known of the same thing; listed and never added."""
    if not rows:
        return []
    said = f"{formatting.count(len(rows), 'entry', 'entries')}, listed here and not added:"
    more = (
        [("And", f"{len(rows) - SHOWN:,} more; all are among the ledger entries under Download.")]
        if len(rows) > SHOWN
        else []
    )
    return [("Also known", said), *(_line(row, True) for row in rows[:SHOWN]), *more]


def _retrieved(row: dict[Any, Any]) -> str:
    when = f"{formatting.day(row['retrieved_on'])}, " if row["retrieved_on"] else ""
    return (
        f"{when}{row['source_file']} row {row['source_row']}, sha256 {row['sha256'][:4]}…{row['sha256'][-2:]}"
    )


def came_in(row: dict[Any, Any]) -> str:
    """Whether it was uploaded, and who approved that."""
    if not row["approved_on"] and str(row["source_id"]).startswith("upload-"):
        return f"as the upload {row['origin']}, {formatting.day(row['retrieved_on'])}; this release does not record who approved it"
    if not row["approved_on"]:
        return "with the sources that the tracker is built from, not as an upload"
    return f"as the upload {row['origin']}, {formatting.day(row['retrieved_on'])}, approved on {formatting.day(row['approved_on'])} by {row['approved_by']}"


def _around(question: Select[Any], everything: Select[Any], answers: ReleaseData) -> list[tuple[str, str]]:
    """What is inside the entries and what they are inside of, then who says otherwise of everything that is
    known.
    """
    overlaps = answers.read(provenance.overlaps(question)).to_dict("records")
    inside = [row for row in overlaps if row["is_inside"]]
    around = [row for row in overlaps if not row["is_inside"]]
    found = []
    if inside:
        found.append(("Inside it", f"{_named(inside)}: not added again."))
    if around:
        reasons = " ".join(dict.fromkeys(str(row["reason"]) for row in around))
        found.append(
            (
                "Inside of",
                f"{_named(around)}: never added to {'it' if len(around) == 1 else 'them'}. {reasons}",
            )
        )
    found += [
        ("Who says otherwise", f"{row['publisher']}: {row['said']} {row['resolution']}")
        for row in answers.read(provenance.claims(everything)).to_dict("records")
    ]
    return found


def _named(rows: list[dict[Any, Any]]) -> str:
    named = list(
        dict.fromkeys(
            f"{row['heading']} ({formatting.euros(row['amount_eur'], row['qualifier'])})" for row in rows
        )
    )
    return formatting.listed([*named[:6], f"{len(named) - 6} more"] if len(named) > 6 else named)


def _ways(value: Value, link: str, said: Details, answers: ReleaseData) -> None:
    """Open the sources, cite, see the queries, report an error."""
    with st.container(horizontal=True, gap="small"):
        if len(said.sources) == 1:
            st.link_button("Open source", said.sources[0].url, icon=":material/open_in_new:")
        elif said.sources:
            with st.popover("Open sources", icon=":material/open_in_new:"):
                widgets.sources_list(said.sources[:OPENED])
                if len(said.sources) > OPENED:
                    page_shell.line(
                        f"{len(said.sources) - OPENED:,} more documents; all are among the ledger entries under Download."
                    )
        with st.popover("Copy citation", icon=":material/format_quote:"):
            st.code(
                citations.citation(f"{value.label}: {value.said}", answers.release_id, link),
                language=None,
                wrap_lines=True,
            )
        if said.queries:
            with st.popover("Show query", icon=":material/code:", type="tertiary"):
                for gives, sql in said.queries:
                    if len(said.queries) > 1:
                        page_shell.line("", gives)
                    st.code(sql, language="sql", wrap_lines=True)
        with st.popover("Report an error", icon=":material/flag:", type="tertiary"):
            _report(value, report(value, link, answers.release_id))


def _report(value: Value, begun: str) -> None:
    """The beginning of a message, and where to send it."""
    if contact.address():
        page_shell.line(f"{contact.words()} Send these lines and what you found instead.")
        where = contact.link(f"A number looks wrong: {value.label}", begun)
        label = "Write a mail" if where.startswith("mailto:") else "Open the page for corrections"
        st.link_button(
            label, where, icon=":material/mail:" if where.startswith("mailto:") else ":material/open_in_new:"
        )
    else:
        page_shell.line(f"{contact.words()} These lines say which number is meant, for whoever runs it.")
    st.code(begun, language=None, wrap_lines=True)


def report(value: Value, link: str, release_id: str) -> str:
    """The beginning of a message about a number that is wrong."""
    return (
        f"A number looks wrong: {value.label}: {value.said}\nWhere: {link}\nRelease: {release_id}\n"
        "What I found instead, and in which document:\n"
    )
