"""Whether a bundle is whole, and whether its headline numbers follow from its ledger. Needs no store, no
network and no release but the bundle.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pipelines import files, releases, verify
from pipelines.bundle.headlines_from_ledger import BundleTables, Headline, headlines
from pipelines.bundle.writer import CHECKSUMS


class Verdict(NamedTuple):
    """release_id: which release the bundle says it is.

    headlines: every number that was added up again. problems: what does not hold, in sentences.
    """

    release_id: str
    headlines: list[Headline]
    problems: list[str]


def check(path: Path) -> Verdict:
    """What a bundle holds and whether it is true. Raises OSError if the file cannot be read."""
    try:
        with zipfile.ZipFile(path) as bundle:
            problems = list(_whole(bundle))
            if problems:
                return Verdict("", [], problems)
            release_id, problems = _release(bundle)
            recounted = list(headlines(BundleTables(bundle)))
    except (zipfile.BadZipFile, KeyError, ValueError, ArithmeticError) as error:
        return Verdict("", [], [f"{path.name} is no bundle of a release: {error}."])
    problems += [
        f"{line.what}: the bundle states {_amount_text(line.stated)}, its ledger gives "
        f"{_amount_text(line.computed)}."
        for line in recounted
        if line.stated != line.computed
    ]
    if not recounted:
        problems.append("The bundle holds no headline number.")
    return Verdict(release_id, recounted, problems)


def _amount_text(amount: Decimal | None) -> str:
    return "no published amount" if amount is None else f"{amount:,} EUR"


def _whole(bundle: zipfile.ZipFile) -> Iterator[str]:
    """Every file with its fingerprint, none missing, none added."""
    if CHECKSUMS not in bundle.namelist():
        yield f"{CHECKSUMS} is missing."
        return
    stated = {
        name: digest
        for digest, _, name in (line.partition("  ") for line in bundle.read(CHECKSUMS).decode().splitlines())
    }
    names = set(bundle.namelist()) - {CHECKSUMS}
    yield from (f"{name} is missing." for name in sorted(stated.keys() - names))
    yield from (
        f"{name} is not in {CHECKSUMS}: it was added later." for name in sorted(names - stated.keys())
    )
    for name in sorted(names & stated.keys()):
        try:
            with bundle.open(name) as stream:
                digest = files.stream_sha256(stream)
        except zipfile.BadZipFile:
            yield f"{name} is damaged."
            continue
        if digest != stated[name]:
            yield f"{name} was changed: its fingerprint is not the one in {CHECKSUMS}."


def _release(bundle: zipfile.ZipFile) -> tuple[str, list[str]]:
    """The name that the manifest gives the release, and what `verify` says of the release inside."""
    release_id = releases.release_name(json.loads(bundle.read("manifest.json")))
    with tempfile.TemporaryDirectory(prefix="tracker-") as store:
        folder = Path(store) / "releases" / release_id
        for name in bundle.namelist():
            if name in ("manifest.json", "tracker.duckdb") or (
                name.startswith("parquet/") and name.count("/") == 1
            ):
                bundle.extract(name, folder)
        return release_id, list(verify.release_problems(release_id, Path(store)))
