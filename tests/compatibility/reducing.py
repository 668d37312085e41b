"""Reduces answers and outputs to what must stay: numbers, codes, names, addresses.

Sentences count by the numbers in them alone. What was recorded must be contained in what is answered now:
more columns, options, parameters or addresses may come; nothing may go or change.
"""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import pyarrow.parquet as parquet
from python_calamine import CalamineWorkbook

Row = Mapping[str, Any]
Reduced = dict[str, Any]

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NUMBER_IN_SENTENCE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_DAY_OR_RELEASE = re.compile(r"\d{4}-\d{2}-\d{2}(\W{1,3}[0-9a-f]{10})?")
_ATOM = "{http://www.w3.org/2005/Atom}"
_RELEASE_FILES = ("manifest.json", "tracker.duckdb", "parquet/", "csv/")
_HEADERS = ("x-row-count", "x-release", "allow", "access-control-allow-origin")
_FACTS = ("list", "figure", "release", "count", "returned", "limit", "offset", "licence")
_FIGURE_FACTS = ("page", "formats", "data", "entries", "readme", "image", "embed")


# --- what must be contained


def lacking(recorded: Any, answered: Any, path: str = "") -> list[str]:
    """List what was recorded and is not answered now, a line each.

    Every name of a mapping and every item of a list must be in the other one; anything else must be equal.
    """
    if isinstance(recorded, dict) and isinstance(answered, dict):
        lines = []
        for name, value in recorded.items():
            if name == "x-row-count" and "figures" in recorded:
                continue  # figures may be added; each recorded one is looked for by its name
            within = f"{path} / {name}" if path else name
            is_there = name in answered
            lines += (
                lacking(value, answered[name], within) if is_there else [f"{within}: lost, was {value!r}"]
            )
        return lines
    if isinstance(recorded, list) and isinstance(answered, list):
        return [
            f"{path}: lost {item!r}" for item in recorded if all(lacking(item, other) for other in answered)
        ]
    return [] if recorded == answered else [f"{path}: was {recorded!r}, is {answered!r}"]


def lacking_lines(recorded: Iterable[Row], output: str) -> list[str]:
    """List the recorded lines for which no line of an output has all words and all numbers."""
    lines = [(line, {*numbers(line)}) for line in output.splitlines()]
    return [
        f"no line with {wanted}"
        for wanted in recorded
        if not any(
            all(word in line for word in wanted["words"]) and {*wanted["numbers"]} <= in_line
            for line, in_line in lines
        )
    ]


# --- the parts of an answer


def numbers(sentence: str | None) -> list[str]:
    """List the numbers in a sentence, each once; days and names of releases are left out."""
    plain = _DAY_OR_RELEASE.sub(" ", sentence or "")
    return sorted({text.replace(",", "") for text in _NUMBER_IN_SENTENCE.findall(plain)})


def link(address: str | None) -> Reduced | None:
    """Split an address into path and query, whatever its host.

    The values of a parameter stand together as one text, so that none may come or go.
    """
    if not address:
        return None
    parts = urlsplit(address)
    query = parse_qs(parts.query, keep_blank_values=True)
    return {"path": parts.path, "query": {name: ",".join(sorted(values)) for name, values in query.items()}}


def cell_text(value: Any) -> str:
    """Write a cell as text, in the same way whatever format it came in."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value)
    if isinstance(value, int | float | Decimal) or _NUMBER.fullmatch(text):
        return f"{Decimal(text).normalize():f}"
    return text


def reduce_rows(rows: Sequence[Row], columns: Collection[str] | None = None) -> Reduced:
    """Reduce rows to their number, the sums of numbers, and fingerprints of other columns and of the whole.

    columns: those that count; all if none are named. The order of the rows does not count.
    """
    names = sorted(columns if columns is not None else rows[0] if rows else ())
    if rows and (lost := [name for name in names if name not in rows[0]]):
        return {"rows": len(rows), "lost": lost}
    cells = [[cell_text(row[name]) for name in names] for row in rows]
    sums, others = {}, {}
    for name, values in zip(names, zip(*cells, strict=True), strict=False):
        filled = [value for value in values if value]
        if filled and all(_NUMBER.fullmatch(value) for value in filled):
            sums[name] = cell_text(sum(map(Decimal, filled), Decimal(0)))
        else:
            others[name] = _fingerprint([[value] for value in values])
    return {"rows": len(rows), "columns": names, "whole": _fingerprint(cells), "sums": sums, "others": others}


def _fingerprint(rows: Iterable[Sequence[str]]) -> str:
    return hashlib.sha256(json.dumps(sorted(rows), ensure_ascii=False).encode()).hexdigest()[:8]


def stable_columns(body: Row) -> list[str]:
    """List the columns of an answer in JSON that must stay as they are.

    Labels are words for readers and do not count; of a figure only numbers, days, codes and addresses count.
    """
    columns = [column for column in body["columns"] if not column["name"].endswith("_label")]
    if "figure" in body:
        columns = [
            column
            for column in columns
            if column["type"] != "text"
            or column["unit"].startswith("code of")
            or column["name"].endswith(("_id", "_url", "_row"))
        ]
    return [column["name"] for column in columns]


# --- answers of the server


def reduce_answer(answer: httpx.Response, columns: Collection[str] | None = None) -> Reduced:
    """Reduce an answer to what must stay of it.

    columns: the columns of its rows that count; the stable ones if none are named.
    """
    kind = answer.headers.get("content-type", "").partition(";")[0]
    reduced: Reduced = {"status": answer.status_code, "type": kind}
    reduced |= {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
    if file := re.search(r'filename="([^"]+)"', answer.headers.get("content-disposition", "")):
        reduced["file"] = file[1]
    if answer.is_redirect:
        reduced["to"] = link(answer.headers["location"])
    if answer.status_code == 200:
        reduced["never_changes"] = "immutable" in answer.headers.get("cache-control", "")
    return reduced | (_reduce_content(answer, kind, columns) if answer.content else {})


def _reduce_content(answer: httpx.Response, kind: str, columns: Collection[str] | None) -> Reduced:
    path = answer.url.path
    match kind:
        case "application/problem+json":
            return _reduce_problem(answer.json())
        case "application/json" if path.endswith("/openapi.json"):
            return {"paths": _reduce_description(answer.json())}
        case "application/json" if path.endswith("/figures.json"):
            return {"figures": _reduce_figures(answer.json())}
        case "application/json":
            return _reduce_json(json.loads(answer.content, parse_float=Decimal), columns)
        case "application/ld+json":
            return {"downloads": sorted(_downloads(answer.json()))}
        case "application/atom+xml":
            return _reduce_feed(answer.content)
        case "application/xml" | "text/xml":
            nodes = ElementTree.fromstring(answer.content).iter()
            return {"pages": [link(str(node.text)) for node in nodes if node.tag.endswith("}loc")]}
        case "application/zip":
            return {"files": reduce_bundle(answer.content)}
        case "text/html":
            return _reduce_html(answer)
        case "text/plain":
            return _reduce_text(answer.text, path)
    rows = read_rows(answer.content, kind, "excel-eu" if "dialect=excel-eu" in str(answer.url) else "")
    return {} if rows is None else {"table": reduce_rows(rows, columns)}


def read_rows(content: bytes, kind: str, dialect: str = "") -> list[Row] | None:
    """Read the rows of a file; None if it holds no table. kind: its media type. dialect: of a CSV file."""
    match kind:
        case "text/csv":
            text = io.StringIO(content.decode("utf-8-sig"), newline="")
            if dialect != "excel-eu":
                return list(csv.DictReader(text))
            return [
                {
                    name: cell.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", cell) else cell
                    for name, cell in row.items()
                }
                for row in csv.DictReader(text, delimiter=";")
            ]
        case "application/vnd.apache.parquet":
            return parquet.read_table(io.BytesIO(content)).to_pylist()  # type: ignore[no-any-return]
        case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            head, *body = workbook.get_sheet_by_name("data").to_python()
            return [dict(zip(map(str, head), row, strict=True)) for row in body]
    return None


def _reduce_problem(body: Row) -> Reduced:
    allowed = body.get("allowed")
    if isinstance(allowed, list):  # patterns of addresses, as /api/v1/euros.{csv,json}, grow with each format
        allowed = [one for one in allowed if "{" not in one]
    return {"names": sorted(body), "code": body["status"], "instance": body["instance"], "allowed": allowed}


def _reduce_json(body: Row, columns: Collection[str] | None) -> Reduced:
    """Reduce a list, a figure or the answer to a question."""
    reduced: Reduced = {"names": sorted(body)}
    reduced |= {name: body[name] for name in _FACTS if name in body}
    reduced |= {name: link(body[name]) for name in ("next", "page", "readme") if name in body}
    if "figure" in body:
        reduced |= {name: {"numbers": numbers(body[name])} for name in ("title", "subtitle", "alt")}
        reduced["sources"] = [source["url"] for source in body["sources"]]
    if "choice" in body:
        reduced["choice"] = {name: ",".join(sorted(codes)) for name, codes in body["choice"].items()}
    reduced["types"] = {column["name"]: column["type"] for column in body["columns"]}
    reduced["table"] = reduce_rows(body["rows"], columns if columns is not None else stable_columns(body))
    return reduced


def _reduce_figures(body: Row) -> Reduced:
    """Reduce the list of figures: name → addresses, formats and parameters."""
    return {
        figure["name"]: {
            **{name: figure[name] for name in _FIGURE_FACTS if name in figure},
            "parameters": {
                one["name"]: {**one, "default": ",".join(sorted(one["default"]))}
                for one in figure["parameters"]
            },
        }
        for figure in body["figures"]
    }


def _reduce_description(body: Row) -> Reduced:
    """Reduce the description of the API: path → method → its parameters, codes, and types of answers."""

    def resolve(part: Any) -> Any:
        while "$ref" in part:
            names = part["$ref"].removeprefix("#/").split("/")
            part = body
            for name in names:
                part = part[name.replace("~1", "/").replace("~0", "~")]
        return part

    def reduce_operation(operation: Row) -> Reduced:
        parameters = [resolve(one) for one in operation.get("parameters", [])]
        return {
            "parameters": [f"{one['in']} {one['name']}" for one in parameters],
            "codes": [code for code in operation["responses"] if not code.startswith("5")],
            "types": sorted(resolve(operation["responses"]["200"]).get("content", {})),
        }

    return {
        path: {
            method: reduce_operation(operation)
            for method, operation in resolve(item).items()
            if method in ("get", "post", "head")
        }
        for path, item in body["paths"].items()
    }


def _downloads(part: Any) -> Iterator[str]:
    """Yield the path of each file that a catalogue offers."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "dcat:downloadURL":
                yield urlsplit(value["@id"] if isinstance(value, dict) else value).path
            yield from _downloads(value)
    elif isinstance(part, list):
        for each in part:
            yield from _downloads(each)


def _reduce_feed(content: bytes) -> Reduced:
    root = ElementTree.fromstring(content)
    entries = {}
    for entry in root.iter(f"{_ATOM}entry"):
        address = entry.find(f"{_ATOM}link")
        entries[entry.findtext(f"{_ATOM}id", "")] = {
            "numbers": numbers(entry.findtext(f"{_ATOM}title")),
            "amounts": [number for number in numbers(entry.findtext(f"{_ATOM}content")) if "." in number],
            "link": link(address.get("href") if address is not None else None),
        }
    return {"id": root.findtext(f"{_ATOM}id"), "entries": entries, "number": len(entries)}


def _reduce_html(answer: httpx.Response) -> Reduced:
    page, path = answer.text, answer.url.path
    if path.startswith("/embed/"):
        return _reduce_embed(page, answer)
    if path == "/dataset":
        linked = json.loads(
            re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0]
        )
        return {
            "names": re.findall(r'<h3 id="([^"]+)"', page),
            "files": [urlsplit(one["contentUrl"]).path for one in linked["distribution"]],
            "measured": [one["name"] for one in linked["variableMeasured"]],
            "version": linked["version"],
        }
    reduced: Reduced = {"pages": sorted({*re.findall(r'<a href="\.?(/[a-z]*)"', page)})}
    if answer.status_code == 200:
        pairs = re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)"', page)
        tags = {name: unescape(value) for name, value in pairs}
        reduced |= {
            "headline": {"numbers": numbers(tags.get("title"))},
            "description": {"numbers": numbers(tags.get("description"))},
            "picture in words": {"numbers": numbers(tags.get("image:alt"))},
            "url": link(tags.get("url")),
            "image": link(tags.get("image")),
            "canonical": link(unescape(_inside(r'<link rel="canonical" href="([^"]*)"', page))),
        }
    return reduced


def _reduce_embed(page: str, answer: httpx.Response) -> Reduced:
    headers = answer.headers
    reduced: Reduced = {
        "may be framed": "frame-ancestors *" in headers["content-security-policy"]
        and "x-frame-options" not in headers,
        "embeds": sorted({*re.findall(r'href="(/embed/[^"?]+)', page)}),
    }
    if answer.status_code == 200:
        reduced |= {
            "headline": {"numbers": numbers(unescape(_inside(r"<h1>(.*?)</h1>", page)))},
            "picture in words": {"numbers": numbers(unescape(_inside(r'aria-label="([^"]*)"', page)))},
            "links": [link(unescape(address)) for address in re.findall(r'<a href="([^"]*)"', page)],
            "has drawing": '<script id="figure" type="application/json">' in page,
        }
    return reduced


def _inside(pattern: str, text: str) -> str:
    """What the group of a pattern matches first; nothing if it does not match."""
    match = re.search(pattern, text, re.DOTALL)
    return match[1] if match else ""


def _reduce_text(content: str, path: str) -> Reduced:
    if path.endswith("readme.txt"):
        return {"columns": sorted({*re.findall(r"^- (\w+) \(", content, re.MULTILINE)})}
    if path == "/robots.txt":
        return {
            "rules": [line for line in content.splitlines() if re.match("(User-agent|Allow|Disallow):", line)]
        }
    return {"content": content.strip()} if path in ("/healthz", "/readyz") else {}


def reduce_bundle(content: bytes) -> Reduced:
    """Reduce a bundle to fingerprints of the files of its release, and names of the others.

    The SQL of the program itself is no interface, the SQL of the figures is.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        lines = bundle.read("checksums.sha256").decode().splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        wrong = [
            name for name, digest in sums.items() if hashlib.sha256(bundle.read(name)).hexdigest() != digest
        ]
    others = [name for name in sums if not name.startswith(_RELEASE_FILES)]
    return {
        "sums": {name: digest[:16] for name, digest in sums.items() if name.startswith(_RELEASE_FILES)},
        "others": [name for name in others if not name.startswith("sql/") or name.startswith("sql/figures/")],
        "files that are not what checksums.sha256 says": len(wrong),
    }


def described_columns(content: bytes) -> dict[str, list[str]]:
    """List the columns of each table that a bundle describes in its data package and in its dictionary."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        package = json.loads(bundle.read("datapackage.json"))
        dictionary = csv.DictReader(io.StringIO(bundle.read("data-dictionary.csv").decode()))
        explained = {(row["table"], row["column"]) for row in dictionary}
    return {
        table["name"]: [
            field["name"]
            for field in table["schema"]["fields"]
            if (table["name"], field["name"]) in explained
        ]
        for table in package["resources"]
    }


# --- outputs of commands


def reduce_help(output: str) -> Reduced:
    """Reduce the help of a command to its options and its arguments; optional arguments stand in brackets."""
    usage = _inside(r"Usage:[^\n]*\[OPTIONS\]([^\n]*)", output)
    lines = [line.lstrip(" │|*") for line in output.splitlines()]
    leading = [match[0] for line in lines if (match := re.match(r"(?:--?[\w-]+[\s,/]*)+", line))]
    return {
        "options": sorted({option for words in leading for option in re.findall(r"--[\w-]+", words)}),
        "arguments": " ".join(re.sub(r"\.\.\.|[{}]", "", usage.lower()).split()),
    }


def reduce_table_description(output: str) -> list[str]:
    """List the columns that `describe` names of a table."""
    return [line.split()[0] for line in output.splitlines() if line.startswith("  ")]


def reduce_check(output: str) -> Reduced:
    """Reduce what `check --json` prints to names, counts, sums, and findings without their sentences."""
    body = json.loads(output)
    findings = [
        {name: value for name, value in one.items() if name not in ("problem", "remedy")}
        for one in body["findings"]
    ]
    return {
        **{name: value for name, value in body.items() if isinstance(value, str | int)},
        "names": sorted(body),
        "names in findings": sorted({name for one in body["findings"] for name in one}),
        "sums": body["sums"],
        "findings": findings,
        "questions": [one["code"] for one in body["questions"]],
    }
