"""Changes a store as an intruder or a bad disk would: one edit, deletion, reordering or truncation, chosen by
chance, and what `verify` must name because of it.
"""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from pipelines import journal
from pipelines.journal import Event
from tests.conftest import overwrite

TEXT_COLUMNS = ("happened_at", "action", "actor", "reason", "details", "previous_hash", "hash")


class Tampered(NamedTuple):
    """What was done, in words, and words of which the first problem must hold one."""

    what: str
    named: tuple[str, ...]


def copied(store: Path, folder: Path) -> Path:
    """A copy whose large files are links: they are overwritten, never written into."""
    shutil.copytree(store, folder, ignore=shutil.ignore_patterns("releases", "*-wal", "*-shm", "*.lock"))
    shutil.copytree(store / "releases", folder / "releases", copy_function=os.link)
    return folder


def tamper(store: Path, seed: int) -> Tampered:
    """Change one thing in a store. The same seed does the same to the same store."""
    chance = random.Random(seed)
    kinds = (
        in_file,
        in_file,
        in_file,
        in_file,
        whole_folder,
        two_files,
        event,
        event,
        events,
        in_journal,
        note,
    )
    return chance.choice(kinds)(store, chance)


def files_of(store: Path) -> list[Path]:
    """The files whose content the journal or a release answers for."""
    folders = (store / "releases", store / "uploads", store / "requests", store / "sources")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def name_of(store: Path, path: Path) -> tuple[str, ...]:
    """How a problem names a file: a file of a release or its release, an upload, a request or a source."""
    kind, name, *rest = path.relative_to(store).parts
    if kind == "releases":
        return (f"Release {name}: {rest[-1]}",) if rest != ["manifest.json"] else (f"Release {name}",)
    if kind == "requests":
        numbers = [entry.seq for entry in journal.read(store) if name in entry.details]
        return (name, *(f"request-{number}" for number in numbers))
    return (name,)


def in_file(store: Path, chance: random.Random) -> Tampered:
    """Other bytes in one file, a part of it, nothing of it, or more of it."""
    path = chance.choice(files_of(store))
    before = path.read_bytes()
    while True:
        how = chance.choice(("flip", "flip", "cut", "empty", "delete", "append", "insert"))
        place = chance.randrange(len(before))
        if how == "flip":
            after = before[:place] + bytes([before[place] ^ (1 << chance.randrange(8))]) + before[place + 1 :]
        elif how == "insert":
            after = before[:place] + chance.randbytes(8) + before[place:]
        else:
            after = {"cut": before[:place], "append": before + b"\n"}.get(how, b"")
        if how == "delete" or not _says_the_same(path, before, after):
            break
    named = name_of(store, path)
    if how == "delete":
        path.unlink()
    else:
        overwrite(path, after)
    return Tampered(f"{how} {path.relative_to(store)}", named)


def _says_the_same(path: Path, before: bytes, after: bytes) -> bool:
    """Whether nothing was changed: the id of a release stands for what its manifest says, not for spaces."""
    if path.name != "manifest.json":
        return before == after
    try:
        return bool(json.loads(before) == json.loads(after))
    except ValueError:
        return False


def whole_folder(store: Path, chance: random.Random) -> Tampered:
    """A release or a source that is gone, or has another name."""
    folders = sorted([*(store / "releases").iterdir(), *(store / "sources").iterdir()])
    path = chance.choice([folder for folder in folders if folder.is_dir()])
    if chance.random() < 0.5:
        shutil.rmtree(path)
        return Tampered(f"removed {path.name}", (path.name,))
    path.rename(path.with_name("2020-01-01-0000000000"))
    return Tampered(f"renamed {path.name}", (path.name,))


def two_files(store: Path, chance: random.Random) -> Tampered:
    """Two files of one folder have changed places."""
    parents = sorted({path.parent for path in files_of(store)})
    pairs = []
    for parent in parents:
        there = sorted(path for path in parent.iterdir() if path.is_file())
        if len({path.read_bytes() for path in there}) > 1:
            pairs.append(there)
    one, other = chance.sample(chance.choice(pairs), 2)
    while one.read_bytes() == other.read_bytes():
        one, other = chance.sample(chance.choice(pairs), 2)
    named = name_of(store, one) + name_of(store, other)
    first, second = one.read_bytes(), other.read_bytes()
    overwrite(one, second)
    overwrite(other, first)
    return Tampered(f"exchanged {one.name} and {other.name}", named)


def _changed(store: Path, *statements: tuple[str, list[object]]) -> None:
    """Change the journal behind its back: without the triggers that forbid it."""
    with closing(sqlite3.connect(store / "journal.sqlite")) as connection:
        for name in ("update", "delete"):
            connection.execute(f"drop trigger events_no_{name}")
        for sql, values in statements:
            connection.execute(sql, values)
        connection.commit()
        connection.execute("pragma wal_checkpoint(truncate)")


def event(store: Path, chance: random.Random) -> Tampered:
    """Another text in one event, or one event that is gone."""
    entries = journal.read(store)
    entry = chance.choice(entries)
    if chance.random() < 0.3:
        _changed(store, ("delete from events where seq = ?", [entry.seq]))
        return Tampered(f"removed event {entry.seq}", (f"vent {entry.seq} ", f"saw event {entry.seq}:"))
    column = chance.choice(TEXT_COLUMNS)
    before = str(getattr(entry, column))
    place = chance.randrange(len(before) + 1)
    after = before[:place] + chance.choice("xyz?{") + before[place + chance.randrange(2) :]
    if after == before:
        after += "x"
    _changed(store, (f"update events set {column} = ? where seq = ?", [after, entry.seq]))  # noqa: S608
    return Tampered(f"{column} of event {entry.seq}", (f"vent {entry.seq} ",))


def events(store: Path, chance: random.Random) -> Tampered:
    """Events in another order, one more event, or fewer at the end."""
    entries = journal.read(store)
    how = chance.choice(("exchange", "repeat", "cut"))
    if how == "exchange":
        one, other = sorted(chance.sample([entry.seq for entry in entries], 2))
        moves = ((one, -1), (other, one), (-1, other))
        _changed(store, *(("update events set seq = ? where seq = ?", [to, seq]) for seq, to in moves))
        return Tampered(f"exchanged events {one} and {other}", (f"vent {one} ",))
    if how == "repeat":
        entry = chance.choice(entries)._replace(seq=len(entries) + 1)
        marks = ", ".join("?" * len(Event._fields))
        _changed(store, (f"insert into events values ({marks})", [*entry]))  # noqa: S608
        return Tampered(f"an event behind event {len(entries)}", (f"vent {entry.seq} ",))
    last = chance.randrange(len(entries))
    _changed(store, ("delete from events where seq > ?", [last]))
    return Tampered(f"no event behind {last}", ("The journal ", "current.json"))


def in_journal(store: Path, chance: random.Random) -> Tampered:
    """Other bytes in a fingerprint in the file of the journal, or a part of the file."""
    with closing(sqlite3.connect(store / "journal.sqlite")) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    path = store / "journal.sqlite"
    content = path.read_bytes()
    if chance.random() < 0.4:
        path.write_bytes(content[: chance.randrange(len(content))])
        return Tampered("cut the file of the journal", ("journal", "vent "))
    entry = chance.choice(journal.read(store))
    place = content.index(entry.hash.encode()) + chance.randrange(64)
    digit = chance.choice([sign for sign in b"0123456789abcdef" if sign != content[place]])
    path.write_bytes(content[:place] + bytes([digit]) + content[place + 1 :])
    # The fingerprint stands in its event and in the one behind it; which comes first in the file is chance.
    return Tampered(
        f"a byte of the hash of event {entry.seq}", (f"vent {entry.seq} ", f"vent {entry.seq + 1} ")
    )


def note(store: Path, chance: random.Random) -> Tampered:
    """Something else in current.json."""
    path = store / "current.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    how = chance.choice(("seq", "hash", "release_id", "cut", "delete"))
    if how == "delete":
        path.unlink()
    elif how == "cut":
        path.write_text(json.dumps(content)[: chance.randrange(40)], encoding="utf-8")
    else:
        other = {
            "seq": content["seq"] + chance.choice((-1, 1)),
            "hash": "0" * 64,
            "release_id": "2020-01-01-0",
        }
        path.write_text(json.dumps(content | {how: other[how]}), encoding="utf-8")
    return Tampered(f"{how} of current.json", ("current.json",))
