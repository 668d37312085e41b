"""Publish, withdraw, roll back, recover: the only acts that change what the public sees.

One at a time, whole or not at all.

Order of a publication: note the intent, put the accepted source in its place, build and name the release,
verify it, write the event. The event
decides: before it nothing has happened and whatever lies about is cleared away; after it everything has.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipelines import active_uploads, files, journal, releases, verify
from pipelines.build import Progress
from pipelines.errors import JournalDamaged, NotPossible
from pipelines.file_schemas import SHAPES
from pipelines.publishing import preview_build
from pipelines.publishing.dry_run import planned
from pipelines.publishing.permissions import Person, require, require_other
from pipelines.publishing.publication_requests import Request, request, submission_of, upload_path
from pipelines.publishing.submission import COLUMNS, Submission, one_line, text_table
from pipelines.publishing.submission_plan import (
    Approval,
    PublicLine,
    withdrawal_change,
    write_folder,
    write_source,
)
from pipelines.settings import DATA
from pipelines.source_reader import read_columns

_INTENT = "intent.json"
_NO_ROWS = text_table({name: [] for name in COLUMNS})


class Decision(NamedTuple):
    """What was decided.

    seq: its event. is_new: False if it had been decided before, and this is that answer.
    message: for people to read.
    """

    release_id: str
    seq: int
    is_new: bool
    message: str


def publish(
    store: Path,
    request_id: str,
    person: Person,
    reason: str,
    line: PublicLine,
    data: Path = DATA,
    progress: Progress = lambda step: None,
    allow_names: bool = False,
) -> Decision:
    """Make what was asked for public. The same request twice gives the first answer again.

    line: what the public change log says. allow_names: whether the person says that the names of natural
    persons that the file asks to show may be shown.

    Raises Forbidden (role, four eyes), NotPossible (old dry run, damaged bytes, nothing said, names that
    nobody allowed), Refused (a law breaks), Busy (another publication is running), Damaged (the journal),
    OSError (the disk); the public then sees what it saw before.
    """
    require(person, "publish")
    with _alone(store, progress):
        asked = request(store, request_id)
        if asked.state in ("published", "withdrawn"):
            return _as_before(store, asked)
        require_other(person, asked.authors, "publish")
        if asked.state in ("declined", "taken back"):
            what = "declined" if asked.state == "declined" else "took back"
            raise NotPossible(f"{asked.decided_by} {what} {request_id}. Ask for publication again.")
        _must_say(reason, line)
        if asked.base != releases.current(store):
            raise NotPossible(
                f"The dry run of {request_id} was made on {asked.base}, but another release is current "
                f"now. Make the dry run again."
            )
        if files.file_sha256(_stored(store, asked)) != asked.sha256:
            raise NotPossible(
                f"The stored bytes of {asked.file_name} were changed or damaged. Upload the file again."
            )
        handed_in = submission_of(store, request_id)
        _require_names(handed_in, person, asked, allow_names)
        source_id = active_uploads.free_name(store, "upload", asked.sha256)
        uploads = sorted([*active_uploads.in_force(store), source_id])

        def write(beside: Path) -> None:
            approval = Approval(
                datetime.now(UTC).date(),
                "the same person" if person.subject in asked.authors else "a second person",
            )
            write_source(
                beside,
                handed_in,
                planned(store, asked.base, handed_in, source_id, data),
                _clean(line),
                approval,
            )

        details = {
            "request": request_id,
            "sha256": asked.sha256,
            "authors": sorted(asked.authors),
            "line": asdict(_clean(line)),
            "name": person.name,
            **({"names_shown": list(handed_in.names_shown)} if handed_in.names_shown else {}),
        }
        return _carry_out(
            _Act("publish", source_id, uploads, write, asked.figures, details),
            store,
            person,
            reason,
            data,
            progress,
        )


def withdraw(
    store: Path,
    upload: str,
    person: Person,
    reason: str,
    line: PublicLine,
    data: Path = DATA,
    progress: Progress = lambda step: None,
) -> Decision:
    """Publish a new release without one upload.

    Its bytes and its accepted source stay in the store; the change log says what happened.

    upload: folder name or the beginning of a sha256. Raises as publish does.
    """
    require(person, "withdraw")
    with _alone(store, progress):
        folder = _named(store, upload)
        published = next(
            entry
            for entry in reversed(journal.read(store))
            if folder in json.loads(entry.details).get("accepted", {})
        )
        require_other(person, frozenset(json.loads(published.details).get("authors", ())), "withdraw")
        _must_say(reason, line)
        if users := _built_upon(store, folder):
            raise NotPossible(
                f"{', '.join(users)} corrects or overlaps figures of {folder}. Withdraw that first."
            )
        sha256 = json.loads(published.details)["sha256"]
        marker = active_uploads.free_name(store, "withdrawn", sha256)
        uploads = sorted([*(name for name in active_uploads.in_force(store) if name != folder), marker])

        def write(beside: Path) -> None:
            _write_marker(beside, store / "sources" / folder, marker, _clean(line), sha256)

        details = {"withdrawn": folder, "sha256": sha256, "line": asdict(_clean(line)), "name": person.name}
        return _carry_out(
            _Act("withdraw", marker, uploads, write, None, details), store, person, reason, data, progress
        )


def rollback(
    store: Path, release_id: str, reason: str, person: Person, progress: Progress = lambda step: None
) -> Decision:
    """Make an earlier release the current one. Nothing is lost: every other release stays in the store.

    Raises Forbidden, NoRelease, NotPossible (damaged, never public, already current, no reason), Busy,
    Damaged.
    """
    require(person, "roll back")
    with _alone(store, progress):
        releases.folder(release_id, store)
        before = releases.current(store)
        if not one_line(reason):
            raise NotPossible("Say in a sentence why.")
        if release_id == before:
            raise NotPossible(f"{release_id} is the current release already.")
        if all(entry.release_id != release_id for entry in journal.read(store)):
            raise NotPossible(f"{release_id} was never public.")
        if problems := list(verify.release_problems(release_id, store)):
            raise NotPossible(f"{release_id} is damaged and cannot be shown. {problems[0]}")
        progress("Publishing")
        written = journal.append(
            store,
            "rollback",
            release_id,
            one_line(reason),
            {"based_on": before, "name": person.name},
            person.subject,
        )
        progress("Published")
    return Decision(release_id, written.seq, True, f"The public sees {release_id} again.")


def recover(store: Path) -> list[str]:
    """Clear away what a killed publication, upload or dry run left behind, and say what was done.

    Raises Busy if a publication is running.
    """
    with releases.publishing(store):
        return _recover(store)


class _Act(NamedTuple):
    """A publication about to happen.

    folder: the source folder it adds; write: fills it; figures: what the dry run came to, if there was one.
    """

    action: str
    folder: str
    uploads: list[str]
    write: Callable[[Path], None]
    figures: str | None
    details: dict[str, Any]


@contextmanager
def _alone(store: Path, progress: Progress) -> Iterator[None]:
    """The right to publish, on a store that is in order: leftovers are cleared away first, a damaged journal
    is not built upon.
    """
    with releases.publishing(store):
        if problems := journal.broken_links(store):
            raise JournalDamaged(
                f"{problems[0]} Nothing is published until it is mended: put back a copy of the journal."
            )
        _recover(store)
        progress("Alone")
        yield


def _carry_out(
    act: _Act, store: Path, person: Person, reason: str, data: Path, progress: Progress
) -> Decision:
    before = releases.current(store)
    target = store / "sources" / act.folder
    try:
        _intend(store, {"folder": act.folder})
        progress("Writing the accepted source")
        beside = store / f".accepting-{act.folder}"
        act.write(beside)
        target.parent.mkdir(exist_ok=True)
        files.name_folder(beside, target)
        progress("Building")
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=store / "releases"))
        made = preview_build.build_into(staging, preview_build.Inputs(data, store, act.uploads), progress)
        if act.figures is not None and made.figures != act.figures:
            raise NotPossible(
                "The figures are not those of the dry run: data or code changed since. Make the dry run "
                "again."
            )
        _intend(
            store,
            {
                "folder": act.folder,
                "release": made.release_id,
                "is_known": made.release_id in releases.available(store),
            },
        )
        progress("Naming the release")
        releases.keep(staging, made.release_id, store)
        progress("Verifying")
        if problems := list(verify.release_problems(made.release_id, store)):
            raise NotPossible(f"The new release did not come out whole and was not published: {problems[0]}")
        progress("Publishing")
        details = act.details | {
            "source_id": act.folder,
            "accepted": {act.folder: files.folder_sha256(target)},
            "uploads": act.uploads,
            "inputs": made.inputs,
            "based_on": before,
            "database": releases.database_sha256(made.release_id, store),
        }
        written = journal.append(
            store, act.action, made.release_id, one_line(reason), details, person.subject
        )
    except BaseException:
        with suppress(OSError, JournalDamaged):  # else the next publication clears it away
            _recover(store)
        raise
    progress("Published")
    with suppress(OSError):  # it is published; the next publication takes the note away
        (store / _INTENT).unlink()
    return Decision(made.release_id, written.seq, True, f"The public sees release {made.release_id}.")


def _require_names(handed_in: Submission, person: Person, asked: Request, allow_names: bool) -> None:
    """Raises NotPossible where names of natural persons would be shown and no second person allows it."""
    if not handed_in.names_shown:
        return
    named = ", ".join(handed_in.names_shown[:5])
    if person.subject in asked.authors:
        raise NotPossible(
            f"{asked.request_id} shows names that may be those of natural persons ({named}). Only a second "
            f"person may allow that, even where one person works alone. Ask again without them."
        )
    if not allow_names:
        raise NotPossible(
            f"{asked.request_id} shows names that may be those of natural persons ({named}). Say that they "
            f"may be shown, or decline it."
        )


def _intend(store: Path, what: dict[str, Any]) -> None:
    """Note what is about to appear in the store, so that it can be cleared away if the event is never
    written.
    """
    files.write(store / _INTENT, json.dumps(what))


def _recover(store: Path) -> list[str]:
    """Called by the one who holds the right to publish."""
    actions = []
    events = journal.read(store)
    if (store / _INTENT).is_file():
        intent = json.loads((store / _INTENT).read_text(encoding="utf-8"))
        if intent["folder"] not in active_uploads.folders(store):
            actions += _remove(
                store, store / "sources" / intent["folder"], "an accepted source that was not published"
            )
            release_id = intent.get("release")
            if (
                release_id
                and not intent["is_known"]
                and all(entry.release_id != release_id for entry in events)
            ):
                actions += _remove(store, store / "releases" / release_id, "a release that was not published")
        else:
            actions.append(f"The publication of {intent['folder']} had ended; its event stands.")
        (store / _INTENT).unlink()
    for pattern, what in (
        (".accepting-*", "a half-written source"),
        ("releases/.building-*", "a half-built release"),
        (".restoring-*", "what a restore unpacked"),
    ):
        for path in sorted(store.glob(pattern)):
            actions += _remove(store, path, what)
    with files.store_access(store):
        actions += [
            f"Removed {name}, the trial of a dry run that was cut off." for name in preview_build.sweep(store)
        ]
        for path in sorted(
            [
                *store.glob("uploads/.incoming-*"),
                *store.glob("requests/.incoming-*"),
                *store.glob(".incoming-*"),
            ]
        ):
            actions += _remove(store, path, "a half-received file")
    return actions


def _remove(store: Path, path: Path, what: str) -> list[str]:
    """Remove a leftover; a folder first loses its name, so that it is never seen half removed."""
    if not path.exists():
        return []
    if path.is_dir():
        doomed = Path(tempfile.mkdtemp(prefix=".accepting-removed-", dir=store)) / path.name
        path.rename(doomed)
        shutil.rmtree(doomed.parent)
    else:
        path.unlink()
    return [f"Removed {path.name}, {what}."]


def _as_before(store: Path, asked: Request) -> Decision:
    entry = next(
        entry for entry in journal.read(store) if json.loads(entry.details).get("request") == asked.request_id
    )
    message = (
        f"{json.loads(entry.details)['name']} published {asked.request_id} on {entry.happened_at[:10]} "
        f"as {entry.release_id}. Nothing was done twice."
    )
    return Decision(str(entry.release_id), entry.seq, False, message)


def _stored(store: Path, asked: Request) -> Path:
    path = upload_path(store, asked.sha256)
    if not path.is_file():
        raise NotPossible(f"The stored bytes of {asked.file_name} are missing. Upload the file again.")
    return path


def _named(store: Path, upload: str) -> str:
    """Folder of the upload in force that has this name or fingerprint."""
    in_force = [name for name in active_uploads.in_force(store) if name.startswith("upload-")]
    matching = [
        name
        for name in in_force
        if upload == name or (len(upload) >= 6 and name.startswith(f"upload-{upload[:12]}"))
    ]
    if len(matching) != 1:
        raise NotPossible(
            f"{upload} names {'no upload' if not matching else 'several uploads'} in the current release. In "
            f"it are: {', '.join(in_force) or 'none'}."
        )
    return matching[0]


def _built_upon(store: Path, folder: str) -> list[str]:
    """Other uploads in force that name an entry of this one, or replace a row of it."""
    others = [name for name in active_uploads.in_force(store) if name != folder]
    paths = [
        (name, path)
        for name in others
        for path in (store / "sources" / name).glob("*.csv")
        if path.name != "changes.csv"
    ]
    names_it = re.compile(rf"(^|[,\";]){re.escape(folder)}[:,\"\n]", re.MULTILINE)
    return sorted({name for name, path in paths if names_it.search(path.read_text(encoding="utf-8"))})


def _write_marker(beside: Path, folder: Path, marker: str, line: PublicLine, sha256: str) -> None:
    """The source folder that stays of a withdrawn upload: its lines of the change log, and one that says that
    it was withdrawn.
    """
    today = datetime.now(UTC).date()
    columns = read_columns((folder / "changes.csv").read_bytes(), SHAPES["change"].cells, {}, []) or {}
    before = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    rows = [*before, withdrawal_change(line, marker, today)]
    about = Submission(
        sha256,
        f"{folder.name} (withdrawn)",
        _NO_ROWS,
        title=f"Withdrawn: {line.subject}",
        publisher="Change log",
        licence="CC BY 4.0",
        received_on=today,
    )
    write_folder(beside, about, {"changes.csv": ("change", rows)})


def _must_say(reason: str, line: PublicLine) -> None:
    if not one_line(reason):
        raise NotPossible("Say in a sentence why; it stands in the journal.")
    if not all(one_line(text) for text in (line.subject, line.after, line.reason)):
        raise NotPossible("The public change log needs what changed, how it is now, and why.")


def _clean(line: PublicLine) -> PublicLine:
    return PublicLine(*(one_line(text) for text in (line.subject, line.after, line.reason, line.before)))
