"""The documents are true: paths, commands, requirements, names and versions are those of the repository."""

import ast
import importlib.metadata
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import typer.main
import yaml

from pipelines.__main__ import app as command_line
from tests.documents import DOCUMENTS, files_like, how_tos, paths, read_document
from tests.paths import ROOT

CODE = (ROOT / "app.py", *sorted(ROOT.glob("pipelines/**/*.py")), *sorted(ROOT.glob("pages/**/*.py")))
TESTS = tuple(sorted(ROOT.glob("tests/**/*.py")))
LONGEST = 110
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Modules had these names before version 0.2.0. None says what its module does, or it says something else.
_OLD_NAMES = """
accepted acting anatomy apart asking behind cards cells codes compare confined contents controls coverage
decoding desk dialect discovery door durable effect effects examining exhibit exports faces fetch formats
frame guard imaging imported isolation judging lettering letters library link marked marks method moments
money moved moves narrowing number_card older opening pack picked places plan publication purses reader
regular relations relevance schedule shapes share size slips static_copy streams structure taking titles
trial trust typefaces verify_bundle words work
"""
OLD_NAMES = frozenset(_OLD_NAMES.split())
OLD_FOLDERS = ("pipelines/decisions", "pipelines/imports", "pages/parts/queries")


def commands() -> set[str]:
    """The commands of `python -m pipelines`."""
    return set(typer.main.get_command(command_line).commands)  # type: ignore[attr-defined]


@cache
def providers() -> dict[str, list[str]]:
    """Name of a top module → the installed libraries that hold it."""
    return dict(importlib.metadata.packages_distributions())


@cache
def imported(files: tuple[Path, ...]) -> dict[str, set[str]]:
    """Name of a module → files that import it, wherever in the file."""
    found: dict[str, set[str]] = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                found.setdefault(name, set()).add(str(file.relative_to(ROOT)))
    return found


# --- documents


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_in_a_document_is_there(document: Path) -> None:
    text = read_document(document.name)
    if document.name == "ARCHITECTURE.md":
        text = text.split("\n## Old and new names\n")[0]
    written = {"data/store/", "requirements.lock", ".venv/"}  # made when the code is installed and run
    named = paths(text)
    assert [path for path in named if path not in written and not files_like(path)] == []
    links = re.findall(r"\]\((?!http)([^)#]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_leads_to_every_document() -> None:
    links = re.findall(r"\]\(([^)]+)\)", read_document("README.md"))
    assert {path.name for path in DOCUMENTS} - {"README.md"} <= set(links)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_is_a_command(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert set(re.findall(r"python -m pipelines ([a-z]+)", text)) <= commands()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = [shlex.split(span)[1:] for span in re.findall(r"`(make [a-z ]+)`", text)]
    assert {target for targets_of in asked for target in targets_of} <= targets


def test_the_readme_names_every_command() -> None:
    table = [line for line in read_document("README.md").splitlines() if line.startswith("| `")]
    words = set(re.findall(r"[a-z]+", " ".join(line.split("|")[1] for line in table)))
    maintenance = {"sums"}  # writes a source that ships; readers of the README have no use for it
    assert commands() - maintenance <= words


def test_the_newest_version_of_the_changelog_is_the_version_of_the_project() -> None:
    headings = re.findall(r"^## (.+)$", read_document("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    versions = [re.fullmatch(r"\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})", line) for line in headings[1:]]
    assert all(versions)
    numbers = [tuple(int(part) for part in match.groups()[:3]) for match in versions if match]
    assert numbers == sorted(numbers, reverse=True)
    assert ".".join(str(part) for part in numbers[0]) == PYPROJECT["project"]["version"]


def test_each_how_to_names_its_files_in_order_and_the_registry_in_them() -> None:
    found = how_tos()
    assert len(found) >= 11
    for title, steps in found.items():
        assert steps, title
        for step in steps:
            files = files_like(step.path)
            assert files, f"{title}: {step.path}"
            for name in step.names:
                assert any(
                    re.search(rf"\b{re.escape(name)}\b", file.read_text(encoding="utf-8")) for file in files
                ), f"{title}: {name} is not in {step.path}"


# --- requirements


def pins(file: str) -> dict[str, str]:
    """Library → version, from a file of requirements or a lock file. Raises ValueError for another line."""
    found = {}
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].split(";")[0].strip().rstrip("\\").strip()
        if not text or text.startswith("--hash="):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([\w.+!-]+)", text)
        if not match:
            raise ValueError(f"{file}: {line}")
        found[library_name(match[1])] = match[2]
    return found


def library_name(name: str) -> str:
    """The name of a library as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def unnamed(files: tuple[Path, ...], named: Iterable[str]) -> dict[str, list[str]]:
    """Libraries that the files import and that nobody names → the files."""
    own = {"app", "pages", "pipelines", "tests"}
    found: dict[str, set[str]] = {}
    for module, users in imported(files).items():
        top = module.split(".")[0]
        if top in sys.stdlib_module_names or top in own:
            continue
        libraries = {library_name(library) for library in providers().get(top, [top])}
        if not libraries & set(named):
            found.setdefault(" or ".join(sorted(libraries)), set()).update(users)
    return {library: sorted(users) for library, users in found.items()}


@pytest.mark.slow
def test_every_library_that_the_code_imports_is_named() -> None:
    assert unnamed(CODE, pins("requirements.txt")) == {}


@pytest.mark.slow
def test_every_library_that_the_tests_import_is_named() -> None:
    assert unnamed(TESTS, {**pins("requirements.txt"), **pins("tests/requirements.txt")}) == {}


@pytest.mark.parametrize("folder", ["", "tests/"])
def test_a_lock_file_holds_every_pin_with_hashes_and_no_address(folder: str) -> None:
    named, locked = pins(f"{folder}requirements.txt"), pins(f"{folder}requirements.lock")
    assert {name: locked.get(name) for name in named} == named
    text = (ROOT / f"{folder}requirements.lock").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if "==" in entry]
    assert len(entries) == len(locked)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "index" not in text


def test_both_lock_files_hold_the_same_versions() -> None:
    code, tests = pins("requirements.lock"), pins("tests/requirements.lock")
    assert {name: tests[name] for name in code.keys() & tests.keys()} == {
        name: code[name] for name in code.keys() & tests.keys()
    }


def test_the_installed_libraries_are_the_locked_ones() -> None:
    locked = pins("requirements.lock") | pins("tests/requirements.lock")
    installed = {
        library_name(library.name): library.version for library in importlib.metadata.distributions()
    }
    named = pins("requirements.txt") | pins("tests/requirements.txt")
    assert {name: installed.get(name) for name in named} == {name: locked[name] for name in named}


# --- checks


def test_a_commit_is_checked_like_make_check() -> None:
    planned = subprocess.run(
        ["make", "--dry-run", "--always-make", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    checks = [line for line in planned.stdout.splitlines() if re.match(r"\.venv/bin/(ruff|mypy)\b", line)]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0][
        "hooks"
    ]
    assert [hook["entry"] for hook in hooks] == checks
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in hooks)


def test_lines_are_not_longer_than_the_formatter_allows() -> None:
    assert PYPROJECT["tool"]["ruff"]["line-length"] == LONGEST
    own = [*DOCUMENTS, ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / "requirements.txt"]
    own += [ROOT / ".editorconfig", ROOT / ".pre-commit-config.yaml", ROOT / "tests" / "requirements.txt"]
    own += [ROOT / "tests" / name for name in ("documents.py", "test_documentation.py", "test_how_tos.py")]
    long = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in own
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST and not line.startswith("|") and " " in line.strip()
    ]
    assert long == []


# --- rooms


def test_pipelines_know_nothing_of_pages_streamlit_or_plotly() -> None:
    rooms = tuple(file for file in CODE if file.is_relative_to(ROOT / "pipelines"))
    doors = {
        module: users
        for module, users in imported(rooms).items()
        if module.split(".")[0] in {"pages", "streamlit", "plotly", "kaleido", "app"}
    }
    assert doors == {}
    by_name = [
        str(file.relative_to(ROOT))
        for file in rooms
        if re.search(r"""(import_module|__import__)\(|-m["', ]+pages\b""", file.read_text(encoding="utf-8"))
    ]
    assert by_name == []


def test_no_module_has_an_old_name() -> None:
    modules = [path for path in CODE if path.name != "__init__.py"]
    assert [str(path.relative_to(ROOT)) for path in modules if path.stem in OLD_NAMES] == []
    assert [folder for folder in OLD_FOLDERS if (ROOT / folder).exists()] == []


def test_the_table_of_old_and_new_names_is_true() -> None:
    table = read_document("ARCHITECTURE.md").split("\n## Old and new names\n")[1]
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", table, re.MULTILINE)
    assert len(rows) > 80
    new = {new for _, new in rows}
    assert [old for old, _ in rows if old not in new and (ROOT / old).exists()] == []
    assert [path for path in sorted(new) if not (ROOT / path).exists()] == []
    assert {Path(old).stem for old, _ in rows} >= OLD_NAMES
