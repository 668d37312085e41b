"""Eurostat: GDP and population of countries, from its bulk tables (TSV, packed with gzip or not).

The first column holds the dimensions of a series, parted by commas; a colon stands for a missing value, and
letters after a value are remarks. Regions and groups of countries are not read.
"""

import gzip
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines import reference
from pipelines.finding_codes import make_finding
from pipelines.findings import Finding
from pipelines.foreign_files.limits import BULK
from pipelines.importers.base import Imported, Progress, shaped
from pipelines.importers.cell_values import read_amount

URL = "https://ec.europa.eu/eurostat/databrowser/view/{code}/default/table"

_VALUE = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)\s*[a-z]*")
_MILLION = Decimal(1_000_000)
_LISTED = 100

Series = dict[str, str]


def read(paths: Sequence[Path], progress: Progress) -> Imported:
    """GDP in euros and population of every country and year.

    The day of publication stands in the name of the file.
    """
    findings: list[Finding] = []
    columns: dict[str, list[str | None]] = {
        name: [] for name in ("dataset", "country", "indicator", "year", "value", "published_on")
    }
    codes: list[str] = []
    for done, path in enumerate(paths):
        progress.step(f"reading {path.name}", done, len(paths))
        try:
            lines = _text(path).splitlines()
        except (ValueError, OSError, EOFError) as error:
            problem = f"cannot be read as a table of Eurostat: {error}."
            findings.append(make_finding("not-a-table", path.name, problem, remedy="Fetch it again."))
            continue
        _add(path, lines, columns, codes, findings)
    if not columns["value"] and not any(finding.severity == "error" for finding in findings):
        remedy = "Give nama_10_gdp, nama_10r_3gdp, tps00001 or demo_pjan as TSV."
        problem = "there is no GDP or population among the files."
        findings.append(make_finding("nothing-read", "", problem, remedy=remedy))
    days = [published for published in columns["published_on"] if published]
    return Imported(
        title=f"Eurostat: {', '.join(sorted(set(codes))) or 'nothing'}",
        publisher="Eurostat",
        url=URL.format(code=codes[0] if codes else "nama_10_gdp"),
        licence="CC BY 4.0",
        vintage=date.fromisoformat(max(days)) if days else None,
        files={"indicators.csv": shaped("indicator_line", columns)},
        shapes={"indicators.csv": "indicator_line"},
        findings=tuple(findings),
    )


def _text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(b"\x1f\x8b"):
        with gzip.open(path) as stream:
            content = stream.read(BULK.max_unpacked + 1)
        if len(content) > BULK.max_unpacked:
            raise ValueError("unpacked it is larger than bulk files may be")
    return content.decode("utf-8-sig")


def _add(
    path: Path,
    lines: list[str],
    columns: dict[str, list[str | None]],
    codes: list[str],
    findings: list[Finding],
) -> None:
    head = lines[0].split("\t") if lines else [""]
    dimensions = re.split(r"[,\\]", head[0])
    years = [title.strip() for title in head[1:]]
    if "geo" not in dimensions or not years or not all(re.fullmatch(r"(19|20)\d\d", year) for year in years):
        problem = "is not the head of a yearly table of Eurostat: dimensions with geo, then years."
        remedy = "Give the TSV of the bulk download."
        findings.append(
            make_finding("column-missing", path.name, problem, row=1, column=head[0][:80], remedy=remedy)
        )
        return
    name = re.sub(r"^estat_|(_\d{4}-\d\d-\d\d)?(\.tsv)?(\.gz)?$", "", path.name, flags=re.IGNORECASE)
    published_on = _published_on(path, max(years), findings)
    countries = {row["code"] for row in reference.read_rows("countries")}
    wrong: list[Finding] = []
    for row, line in enumerate(lines[1:], start=2):
        key, *cells = line.split("\t")
        series: Series = dict(zip(dimensions, key.split(","), strict=False))
        found = _indicator(series)
        if not found or series.get("geo") not in countries:
            continue
        indicator, factor = found
        for year, value in _values(years, cells, path.name, row, wrong):
            columns["dataset"].append(f"eurostat/{name.lower()}")
            columns["country"].append(series["geo"])
            columns["indicator"].append(indicator)
            columns["year"].append(year)
            columns["value"].append(format(value * factor, "f"))
            columns["published_on"].append(published_on)
            codes += [] if name.lower() in codes else [name.lower()]
    findings += wrong[:_LISTED]


def _values(
    years: Sequence[str], cells: Sequence[str], file: str, row: int, wrong: list[Finding]
) -> Iterator[tuple[str, Decimal]]:
    for year, cell in zip(years, cells, strict=False):
        text = cell.strip()
        if not text or text.startswith(":"):
            continue
        match = _VALUE.fullmatch(text)
        value = read_amount(match["value"], ".") if match else None
        if value is None:
            problem, remedy = "is no value of Eurostat.", "Fetch the file again."
            wrong.append(
                make_finding("not-a-number", file, problem, row=row, column=year, value=text, remedy=remedy)
            )
        else:
            yield year, value


def _indicator(series: Series) -> tuple[str, Decimal] | None:
    """Which of our indicators a series is, and what its values are multiplied with; None for all others."""
    if series.get("unit") in ("MIO_EUR", "CP_MEUR") and series.get("na_item", "B1GQ") == "B1GQ":
        return "gdp", _MILLION
    is_all = series.get("age") == "TOTAL" and series.get("sex") == "T" and series.get("unit") == "NR"
    if is_all or series.get("indic_de") == "JAN":
        return "population", Decimal(1)
    return None


def _published_on(path: Path, newest: str, findings: list[Finding]) -> str:
    """The day in the name of the file; else the first day after the newest year, with a warning."""
    if in_name := re.search(r"\d{4}-\d\d-\d\d", path.name):
        return in_name[0]
    problem = "the file does not say when it was published; the day after its newest year is taken."
    remedy = "Put the day into the name of the file, as nama_10_gdp_2026-09-08.tsv."
    findings.append(make_finding("no-day", path.name, problem, remedy=remedy, severity="warning"))
    return f"{int(newest) + 1}-01-01"
