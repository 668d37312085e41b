"""Questions of the Data and About pages: where the figures come from and how good they are."""

from typing import Any

from sqlalchemy import Select, func, select

from pipelines import schema

Rows = Select[Any]


def vocabulary(name: str) -> Rows:
    """The words of one vocabulary, in order."""
    table = schema.metadata.tables[name]
    return select(table).order_by(table.c.position)


def sources() -> Rows:
    """One row per source folder."""
    return select(schema.sources).order_by(schema.sources.c.source_id)


def laws() -> Rows:
    """The laws of money with the number of rows that break them."""
    return select(schema.laws).order_by(schema.laws.c.law)


def tiers() -> Rows:
    """How well curated figures are supported: tier, tier_label, plain, entries, entries_unknown.

    Published lines are left out: they have one publisher.
    """
    entry, document, tier = schema.ledger, schema.documents, schema.source_tiers
    return (
        select(
            tier.c.code.label("tier"),
            tier.c.label.label("tier_label"),
            tier.c.plain,
            func.count().label("entries"),
            (func.count() - func.count(entry.c.amount_eur)).label("entries_unknown"),
        )
        .select_from(entry)
        .join(document, document.c.source_url == entry.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .where(entry.c.level != "line")
        .group_by(tier.c.code, tier.c.label, tier.c.plain, tier.c.position)
        .order_by(tier.c.position)
    )


def confidences() -> Rows:
    """How curated amounts came about: confidence_label, plain, entries."""
    entry, word = schema.ledger, schema.confidences
    return (
        select(word.c.label.label("confidence_label"), word.c.plain, func.count().label("entries"))
        .join(word, word.c.code == entry.c.confidence)
        .where(entry.c.level != "line")
        .group_by(word.c.label, word.c.plain, word.c.position)
        .order_by(word.c.position)
    )


def claims() -> Rows:
    """Every rival claim: subject, said, amount_eur, publisher, tier_label, resolution, source_url."""
    claim, document, tier = schema.claims, schema.documents, schema.source_tiers
    return (
        select(
            claim.c.subject,
            claim.c.said,
            claim.c.amount_eur,
            document.c.publisher,
            tier.c.label.label("tier_label"),
            claim.c.resolution,
            claim.c.source_url,
        )
        .join(document, document.c.source_url == claim.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .order_by(claim.c.subject, claim.c.claim_id)
    )


def dossier() -> Rows:
    """What became of the rows of the research dossier: outcome, rows."""
    row = schema.dossier_rows
    return select(row.c.outcome, func.count().label("rows")).group_by(row.c.outcome).order_by(row.c.outcome)


def article() -> Rows:
    """The founding article, statement by statement."""
    return select(schema.article).order_by(schema.article.c.statement_id)
