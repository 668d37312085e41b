"""Step 2, for files in other shapes: the recipe, proposed, edited here with a live preview, and saved for the
publisher's next file.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from pages.parts.auth import identity
from pages.parts.staff import action_messages
from pages.parts.staff.draft_model import Work, save_recipe
from pages.parts.text import staff as text
from pages.parts.text.translation import say
from pages.parts.ui import page_shell
from pipelines.file_schemas import BUDGET_LINE
from pipelines.findings import column_letters
from pipelines.foreign_files.amounts import UNREAD
from pipelines.foreign_files.header_words import plain
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import Reading
from pipelines.intake.recipes import ODD, UNITS, Amount, Recipe, find_column, write_recipe

LEFT_OUT, UNDECIDED = "left-out", "undecided"  # codes beside the names of our columns
CHOICES = {LEFT_OUT: text.LEFT_OUT, UNDECIDED: text.UNDECIDED}
AMOUNT = "amount_eur"
SHOWN = 8
WORDS_SHOWN = 200


def editor(work: Work, reading: Reading) -> None:
    """The recipe in four parts, and what comes of it.

    Each change reads the file again; what nobody changes stays as it is.
    """
    recipe = reading.recipe
    edited = _columns(reading, recipe, work.edition)
    edited = _words(reading, edited, work.edition)
    edited = _amounts(edited, work.edition)
    edited = _constants(edited, work.edition)
    if write_recipe(edited) != write_recipe(recipe):
        work.change(edited)
        st.rerun()
    page_shell.section(say(text.WHAT_COMES), say(text.FIRST_ROWS, number=SHOWN), level=3)
    for block in reading.blocks[:4]:
        rows = block.table.slice(0, SHOWN).to_pandas().fillna("").map(_preview)
        st.dataframe(
            rows,
            hide_index=True,
            alt=say(text.FIRST_ROWS_OF, column=block.amount.column),
            key=f"preview_{block.amount.column}",
        )
    _text(work, recipe)


def _preview(cell: str) -> str:
    """A cell of the preview; one that could not be read says so."""
    return say(text.NOT_READ, cell=cell.removeprefix(UNREAD)) if cell.startswith(UNREAD) else cell


def _choice_label(choice: object) -> str:
    """What a column of theirs can become, in words: the names of our columns are shown as they are."""
    return say(CHOICES[choice]) if isinstance(choice, str) and choice in CHOICES else str(choice)


def _columns(reading: Reading, recipe: Recipe, edition: int) -> Recipe:
    page_shell.section(say(text.THEIR_COLUMNS), say(text.EVERY_COLUMN), level=3)
    now = {plain(title): ", ".join(ours) for title, ours in recipe.columns.items()}
    now |= {plain(title): LEFT_OUT for title in recipe.ignored} | {
        plain(amount.column): AMOUNT for amount in recipe.amounts
    }
    rows = [
        {
            "letters": column_letters(index + 1),
            "title": title,
            "first_cell": _first_cell(reading, index),
            "becomes": now.get(plain(title), UNDECIDED),
        }
        for index, title in enumerate(reading.layout.titles if reading.layout else ())
        if title
    ]
    if not rows:
        return recipe
    options = [LEFT_OUT, *BUDGET_LINE, *sorted({row["becomes"] for row in rows} - {LEFT_OUT, *BUDGET_LINE})]
    titles: dict[str, Any] = {name: say(title) for name, title in text.COLUMN_TITLES.items()}
    table: Any = st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        disabled=["letters", "title", "first_cell"],
        column_config=titles
        | {
            "becomes": st.column_config.SelectboxColumn(
                titles["becomes"], options=options, required=True, format_func=_choice_label
            )
        },
        key=f"columns_{edition}",
    )
    return remapped(
        recipe,
        {
            row["title"]: ours
            for row, ours in zip(rows, table["becomes"], strict=True)
            if ours != row["becomes"]
        },
    )


def remapped(recipe: Recipe, changed: Mapping[str, str]) -> Recipe:
    """The recipe with other columns of ours for some of their titles.

    changed: title → our columns parted by commas, LEFT_OUT or UNDECIDED.
    """
    titles = {plain(title) for title in changed}
    mapped = {
        title: tuple(ours.split(", "))
        for title, ours in changed.items()
        if ours not in (LEFT_OUT, UNDECIDED, AMOUNT)
    }
    return replace(
        recipe,
        columns={title: ours for title, ours in recipe.columns.items() if plain(title) not in titles}
        | mapped,
        amounts=(
            *(amount for amount in recipe.amounts if plain(amount.column) not in titles),
            *(Amount(title) for title, ours in changed.items() if ours == AMOUNT),
        ),
        ignored=(
            *(title for title in recipe.ignored if plain(title) not in titles),
            *(title for title, ours in changed.items() if ours == LEFT_OUT),
        ),
    )


def _words(reading: Reading, recipe: Recipe, edition: int) -> Recipe:
    """Their words in columns of codes → ours, a table for each column of ours."""
    vocabularies, words_of = read_vocabularies(), _words_in_file(reading, recipe)
    if words_of:
        page_shell.section(say(text.THEIR_WORDS), say(text.WORD_WITHOUT_CODE), level=3)
    titles: dict[str, Any] = {name: say(title) for name, title in text.WORD_TITLES.items()}
    code_of = {name: dict(mapped) for name, mapped in recipe.words.items()}
    for name, their in words_of.items():
        codes = vocabularies[BUDGET_LINE[name].of]
        mapped = recipe.words.get(name, {})
        rows = [{"word": word, "code": mapped.get(word, word if word in codes else "")} for word in their]
        page_shell.line(say(text.WORDS, number=len(rows)), say(text.COLUMN_NAME, column=name))
        table: Any = st.data_editor(
            pd.DataFrame(rows),
            hide_index=True,
            disabled=["word"],
            column_config=titles
            | {"code": st.column_config.SelectboxColumn(titles["code"], options=["", *sorted(codes)])},
            key=f"words_{name}_{edition}",
        )
        for row, code in zip(rows, table["code"], strict=True):
            if (code or "") != row["code"]:
                code_of.setdefault(name, {}).pop(row["word"], None)
                if code and code != row["word"]:
                    code_of[name][row["word"]] = code
    return replace(recipe, words={name: mapped for name, mapped in code_of.items() if mapped})


def _words_in_file(reading: Reading, recipe: Recipe) -> dict[str, list[str]]:
    """Our columns of codes that are read from the file → the different words in them, the first of many."""
    words: dict[str, list[str]] = {}
    for title, ours in recipe.columns.items():
        index = find_column(title, reading.layout.titles) if reading.layout else -1
        names = [name for name in ours if BUDGET_LINE[name].of]
        if names and index >= 0 and reading.grid is not None and reading.layout is not None:
            different = pc.unique(reading.grid.column(index).take(reading.layout.rows)).to_pylist()
            words |= dict.fromkeys(names, [word for word in different if word and word.strip()][:WORDS_SHOWN])
    return {name: their for name, their in words.items() if their}


def _amounts(recipe: Recipe, edition: int) -> Recipe:
    """Unit, currency and dated rate of each column of amounts."""
    amounts = []
    for number, amount in enumerate(recipe.amounts):
        page_shell.section(say(text.AMOUNTS_IN, column=amount.column), level=3)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            names = ["", *UNITS]  # without a unit, the title names it
            by_value = {value: name for name, value in UNITS.items()}
            unit = st.selectbox(
                say(text.ONE_STANDS_FOR),
                names,
                index=names.index(by_value.get(amount.unit or 0, "")),
                format_func=lambda name: name or say(text.AS_TITLED),
                key=f"unit_{number}_{edition}",
                width=180,
            )
            currency = st.text_input(
                say(text.CURRENCY),
                amount.currency,
                max_chars=3,
                key=f"currency_{number}_{edition}",
                width=120,
                placeholder=EURO,
            ).upper()
            rate = NO_RATE
            if currency and currency != EURO:
                rate = _rate(f"{number}_{edition}", amount, currency)
            is_rounded = st.checkbox(say(text.ROUND), amount.round, key=f"round_{number}_{edition}")
        amounts.append(replace(amount, unit=UNITS.get(unit), currency=currency, round=is_rounded, **rate))
    return replace(recipe, amounts=tuple(amounts))


EURO = "EUR"
NO_RATE: dict[str, Any] = {"rate": None, "rate_on": None, "rate_url": ""}


def _rate(key: str, amount: Amount, currency: str) -> dict[str, Any]:
    written = st.text_input(
        say(text.PER_EURO, currency=currency), str(amount.rate or ""), key=f"rate_{key}", width=140
    )
    day = st.date_input(
        say(text.RATE_OF), amount.rate_on, key=f"rate_on_{key}", width=160, max_value=date.today()
    )
    url = st.text_input(
        say(text.RATE_WHERE), amount.rate_url, key=f"rate_url_{key}", placeholder="https://…", width=260
    )
    try:
        rate = Decimal(written) if written.strip() else None
    except InvalidOperation:
        rate = None
    is_whole = (
        rate is not None
        and rate.is_finite()
        and rate > 0
        and isinstance(day, date)
        and url.startswith("https://")
    )
    if not is_whole:
        page_shell.line(say(text.RATE_HOLDS))
        return NO_RATE
    return {"rate": rate, "rate_on": day, "rate_url": url}


def _constants(recipe: Recipe, edition: int) -> Recipe:
    """What holds for every row and stands in no column."""
    page_shell.section(say(text.SAME_IN_ROWS), say(text.SAME_WHY), level=3)
    vocabularies = read_vocabularies()
    mapped = {name for ours in recipe.columns.values() for name in ours}
    constants = dict(recipe.constants)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name, cell in BUDGET_LINE.items():
            if name == AMOUNT or name in mapped:
                continue
            if cell.of:
                now = constants.get(name, "")
                options = ["", *sorted({*vocabularies[cell.of], now} - {""})]
                value = st.selectbox(
                    name, options, index=options.index(now), key=f"constant_{name}_{edition}", width=200
                )
            else:
                value = st.text_input(
                    name, constants.get(name, ""), key=f"constant_{name}_{edition}", width=200
                )
            constants.pop(name, None)
            if value:
                constants[name] = value
    odd = st.multiselect(
        say(text.ROWS_LEFT_OUT),
        ODD,
        list(recipe.odd),
        key=f"leave_out_{edition}",
        placeholder=say(text.NONE),
    )
    return replace(recipe, constants=constants, odd=tuple(odd))


def _text(work: Work, recipe: Recipe) -> None:
    """The same recipe as TOML: to read, to edit, to save."""
    with st.expander(say(text.AS_TEXT)):
        toml = write_recipe(recipe)
        written = st.text_area(say(text.TOML), toml, height=280, key=f"recipe_text_{hash(toml)}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if st.button(say(text.READ_BY_TEXT), key="apply_recipe") and written != toml:
                work.rewrite(written)
                st.rerun()
            name = st.text_input(
                say(text.NAME),
                "" if recipe.name in ("proposed", "edited") else recipe.name,
                key="recipe_name",
                placeholder="berlin-esf",
            )
            if st.button(say(text.SAVE_RECIPE), key="save_recipe"):
                with action_messages.report_errors():
                    identity.may("upload")
                    path = save_recipe(written, name)
                    work.rewrite(written)
                    action_messages.keep(say(text.RECIPE_SAVED, name=path.stem))
                    st.rerun()


def _first_cell(reading: Reading, index: int) -> str:
    if reading.grid is None or reading.layout is None or not len(reading.layout.rows):
        return ""
    return reading.grid.cell(int(reading.layout.rows[0]), index)[:60]
