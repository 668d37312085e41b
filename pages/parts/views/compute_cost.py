"""Euros to compute: what machines cost per accelerator, petaflop and megawatt. Pure."""

import functools
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts import figures, filter_labels
from pages.parts.design_tokens import TOKENS, Theme
from pages.parts.figure_model import Figure, Source, Value
from pages.parts.text import compute_cost as text
from pages.parts.text import formatting, projects, tables
from pages.parts.text.cldr import ENGLISH
from pages.parts.text.translation import say
from pages.parts.url_state import Values
from pipelines import frame_rows
from pipelines.queries import compute_cost as ask
from pipelines.queries import euros, provenance
from pipelines.queries.compiled_sql import Codes
from pipelines.queries.release_answers import ReleaseData

ELSEWHERE = "elsewhere"  # the colour of machines that are only context


def compute_cost(answers: ReleaseData, values: Values, locale: str = ENGLISH) -> Figure | None:
    """Euros per accelerator, petaflop or megawatt; the table has the machines of which one is missing too.
    None if no machine has both.
    """
    unit = values["unit"][0]
    rows = answers.read(ask.machines, unit)
    records = frame_rows.records(rows)
    costed = [row for row in records if row["eur_per_unit"] is not None]
    known = [row for row in costed if row["site_id"] is not None]
    if not known:
        return None
    elsewhere = frame_rows.records(answers.read(ask.elsewhere_credit))
    drawn = pd.DataFrame(
        {
            "group": [
                formatting.sentence(row["stage_label"]) if row["stage"] else say(text.ELSEWHERE, locale)
                for row in costed
            ],
            "name": [row["site_name"] for row in costed],
            "amount": [row["eur_per_unit"] for row in costed],
            "inner": None,
            "said": [text.cost(row, locale) for row in costed],
            "more": [text.derivation(row, locale) for row in costed],
            "colour": ["" if row["stage"] else ELSEWHERE for row in costed],
        },
        dtype=object,
    )
    title = text.title(unit, known, locale)
    subtitle = formatting.paragraph(
        text.subtitle(unit, records, locale), text.elsewhere(elsewhere, len(costed) - len(known), locale)
    )
    credit = answers.read(euros.credit_of, Codes(row["entry_id"] for row in known))
    in_words = "; ".join(
        say(projects.NAMED_AMOUNT, locale, name=row["site_name"], amount=text.cost(row, locale))
        for row in costed
    )
    return Figure(
        name="compute_cost",
        title=title,
        subtitle=subtitle,
        alt=tables.alt(title, subtitle, in_words, locale=locale),
        source=tables.credit_line(credit, {"entries": len(known), "entries_unknown": 0}, locale=locale),
        rows=rows,
        draw=functools.partial(figures.bars, drawn, colour_of=_colour, locale=locale),
        table=_table(records, filter_labels.labels(answers, "country", locale), locale),
        numbers=tuple(say(text.COLUMNS[name], locale) for name in ("amount", "units", "cost")),
        sources=(
            *tables.sources(credit, locale),
            *(
                Source("", row["publisher"], row["tier_label"], row["source_url"])
                for row in elsewhere
                if len(costed) > len(known)
            ),
        ),
        questions=((ask.machines, unit),),
        values=tuple(_value(unit, row, locale) for row in costed),
    )


def _colour(code: str, theme: Theme) -> str:
    """Grey for what is only context."""
    return TOKENS[theme].muted if code == ELSEWHERE else TOKENS[theme].accent


def _table(records: list[dict[Any, Any]], countries: Mapping[str, str], locale: str) -> pd.DataFrame:
    """Every machine: those with both numbers first, and what is missing of the others."""
    ordered = sorted(records, key=lambda row: row["eur_per_unit"] is None)
    cells = pd.DataFrame(
        [
            {
                "site_name": row["site_name"],
                "where": countries.get(row["country"], row["place"]),
                "stage_label": row["stage_label"],
                "amount": formatting.euros(row["amount_eur"], row["qualifier"] or "exact", locale=locale),
                "units": text.units(row, locale),
                "cost": text.cost(row, locale),
            }
            for row in ordered
        ],
        dtype=object,
    )
    return tables.table(cells, text.COLUMNS, locale=locale)


def _value(unit: str, row: dict[Any, Any], locale: str) -> Value:
    facts = ((say(text.CALCULATED_AS, locale), text.derivation(row, locale)),)
    if row["site_id"] is None:
        return Value(str(row["site_name"]), text.cost(row, locale), None, facts)
    return Value(
        str(row["site_name"]),
        text.cost(row, locale),
        functools.partial(provenance.by_ids, row["entry_id"]),
        facts,
        number=functools.partial(ask.cost, unit, row["site_id"]),
    )
