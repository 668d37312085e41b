"""A store with everything that a store can hold, and its backup. Read only: tests that change it copy it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines import files, journal, releases
from pipelines.backups import writer
from pipelines.backups.writer import Written
from pipelines.publishing.publication_requests import Request
from tests.conftest import Small
from tests.pipelines.publishing.office import AWARD, Office, template


@dataclass(frozen=True)
class Full:
    """A store with two releases, an upload that is public, one that waits, an import and a recipe; the backup
    of it with both releases, and that with the current one alone.
    """

    office: Office
    waiting: Request
    every: Path
    current: Path
    written: Written

    @property
    def store(self) -> Path:
        return self.office.store

    def copy(self, folder: Path) -> Path:
        """A copy of the store that a test may break."""
        shutil.copytree(self.store, folder)
        return folder


@pytest.fixture(scope="session")
def full(_small: Small, tmp_path_factory: pytest.TempPathFactory) -> Full:
    place = tmp_path_factory.mktemp("full")
    store = place / "store"
    shutil.copytree(_small.store, store)
    office = Office(store, _small.data)
    imported = store / "sources" / "notes-0123456789ab"
    shutil.copytree(_small.path("template").parent, imported)
    details = {"source_id": imported.name, "folder": files.folder_sha256(imported)}
    journal.append(store, "import", None, "Lines", details)
    (store / "recipes").mkdir()
    (store / "recipes" / "agency.toml").write_text('name = "agency"\n', encoding="utf-8")
    office.publish(office.ask(template(AWARD)))
    waiting = office.ask(template(AWARD | {"heading": "Another award"}))
    (store / "downloads").mkdir()
    (store / "downloads" / "fetched.csv").write_text("a\n", encoding="utf-8")
    (store / "sessions.sqlite").write_bytes(b"sign-ins")
    written = writer.write(store, place / "every.zip", every_release=True)
    writer.write(store, place / "current.zip")
    assert len(releases.available(store)) == 2
    return Full(office, waiting, place / "every.zip", place / "current.zip", written)
