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

from pages.parts.figure_model import Source, Value
from pages.parts.figure_request import FigureRequest
from pages.parts.sharing import citations, contact
from pages.parts.text import formatting
from pages.parts.text import ui as text
from pages.parts.text.translation import say
from pages.parts.text.where_we_looked import two_dates
from pages.parts.ui import components, page_shell
from pipelines import frame_rows
from pipelines.queries import provenance
from pipelines.queries.release_answers import ReleaseData, sql_of

SHOWN = 12  # entries that a card lists; more are counted
OPENED = 40  # documents that a card lists
NAMED = 6  # entries that one line names; more are counted

Row = dict[Any, Any]


def menu(
    label: str,
    lines: Sequence[str],
    make: Callable[[], Sequence[Value]],
    request: FigureRequest,
    key: str,
) -> None:
    """A word that lists numbers; the one that is chosen opens its card. Nothing where there are none.

    lines: each number as the list says it. make: gives the numbers in the same order. request: the view that
        shows them.
    """
    if not lines:
        return
    chosen = st.menu_button(
        label, range(len(lines)), format_func=lambda index: lines[index], type="tertiary", key=f"card_{key}"
    )
    if chosen is not None:
        show(make()[chosen], request.answers, request.permalink())


@st.dialog(say(text.WHERE_FROM), width="medium", icon=":material/fact_check:")
def show(value: Value, answers: ReleaseData, link: str) -> None:
    """Opens the card. link: the permalink of the view that shows the number."""
    draw(value, answers, link)


def draw(value: Value, answers: ReleaseData, link: str) -> None:
    """Draws what the card says where it stands. link: as for `show`."""
    card = details(value, answers)
    components.amount(value.said, *card.kind)
    release = say(
        text.RELEASE_DATES,
        release=formatting.spelt(answers.release_id),
        dates=two_dates(answers.newest_source, answers.known_on),
    )
    components.facts([*card.facts, (say(text.RELEASE_NAME), release)])
    _ways(value, link, card, answers)


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
    queries = [(say(text.THE_NUMBER), sql_of(value.number()))] if value.number else []
    if value.question is None:
        facts = [(name, fact) for name, fact in value.facts if fact]
        return Details((value.label, ""), facts, distinct(value.sources), queries)
    question = value.question()
    rows = frame_rows.records(answers.read(provenance.entries(question)))
    everything = value.known() if value.known else question
    all_rows = frame_rows.records(answers.read(provenance.entries(everything))) if value.known else []
    entry_ids = {row["entry_id"] for row in rows}
    beside = [row for row in all_rows if row["entry_id"] not in entry_ids]
    has_nested = len(rows) > 1 and not answers.read(provenance.nested(question)).empty
    queries.append(
        (
            say(text.ENTRIES_BEHIND if rows else text.ENTRIES_KNOWN),
            sql_of(provenance.entries(question if rows else everything)),
        )
    )
    facts = [
        *_facts(value, rows, has_nested),
        *_beside(beside),
        *_around(question if rows else everything, everything, answers),
    ]
    return Details(
        _kind(value, rows), facts, distinct([*map(_source, [*rows, *beside]), *value.sources]), queries
    )


def distinct(sources: Sequence[Source]) -> list[Source]:
    """Each document once."""
    return list(
        {source.url: source for source in reversed(sources) if source.url.startswith("http")}.values()
    )[::-1]


def _source(row: Row) -> Source:
    return Source("", _document(row), row["tier_label"], row["source_url"])


def _document(row: Row) -> str:
    """Who published a document, and when."""
    if not row["dated_on"]:
        return str(row["publisher"])
    when = formatting.moment(row["dated_on"], row["dated_precision"])
    return say(text.PUBLISHED, publisher=row["publisher"], when=when)


def _kind(value: Value, rows: list[Row]) -> tuple[str, str]:
    """Stage and basis in bold, then prices and how the amounts came about."""
    if not rows:
        return say(text.NO_SOURCE), say(text.NO_SOURCE_WHY)
    prices = formatting.listed(_each(rows, "prices_label"))
    origins = formatting.listed(_each(rows, "confidence_label"))
    kinds = "; ".join(dict.fromkeys(map(_stage_basis, rows)))
    if value.prices:
        return kinds, say(text.KIND_CALCULATED, own=value.prices, prices=prices, origins=origins)
    return kinds, say(text.KIND_OF_AMOUNTS, prices=prices, origins=origins)


def _each(rows: list[Row], column: str) -> list[str]:
    return list(dict.fromkeys(str(row[column]) for row in rows))


def _stage_basis(row: Row) -> str:
    return say(text.STAGE_BASIS, stage=row["stage_label"], basis=row["basis_label"])


def _facts(value: Value, rows: list[Row], has_nested: bool) -> list[tuple[str, str]]:
    facts = [(say(text.WHAT_IT_COUNTS), value.label), *(pair for pair in value.facts if pair[1])]
    if len(rows) == 1:
        row = rows[0]
        tier = formatting.sentence(str(row["tier_label"]))
        facts += [
            (say(text.ENTRY), str(row["heading"])),
            (say(text.AMOUNT_OF_ENTRY if value.number else text.IN_FULL), _in_full(row)),
            (say(text.SOURCE_NAME), say(text.SOURCE_TIER, document=_document(row), tier=tier)),
            (say(text.CALCULATED_AS), row["formula"]),
            (say(text.PLEASE_NOTE), row["note"]),
            (say(text.RETRIEVED), _retrieved(row)),
            (say(text.ORIGIN), came_in(row)),
        ]
        return [(name, str(fact)) for name, fact in facts if fact]
    if not rows:
        return facts
    has_kinds = len(dict.fromkeys(map(_stage_basis, rows))) > 1
    return [
        *facts,
        (say(text.ENTRIES), counted(rows, has_nested)),
        *_lines(rows, has_kinds),
        (say(text.ORIGIN), "; ".join(dict.fromkeys(map(came_in, rows)))),
    ]


def _in_full(row: Row) -> str:
    if row["amount_eur"] is None:
        return ""
    amount = formatting.euros_in_full(row["amount_eur"])
    return say(text.IN_FULL_AMOUNT, amount=amount, prices=row["prices_label"])


def _lines(rows: list[Row], has_kinds: bool) -> list[tuple[str, str]]:
    """Entries one by one; of many the first, and how many more. has_kinds: each says its stage and basis."""
    lines = [_line(row, has_kinds) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append((say(text.AND), say(text.MORE_ENTRIES, number=len(rows) - SHOWN)))
    return lines


def _line(row: Row, has_kind: bool) -> tuple[str, str]:
    """One entry among several."""
    fields = {
        "heading": str(row["heading"]),
        "document": _document(row),
        "tier": str(row["tier_label"]),
        "retrieved": _retrieved(row),
        **({"kind": _stage_basis(row)} if has_kind else {}),
        **({"formula": str(row["formula"])} if row["formula"] else {}),
    }
    template = {
        (False, False): text.LINE,
        (False, True): text.LINE_CALCULATED,
        (True, False): text.LINE_KIND,
        (True, True): text.LINE_KIND_CALCULATED,
    }[has_kind, bool(row["formula"])]
    return formatting.euros(row["amount_eur"], row["qualifier"]), say(template, **fields)


def counted(rows: list[Row], has_nested: bool) -> str:
    """How many entries there are, of which stage and basis, and their sum where they may be added: all of one
    stage, basis and prices, of a
    basis that is added at all, and none inside another (has_nested).
    """
    kinds = Counter(map(_stage_basis, rows))
    amounts = [row["amount_eur"] for row in rows if row["amount_eur"] is not None]
    unknown = len(rows) - len(amounts)
    named = [say(text.NUMBER_OF_KIND, number=number, kind=kind) for kind, number in kinds.items()]
    sentence = say(
        text.COUNTED[len(kinds) > 1, unknown > 0],
        number=len(rows),
        **({"kinds": named} if len(kinds) > 1 else {"kind": next(iter(kinds))}),
        **({"unknown": unknown} if unknown else {}),
    )
    if len(kinds) > 1:
        return say(text.THEY_DIFFER, counted=sentence)
    if has_nested:
        return say(text.THEY_OVERLAP, counted=sentence)
    if len(_each(rows, "price_basis")) > 1 or not all(row["basis_is_summable"] for row in rows):
        return say(text.NOT_ADDED, counted=sentence)
    if len(amounts) < 2:
        return sentence
    total = formatting.euros_in_full(sum(amounts, Decimal(0)))
    return say(text.THEY_ADD_UP, counted=sentence, sum=total, prices=rows[0]["prices_label"])


def _beside(rows: list[Row]) -> list[tuple[str, str]]:
    """What else is known of the same thing; listed and never added."""
    if not rows:
        return []
    return [(say(text.ALSO_KNOWN), say(text.ALSO_KNOWN_COUNT, number=len(rows))), *_lines(rows, True)]


def _retrieved(row: Row) -> str:
    fields = {
        "file": str(row["source_file"]),
        "row": str(row["source_row"]),
        "sha256": f"{row['sha256'][:4]}…{row['sha256'][-2:]}",
    }
    if row["retrieved_on"]:
        return say(text.RETRIEVED_ON, day=row["retrieved_on"], **fields)
    return say(text.RETRIEVED_FROM, **fields)


def came_in(row: Row) -> str:
    """Whether it was uploaded, and who approved that."""
    if row["approved_on"]:
        return say(
            text.OF_UPLOAD,
            file=row["origin"],
            day=row["retrieved_on"],
            approved=row["approved_on"],
            approver=row["approved_by"],
        )
    if str(row["source_id"]).startswith("upload-"):
        return say(text.OF_UPLOAD_UNRECORDED, file=row["origin"], day=row["retrieved_on"])
    return say(text.OF_ORIGINAL_DATA)


def _around(question: Select[Any], everything: Select[Any], answers: ReleaseData) -> list[tuple[str, str]]:
    """What is inside the entries and what they are inside of, then who says otherwise of everything that is
    known.
    """
    overlaps = frame_rows.records(answers.read(provenance.overlaps(question)))
    inside = [row for row in overlaps if row["is_inside"]]
    around = [row for row in overlaps if not row["is_inside"]]
    facts = []
    if inside:
        facts.append((say(text.INCLUDES), say(text.INCLUDED, entries=_named(inside))))
    if around:
        reasons = " ".join(dict.fromkeys(str(row["reason"]) for row in around))
        contained = say(text.CONTAINED, containers=len(around), entries=_named(around), reasons=reasons)
        facts.append((say(text.PART_OF), contained))
    facts += [
        (
            say(text.OTHERS_SAY),
            say(text.CLAIM, publisher=row["publisher"], claim=row["said"], resolution=row["resolution"]),
        )
        for row in frame_rows.records(answers.read(provenance.claims(everything)))
    ]
    return facts


def _named(rows: list[Row]) -> str:
    entries = dict.fromkeys(
        say(
            text.ENTRY_AMOUNT,
            heading=row["heading"],
            amount=formatting.euros(row["amount_eur"], row["qualifier"]),
        )
        for row in rows
    )
    first, more = list(entries)[:NAMED], len(entries) - NAMED
    return formatting.listed([*first, say(text.MORE, number=more)] if more > 0 else first)


def _ways(value: Value, link: str, card: Details, answers: ReleaseData) -> None:
    """Open the sources, cite, see the queries, report an error."""
    with st.container(horizontal=True, gap="small"):
        if len(card.sources) == 1:
            st.link_button(say(text.OPEN_SOURCE), card.sources[0].url, icon=":material/open_in_new:")
        elif card.sources:
            with st.popover(say(text.OPEN_SOURCES), icon=":material/open_in_new:"):
                components.sources_list(card.sources[:OPENED])
                if len(card.sources) > OPENED:
                    page_shell.line(say(text.MORE_DOCUMENTS, number=len(card.sources) - OPENED))
        with st.popover(say(text.COPY_CITATION), icon=":material/format_quote:"):
            title = say(text.NUMBER, label=value.label, number=value.said)
            citation = citations.citation(title, answers.release_id, link)
            st.code(citation, language=None, wrap_lines=True)
        if card.queries:
            with st.popover(say(text.SHOW_QUERY), icon=":material/code:", type="tertiary"):
                for gives, sql in card.queries:
                    if len(card.queries) > 1:
                        page_shell.line("", gives)
                    st.code(sql, language="sql", wrap_lines=True)
        with st.popover(say(text.REPORT), icon=":material/flag:", type="tertiary"):
            _report(value, report(value, link, answers.release_id))


def _report(value: Value, beginning: str) -> None:
    """The beginning of a message, and where to send it."""
    if contact.address():
        page_shell.line(say(text.REPORT_TO, contact=contact.words()))
        address = contact.link(say(text.REPORT_SUBJECT, label=value.label), beginning)
        is_mail = address.startswith("mailto:")
        st.link_button(
            say(text.WRITE_MAIL if is_mail else text.OPEN_PAGE),
            address,
            icon=":material/mail:" if is_mail else ":material/open_in_new:",
        )
    else:
        page_shell.line(say(text.REPORT_TO_NOBODY, contact=contact.words()))
    st.code(beginning, language=None, wrap_lines=True)


def report(value: Value, link: str, release_id: str) -> str:
    """The beginning of a message about a number that is wrong."""
    return say(
        text.REPORT_LINES,
        label=value.label,
        number=value.said,
        link=link,
        release=formatting.named(release_id),
    )
