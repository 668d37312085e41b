"""The commands as a person types them: what they answer, and what they say when they cannot."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import build, link_check, releases
from pipelines.__main__ import app
from pipelines.schema import metadata
from tests.conftest import Small
from tests.paths import TESTS

RUN = CliRunner()


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    done = RUN.invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.slow
def test_build_ends_with_the_release_id_alone_on_stdout(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "pipelines", "build"]
    here = os.environ | {"TRACKER_STORE": str(tmp_path)}
    first = subprocess.run(call, cwd=TESTS.parent, env=here, capture_output=True, text=True, check=True)
    assert first.stdout == f"{releases.current(tmp_path)}\n"
    assert "Published" in first.stderr, "progress goes to stderr"
    again = subprocess.run(
        [*call, "--if-changed"], cwd=TESTS.parent, env=here, capture_output=True, text=True, check=True
    )
    assert again.stdout == first.stdout and "Nothing changed" in again.stderr


def test_a_refused_build_says_each_letter_once_and_that_nothing_changed(small: Small) -> None:
    (small.store / "sources").mkdir()
    folder = small.store / "sources" / "upload"
    small.path("template").parent.rename(folder)
    path = folder / "lines.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("committed", "comitted"), encoding="utf-8")
    code, out, err = run("build", "--store", small.store)
    assert (code, out) == (1, "")
    assert "error: upload/lines.csv: " in err and "is not the fingerprint in source.toml" in err
    assert err.rstrip().endswith("1 finding. Nothing was changed.")


def test_more_than_a_hundred_findings_are_counted(small: Small) -> None:
    (small.store / "sources").mkdir()
    small.write_rows("template", "lines.csv", [small.rows("template", "lines.csv")[0] | {"stage": "x"}] * 150)
    small.path("template").parent.rename(small.store / "sources" / "upload")
    code, _, err = run("build", "--store", small.store)
    assert code == 1
    assert err.count("error: upload/lines.csv, row ") == 100
    assert "150 findings, the first 100 shown. Nothing was changed." in err


def test_releases_lists_what_happened_and_marks_the_current_one(small: Small) -> None:
    code, out, _ = run("releases", "--store", small.store)
    assert code == 0
    assert f"{releases.current(small.store)}  (current)" in out
    assert "publish" in out and "built from the sources" in out


@pytest.mark.slow
def test_rollback_needs_a_reason_and_shows_the_older_release(small: Small) -> None:
    first = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    second = small.build().release_id
    assert run("rollback", first, "--reason", "the new one was wrong", "--store", small.store) == (
        0,
        f"{first}\n",
        "",
    )
    assert releases.current(small.store) == first
    assert "the new one was wrong" in run("releases", "--store", small.store)[1]
    assert run("rollback", second, "--reason", "it was right", "--store", small.store)[0] == 0
    assert releases.current(small.store) == second


@pytest.mark.slow
def test_rollback_to_what_is_not_there_or_damaged_changes_nothing(small: Small) -> None:
    first = releases.require_current(small.store)
    code, _, err = run("rollback", "2020-01-01-0000000000", "--reason", "x", "--store", small.store)
    assert code == 1 and f"There is no release 2020-01-01-0000000000. Releases: {first}." in err
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    second = small.build().release_id
    (small.store / "releases" / first / "parquet" / "ledger.parquet").unlink()
    code, _, err = run("rollback", first, "--reason", "x", "--store", small.store)
    assert code == 1 and f"{first} is damaged and cannot be shown." in err
    assert releases.current(small.store) == second


def test_verify_says_that_all_holds_or_what_does_not(small: Small) -> None:
    code, out, _ = run("verify", "--store", small.store)
    assert (code, out) == (
        0,
        f"{releases.current(small.store)}: all tables, laws and journal entries hold.\n",
    )
    (small.store / "releases" / releases.require_current(small.store) / "parquet" / "sites.parquet").unlink()
    code, out, err = run("verify", "--store", small.store)
    assert (code, out) == (1, "") and "sites.parquet is missing." in err


@pytest.mark.slow
def test_diff_says_what_changed(small: Small) -> None:
    first = releases.require_current(small.store)
    small.change("envelopes", "entries.csv", 2, heading="Changed")
    second = small.build().release_id
    code, out, _ = run("diff", first, second, "--store", small.store)
    assert code == 0
    assert (
        "ledger  envelopes:digital-europe-total-2021  heading: Digital Europe 2021–27, as adopted in 2021 "
        "→ Changed" in out
    )
    assert run("diff", first, first, "--store", small.store) == (0, "0 differences\n", "")


def test_describe_names_every_table_and_column() -> None:
    _, out, _ = run("describe")
    assert all(
        table.name in out and table.comment and table.comment in out for table in metadata.sorted_tables
    )
    for table in metadata.sorted_tables:
        _, out, _ = run("describe", table.name)
        assert all(column.name in out and column.info["unit"] in out for column in table.columns)
    code, _, err = run("describe", "ledgers")
    assert code == 2 and "There is no table ledgers." in err


@pytest.mark.slow
def test_query_answers_as_a_table_as_csv_and_as_json_with_exact_euros(store: Path, release_id: str) -> None:
    sql = (
        "select basis, sum(amount_eur) as eur, null as nothing from ledger where entry_id = "
        "'envelopes:investeu-guarantee-2025' group by basis"
    )
    code, out, _ = run("query", sql, "--store", store)
    assert code == 0 and "29052310073.00" in out
    call = [sys.executable, "-m", "pipelines", "query", sql, "--csv", "--store", store]
    done = subprocess.run(call, cwd=TESTS.parent, capture_output=True, text=True, check=True)
    assert list(csv.DictReader(io.StringIO(done.stdout))) == [
        {"basis": "guarantee-cover", "eur": "29052310073.00", "nothing": ""}
    ]
    _, out, _ = run("query", sql, "--json", "--store", store)
    assert json.loads(out) == [{"basis": "guarantee-cover", "eur": "29052310073.00", "nothing": None}]


def test_query_says_why_it_cannot_answer(store: Path, release_id: str) -> None:
    assert run("query", "select 1; select 2", "--store", store) == (
        1,
        "",
        "Ask one question at a time, as a select.\n",
    )
    code, out, err = run("query", "select * from '/etc/passwd'", "--store", store)
    assert (code, out) == (1, "") and err
    code, _, err = run("query", "select 1", "--release", "2020-01-01-0000000000", "--store", store)
    assert code == 1 and "There is no release" in err


@pytest.mark.parametrize(
    "arguments", [("verify",), ("query", "select 1"), ("rollback", "2020-01-01-0000000000", "--reason", "x")]
)
def test_without_a_release_each_command_says_what_to_do(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, out, err = run(*arguments, "--store", tmp_path)
    assert (code, out) == (1, "")
    assert "python -m pipelines build" in err


def test_export_writes_a_zip_once(small: Small, tmp_path: Path) -> None:
    release_id = releases.require_current(small.store)
    target = tmp_path / "release.zip"
    assert run("export", release_id, target, "--store", small.store)[0] == 0
    assert target.stat().st_size > 10_000
    code, _, err = run("export", release_id, target, "--store", small.store)
    assert code == 1 and "is already there. Choose another name" in err
    code, _, err = run("export", release_id, tmp_path / "no" / "folder.zip", "--store", small.store)
    assert code == 1 and "No such file or directory" in err
    code, _, err = run("export", "2020-01-01-0000000000", tmp_path / "b.zip", "--store", small.store)
    assert code == 1 and "There is no release" in err


def test_the_help_names_every_command() -> None:
    _, out, _ = run("--help")
    for command in (
        "build",
        "verify",
        "diff",
        "releases",
        "rollback",
        "describe",
        "query",
        "export",
        "import",
    ):
        assert command in out


# --- whether it is still true


@pytest.mark.slow
def test_stale_lists_old_rows_passed_dates_and_weak_headlines(small: Small) -> None:
    release_id = build.build(small.store, small.data).release_id
    code, out, _ = run("stale", "--on", "2026-11-27", "--store", small.store)
    assert code == 0
    titles = [line for line in out.splitlines() if not line.startswith(" ")]
    assert [title.partition(":")[0] for title in titles] == [
        "Not looked at for 90 days on 2026-11-27",
        "Promised dates that have passed",
        "Headline figures on press or weaker documents",
    ]
    listed = sum(line.startswith(" ") for line in out.splitlines())
    assert listed == sum(int(re.findall(r": (\d+)", title)[0]) for title in titles)
    again, same, _ = run("stale", "--on", "2026-11-27", "--release", release_id, "--store", small.store)
    assert (again, same) == (0, out)


@pytest.mark.slow
def test_sources_lists_each_document_and_asks_only_when_told(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build(small.store, small.data)

    def nobody_asks(*_: object) -> None:
        raise AssertionError("no request without --check")

    monkeypatch.setattr(link_check, "check", nobody_asks)
    code, out, _ = run("sources", "--store", small.store)
    urls = out.split()
    assert code == 0 and len(urls) == len(set(urls)) > 5
    host = link_check.host_of(urls[0])
    _, some, _ = run("sources", "--host", host, "--store", small.store)
    assert some.split() == [url for url in urls if link_check.host_of(url) == host]


def test_sources_check_says_what_moved_or_died_and_keeps_it(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build(small.store, small.data)
    gone, moved, *there = run("sources", "--store", small.store)[1].split()
    states = {gone: ("gone", 404, ""), moved: ("moved", 301, "https://example.org/new")}

    def answers(urls: list[str], on_answer: Callable[[link_check.Answer], None]) -> list[link_check.Answer]:
        found = []
        for url in urls:
            state, status, target = states.get(url, ("there", 200, ""))
            found.append(link_check.Answer(url, state, status, moved_to=target, checked_on="2026-11-27"))
            on_answer(found[-1])
        return found

    monkeypatch.setattr(link_check, "check", answers)
    code, out, _ = run("sources", "--check", "--store", small.store)
    assert code == 0
    assert f"Still there: {len(there)}" in out and f"404  {gone}" in out
    assert f"301  {moved} → https://example.org/new" in out
    kept = link_check.read(small.store / link_check.KEPT)
    assert kept[gone].status == 404 and len(kept) == len(there) + 2


@pytest.mark.slow
def test_sources_check_says_when_this_machine_is_offline(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build(small.store, small.data)
    monkeypatch.setattr(
        link_check, "check", lambda urls, _: [link_check.Answer(url, "unreachable") for url in urls]
    )
    code, out, err = run("sources", "--check", "--store", small.store)
    assert (code, out) == (1, "") and "offline" in err
    assert not (small.store / link_check.KEPT).exists(), "nothing was judged, so nothing is kept"
