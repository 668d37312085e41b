"""Measures the tracker from outside, prints tables, and asserts nothing about time.

`python -m tests.bench` measures everything, `python -m tests.bench rerun readers` only what is named;
`--help` lists the options.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench import build, first_chart, machine, memory, readers, rerun
from tests.bench.server import ROOT
from tests.bench.walk import TITLES


def numbers(text: str) -> tuple[int, ...]:
    """20,50 → (20, 50)."""
    return tuple(int(part) for part in text.split(","))


def main() -> None:
    """Measure what the command names."""
    pages = {title.lower(): page for page, title in TITLES.items()}
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    names = ("build", "rerun", "readers", "first-chart", "memory")
    parser.add_argument(
        "tools", nargs="*", metavar="tool", help=f"any of {', '.join(names)}; all if none is named"
    )
    parser.add_argument("--code", type=Path, default=ROOT, help="the checkout that is measured (this one)")
    parser.add_argument(
        "--json", type=Path, help="a file for every single figure, with the machine described"
    )
    parser.add_argument(
        "--times", type=int, help="reruns of each page and kind (20), or visits of each page (7)"
    )
    parser.add_argument(
        "--pages", nargs="+", metavar="PAGE", choices=pages, default=list(pages), help="pages of rerun (all)"
    )
    parser.add_argument("--page", choices=pages, default="euros", help="the page of readers (euros)")
    parser.add_argument(
        "--readers", type=numbers, default=(20,), help="how many readers at once, such as 20,50,200 (20)"
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long readers read (60)")
    parser.add_argument(
        "--every", type=float, default=5, help="seconds between two changes of one reader (5)"
    )
    parser.add_argument("--choices", type=int, default=500, help="choices of memory (500)")
    asked = parser.parse_args()
    if unknown := set(asked.tools) - set(names):
        parser.error(f"There is no tool {', '.join(sorted(unknown))}. There are {', '.join(names)}.")
    code = asked.code.resolve()
    times = {"times": asked.times} if asked.times else {}
    tools: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
        "build": lambda: build.run(code),
        "rerun": lambda: rerun.run(code, pages=[pages[name] for name in asked.pages], **times),
        "readers": lambda: readers.run(code, pages[asked.page], asked.readers, asked.seconds, asked.every),
        "first-chart": lambda: first_chart.run(code, **times),
        "memory": lambda: memory.run(code, asked.choices),
    }
    results: dict[str, Any] = {"machine": machine.describe(code)}
    print(*(f"{name}: {value}" for name, value in results["machine"].items()), "", sep="\n", flush=True)
    for name in names:
        if asked.tools and name not in asked.tools:
            continue
        with machine.watched() as load:
            text, figures = tools[name]()
        spin = machine.spin_ms()
        figures["run"] = {
            "seconds": load.seconds,
            "busy_processors": load.busy_processors,
            "stolen_processors": load.stolen_processors,
            "spin_ms": spin,
        }
        results[name] = figures
        busy = f"{load.busy_processors:.1f} processors busy, {load.stolen_processors:.2f} stolen"
        print(
            text + f"[{load.seconds:.0f} s; {busy}; the fixed piece of work took {spin:.0f} ms]\n", flush=True
        )
        if asked.json:
            asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
