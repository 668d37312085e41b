"""Step 2: how the file was read.

Everything that was detected is shown; what can be read in two ways is asked, with both sums.
"""

from decimal import Decimal

import streamlit as st

from pages.parts.staff.draft_model import Work
from pages.parts.text import formatting
from pages.parts.text import staff as text
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.ui import components, page_shell
from pipelines.file_schemas import SHAPES, uploadable
from pipelines.intake.read_upload import Reading
from pipelines.intake.validate import Verdict


def facts(name: str, size: int, reading: Reading, verdict: Verdict) -> None:
    """File, fingerprint, dialect, header, rows and sums."""
    sha256 = f"{reading.sha256[:4]} {reading.sha256[4:8]} … {reading.sha256[-4:]}"
    lines = [
        (say(text.FILE), say(text.FILE_SIZE, name=name, size=file_size(size))),
        (say(text.SHA256), sha256),
        (say(text.RECIPE), recipe_name(reading)),
    ]
    lines += [(formatting.sentence(what), value) for what, value in reading.detected.items()]
    if reading.layout and reading.layout.preamble:
        lines.append((say(text.ABOVE_HEADER), say(text.LINES, number=len(reading.layout.preamble))))
    counted = say(
        text.ROWS_READ,
        read=verdict.rows_read,
        accepted=verdict.rows_accepted,
        refused=verdict.rows_refused,
    )
    lines.append((say(text.ROWS_TITLE), counted))
    for one in verdict.sums:
        label = say(text.SUM) if len(verdict.sums) == 1 else say(text.SUM_OF, column=one.column)
        amount = formatting.euros_in_full(one.amount_eur)
        lines.append((label, say(text.AMOUNT_IN_ROWS, amount=amount, number=one.rows)))
    components.facts(lines)


def kind_of_rows(work: Work, reading: Reading) -> None:
    """What the rows of the file are: told by its titles, and changed here where they tell it wrong."""
    shapes = uploadable()
    chosen = st.selectbox(
        say(text.WHAT_IT_HOLDS),
        shapes,
        index=shapes.index(reading.shape),
        format_func=lambda name: SHAPES[name].title,
        key=f"shape_{work.sha256[:8]}_{reading.shape}",
    )
    if chosen != reading.shape:
        work.take_as(chosen)
        st.rerun()


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
    if work.decided:
        for choice in work.decided.values():
            page_shell.line(choice, say(text.DECIDED))
        if st.button(say(text.ASK_AGAIN), key="forget_answers", type="tertiary"):
            work.ask_again()
            st.rerun()


def recipe_name(reading: Reading, locale: str = ENGLISH) -> str:
    """By what the file was read."""
    name = reading.recipe.name
    if name in text.RECIPES:
        return say(text.RECIPES[name], locale)
    return say(text.EARLIER_RECIPE, locale, name=name) if reading.is_proposed else name


def file_size(size: int, locale: str = ENGLISH) -> str:
    """The size of a file for people. size: in bytes."""
    if size < 1000:
        return say(text.BYTES, locale, number=size)
    template, unit = (text.KILOBYTES, 1000) if size < 1_000_000 else (text.MEGABYTES, 1_000_000)
    return say(template, locale, number=formatting.fixed(Decimal(size) / unit, 1, locale))
