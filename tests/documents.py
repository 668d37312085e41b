"""Markdown documents of the repository as values: code spans, tables, and the steps of the how-tos."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT

DOCUMENTS = tuple(sorted(ROOT.glob("*.md")))
_FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"^\d+\. (?P<head>`.*?) – (?P<text>.*?)(?=^\d+\. |^\S|\Z)", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Step:
    """One step of a how-to.

    path: of the file to change; <word> stands for a name that is chosen. names: what is in that file.
    """

    path: str
    names: tuple[str, ...]
    text: str

    @property
    def is_new(self) -> bool:
        """Whether the step adds a file."""
        return "<" in self.path


def read_document(name: str) -> str:
    """The text of a document, without its blocks of code."""
    return _FENCE.sub("", (ROOT / name).read_text(encoding="utf-8"))


def how_tos() -> dict[str, list[Step]]:
    """Title → steps of every how-to of CONTRIBUTING.md."""
    whole = read_document("CONTRIBUTING.md")
    part = whole.split("\n## How-tos\n", 1)[1].split("\n## ", 1)[0]
    found = {}
    for section in part.split("\n### ")[1:]:
        title, _, body = section.partition("\n")
        steps = []
        for match in _STEP.finditer(body):
            path, *names = _SPAN.findall(match["head"])
            steps.append(Step(path, tuple(names), " ".join(match["text"].split())))
        found[title] = steps
    return found


def paths(text: str) -> list[str]:
    """Every code span that is a path of the repository, in order; it may have <words> or a * in it."""
    top = {path.name for path in ROOT.iterdir()}
    return [
        span
        for span in _SPAN.findall(text)
        if " " not in span and span.split("/")[0] in top and not span.startswith("..")
    ]


def files_like(path: str, root: Path = ROOT) -> list[Path]:
    """The files that a path stands for: <word> is any name."""
    return sorted(root.glob(re.sub(r"<[^>]+>", "*", path.rstrip("/"))))
