"""Importers of published bulk files: each module reads the files of one publisher into our shapes."""

from pipelines.importers import cordis, ecb, ecorda, eurostat, fts, funding_calls, investeu, rrf_italy
from pipelines.importers.base import Importer

IMPORTERS: dict[str, Importer] = {
    "fts": fts,
    "cordis": cordis,
    "calls": funding_calls,
    "rrf-it": rrf_italy,
    "investeu": investeu,
    "ecb": ecb,
    "ecorda": ecorda,
    "eurostat": eurostat,
}
