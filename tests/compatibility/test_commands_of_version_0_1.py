"""The commands keep names and options, and answer about a store of version 0.1 with the same numbers."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.compatibility import reducing
from tests.compatibility.record import BUILT, COMMANDS, IMPORTED, RELEASES, REVISED, read
from tests.compatibility.running import FILES, Done, run, run_alone, unpack

pytestmark = pytest.mark.slow
RECORDED: dict[str, Any] = read(COMMANDS)
UPLOADED = "select entry_id, amount_eur from ledger where source_id like 'upload-%' order by entry_id"
BAD, MINISTRY, RECIPE = (str(FILES / name) for name in ("bad.csv", "ministry.csv", "ministry.toml"))
UNANSWERABLE = (
    ("query", "delete from ledger"),
    ("query", "select * from '/etc/hosts'"),
    ("query", UPLOADED, "--release", "2020-01-01-0000000000"),
)
IMPORT = ("import", "fts", str(FILES / "fts_cnect_2021.csv"), "--accept-smaller", "--no-build")

Outputs = Mapping[tuple[str, ...], Done]
"""What each command did, by its words."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store. Beside it lie bundle.zip, and changed.zip: the same with another amount in the ledger."""
    store = unpack(tmp_path_factory.mktemp("version_0_1"))
    with zipfile.ZipFile(store.parent / "bundle.zip") as bundle:
        content = {name: bundle.read(name) for name in bundle.namelist()}
    content["csv/ledger.csv"] = content["csv/ledger.csv"].replace(b"8168000000.00", b"8168000000.01")
    with zipfile.ZipFile(store.parent / "changed.zip", "w") as changed:
        for name, body in content.items():
            changed.writestr(name, body)
    return store


@pytest.fixture(scope="module")
def done(store: Path) -> Outputs:
    """What all commands of these tests did, one after another."""
    commands: list[tuple[str, ...]] = [
        *((name, "--help") for name in RECORDED["help"]),
        *(("describe", table) for table in (*RECORDED["columns"], "nothing")),
        *(("query", one["question"], "--json", "--release", one["release"]) for one in RECORDED["rows"]),
        *(("query", UPLOADED, *form) for form in (["--json"], ["--csv"], [])),
        *UNANSWERABLE,
        *(("check", str(FILES / name), "--json") for name in RECORDED["checks"]),
        ("check", MINISTRY, "--recipe", RECIPE, "--json"),
        ("check", MINISTRY, "--recipe", "nothing"),
        ("check", BAD),
        ("check", "nothing.csv"),
        *(("diff", *one["releases"]) for one in RECORDED["differences"]),
        ("diff", BUILT, BUILT),
        ("releases",),
        ("requests",),
        ("verify",),
        ("verify", str(store.parent / "bundle.zip")),
        ("verify", str(store.parent / "changed.zip")),
        ("export", IMPORTED, str(store.parent / "exported.zip")),
        IMPORT,
    ]
    return dict(zip(commands, run(store, *commands), strict=True))


def test_each_command_keeps_its_arguments_and_options(store: Path, done: Outputs) -> None:
    named = run_alone(store, "--help").stdout.split()
    for name, recorded in RECORDED["help"].items():
        output = done[name, "--help"]
        assert output.code == 0 and name in named
        assert reducing.lacking(recorded, reducing.reduce_help(output.stdout), name) == []


def test_each_table_keeps_its_columns(done: Outputs) -> None:
    for table, columns in RECORDED["columns"].items():
        described = reducing.reduce_table_description(done["describe", table].stdout)
        assert reducing.lacking(columns, described, table) == []
    assert done["describe", "nothing"].code == 2


def test_each_table_keeps_its_rows_in_each_release(done: Outputs) -> None:
    for one in RECORDED["rows"]:
        output = done["query", one["question"], "--json", "--release", one["release"]]
        answered = reducing.reduce_rows(json.loads(output.stdout), one["table"]["columns"])
        assert reducing.lacking(one["table"], answered, f"{one['release']}: {one['question']}") == []


def test_a_query_answers_in_each_form(done: Outputs) -> None:
    rows = json.loads(done["query", UPLOADED, "--json"].stdout)
    assert len(rows) == 12 and reducing.reduce_rows(rows)["sums"] == {"amount_eur": "70861001.5"}
    assert reducing.read_rows(done["query", UPLOADED, "--csv"].stdout.encode(), "text/csv") == rows
    shown = done["query", UPLOADED].stdout
    assert all(row["entry_id"] in shown and row["amount_eur"] in shown for row in rows)


@pytest.mark.parametrize("words", UNANSWERABLE)
def test_a_query_that_cannot_be_answered_says_so(done: Outputs, words: tuple[str, ...]) -> None:
    assert (done[words].code, done[words].stdout, bool(done[words].stderr)) == (1, "", True)


@pytest.mark.parametrize("name", RECORDED["checks"])
def test_a_file_is_checked_with_the_same_findings_and_sums(done: Outputs, name: str) -> None:
    recorded, output = RECORDED["checks"][name], done["check", str(FILES / name), "--json"]
    assert output.code == any(finding["severity"] == "error" for finding in recorded["findings"])
    assert reducing.lacking(recorded, reducing.reduce_check(output.stdout)) == []


@pytest.mark.parametrize("recipe", [(), ("--recipe", RECIPE)], ids=["in the store", "as a file"])
def test_a_recipe_reads_a_file_to_the_same_sums(done: Outputs, recipe: tuple[str, ...]) -> None:
    """The recipe in the store is the one that fits the titles of the file, so it need not be named."""
    output = done["check", MINISTRY, *recipe, "--json"]
    sums = {
        (one["column"], one["stage"], one["basis"]): one["sum_eur"]
        for one in json.loads(output.stdout)["sums"]
    }
    assert output.code == 0
    assert sums == {
        ("Bewilligt", "committed", "national-contribution"): "3735250.00",
        ("Ausgezahlt", "paid", "national-contribution"): "525750.00",
        ("Partner (DKK)", "committed", "private-contribution"): "1000000.00",
    }


def test_a_check_ends_with_1_for_a_bad_file_and_with_2_for_a_wrong_call(done: Outputs) -> None:
    assert done["check", BAD].code == 1
    assert all(cell in done["check", BAD].stdout for cell in ("D2", "F3", "H4", "K5"))
    assert done["check", MINISTRY, "--recipe", "nothing"].code == done["check", "nothing.csv"].code == 2


def test_events_releases_and_requests_are_listed(done: Outputs) -> None:
    output = done["releases",].stdout
    assert reducing.lacking_lines(RECORDED["releases"], output) == []
    assert reducing.lacking_lines(RECORDED["requests"], done["requests",].stdout) == []
    releases = [line.split() for line in output.splitlines() if line.startswith(RELEASES)]
    assert sorted(words[0] for words in releases) == sorted(RELEASES)
    assert [words[0] for words in releases if len(words) > 1] == [REVISED], "the current release is marked"


def test_two_releases_differ_as_recorded(done: Outputs) -> None:
    for one in RECORDED["differences"]:
        output = done["diff", *one["releases"]]
        assert output.code == 0 and one["number"] in output.stdout.splitlines()[-1].split()
        assert reducing.lacking_lines(one["lines"], output.stdout) == [], one["releases"]
    assert "0" in done["diff", BUILT, BUILT].stdout.split()


def test_the_release_and_the_journal_are_verified(done: Outputs) -> None:
    assert (done["verify",].code, done["verify",].stderr) == (0, "")
    assert REVISED in done["verify",].stdout


def test_a_bundle_is_verified_and_a_changed_amount_is_found(store: Path, done: Outputs) -> None:
    path = str(store.parent / "bundle.zip")
    whole, changed = done["verify", path], done["verify", str(store.parent / "changed.zip")]
    assert whole.code == 0 and BUILT in whole.stdout
    checked = max(map(int, reducing.numbers(whole.stdout.replace(path, ""))))
    assert checked >= RECORDED["headline numbers"] > 0
    assert changed.code == 1 and "csv/ledger.csv" in changed.stderr


def test_an_old_release_is_exported_byte_by_byte(store: Path, done: Outputs) -> None:
    path, release = store.parent / "exported.zip", store / "releases" / IMPORTED
    assert done["export", IMPORTED, str(path)].code == 0
    with zipfile.ZipFile(path) as bundle:
        for file in (release / "manifest.json", release / "tracker.duckdb", *(release / "parquet").iterdir()):
            assert bundle.read(str(file.relative_to(release))) == file.read_bytes()


def test_the_same_published_list_gives_nothing_new(store: Path, done: Outputs, tmp_path: Path) -> None:
    assert done[IMPORT].code == 0
    before, after = (
        {str(file.relative_to(folder)): file.read_bytes() for file in folder.glob("sources/*/*")}
        for folder in (unpack(tmp_path), store)
    )
    assert before == after and any(name.startswith("sources/fts-") for name in before)
