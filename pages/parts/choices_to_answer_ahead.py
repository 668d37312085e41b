"""What readers are likely to choose next on a page, so that it is answered before they do. Pure."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from pages.parts.url_state import Parameter, Values

MOST_OPTIONS = 24
"""Options of one parameter that are taken: a list of all sites is not gone through."""


def likely(parameters: Sequence[Parameter]) -> Iterator[Values]:
    """The page as it opens, each single change of it, and two changes at once with the first other option of
    each: every kind of question that its choices lead to is asked once.
    """
    opened = {parameter.name: parameter.default for parameter in parameters}
    changes = {parameter.name: _changes(parameter) for parameter in parameters}
    yield opened
    for name, ways in changes.items():
        for way in ways[:MOST_OPTIONS]:
            yield {**opened, name: way}
    for one, other in combinations([name for name, ways in changes.items() if ways], 2):
        yield {**opened, one: changes[one][0], other: changes[other][0]}


def _changes(parameter: Parameter) -> list[tuple[str, ...]]:
    return [(code,) for code in parameter.allowed if (code,) != parameter.default]
