"""Questions of the number card: the entries behind a value, what is inside them, what they are inside of, and
who says otherwise.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from pipelines import schema
from pipelines.queries import sites

Rows = Select[Any]


def by_ids(*entry_ids: str) -> Rows:
    """The entries with these identities: entry_id."""
    return (
        select(schema.ledger.c.entry_id)
        .where(schema.ledger.c.entry_id.in_(entry_ids))
        .order_by(schema.ledger.c.entry_id)
    )


def of_step(ladder: str, position: int) -> Rows:
    """The entries of one step of a ladder: entry_id."""
    part = schema.mart_ladder_entries
    return (
        select(part.c.entry_id)
        .where(part.c.ladder == ladder, part.c.position == position)
        .order_by(part.c.entry_id)
    )


def of_funder(funder: str) -> Rows:
    """The entries of the total of a funder: entry_id."""
    part = schema.mart_purse_entries
    return select(part.c.entry_id).where(part.c.funder == funder).order_by(part.c.entry_id)


def of_site(site_id: str) -> Rows:
    """The entries of one site that are in force: entry_id."""
    entry = schema.ledger
    return (
        select(entry.c.entry_id)
        .where(entry.c.site_id == site_id, entry.c.superseded_on.is_(None))
        .order_by(entry.c.entry_id)
    )


def total_of_site(site_id: str) -> Rows:
    """The entry of the total of one site; none if no total is known: entry_id."""
    total = sites.own_totals()
    return select(total.c.entry_id).where(total.c.site_id == site_id, total.c.place == 1)


def matching_rows(question: Rows, **cells: object) -> Rows:
    """The rows of a question that have these cells."""
    rows = question.subquery()
    return select(rows).where(*(rows.c[name].is_not_distinct_from(value) for name, value in cells.items()))


def narrowed(question: Rows, **cells: object) -> Rows:
    """The entries of a question that have these cells: entry_id."""
    rows = question.subquery()
    return select(rows.c.entry_id).where(
        *(rows.c[name].is_not_distinct_from(value) for name, value in cells.items())
    )


@dataclass(frozen=True)
class EntriesWith:
    """Those entries of a question that have some cells: called, it makes the question for them.

    Several that narrow the same question can be answered by asking that question once. given: what the
    question takes. cells: column → value.
    """

    question: Callable[..., Rows]
    given: tuple[Hashable, ...]
    cells: Mapping[str, object]

    def __call__(self) -> Rows:
        """The question for the entries: entry_id."""
        return narrowed(self.question(*self.given), **self.cells)


def entries_with(question: Callable[..., Rows], *given: Hashable, **cells: object) -> EntriesWith:
    """What makes the question for the entries of a question that have these cells."""
    return EntriesWith(question, given, cells)


def rows_with(question: Callable[..., Rows], *given: Hashable, **cells: object) -> Callable[[], Rows]:
    """What makes the question for the rows of a question that have these cells."""
    return partial(_rows_with, question, given, cells)


def _rows_with(
    question: Callable[..., Rows], given: tuple[Hashable, ...], cells: Mapping[str, object]
) -> Rows:
    return matching_rows(question(*given), **cells)


def entries(question: Rows) -> Rows:
    """Everything that the card says of the entries of a question, the largest first: the columns of the
    ledger, labels, document and source.
    """
    entry, document, tier, source = schema.ledger, schema.documents, schema.source_tiers, schema.sources
    stage, basis, prices, confidence = schema.stages, schema.bases, schema.price_bases, schema.confidences
    chosen = question.subquery()
    return (
        select(
            entry,
            stage.c.label.label("stage_label"),
            basis.c.label.label("basis_label"),
            basis.c.is_summable.label("basis_is_summable"),
            prices.c.label.label("prices_label"),
            confidence.c.label.label("confidence_label"),
            document.c.publisher,
            tier.c.label.label("tier_label"),
            source.c.title.label("source_title"),
            source.c.retrieved_on,
            source.c.origin,
            source.c.approved_on,
            source.c.approved_by,
            source.c.sha256,
        )
        .join(stage, stage.c.code == entry.c.stage)
        .join(basis, basis.c.code == entry.c.basis)
        .join(prices, prices.c.code == entry.c.price_basis)
        .join(confidence, confidence.c.code == entry.c.confidence)
        .join(document, document.c.source_url == entry.c.source_url)
        .join(tier, tier.c.code == document.c.tier)
        .join(source, source.c.source_id == entry.c.source_id)
        .where(entry.c.entry_id.in_(select(chosen.c.entry_id)))
        .order_by(entry.c.amount_eur.desc().nulls_last(), entry.c.entry_id)
    )


def overlaps(question: Rows) -> Rows:
    """What is directly inside these entries and what they are directly inside of: is_inside, heading,
    amount_eur, qualifier, reason.
    """
    edge, entry = schema.overlaps, schema.ledger
    chosen = select(question.subquery().c.entry_id).cte("wanted")
    entry_ids = select(chosen.c.entry_id)
    other = edge.c.contained_entry_id
    inside = (
        select(
            literal(True).label("is_inside"),
            entry.c.heading,
            entry.c.amount_eur,
            entry.c.qualifier,
            edge.c.reason,
        )
        .join(entry, entry.c.entry_id == other)
        .where(edge.c.container_entry_id.in_(entry_ids), other.not_in(entry_ids))
    )
    around = (
        select(
            literal(False).label("is_inside"),
            entry.c.heading,
            entry.c.amount_eur,
            entry.c.qualifier,
            edge.c.reason,
        )
        .join(entry, entry.c.entry_id == edge.c.container_entry_id)
        .where(other.in_(entry_ids), edge.c.container_entry_id.not_in(entry_ids))
    )
    both = inside.union_all(around).subquery()
    return select(both).order_by(
        both.c.is_inside.desc(), both.c.amount_eur.desc().nulls_last(), both.c.heading
    )


def nested(question: Rows) -> Rows:
    """The entries of a question that another of them contains, however deep: entry_id."""
    path = schema.overlap_paths
    chosen = select(question.subquery().c.entry_id).cte("wanted")
    entry_ids = select(chosen.c.entry_id)
    return (
        select(path.c.contained_entry_id.label("entry_id"))
        .where(path.c.container_entry_id.in_(entry_ids), path.c.contained_entry_id.in_(entry_ids))
        .distinct()
    )


def read_from(shape: str) -> Rows:
    """The sources that have files of a shape, for tables that keep no file and row: title, retrieved_on,
    sha256.
    """
    source = schema.sources
    return (
        select(source.c.title, source.c.retrieved_on, source.c.sha256)
        .where(source.c.shapes.contains(shape, autoescape=True))
        .order_by(source.c.retrieved_on.desc().nulls_last(), source.c.source_id)
    )


def claims(question: Rows) -> Rows:
    """What other sources say of these entries: said, publisher, resolution, source_url."""
    claim, document = schema.claims, schema.documents
    entry_ids = select(question.subquery().c.entry_id)
    return (
        select(claim.c.said, document.c.publisher, claim.c.resolution, claim.c.source_url)
        .join(document, document.c.source_url == claim.c.source_url)
        .where(claim.c.entry_id.in_(entry_ids))
        .order_by(claim.c.claim_id)
    )


def of_several(questions: Mapping[int, Rows]) -> Rows:
    """The entries of several questions at once: place (the number of the question), entry_id."""
    return select(
        union_all(
            *(
                select(literal(number).label("place"), question.subquery().c.entry_id)
                for number, question in questions.items()
            )
        ).subquery()
    )


def fates(entry_ids: tuple[str, ...]) -> Rows:
    """What these entries say, and where what took their place comes from: the columns of the ledger but file
    and row, newer_source_id, newer_source_url.
    """
    entry, newer = schema.ledger, schema.ledger.alias("newer")
    columns = [
        column for column in entry.c if column.name not in ("source_file", "source_row", "dossier_row")
    ]
    return (
        select(
            *columns, newer.c.source_id.label("newer_source_id"), newer.c.source_url.label("newer_source_url")
        )
        .outerjoin(newer, newer.c.entry_id == entry.c.superseded_by)
        .where(entry.c.entry_id.in_(entry_ids))
    )


def containers(entry_ids: tuple[str, ...]) -> Rows:
    """What includes these entries: entry_id, source_id of the entry that includes it, source_url of who says
    so.
    """
    edge, entry = schema.overlaps, schema.ledger
    return (
        select(edge.c.contained_entry_id.label("entry_id"), entry.c.source_id, edge.c.source_url)
        .join(entry, entry.c.entry_id == edge.c.container_entry_id)
        .where(edge.c.contained_entry_id.in_(entry_ids))
    )
