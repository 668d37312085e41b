"""Files are there whole or not at all, locks end with their process, and TOML is read back as it was
written.
"""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import threading
import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipelines import files
from tests.paths import ROOT


def child(program: str, *arguments: object) -> "subprocess.Popen[bytes]":
    """A process that runs a program and prints a line when it has come to the point that matters."""
    started = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert started.stdout and started.stdout.readline() == b"ready\n"
    return started


def kill(process: "subprocess.Popen[bytes]") -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_file_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file"
    files.write(path, b"old")
    files.write(path, "new: é")
    assert path.read_text(encoding="utf-8") == "new: é"
    assert list(path.parent.iterdir()) == [path]


def test_only_the_user_reads_a_private_file_and_the_umask_decides_for_the_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        files.write(tmp_path / "private", b"x", files.PRIVATE)
        files.write(tmp_path / "public", b"x")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("private", "public")]
    assert modes == [0o600, 0o644]


def test_after_an_error_the_old_content_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write(path, b"old")
    with pytest.raises(ZeroDivisionError), files.replacing(path) as unfinished:
        unfinished.write_bytes(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError), files.replacing(tmp_path / "missing" / "file"):
        pass


def test_a_killed_writer_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write(path, b"old")
    program = (
        "import sys; from pathlib import Path; from pipelines import files\n"
        "files.sync = lambda path: (print('ready', flush=True), sys.stdin.read())\n"
        "files.write(Path(sys.argv[1]), b'new')"
    )
    kill(child(program, path))
    assert path.read_bytes() == b"old"
    assert [left.name[:10] for left in tmp_path.iterdir() if left != path] == [files.UNFINISHED]
    files.write(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_gets_its_name_with_everything_in_it(tmp_path: Path) -> None:
    files.write(tmp_path / "beside" / "a" / "b", b"x")
    before = files.folder_sha256(tmp_path / "beside")
    files.name_folder(tmp_path / "beside", tmp_path / "named")
    assert files.folder_sha256(tmp_path / "named") == before
    assert not (tmp_path / "beside").exists()


def test_fingerprints_are_sha256_whatever_the_content_comes_as(tmp_path: Path) -> None:
    content = "é".encode() * 3_000_000
    files.write(tmp_path / "file", content)
    expected = hashlib.sha256(content).hexdigest()
    with (tmp_path / "file").open("rb") as stream:
        assert files.stream_sha256(stream) == expected
    assert files.sha256(content) == files.sha256("é" * 3_000_000) == expected
    assert files.file_sha256(tmp_path / "file") == expected
    assert list(files.file_sha256s(tmp_path)) == [("file", expected)]
    assert b"".join(files.pieces(tmp_path / "file")) == content


def test_the_fingerprint_of_a_folder_changes_with_each_name_and_content(tmp_path: Path) -> None:
    assert files.folder_sha256(tmp_path / "missing") == files.sha256("")
    seen = {files.folder_sha256(tmp_path)}
    for change in (
        lambda: files.write(tmp_path / "a", b"1"),
        lambda: files.write(tmp_path / "a", b"2"),
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
        lambda: files.write(tmp_path / "c" / "d", b"1"),
    ):
        change()
        seen.add(files.folder_sha256(tmp_path))
    assert len(seen) == 5


def test_a_lock_is_held_by_one_process_and_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    assert not files.is_locked(path) and not path.exists(), "asking makes nothing"
    program = (
        "import sys; from pathlib import Path; from pipelines import files\n"
        "with files.lock(Path(sys.argv[1])): print('ready', flush=True); sys.stdin.read()"
    )
    holder = child(program, path)
    assert files.is_locked(path)
    with pytest.raises(files.Locked, match="in use by another process"), files.lock(path, wait=False):
        pass
    kill(holder)
    assert not files.is_locked(path)
    with files.lock(path, wait=False):
        assert files.is_locked(path)


def test_threads_wait_for_each_other(tmp_path: Path) -> None:
    inside, most = [], []

    def work() -> None:
        for _ in range(5):
            with files.lock(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20


def test_toml_is_read_back_as_it_was_written() -> None:
    value = {
        "title": 'Quotes " and \\ and \n lines, tabs \t, “é” and \x7f',
        "day": date(2026, 11, 27),
        "numbers": [1, 2],
        "is_set": True,
        "nothing": None,
        "file": {"a name.csv": {"shape": "entry", "expect": {"rows": 3, "gone": None}}},
        "skip": [{"is": ["x"]}, {"is": ["y"], "reason": "why"}],
    }
    read = tomllib.loads(files.toml_text(value))
    del value["nothing"], value["file"]["a name.csv"]["expect"]["gone"]  # type: ignore[attr-defined]
    assert read == value and list(read) == list(value)
