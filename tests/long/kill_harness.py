"""Kills decisions and looks at what is left.

Run as a process of its own, which prepares a store and then only forks: no child pays for imports.

python -m tests.long.kill_harness FOLDER DATA KILLS SEED SHARE SHARES     prints one line of JSON per kill
"""

import hashlib
import json
import os
import pickle
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.dataset  # noqa: F401 - loaded once here, not in every child
import sqlalchemy.dialects.sqlite  # noqa: F401

from pipelines import active_uploads, journal, releases, store_audit, verify
from pipelines.build import build
from pipelines.publishing import dry_run, publication_requests, publish_withdraw_rollback
from tests.pipelines.publishing.office import ANN, AWARD, BOB, CORRECTION, LINE, Office, template

FIRST, SECOND, THIRD = template(AWARD), template(CORRECTION), template(AWARD | {"heading": "Another award"})

# What is killed, and how often out of 20. The costly ones are those that build.
ACTS = {"upload": 4, "dry run": 1, "ask": 4, "publish": 5, "withdraw": 2, "rollback": 4}
BUILDING = ("publish", "withdraw")


class Counter:
    """Counts the calls that change a disk, and the named steps; ends this process without a word when the
    count is reached.
    """

    def __init__(self, die_at: int) -> None:
        self.names: list[str] = []
        self.die_at = die_at

    def reached(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        for module, name in (
            (os, "fsync"),
            (os, "rename"),
            (os, "replace"),
            (os, "unlink"),
            (os, "mkdir"),
            (shutil, "rmtree"),
        ):
            setattr(module, name, self._around(getattr(module, name), name))

    def _around(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def watched(*arguments: Any, **more: Any) -> Any:
            self.reached(f"before {name}")
            given = call(*arguments, **more)
            self.reached(f"after {name}")
            return given

        return watched


def prepare(office: Office) -> tuple[Any, Any]:
    """A store with an upload that is public and one that is waiting.

    Gives a third one and its effect, for which nobody asked yet.
    """
    build(office.store, office.data)
    office.publish(office.ask(FIRST))
    office.ask(SECOND)
    third = office.submission(THIRD)
    return third, dry_run.dry_run(office.store, third, ANN, office.data)


def act(name: str, office: Office, third: tuple[Any, Any], progress: Callable[[str], None]) -> None:
    """One act that may be killed; doing it again afterwards must work."""
    match name:
        case "upload":
            office.upload(template(AWARD | {"heading": "A fourth award"}))
        case "dry run":
            dry_run.dry_run(office.store, third[0], ANN, office.data, progress)
        case "ask":
            publication_requests.ask(office.store, *third, ANN, "It is right.")
        case "publish":
            (waiting,) = [
                found
                for found in publication_requests.requests(office.store)
                if found.source_id == name_of(SECOND)
            ]
            publish_withdraw_rollback.publish(
                office.store, waiting.request_id, BOB, "Checked.", LINE, office.data, progress
            )
        case "withdraw":
            publish_withdraw_rollback.withdraw(
                office.store, name_of(FIRST), BOB, "It was wrong.", LINE, office.data, progress
            )
        case "rollback":
            first = next(entry.release_id for entry in journal.read(office.store) if entry.release_id)
            publish_withdraw_rollback.rollback(office.store, first, "It was better.", BOB, progress)


def name_of(content: bytes) -> str:
    return f"upload-{hashlib.sha256(content).hexdigest()[:12]}"


def forked(work: Callable[[], Any], seconds: float | None = None) -> tuple[bool, Any]:
    """Do something in a child.

    Gives whether it was killed, and its answer. seconds: after which it is killed from outside.
    """
    inside, outside = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inside)
        try:
            answer = work()
        except BaseException as problem:  # the parent must learn of it, whatever it is
            answer = {"problems": [f"{type(problem).__name__}: {problem}"]}
        with os.fdopen(outside, "wb") as stream:
            pickle.dump(answer, stream)
        os._exit(0)
    os.close(outside)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(inside, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    try:
        return status & 0x7F == signal.SIGKILL, pickle.loads(said) if said else None
    except (EOFError, pickle.UnpicklingError):
        return True, None


def once(name: str, office: Office, third: tuple[Any, Any], die_at: int) -> list[str]:
    """The act, killed at its n-th step; all its steps if it is not."""
    counter = Counter(die_at)
    counter.watch()
    act(name, office, third, counter.reached)
    return counter.names


def look(store: Path, earlier: list[str], is_thorough: bool = False) -> dict[str, Any]:
    """What is wrong, which release is current and which uploads are in it. earlier: hashes of events that
    were acknowledged before.
    """
    current = releases.require_current(store)
    events = [entry.hash for entry in journal.read(store)]
    if is_thorough:
        problems = list(verify.problems(current, store))
    else:
        problems = [*journal.broken_links(store), *store_audit.problems(store)]
        problems += [] if releases.is_sound(releases.folder(current, store)) else [f"{current} is not whole"]
    if events[: len(earlier)] != earlier:
        problems.append("an event that was acknowledged is gone")
    return {
        "current": current,
        "problems": problems,
        "events": events,
        "uploads": active_uploads.in_force(store),
    }


def mend(name: str, office: Office, third: tuple[Any, Any], is_repeated: bool) -> dict[str, Any]:
    """Clear up and say what was left; then, if is_repeated, do the act again, as who got no answer would, and
    look.
    """
    store = office.store
    said = publish_withdraw_rollback.recover(store)
    left = [
        str(path.relative_to(store))
        for path in store.rglob(".*")
        if path.is_dir() or path.name.startswith(".incoming")
    ]
    left += [path.name for path in (store / "trials").iterdir()] if (store / "trials").is_dir() else []
    known = {entry.release_id for entry in journal.read(store)}
    left += [f"release {release_id}" for release_id in releases.available(store) if release_id not in known]
    left += sorted({path.name for path in (store / "sources").iterdir()} - set(active_uploads.folders(store)))
    was_done = journal.read(store)[-1].action == name and name in ("withdraw", "rollback")
    if is_repeated and not was_done:
        act(name, office, third, lambda step: None)
    return look(store, [], is_repeated) | {"said": said, "left": left, "is_repeated": is_repeated}


def main(folder: Path, data: Path, kills: int, seed: int, share: int, shares: int) -> None:
    dice = random.Random(seed + share)
    model, office = Office(folder / f"model-{share}", data), Office(folder / f"store-{share}", data)
    _, third = forked(lambda: prepare(model))
    assert isinstance(third, tuple), third
    _, before = forked(lambda: look(model.store, [], True))
    steps: dict[str, tuple[int, float]] = {}
    after: dict[str, Any] = {}
    for name in ACTS:
        copy(model.store, office.store)
        begun = time.monotonic()
        _, names = forked(lambda name=name: once(name, office, third, 0))
        assert isinstance(names, list), (name, names)
        steps[name] = (len(names), time.monotonic() - begun)
        _, after[name] = forked(lambda: look(office.store, before["events"], True))
    for number in range(share, kills, shares):
        (name,) = dice.choices(list(ACTS), list(ACTS.values()))
        most, lasts = steps[name]
        at = dice.randint(1, most) if number % 5 else 0
        seconds = None if at else dice.uniform(0, lasts)
        is_repeated = name not in BUILDING or dice.random() < 0.3
        copy(model.store, office.store)
        died, _ = forked(lambda name=name, at=at: once(name, office, third, at), seconds)
        _, found = forked(lambda: look(office.store, before["events"]))
        _, mended = forked(lambda name=name, is_repeated=is_repeated: mend(name, office, third, is_repeated))
        line = {
            "act": name,
            "at": at,
            "of": most,
            "seconds": seconds,
            "died": died,
            "found": found,
            "mended": mended,
        }
        print(json.dumps(line | {"before": before, "after": after[name]}), flush=True)


def copy(model: Path, place: Path) -> None:
    """A store like the model; the files of releases, which nobody writes, are links."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(model, place, ignore=shutil.ignore_patterns("releases"))
    shutil.copytree(model / "releases", place / "releases", copy_function=os.link)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *(int(argument) for argument in sys.argv[3:7]))
