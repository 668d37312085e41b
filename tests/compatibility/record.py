"""Records what the program answers about the artefact: `python -m tests.compatibility.record`.

Run with the code that made the artefact, and never anew to make a test pass: what later code answers must
contain what stands in the recordings. The addresses that are asked are those that stand in the recording; to
ask another one, add a line with an empty answer.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from tests.compatibility import reducing, running
from tests.compatibility.reducing import Reduced

ADDRESSES = running.HERE / "addresses_of_version_0_1.json"
COMMANDS = running.HERE / "commands_of_version_0_1.json"

BUILT, IMPORTED, AWARDS = "2026-11-23-23b65c78ab", "2026-11-23-7995c2e56f", "2026-11-27-700d741bc9"
GRANTS, REVISED, WITHDRAWN = "2026-11-27-6d6c78cd6c", "2026-11-27-5d0ef6a2ce", "2026-11-27-df1e63b7fa"
RELEASES = (BUILT, IMPORTED, AWARDS, GRANTS, REVISED, WITHDRAWN)  # in the order in which they were published
STEPS = ((BUILT, IMPORTED), (GRANTS, REVISED), (REVISED, WITHDRAWN))  # whose differences are recorded
CHECKED = ("ministry.csv", "later.csv", "bad.csv")
NAMES = (
    *("build", "import", "sums", "releases", "verify", "diff", "describe", "query", "export", "check"),
    *("publish", "withdraw", "rollback", "recover", "requests"),
)
QUESTION = (
    "select stage, basis, count(*) as entries, sum(amount_eur) as amount_eur "
    "from ledger group by stage, basis order by stage, basis"
)
SQL = f"/api/v1/sql?query={quote(QUESTION)}"


def read(recording: Path) -> dict[str, Reduced]:
    """Read a recording."""
    content: dict[str, Reduced] = json.loads(recording.read_text(encoding="utf-8"))
    return content


def write(recording: Path, content: Reduced) -> None:
    """Write a recording, with a line for each address or kind of answer."""
    lines = (
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in content.items()
    )
    recording.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def record_addresses(store: Path, addresses: Iterable[str]) -> dict[str, Reduced]:
    """Record what must stay of the answer at each address.

    Addresses of one release stand together, because a server keeps few releases open.
    """
    recorded: dict[str, Reduced] = {}
    with running.serve(store) as client:
        for address in sorted(
            addresses, key=lambda address: (address.partition("release=")[2], ".json" not in address)
        ):
            in_json = _same_in_json(address)
            rows = recorded.get(in_json, {}).get("table")
            answer = reducing.reduce_answer(
                running.ask(client, "GET", address), rows["columns"] if rows else None
            )
            if rows and answer["status"] == 200:
                assert answer.get("table") == rows, f"{address} has other rows than {in_json}"
                answer["table"] = in_json
            recorded[address] = answer
    return {address: _shorten(address, answer) for address, answer in recorded.items()}


def _same_in_json(address: str) -> str:
    """The address of the same rows in JSON; the address itself if it is in JSON or has no rows."""
    path, _, query = address.partition("?")
    for ending in ("csv", "parquet", "xlsx"):
        path = f"{path.removesuffix(ending)}json" if path.endswith(f".{ending}") else path
    query = "&".join(word for word in query.split("&") if word != "dialect=excel-eu")
    return f"{path}?{query}" if query else path


def _shorten(address: str, answer: Reduced) -> Reduced:
    """Leave out what stands at the address without a choice already, and what describes a page in general."""
    left_out = {"names", "types", "licence"} if "?" in address else set()
    left_out |= {"description"} if "site=" not in address else set()
    shorter = {name: value for name, value in answer.items() if name not in left_out}
    if "?" in address and isinstance(table := shorter.get("table"), dict):
        shorter["table"] = {name: value for name, value in table.items() if name != "others"}
    return shorter


def record_commands(store: Path) -> Reduced:
    """Record what commands say of themselves, and what they answer about the store."""
    (described,) = running.run(store, ["describe"])
    tables = [line.split()[0] for line in described.stdout.splitlines() if line[:1].isalpha()]
    asked = [(REVISED, f"from {table}") for table in tables]
    asked += [(release, QUESTION) for release in RELEASES if release != REVISED]
    outputs = iter(
        done.stdout
        for done in running.run(
            store,
            *([name, "--help"] for name in NAMES),
            *(["describe", table] for table in tables),
            *(["query", question, "--json", "--release", release] for release, question in asked),
            *(["check", str(running.FILES / name), "--json"] for name in CHECKED),
            *(["diff", *step] for step in STEPS),
            *(["releases"], ["requests"], ["verify", str(store.parent / "bundle.zip")]),
        )
    )
    return {
        "help": {name: reducing.reduce_help(next(outputs)) for name in NAMES},
        "columns": {table: reducing.reduce_table_description(next(outputs)) for table in tables},
        "rows": [
            {
                "release": release,
                "question": question,
                "table": reducing.reduce_rows(json.loads(next(outputs))),
            }
            for release, question in asked
        ],
        "checks": {name: reducing.reduce_check(next(outputs)) for name in CHECKED},
        "differences": [{"releases": step, **_reduce_differences(next(outputs))} for step in STEPS],
        "releases": [_words(line, 0, 1, 2, 3) for line in next(outputs).splitlines() if "T" in line[:12]],
        "requests": [_words(line, 0, 1, 3, 4) for line in next(outputs).splitlines()],
        "headline numbers": int(next(outputs).split()[1]),
    }


def _words(line: str, *places: int) -> Reduced:
    """Some words of a line of an output."""
    words = line.split()
    return {"words": [words[place] for place in places], "numbers": []}


def _reduce_differences(output: str) -> Reduced:
    """Reduce what `diff` prints to the number of differences, and of each its table, key and numbers."""
    *lines, last = output.splitlines()
    parts = [line.split("  ", 2) for line in lines]
    return {
        "number": last.split()[0],
        "lines": [{"words": [table, key], "numbers": reducing.numbers(rest)} for table, key, rest in parts],
    }


def main() -> None:
    """Record the answers to the addresses and the commands anew."""
    with tempfile.TemporaryDirectory() as folder:
        store = running.unpack(Path(folder))
        commands = record_commands(store)
        addresses = record_addresses(store, read(ADDRESSES))
    write(COMMANDS, commands)
    write(ADDRESSES, addresses)


if __name__ == "__main__":
    main()
