"""Each figure, for a test that says the same of all: `make test` takes the first one of each page,
`make long` the others.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from pages.parts.views import FIGURES


def _parameters() -> Iterator[Any]:
    pages = set()
    for name, view in FIGURES.items():
        yield pytest.param(name, marks=[pytest.mark.slow] if view.page in pages else [])
        pages.add(view.page)


EACH_FIGURE = tuple(_parameters())
