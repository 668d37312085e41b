"""Which amount holds which, as sentences: what is taken off a sum and why, and every amount of an initiative
or a programme that is inside a larger one, with who says so. Pure.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pages.parts.text import formatting
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.headlines import Answer
from pages.parts.text.tables import stage_basis, table
from pages.parts.text.translation import message, plural, say
from pipelines import frame_rows
from pipelines.double_counting import ONLY_SPLIT

# --- what the page says

OF = message("Amounts of")
HEADLINE = plural(
    "{name}: {number}\u00a0amount is inside a larger one: adding up would count it twice.",
    "{name}: {number}\u00a0amounts are inside larger ones: adding up would count them twice.",
)
LARGEST = message("The largest whole, {whole} ({amount}), holds {parts}.")
PART_AMOUNT = message("{part} ({amount})")
MORE_PARTS = plural("{number} more", "{number} more")
NOTHING_INSIDE = message("{name}: no amount is known to be inside a larger one.")
STANDFIRST = message(
    "Every sum on this site leaves out what another amount in it already includes; here is which, why, and "
    "who says so."
)
TWICE = plural(
    "{number}\u00a0pair is of one stage and one kind of euros: a sum of both would count the smaller one twice.",
    "{number}\u00a0pairs are of one stage and one kind of euros: a sum of both would count the smaller one twice.",
)
STORY = message("Pair by pair: which holds which, why, and who says so")
SUM_STORY = message("Amount by amount: what is taken off, why, and who says so")
MORE_IN_TABLE = plural(
    "{number}\u00a0more is in the table of the figure and in its files.",
    "{number}\u00a0more are in the table of the figure and in its files.",
)
IN_A_SUM = message("In a sum of your choice")
IN_A_SUM_WHY = message("What is taken off the sum of the Euros page, amount by amount.")
NOTHING_TAKEN_OFF = message("Nothing is taken off this sum.")
NOTHING_TAKEN_OFF_WHY = plural(
    "{number}\u00a0amount fits the choice, and none is known to be inside another.",
    "{number}\u00a0amounts fit the choice, and none is known to be inside another.",
)
NO_AMOUNT = message("No amount fits this choice.")
NO_AMOUNT_WHY = message("It may stand at another stage, or be money of another kind.")
NOTHING_NESTED = message("Nothing here is counted twice, as far as we know.")
NOTHING_NESTED_WHY = message("{name} has no amount that is known to be inside a larger one.")


BESIDE = message("Counted twice")
BESIDE_LEAD = plural(
    "{amount} is taken off, {number}\u00a0amount:", "{amount} is taken off, {number}\u00a0amounts:"
)
BESIDE_NOTHING = message("Nothing is taken off here: none of these amounts is known to be inside another.")
BESIDE_MORE = plural(
    "{number}\u00a0more stands on the page about what is counted twice.",
    "{number}\u00a0more stand on the page about what is counted twice.",
)
BESIDE_ELSEWHERE = message("More")
WHOLE_STORY = message("Which amount holds which")

# --- the sentences

TAKEN_OFF = {
    "inside": message(
        "“{part}” ({part_eur}) is part of “{whole}” ({whole_eur}), which is counted here: {removed} is taken "
        "off."
    ),
    "split": message(
        "“{part}” ({part_eur}) and what is counted here are two ways of dividing “{whole}” ({whole_eur}): "
        "{removed} is taken off."
    ),
    "named": message(
        "“{whole}” ({whole_eur}) is divided by “{counted}” here, and “{part}” ({part_eur}) divides it by "
        "“{split}”: {removed} is taken off."
    ),
    "full": message(
        "“{part}” ({part_eur}) is inside “{whole}” ({whole_eur}), and what is counted of it comes to the "
        "whole: {removed} is taken off."
    ),
}
HOLDS = {
    "same": message(
        "“{whole}” ({whole_eur}) holds “{part}” ({part_eur}), at the same stage: a sum of both counts it twice."
    ),
    "stage": message(
        "“{whole}” ({whole_eur}, {whole_kind}) holds “{part}” ({part_eur}, {part_kind}): the same euros at "
        "another stage, so they are never added."
    ),
    "basis": message(
        "“{whole}” ({whole_eur}, {whole_kind}) holds “{part}” ({part_eur}, {part_kind}): another kind of euros, "
        "so they are never added."
    ),
}
LINES = plural("{number}\u00a0published line", "{number}\u00a0published lines")
SAYS_SO = message("{publisher} ({tier}) says so.")
SAYS_SO_DATED = message("{publisher}, {when} ({tier}), says so.")
RELATIONS = {
    "same": message("same stage, same kind of euros: would count twice"),
    "stage": message("another stage: never added"),
    "basis": message("another kind of euros: never added"),
    "inside": message("part of a counted amount"),
    "split": message("another way of dividing the whole is counted"),
    "full": message("what is counted comes to the whole"),
}
COLUMNS = {
    "whole": message("The larger amount"),
    "whole_eur": message("Its euros"),
    "part": message("holds"),
    "part_eur": message("Euros"),
    "relation_words": message("Of which kind"),
    "reason": message("Why"),
    "who": message("Who says so, and when"),
    "source_url": message("Document"),
}
SUM_COLUMNS = {
    "part": message("Taken off"),
    "part_eur": message("Its euros"),
    "amount_eur": message("Euros taken off"),
    "whole": message("Part of"),
    "whole_eur": message("Euros of the whole"),
    "relation_words": message("Of which kind"),
    "reason": message("Why"),
    "who": message("Who says so, and when"),
    "source_url": message("Document"),
}
WHO = message("{publisher} ({tier})")
WHO_DATED = message("{publisher}, {when} ({tier})")

# --- the figures

TITLE = plural(
    "{whole}, {amount}, holds {number} other amount", "{whole}, {amount}, holds {number} other amounts"
)
SUBTITLE = plural(
    "{name}: {number}\u00a0pair of a whole and an amount inside it. Each bar is one whole; the dark part is the "
    "amount inside it. Pairs are never added.",
    "{name}: {number}\u00a0pairs of a whole and an amount inside it. Each bar is one whole; the dark part is the "
    "amount inside it. Pairs are never added.",
)
SUM_TITLE = plural(
    "{removed} would be counted twice: {number}\u00a0amount is inside another",
    "{removed} would be counted twice: {number}\u00a0amounts are inside others",
)
SUM_TITLE_NO_EUROS = message("Nothing with an amount is counted twice")
SUM_SUBTITLE = plural(
    "{number}\u00a0amount taken off a sum, {stage} · {basis}, current prices. Each bar is one whole; the dark part "
    "is what is taken off.",
    "{number}\u00a0amounts taken off a sum, {stage} · {basis}, current prices. Each bar is one whole; the dark "
    "part is what is taken off.",
)
IN_WHOLE = message("{part}, in {whole}")
GROUP = message("{whole}, {amount}")
HATCH = message("amount not published, length is not to scale")
SOURCES = plural("{publishers}. {number}\u00a0pair.", "{publishers}. {number}\u00a0pairs.")
NAMED_PARTS = 3  # that a sentence names


def nested_answer(rows: pd.DataFrame, name: str, locale: str = ENGLISH) -> Answer:
    """The answer of the page. rows: queries.overlaps.nested. name: what it is of, in words."""
    standfirst = say(STANDFIRST, locale)
    if rows.empty:
        return Answer(say(NOTHING_INSIDE, locale, name=name), standfirst, "")
    headline = say(HEADLINE, locale, name=name, number=_parts(rows))
    whole, parts = _largest(rows, locale)
    largest = say(LARGEST, locale, whole=whole["contained_in"], amount=_whole_eur(whole, locale), parts=parts)
    twice = int((rows["relation"] == "same").sum())
    pairs = say(TWICE, locale, number=twice) if twice else ""
    return Answer(headline, formatting.paragraph(largest, pairs, standfirst), _title(rows, locale))


def _title(rows: pd.DataFrame, locale: str) -> str:
    whole = frame_rows.records(rows)[0]
    held = int((rows["container_entry_id"] == whole["container_entry_id"]).sum())
    amount = _whole_eur(whole, locale)
    return say(TITLE, locale, whole=whole["contained_in"], amount=amount, number=held)


def _parts(rows: pd.DataFrame) -> int:
    """How many different amounts are inside others; published lines count one by one."""
    return int(rows["entry_id"].nunique() + rows["published_lines"].sum())


def _largest(rows: pd.DataFrame, locale: str) -> tuple[dict[Any, Any], list[str]]:
    """The largest whole, and what it holds in words."""
    records = frame_rows.records(rows)
    whole = records[0]
    held = [row for row in records if row["container_entry_id"] == whole["container_entry_id"]]
    named = [
        say(PART_AMOUNT, locale, part=part_name(row, locale), amount=_part_eur(row, locale))
        for row in held[:NAMED_PARTS]
    ]
    more = len(held) - NAMED_PARTS
    return whole, [*named, say(MORE_PARTS, locale, number=more)] if more > 0 else named


def part_name(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """The name of a part: its heading, or how many lines it is."""
    if row.get("published_lines"):
        return say(LINES, locale, number=int(row["published_lines"]))
    return str(row["heading"])


def pair_name(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """A part with the whole that it is in: a part may be in several."""
    return say(IN_WHOLE, locale, part=part_name(row, locale), whole=row["contained_in"])


def _whole_eur(row: Mapping[Any, Any], locale: str) -> str:
    return formatting.euros(
        row["contained_in_eur"], row.get("contained_in_qualifier") or "exact", None, locale
    )


def _part_eur(row: Mapping[Any, Any], locale: str) -> str:
    return formatting.euros(row["amount_eur"], row["qualifier"], None, locale)


def nested_sentence(row: Mapping[Any, Any], labels: Mapping[str, str], locale: str = ENGLISH) -> str:
    """A pair in a sentence, with reason and document. row: of queries.overlaps.nested. labels: code → label
    of stages and bases.
    """
    fields = {
        "whole": row["contained_in"],
        "whole_eur": _whole_eur(row, locale),
        "part": part_name(row, locale),
        "part_eur": _part_eur(row, locale),
    }
    if row["relation"] != "same":
        fields["whole_kind"] = stage_basis(
            labels[row["contained_in_stage"]], labels[row["contained_in_basis"]], locale
        )
        fields["part_kind"] = stage_basis(labels[row["stage"]], labels[row["basis"]], locale)
    return formatting.paragraph(
        say(HOLDS[row["relation"]], locale, **fields), row["reason"], _says_so(row, locale)
    )


def removed_sentence(row: Mapping[Any, Any], locale: str = ENGLISH) -> str:
    """What is taken off a sum, in a sentence with reason and document.

    row: of queries.overlaps.removed_of.
    """
    split, counted = row["split"], row["counted_split"]
    relation = row["relation"]
    fields = {
        "part": row["heading"],
        "part_eur": formatting.euros(row["entry_eur"], locale=locale),
        "whole": row["contained_in"],
        "whole_eur": formatting.euros(row["contained_in_eur"], locale=locale),
        "removed": formatting.euros(row["amount_eur"], locale=locale),
    }
    if relation == "split" and ONLY_SPLIT not in (split, counted):
        relation = "named"
        fields |= {"split": split, "counted": counted}
    return formatting.paragraph(
        say(TAKEN_OFF[relation], locale, **fields), row["reason"], _says_so(row, locale)
    )


def _says_so(row: Mapping[Any, Any], locale: str) -> str:
    fields = {"publisher": row["publisher"], "tier": row["tier_label"]}
    if formatting.is_missing(row["said_on"]):
        return say(SAYS_SO, locale, **fields)
    return say(SAYS_SO_DATED, locale, when=formatting.day(row["said_on"], locale), **fields)


def _who(row: Mapping[Any, Any], locale: str) -> str:
    fields = {"publisher": row["publisher"], "tier": row["tier_label"]}
    if formatting.is_missing(row["said_on"]):
        return say(WHO, locale, **fields)
    return say(WHO_DATED, locale, when=formatting.day(row["said_on"], locale), **fields)


def nested_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """Every pair as readers see it. rows: queries.overlaps.nested."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        whole=rows["contained_in"],
        whole_eur=rows["contained_in_eur"],
        part=[part_name(row, locale) for row in records],
        part_eur=rows["amount_eur"],
        relation_words=[say(RELATIONS[row["relation"]], locale) for row in records],
        who=[_who(row, locale) for row in records],
    )
    return table(shown, COLUMNS, euros=("whole_eur", "part_eur"), locale=locale)


def removed_table(rows: pd.DataFrame, locale: str = ENGLISH) -> pd.DataFrame:
    """What is taken off a sum as readers see it. rows: queries.overlaps.removed_of."""
    records = frame_rows.records(rows)
    shown = rows.assign(
        whole=rows["contained_in"],
        whole_eur=rows["contained_in_eur"],
        part=rows["heading"],
        part_eur=rows["entry_eur"],
        relation_words=[say(RELATIONS[row["relation"]], locale) for row in records],
        who=[_who(row, locale) for row in records],
    )
    return table(shown, SUM_COLUMNS, euros=("part_eur", "amount_eur", "whole_eur"), locale=locale)


def sum_title(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """How much is taken off a sum. rows: queries.overlaps.removed_of, of one stage and basis."""
    removed = taken_off(rows)
    if not removed:
        return say(SUM_TITLE_NO_EUROS, locale)
    return say(SUM_TITLE, locale, number=len(rows), removed=formatting.euros(removed, locale=locale))


def taken_off(rows: pd.DataFrame) -> Decimal:
    """The euros that are taken off, of one stage and basis."""
    return sum((row["amount_eur"] for row in frame_rows.records(rows) if row["amount_eur"]), Decimal(0))


def beside(rows: pd.DataFrame, locale: str = ENGLISH) -> str:
    """How much is taken off, stage by stage: before the sentences beside a net."""
    kinds = Counter((row["stage"], row["basis"]) for row in frame_rows.records(rows))
    return formatting.paragraph(
        *(
            say(
                BESIDE_LEAD,
                locale,
                number=number,
                amount=formatting.euros(
                    taken_off(rows[(rows["stage"] == stage) & (rows["basis"] == basis)]), locale=locale
                ),
            )
            for (stage, basis), number in kinds.items()
        )
    )


def drawn(rows: pd.DataFrame, part: str, most: int, locale: str = ENGLISH) -> tuple[pd.DataFrame, int]:
    """The pairs as bars for `figures.bars`, each as long as its whole, and how many only the table has.

    rows: of queries.overlaps.nested or removed_of. part: the column of the amount in the dark part. most:
    bars of one whole.
    """
    bars, left_out, by_whole = [], 0, Counter[str]()
    for row in frame_rows.records(rows):
        whole_id = str(row.get("container_entry_id") or row.get("contained_in_id"))
        by_whole[whole_id] += 1
        if by_whole[whole_id] > most:
            left_out += 1
            continue
        whole, inside = row["contained_in_eur"], row[part]
        bars.append(
            {
                "group": say(
                    GROUP,
                    locale,
                    whole=row["contained_in"],
                    amount=_whole_eur(row, locale),
                ),
                "name": part_name(row, locale),
                "amount": None if inside is None or not whole else Decimal(100),
                "inner": None if inside is None or not whole else min(100 * inside / whole, Decimal(100)),
                "said": formatting.euros(inside, row.get("qualifier") or "exact", None, locale),
                "more": str(row["reason"]),
                "colour": row["stage"],
                "whole": whole_id,
            }
        )
    frame = pd.DataFrame(bars, dtype=object)
    # The bars of one whole stand together, the wholes in their order.
    order = {whole: place for place, whole in enumerate(dict.fromkeys(frame["whole"]))}
    frame = frame.sort_values("whole", key=lambda column: column.map(order), kind="stable")
    return frame.drop(columns="whole").reset_index(drop=True), left_out
