"""Worlds of days that were asked for, kept as folders in the form of a release.

They can be made again at any time, so that they lie outside the store, where temporary files of this machine
lie, and the longest unused gives way.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from pipelines import as_of_build, files
from pipelines.as_of_days import View
from pipelines.errors import NotPossible

LIMIT = 256 * 2**20
"""Bytes of all worlds that are kept."""

MOST_FOLDERS = 64

tempfile.gettempdir()  # is looked for once, by writing: a process that may write nothing has to know it


def folder(view: View, release: Path) -> Path:
    """The folder of the world on a day; it is made if it is not kept. release: the folder of the release.

    Raises NotPossible if a law of money does not hold on that day.
    """
    root = _root() / files.sha256(f"{release.resolve()} {_code()}")[:16]
    path = root / view.name
    if (path / "manifest.json").is_file():
        with suppress(OSError):  # a process that answers a stranger's question may write nothing
            os.utime(path)
        return path
    root.mkdir(mode=0o700, exist_ok=True)
    with files.lock(root / ".lock"):
        if not (path / "manifest.json").is_file():
            unfinished = Path(tempfile.mkdtemp(prefix=".making-", dir=root))
            try:
                as_of_build.make(release, view, unfinished)
                unfinished.rename(path)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
            _make_room(path)
    return path


def kept() -> list[Path]:
    """The folders that are kept, of every store, the longest unused first."""
    return sorted(
        (path for path in _root().glob("*/*") if path.is_dir() and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
    )


def _make_room(newest: Path) -> None:
    """Remove the longest unused until those that are kept fit. Who has one open can read it to the end."""
    sizes = {path: sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) for path in kept()}
    for path in kept():
        if path == newest or (sum(sizes.values()) <= LIMIT and len(sizes) <= MOST_FOLDERS):
            continue
        shutil.rmtree(path, ignore_errors=True)
        sizes.pop(path, None)


def _root() -> Path:
    """The folder of all worlds of this user. Raises NotPossible if it belongs to somebody else."""
    root = Path(tempfile.gettempdir()) / f"tracker-as-of-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    if root.is_symlink() or root.stat().st_uid != os.getuid():
        raise NotPossible(f"The folder {root} belongs to somebody else. Remove it.")
    return root


@lru_cache(maxsize=1)
def _code() -> str:
    """The fingerprint of the code that makes worlds: another version makes them anew."""
    return files.sha256(
        "\n".join(f"{name} {digest}" for name, digest in files.file_sha256s(Path(__file__).parent / "sql"))
        + files.file_sha256(Path(as_of_build.__file__))
        + files.file_sha256(Path(__file__).with_name("schema.py"))
        + files.file_sha256(Path(__file__).with_name("double_counting.py"))
    )
