"""What other parts of the program hand to this one: functions that are registered in pyproject.toml, so that
pipelines/ knows no page.
"""

import tomllib
from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Any

from pipelines.settings import ROOT

EXHIBITS = "tracker.exhibits"
"""Functions of a release id and a store that give the figures of a bundle."""

SENTENCES = "tracker.sentences"
"""Functions of a release id and a store that give what the pages say: where it stands → the sentence."""


def functions(group: str) -> list[Callable[..., Any]]:
    """The functions that are registered in a group."""
    return [entry.load() for entry in _entries(group)]


def modules(group: str) -> list[str]:
    """The modules that hold them."""
    return [entry.module for entry in _entries(group)]


def _entries(group: str) -> list[EntryPoint]:
    """pyproject.toml is read here, because the program runs from its folder and is not installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    registered = project.get("entry-points", {}).get(group, {})
    return [EntryPoint(name, value, group) for name, value in registered.items()]
