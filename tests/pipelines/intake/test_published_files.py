"""The 24 real budget files, each by its own recipe, come out with the right rows and sums to the cent."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.foreign_files import file_reader
from pipelines.intake.apply_recipe import Mapper
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.read_upload import read
from pipelines.intake.recipe_proposal import propose
from pipelines.intake.recipes import find_column, read_recipe, read_recipes, write_recipe
from pipelines.intake.recipes import parse_recipe as parse
from pipelines.intake.table_layout import find_layout
from pipelines.intake.validate import judge
from tests.paths import FIXTURES, REAL_DATA

RECIPES = FIXTURES / "recipes"
SAMPLES = REAL_DATA / "upload-samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not beside the repository")
MANIFEST = (
    {
        Path(one["file"]).stem: one
        for one in json.loads((SAMPLES / "MANIFEST.json").read_text(encoding="utf-8"))
    }
    if SAMPLES.is_dir()
    else {}
)
WORDS = read_vocabularies()

# Where our sum must differ from a plain sum of the column, with the reason.
OTHER_SUMS = {
    (
        "es_rubi_ejecucion_ingresos_2012_subtotals",
        "Previsions inicials",
    ): "70514715.64",  # without the 20 subtotals
    ("es_rubi_ejecucion_ingresos_2012_subtotals", "Previsions totals"): "96327886.54",
    ("es_rubi_ejecucion_ingresos_2012_subtotals", "DRN"): "88586140.57",
    (
        "it_opencoesione_pagamenti_sample",
        "TOT_PAGAMENTI",
    ): "4246363.06",  # the last running total of each of 36 projects
    (
        "it_pnrr_bandi_bom",
        "Importo previsto PNRR",
    ): "44885470795.543",  # the file has a third decimal, whose row is refused
}
# Errors that the files really hold; nothing else may be refused.
TRUE_REASONS = {
    "fr_erdf_2007-2013": {"date-missing"},
    "it_pnrr_bandi_bom": {"third-decimal"},
    "uk_scotland_esif_2014-2020": {"not-a-day"},
}
# Columns that their publishers fill with the same money twice, which the old recipes add: asked about.
SAME_MONEY = {
    "be_brussels_erdf_converted",  # the public part stands beside the whole that holds it
    "es_rubi_ejecucion_ingresos_2012_subtotals",  # the first forecast beside the forecast as changed later
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_a_real_file_is_read_by_its_recipe(name: str) -> None:
    told = MANIFEST[name]
    reading = read(SAMPLES / told["file"], read_recipe(RECIPES / f"{name}.toml"))
    verdict = judge(reading, WORDS)
    assert reading.encoding == told["encoding"] or (reading.encoding, told["encoding"]) == ("utf-8", "ascii")
    assert (reading.delimiter, verdict.rows_read) == (told["delimiter"], told["data_records_nonempty"])
    assert reading.grid is not None and reading.grid.width == told["n_columns"]
    same_money = name in SAME_MONEY
    assert [question.code for question in reading.questions] == ["columns"] * same_money
    sums = {" ".join(one.column.split()): one.original for one in verdict.sums}
    for amount in told["amounts"]:
        title = " ".join(amount["header"].split())
        if title in sums:
            assert sums[title] == Decimal(
                OTHER_SUMS.get((name, title)) or str(amount["sum_in_currency_units"])
            ), title
    errors = {finding.code for finding in verdict.findings if finding.severity == "error"}
    assert errors == TRUE_REASONS.get(name, set()) | ({"columns-overlap"} if same_money else set())
    assert verdict.rows_read == verdict.rows_accepted + verdict.rows_refused


@pytest.mark.slow
def test_the_table_of_the_real_files(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        f"{'file':44} {'encoding':10} {'mark':4} {'rows':>6} {'accepted':>8}  sums in the file's currency"
    ]
    for name, told in sorted(MANIFEST.items()):
        reading = read(SAMPLES / told["file"], read_recipe(RECIPES / f"{name}.toml"))
        verdict = judge(reading, WORDS)
        sums = "; ".join(f"{one.original:,.2f} {one.currency}" for one in verdict.sums)
        why = sorted({finding.code for finding in verdict.findings if finding.severity == "error"})
        lines.append(
            f"{name:44} {reading.encoding:10} {reading.delimiter!r:4} {verdict.rows_read:6,} {verdict.rows_accepted:8,}  {sums} {', '.join(why)}"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert len(lines) == 25


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_without_a_recipe_the_true_column_of_amounts_is_proposed(name: str) -> None:
    told = MANIFEST[name]
    reading = read(SAMPLES / told["file"])
    assert reading.is_proposed and reading.layout is not None
    proposed = {find_column(amount.column, reading.layout.titles) for amount in reading.recipe.amounts}
    wanted = {amount["col_index"] for amount in told["amounts"]}
    missed = {
        "nl_esf_amr-vso_2014-2020",
        "de_rheinland-pfalz_erdf_2007-2013",
        "de_hamburg_erdf_2007-2013",
        "it_opencoesione_pagamenti_sample",
        "at_esf_2014-2020",
    }
    assert proposed & wanted or name in missed | {"de_bonn_plan_2018_tab", "uk_scotland_esif_2014-2020"}


def test_an_earlier_recipe_is_proposed_for_the_next_file_of_its_publisher(tmp_path: Path) -> None:
    known = read_recipes(RECIPES)
    again = shutil.copy(SAMPLES / "lv_all_funds_2014-2020.csv", tmp_path / "next_month.csv")
    reading = read(Path(again), known_recipes=known.values())
    assert reading.recipe.name == "lv_all_funds_2014-2020"
    assert reading.layout is not None and propose(reading.layout, known.values()) == reading.recipe


def test_a_recipe_that_no_longer_fits_says_what_changed(tmp_path: Path) -> None:
    changed = tmp_path / "changed.csv"
    text = (
        (SAMPLES / "lv_all_funds_2014-2020.csv")
        .read_text(encoding="utf-8")
        .replace("ES finansējums", "Eiropas finansējums", 1)
    )
    changed.write_text(text, encoding="utf-8")
    findings = read(changed, read_recipe(RECIPES / "lv_all_funds_2014-2020.toml")).findings
    assert [
        (finding.column, finding.severity) for finding in findings if finding.code == "recipe-misfit"
    ] == [("ES finansējums", "error")]
    assert [finding.column for finding in findings if finding.code == "column-unknown"] == [
        "Eiropas finansējums"
    ]


def test_recipes_are_written_and_read_back_the_same() -> None:
    for name, recipe in read_recipes(RECIPES).items():
        assert parse(write_recipe(recipe), name) == recipe


def test_a_template_keeps_its_cells_without_a_copy() -> None:
    reading = read(FIXTURES / "uploads" / "good.csv")
    assert reading.grid is not None
    layout = find_layout(reading.grid)
    done = Mapper("good.csv", reading.grid, layout, reading.recipe, {}).apply()
    assert done.blocks[0].table["heading"].to_pylist() == [f"Line {number}" for number in range(1, 6)]
