"""What a submission would do to the ledger, row by row: add, correct, or repeat what is there.

Pure, but for writing the source folder of it.

A row is known by its key: programme, heading, year, country, site, beneficiary, stage, basis. The same key
and the same content is nothing new;
the same key and other content is a correction, which takes the old figure's place. Published lines of bulk
imports are never corrected by hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipelines import files
from pipelines.file_schemas import SHAPES
from pipelines.publishing.curated_plan import CuratedPlan
from pipelines.publishing.submission import COLUMNS, Submission, csv_bytes, one_line

Row = Mapping[str, Any]
Key = tuple[str, ...]


class Approval(NamedTuple):
    """What the public reads of an approval: its day, and whether it was given by “a second person” or “the
    same person”.
    """

    approved_on: date
    approved_by: str


class Correction(NamedTuple):
    """A row of the file takes the place of an entry of the ledger."""

    row: int
    cells: Row
    old: Row


@dataclass(frozen=True)
class Plan:
    """Rows by what becomes of them.

    entry_ids: row of the file as a spreadsheet shows it → entry that it is or becomes.
    """

    source_id: str
    added: tuple[tuple[int, Row], ...]
    corrections: tuple[Correction, ...]
    repeats: tuple[tuple[int, str], ...]

    @property
    def entry_ids(self) -> dict[int, str]:
        new = {
            row: f"{self.source_id}:{row_number}" for row_number, (row, _) in enumerate(self.added, start=2)
        }
        corrected = {
            correction.row: f"{self.source_id}:correction-{correction.row}" for correction in self.corrections
        }
        return new | corrected | dict(self.repeats)

    @property
    def kind(self) -> str:
        """What the change log calls it."""
        return "added" if not self.corrections else "corrected" if not self.added else "replaced"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing new in it."""
        return not self.added and not self.corrections


@dataclass(frozen=True)
class PublicLine:
    """What the public change log says of a publication: what changed, how it was, how it is, and why."""

    subject: str
    after: str
    reason: str
    before: str = ""


LEDGER_COLUMNS = (
    *(
        "entry_id",
        "programme",
        "initiative",
        "funder",
        "stage",
        "basis",
        "instrument",
        "level",
        "amount_eur",
        "qualifier",
        "year",
    ),
    *(
        "period_start",
        "period_end",
        "country",
        "site_id",
        "beneficiary",
        "heading",
        "ai_scope",
        "dated_on",
        "source_url",
        "note",
    ),
)


def make_plan(
    submission: Submission, source_id: str, ledger: Iterable[Row], labels: Mapping[str, str]
) -> Plan:
    """ledger: LEDGER_COLUMNS of the entries in force that are no bulk lines.

    labels: programme → what a line without heading is called.
    """
    entries_by_key: dict[Key, list[Row]] = defaultdict(list)
    for entry in ledger:
        entries_by_key[key_of({**entry, "site": entry["site_id"]}, labels)].append(entry)
    rows = list(enumerate(submission.rows.to_pylist(), start=2))
    taken: set[str] = set()
    repeats, others = [], []
    for row, cells in rows:
        same = next(
            (
                entry
                for entry in entries_by_key[key_of(cells, labels)]
                if entry["entry_id"] not in taken and _says_the_same(cells, entry)
            ),
            None,
        )
        if same:
            taken.add(same["entry_id"])
            repeats.append((row, same["entry_id"]))
        else:
            others.append((row, cells))
    added, corrections = [], []
    for row, cells in others:
        old = next(
            (entry for entry in entries_by_key[key_of(cells, labels)] if entry["entry_id"] not in taken), None
        )
        if old:
            taken.add(old["entry_id"])
            corrections.append(Correction(row, cells, old))
        else:
            added.append((row, cells))
    return Plan(source_id, tuple(added), tuple(corrections), tuple(repeats))


def key_of(cells: Row, labels: Mapping[str, str]) -> Key:
    """What tells a budget line from every other. Case and spacing of names do not count."""
    heading = cells["heading"] or labels.get(cells["programme"], "")
    named = (
        cells["programme"],
        heading,
        cells["year"],
        cells["country"],
        cells["site"],
        cells["beneficiary"],
        cells["stage"],
        cells["basis"],
    )
    return tuple(" ".join(str(cell if cell is not None else "").casefold().split()) for cell in named)


def _says_the_same(cells: Row, entry: Row) -> bool:
    """The same amount, and nothing else in the row that the entry does not say."""
    same_amount = (Decimal(cells["amount_eur"]) if cells["amount_eur"] else None) == entry["amount_eur"]
    others = ("initiative", "funder", "dated_on", "source_url", "note")
    return same_amount and all(not cells[name] or cells[name] == str(entry[name]) for name in others)


def resolved(submission: Submission, plan: Plan | CuratedPlan) -> list[dict[str, str]]:
    """The overlaps of a submission with entry ids in the place of rows.

    Raises ValueError if a row is not in the file.
    """
    ids = plan.entry_ids
    edges = []
    for overlap in submission.overlaps:
        ends = []
        for end in (overlap.container, overlap.contained):
            row = int(end.removeprefix("row:")) if end.startswith("row:") and end[4:].isdigit() else None
            if row is not None and row not in ids:
                raise ValueError(f"An overlap names row {row}, which is not in the file.")
            ends.append(end if row is None else ids[row])
        edges.append(
            {
                "container": ends[0],
                "contained": ends[1],
                "reason": overlap.reason,
                "source_url": overlap.source_url,
                "split": overlap.split,
            }
        )
    return edges


def overlap_rows(submission: Submission, plan: Plan | CuratedPlan) -> list[Row]:
    """Every overlap that a submission brings, as rows of the shape: those of its file and those of its
    proposals. Raises ValueError as `resolved`.
    """
    own = plan.tables().get("overlap.csv", ("overlap", ()))[1] if isinstance(plan, CuratedPlan) else ()
    return [*own, *resolved(submission, plan)]


def write_source(
    folder: Path,
    submission: Submission,
    plan: Plan | CuratedPlan,
    line: PublicLine | None = None,
    approval: Approval | None = None,
) -> None:
    """The source folder of a submission: its rows, what they take the place of, overlaps, the public line.

    Of budget lines the new ones stand in the template, and corrections with everything that the old figure
    was. line: what the change log says, from the day of the approval on. A dry run has neither.
    """
    day = approval.approved_on if approval else submission.received_on
    change = [] if line is None else [_change(line, plan.kind, plan.source_id, day, submission.url)]
    own = plan.tables() if isinstance(plan, CuratedPlan) else _tables(submission, plan)
    own.pop("overlap.csv", None)
    tables: dict[str, tuple[str, Sequence[Row]]] = {
        **own,
        "overlaps.csv": ("overlap", overlap_rows(submission, plan)),
        "changes.csv": ("change", change),
    }
    write_folder(folder, submission, {name: table for name, table in tables.items() if table[1]}, approval)


def _tables(submission: Submission, plan: Plan) -> dict[str, tuple[str, Sequence[Row]]]:
    """The files of budget lines: name → shape and rows."""
    return {
        "lines.csv": ("budget_line", [cells for _, cells in plan.added]),
        "corrected.csv": ("entry", [_entry(correction) for correction in plan.corrections]),
        "corrections.csv": (
            "correction",
            [_correction(correction, plan, submission) for correction in plan.corrections],
        ),
    }


def write_folder(
    folder: Path,
    submission: Submission,
    tables: Mapping[str, tuple[str, Sequence[Row]]],
    approval: Approval | None = None,
) -> None:
    """A source folder with its source.toml. tables: name of the file → shape and rows."""
    folder.mkdir(parents=True)
    described: dict[str, dict[str, Any]] = {}
    for name, (shape, rows) in tables.items():
        columns = COLUMNS if shape == "budget_line" else tuple(SHAPES[shape].cells)
        content = csv_bytes(columns, rows)
        (folder / name).write_bytes(content)
        described[name] = {"shape": shape, "sha256": files.sha256(content)}
        if "amount_eur" in columns:
            total = sum((Decimal(row["amount_eur"]) for row in rows if row["amount_eur"]), Decimal("0.00"))
            described[name]["expect"] = {"rows": len(rows), "amount_eur": str(total)}
    about = {
        "title": submission.title or None,
        "publisher": submission.publisher or None,
        "url": submission.url or None,
        "licence": submission.licence or None,
        "note": submission.note or None,
        "retrieved_on": submission.received_on,
        "origin": one_line(submission.file_name),
        "approved_on": approval.approved_on if approval else None,
        "approved_by": approval.approved_by if approval else None,
        "upload_sha256": submission.sha256,
        "recipe": submission.recipe,
        "file": described,
    }
    (folder / "source.toml").write_text(files.toml_text(about), encoding="utf-8")


def _change(line: PublicLine, kind: str, change_id: str, day: date, url: str | None) -> Row:
    return {
        "changed_on": day.isoformat(),
        "change_id": change_id,
        "kind": kind,
        "subject": line.subject,
        "before": line.before,
        "after": line.after,
        "reason": line.reason,
        "source_url": url,
    }


def withdrawal_change(line: PublicLine, change_id: str, day: date) -> Row:
    """The line of the change log that says that an upload was taken back."""
    return _change(line, "corrected", change_id, day, None)


def _entry(correction: Correction) -> Row:
    """The corrected figure: what the file says, and of the old figure what a budget line cannot say."""
    cells, old = correction.cells, correction.old
    is_same = (Decimal(cells["amount_eur"]) if cells["amount_eur"] else None) == old["amount_eur"]
    return {
        **{
            name: old[name]
            for name in (
                "programme",
                "stage",
                "basis",
                "instrument",
                "level",
                "year",
                "period_start",
                "period_end",
                "country",
            )
        },
        **{name: old[name] for name in ("site_id", "heading", "beneficiary", "ai_scope")},
        "entry_key": f"correction-{correction.row}",
        "initiative": cells["initiative"] or old["initiative"],
        "funder": cells["funder"] or old["funder"],
        "amount_eur": cells["amount_eur"],
        "qualifier": old["qualifier"] if is_same else "exact",
        "confidence": "stated",
        "price_basis": "current",
        "dated_on": cells["dated_on"],
        "source_url": cells["source_url"],
        "note": cells["note"],
    }


def _correction(correction: Correction, plan: Plan, submission: Submission) -> Row:
    return {
        "entry_id": correction.old["entry_id"],
        "replaced_by": plan.entry_ids[correction.row],
        "replaced_on": submission.received_on.isoformat(),
        "reason": f"Row {correction.row} of {one_line(submission.file_name)} states it anew.",
    }
