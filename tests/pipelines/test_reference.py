"""The lists of data/reference are read in one place, whole, and once."""

import re
from pathlib import Path

import pytest

from pipelines import reference
from tests.paths import ROOT


def test_rows_have_the_columns_of_the_file_without_its_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text('code,label\na,"A, ä"\n', encoding="utf-8-sig")
    assert reference.read_rows("words", tmp_path) == ({"code": "a", "label": "A, ä"},)


def test_a_list_is_read_once() -> None:
    assert reference.read_rows("countries") is reference.read_rows("countries")


def test_a_list_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        reference.read_rows("nothing", tmp_path)


def test_only_one_module_opens_the_lists_and_nothing_in_pages_does() -> None:
    opens = re.compile(r"""/ ["']reference["']""")
    readers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("pipelines", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if opens.search(path.read_text(encoding="utf-8"))
    }
    # a build, and whatever tries one, reads the lists of the data that it is given, and checks every row
    of_a_build = {
        "pipelines/build.py",
        "pipelines/intake/check_inputs.py",
        "pipelines/publishing/preview_build.py",
    }
    assert readers - of_a_build == {"pipelines/reference.py"}
