"""Frames of the Euros page → words and bars. Pure; the sums come from the queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.figure_model import Source
from pages.parts.text import formatting, headlines
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.tables import table
from pages.parts.text.translation import Message, message, plural, say
from pipelines import frame_rows
from pipelines.double_counting import ONLY_SPLIT
from pipelines.queries.choice import Choice

# --- what can be chosen

COUNTS = {"net": message("Counted once"), "gross": message("With double counting")}
PRICES = {"current": message("Current"), "constant-2018": message("2018 prices")}
LEVELS = {"envelopes": message("Programme totals first"), "all": message("Everything published")}
ONLY_LEVEL = message("Only: {level}")
NONE_LEFT = message("{label} (none)")

# --- what nothing was found for

SHOW = message("Show {label}")
SHOW_ALL_LEVELS = message("Show every level of detail")
HOPED_FOR = message("Investment that is only hoped for is never added up.")
HOPED_FOR_WHY = message(
    "It is mostly other people’s money, and the figures overlap in ways that nobody publishes. The Overview "
    "shows each figure by itself."
)
NOT_ZERO = message("This does not mean zero.")
NO_MATCH = message("Nothing matches. {scope}: no entry is {stage} ({basis}).")
NOTHING_TO_ADD = message("{scope}: nothing that is {stage} ({basis}) can be added up.")
NOWHERE = message("We have nothing of it at other stages or of other kinds either. Try another programme.")
ELSEWHERE = plural(
    "{number}\u00a0entry of the same choice exists at another stage or of another kind.",
    "{number}\u00a0entries of the same choice exist at other stages or of other kinds.",
)
ELSEWHERE_LEVEL = plural(
    "{number}\u00a0entry of the same choice exists at another level of detail, stage or of another kind.",
    "{number}\u00a0entries of the same choice exist at other levels of detail, stages or of other kinds.",
)

OTHER_PAYERS = plural(
    "Money of this kind does not come from the EU programmes. {number}\u00a0entry stands under other payers: "
    "choose a programme or an initiative.",
    "Money of this kind does not come from the EU programmes. {number}\u00a0entries stand under other payers: "
    "choose a programme or an initiative.",
)

# --- what was looked into

OF_TRACKED = message("EU programmes")
OF_PROGRAMMES = message("{programmes}")
OF_MANY_PROGRAMMES = plural("{number} chosen programme", "{number} chosen programmes")
OF_INITIATIVES = message("{initiatives}, in all programmes")
OF_MANY_INITIATIVES = plural(
    "{number} chosen initiative, in all programmes", "{number} chosen initiatives, in all programmes"
)
OF_BARE = message("{initiatives}")
OF_MANY_BARE = plural("{number} chosen initiative", "{number} chosen initiatives")
OF_BOTH = message("{initiatives} in {programmes}")
SCOPES = {
    "whole": message("{scope}, totals only"),
    "": message("{scope}, all amounts"),
}
PAID_SCOPE = message("{scope}, payments found for {programmes} alone")
SCOPE_LEVEL = message("{scope}, only the level “{level}”")
MOST_SCOPES = 4  # programmes or initiatives that a headline names

# --- the sums

EUROS, ENTRIES = message("Euros"), message("Entries")
TOTALS = message("Programme totals, {stage} · {basis}, current prices.")
TOTALS_OF = message("Programme totals of {programmes}, {stage} · {basis}, current prices.")
EVERYTHING = message("All published amounts, {stage} · {basis}, current prices.")
EVERYTHING_OF = message("All published amounts of {programmes}, {stage} · {basis}, current prices.")
LEVEL = message("Only amounts of the level “{level}”, {stage} · {basis}, current prices.")
LEVEL_OF = message("Only amounts of the level “{level}” of {programmes}, {stage} · {basis}, current prices.")
REMOVED = plural(
    "{amount} of double counting removed, {number}\u00a0overlap.",
    "{amount} of double counting removed, {number}\u00a0overlaps.",
)
NOTHING_REMOVED = message("No double counting is known.")
NET = message("{gross} including double counting − {removed} counted twice = {net} counted once.")
IN_ALL = message("{net} in all.")
NO_AMOUNT = message("No amount is published.")
COUNTED_ONCE = message("Counted once")
INCLUDING_DOUBLE = message("Including double counting")
TAKEN_OFF = message("Counted twice, so taken off")
ONE_SUM = message("Sum, nothing in it counted twice")
OTHER_CURRENCY = message("In another currency")
BESIDE_UNION = message("Compared with the whole EU")
COUNTED_TWICE = message("Counted twice")
COUNTED_TWICE_HOW = message(
    "{removed} of it is part of other chosen entries and counted again. Counted once, it is {net}."
)
NOTHING_TWICE = message("Nothing: no overlap is recorded among these entries.")
WHY_TAKEN_OFF = message("Why taken off")
TAKEN_OFF_WHY = message(
    "Another chosen entry already includes each of these. The list of overlaps under the figure says which, "
    "and who says so."
)
OUTLINED = message("Filled bars are counted. Outlined parts are already inside the bar of the same colour.")
FILLED = message("Including double counting: parts that another bar already includes are counted again.")

# --- the envelopes, the years, the headings

DEFLATOR_TITLE = message("Deflator")
DEFLATOR = message("{year:d}: {rate}, with 2018 = 1. {note} {publisher}: {address}")
DEFLATOR_SOURCE = message("{publisher}, the deflator of the EU budget")
IN_FULL = message("In full")
CALCULATED = message("Calculated as")
IN_2018_PRICES = message("{amount} in 2018 prices")
DEFLATED = message("{current} in current prices ÷ {rate} = {constant} in 2018 prices")
CONVERTED = message("In {currency}: {amount} at the ECB rate of {day} (€1 = {rate} {currency}).")
BAR = message("{name}: {amount}")
BAR_INSIDE = message("{name}: {amount}, already inside another")
VALUE = message("{name}")
VALUE_REMOVED = message("{name}, counted elsewhere")
VALUE_OF = message("{name}, {programme}")
VALUE_OF_REMOVED = message("{name}, {programme}, counted elsewhere")
IS_REMOVED, IS_COUNTED = message("no, counted elsewhere"), message("yes")
COUNTED_ABOVE = message("counted above, so taken off")
COUNTED_AGAIN = message("counted more than once")
TAKEN_OFF_ABOVE = message("{amount} counted above")
ENVELOPE_COLUMNS = {
    "programme_label": message("Programme"),
    "initiative_label": message("Initiative"),
    "counted": message("Counted"),
    "amount_eur": EUROS,
    "entries": ENTRIES,
}
REMOVED_COLUMNS = {
    "heading": message("Counted once only"),
    "contained_in": message("Already part of"),
    "amount_eur": EUROS,
    "split_words": message("Way of dividing it"),
    "counted_words": message("Counted instead"),
    "reason": message("Why"),
    "publisher": message("According to"),
}
SET_ASIDE_COLUMNS = {
    "heading": message("Listed, never added"),
    "amount_eur": EUROS,
    "level_label": message("What it is"),
    "country_label": message("Country"),
}
THE_WHOLE = message("the amount it is part of")
UP_TO_THE_WHOLE = message("as much as the whole holds")
UNNAMED_WAY = message("the one way")
LEFT_OUT = message("Amounts at other stages, of other kinds or in other prices are left out.")
INVESTEU_LEFT_OUT = message(
    "InvestEU’s guarantee is left out: it covers losses and is not spending. Amounts in 2018 prices are left "
    "out."
)
YEARS_LEFT_OUT = message("A year without a published amount is hatched or missing; that does not mean zero.")
YEARS_REMOVED = message(
    "{amount} in current prices is left out because other amounts already include it: {headings}. "
    "A year without a published amount is hatched or missing; that does not mean zero."
)
MOST_HEADINGS = 4  # that a line names
YEAR = message("{year:d} {programme}: {amount}")
YEAR_COLUMNS = {
    "year": message("Year"),
    "programme_label": message("Programme"),
    "amount_eur": EUROS,
    "entries": ENTRIES,
}
YEARLY_PRICES = {
    "current": message("Annual amounts, {stage} · {basis}, current prices, counted once."),
    "constant-2018": message(
        "Annual amounts, {stage} · {basis}, 2018 prices by the fixed 2 % deflator of the EU budget, counted "
        "once."
    ),
}
YEARS_HATCH = message("amount not published, height is not to scale")
YEAR_VALUE = message("{programme}, {year:d}")
YEAR_VALUE_2018 = message("{programme}, {year:d}, in 2018 prices")
IN_PRICES_OF_2018 = message("2018 prices")
YEAR_ENTRIES = plural("{number}\u00a0entry", "{number}\u00a0entries")
HEADING_COLUMNS = {
    "programme_label": message("Programme"),
    "heading": message("Part"),
    "amount_eur": EUROS,
}
HEADINGS = message("How each programme is split, {stage} · {basis}, current prices.")
PARTS = plural("{number}\u00a0part.", "{number}\u00a0parts.")
HEADINGS_SOURCES = plural(
    "{sources}. {number}\u00a0part. Programmes without a published breakdown are not shown.",
    "{sources}. {number}\u00a0parts. Programmes without a published breakdown are not shown.",
)
HEADING = message("{heading}, {amount}")
NOT_NAMED = message("Not named in the drawing: {headings}.")
MORE_HEADINGS = plural(
    "{number}\u00a0more part is in the table.", "{number}\u00a0more parts are in the table."
)
LARGEST_HEADING = message("The largest part is {heading}: {amount}")


def count_labels(locale: str = ENGLISH) -> dict[str, str]:
    """How overlaps can be counted: code → label."""
    return {code: say(label, locale) for code, label in COUNTS.items()}


def price_labels(locale: str = ENGLISH) -> dict[str, str]:
    """The prices that can be chosen: code → label."""
    return {code: say(label, locale) for code, label in PRICES.items()}


def level_labels(locale: str = ENGLISH) -> dict[str, str]:
    """What can be added besides single levels: code → label."""
    return {code: say(label, locale) for code, label in LEVELS.items()}


def scope(choice: Choice, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """What a choice looks into, in words: programmes, initiatives, level. labels: code → label of each."""
    of = scope_of(choice, labels, locale)
    if choice.level in SCOPES:
        return say(SCOPES[choice.level], locale, scope=of)
    return say(SCOPE_LEVEL, locale, scope=of, level=labels.get(choice.level, choice.level))


def scope_of(choice: Choice, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """The programmes and initiatives that a choice looks into, in words. labels: code → label of each."""
    programmes = _names(choice.programme, labels, OF_PROGRAMMES, OF_MANY_PROGRAMMES, "programmes", locale)
    initiatives = _names(
        choice.initiative, labels, OF_INITIATIVES, OF_MANY_INITIATIVES, "initiatives", locale
    )
    if programmes and initiatives:
        bare = _names(choice.initiative, labels, OF_BARE, OF_MANY_BARE, "initiatives", locale)
        return say(OF_BOTH, locale, initiatives=bare, programmes=programmes)
    return programmes or initiatives or say(OF_TRACKED, locale)


def _names(
    codes: Sequence[str], labels: Mapping[str, str], few: Message, many: Message, field: str, locale: str
) -> str:
    """The names of what is chosen, or how many there are; "" if nothing is."""
    if not codes:
        return ""
    if len(codes) > MOST_SCOPES:
        return say(many, locale, number=len(codes))
    return say(few, locale, **{field: [labels.get(code, code) for code in codes]})


def kind_of_sum(choice: Choice) -> Message:
    """What a choice adds: totals of programmes, what they give to initiatives, or single amounts."""
    if choice.level != "whole":
        return headlines.PIECES
    return headlines.WHOLE_OF_INITIATIVES if choice.initiative else headlines.WHOLE


def subtitle(
    choice: Choice, total: Mapping[str, Any], labels: Mapping[str, str], about: str, locale: str = ENGLISH
) -> str:
    """What is measured: level, stage, basis, prices.

    about: what filled and outlined parts mean, if something is contained in something else.
    """
    fields: dict[str, Any] = {"stage": total["stage"], "basis": labels[total["basis"]]}
    if choice.programme:
        fields["programmes"] = [labels[code] for code in choice.programme]
    if choice.level == "whole":
        template = TOTALS_OF if choice.programme else TOTALS
    elif not choice.level:
        template = EVERYTHING_OF if choice.programme else EVERYTHING
    else:
        fields["level"] = labels.get(choice.level, choice.level)
        template = LEVEL_OF if choice.programme else LEVEL
    measured = say(template, locale, **fields)
    return formatting.paragraph(measured, about if total["removed_eur"] else "")


def removed_words(total: Mapping[str, Any], overlaps: int, locale: str = ENGLISH) -> str:
    """The badge: how much is removed, by how many overlaps."""
    if not total["removed_eur"]:
        return say(NOTHING_REMOVED, locale)
    amount = formatting.euros(total["removed_eur"], locale=locale)
    return say(REMOVED, locale, amount=amount, number=overlaps)


def net_line(total: Mapping[str, Any], locale: str = ENGLISH) -> str:
    """The sum that leads to the net, in millions to follow it."""
    return _sum(total, formatting.euros_in_millions, locale)


def exact_line(total: Mapping[str, Any], locale: str = ENGLISH) -> str:
    """The sum that leads to the net, to the cent, for a card."""
    return _sum(total, formatting.euros_in_full, locale)


def _sum(total: Mapping[str, Any], written: Callable[[Decimal | None, str], str], locale: str) -> str:
    """What is removed from the gross to leave the net. written: how an amount is written."""
    if total["gross_eur"] is None:
        return say(NO_AMOUNT, locale)
    if not total["removed_eur"]:
        return say(IN_ALL, locale, net=written(total["net_eur"], locale))
    amounts = {name: written(total[f"{name}_eur"], locale) for name in ("gross", "removed", "net")}
    return say(NET, locale, **amounts)


def sum_facts(
    total: Mapping[str, Any], in_currency: str, per_size: str, locale: str = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """What the card of a sum says beside it: title and text. in_currency, per_size: as `converted` and
    `countries.of_union` give them.
    """
    return (
        (say(IN_FULL, locale), exact_line(total, locale)),
        (say(OTHER_CURRENCY, locale), in_currency),
        (say(BESIDE_UNION, locale), per_size),
    )


def nothing_twice(locale: str = ENGLISH) -> tuple[str, str]:
    """What the card of a sum says where no overlap is recorded: title and text."""
    return say(COUNTED_TWICE, locale), say(NOTHING_TWICE, locale)


def counted_twice(total: Mapping[str, Any], locale: str = ENGLISH) -> tuple[str, str]:
    """What the card of a gross sum says of overlaps: title and text."""
    removed = formatting.euros(total["removed_eur"], locale=locale)
    net = formatting.euros(total["net_eur"], decimals=1, locale=locale)
    return say(COUNTED_TWICE, locale), say(COUNTED_TWICE_HOW, locale, removed=removed, net=net)


def taken_off(locale: str = ENGLISH) -> tuple[str, str]:
    """What the card of a removed sum says of the reason: title and text."""
    return say(WHY_TAKEN_OFF, locale), say(TAKEN_OFF_WHY, locale)


def deflated(
    constant: Decimal | None, current: Decimal | None, deflator: Mapping[Any, Any], locale: str = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """How an amount in 2018 prices came about, for its card. deflator: a row of queries.euros.deflators."""
    rate = formatting.exact(deflator["rate"], locale)
    by = (
        say(DEFLATOR_TITLE, locale),
        say(
            DEFLATOR,
            locale,
            year=int(deflator["year"]),
            rate=rate,
            note=deflator["note"],
            publisher=deflator["publisher"],
            address=deflator["source_url"],
        ),
    )
    if constant is None or current is None:
        return (by,)
    shown = formatting.euros_in_full(constant, locale)
    return (
        (say(IN_FULL, locale), say(IN_2018_PRICES, locale, amount=shown)),
        (
            say(CALCULATED, locale),
            say(
                DEFLATED,
                locale,
                current=formatting.euros_in_full(current, locale),
                rate=rate,
                constant=shown,
            ),
        ),
        by,
    )


def deflator_source(deflator: Mapping[Any, Any], locale: str = ENGLISH) -> Source:
    """The document of the deflator."""
    words = say(DEFLATOR_SOURCE, locale, publisher=deflator["publisher"])
    return Source("", words, deflator["tier_label"], deflator["source_url"])


def converted(total: Mapping[str, Any], rates: pd.DataFrame, currency: str, locale: str = ENGLISH) -> str:
    """The net in another currency at the newest ECB rate, which is shown with its day; nothing for euros.

    A sentence that may follow the sum that leads to the net.
    """
    newest = next((row for row in frame_rows.records(rates) if row["quote"] == currency), None)
    if newest is None or total["net_eur"] is None:
        return ""
    return say(
        CONVERTED,
        locale,
        currency=currency,
        amount=formatting.short_amount(total["net_eur"] * newest["rate"], 1, locale),
        day=newest["period_start"],
        rate=formatting.exact(newest["rate"], locale),
    )


def bars(
    rows: pd.DataFrame, removed: pd.DataFrame, labels: Mapping[str, str], is_gross: bool
) -> pd.DataFrame:
    """Rows of queries.euros.envelopes as parts of bars: one bar per programme, one per initiative, the
    largest first.

    A removed part has the colour of the programme that contains it. Unless gross is shown, parts inside their
    own programme's bar are left out of it.
    """
    if not is_gross:
        rows = rows[
            ~(
                rows["is_removed"].astype(bool)
                & rows["initiative"].isna()
                & rows["programme"].isin(rows[~rows["is_removed"].astype(bool)]["programme"])
            )
        ]
    shown = rows.assign(label=[labels[row.initiative or row.programme] for row in frame_rows.rows(rows)])
    size = (
        shown.assign(size=[float(amount or 0) for amount in shown["amount_eur"]])
        .groupby("label")["size"]
        .sum()
    )
    own = shown.groupby("label")["is_removed"].all()
    order = sorted(size.index, key=lambda label: (bool(own[label]), -size[label]))
    container = (
        dict(zip(removed["programme"], removed["contained_in_programme"], strict=True))
        if len(removed)
        else {}
    )
    shown["programme"] = [
        container.get(row.programme, row.programme) if row.is_removed else row.programme
        for row in frame_rows.rows(shown)
    ]
    shown["order"] = shown["label"].map({label: index for index, label in enumerate(order)})
    return shown.sort_values(["order", "is_removed", "programme"], kind="stable").reset_index(drop=True)


def bar_name(
    labels: Mapping[str, str], programme: str, initiative: str | None, is_removed: bool, locale: str = ENGLISH
) -> str:
    """The name of a part of a bar. labels: code → label of programmes and initiatives."""
    if initiative:
        template = VALUE_OF_REMOVED if is_removed else VALUE_OF
        return say(template, locale, name=labels[initiative], programme=labels[programme])
    return say(VALUE_REMOVED if is_removed else VALUE, locale, name=labels[programme])


def bar_words(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """The bars in words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            BAR_INSIDE if row.is_removed else BAR,
            locale,
            name=labels[row.initiative or row.programme],
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in frame_rows.rows(rows)
    )


def envelope_table(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the envelopes."""
    named = rows.assign(
        programme_label=rows["programme"].map(labels),
        initiative_label=[labels.get(code, "") if code else "" for code in rows["initiative"]],
        counted=[say(IS_REMOVED if is_removed else IS_COUNTED, locale) for is_removed in rows["is_removed"]],
    )
    return table(named, ENVELOPE_COLUMNS, euros=("amount_eur",), locale=locale)


def removed_table(removed: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The overlap ledger as readers see it."""
    rows = frame_rows.records(removed)
    shown = removed.assign(
        split_words=[_way(row["split"], locale) for row in rows],
        counted_words=[_instead(row, locale) for row in rows],
    )
    return table(shown, _filled(shown, REMOVED_COLUMNS), euros=("amount_eur",), locale=locale)


def _instead(row: Mapping[Any, Any], locale: str) -> str:
    """What is counted instead of a removed entry."""
    if row["split"] is None:
        return say(THE_WHOLE, locale)
    return _way(row["counted_split"], locale) if row["counted_split"] else say(UP_TO_THE_WHOLE, locale)


def _way(split: str | None, locale: str) -> str:
    """A way of dividing a whole. split: as in the table overlap_splits; None where the whole is chosen."""
    if split is None:
        return ""
    return say(UNNAMED_WAY, locale) if split == ONLY_SPLIT else split


def set_aside_table(rows: pd.DataFrame, labels: Mapping[str, str], locale: str = ENGLISH) -> pd.DataFrame:
    """What fits a choice and is never added. rows: of queries.euros.set_aside. labels: code → label."""
    named = rows.assign(
        **{
            f"{name}_label": [labels.get(code, "") if code else "" for code in rows[name]]
            for name in ("level", "country")
        }
    )
    return table(named, _filled(named, SET_ASIDE_COLUMNS), euros=("amount_eur",), locale=locale)


def _filled(rows: pd.DataFrame, columns: Mapping[str, Message]) -> dict[str, Message]:
    """Those of the columns in which any row has a word, and the euros."""
    return {
        name: title
        for name, title in columns.items()
        if name == "amount_eur" or any(cell is not None and cell != "" for cell in rows[name])
    }


def left_out(choice: Choice, locale: str = ENGLISH) -> str:
    """What the figure cannot hold, and why."""
    is_of_investeu = choice.basis == "eu-contribution" and not choice.initiative
    is_of_investeu = is_of_investeu and (not choice.programme or "investeu" in choice.programme)
    return say(INVESTEU_LEFT_OUT if is_of_investeu else LEFT_OUT, locale)


def years_left_out(removed: pd.DataFrame, locale: str = ENGLISH) -> str:
    """What the years leave out, with its sum and the programmes that contain it."""
    amounts = [amount for amount in removed["amount_eur"] if amount is not None]
    if not amounts:
        return say(YEARS_LEFT_OUT, locale)
    return say(
        YEARS_REMOVED,
        locale,
        amount=formatting.euros_in_millions(sum(amounts, Decimal(0)), locale),
        headings=[str(heading) for heading in removed["heading"][:MOST_HEADINGS]],
    )


def yearly(choice: Choice) -> Choice:
    """The same choice, of amounts that belong to one year."""
    return choice if choice.level == "line" else replace(choice, level="year")


def year_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The years in words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            YEAR,
            locale,
            year=int(row.year),
            programme=row.programme_label,
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in frame_rows.rows(rows)
    )


def year_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the years."""
    return table(rows, YEAR_COLUMNS, euros=("amount_eur",), locale=locale)


def years_subtitle(choice: Choice, prices: str, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """What is measured by year. prices: a key of PRICES. labels: code → label of stages and bases."""
    return say(YEARLY_PRICES[prices], locale, stage=labels[choice.stage], basis=labels[choice.basis])


def heading_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """The table twin of the headings."""
    return table(rows, HEADING_COLUMNS, euros=("amount_eur",), locale=locale)


def headings_subtitle(choice: Choice, labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """What is split. labels: code → label of stages and bases."""
    return say(HEADINGS, locale, stage=labels[choice.stage], basis=labels[choice.basis])


def heading_words(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The headings in words, for those who cannot see the drawing."""
    return "; ".join(
        say(
            HEADING,
            locale,
            heading=str(row.heading),
            amount=formatting.euros(row.amount_eur, locale=locale),
        )
        for row in frame_rows.rows(rows)
    )


def heading_sources(sources: Sequence[Source], headings: int, locale: str = ENGLISH) -> str:
    """Who published the headings, and how many there are."""
    documents = "; ".join(source.words for source in sources)
    return say(HEADINGS_SOURCES, locale, sources=documents, number=headings)


def headings_title(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """The largest part that a document names."""
    largest = max(frame_rows.rows(rows), key=lambda row: row.amount_eur)
    amount = formatting.euros(largest.amount_eur, locale=locale)
    return say(LARGEST_HEADING, locale, heading=largest.heading, amount=amount)
