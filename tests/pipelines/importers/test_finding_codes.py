"""Every finding of an importer is of a kind that the catalogue names."""

import pytest

from pipelines.finding_codes import finding_codes, make_finding
from tests.pipelines.importers.common import named_codes


def test_every_finding_of_an_importer_is_in_the_catalogue() -> None:
    assert {"amount-differs", "row-broken", "zip-too-large", "offline", "list-smaller"} <= named_codes()
    assert named_codes() <= set(finding_codes())


def test_a_finding_weighs_as_its_kind_unless_the_case_weighs_otherwise() -> None:
    assert make_finding("sample", "a.csv", "is a sample.").severity == "note"
    assert make_finding("not-a-day", "a.csv", "is no day.", severity="warning").severity == "warning"
    assert (
        make_finding("file-twice", "a.csv", "is there twice.").remedy == finding_codes()["file-twice"].remedy
    )
    with pytest.raises(KeyError):
        make_finding("never-heard-of", "a.csv", "is odd.")
