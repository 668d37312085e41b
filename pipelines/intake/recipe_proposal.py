"""A recipe for a file that has none: that of the template, one of an earlier file, or what its titles say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.findings import shown
from pipelines.foreign_files.dates import year_of
from pipelines.foreign_files.header_words import plain
from pipelines.foreign_files.money_words import read_title
from pipelines.intake.header_matching import guess_columns
from pipelines.intake.recipes import NEEDED, ODD, Amount, Recipe, mapped_titles
from pipelines.intake.table_layout import Layout, language_columns, template_columns

TEMPLATE = Recipe("template", "The staff template", amounts=(Amount("amount_eur", unit=1, currency="EUR"),))


def template_recipe(layout: Layout) -> Recipe:
    """The recipe of a file under our own names, or under our words in another language."""
    column_indices = (
        template_columns(layout.titles) if layout.is_template else language_columns(layout.titles)
    )
    columns = {
        layout.titles[column_index]: (name,)
        for name, column_index in column_indices.items()
        if name != "amount_eur"
    }
    if "amount_eur" not in column_indices:
        return replace(TEMPLATE, columns=columns, amounts=())
    title = layout.titles[column_indices["amount_eur"]]
    amount = Amount(title, unit=1, currency="EUR") if layout.is_template else Amount(title)
    return replace(TEMPLATE, columns=columns, amounts=(amount,))


def speaks_template(layout: Layout) -> bool:
    """Whether a header names, in whatever language, everything that the template needs."""
    column_indices = language_columns(layout.titles)
    return (
        bool(layout.header)
        and all(name in column_indices for name in (*NEEDED, "amount_eur"))
        and ("year" in column_indices or "dated_on" in column_indices)
    )


def propose(layout: Layout, known_recipes: Iterable[Recipe] = (), kinds: Sequence[str] = ()) -> Recipe:
    """Propose a recipe for a file that has none; it may lack constants.

    An earlier recipe is proposed if its titles are all there, else what titles and cells say. kinds: what the
    cells of each column are, from column_kinds.py, and "place" for towns and post codes. Where no title names
    amounts, every column of money is proposed.
    """
    titles = {plain(title) for title in layout.titles if title}
    fitting = [
        recipe
        for recipe in known_recipes
        if mapped_titles(recipe) and {plain(title) for title in mapped_titles(recipe)} <= titles
    ]
    if fitting:
        return max(fitting, key=lambda recipe: len(mapped_titles(recipe)))
    guesses = guess_columns(layout.titles)
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    kinds = kinds or [""] * len(layout.titles)
    amounts = [
        column_index
        for column_index, guess in guesses.items()
        if guess.column == "amount_eur"
        and guess.score >= 0.75
        and kinds[column_index] not in ("rate", "day", "words")
    ]
    money = [
        column_index
        for column_index, kind in enumerate(kinds)
        if kind == "money" and layout.titles[column_index]
    ]
    named = [
        column_index
        for column_index in money
        if column_index in guesses and guesses[column_index].column == "amount_eur"
    ]
    amounts = amounts or named or money
    # a title that names a currency names money, whatever else it calls it
    amounts = sorted(
        {*amounts, *(one for one in money if amounts and read_title(layout.titles[one]).currencies)}
    )
    # beside a column of one year, those of other years are amounts too, whatever else they are called; a
    # column without a year is then their sum, or something else, and is named as left out
    dated = [column_index for column_index in money if year_of(layout.titles[column_index])]
    if len({year_of(layout.titles[column_index]) for column_index in dated}) > 1:
        amounts = dated
    for column_index, guess in sorted(guesses.items(), key=lambda pair: (-pair[1].score, pair[0])):
        ours = "year" if guess.column == "dated_on" and kinds[column_index] == "year" else guess.column
        if (
            ours != "amount_eur"
            and ours not in taken
            and guess.score >= 0.6
            and column_index not in amounts
            and kinds[column_index] != "money"
            and (ours != "site" or kinds[column_index] != "place")
        ):
            columns[layout.titles[column_index]] = (ours,)
            taken.add(ours)
    ignored = tuple(
        title
        for column_index, title in enumerate(layout.titles)
        if title and title not in columns and column_index not in amounts
    )
    return Recipe(
        "proposed",
        columns=columns,
        amounts=tuple(_of_its_year(layout.titles[column_index], taken) for column_index in amounts),
        ignored=ignored,
        odd=ODD,
    )


def _of_its_year(title: str, taken: set[str]) -> Amount:
    """A column of amounts, with the year that its title names, unless another column gives the years."""
    year = year_of(title) if not taken & {"year", "dated_on"} else None
    return Amount(title, {"year": year} if year else {})


def described(recipe: Recipe, money: Sequence[str] = ()) -> str:
    """A recipe in one line, for a message. money: titles of columns of money; those left out are named."""
    pairs = [f"{shown(title)} → {', '.join(column_names)}" for title, column_names in recipe.columns.items()]
    for amount in recipe.amounts:
        more = ", ".join(f"{name} {word}" for name, word in amount.constants.items())
        pairs.append(f"{shown(amount.column)} → amount_eur{f' ({more})' if more else ''}")
    taken = {amount.column for amount in recipe.amounts}
    left = [title for title in money if title not in taken]
    told = "; ".join(pairs)
    return f"{told}. It leaves out columns of money: {', '.join(map(shown, left))}" if left else told
