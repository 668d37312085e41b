"""Counters of this process, and measured values as OpenMetrics text. Knows no page and no store."""

from collections import Counter as Numbers
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Literal, NamedTuple

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Sample(NamedTuple):
    """One value of a family, with its labels."""

    value: float
    labels: Mapping[str, str] = {}


class Family(NamedTuple):
    """Values of one kind. name: without the suffix _total of a counter. unit: the last word of the name, or
    nothing.
    """

    name: str
    kind: Literal["counter", "gauge", "info"]
    meaning: str
    samples: Iterable[Sample]
    unit: str = ""


class Counter:
    """A number for each combination of labels that only grows, for many threads."""

    def __init__(self, name: str, meaning: str, *labels: str) -> None:
        self.name, self.meaning, self._labels = name, meaning, labels
        self._numbers: Numbers[tuple[str, ...]] = Numbers()
        self._lock = Lock()

    def add(self, *values: str) -> None:
        """One more. values: of the labels, in their order. Raises ValueError if there are more or fewer."""
        if len(values) != len(self._labels):
            raise ValueError(values)
        with self._lock:
            self._numbers[values] += 1

    def family(self) -> Family:
        """The numbers as they are now."""
        with self._lock:
            numbers = sorted(self._numbers.items())
        samples = [Sample(number, dict(zip(self._labels, values, strict=True))) for values, number in numbers]
        return Family(self.name, "counter", self.meaning, samples)


def gauge(name: str, meaning: str, value: float, unit: str = "") -> Family:
    """A family of one value that may go up and down."""
    return Family(name, "gauge", meaning, [Sample(value)], unit)


def text(families: Iterable[Family]) -> str:
    """The families in the text form of OpenMetrics 1.0."""
    lines = []
    suffixes = {"counter": "_total", "gauge": "", "info": "_info"}
    for family in families:
        lines.append(f"# TYPE {family.name} {family.kind}")
        if family.unit:
            lines.append(f"# UNIT {family.name} {family.unit}")
        lines.append(f"# HELP {family.name} {_escaped(family.meaning)}")
        for sample in family.samples:
            labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
            shown = f"{{{labels}}}" if labels else ""
            lines.append(f"{family.name}{suffixes[family.kind]}{shown} {_number(sample.value)}")
    return "\n".join([*lines, "# EOF", ""])


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
