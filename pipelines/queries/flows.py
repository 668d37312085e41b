"""Questions of the Flows page, and the money that their answers make."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, cast, column, func, select, values

from pipelines import double_counting_without_sql, frame_rows, schema
from pipelines.column_factories import EURO
from pipelines.queries import euros, overlaps
from pipelines.queries.choice import Choice
from pipelines.queries.money_flows import Entry, Money, Part, money
from pipelines.queries.release_answers import ReleaseData

Rows = Select[Any]


def entries(choice: Choice) -> Rows:
    """One row per chosen entry: entry_id, funder, programme, initiative, site_id and kind ("" where it names
    none), amount_eur, counted_eur (EUR; what of it is counted, missing where nothing is).
    """
    rows, site = euros.counted_entries(choice), schema.sites
    return (
        select(
            rows.c.entry_id,
            rows.c.funder,
            rows.c.programme,
            func.coalesce(rows.c.initiative, "").label("initiative"),
            func.coalesce(rows.c.site_id, "").label("site_id"),
            func.coalesce(site.c.kind, "").label("kind"),
            rows.c.amount_eur,
            rows.c.counted_eur,
        )
        .select_from(rows.outerjoin(site, site.c.site_id == rows.c.site_id))
        .order_by(rows.c.entry_id)
    )


def flows(parts: tuple[Part, ...]) -> Rows:
    """One row per flow of some parts of entries: layer, from_node, to_node, amount_eur, entries, in the order
    of the parts' layers and codes. The question names each part with the amount that it has.
    """
    entry = schema.ledger
    named = ("layer", "from_node", "to_node", "part_eur", "entry_id")
    listed = values(
        *(column(name, EURO if name == "part_eur" else String()) for name in named),
        name="parts",
        literal_binds=True,
    ).data([tuple(part) for part in parts])
    keys = (listed.c.layer, listed.c.from_node, listed.c.to_node)
    amount = cast(func.sum(cast(listed.c.part_eur, EURO)), EURO)
    return (
        select(*keys, amount.label("amount_eur"), func.count(entry.c.entry_id.distinct()).label("entries"))
        .select_from(listed.join(entry, entry.c.entry_id == listed.c.entry_id))
        .group_by(*keys)
        .having(amount != 0)
        .order_by(*keys)
    )


@lru_cache(maxsize=4)
def _overlaps(answers: ReleaseData) -> double_counting_without_sql.Overlaps:
    figures = {
        row.pop("entry_id"): double_counting_without_sql.Figure(**row)
        for row in frame_rows.records(answers.read(overlaps.figures))
    }
    edges = tuple(
        double_counting_without_sql.Edge(**row) for row in frame_rows.records(answers.read(overlaps.edges))
    )
    return double_counting_without_sql.Overlaps(
        figures, edges, is_old=not answers.row(overlaps.sizes)["splits"]
    )


def _read(answers: ReleaseData, choice: Choice) -> list[Entry]:
    return [Entry(*row.values()) for row in frame_rows.records(answers.read(entries, choice))]


def of_choice(answers: ReleaseData, choice: Choice) -> Money:
    """The money of a choice by funder, programme, initiative and site."""
    everything = replace(choice, programme=(), initiative=(), funder=(), level="", tracked=False)
    return money(_read(answers, choice), _read(answers, everything), _overlaps(answers))
