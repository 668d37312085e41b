"""What a person names (files, folders, zips, addresses) → the files to read."""

from collections.abc import Sequence
from pathlib import Path

from pipelines.finding_codes import make_finding
from pipelines.findings import Finding, Refused
from pipelines.importers.base import Progress
from pipelines.importers.download import fetch, is_address


def fetch_inputs(inputs: Sequence[str], downloads: Path, progress: Progress, sha256: str = "") -> list[Path]:
    """The files that the inputs name. A folder stands for the files in it; addresses are downloaded.

    downloads: where files from addresses are kept. sha256: expected of a single input.
    Raises Refused with every input that is not there.
    """
    findings: list[Finding] = []
    if sha256 and len(inputs) != 1:
        problem = "is one checksum for several inputs."
        remedy = "Import them one by one."
        findings.append(make_finding("checksum-for-several", "", problem, value=sha256, remedy=remedy))
    files: list[Path] = []
    for given in inputs:
        if is_address(given):
            files.append(fetch(given, downloads, progress, sha256))
        elif Path(given).is_dir():
            files += (
                path for path in Path(given).iterdir() if path.is_file() and not path.name.startswith(".")
            )
        elif Path(given).is_file():
            files.append(Path(given))
        else:
            remedy = "Give a file, a folder, a zip or an address that begins with https://."
            findings.append(make_finding("file-missing", given, "is not there.", remedy=remedy))
    if not files and not findings:
        names, remedy = ", ".join(inputs), "Give the publisher's files."
        findings.append(make_finding("file-missing", names, "holds no file.", remedy=remedy))
    if findings:
        raise Refused(findings)
    return files
