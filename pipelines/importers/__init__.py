"""Importers of published bulk files: one module per publisher. Each turns foreign files into tables of our shapes; `store` writes them."""

from pipelines.importers import cordis, fts, funding_calls
from pipelines.importers.base import Importer

IMPORTERS: dict[str, Importer] = {"fts": fts, "cordis": cordis, "calls": funding_calls}
