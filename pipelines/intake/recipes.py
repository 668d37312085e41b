"""A recipe says how a publisher's files are read. Kept as TOML.

It holds their columns and words → ours, units, currency, rows to leave out.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pipelines import files
from pipelines.file_schemas import BUDGET_LINE
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, Refused, nearest
from pipelines.foreign_files.header_words import plain
from pipelines.intake.table_layout import Layout

UNITS: dict[str, int | Decimal] = {
    "cent": Decimal("0.01"), "one": 1, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip
ODD = ("blank", "total", "footer", "header-repeated")
SUMS = ("leave_out", "count")
NEEDED = ("programme", "stage", "basis", "source_url")


@dataclass(frozen=True)
class Skip:
    """Rows to leave out, by the words in one of their columns; empty text stands for an empty cell."""

    column: str
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Amount:
    """A column of amounts.

    Each filled cell of it becomes a row of ours, with these constants beside those of the recipe.

    unit: what one stands for; None leaves it to the file. rate: units of the currency per euro, of the
    day rate_on. round: amounts finer than a cent are rounded together. own_money: no other column of the
    file holds this money, so that it is added to theirs.
    """

    column: str
    constants: Mapping[str, str] = field(default_factory=dict)
    unit: int | Decimal | None = None
    currency: str = ""
    rate: Decimal | None = None
    rate_on: date | None = None
    rate_url: str = ""
    expect: Decimal | None = None
    round: bool = False
    own_money: bool = False


@dataclass(frozen=True)
class Rate:
    """Units of a currency per euro, of a day, and where it is published."""

    rate: Decimal
    rate_on: date | None
    rate_url: str


@dataclass(frozen=True)
class Recipe:
    """How to read the files of one publisher.

    What is given is not guessed; what is empty is found in the file and shown.

    columns: their title → our columns. words: our column → their word → our code. odd: which odd rows may
    be left out. sums: whether rows that are the sum of others are left out or counted; empty: it is asked.
    percentages: “leave_out” where percentages among amounts are no amounts; empty: it is asked.
    nothing: words that stand for no amount. footnotes: marks behind an amount that are left off. units:
    their word for a unit → what one stands for. rates: currency → its rate, for rows in it. cumulative:
    their column within which a later row takes the place of an earlier one. header_row: -1 for none.
    show_names: beneficiaries that look like natural persons and are to be shown by name all the same.
    """

    name: str = ""
    title: str = ""
    publisher: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amounts: tuple[Amount, ...] = ()
    ignored: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    odd: tuple[str, ...] = ()
    skip: tuple[Skip, ...] = ()
    cumulative: str = ""
    nothing: tuple[str, ...] = ()
    sums: str = ""
    percentages: str = ""
    footnotes: tuple[str, ...] = ()
    units: Mapping[str, Decimal] = field(default_factory=dict)
    rates: Mapping[str, Rate] = field(default_factory=dict)
    remove_hidden: bool = False
    show_names: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    thousands: str = ""
    dates: str = ""
    sheet: str = ""
    header_row: int = 0
    rows_expected: int | None = None
    note: str = ""


_READING = ("encoding", "delimiter", "decimal", "thousands", "dates", "sheet")


def parse_recipe(text: str, name: str) -> Recipe:
    """A recipe from its TOML. Raises Refused with every fault of it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused([_fault(name, "", str(error), "is no TOML.", "Mend the line that it names.")]) from None
    faults: list[Finding] = []
    allowed = {
        "title",
        "publisher",
        "note",
        "columns",
        "amount",
        "ignored",
        "words",
        "constants",
        "rows",
        "reading",
        "expect",
        "nothing",
        "footnotes",
        "units",
        "rates",
        "remove_hidden",
        "show_names",
    }
    for key in sorted(set(document) - allowed):
        faults.append(
            _fault(
                name,
                key,
                "",
                "is not a word of a recipe.",
                nearest(key, allowed) or f"The words are {', '.join(sorted(allowed))}.",
            )
        )
    reading, rows = document.get("reading", {}), document.get("rows", {})
    columns = {
        title: (column_names,) if isinstance(column_names, str) else tuple(column_names)
        for title, column_names in document.get("columns", {}).items()
    }
    for title, column_names in columns.items():
        faults += [
            _unknown(name, f"columns.{title}", one)
            for one in column_names
            if one not in BUDGET_LINE or one == "amount_eur"
        ]
    constants = {key: str(value) for key, value in document.get("constants", {}).items()}
    words = {
        key: {str(their): str(our) for their, our in value.items()}
        for key, value in document.get("words", {}).items()
    }
    faults += [_unknown(name, f"constants.{key}", key) for key in constants if key not in BUDGET_LINE]
    faults += [_unknown(name, f"words.{key}", key) for key in words if key not in BUDGET_LINE]
    amounts = tuple(amount for one in document.get("amount", []) if (amount := _amount(name, one, faults)))
    odd = tuple(rows.get("leave_out", ()))
    faults += [
        _fault(name, "rows.leave_out", one, "is no kind of row.", f"The kinds are {', '.join(ODD)}.")
        for one in odd
        if one not in ODD
    ]
    skip = tuple(
        Skip(one.get("column", ""), tuple(map(str, one.get("is", [""]))), one.get("reason", ""))
        for one in rows.get("skip", [])
        if isinstance(one, dict)
    )
    faults += [
        _fault(name, "rows.skip", one.column, "does not say why.", "Write reason = “…”.")
        for one in skip
        if not one.reason or not one.column
    ]
    if not amounts:
        faults.append(
            _fault(name, "amount", "", "is not given.", "Write [[amount]] and below it column = “…”.")
        )
    units = {word: unit for word, told in document.get("units", {}).items() if (unit := _unit(name, f"units.{word}", told, faults)) is not None}  # fmt: skip
    rates = {code.upper(): rate for code, table in document.get("rates", {}).items() if (rate := _rate(name, code, table, faults))}  # fmt: skip
    sums = str(rows.get("sums", ""))
    if sums not in ("", *SUMS):
        faults.append(_fault(name, "rows.sums", sums, "is no way to treat rows that are sums of others.", f"Write {' or '.join(SUMS)}."))  # fmt: skip
    percentages = str(rows.get("percentages", ""))
    if percentages not in ("", "leave_out"):
        faults.append(_fault(name, "rows.percentages", percentages, "is no way to treat percentages.", "Write leave_out."))  # fmt: skip
    if faults:
        raise Refused(faults)
    texts = {key: str(reading.get(key, "")) for key in _READING}
    return Recipe(
        name, document.get("title", ""), document.get("publisher", ""), columns, amounts, tuple(document.get("ignored", ())), words, constants, odd, skip,
        rows.get("cumulative", ""), tuple(document.get("nothing", ())), remove_hidden=bool(document.get("remove_hidden", False)),
        header_row=int(reading.get("header_row", 0)), rows_expected=document.get("expect", {}).get("rows"), note=document.get("note", ""), sums=sums, percentages=percentages,
        footnotes=tuple(map(str, document.get("footnotes", ()))), units=units, rates=rates,
        show_names=tuple(map(str, document.get("show_names", ()))), **texts,
    )  # fmt: skip


def _unit(name: str, key: str, told: Any, faults: list[Finding]) -> Decimal | None:
    """What a word for a unit, or a number, stands for."""
    if isinstance(told, str) and told in UNITS:
        return Decimal(UNITS[told])
    try:
        unit = Decimal(str(told))
    except InvalidOperation:
        unit = Decimal(0)
    if not unit.is_finite() or unit <= 0 or isinstance(told, bool):
        faults.append(_fault(name, key, str(told), "is no unit.", f"Write {', '.join(UNITS)}."))
        return None
    return unit


def _rate(name: str, code: str, table: Any, faults: list[Finding]) -> Rate | None:
    """The rate of a currency, from [rates.SEK]."""
    try:
        rate = Decimal(str(table["rate"]))
    except (InvalidOperation, KeyError, TypeError):
        rate = Decimal(0)
    if rate <= 0 or not isinstance(table.get("rate_on"), date) or not table.get("rate_url"):
        faults.append(_fault(name, f"rates.{code}", str(table), "has no rate, no day or no source.", "Give rate = “11.2”, rate_on = 2016-12-30 and rate_url = “https://…”."))  # fmt: skip
        return None
    return Rate(rate, table["rate_on"], table["rate_url"])


def _amount(name: str, table: Mapping[str, Any], faults: list[Finding]) -> Amount | None:
    unit = _unit(name, "amount.unit", table["unit"], faults) if "unit" in table else None
    try:
        rate = Decimal(str(table["rate"])) if "rate" in table else None
        expect = Decimal(str(table["expect"])) if "expect" in table else None
    except InvalidOperation:
        faults.append(
            _fault(
                name,
                "amount.rate",
                str(table.get("rate")),
                "is no number.",
                "Write digits with a point, in quotation marks.",
            )
        )
        return None
    if rate is not None and (
        not isinstance(table.get("rate_on"), date) or not table.get("rate_url") or rate <= 0
    ):
        faults.append(
            _fault(
                name,
                "amount.rate",
                str(rate),
                "has no day or no source.",
                "Give rate_on = 2016-12-30 and rate_url = “https://…”.",
            )
        )
    if "column" not in table:
        faults.append(
            _fault(name, "amount.column", "", "is not given.", "Name the column that holds the amounts.")
        )
        return None
    own_keys = {"column", "unit", "currency", "rate", "rate_on", "rate_url", "expect", "round", "own_money"}
    constants = {key: str(value) for key, value in table.items() if key not in own_keys}
    faults += [_unknown(name, f"amount.{key}", key) for key in constants if key not in BUDGET_LINE]
    return Amount(
        table["column"],
        constants,
        unit,
        table.get("currency", "").upper(),
        rate,
        table.get("rate_on"),
        table.get("rate_url", ""),
        expect,
        bool(table.get("round", False)),
        bool(table.get("own_money", False)),
    )


def _fault(name: str, column: str, value: str, problem: str, remedy: str) -> Finding:
    return make_finding("recipe-wrong", name, problem, column=column, value=value, remedy=remedy)


def _unknown(name: str, column: str, value: str) -> Finding:
    column_names = [one for one in BUDGET_LINE if one != "amount_eur"]
    return _fault(
        name,
        column,
        value,
        "is not one of our columns.",
        f"{nearest(value, column_names)}They are {', '.join(column_names)}.",
    )


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file; its name is the name of the file."""
    return parse_recipe(path.read_text(encoding="utf-8"), path.stem)


def read_recipes(*folders: Path) -> dict[str, Recipe]:
    """Name → recipe, of all folders; a later folder takes the place of an earlier one.

    Recipes with faults are left out.
    """
    recipes: dict[str, Recipe] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                recipes[path.stem] = read_recipe(path)
            except (Refused, UnicodeDecodeError):
                continue
    return recipes


def write_recipe(recipe: Recipe) -> str:
    """The recipe as TOML; parse_recipe reads it back the same."""
    rows = {
        "leave_out": list(recipe.odd),
        "cumulative": recipe.cumulative,
        "sums": recipe.sums,
        "percentages": recipe.percentages,
        "skip": [
            {"column": skip.column, "is": list(skip.values), "reason": skip.reason} for skip in recipe.skip
        ],
    }
    document = {
        "title": recipe.title,
        "publisher": recipe.publisher,
        "note": recipe.note,
        "ignored": list(recipe.ignored),
        "nothing": list(recipe.nothing),
        "footnotes": list(recipe.footnotes),
        "remove_hidden": recipe.remove_hidden,
        "show_names": list(recipe.show_names),
        "units": {word: _number(unit) for word, unit in recipe.units.items()},
        "rates": {
            code: {"rate": str(one.rate), "rate_on": one.rate_on, "rate_url": one.rate_url}
            for code, one in recipe.rates.items()
        },
        "reading": _filled({key: getattr(recipe, key) for key in (*_READING, "header_row")}),
        "columns": {
            title: column_names[0] if len(column_names) == 1 else list(column_names)
            for title, column_names in recipe.columns.items()
        },
        "constants": dict(recipe.constants),
        "words": {column: dict(words) for column, words in recipe.words.items()},
        "rows": _filled(rows),
        "expect": {} if recipe.rows_expected is None else {"rows": recipe.rows_expected},
        "amount": [_amount_table(amount) for amount in recipe.amounts],
    }
    return files.toml_text(_filled(document))


def _number(unit: int | Decimal) -> int | str:
    """A unit as TOML has it: a whole number, or a decimal as text."""
    return int(unit) if unit == int(unit) else str(unit)


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say something."""
    return {key: value for key, value in table.items() if value}


def _amount_table(amount: Amount) -> dict[str, Any]:
    """What [[amount]] says of one column of amounts."""
    table = {
        "column": amount.column,
        "unit": None if amount.unit is None else _number(amount.unit),
        "currency": amount.currency or None,
        "rate": None if amount.rate is None else str(amount.rate),
        "rate_on": amount.rate_on,
        "rate_url": amount.rate_url or None,
        "expect": None if amount.expect is None else str(amount.expect),
        "round": amount.round or None,
        "own_money": amount.own_money or None,
        **amount.constants,
    }
    return {key: value for key, value in table.items() if value is not None}


def mapped_titles(recipe: Recipe) -> list[str]:
    return [*recipe.columns, *(amount.column for amount in recipe.amounts)]


def misfit(recipe: Recipe, layout: Layout, file: str) -> list[Finding]:
    """What changed since a recipe was made: columns that are gone, and columns that it does not know."""
    titles = {plain(title): title for title in layout.titles if title}
    row = (layout.header and int(layout.header[-1]) + 1) or 1
    findings = []
    read_titles = [
        *mapped_titles(recipe),
        *(skip.column for skip in recipe.skip),
        *([recipe.cumulative] if recipe.cumulative else []),
    ]
    for title in dict.fromkeys(read_titles):
        if plain(title) not in titles:
            near = nearest(plain(title), titles)
            problem = f"is read by the recipe {recipe.name}, but this file has no such column."
            findings.append(
                make_finding(
                    "recipe-misfit",
                    file,
                    problem,
                    row=row,
                    column=title,
                    remedy=f"{near}Mend the recipe, or ask the publisher what changed.",
                )
            )
    named = {plain(title) for title in (*mapped_titles(recipe), *recipe.ignored, *read_titles)}
    for column_index, title in enumerate(layout.titles):
        if title and plain(title) not in named:
            problem = (
                f"is a column that the recipe {recipe.name} does not know. It is left out and never "
                "published."
            )
            findings.append(
                make_finding(
                    "column-unknown",
                    file,
                    problem,
                    row=row,
                    column=title,
                    remedy="Map it in [columns], or name it in `ignored`.",
                    column_index=column_index,
                )
            )
    return findings


def find_column(title: str, titles: Sequence[str]) -> int:
    """Which column has a title, compared without case, marks and line breaks; -1 if none has it."""
    plain_title = plain(title)
    exact = [column_index for column_index, other in enumerate(titles) if other == title]
    return (
        exact[0]
        if exact
        else next(
            (column_index for column_index, other in enumerate(titles) if plain(other) == plain_title), -1
        )
    )
