"""Step 2: how the file was read. Everything that was detected is shown; what can be read in two ways is asked, with both sums."""

import streamlit as st

from pages.parts.staff.draft import Work
from pages.parts.text import formatting
from pages.parts.ui import page_shell, widgets
from pipelines.intake.read_upload import Reading
from pipelines.intake.validate import Verdict


def facts(name: str, size: int, reading: Reading, verdict: Verdict) -> None:
    """File, fingerprint, dialect, header, rows and sums."""
    sha256 = f"{reading.sha256[:4]} {reading.sha256[4:8]} … {reading.sha256[-4:]}"
    told = [("File", f"{name}, {kilobytes(size)}"), ("sha256", sha256)]
    told += [("Recipe", recipe_name(reading))]
    told += [(what[:1].upper() + what[1:], value) for what, value in reading.detected.items()]
    if reading.layout and reading.layout.preamble:
        told.append(("Above the header", formatting.count(len(reading.layout.preamble), "line")))
    told.append(
        (
            "Rows",
            f"{verdict.rows_read:,} read = {verdict.rows_accepted:,} accepted + {verdict.rows_refused:,} refused",
        )
    )
    for one in verdict.sums:
        label = "Sum" if len(verdict.sums) == 1 else f"Sum of {one.column}"
        told.append(
            (
                label,
                f"€{formatting.plain_euros(one.amount_eur)} in {formatting.count(one.rows, 'accepted row')}",
            )
        )
    widgets.facts(told)


def questions(work: Work, reading: Reading) -> None:
    """What only a person can decide."""
    for number, question in enumerate(reading.questions):
        name = f"{number}_{question.code}"  # the next question must not take over this one's answer
        with st.container(border=True, key=f"question_{name}"):
            options = list(question.choices)
            chosen = st.radio(
                question.text,
                options,
                format_func=dict(question.choices).__getitem__,
                index=None,
                key=f"answer_{name}",
            )
            if chosen is not None and work.answers.get(question.code) != chosen:
                work.answer(question, chosen)
                st.rerun()
    if work.answers:
        for said in work.decided.values():
            page_shell.line(said, "Decided by you:")
        if st.button("Ask again", key="forget_answers", type="tertiary"):
            work.ask_again()
            st.rerun()


def recipe_name(reading: Reading) -> str:
    """By what the file was read."""
    ours = {"": "template", "proposed": "proposed from the titles", "edited": "edited here"}
    name = reading.recipe.name
    return ours.get(name, f"{name}, an earlier one that fits" if reading.is_proposed else name)


def kilobytes(size: int) -> str:
    """The size of a file for people."""
    return (
        f"{size} bytes"
        if size < 1000
        else f"{size / 1000:,.1f} kB"
        if size < 1_000_000
        else f"{size / 1_000_000:,.1f} MB"
    )
