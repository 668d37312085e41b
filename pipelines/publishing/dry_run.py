"""What the public would see if a submission were published, or an upload withdrawn: a trial release against the current one. Publishes nothing."""

import json
from collections.abc import Iterator, Mapping
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
from pipelines.findings import Finding, Refused
from pipelines.publishing import metrics, preview_build
from pipelines.publishing.ledger_changes import LEDGER_COLUMNS, Plan, make_plan, write_source
from pipelines.publishing.metrics import Figure, Pair, Ranking
from pipelines.publishing.permissions import Person, require
from pipelines.publishing.submission import Overlap, Submission
from pipelines.settings import DATA


class EntryChange(NamedTuple):
    """One entry of the ledger that would be added, corrected, removed or otherwise changed.

    before, after: its amount, None where not published or not there. entry_id: the new entry; replaces: the entry that it corrects.
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

    figures: fingerprint of all tables that it shows; a publication that came to others is refused. repeats: rows of the file and the entries that
    say the same already. moved, rankings: what the pages would show otherwise. proposals: overlaps that the new entries seem to have; pass those that
    are accepted to Submission.with_overlaps and make the dry run again. broken: laws that would break, and anything else that forbids it.

    It names no release: the id of the published one also holds the public line and the day, which only the decision knows.
    """

    base: str
    source_id: str
    figures: str
    entries: tuple[EntryChange, ...] = ()
    repeats: tuple[tuple[int, str], ...] = ()
    moved: tuple[Figure, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    proposals: tuple[Overlap, ...] = ()
    broken: tuple[Finding, ...] = ()

    @property
    def can_be_published(self) -> bool:
        """Whether nothing is broken and there is something new."""
        return not self.broken and any(entry.is_of_file for entry in self.entries)

    def count(self, kind: str) -> int:
        """How many entries would be added, corrected, removed or changed."""
        return sum(entry.kind == kind for entry in self.entries)

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON: amounts as text."""
        listed = {
            name: [item._asdict() for item in getattr(self, name)]
            for name in ("entries", "moved", "rankings", "proposals")
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
    """What the public would see if this were published on the current release. Raises Forbidden, NoRelease; changes nothing."""
    require(person, "dry run")
    base = releases.require_current(store)
    source_id = active_uploads.free_name(store, "upload", submission.sha256)
    with preview_build.area(store) as place:
        try:
            with _release_of_this_program(base):
                plan = planned(store, base, submission, source_id)
            write_source(place / source_id, submission, plan)
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
        inputs = preview_build.Inputs(data, store, active_uploads.in_force(store), place / source_id)
        with _release_of_this_program(base):
            found = _compare(place, inputs, base, source_id, progress)
        rows = {entry_id: f"row:{row}" for row, entry_id in plan.entry_ids.items()}
        proposals = [
            Overlap(
                rows.get(edge.container, edge.container),
                rows.get(edge.contained, edge.contained),
                edge.reason,
                edge.source_url,
            )
            for edge in found.proposals
        ]
        return replace(found, repeats=plan.repeats, proposals=tuple(proposals))


def dry_run_withdrawal(
    store: Path, upload: str, person: Person, data: Path = DATA, progress: Progress = lambda step: None
) -> Effect:
    """What the public would see if this upload were withdrawn. upload: its folder name. Raises Forbidden, NoRelease; changes nothing."""
    require(person, "dry run")
    base = releases.require_current(store)
    remaining = [name for name in active_uploads.in_force(store) if name != upload]
    with preview_build.area(store) as place, _release_of_this_program(base):
        return _compare(place, preview_build.Inputs(data, store, remaining), base, upload, progress)


@contextmanager
def _release_of_this_program(base: str) -> Iterator[None]:
    """Raises NotPossible if the current release lacks tables or columns of today."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        cause = str(error).splitlines()[0]
        raise NotPossible(
            f"Release {base} was made by an older program ({cause}). Run `python -m pipelines build`, then try again."
        ) from None


def planned(store: Path, base: str, submission: Submission, source_id: str) -> Plan:
    """What a submission would do to the ledger of a release."""
    programmes = sorted({code for code in submission.rows["programme"].to_pylist() if code})
    wanted = ", ".join(LEDGER_COLUMNS)
    with preview_build.opened(releases.folder(base, store)) as connection:
        entries = preview_build.rows_of(
            connection,
            f"select {wanted} from ledger where list_contains(?, programme) and superseded_on is null "  # noqa: S608 - names of ours
            "and price_basis = 'current' and level <> 'line' order by entry_id",
            [programmes],
        )
        labels = {
            row["code"]: row["label"]
            for row in preview_build.rows_of(connection, "select code, label from programmes")
        }
    return make_plan(submission, source_id, entries, labels)


def _compare(
    place: Path, inputs: preview_build.Inputs, base: str, source_id: str, progress: Progress
) -> Effect:
    staging, broken = place / "release", list[Finding]()
    staging.mkdir()
    try:
        made = preview_build.build_into(staging, inputs, progress, broken)
    except Refused as refusal:
        return _impossible(base, source_id, [*broken, *refusal.findings])
    progress("Comparing with the current release")
    current = releases.folder(base, inputs.store)
    with duckdb.connect() as connection:
        entries, touched = (
            _entries(connection, current, staging, source_id),
            _touched(connection, current, staging),
        )
    with preview_build.opened(current) as before, preview_build.opened(staging) as after:
        wanted = (
            touched if _counts_alike(current, staging) else {*metrics.pairs(before), *metrics.pairs(after)}
        )
        figures, rankings = metrics.moved(metrics.read(before, wanted), metrics.read(after, wanted))
        edges = preview_build.rows_of(
            after, duckdb_engine.read("check_overlap_proposals"), {"source": source_id}
        )
    return Effect(
        base=base,
        source_id=source_id,
        figures=made.figures,
        entries=tuple(entries),
        moved=tuple(figures),
        rankings=tuple(rankings),
        proposals=tuple(Overlap(**edge) for edge in edges),
        broken=tuple(broken),
    )


def _impossible(base: str, source_id: str, findings: list[Finding]) -> Effect:
    return Effect(base, source_id, "", broken=tuple(findings))


_ENTRIES = """
    with before as (from read_parquet(?)), after as (from read_parquet(?)),
    pairs as (
        select
            coalesce(after.entry_id, before.entry_id) as entry_id,
            before.entry_id is null as is_new,
            after.entry_id is null as is_gone,
            case when after.entry_id is null then before else after end as entry,
            before.amount_eur as before_eur,
            after.amount_eur as after_eur,
            after.superseded_on is not null and before.superseded_on is null as is_replaced
        from before full join after on before.entry_id = after.entry_id
        where before is distinct from after
    )
    select
        entry_id, is_new, is_gone, is_replaced, before_eur, after_eur, entry.source_id as source_id, entry.heading as heading,
        entry.programme as programme, entry.stage as stage, entry.basis as basis, entry.year as year, entry.superseded_by as superseded_by
    from pairs order by entry_id
"""


_TOUCHED = """
    with was as (from read_parquet(?)), now as (from read_parquet(?)), paths_was as (from read_parquet(?)), paths_now as (from read_parquet(?)),
    entries as ((from was except all from now) union all (from now except all from was)),
    paths as ((from paths_was except all from paths_now) union all (from paths_now except all from paths_was)),
    ends as (select container_entry_id as entry_id from paths union select contained_entry_id from paths)
    select stage, basis from entries
    union
    select stage, basis from (from was union all from now) semi join ends using (entry_id)
"""


def _counts_alike(current: Path, staging: Path) -> bool:
    """Whether both releases count by the same lists, so that only other entries and overlaps can move a number."""
    one, other = (
        json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
        for folder in (current, staging)
    )
    return all(one[name]["sha256"] == other[name]["sha256"] for name in metrics.LISTS)


def _touched(connection: duckdb.DuckDBPyConnection, current: Path, staging: Path) -> set[Pair]:
    """Stages and bases in which an entry, or an overlap of one, differs between two releases. The numbers of all others are the same in both."""
    files = [
        str(folder / "parquet" / f"{table}.parquet")
        for table in ("ledger", "overlap_paths")
        for folder in (current, staging)
    ]
    return set(connection.execute(_TOUCHED, files).fetchall())


def _entries(
    connection: duckdb.DuckDBPyConnection, current: Path, staging: Path, source_id: str
) -> list[EntryChange]:
    """Entries that differ between two releases; a corrected one stands once, under its new entry."""
    ledgers = [str(folder / "parquet" / "ledger.parquet") for folder in (current, staging)]
    rows = connection.execute(_ENTRIES, ledgers).to_arrow_table().to_pylist()
    replaced = {row["superseded_by"]: row for row in rows if row["is_replaced"] and not row["is_new"]}
    new = {row["entry_id"] for row in rows if row["is_new"]}
    return [
        _change(row, replaced.get(row["entry_id"]), source_id)
        for row in rows
        if not (row["is_replaced"] and row["superseded_by"] in new)
    ]


def _change(row: Mapping[str, Any], old: Mapping[str, Any] | None, source_id: str) -> EntryChange:
    kind: Literal["added", "corrected", "removed", "changed"] = (
        "removed" if row["is_gone"] else "changed" if not row["is_new"] else "corrected" if old else "added"
    )
    named = {name: row[name] for name in ("entry_id", "heading", "programme", "stage", "basis", "year")}
    return EntryChange(
        kind=kind,
        replaces=old["entry_id"] if old else None,
        before=old["before_eur"] if old else row["before_eur"],
        after=row["after_eur"],
        is_of_file=row["source_id"] == source_id,
        **named,
    )
