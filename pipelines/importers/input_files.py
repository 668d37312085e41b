"""What a person names (files, folders, zips, addresses) → the files to read. Unpacks into a folder of its own and nothing else."""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from pipelines.findings import Finding, Refused
from pipelines.importers.base import Progress
from pipelines.importers.download import fetch, is_address

_MOST_MEMBERS, _MOST_BYTES = 500, 4_000_000_000


def gather(
    inputs: Sequence[str], downloads: Path, unpacked: Path, progress: Progress, sha256: str = ""
) -> list[Path]:
    """The files that the inputs name, sorted by name. A folder stands for the files in it, a zip for its members.

    downloads: where files from addresses are kept. unpacked: an empty folder for the members of zips. sha256: expected of a single input.
    Raises Refused with every input that is not there, damaged, or named twice.
    """
    findings: list[Finding] = []
    if sha256 and len(inputs) != 1:
        findings.append(
            Finding(
                code="checksum-for-several",
                value=sha256,
                problem="is one checksum for several inputs.",
                remedy="Import them one by one.",
            )
        )
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
            findings.append(Finding(code="file-missing", file=given, problem="is not there.", remedy=remedy))
    members: list[Path] = []
    for path in files:
        members += _members(path, unpacked, findings) if _is_bundle(path) else [path]
    if not members and not findings:
        findings.append(
            Finding(
                code="file-missing",
                file=", ".join(inputs),
                problem="holds no file.",
                remedy="Give the publisher's files.",
            )
        )
    for name in sorted(
        {path.name for path in members if [other.name for other in members].count(path.name) > 1}
    ):
        findings.append(
            Finding(
                code="file-twice",
                file=name,
                problem="is named by two of the inputs.",
                remedy="Rename one, or import one only.",
            )
        )
    if findings:
        raise Refused(findings)
    return sorted(members, key=lambda path: path.name)


def _is_bundle(path: Path) -> bool:
    """Whether a file is a zip of files. A workbook is a zip as well, but one file to its reader."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as bundle:
        return "[Content_Types].xml" not in bundle.namelist()


def _members(path: Path, unpacked: Path, findings: list[Finding]) -> list[Path]:
    paths: list[Path] = []
    try:
        with zipfile.ZipFile(path) as bundle:
            members = [member for member in bundle.infolist() if not member.is_dir()]
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_BYTES:
                findings.append(
                    Finding(
                        code="zip-too-large",
                        file=path.name,
                        problem="would unpack to too much.",
                        remedy="Unpack it and give the tables.",
                    )
                )
                return []
            for member in members:
                name = Path(member.filename).name
                if name.startswith(".") or "__MACOSX" in member.filename:
                    continue
                target = unpacked / name
                if target.exists():
                    findings.append(
                        Finding(
                            code="file-twice",
                            file=path.name,
                            value=name,
                            problem="is in the zip twice.",
                            remedy="Unpack it and give the tables.",
                        )
                    )
                    continue
                with bundle.open(member) as source, target.open("xb") as copy:
                    shutil.copyfileobj(source, copy)
                paths.append(target)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        findings.append(
            Finding(
                code="zip-unreadable",
                file=path.name,
                problem=f"cannot be unpacked: {error}.",
                remedy="Fetch the file again.",
            )
        )
    return paths
