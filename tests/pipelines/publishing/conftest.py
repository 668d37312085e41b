"""Stores in which something was asked for or published already; each test gets its own copy."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.publishing.publication_requests import Request
from tests.conftest import Small
from tests.pipelines.publishing.office import AWARD, Office, template


@dataclass(frozen=True)
class Asked(Office):
    """A store in which one award was uploaded, seen and asked for."""

    request: Request


def copied(store: Path, target: Path) -> Path:
    """A store of one's own. Files of a release are links: overwrite them, never write into them."""
    shutil.copytree(store, target, ignore=shutil.ignore_patterns("releases"))
    shutil.copytree(store / "releases", target / "releases", copy_function=os.link)
    return target


@pytest.fixture
def office(small: Small) -> Office:
    return Office(small.store, small.data)


@pytest.fixture(scope="session")
def _asked(_small: Small, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    store = copied(_small.store, tmp_path_factory.mktemp("asked") / "store")
    return Asked(store, _small.data, Office(store, _small.data).ask(template(AWARD)))


@pytest.fixture
def asked_office(_asked: Asked, small: Small, tmp_path: Path) -> Asked:
    """A store in which one award was asked for, for this test alone."""
    return Asked(copied(_asked.store, tmp_path / "own"), small.data, _asked.request)


@pytest.fixture(scope="session")
def _published(_asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    store = copied(_asked.store, tmp_path_factory.mktemp("published") / "store")
    Office(store, _asked.data).publish(_asked.request)
    return Asked(store, _asked.data, _asked.request)


@pytest.fixture
def published(_published: Asked, small: Small, tmp_path: Path) -> Asked:
    """A store in which that award was published, for this test alone."""
    return Asked(copied(_published.store, tmp_path / "own"), small.data, _published.request)
