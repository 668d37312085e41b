"""Importers of published bulk files: each module reads the files of one publisher into our shapes."""

from pipelines.importers import cordis, fts, funding_calls
from pipelines.importers.base import Importer

IMPORTERS: dict[str, Importer] = {"fts": fts, "cordis": cordis, "calls": funding_calls}
