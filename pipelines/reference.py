"""The lists of data/reference: every module that needs one reads it here, and each file is read once."""

import csv
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parent.parent / "data" / "reference"


@lru_cache
def read_rows(name: str, folder: Path = REFERENCE) -> tuple[Mapping[str, str], ...]:
    """The rows of <folder>/<name>.csv in the order of the file, each as column → text.

    All callers share them.

    Raises FileNotFoundError where the list is not there.
    """
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream))


@lru_cache
def read_declaration(name: str, folder: Path = REFERENCE) -> Mapping[str, Any]:
    """What <folder>/<name>.toml declares.

    All callers share it. Raises FileNotFoundError where it is not there.
    """
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
