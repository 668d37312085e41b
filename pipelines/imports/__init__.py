"""Importers of published bulk files: one module per publisher. Each turns foreign files into tables of our shapes; `store` writes them."""

from pipelines.imports import calls, cordis, fts
from pipelines.imports.imported import Importer

IMPORTERS: dict[str, Importer] = {"fts": fts, "cordis": cordis, "calls": calls}
