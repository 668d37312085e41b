"""Step 4: what the public would see. Old and new side by side, of every number and ranking that moves; entries, overlaps, laws."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import pandas as pd
import streamlit as st
from sqlalchemy import select

from pages.parts.staff.draft import Work
from pages.parts.text import formatting
from pages.parts.ui import page_shell, release_cache, widgets
from pipelines import schema
from pipelines.intake.validate import Verdict
from pipelines.publishing.dry_run import Effect
from pipelines.publishing.metrics import Figure, Value
from pipelines.publishing.submission import Overlap

SHOWN = 40


def show(effect: Effect, key: str) -> None:
    """Everything a dry run found. key: tells this place on the page from any other that shows one."""
    for finding in effect.broken[:SHOWN]:
        page_shell.notice("error", str(finding))
    kinds = [f"{effect.count(kind):,} {kind}" for kind in ("added", "corrected", "removed", "changed")]
    page_shell.line(
        f"{', '.join(kinds)}; {formatting.count(len(effect.repeats), 'row')} of the file say what is there already.",
        "Entries",
    )
    if effect.moved:
        rows = pd.DataFrame([_figure(figure) for figure in effect.moved[:SHOWN]])
        widgets.wrapped(rows, alt="Numbers that would change, now and after", numbers=["Now", "After"])
        if len(effect.moved) > SHOWN:
            page_shell.line(f"and {len(effect.moved) - SHOWN:,} more numbers.")
    elif not effect.broken:
        page_shell.line("No number on any page would change.")
    if effect.rankings:
        page_shell.section("Rankings that would change", level=3)
        labels = _labels()
        rows = [
            {
                "Of": f"{r.of}, {_label(labels, r.stage)} · {_label(labels, r.basis)}",
                "Now": _order(labels, r.before),
                "After": _order(labels, r.after),
            }
            for r in effect.rankings
        ]
        widgets.wrapped(pd.DataFrame(rows), alt="Rankings that would change, now and after")
    if effect.entries:
        with st.expander(f"Entries that would change ({len(effect.entries):,})"):
            rows = [
                {
                    "What": entry.kind if entry.is_of_file else f"{entry.kind}, by data that changed since",
                    "Entry": entry.heading or entry.entry_id,
                    "Programme": entry.programme,
                    "Stage": entry.stage,
                    "Year": str(entry.year or ""),
                    "Now": _euros(entry.before, entry.kind == "added"),
                    "After": _euros(entry.after, entry.kind == "removed"),
                    "Identity": entry.entry_id,
                }
                for entry in effect.entries
            ]
            st.dataframe(
                pd.DataFrame(rows), hide_index=True, alt="Entries that would change", key=f"entries_{key}"
            )
    page_shell.line("Nothing public changes until it is approved.")


class Bundle(NamedTuple):
    """Proposed overlaps that are accepted or declined together, because the same amount contains them for the same reason."""

    container: str
    reason: str
    edges: tuple[Overlap, ...]


def bundles(edges: Sequence[Overlap]) -> list[Bundle]:
    """Overlaps by what contains them and why, in their order."""
    found: dict[tuple[str, str], list[Overlap]] = {}
    for edge in edges:
        found.setdefault((edge.container, edge.reason), []).append(edge)
    return [Bundle(container, reason, tuple(those)) for (container, reason), those in found.items()]


def overlaps(work: Work, effect: Effect) -> list[Overlap] | None:
    """Overlaps that are proposed: accept or decline each, those in the same amount together. Gives the accepted ones when the dry run is to be
    made again, else None."""
    if not effect.proposals:
        return None
    page_shell.section(
        "Overlaps to record",
        "These amounts seem to be contained in others. What is recorded is not counted twice.",
        level=3,
    )
    ends = _Ends(work.result[1] if work.result else None, effect.proposals)
    found = bundles(effect.proposals)
    accepted: list[Overlap] = []
    for number, bundle in enumerate(found[:SHOWN]):
        if st.checkbox(ends.sentence(bundle), key=f"overlap_{work.sha256[:8]}_{number}"):
            accepted += bundle.edges
        page_shell.line(bundle.reason)
    rest = [edge for bundle in found[SHOWN:] for edge in bundle.edges]
    if rest and st.checkbox(
        f"and {len(rest):,} more, in the list below", key=f"overlap_{work.sha256[:8]}_rest"
    ):
        accepted += rest
    if len(effect.proposals) > len(found[:SHOWN]):
        with st.expander(f"Every overlap as a list ({len(effect.proposals):,})"):
            listed = [
                {"This": ends.of(edge.container), "includes": ends.of(edge.contained), "Why": edge.reason}
                for edge in effect.proposals
            ]
            st.dataframe(
                pd.DataFrame(listed),
                hide_index=True,
                alt="Every overlap that is proposed",
                key="overlaps_listed",
            )
    with st.container(horizontal=True, gap="small"):
        if st.button("Record all and look again", key="record_all_overlaps"):
            return list(effect.proposals)
        return (
            accepted
            if st.button(
                "Record the chosen ones and look again", key="record_overlaps", disabled=not accepted
            )
            else None
        )


def left_out(verdict: Verdict, effect: Effect) -> None:
    """For who decides: the overlaps that were proposed and that nobody recorded."""
    if not effect.proposals:
        return
    text = "These amounts seem to be contained in others. The contributor did not record it, so they would be counted twice."
    page_shell.section("Overlaps that were not recorded", text, level=3)
    ends, found = _Ends(verdict, effect.proposals), bundles(effect.proposals)
    listed = [{"What": ends.sentence(bundle), "Why it seems so": bundle.reason} for bundle in found[:SHOWN]]
    widgets.wrapped(pd.DataFrame(listed), alt="Overlaps that were not recorded")
    if len(found) > SHOWN:
        page_shell.line(f"and {len(found) - SHOWN:,} more.")


class _Ends:
    """The ends of overlaps in words: a row of the file as a spreadsheet shows it, or an entry of the ledger by its heading."""

    def __init__(self, verdict: Verdict | None, edges: Sequence[Overlap]) -> None:
        self.rows = verdict.rows["file_row"].to_pylist() if verdict else []
        entries = {end for edge in edges for end in edge[:2] if not end.startswith("row:")}
        asked = select(schema.ledger.c.entry_id, schema.ledger.c.heading).where(
            schema.ledger.c.entry_id.in_(sorted(entries))
        )
        named = release_cache.answers().read(asked)
        self.headings = dict(zip(named["entry_id"], named["heading"], strict=True))

    def of(self, end: str) -> str:
        """One end."""
        place = end.removeprefix("row:")
        if place != end and place.isdigit() and int(place) - 2 < len(self.rows):
            return f"row {self.rows[int(place) - 2]}"
        return f"“{self.headings[end]}”" if self.headings.get(end) else end

    def sentence(self, bundle: Bundle) -> str:
        """What includes what; of many the first and their number."""
        inside = sorted(
            (self.of(edge.contained) for edge in bundle.edges), key=lambda end: (len(end), end)
        )  # row 9 before row 10
        more = f" and {len(inside) - 3:,} more" if len(inside) > 3 else ""
        return f"{self.of(bundle.container)} includes {', '.join(inside[:3]) + more if more else formatting.listed(inside)}"


def _figure(figure: Figure) -> dict[str, str]:
    labels = _labels()
    what = " · ".join(
        part
        for part in (_named(labels, figure.name), _label(labels, figure.stage), _label(labels, figure.basis))
        if part
    )
    return {
        "Figure": f"{figure.page.capitalize()}: {what}",
        "Now": _value(figure, figure.before),
        "After": _value(figure, figure.after),
    }


def _value(figure: Figure, value: Value) -> str:
    if figure.unit == "EUR":
        return _euros(value, False)
    return formatting.NOT_PUBLISHED if value is None else f"{value:,} {figure.unit}"


def _euros(value: Value, is_absent: bool) -> str:
    return (
        "not there"
        if is_absent
        else formatting.NOT_PUBLISHED
        if value is None
        else f"€{formatting.plain_euros(Decimal(value))}"
    )


def _named(labels: dict[str, str], name: str) -> str:
    """A figure's name with the words for its code, which stands first or alone."""
    first, _, rest = name.partition(" ")
    code = first.rstrip(",")
    return f"{labels[code]}{',' if first.endswith(',') else ''} {rest}".strip() if code in labels else name


def _labels() -> dict[str, str]:
    answers = release_cache.answers()
    return {
        code: label
        for vocabulary in ("programmes", "stages", "bases", "countries")
        for code, label in answers.labels(vocabulary).items()
    }


def _label(labels: dict[str, str], code: str) -> str:
    return labels.get(code, code)


def _order(labels: dict[str, str], codes: tuple[str, ...]) -> str:
    return " › ".join(_label(labels, code) for code in codes) or "none"
