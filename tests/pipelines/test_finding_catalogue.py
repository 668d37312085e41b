"""Every code of a finding that the code makes is in data/reference/finding_codes.csv, and the other way round.

The code is read as a syntax tree: a maker of findings is `Finding` itself, and whatever hands its own `code` on to one.
"""

import ast
import csv
from collections.abc import Iterator
from functools import lru_cache

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


@lru_cache(maxsize=1)
def makers() -> dict[str, int]:
    """Name of a function or class → position of its code, counted without self."""
    known = {"Finding": 0, "Fault": 0}
    functions = [
        (node.name if node.name != "__init__" else owner.name, node)
        for tree in TREES.values()
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef | ast.FunctionDef | ast.Module)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and (node.name != "__init__" or isinstance(owner, ast.ClassDef))
    ]
    while True:
        found = dict(known)
        for name, function in functions:
            arguments = [
                argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")
            ]
            if "code" in arguments and (
                any(
                    isinstance(given := code_of(call, known[called(call)]), ast.Name) and given.id == "code"
                    for call in ast.walk(function)
                    if isinstance(call, ast.Call) and called(call) in known
                )
                or (function.name == "__init__" and "problem" in arguments)
            ):
                found[name] = arguments.index("code")
        if found == known:
            return known
        known = found


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
        if isinstance(call, ast.Call) and called(call) in makers()
        for code in constants(code_of(call, makers()[called(call)]))
    ]


def test_the_makers_of_findings_are_found() -> None:
    assert {"Finding", "Fault", "make_finding", "NotATable", "error", "note", "_refused"} <= set(makers())
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
