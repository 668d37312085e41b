"""Which module may know which: the pipelines know no page, and a build knows no decision."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import pipelines
from tests.paths import ROOT

PAGES = {"pages", "streamlit", "plotly"}
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(pipelines.__path__, "pipelines.")
    if not module.name.startswith("pipelines.journal.migrations")
)


def strings_and_imports(path: Path) -> set[str]:
    """The first words of all names that a file imports or could load by name: pages for
    `pages.http.release_zip:exhibits`.
    """
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            names |= {node.value} if "." in node.value or ":" in node.value else set()
    return {name.replace(":", ".").partition(".")[0] for name in names}


def test_no_module_of_the_pipelines_names_a_page() -> None:
    for path in (ROOT / "pipelines").rglob("*.py"):
        assert not strings_and_imports(path) & PAGES, path


def loaded_by(*modules: str) -> set[str]:
    """Every module that is loaded once these are imported."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.slow
def test_no_module_of_the_pipelines_loads_a_page() -> None:
    loaded = loaded_by(*(name for name in MODULES if not name.endswith("__main__")), "pipelines.__main__")
    assert {name for name in loaded if name.partition(".")[0] in PAGES} == set()
    assert set(MODULES) <= loaded


@pytest.mark.parametrize("module", ["pipelines.build", "pipelines.verify"])
def test_a_build_and_a_check_know_no_decision(module: str) -> None:
    assert not {name for name in loaded_by(module) if name.startswith("pipelines.publishing")}
