"""What the public would see if a submission were published, an upload withdrawn, or an earlier release made
current again: another release against the current one. Publishes nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb

from pipelines import active_uploads, releases
from pipelines.build import Progress
from pipelines.engines import duckdb_engine
from pipelines.errors import NotPossible
from pipelines.file_schemas import REPLACES
from pipelines.findings import Finding, Refused
from pipelines.publishing import headline_figures, page_sentences, preview_build
from pipelines.publishing.curated_plan import CuratedPlan, make_curated_plan
from pipelines.publishing.curated_row_changes import RowEffect, changed_rows
from pipelines.publishing.headline_figures import Figure, Ranking
from pipelines.publishing.page_sentences import Sentence
from pipelines.publishing.permissions import Person, require
from pipelines.publishing.submission import BUDGET_LINE, Overlap, Submission
from pipelines.publishing.submission_plan import (
    LEDGER_COLUMNS,
    Plan,
    make_plan,
    overlap_rows,
    write_source,
)
from pipelines.release_diff import Comparison, RowChange, compare
from pipelines.settings import DATA

_TRIAL = "trial"  # the name of the release that a dry run builds


class EntryChange(NamedTuple):
    """One entry of the ledger that would be added, corrected, removed or otherwise changed.

    before, after: its amount, None where not published or not there. entry_id: the new entry; replaces: the
    entry that it corrects.
    is_of_file: whether the file does it; other changes come from data that changed since the current release.
    """

    kind: Literal["added", "corrected", "removed", "changed"]
    entry_id: str
    replaces: str | None
    heading: str
    programme: str
    stage: str
    basis: str
    year: int | None
    before: Decimal | None
    after: Decimal | None
    is_of_file: bool


@dataclass(frozen=True)
class Effect:
    """The answer of a dry run. Holds for the release that it was made on, `base`, and no other.

    figures: fingerprint of all tables that it shows; a publication that came to others is refused. repeats:
    rows of the file and the entries that
    say the same already. sentences, moved, rankings: what the pages would show otherwise. rows: rows of other
    tables that would be others. proposals: overlaps that the
    new entries seem to have; pass those that
    are accepted to Submission.with_overlaps and make the dry run again. broken: laws that would break, and
    anything else that forbids it.

    It names no release: the id of the published one also holds the public line and the day, which only the
    decision knows.
    """

    base: str
    source_id: str
    figures: str
    entries: tuple[EntryChange, ...] = ()
    rows: tuple[RowEffect, ...] = ()
    repeats: tuple[tuple[int, str], ...] = ()
    sentences: tuple[Sentence, ...] = ()
    moved: tuple[Figure, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    proposals: tuple[Overlap, ...] = ()
    broken: tuple[Finding, ...] = ()

    @property
    def can_be_published(self) -> bool:
        """Whether nothing is broken and there is something new."""
        of_file = [*(one.is_of_file for one in self.entries), *(one.is_of_file for one in self.rows)]
        return not self.broken and any(of_file)

    def count(self, kind: str) -> int:
        """How many entries would be added, corrected, removed or changed."""
        return sum(entry.kind == kind for entry in self.entries)

    def count_rows(self, kind: str) -> int:
        """How many other rows would be added, replaced, removed or changed."""
        return sum(row.kind == kind for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON: amounts as text."""
        listed = {
            name: [item._asdict() for item in getattr(self, name)]
            for name in ("entries", "rows", "sentences", "moved", "rankings", "proposals")
        }
        alone = {
            name: getattr(self, name)
            for name in ("base", "source_id", "figures", "repeats", "can_be_published")
        }
        return alone | listed | {"broken": [asdict(finding) for finding in self.broken]}


def dry_run(
    store: Path,
    submission: Submission,
    person: Person,
    data: Path = DATA,
    progress: Progress = lambda step: None,
) -> Effect:
    """What the public would see if this were published on the current release.

    Raises Forbidden, NoRelease; changes nothing.
    """
    require(person, "dry run")
    base = releases.require_current(store)
    source_id = active_uploads.free_name(store, "upload", submission.sha256)
    with preview_build.area(store) as area:
        try:
            with _release_of_this_program(base):
                plan = planned(store, base, submission, source_id, data)
            write_source(area / source_id, submission, plan)
        except ValueError as error:
            return _impossible(
                base,
                source_id,
                [
                    Finding(
                        code="overlap-row",
                        file=submission.file_name,
                        problem=str(error),
                        remedy="Choose the overlaps anew.",
                    )
                ],
            )
        if isinstance(plan, CuratedPlan) and plan.unknown:
            return _impossible(base, source_id, [_gone(submission, key) for key in plan.unknown])
        inputs = preview_build.Inputs(data, store, active_uploads.in_force(store), area / source_id)
        of_file = (plan.shape, plan.keys) if isinstance(plan, CuratedPlan) else ("", frozenset[str]())
        edges = overlap_rows(submission, plan)
        with _release_of_this_program(base):
            effect = _compare(area, inputs, base, source_id, progress, of_file)
            nameless = _without_way(store, base, submission, edges)
            effect = replace(effect, broken=(*effect.broken, *nameless))
        rows = {entry_id: f"row:{row}" for row, entry_id in plan.entry_ids.items()}
        proposals = [
            Overlap(
                rows.get(edge.container, edge.container),
                rows.get(edge.contained, edge.contained),
                edge.reason,
                edge.source_url,
                edge.split,
            )
            for edge in effect.proposals
        ]
        return replace(effect, repeats=plan.repeats, proposals=tuple(proposals))


def dry_run_withdrawal(
    store: Path, upload: str, person: Person, data: Path = DATA, progress: Progress = lambda step: None
) -> Effect:
    """What the public would see if this upload were withdrawn.

    upload: its folder name. Raises Forbidden, NoRelease; changes nothing.
    """
    require(person, "dry run")
    base = releases.require_current(store)
    remaining = [name for name in active_uploads.in_force(store) if name != upload]
    with preview_build.area(store) as area, _release_of_this_program(base):
        return _compare(area, preview_build.Inputs(data, store, remaining), base, upload, progress)


def dry_run_rollback(store: Path, release_id: str, person: Person) -> Effect:
    """What the public would see if an earlier release were current again.

    Raises Forbidden, NoRelease, NotPossible if it is current already; changes nothing.
    """
    require(person, "dry run")
    base = releases.require_current(store)
    if release_id == base:
        raise NotPossible(f"{release_id} is the current release already.")
    sentences = page_sentences.changed(
        page_sentences.read(base, store), page_sentences.read(release_id, store)
    )
    with compare(releases.folder(base, store), releases.folder(release_id, store)) as comparison:
        entries, rows = _entries(comparison, ""), tuple(changed_rows(comparison))
    with releases.open_read_only(base, store) as before, releases.open_read_only(release_id, store) as after:
        pairs = {*headline_figures.pairs(before), *headline_figures.pairs(after)}
        figures, rankings = headline_figures.changed_metrics(
            headline_figures.read(before, pairs), headline_figures.read(after, pairs)
        )
    return Effect(
        base=base,
        source_id="",
        figures="",
        entries=tuple(entries),
        rows=rows,
        sentences=tuple(sentences),
        moved=tuple(figures),
        rankings=tuple(rankings),
    )


@contextmanager
def _release_of_this_program(base: str) -> Iterator[None]:
    """Raises NotPossible if the current release lacks tables or columns of today."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        cause = str(error).splitlines()[0]
        raise NotPossible(
            f"Release {base} was made by an older program ({cause}). Run `python -m pipelines build`, then "
            f"try again."
        ) from None


def _without_way(
    store: Path, base: str, submission: Submission, edges: Sequence[Mapping[str, str]]
) -> list[Finding]:
    """A finding for each overlap that does not say in which way it divides a whole that has several."""
    wholes = sorted({edge["container"] for edge in edges if not edge.get("split")})
    if not wholes:
        return []
    with preview_build.opened(releases.folder(base, store)) as connection:
        rows = preview_build.rows_of(
            connection,
            "select container_entry_id as whole, string_agg(distinct split, ', ' order by split) as ways from \"overlaps\" "
            "where list_contains(?, container_entry_id) and split <> '-' group by container_entry_id",
            [wholes],
        )
    ways = {row["whole"]: row["ways"] for row in rows}
    return [
        Finding(
            code="overlap-way",
            file=submission.file_name,
            column="split",
            value=edge["contained"],
            problem=f"is part of {edge['container']}, which is divided in ways with names: {ways[edge['container']]}.",
            remedy="Write one of them in the column split, or the name of another way of dividing it.",
        )
        for edge in edges
        if not edge.get("split") and edge["container"] in ways
    ]


def _gone(submission: Submission, key: str) -> Finding:
    return Finding(
        code="replaces-unknown",
        file=submission.file_name,
        column=REPLACES,
        value=key,
        problem="is in no source of the current release, so that it cannot be replaced.",
        remedy="Check the file again.",
    )


def planned(
    store: Path, base: str, submission: Submission, source_id: str, data: Path = DATA
) -> Plan | CuratedPlan:
    """What a submission would do to the ledger of a release, or to its other curated rows."""
    if submission.shape != BUDGET_LINE:
        return make_curated_plan(submission, source_id, data, store)
    programmes = sorted({code for code in submission.rows["programme"].to_pylist() if code})
    column_list = ", ".join(LEDGER_COLUMNS)
    with preview_build.opened(releases.folder(base, store)) as connection:
        entries = preview_build.rows_of(
            connection,
            # The names of columns are ours.
            f"select {column_list} from ledger where list_contains(?, programme) and superseded_on is null "  # noqa: S608
            "and price_basis = 'current' and level <> 'line' order by entry_id",
            [programmes],
        )
        labels = {
            row["code"]: row["label"]
            for row in preview_build.rows_of(connection, "select code, label from programmes")
        }
    return make_plan(submission, source_id, entries, labels)


def _compare(
    area: Path,
    inputs: preview_build.Inputs,
    base: str,
    source_id: str,
    progress: Progress,
    of_file: tuple[str, frozenset[str]] = ("", frozenset()),
) -> Effect:
    """of_file: shape and keys of the curated rows of a file."""
    staging, broken = area / "releases" / _TRIAL, list[Finding]()
    staging.mkdir(parents=True)
    try:
        made = preview_build.build_into(staging, inputs, progress, broken)
    except Refused as refusal:
        return _impossible(base, source_id, [*broken, *refusal.findings])
    progress("Comparing with the current release")
    current = releases.folder(base, inputs.store)
    sentences = page_sentences.changed(
        page_sentences.read(base, inputs.store), page_sentences.read(made.release_id, area, _TRIAL)
    )
    with compare(current, staging) as comparison:
        entries, touched = _entries(comparison, source_id), comparison.touched_amounts()
        rows = tuple(changed_rows(comparison, *of_file))
    with preview_build.opened(current) as before, preview_build.opened(staging) as after:
        pairs = (
            touched
            if _counts_alike(current, staging)
            else {*headline_figures.pairs(before), *headline_figures.pairs(after)}
        )
        figures, rankings = headline_figures.changed_metrics(
            headline_figures.read(before, pairs), headline_figures.read(after, pairs)
        )
        edges = preview_build.rows_of(
            after, duckdb_engine.read("check_overlap_proposals"), {"source": source_id}
        )
    return Effect(
        base=base,
        source_id=source_id,
        figures=made.figures,
        entries=tuple(entries),
        rows=rows,
        sentences=tuple(sentences),
        moved=tuple(figures),
        rankings=tuple(rankings),
        proposals=tuple(Overlap(**{**edge, "split": edge["split"] or ""}) for edge in edges),
        broken=tuple(broken),
    )


def _impossible(base: str, source_id: str, findings: list[Finding]) -> Effect:
    return Effect(base, source_id, "", broken=tuple(findings))


def _counts_alike(current: Path, staging: Path) -> bool:
    """Whether both releases count by the same lists, so that only other entries and overlaps can move a
    number.
    """
    one, other = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
        for folder in (current, staging)
    )
    return all(one[name]["sha256"] == other[name]["sha256"] for name in headline_figures.LISTS)


def _entries(comparison: Comparison, source_id: str) -> list[EntryChange]:
    """Entries that differ between two releases; a corrected one stands once, under its new entry."""
    comparison.find_changes("ledger", only_shared=True)
    changes = list(comparison.rows("ledger"))
    replaced = {
        change.after["superseded_by"]: change
        for change in changes
        if change.before
        and change.after
        and not change.before["superseded_on"]
        and change.after["superseded_on"]
    }
    new = {change.key[0] for change in changes if change.before is None}
    return [
        _entry(change, replaced.get(change.key[0]), source_id)
        for change in changes
        if not (
            change.after
            and change.after["superseded_by"] in new
            and replaced.get(change.after["superseded_by"]) is change
        )
    ]


def _entry(change: RowChange, replaced: RowChange | None, source_id: str) -> EntryChange:
    """replaced: the entry that this one takes the place of."""
    row = change.after or change.before or {}
    old = replaced or change
    kind: Literal["added", "corrected", "removed", "changed"]
    kind = "corrected" if change.kind == "added" and replaced else change.kind
    named = {name: row[name] for name in ("heading", "programme", "stage", "basis", "year")}
    return EntryChange(
        kind=kind,
        entry_id=change.key[0],
        replaces=replaced.key[0] if replaced else None,
        before=old.before["amount_eur"] if old.before else None,
        after=change.after["amount_eur"] if change.after else None,
        is_of_file=row["source_id"] == source_id,
        **named,
    )
