"""Step 2, for files in other shapes: the recipe, proposed, edited here with a live preview, and saved for the publisher's next file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from pages.parts.auth import identity
from pages.parts.staff import feedback
from pages.parts.staff.draft import Work, save_recipe
from pages.parts.text import formatting
from pages.parts.ui import page_shell
from pipelines.cli.check import read_words
from pipelines.file_schemas import BUDGET_LINE
from pipelines.findings import column_letters
from pipelines.foreign_files.amounts import UNREAD
from pipelines.foreign_files.header_words import plain
from pipelines.intake.read_upload import Reading
from pipelines.intake.recipes import ODD, UNITS, Amount, Recipe, find_column, write_recipe

LEFT_OUT, UNDECIDED = "left out", "not decided yet"
SHOWN = 8
WORDS_SHOWN = 200


def editor(work: Work, reading: Reading) -> None:
    """The recipe in four parts, and what comes of it. Each change reads the file again; what nobody changes stays as it is."""
    recipe = reading.recipe
    edited = _columns(reading, recipe, work.edition)
    edited = _words(reading, edited, work.edition)
    edited = _amounts(edited, work.edition)
    edited = _constants(edited, work.edition)
    if write_recipe(edited) != write_recipe(recipe):
        work.change(edited)
        st.rerun()
    page_shell.section(
        "What comes of it", f"The first {SHOWN} rows in our columns, as they would be published.", level=3
    )
    for block in reading.blocks[:4]:
        rows = block.table.slice(0, SHOWN).to_pandas().fillna("").map(_told)
        st.dataframe(
            rows,
            hide_index=True,
            alt=f"The first rows of {block.amount.column} in our columns",
            key=f"preview_{block.amount.column}",
        )
    _text(work, recipe)


def _told(cell: str) -> str:
    """A cell of the preview; one that could not be read says so."""
    return f"not read: {cell.removeprefix(UNREAD)}" if cell.startswith(UNREAD) else cell


def _columns(reading: Reading, recipe: Recipe, edition: int) -> Recipe:
    page_shell.section("Their columns, and ours", "Every column is mapped or left out by name.", level=3)
    now = {plain(title): ", ".join(ours) for title, ours in recipe.columns.items()}
    now |= {plain(title): LEFT_OUT for title in recipe.ignored} | {
        plain(amount.column): "amount_eur" for amount in recipe.amounts
    }
    rows = [
        {
            "Column": column_letters(place + 1),
            "Title": title,
            "First cell": _first(reading, place),
            "Becomes": now.get(plain(title), UNDECIDED),
        }
        for place, title in enumerate(reading.layout.titles if reading.layout else ())
        if title
    ]
    if not rows:
        return recipe
    options = [LEFT_OUT, *BUDGET_LINE, *sorted({row["Becomes"] for row in rows} - {LEFT_OUT, *BUDGET_LINE})]
    table: Any = st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        disabled=["Column", "Title", "First cell"],
        column_config={
            "Becomes": st.column_config.SelectboxColumn("Becomes", options=options, required=True)
        },
        key=f"columns_{edition}",
    )
    return remapped(
        recipe,
        {
            row["Title"]: ours
            for row, ours in zip(rows, table["Becomes"], strict=True)
            if ours != row["Becomes"]
        },
    )


def remapped(recipe: Recipe, changed: Mapping[str, str]) -> Recipe:
    """The recipe with other columns of ours for some of their titles. changed: title → our columns parted by commas, LEFT_OUT or UNDECIDED."""
    titles = {plain(title) for title in changed}
    mapped = {
        title: tuple(ours.split(", "))
        for title, ours in changed.items()
        if ours not in (LEFT_OUT, UNDECIDED, "amount_eur")
    }
    return replace(
        recipe,
        columns={title: ours for title, ours in recipe.columns.items() if plain(title) not in titles}
        | mapped,
        amounts=(
            *(amount for amount in recipe.amounts if plain(amount.column) not in titles),
            *(Amount(title) for title, ours in changed.items() if ours == "amount_eur"),
        ),
        ignored=(
            *(title for title in recipe.ignored if plain(title) not in titles),
            *(title for title, ours in changed.items() if ours == LEFT_OUT),
        ),
    )


def _words(reading: Reading, recipe: Recipe, edition: int) -> Recipe:
    """Their words in columns of codes → ours, a table for each column of ours."""
    vocabularies, found = read_words(), _found_words(reading, recipe)
    if found:
        page_shell.section(
            "Their words, and our codes", "A word without a code cannot be published.", level=3
        )
    told = {name: dict(known) for name, known in recipe.words.items()}
    for name, their in found.items():
        codes = vocabularies[BUDGET_LINE[name].of]
        known = recipe.words.get(name, {})
        rows = [
            {"Their word": word, "Our code": known.get(word, word if word in codes else "")} for word in their
        ]
        page_shell.line(formatting.count(len(rows), "word"), f"{name}:")
        table: Any = st.data_editor(
            pd.DataFrame(rows),
            hide_index=True,
            disabled=["Their word"],
            column_config={
                "Our code": st.column_config.SelectboxColumn("Our code", options=["", *sorted(codes)])
            },
            key=f"words_{name}_{edition}",
        )
        for row, code in zip(rows, table["Our code"], strict=True):
            if (code or "") != row["Our code"]:
                told.setdefault(name, {}).pop(row["Their word"], None)
                if code and code != row["Their word"]:
                    told[name][row["Their word"]] = code
    return replace(recipe, words={name: known for name, known in told.items() if known})


def _found_words(reading: Reading, recipe: Recipe) -> dict[str, list[str]]:
    """Our columns of codes that are read from the file → the different words in them, the first of very many."""
    found: dict[str, list[str]] = {}
    for title, ours in recipe.columns.items():
        place = find_column(title, reading.layout.titles) if reading.layout else -1
        names = [name for name in ours if BUDGET_LINE[name].of]
        if names and place >= 0 and reading.grid is not None and reading.layout is not None:
            different = pc.unique(reading.grid.column(place).take(reading.layout.rows)).to_pylist()
            found |= dict.fromkeys(names, [word for word in different if word and word.strip()][:WORDS_SHOWN])
    return {name: their for name, their in found.items() if their}


def _amounts(recipe: Recipe, edition: int) -> Recipe:
    """Unit, currency and dated rate of each column of amounts."""
    found = []
    for number, amount in enumerate(recipe.amounts):
        page_shell.section(f"Amounts in “{amount.column}”", level=3)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            names = ["as the title says", *UNITS]
            by_value = {value: name for name, value in UNITS.items()}
            now = by_value.get(amount.unit or 0, names[0])
            unit = st.selectbox(
                "One stands for", names, index=names.index(now), key=f"unit_{number}_{edition}", width=180
            )
            currency = st.text_input(
                "Currency",
                amount.currency,
                max_chars=3,
                key=f"currency_{number}_{edition}",
                width=120,
                placeholder="EUR",
            ).upper()
            told: dict[str, Any] = {"rate": None, "rate_on": None, "rate_url": ""}
            if currency and currency != "EUR":
                told = _rate(f"{number}_{edition}", amount, currency)
        found.append(replace(amount, unit=UNITS.get(unit), currency=currency, **told))
    return replace(recipe, amounts=tuple(found))


def _rate(key: str, amount: Amount, currency: str) -> dict[str, Any]:
    written = st.text_input(f"{currency} per euro", str(amount.rate or ""), key=f"rate_{key}", width=140)
    day = st.date_input("Rate of", amount.rate_on, key=f"rate_on_{key}", width=160, max_value=date.today())
    url = st.text_input(
        "Where the rate stands", amount.rate_url, key=f"rate_url_{key}", placeholder="https://…", width=260
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
        page_shell.line("The rate holds when the number, its day and its address are given.")
        return {"rate": None, "rate_on": None, "rate_url": ""}
    return {"rate": rate, "rate_on": day, "rate_url": url}


def _constants(recipe: Recipe, edition: int) -> Recipe:
    """What holds for every row and stands in no column."""
    page_shell.section(
        "The same in every row", "For what the file does not say, such as its programme or stage.", level=3
    )
    vocabularies = read_words()
    mapped = {name for ours in recipe.columns.values() for name in ours}
    told = dict(recipe.constants)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name, cell in BUDGET_LINE.items():
            if name == "amount_eur" or name in mapped:
                continue
            if cell.of:
                now = told.get(name, "")
                options = ["", *sorted({*vocabularies[cell.of], now} - {""})]
                value = st.selectbox(
                    name, options, index=options.index(now), key=f"constant_{name}_{edition}", width=200
                )
            else:
                value = st.text_input(name, told.get(name, ""), key=f"constant_{name}_{edition}", width=200)
            told.pop(name, None)
            if value:
                told[name] = value
    odd = st.multiselect(
        "Rows to leave out", ODD, list(recipe.odd), key=f"leave_out_{edition}", placeholder="none"
    )
    return replace(recipe, constants=told, odd=tuple(odd))


def _text(work: Work, recipe: Recipe) -> None:
    """The same recipe as TOML: to read, to edit, to save."""
    with st.expander("The recipe as text, and saving it"):
        text = write_recipe(recipe)
        written = st.text_area("Recipe (TOML)", text, height=280, key=f"recipe_text_{hash(text)}")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if st.button("Read the file by this text", key="apply_recipe") and written != text:
                work.rewrite(written)
                st.rerun()
            name = st.text_input(
                "Name",
                "" if recipe.name in ("proposed", "edited") else recipe.name,
                key="recipe_name",
                placeholder="berlin-esf",
            )
            if st.button("Save for the next file", key="save_recipe"):
                with feedback.report_errors():
                    identity.may("upload")
                    path = save_recipe(written, name)
                    work.rewrite(written)
                    feedback.say(
                        f"The recipe {path.stem} was saved. The next file with these columns is read by it."
                    )
                    st.rerun()


def _first(reading: Reading, place: int) -> str:
    if reading.grid is None or reading.layout is None or not len(reading.layout.rows):
        return ""
    return reading.grid.cell(int(reading.layout.rows[0]), place)[:60]
