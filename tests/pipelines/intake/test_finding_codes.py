"""Every kind of finding has a file in tests/fixtures/uploads that provokes it and is named for it.

A recipe of the same name lies beside some.
"""

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.finding_codes import finding_codes
from pipelines.findings import Finding, Refused
from pipelines.foreign_files import file_reader, limits
from pipelines.foreign_files.refusal import NotATable
from pipelines.intake.check_inputs import read_vocabularies
from pipelines.intake.curated_checks import PUBLISHED
from pipelines.intake.read_upload import read
from pipelines.intake.recipes import parse_recipe, read_recipe
from pipelines.intake.validate import judge
from tests.paths import FIXTURES
from tests.pipelines.publishing.curated import SITE, table

UPLOADS = FIXTURES / "uploads"
WORDS = read_vocabularies()
LEDGER = pa.table(
    {
        "entry_id": ["budget:published"],
        "programme": ["digital-europe"],
        "initiative": pa.array([None], pa.string()),
        "stage": ["committed"],
        "basis": ["eu-contribution"],
        "amount_eur": pa.array([Decimal("1000000.00")], pa.decimal128(18, 2)),
        "year": pa.array([2024], pa.int32()),
        "country": ["DE"],
        "site_id": pa.array([None], pa.string()),
        "beneficiary": pa.array([None], pa.string()),
        "heading": ["Published heading"],
        "superseded_on": pa.array([None], pa.date32()),
    }
)
LINES = pa.concat_tables([LEDGER] * 5).append_column("level", pa.array(["line"] * 5))
LAST_LIST = (
    pa.concat_tables([LEDGER] * 5)
    .append_column("level", pa.array(["year"] * 5))
    .append_column("source_id", pa.array(["upload-1"] * 5))
    .append_column("document_publisher", pa.array(["example.org"] * 5))
)
PROGRAMME = LEDGER.drop_columns(["amount_eur", "heading"]).append_column("heading", pa.array(["Whole"]))
PROGRAMME = PROGRAMME.append_column("amount_eur", pa.array([Decimal("8168000000.00")], pa.decimal128(18, 2)))


def found(path: Path, ledger: pa.Table | None = None) -> list[Finding]:
    """The findings of a fixture, under the recipe of its name if there is one."""
    recipe = path.with_suffix(".toml")
    reading = read(path, read_recipe(recipe) if recipe.is_file() else None)
    verdict = judge(reading, WORDS, ledger)
    assert verdict.rows_read == verdict.rows_accepted + verdict.rows_refused
    return list(verdict.findings)


def inside(path: Path) -> list[Finding]:
    """What stops the reading of a file, asked of this process: for limits that a test lowers."""
    with pytest.raises(NotATable) as stop:
        file_reader.read_file(path, path.parent, {})
    return [Finding(code=stop.value.code, file=path.name, value=stop.value.value, problem=stop.value.problem)]


def _small_limit(name: str, value: int, fixture: str) -> Callable[[Path, pytest.MonkeyPatch], list[Finding]]:
    def provoke(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
        patch.setattr(limits, "UPLOADS", replace(limits.UPLOADS, **{name: value}))
        path = folder / fixture
        path.write_bytes((UPLOADS / fixture).read_bytes())
        return inside(path)

    return provoke


def _too_large(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    patch.setattr(limits, "UPLOADS", replace(limits.UPLOADS, max_bytes=100))
    return found(UPLOADS / "good.csv")


def _many_sheets(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    patch.setattr(limits, "MAX_SHEETS", 1)
    return inside(UPLOADS / "several-sheets.xlsx")


def _bomb(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b" " * (50 * 1024 * 1024))
    return found(path)


def _locked(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    path = folder / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    return found(path)


def _stopped(code: str) -> Callable[[Path, pytest.MonkeyPatch], list[Finding]]:
    def provoke(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
        patch.setattr("pipelines.foreign_files.sandbox._run", lambda *_: [code, 0, "", "stopped"])
        return found(UPLOADS / "good.csv")

    return provoke


def _wide(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    path = folder / "wide.csv"
    path.write_text(
        "\n".join(",".join(f"{kind}{place}" for place in range(150)) for kind in ("title", "cell")),
        encoding="utf-8",
    )
    return found(path)


def _lost(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    patch.setattr(file_reader, "_count_lines", lambda _: 99)
    facts = file_reader.read_file(UPLOADS / "good.csv", folder, {})
    return [
        Finding(code=code, file="good.csv", row=row, value=value, problem=problem)
        for code, row, value, problem, _ in facts["problems"]
    ]


def _recipe(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    with pytest.raises(Refused) as refused:
        parse_recipe('[columns]\nBetrag = "amont"\n[[amount]]\nunit = "dozen"\ncolumn = "B"\n', "wrong")
    return list(refused.value.findings)


def _space(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    path = folder / "space.csv"
    path.write_text((UPLOADS / "row-left-out.csv").read_text(encoding="utf-8"), encoding="utf-8")
    toml = (
        (UPLOADS / "row-left-out.toml")
        .read_text(encoding="utf-8")
        .replace('programme = "digital-europe"', 'programme = " digital-europe"')
    )
    path.with_suffix(".toml").write_text(toml, encoding="utf-8")
    return found(path)


def _many(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    patch.setattr(limits, "MAX_LISTED", 2)
    lines = (UPLOADS / "good.csv").read_text(encoding="utf-8").replace("committed", "comitted")
    path = folder / "many.csv"
    path.write_text(lines, encoding="utf-8")
    return found(path)


def _no_site(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    path = folder / "site.csv"
    path.write_text(
        (UPLOADS / "good.csv").read_text(encoding="utf-8").replace(",DE,,", ",DE,mimer-ai,"), encoding="utf-8"
    )
    findings = judge(read(path), {**WORDS, "site": frozenset(("mimer", "lucy"))}).findings
    assert "mimer" in findings[0].remedy
    return list(findings)


def _curated(**cells: str) -> Callable[[Path, pytest.MonkeyPatch], list[Finding]]:
    """A site with these cells, beside one site that is published."""

    def provoke(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
        path = folder / "site.csv"
        path.write_bytes(table("site", SITE | cells))
        published = frozenset(("lumi",))
        return list(judge(read(path), {**WORDS, "site": published, f"{PUBLISHED}site": published}).findings)

    return provoke


def _two_shapes(folder: Path, patch: pytest.MonkeyPatch) -> list[Finding]:
    patch.setattr("pipelines.intake.read_curated_upload.shapes_of", lambda _grid: ["site", "fact"])
    path = folder / "site.csv"
    path.write_bytes(table("site", SITE))
    return found(path)


MADE: dict[str, Callable[[Path, pytest.MonkeyPatch], list[Finding]]] = {
    "file-too-large": _too_large,
    "workbook-locked": _locked,
    "too-many-parts": _small_limit("max_parts", 3, "good.xlsx"),
    "too-large-unpacked": _small_limit("max_unpacked", 1000, "good.xlsx"),
    "too-tightly-packed": _bomb,
    "too-many-sheets": _many_sheets,
    "too-many-rows": _small_limit("max_rows", 3, "good.csv"),
    "too-many-columns": _wide,
    "out-of-memory": _stopped("out-of-memory"),
    "out-of-time": _stopped("out-of-time"),
    "reader-stopped": _stopped("reader-stopped"),
    "no-such-site": _no_site,
    "no-such-row": _curated(part_of="lumy"),
    "replaces-unknown": _curated(replaces="lumy", replaces_reason="It moved."),
    "replaces-without-reason": _curated(site_id="lumi", replaces="lumi"),
    "replaces-other-name": _curated(replaces="lumi", replaces_reason="It moved."),
    "published-key": _curated(site_id="lumi"),
    "shape-unclear": _two_shapes,
    "rows-lost": _lost,
    "recipe-wrong": _recipe,
    "stray-space": _space,
    "more-of-the-same": _many,
}


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: the confined one has its own tests and costs half a second a file."""
    monkeypatch.setattr("pipelines.foreign_files.sandbox._run", file_reader.write_down)


OF_UPLOADS = {code for code, kind in finding_codes().items() if kind.found_in == "upload"}


@pytest.mark.parametrize("code", sorted(OF_UPLOADS))
def test_every_kind_of_finding_is_provoked_by_its_file(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code in MADE:
        findings = MADE[code](tmp_path, monkeypatch)
    else:
        path = next(path for path in UPLOADS.glob(f"{code}.*") if path.suffix != ".toml")
        findings = found(
            path,
            PROGRAMME
            if code == "above-programme"
            else LEDGER
            if code in ("already-published", "correction", "outlier-history")
            else LINES
            if code == "scale-unusual"
            else LAST_LIST
            if code in ("amounts-jump", "rows-halved")
            else None,
        )
    those = [finding for finding in findings if finding.code == code]
    assert those, [f"{finding.code}: {finding}" for finding in findings]
    assert all(finding.problem.strip() for finding in those)
    unknown = {finding.code for finding in findings} - set(finding_codes())
    assert not unknown


def test_every_file_is_named_for_a_kind_of_finding() -> None:
    others = {path.stem for path in UPLOADS.iterdir()} - OF_UPLOADS
    assert others == {"good", "journey-j8"}


def test_good_files_have_no_finding_but_are_counted() -> None:
    for name in ("good.csv", "good.xlsx"):
        verdict = judge(read(UPLOADS / name), WORDS)
        assert not verdict.findings, [str(finding) for finding in verdict.findings]
        assert (verdict.rows_read, verdict.rows_accepted, verdict.sum_eur) == (5, 5, Decimal("5015000"))


def test_what_the_file_really_is(tmp_path: Path) -> None:
    for content, word in (
        (gzip.compress(b"a,b", mtime=0), "gzip"),
        (b"<html><table>", "HTML"),
        (b'{"a": 1}', "JSON"),
        (b"PAR1", "Parquet"),
        (b"MZ\x90", "program"),
    ):
        path = tmp_path / "budget.csv"
        path.write_bytes(content)
        (finding,) = found(path)
        assert (finding.code, word in finding.problem) == ("not-a-table", True)
