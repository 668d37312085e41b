"""Step 3: the findings, in the uploaded rows where they are: their own order, their own column letters, marked cells, a sentence at the end."""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.parts.staff.draft import Work
from pages.parts.style import TOKENS
from pages.parts.text import formatting
from pages.parts.ui import page_shell, window
from pipelines.cli.check import as_object, finding_object
from pipelines.findings import Finding, column_letters, shown
from pipelines.intake.annotated_workbook import marked_workbook
from pipelines.intake.finding_codes import finding_codes
from pipelines.intake.read_upload import Reading
from pipelines.intake.validate import Verdict

ROWS_A_PAGE = 50
LEVELS = {"error": "Error", "warning": "Warning", "note": "Note"}
WIDEST = 7  # columns that are shown besides those with findings, so that the sentences stay in view
FIRST = ("programme", "stage", "amount_eur", "year", "country", "heading", "beneficiary")


def counts(verdict: Verdict) -> dict[str, int]:
    """Level → how many findings."""
    return {level: sum(finding.severity == level for finding in verdict.findings) for level in LEVELS}


def tally(verdict: Verdict) -> str:
    """How many of each level, in words."""
    return ", ".join(formatting.count(number, level) for level, number in counts(verdict).items())


def show(reading: Reading, verdict: Verdict, key: str) -> None:
    """Key, sheet and the list of all findings. key: tells this place on the page from any other that shows a file."""
    tokens = TOKENS[window.theme()]
    marks = (("error: blocks", tokens.error_ground), ("warning: look and confirm", tokens.warning_ground))
    swatch = "display:inline-block;width:.9rem;height:.9rem;border:1px solid color-mix(in srgb,currentColor 30%,transparent)"
    legend = "".join(
        f'<li><i style="background:{ground};{swatch}"></i><span>{name}</span></li>' for name, ground in marks
    )
    st.html(f'<ul class="t-key">{legend}<li>{tally(verdict)}</li></ul>')
    whole = [finding for finding in verdict.findings if not finding.row]
    if whole:
        st.html(f'<ul class="t-list">{"".join(f"<li>{_sentence(finding)}</li>" for finding in whole)}</ul>')
    if reading.grid is not None and reading.layout is not None:
        _sheet(reading, verdict, key)
    if verdict.findings:
        with st.expander(f"Every finding as a list ({len(verdict.findings):,})"):
            listed = [
                finding_object(finding) | {"severity": LEVELS[finding.severity]}
                for finding in verdict.findings
            ]
            titles = {
                "severity": "Level",
                "cell": "Cell",
                "row": "Row",
                "column": "Column",
                "value": "As written",
                "problem": "Why",
                "remedy": "How to mend it",
            }
            frame_of = pd.DataFrame(listed)[[*titles, "code"]].rename(columns=titles)
            st.dataframe(
                frame_of, hide_index=True, alt="Every finding with its cell", key=f"all_findings_{key}"
            )


def _sheet(reading: Reading, verdict: Verdict, key: str) -> None:
    by_row: dict[int, list[Finding]] = {}
    for finding in verdict.findings:
        if finding.row:
            by_row.setdefault(finding.row, []).append(finding)
    numbers = reading.grid.numbers if reading.grid is not None else np.zeros(0, dtype=np.int32)
    order = {int(number): index for index, number in enumerate(numbers)}
    only = (
        len(order) > ROWS_A_PAGE
        and bool(by_row)
        and st.toggle("Only rows with findings", value=True, key=f"only_findings_{key}")
    )
    wanted = sorted(by_row) if only else sorted({*order, *by_row})
    pages = max(1, -(-len(wanted) // ROWS_A_PAGE))
    page = st.pagination(pages, key=f"sheet_page_{only}_{key}") if pages > 1 else 1
    rows = wanted[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    if pages > 1:
        page_shell.line(
            f"Rows {rows[0]:,} to {rows[-1]:,} of {formatting.count(len(wanted), 'row')}{' with findings' if only else ''}."
        )
    is_whole = st.toggle("All columns", key=f"all_columns_{key}")
    places = _places(reading, verdict, is_whole)
    titles = reading.layout.titles if reading.layout else ()
    head = "".join(
        f'<th scope="col">{column_letters(place + 1)} {escape(titles[place][:40] if place < len(titles) else "")}</th>'
        for place in places
    )
    body = "".join(
        _row(reading, number, order.get(number), places, by_row.get(number, [])) for number in rows
    )
    tokens = TOKENS[window.theme()]
    inks = "".join(
        f".s-{level}{{color:{getattr(tokens, level)};background:{getattr(tokens, f'{level}_ground')};font-weight:600}}"
        for level in ("error", "warning")
    )
    st.html(
        f"<style>{inks}.s-sheet td,.s-sheet th{{padding:.375rem .5rem!important;border:1px solid {tokens.border}!important;vertical-align:top}}"
        f".s-sheet th{{background:{tokens.surface}}}.s-sheet td{{min-width:0!important;max-width:14rem;overflow-wrap:break-word}}"
        ".s-sheet td.s-said{min-width:18rem!important;max-width:30rem}.s-sheet .s-under{display:none}"
        "@media(max-width:40rem){.s-sheet .s-said{display:none}.s-sheet .s-under{display:table-row}.s-sheet .s-under td{max-width:none}"
        ".s-under div{position:sticky;left:.5rem;width:min(20rem,calc(100vw - 4.5rem))}}"
        ".s-sheet p{margin:0 0 .25rem;font-size:inherit;line-height:1.4}.s-sheet{font-size:.8125rem!important}</style>"
        '<div class="t-scroll" role="region" aria-label="The uploaded rows with their findings" tabindex="0">'
        f'<table class="t-table s-sheet"><thead><tr><th scope="col" class="t-num">Row</th>{head}<th scope="col" class="s-said">Finding</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _places(reading: Reading, verdict: Verdict, is_whole: bool) -> list[int]:
    """The columns that are shown, in their order: those with findings and those that say most of a row, or all that hold anything."""
    grid = reading.grid
    if grid is None or reading.layout is None:
        return []
    with_findings = {finding.column_number - 1 for finding in verdict.findings if finding.column_number}
    places = {name: place for block in reading.blocks for name, place in block.places.items()}
    ranked = [*(places[name] for name in FIRST if name in places), *places.values(), *range(grid.width)]
    filled = [
        place
        for place in dict.fromkeys(ranked)
        if place < grid.width and grid.is_filled(place)[reading.layout.rows].any()
    ]
    chosen = (
        filled
        if is_whole
        else [place for place in filled if place not in with_findings][: max(0, WIDEST - len(with_findings))]
    )
    return sorted({*chosen, *with_findings})


def _row(
    reading: Reading, number: int, index: int | None, places: Sequence[int], findings: Sequence[Finding]
) -> str:
    worst: dict[int, str] = {}
    for finding in findings:
        place = finding.column_number - 1
        if finding.severity != "note" and worst.get(place) != "error":
            worst[place] = finding.severity
    is_number = {block.places["amount_eur"] for block in reading.blocks if "amount_eur" in block.places}
    cells = ""
    for place in places:
        text = reading.grid.cell(index, place) if index is not None and reading.grid is not None else ""
        classes = " ".join(
            filter(
                None, (f"s-{worst[place]}" if place in worst else "", "t-num" if place in is_number else "")
            )
        )
        written = shown(text)[1:-1] if text else ""
        cells += f"<td{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}>{escape(written)}</td>"
    level = "error" if "error" in worst.values() else "warning" if worst else ""
    said = "".join(f"<p>{_sentence(finding)}</p>" for finding in findings)
    row = f'<tr><td class="t-num">{number}</td>{cells}<td class="s-said{f" s-{level}" if level else ""}">{said}</td></tr>'
    return row + (
        f'<tr class="s-under"><td colspan="{len(places) + 2}"><div class="s-{level}">{said}</div></td></tr>'
        if said
        else ""
    )


def _sentence(finding: Finding) -> str:
    """A finding as HTML: where it is or what it is about, what is wrong, how to mend it."""
    about = (
        f"{finding.cell} {shown(finding.value) if finding.value else ''}" if finding.row else _whole(finding)
    )
    plain = " ".join(f"{LEVELS[finding.severity]} · {about} {finding.problem} {finding.remedy}".split())
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(plain))


def _whole(finding: Finding) -> str:
    """What a finding is about that concerns no single row: a value that its problem does not name, else a column, else the file."""
    is_said = finding.value in finding.problem or finding.code.startswith("delimiter-")
    return shown(finding.value) if finding.value and not is_said else finding.column or "The file"


def acknowledge(work: Work, verdict: Verdict) -> bool:
    """Warnings, kind by kind or together. Gives whether none is left."""
    kinds: dict[str, int] = {}
    for finding in verdict.findings:
        if finding.severity == "warning":
            kinds[finding.code] = kinds.get(finding.code, 0) + 1
    if not kinds:
        return True
    page_shell.section(
        "Warnings to confirm",
        "A warning does not block. Whoever hands the file in says that it was looked at.",
        level=3,
    )
    titles = finding_codes()
    for code, number in kinds.items():
        label = f"{titles[code].title if code in titles else code} ({number:,}): looked at, and right"
        if st.checkbox(
            label,
            code in work.seen,
            key=f"seen_{code}_{work.sha256[:8]}_{len(work.seen & set(kinds)) == len(kinds)}",
        ):
            work.seen.add(code)
        else:
            work.seen.discard(code)
    if set(kinds) - work.seen and st.button("Confirm all warnings", key="confirm_all"):
        work.seen.update(kinds)
        st.rerun()
    return not set(kinds) - work.seen


def downloads(reading: Reading, verdict: Verdict, name: str) -> None:
    """The file back: as a workbook with marked cells, and the findings as JSON."""
    stem = name.rsplit(".", 1)[0][:80]
    st.download_button(
        "Get the file back, marked up (XLSX)",
        lambda: marked_workbook(reading, verdict.findings),
        file_name=f"{stem}-findings.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        key="marked",
        on_click="ignore",
    )
    st.download_button(
        "Findings (JSON)",
        lambda: as_json(reading, verdict),
        file_name=f"{stem}-findings.json",
        mime="application/json",
        key="json",
        on_click="ignore",
    )


def as_json(reading: Reading, verdict: Verdict) -> bytes:
    """What `check --json` prints."""
    told: Mapping[str, Any] = as_object(reading, verdict)
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
