"""Memory of the server after many different choices: what it keeps must be bounded.

One reader on each of three pages takes turns and never asks for the same choice twice.
"""

import asyncio
from pathlib import Path
from typing import Any

from tests.bench.rerun import opened
from tests.bench.server import ROOT, Server, built_store, tracker
from tests.bench.table import table
from tests.bench.walk import PAGES, Walk, written

READ = ("euros", "sites", "timeline")


async def _choose(server: Server, choices: int, every: int) -> list[tuple[int, int]]:
    """Choices so far, and the server's memory in bytes then."""
    await server.settle(60)
    readers = [(await opened(server, page), Walk(PAGES[page])) for page in READ]
    await server.settle()
    memory = [(0, server.memory_bytes())]
    for number in range(1, choices + 1):
        visitor, walk = readers[number % len(readers)]
        step = walk.step(visitor.filters, len(visitor.charts))
        if step is None:
            raise RuntimeError(f"/{visitor.page} has no more choices after {number}.")
        answer = await visitor.change(step.label, written(visitor.filters[step.label], step.values))
        if answer.errors:
            raise RuntimeError(f"/{visitor.page}?{visitor.query}: {answer.errors[0]}")
        if number % every == 0 or number == choices:
            await server.settle()
            memory.append((number, server.memory_bytes()))
    for visitor, _ in readers:
        await visitor.close()
    return memory


def run(code: Path = ROOT, choices: int = 500, every: int = 50) -> tuple[str, dict[str, Any]]:
    """The table, and its numbers for a file. every: choices between two looks at the memory."""
    with built_store(code) as store, tracker(store, code) as server:
        memory = asyncio.run(_choose(server, choices, every))
    rows = [[str(number), f"{held / 1e6:.0f}"] for number, held in memory]
    return table("Memory of the server", ["choices", "MB"], rows), {"bytes": dict(memory)}
