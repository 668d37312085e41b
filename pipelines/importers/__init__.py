"""Importers of published bulk files: each module reads the files of one publisher into our shapes."""

from importlib import import_module
from typing import cast

from pipelines.importers.base import Importer

# Kind of published file → the module that reads it; loaded when it is needed.
IMPORTERS = {
    "fts": "pipelines.importers.fts",
    "cordis": "pipelines.importers.cordis",
    "calls": "pipelines.importers.funding_calls",
}


def load_importer(kind: str) -> Importer:
    """The importer of a kind. Raises KeyError where there is none."""
    return cast(Importer, import_module(IMPORTERS[kind]))
