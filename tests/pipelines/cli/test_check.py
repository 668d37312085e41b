"""`check` proposes a recipe, takes it back completed, and says what would be published by stage and basis."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.__main__ import app
from pipelines.foreign_files import file_reader
from pipelines.intake.recipes import parse_recipe

RUN = CliRunner()
CONSTANTS = """
[constants]
programme = "digital-europe"
basis = "eu-contribution"
source_url = "https://example.org/list"
"""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


def test_a_proposed_recipe_is_written_completed_and_given_back(tmp_path: Path) -> None:
    path, recipe = tmp_path / "list.csv", tmp_path / "recipe.toml"
    path.write_text(
        "Projekt;Stage;Jahr;Betrag (Tsd. EUR)\nA;committed;2023;100\nB;paid;2024;251\nC;paid;2023;307\n",
        encoding="utf-8",
    )
    first = RUN.invoke(
        app, ["check", str(path), "--recipe-out", str(recipe), "--json", "--store", str(tmp_path)]
    )
    assert first.exit_code == 1
    text = recipe.read_text(encoding="utf-8")
    assert parse_recipe(text, "x") == parse_recipe(json.loads(first.stdout)["recipe_toml"], "x")
    recipe.write_text(text + CONSTANTS, encoding="utf-8")
    again = RUN.invoke(app, ["check", str(path), "--recipe", str(recipe), "--json", "--store", str(tmp_path)])
    assert again.exit_code == 0, again.stdout
    sums = [(one["stage"], one["sum_eur"], one["years"]) for one in json.loads(again.stdout)["sums"]]
    assert sums == [
        ("committed", "100000.00", {"2023": {"rows": 1, "sum_eur": "100000.00"}}),
        (
            "paid",
            "558000.00",
            {"2023": {"rows": 1, "sum_eur": "307000.00"}, "2024": {"rows": 1, "sum_eur": "251000.00"}},
        ),
    ]
    told = RUN.invoke(app, ["check", str(path), "--recipe", str(recipe), "--store", str(tmp_path)]).stdout
    assert "100,000.00 euros committed, eu-contribution (2023); 558,000.00 euros paid" in told
    assert "658,000.00" not in told.splitlines()[-1]
