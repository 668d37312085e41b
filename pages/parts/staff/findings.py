"""Step 3: the findings, in the uploaded rows where they are: their own order, their own column letters,
marked cells, a sentence at the end.
"""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from pages.parts.design_tokens import TOKENS
from pages.parts.staff.draft_model import Work
from pages.parts.text import staff as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.ui import page_shell, theme_and_width
from pipelines.finding_codes import finding_codes
from pipelines.findings import Finding, column_letters, shown
from pipelines.intake.annotated_workbook import marked_workbook
from pipelines.intake.check_report import finding_object, report_object
from pipelines.intake.read_upload import Reading
from pipelines.intake.validate import Verdict

ROWS_A_PAGE = 50
CELLS_SHOWN = 12  # of one kind of finding
GROUPS_SHOWN = 40
WIDEST = 7  # columns that are shown besides those with findings, so that the sentences stay in view
FIRST = ("programme", "stage", "amount_eur", "year", "country", "heading", "beneficiary")


def counts(verdict: Verdict) -> dict[str, int]:
    """Level → how many findings."""
    return {level: sum(finding.severity == level for finding in verdict.findings) for level in text.LEVELS}


def tally(verdict: Verdict, locale: str = ENGLISH) -> str:
    """How many of each level, in words."""
    return ", ".join(
        say(text.TALLY[level], locale, number=number) for level, number in counts(verdict).items()
    )


def show(reading: Reading, verdict: Verdict, key: str) -> None:
    """Key, sheet and the list of all findings.

    key: tells this place on the page from any other that shows a file.
    """
    tokens = TOKENS[theme_and_width.theme()]
    marks = (
        (say(text.KEY["error"]), tokens.error_ground),
        (say(text.KEY["warning"]), tokens.warning_ground),
    )
    swatch = (
        "display:inline-block;width:.9rem;height:.9rem;border:1px solid color-mix(in srgb,currentColor "
        "30%,transparent)"
    )
    legend = "".join(
        f'<li><i style="background:{ground};{swatch}"></i><span>{name}</span></li>' for name, ground in marks
    )
    st.html(f'<ul class="t-key">{legend}<li>{tally(verdict)}</li></ul>')
    by_kind = grouped(verdict.findings)
    if by_kind:
        page_shell.section(say(text.BY_KIND), level=3)
        lines = "".join(f"<li>{_group(group)}</li>" for group in by_kind[:GROUPS_SHOWN])
        st.html(f'<ul class="t-list">{lines}</ul>')
        if len(by_kind) > GROUPS_SHOWN:
            page_shell.line(say(text.MORE_GROUPS, number=len(by_kind) - GROUPS_SHOWN))
    if reading.grid is not None and reading.layout is not None:
        _sheet(reading, verdict, key)
    if verdict.findings:
        with st.expander(say(text.EVERY_FINDING, number=len(verdict.findings))):
            rows = [
                finding_object(finding) | {"severity": say(text.LEVELS[finding.severity])}
                for finding in verdict.findings
            ]
            titles = {name: say(title) for name, title in text.FINDING_TITLES.items()}
            st.dataframe(
                pd.DataFrame(rows)[[*titles]].rename(columns=titles),
                hide_index=True,
                alt=say(text.EVERY_FINDING_ALT),
                key=f"all_findings_{key}",
            )


class Group(NamedTuple):
    """Findings of one kind that say the same of cells of one column, or of the file. values: the different
    things that stand in these cells.
    """

    first: Finding
    cells: tuple[str, ...]
    values: tuple[str, ...]


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """Findings by what they say and where to mend it, errors first; each cell once in a group."""
    groups: dict[tuple[str, ...], tuple[Finding, dict[str, None], dict[str, None]]] = {}
    order = list(text.LEVELS)
    for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
        what = (finding.severity, finding.code, finding.column, finding.problem, finding.remedy)
        of_file = () if finding.row else (finding.value,)
        _first, cells, values = groups.setdefault((*what, *of_file), (finding, {}, {}))
        if finding.row:
            cells[finding.cell or str(finding.row)] = None
        values[finding.value] = None
    return [Group(first, tuple(cells), tuple(values)) for first, cells, values in groups.values()]


def _group(group: Group) -> str:
    """A group as HTML: level, kind, its cells, what is wrong, how to mend it with the allowed words."""
    first, codes = group.first, finding_codes()
    if len(group.cells) <= 1:
        return _sentence(first)
    where = ", ".join(group.cells[:CELLS_SHOWN])
    if len(group.cells) > CELLS_SHOWN:
        where = say(text.CELLS_SHOWN, cells=where, number=len(group.cells) - CELLS_SHOWN)
    is_same = len(group.values) == 1 and bool(first.value)
    sentence = say(
        text.FINDING_GROUP,
        level=say(text.LEVELS[first.severity]),
        about=codes[first.code].title if first.code in codes else first.code,
        cells=say(text.IN_CELLS, cells=where, number=len(group.cells)),
        problem=f"{shown(first.value)} {first.problem}" if is_same else first.problem,
        remedy=first.remedy,
    )
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(sentence.split())))


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
        and st.toggle(say(text.ONLY_WITH_FINDINGS), value=True, key=f"only_findings_{key}")
    )
    wanted = sorted(by_row) if only else sorted({*order, *by_row})
    pages = max(1, -(-len(wanted) // ROWS_A_PAGE))
    page = st.pagination(pages, key=f"sheet_page_{only}_{key}") if pages > 1 else 1
    rows = wanted[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    if pages > 1:
        shown_rows = text.ROWS_SHOWN_WITH if only else text.ROWS_SHOWN
        page_shell.line(say(shown_rows, first=rows[0], last=rows[-1], number=len(wanted)))
    is_whole = st.toggle(say(text.ALL_COLUMNS), key=f"all_columns_{key}")
    columns = _columns(reading, verdict, is_whole)
    titles = reading.layout.titles if reading.layout else ()
    head = "".join(
        f'<th scope="col">{column_letters(column + 1)} '
        f"{escape(titles[column][:40] if column < len(titles) else '')}</th>"
        for column in columns
    )
    body = "".join(
        _row(reading, number, order.get(number), columns, by_row.get(number, [])) for number in rows
    )
    tokens = TOKENS[theme_and_width.theme()]
    inks = "".join(
        f".s-{level}{{color:{getattr(tokens, level)};font-weight:600;"
        f"background:{getattr(tokens, f'{level}_ground')}}}"
        for level in ("error", "warning")
    )
    st.html(
        f"<style>{inks}.s-sheet td,.s-sheet "
        f"th{{padding:.375rem .5rem!important;border:1px solid {tokens.border}!important;vertical-align:top}}"
        f".s-sheet th{{background:{tokens.surface}}}.s-sheet "
        f"td{{min-width:0!important;max-width:14rem;overflow-wrap:break-word}}"
        ".s-sheet td.s-said{min-width:18rem!important;max-width:30rem}.s-sheet .s-under{display:none}"
        "@media(max-width:40rem){.s-sheet .s-said{display:none}.s-sheet "
        ".s-under{display:table-row}.s-sheet .s-under td{max-width:none}"
        ".s-under div{position:sticky;left:.5rem;width:min(20rem,calc(100vw - 4.5rem))}}"
        ".s-sheet p{margin:0 0 "
        ".25rem;font-size:inherit;line-height:1.4}.s-sheet{font-size:.8125rem!important}</style>"
        '<div class="t-scroll" role="region" aria-label="'
        f'{escape(say(text.SHEET), quote=True)}" tabindex="0">'
        '<table class="t-table s-sheet"><thead><tr><th scope="col" '
        f'class="t-num">{escape(say(text.ROW))}</th>{head}'
        f'<th scope="col" class="s-said">{escape(say(text.FINDING))}</th></tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _columns(reading: Reading, verdict: Verdict, is_whole: bool) -> list[int]:
    """The columns that are shown, in their order: those with findings and those that say most of a row, or
    all that hold anything.
    """
    grid = reading.grid
    if grid is None or reading.layout is None:
        return []
    with_findings = {finding.column_number - 1 for finding in verdict.findings if finding.column_number}
    columns = {name: column for block in reading.blocks for name, column in block.column_indices.items()}
    ranked = [*(columns[name] for name in FIRST if name in columns), *columns.values(), *range(grid.width)]
    filled = [
        column
        for column in dict.fromkeys(ranked)
        if column < grid.width and grid.is_filled(column)[reading.layout.rows].any()
    ]
    chosen = (
        filled
        if is_whole
        else [column for column in filled if column not in with_findings][
            : max(0, WIDEST - len(with_findings))
        ]
    )
    return sorted({*chosen, *with_findings})


def _row(
    reading: Reading, number: int, index: int | None, columns: Sequence[int], findings: Sequence[Finding]
) -> str:
    worst: dict[int, str] = {}
    for finding in findings:
        column = finding.column_number - 1
        if finding.severity != "note" and worst.get(column) != "error":
            worst[column] = finding.severity
    is_number = {
        block.column_indices["amount_eur"] for block in reading.blocks if "amount_eur" in block.column_indices
    }
    cells = ""
    for column in columns:
        cell = reading.grid.cell(index, column) if index is not None and reading.grid is not None else ""
        classes = " ".join(
            filter(
                None,
                (f"s-{worst[column]}" if column in worst else "", "t-num" if column in is_number else ""),
            )
        )
        written = shown(cell)[1:-1] if cell else ""
        cells += f"<td{f' class={chr(34)}{classes}{chr(34)}' if classes else ''}>{escape(written)}</td>"
    level = "error" if "error" in worst.values() else "warning" if worst else ""
    sentences = "".join(f"<p>{_sentence(finding)}</p>" for finding in findings)
    row = (
        f'<tr><td class="t-num">{number}</td>{cells}<td '
        f'class="s-said{f" s-{level}" if level else ""}">{sentences}</td></tr>'
    )
    return row + (
        f'<tr class="s-under"><td colspan="{len(columns) + 2}"><div '
        f'class="s-{level}">{sentences}</div></td></tr>'
        if sentences
        else ""
    )


def _sentence(finding: Finding) -> str:
    """A finding as HTML: where it is or what it is about, what is wrong, how to mend it."""
    at = f"{finding.cell} {shown(finding.value) if finding.value else ''}".strip() if finding.row else ""
    about = at or _whole(finding)
    sentence = say(
        text.FINDING_ABOUT,
        level=say(text.LEVELS[finding.severity]),
        about=about,
        problem=finding.problem,
        remedy=finding.remedy,
    )
    plain = " ".join(sentence.split())
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(plain))


def _whole(finding: Finding) -> str:
    """What a finding is about that concerns no single row: a value that its problem does not name, else a
    column, else the file.
    """
    is_shown = finding.value and not finding.names_its_value
    return shown(finding.value) if is_shown else finding.column or say(text.THE_FILE)


def warnings(verdict: Verdict) -> dict[str, int]:
    """Kind of warning → how many."""
    kinds: dict[str, int] = {}
    for finding in verdict.findings:
        if finding.severity == "warning":
            kinds[finding.code] = kinds.get(finding.code, 0) + 1
    return kinds


def acknowledge(work: Work, verdict: Verdict) -> bool:
    """Warnings, kind by kind or together. Gives whether none is left."""
    kinds = warnings(verdict)
    if not kinds:
        return True
    page_shell.section(say(text.WARNINGS), say(text.WARNINGS_WHY), level=3)
    titles = finding_codes()
    if verdict.persons:
        chosen = st.multiselect(
            say(text.NAMES_SHOWN),
            sorted(verdict.persons),
            list(work.names),
            key=f"names_{work.sha256[:8]}",
            help=say(text.NAMES_SHOWN_WHY),
            placeholder=say(text.NONE),
        )
        if tuple(chosen) != work.names:
            work.names = tuple(chosen)
            st.rerun()
    for code, number in kinds.items():
        title = titles[code].title if code in titles else code
        label = say(text.LOOKED_AT, title=title, number=number)
        if st.checkbox(
            label,
            code in work.seen,
            key=f"seen_{code}_{work.sha256[:8]}_{len(work.seen & set(kinds)) == len(kinds)}",
        ):
            work.seen.add(code)
        else:
            work.seen.discard(code)
    if set(kinds) - work.seen and st.button(say(text.CONFIRM_ALL), key="confirm_all"):
        work.seen.update(kinds)
        st.rerun()
    return not set(kinds) - work.seen


def downloads(reading: Reading, verdict: Verdict, name: str) -> None:
    """The file back: as a workbook with marked cells, and the findings as JSON."""
    stem = name.rsplit(".", 1)[0][:80]
    st.download_button(
        say(text.MARKED_UP),
        lambda: marked_workbook(reading, verdict.findings),
        file_name=f"{stem}-findings.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        key="marked",
        on_click="ignore",
    )
    st.download_button(
        say(text.FINDINGS_JSON),
        lambda: as_json(reading, verdict),
        file_name=f"{stem}-findings.json",
        mime="application/json",
        key="json",
        on_click="ignore",
    )


def as_json(reading: Reading, verdict: Verdict) -> bytes:
    """What `check --json` prints."""
    result: Mapping[str, Any] = report_object(reading, verdict)
    return json.dumps(result, ensure_ascii=False, indent=1).encode()
