"""Every code of a finding that the code makes is in data/reference/finding_codes.csv, and the other way
round.

The code is read as a syntax tree: a maker of findings is `Finding` itself, and whatever hands its own `code`
on to one.
"""

import ast
import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from pipelines.engines import duckdb_engine
from tests.paths import DATA, ROOT

with (DATA / "reference" / "finding_codes.csv").open(encoding="utf-8", newline="") as stream:
    CATALOGUE = {row["code"]: row for row in csv.DictReader(stream)}
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "pipelines").rglob("*.py"))}
LAWS = {name.replace("_", "-"): name for name in duckdb_engine.names("law_")}


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def code_of(call: ast.Call, position: int) -> ast.expr | None:
    """What a call of a maker gives as code."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    return (named or call.args[position : position + 1] or [None])[0]


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module under the names by which they are called; __init__ under that of its
    class."""
    for owner in ast.walk(tree):
        for node in getattr(owner, "body", ()) if not isinstance(owner, ast.Lambda | ast.IfExp) else ():
            if isinstance(node, ast.FunctionDef):
                yield (
                    (
                        owner.name
                        if node.name == "__init__" and isinstance(owner, ast.ClassDef)
                        else node.name
                    ),
                    node,
                )


def imported(tree: ast.Module) -> set[str]:
    """The names that a module imports."""
    return {
        alias.asname or alias.name.split(".")[-1]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def makers_in(tree: ast.Module, own: dict[str, int], others: dict[str, int]) -> dict[str, int]:
    """The makers that a module can call: its own, and those of other modules whose name, or module, it
    imports.
    """
    names = imported(tree)
    modules = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in names
    }
    return {name: place for name, place in others.items() if name in names | modules} | own


@lru_cache(maxsize=1)
def makers() -> dict[Path, dict[str, int]]:
    """Module → name of each maker of findings that it can call → position of the code, counted without
    self."""
    own: dict[Path, dict[str, int]] = {path: {} for path in TREES}
    own[ROOT / "pipelines" / "findings.py"] = {"Finding": 0}
    own[ROOT / "pipelines" / "row_checks.py"] = {"Fault": 0}
    while True:
        everywhere = {name: place for each in own.values() for name, place in each.items()}
        callable_in = {path: makers_in(tree, own[path], everywhere) for path, tree in TREES.items()}
        more = {path: dict(each) for path, each in own.items()}
        for path, tree in TREES.items():
            for name, function in functions(tree):
                arguments = [
                    argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")
                ]
                hands_on = any(
                    isinstance(given := code_of(call, callable_in[path][called(call)]), ast.Name)
                    and given.id == "code"
                    for call in ast.walk(function)
                    if isinstance(call, ast.Call) and called(call) in callable_in[path]
                )
                is_error = function.name == "__init__" and "problem" in arguments
                if "code" in arguments and (hands_on or is_error):
                    more[path][name] = arguments.index("code")
        if more == own:
            return callable_in
        own = more


def constants(given: ast.expr | None) -> Iterator[str]:
    """The codes that an expression may be, as far as it says them."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    if isinstance(given, ast.IfExp):
        yield from constants(given.body)
        yield from constants(given.orelse)


@lru_cache(maxsize=1)
def uses() -> list[tuple[str, str, ast.Call]]:
    """Code, place and call, for every code that is handed to a maker of findings."""
    return [
        (code, f"{path.relative_to(ROOT)}:{call.lineno}", call)
        for path, tree in TREES.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and called(call) in makers()[path]
        for code in constants(code_of(call, makers()[path][called(call)]))
    ]


def test_the_makers_of_findings_are_found() -> None:
    assert {"Finding", "Fault", "make_finding", "NotATable", "_refused"} <= {
        name for each in makers().values() for name in each
    }
    assert len({code for code, _, _ in uses()}) > 140


def test_every_code_that_is_used_is_in_the_catalogue() -> None:
    assert sorted(f"{code} ({place})" for code, place, _ in uses() if code not in CATALOGUE) == []
    assert sorted(set(LAWS) - set(CATALOGUE)) == []


def test_every_code_in_the_catalogue_is_used() -> None:
    words = {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(CATALOGUE) - words - set(LAWS)) == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_says_how_heavy_it_weighs_and_what_to_do(code: str) -> None:
    row = CATALOGUE[code]
    assert row["severity"] in ("error", "warning", "note") and row["found_in"] in (
        "upload",
        "import",
        "build",
    )
    assert row["title"] and row["remedy"]
    severities = {
        next((str(keyword.value.value) for keyword in call.keywords if keyword.arg == "severity"), "error")  # type: ignore[attr-defined]
        for used, _, call in uses()
        if used == code and called(call) == "Finding" and row["found_in"] != "upload"
    }
    assert not severities or row["severity"] in severities, f"the code makes it a {severities}"


@pytest.mark.parametrize("code", sorted(LAWS))
def test_a_law_has_the_same_title_in_the_catalogue_as_in_its_file(code: str) -> None:
    assert CATALOGUE[code]["title"] == duckdb_engine.title(LAWS[code])
