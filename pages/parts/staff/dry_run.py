"""Step 4: what the public would see.

Old and new side by side, of every number and ranking that moves; entries, overlaps, laws.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st
from sqlalchemy import select

from pages.parts.staff.draft_model import Work
from pages.parts.text import formatting
from pages.parts.text import staff as text
from pages.parts.text.tables import table
from pages.parts.text.translation import say
from pages.parts.ui import components, page_shell, session_release
from pipelines import schema
from pipelines.intake.validate import Verdict
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.headline_figures import Figure, Value
from pipelines.publishing.submission import Overlap

SHOWN = 40
MOST_ENDS = 3  # that a sentence about an overlap names


def show(effect: Effect, key: str) -> None:
    """Everything that a dry run shows: first what the pages would say. key: tells this place on the page from
    any other that shows one.
    """
    for finding in effect.broken[:SHOWN]:
        page_shell.notice("error", str(finding))
    _sentences(effect)
    kinds: dict[str, Any] = {kind: effect.count(kind) for kind in text.ENTRY_KINDS}
    page_shell.line(say(text.ENTRIES_MOVED, number=len(effect.repeats), **kinds), say(text.ENTRIES))
    if effect.rows:
        row_kinds: dict[str, Any] = {kind: effect.count_rows(kind) for kind in text.ROW_KINDS}
        page_shell.line(say(text.ROWS_COUNTED, **row_kinds), say(text.ROWS_LABEL))
    _numbers(effect)
    _rankings(effect)
    _entries(effect, key)
    _rows(effect, key)
    page_shell.line(say(text.NOTHING_CHANGES))


def _sentences(effect: Effect) -> None:
    """The headlines that change, now and after."""
    if not effect.sentences:
        if not effect.broken:
            page_shell.line(say(text.NO_SENTENCE))
        return
    page_shell.section(say(text.SENTENCES), level=3)
    rows = [
        {
            "page": sentence.page,
            "before": sentence.before or say(text.NOT_SAID),
            "after": sentence.after or say(text.NOT_SAID),
        }
        for sentence in effect.sentences[:SHOWN]
    ]
    components.wrapped(table(pd.DataFrame(rows), text.SENTENCE_TITLES), alt=say(text.SENTENCES_ALT))


def _numbers(effect: Effect) -> None:
    if effect.moved:
        rows = table(pd.DataFrame([_figure(figure) for figure in effect.moved[:SHOWN]]), text.NUMBER_TITLES)
        numbers = [say(text.NUMBER_TITLES[name]) for name in ("before", "after")]
        page_shell.section(say(text.NUMBERS), level=3)
        components.wrapped(rows, alt=say(text.NUMBERS_ALT), numbers=numbers)
        if len(effect.moved) > SHOWN:
            page_shell.line(say(text.MORE_NUMBERS, number=len(effect.moved) - SHOWN))
    elif not effect.broken:
        page_shell.line(say(text.NO_NUMBER))


def _rankings(effect: Effect) -> None:
    if effect.rankings:
        page_shell.section(say(text.RANKINGS), level=3)
        labels = _labels()
        rankings = [
            {
                "of": say(
                    text.RANKING_OF,
                    ranked=ranking.of,
                    stage=_label(labels, ranking.stage),
                    basis=_label(labels, ranking.basis),
                ),
                "before": _order(labels, ranking.before),
                "after": _order(labels, ranking.after),
            }
            for ranking in effect.rankings
        ]
        components.wrapped(table(pd.DataFrame(rankings), text.RANKING_TITLES), alt=say(text.RANKINGS_ALT))


def _entries(effect: Effect, key: str) -> None:
    if effect.entries:
        with st.expander(say(text.ENTRIES_LIST, number=len(effect.entries))):
            entries = [
                {
                    "kind": say(
                        (text.ENTRY_KINDS if entry.is_of_file else text.ENTRY_KINDS_SINCE)[entry.kind]
                    ),
                    "heading": entry.heading or entry.entry_id,
                    "programme": entry.programme,
                    "stage": entry.stage,
                    "year": str(entry.year or ""),
                    "before": _euros(entry.before, entry.kind == "added"),
                    "after": _euros(entry.after, entry.kind == "removed"),
                    "entry_id": entry.entry_id,
                }
                for entry in effect.entries
            ]
            st.dataframe(
                table(pd.DataFrame(entries), text.ENTRY_TITLES),
                hide_index=True,
                alt=say(text.ENTRIES_ALT),
                key=f"entries_{key}",
            )


def _rows(effect: Effect, key: str) -> None:
    """Rows that are no figures of the ledger, a line for each cell that is another one."""
    if not effect.rows:
        return
    with st.expander(say(text.ROWS_CHANGED, number=len(effect.rows)), expanded=len(effect.rows) <= SHOWN):
        cells = [
            {
                "kind": say(text.ROW_KINDS[row.kind]),
                "table": row.table,
                "name": row.name,
                "column": column,
                "before": before,
                "after": after,
                "reason": row.reason,
                "key": row.key,
            }
            for row in effect.rows
            for column, before, after in row.cells
        ]
        st.dataframe(
            table(pd.DataFrame(cells, columns=list(text.ROW_TITLES)), text.ROW_TITLES),
            hide_index=True,
            alt=say(text.ROWS_ALT),
            key=f"rows_{key}",
        )


class Bundle(NamedTuple):
    """Proposed overlaps that are accepted or declined together, because the same amount contains them for the
    same reason.
    """

    container: str
    reason: str
    split: str
    edges: tuple[Overlap, ...]

    @property
    def why(self) -> str:
        """The reason, and the way of dividing the whole to which the parts would belong."""
        way = say(text.WAY, way=self.split) if self.split else ""
        return formatting.paragraph(self.reason, way)


def bundles(edges: Sequence[Overlap]) -> list[Bundle]:
    """Overlaps by what contains them, why and how it is divided, in their order."""
    together: dict[tuple[str, str, str], list[Overlap]] = {}
    for edge in edges:
        together.setdefault((edge.container, edge.reason, edge.split), []).append(edge)
    return [Bundle(*same, tuple(those)) for same, those in together.items()]


def overlaps(work: Work, effect: Effect) -> list[Overlap] | None:
    """Overlaps that are proposed: accept or decline each, those in the same amount together.

    Gives the accepted ones when the dry run is to be made again, else None.
    """
    if not effect.proposals:
        return None
    page_shell.section(say(text.OVERLAPS), say(text.OVERLAPS_WHY), level=3)
    ends = _Ends(work.result[1] if work.result else None, effect.proposals)
    proposed = bundles(effect.proposals)
    accepted: list[Overlap] = []
    for number, bundle in enumerate(proposed[:SHOWN]):
        if st.checkbox(ends.sentence(bundle), key=f"overlap_{work.sha256[:8]}_{number}"):
            accepted += bundle.edges
        page_shell.line(bundle.why)
    rest = [edge for bundle in proposed[SHOWN:] for edge in bundle.edges]
    if rest and st.checkbox(say(text.MORE_BELOW, number=len(rest)), key=f"overlap_{work.sha256[:8]}_rest"):
        accepted += rest
    if len(effect.proposals) > len(proposed[:SHOWN]):
        with st.expander(say(text.EVERY_OVERLAP, number=len(effect.proposals))):
            listed = [
                {
                    "container": ends.of(edge.container),
                    "contained": ends.of(edge.contained),
                    "reason": edge.reason,
                }
                for edge in effect.proposals
            ]
            st.dataframe(
                table(pd.DataFrame(listed), text.OVERLAP_TITLES),
                hide_index=True,
                alt=say(text.EVERY_OVERLAP_ALT),
                key="overlaps_listed",
            )
    with st.container(horizontal=True, gap="small"):
        if st.button(say(text.RECORD_ALL), key="record_all_overlaps"):
            return list(effect.proposals)
        return (
            accepted
            if st.button(say(text.RECORD_CHOSEN), key="record_overlaps", disabled=not accepted)
            else None
        )


def left_out(verdict: Verdict, effect: Effect) -> None:
    """For who decides: the overlaps that were proposed and that nobody recorded."""
    if not effect.proposals:
        return
    page_shell.section(say(text.NOT_RECORDED), say(text.NOT_RECORDED_WHY), level=3)
    ends, proposed = _Ends(verdict, effect.proposals), bundles(effect.proposals)
    rows = [{"overlap": ends.sentence(bundle), "reason": bundle.why} for bundle in proposed[:SHOWN]]
    components.wrapped(table(pd.DataFrame(rows), text.NOT_RECORDED_TITLES), alt=say(text.NOT_RECORDED))
    if len(proposed) > SHOWN:
        page_shell.line(say(text.MORE_OVERLAPS, number=len(proposed) - SHOWN))


class _Ends:
    """The ends of overlaps in words: a row of the file as a spreadsheet shows it, or an entry of the ledger
    by its heading.
    """

    def __init__(self, verdict: Verdict | None, edges: Sequence[Overlap]) -> None:
        self.rows = verdict.rows["file_row"].to_pylist() if verdict else []
        entries = {end for edge in edges for end in edge[:2] if not end.startswith("row:")}
        question = select(schema.ledger.c.entry_id, schema.ledger.c.heading).where(
            schema.ledger.c.entry_id.in_(sorted(entries))
        )
        rows = session_release.answers().read(question)
        self.headings = dict(zip(rows["entry_id"], rows["heading"], strict=True))

    def of(self, end: str) -> str:
        """One end."""
        row = end.removeprefix("row:")
        if row != end and row.isdigit() and int(row) - 2 < len(self.rows):
            return say(text.FILE_ROW, row=str(self.rows[int(row) - 2]))
        return say(text.HEADING, heading=self.headings[end]) if self.headings.get(end) else end

    def sentence(self, bundle: Bundle) -> str:
        """What includes what; of many the first and their number."""
        inside = sorted(
            (self.of(edge.contained) for edge in bundle.edges), key=lambda end: (len(end), end)
        )  # row 9 before row 10
        container = self.of(bundle.container)
        if len(inside) <= MOST_ENDS:
            return say(text.INCLUDES, container=container, contained=inside)
        first = ", ".join(inside[:MOST_ENDS])
        return say(text.INCLUDES_MORE, container=container, contained=first, number=len(inside) - MOST_ENDS)


def _figure(figure: Figure) -> dict[str, str]:
    labels = _labels()
    what = " · ".join(
        part
        for part in (_named(labels, figure.name), _label(labels, figure.stage), _label(labels, figure.basis))
        if part
    )
    return {
        "figure": say(text.FIGURE_OF, page=figure.page.capitalize(), figure=what),
        "before": _value(figure, figure.before),
        "after": _value(figure, figure.after),
    }


def _value(figure: Figure, value: Value) -> str:
    if figure.unit == "EUR":
        return _euros(value, False)
    if value is None:
        return formatting.not_published()
    return say(text.QUANTITY, number=formatting.exact(Decimal(value)), unit=figure.unit)


def _euros(value: Value, is_absent: bool) -> str:
    if is_absent:
        return say(text.NOT_THERE)
    return formatting.euros_in_full(None if value is None else Decimal(value))


def _named(labels: dict[str, str], name: str) -> str:
    """A figure's name with the words for its code, which stands first or alone."""
    first, _, rest = name.partition(" ")
    code = first.rstrip(",")
    return f"{labels[code]}{',' if first.endswith(',') else ''} {rest}".strip() if code in labels else name


def _labels() -> dict[str, str]:
    answers = session_release.answers()
    return {
        code: label
        for vocabulary in ("programmes", "stages", "bases", "countries")
        for code, label in answers.labels(vocabulary).items()
    }


def _label(labels: dict[str, str], code: str) -> str:
    return labels.get(code, code)


def _order(labels: dict[str, str], codes: tuple[str, ...]) -> str:
    return " › ".join(_label(labels, code) for code in codes) or say(text.NONE)
